//! Goes through a function's instructions once and follows what is on the stack and in the locals.
//!
//! At each label stands what the ways to it agree on so far. A forward jump adds to that before the label is met; when
//! it is met, the state is final, and a backward jump must bring what it says.

use remora_diagnostics::Code as ErrorCode;

use super::assign::{Saved, Slots};
use super::canon::{self, LabelUse};
use super::depth::{Special, Stack, Stacks};
use super::index::Index;
use super::rule::{Budget, Checked, Fault};
use crate::code::Handler;
use crate::function::{Function, FunctionKind};
use crate::ids::ImportIdx;
use crate::isa::{Effect, Flags, Item, Opcode, Profile};
use crate::module::{ImportKind, ModuleData};
use crate::view::Instruction;

/// What is used again from function to function.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    uses: Vec<LabelUse>,
    labels: Vec<Option<(Stack, Saved)>>,
    stacks: Stacks,
    slots: Slots,
    active: Vec<Active>,
    n_units: u64,
}

/// A handler that covers the place that is looked at.
#[derive(Clone, Copy, Debug)]
struct Active {
    handler: Handler,
    /// The stack that its target finds, without the error.
    stack: Stack,
    /// What is assigned wherever an error may come from, so far.
    assigned: Saved,
}

impl Scratch {
    /// How much there was to do so far.
    pub(super) fn work(&self) -> u64 {
        self.n_units + self.stacks.work + self.slots.work
    }

    /// Checks one function.
    pub(super) fn check(
        &mut self,
        module: &ModuleData,
        function: &Function,
        budget: &Budget,
    ) -> Checked {
        let code = &*function.code;
        canon::check(code, &mut self.uses)?;
        let index = Index::new(module, function)?;
        let n_slots = code.n_locals() as usize + code.cells().len();
        // A handler is work as well, at its start and at its end.
        let len = code.units().len() + 4 * code.handlers().len();
        self.slots.begin(n_slots, len, budget.max_state_words);
        for param in 0..function.params.len() {
            self.slots.insert(param);
        }
        self.labels.clear();
        self.labels.resize(code.labels().len(), None);
        self.active.clear();
        self.stacks.clear();
        let mut flow = Flow {
            index,
            scratch: self,
            stack: Stack::default(),
            live: true,
            profile: module.profile,
            floor: 0,
            next_handler: 0,
            next_label: 0,
            next_label_at: code.labels().first().copied().unwrap_or(u32::MAX),
        };
        flow.scratch.n_units += code.units().len() as u64;
        for it in code.instructions() {
            flow.step(it).map_err(|fault| fault.or_at(it.at))?;
        }
        if flow.live {
            let end = u32::try_from(code.units().len()).unwrap_or(u32::MAX);
            let fault = Fault::new(ErrorCode::V0003, "control runs off the end of the code");
            return Err(fault.or_at(end));
        }
        Ok(())
    }
}

struct Flow<'a> {
    index: Index<'a>,
    scratch: &'a mut Scratch,
    /// What is on the stack here.
    stack: Stack,
    /// Whether control can come here. If not, the stack and the current set mean nothing.
    live: bool,
    profile: Profile,
    /// How many items the innermost handler keeps: they must not be taken.
    floor: u32,
    next_handler: usize,
    next_label: usize,
    /// Where the next label stands.
    next_label_at: u32,
}

impl Flow<'_> {
    #[inline]
    fn step(&mut self, it: Instruction) -> Checked {
        if it.at == self.next_label_at {
            self.enter_label()?;
        }
        let facts = it.op.facts();
        if !self.live || !facts.profiles.allow(self.profile) {
            return Err(self.out_of_place(it));
        }
        if facts.flags.has(Flags::SUSPEND) {
            self.check_function_kind(it)?;
        }
        if let Some(kind) = facts.operand
            && let Some(moved) = self.index.check(it, kind, &mut self.scratch.slots)?
            && let Some(innermost) = self.scratch.active.last()
        {
            self.scratch.slots.remove_saved(innermost.assigned, moved);
        }
        if facts.custom {
            return self.custom(it);
        }
        if !facts.plain {
            return self.special(it);
        }
        self.scratch.stacks.pop(&mut self.stack, facts.takes(it.arg), self.floor)?;
        if facts.flags.has(Flags::BRANCH) {
            self.branch(it, self.stack.pushed(facts.jump_leaves.into()))?;
        }
        self.go_on(facts.flags, self.stack.pushed(facts.leaves.into()))
    }

    #[cold]
    fn out_of_place(&self, it: Instruction) -> Fault {
        if !self.live {
            return Fault::new(ErrorCode::V0012, "nothing before this place leads to it");
        }
        let message = format!("{} may not stand in {:?} code", it.op.name(), self.profile);
        Fault::new(ErrorCode::V0014, message)
    }

    /// Comes to a label: ends handlers, joins the ways that lead here, and begins handlers.
    fn enter_label(&mut self) -> Checked {
        let nth = self.next_label;
        self.next_label += 1;
        let after = self.index.code.labels().get(self.next_label);
        self.next_label_at = after.copied().unwrap_or(u32::MAX);

        while let Some(ended) = self.scratch.active.pop_if(|it| it.handler.end.index() == nth) {
            self.end_handler(ended)?;
        }
        self.join(nth)?;
        self.meet_handler()?;
        self.begin_handlers(nth)?;
        self.floor = self.scratch.active.last().map_or(0, |it| it.handler.depth);
        Ok(())
    }

    /// Joins the way from the instruction before with the jumps to this label.
    fn join(&mut self, nth: usize) -> Checked {
        let loops = self.scratch.uses.get(nth).is_some_and(|it| it.loops);
        let slots = &mut self.scratch.slots;
        let mut kept = None;
        if let Some((stack, assigned)) = self.scratch.labels.get(nth).copied().flatten() {
            if self.live {
                self.scratch.stacks.agree(stack, self.stack)?;
                slots.meet_current(assigned)?;
            } else {
                slots.load(assigned)?;
            }
            (self.stack, self.live) = (stack, true);
            slots.release(assigned);
        }
        if loops && self.live {
            kept = Some((self.stack, slots.save()?));
        }
        if let Some(label) = self.scratch.labels.get_mut(nth) {
            *label = kept;
        }
        Ok(())
    }

    /// The innermost handler also covers what comes in at a label, from wherever that is.
    fn meet_handler(&mut self) -> Checked {
        let (true, Some(inner)) = (self.live, self.scratch.active.last().copied()) else {
            return Ok(());
        };
        if self.stack.depth < inner.handler.depth {
            let message = "a jump into a handler's range brings less than the handler keeps";
            return Err(Fault::new(ErrorCode::V0013, message));
        }
        let kept = self.scratch.stacks.cut(self.stack, inner.handler.depth);
        self.scratch.stacks.agree(kept, inner.stack)?;
        self.scratch.slots.meet_saved(inner.assigned)
    }

    /// Begins the handlers that cover instructions from this label on. That they are nested was checked before.
    fn begin_handlers(&mut self, nth: usize) -> Checked {
        while let Some(handler) = self.index.code.handlers().get(self.next_handler).copied()
            && handler.start.index() == nth
        {
            self.next_handler += 1;
            if !self.live {
                break;
            }
            let outer = self.scratch.active.last().map_or(0, |it| it.handler.depth);
            if handler.depth > self.stack.depth || handler.depth < outer {
                let message = "a handler keeps more than is there, or less than the one around it";
                return Err(Fault::new(ErrorCode::V0013, message));
            }
            let stack = self.scratch.stacks.cut(self.stack, handler.depth);
            if self.scratch.stacks.splits_iteration(stack) {
                let message = "a handler keeps one half of an iteration";
                return Err(Fault::new(ErrorCode::V0013, message));
            }
            let assigned = self.scratch.slots.save()?;
            self.scratch.active.push(Active { handler, stack, assigned });
        }
        Ok(())
    }

    /// The handler's range has ended: now it is known what its target finds.
    fn end_handler(&mut self, ended: Active) -> Checked {
        let Active { handler, stack, assigned } = ended;
        self.scratch.slots.swap(assigned)?;
        if let Some(outer) = self.scratch.active.last() {
            self.scratch.slots.meet_saved(outer.assigned)?;
        }
        let stack = stack.pushed(1);
        self.check_depth(stack)?;
        self.flow_to(handler.target.index(), stack)?;
        self.scratch.slots.swap(assigned)?;
        self.scratch.slots.release(assigned);
        Ok(())
    }

    /// Control may come to a label that has not been joined yet, with this stack and the current set.
    fn flow_to(&mut self, nth: usize, stack: Stack) -> Checked {
        let slots = &mut self.scratch.slots;
        let Some(label) = self.scratch.labels.get_mut(nth) else {
            return Err(Fault::new(ErrorCode::V0004, "there is no such label"));
        };
        match *label {
            None => *label = Some((stack, slots.save()?)),
            Some((known, assigned)) => {
                self.scratch.stacks.agree(known, stack)?;
                slots.meet_saved(assigned)?;
            }
        }
        Ok(())
    }

    /// A backward jump: the code there has been checked under what it assumed, so that must hold on this way as well.
    fn flow_back(&mut self, nth: usize, stack: Stack) -> Checked {
        let Some((known, assigned)) = self.scratch.labels.get(nth).copied().flatten() else {
            return Err(Fault::new(
                ErrorCode::V0006,
                "nothing but a backward jump leads to the loop",
            ));
        };
        self.scratch.stacks.agree(known, stack)?;
        let Some(slot) = self.scratch.slots.missing(assigned)? else { return Ok(()) };
        let message = match u32::try_from(slot) {
            Ok(local) if local < self.index.code.n_locals() => {
                format!("local {local} is assigned where the loop begins, but not on this way back")
            }
            _ => "a cell is made where the loop begins, but not on this way back".to_owned(),
        };
        Err(Fault::new(ErrorCode::V0011, message))
    }

    fn branch(&mut self, it: Instruction, stack: Stack) -> Checked {
        self.check_depth(stack)?;
        if it.op.facts().flags.has(Flags::BACK) {
            self.flow_back(it.arg as usize, stack)
        } else {
            self.flow_to(it.arg as usize, stack)
        }
    }

    /// Some instructions need a function of some kind, or no handler around them.
    fn check_function_kind(&self, it: Instruction) -> Checked {
        let kind = self.index.function.kind;
        let message = match it.op {
            Opcode::TailCall if kind != FunctionKind::Plain => {
                "only a plain function can end in a tail call"
            }
            Opcode::TailCall if !self.scratch.active.is_empty() => {
                "a tail call would leave its handler"
            }
            Opcode::Yield if kind != FunctionKind::Generator => "only a generator can yield",
            _ => return Ok(()),
        };
        Err(Fault::new(ErrorCode::V0023, message))
    }

    /// Control goes on at the next instruction, unless this one ends.
    #[inline]
    fn go_on(&mut self, flags: Flags, stack: Stack) -> Checked {
        self.stack = stack;
        self.live = !flags.has(Flags::END);
        self.check_depth(stack)
    }

    #[inline]
    fn check_depth(&self, stack: Stack) -> Checked {
        if stack.depth <= self.index.code.max_stack() {
            return Ok(());
        }
        Err(Fault::new(ErrorCode::V0010, "the stack gets deeper than declared"))
    }

    fn custom(&mut self, it: Instruction) -> Checked {
        if it.op == Opcode::Copy {
            let (code, message) = match self.scratch.stacks.is_iteration(self.stack, it.arg) {
                Some(false) => return self.go_on(Flags::NONE, self.stack.pushed(1)),
                Some(true) => (ErrorCode::V0008, "an iteration cannot be copied"),
                None => (ErrorCode::V0007, "the stack is not that deep"),
            };
            return Err(Fault::new(code, message));
        }
        let (takes, leaves) = self.index.custom_effect(it)?;
        self.scratch.stacks.pop(&mut self.stack, takes, self.floor)?;
        self.go_on(it.op.facts().flags, self.stack.pushed(leaves))
    }

    /// An instruction with items on the stack that are no plain values.
    fn special(&mut self, it: Instruction) -> Checked {
        let info = it.op.info();
        let Effect::Fixed { before, after, jump } = info.effect else { return self.custom(it) };
        for item in before.iter().rev() {
            self.take(it, *item)?;
        }
        let left = self.stack;
        if info.flags.has(Flags::BRANCH) {
            let stack = self.leave(it, left, jump.unwrap_or(after));
            self.branch(it, stack)?;
        }
        let stack = self.leave(it, left, after);
        self.go_on(info.flags, stack)
    }

    fn take(&mut self, it: Instruction, item: Item) -> Checked {
        let (stacks, floor) = (&mut self.scratch.stacks, self.floor);
        match item {
            Item::Value => stacks.pop(&mut self.stack, 1, floor),
            Item::Run(times) => {
                let n = it.arg.saturating_mul(u32::from(times));
                stacks.pop(&mut self.stack, n, floor)
            }
            Item::Source | Item::Place | Item::Host => {
                match (stacks.pop_special(&mut self.stack, floor)?, item) {
                    (Special::Source, Item::Source) | (Special::Place, Item::Place) => Ok(()),
                    (Special::Host(import), Item::Host) => self.host_call(it, import),
                    _ => {
                        let message = "the item on the stack is of another kind";
                        Err(Fault::new(ErrorCode::V0008, message))
                    }
                }
            }
        }
    }

    fn host_call(&self, it: Instruction, import: ImportIdx) -> Checked {
        let kind = self.index.module.imports.get(import.index()).map(|it| it.kind);
        let wanted = match it.op {
            Opcode::CallHostAsync => ImportKind::HostAsync,
            _ => ImportKind::Host,
        };
        if kind == Some(wanted) {
            return Ok(());
        }
        let message = "a host function is called in another way than it is imported";
        Err(Fault::new(ErrorCode::V0017, message))
    }

    fn leave(&mut self, it: Instruction, mut stack: Stack, items: &[Item]) -> Stack {
        let stacks = &mut self.scratch.stacks;
        for item in items {
            match item {
                Item::Value => stack = stack.pushed(1),
                Item::Run(times) => {
                    stack = stack.pushed(it.arg.saturating_mul(u32::from(*times)));
                }
                Item::Source => stacks.push_special(&mut stack, Special::Source),
                Item::Place => stacks.push_special(&mut stack, Special::Place),
                Item::Host => stacks.push_special(&mut stack, Special::Host(ImportIdx(it.arg))),
            }
        }
        stack
    }
}
