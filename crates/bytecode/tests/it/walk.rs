//! A referee for the verifier: walks through code on a way chosen by chance, with errors thrown in, and asserts at each
//! instruction what the verifier promises. Knows values by their kind only.

use remora_bytecode::isa::{Effect, Flags, Item, Tables, custom_effect};
use remora_bytecode::view::Instruction;
use remora_bytecode::{
    Capture, Code, Function, ModuleData, Opcode, Path, PathIdx, Root, Site, SiteIdx, TypeDef,
    TypeIdx,
};

use crate::fixture::Random;

#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Value,
    Source,
    Place,
    Host(u32),
}

struct Walk<'a> {
    module: &'a ModuleData,
    function: &'a Function,
    code: &'a Code,
    stack: Vec<Kind>,
    locals: Vec<bool>,
    cells: Vec<bool>,
}

impl Tables for Walk<'_> {
    fn n_fields(&self, ty: TypeIdx) -> Option<u32> {
        match self.module.ty(ty)? {
            TypeDef::Struct { fields, .. } => u32::try_from(fields.len()).ok(),
            TypeDef::Enum { .. } => None,
        }
    }

    fn path(&self, path: PathIdx) -> Option<&Path> {
        self.code.path(path)
    }

    fn site(&self, site: SiteIdx) -> Option<&Site> {
        self.code.site(site)
    }
}

/// Walks up to that many steps through a function. Gives how many it took.
pub(crate) fn walk(
    module: &ModuleData,
    function: &Function,
    random: &mut Random,
    n_steps: usize,
) -> usize {
    let code = &*function.code;
    let mut locals = vec![false; code.n_locals() as usize];
    locals[..function.params.len()].fill(true);
    let cells = vec![false; code.cells().len()];
    let all: Vec<Instruction> = code.instructions().collect();
    let nth_at =
        |at: u32| all.binary_search_by_key(&at, |it| it.at).expect("a jump to an instruction");
    let mut walk = Walk { module, function, code, stack: Vec::new(), locals, cells };
    let mut nth = 0;
    for step in 0..n_steps {
        let it = *all.get(nth).expect("control stays within the code");
        if random.below(12) == 0
            && let Some(target) = walk.raise(it.at)
        {
            nth = nth_at(target);
            continue;
        }
        walk.variables(it);
        let jumps = it.op.info().flags.has(Flags::BRANCH)
            && (it.op.info().flags.has(Flags::END) || random.below(2) == 0);
        walk.step(it, jumps);
        assert!(walk.stack.len() <= code.max_stack() as usize, "deeper than declared at {it:?}");
        if jumps {
            nth = nth_at(code.labels()[it.arg as usize]);
        } else if it.op.info().flags.has(Flags::END) {
            return step;
        } else {
            nth += 1;
        }
    }
    n_steps
}

impl Walk<'_> {
    /// An error here: where it goes.
    fn raise(&mut self, at: u32) -> Option<u32> {
        let labels = self.code.labels();
        let covers = |start: usize, end: usize| labels[start] <= at && at < labels[end];
        let handlers = self.code.handlers().iter();
        let handler = *handlers.rev().find(|it| covers(it.start.index(), it.end.index()))?;
        assert!(handler.depth as usize <= self.stack.len(), "the handler keeps what is there");
        self.stack.truncate(handler.depth as usize);
        assert_ne!(self.stack.last(), Some(&Kind::Source), "no half of an iteration is kept");
        self.stack.push(Kind::Value);
        assert!(self.stack.len() <= self.code.max_stack() as usize);
        Some(labels[handler.target.index()])
    }

    fn step(&mut self, it: Instruction, jumps: bool) {
        match it.op.info().effect {
            Effect::Fixed { before, after, jump } => {
                for item in before.iter().rev() {
                    self.take(it, *item);
                }
                let left = if jumps { jump.unwrap_or(after) } else { after };
                for item in left {
                    self.stack.push(match item {
                        Item::Source => Kind::Source,
                        Item::Place => Kind::Place,
                        Item::Host => Kind::Host(it.arg),
                        Item::Value | Item::Run(_) => Kind::Value,
                    });
                }
            }
            Effect::Custom => {
                if it.op == Opcode::Copy {
                    let copied = self.stack[self.stack.len() - 1 - it.arg as usize];
                    assert!(matches!(copied, Kind::Value | Kind::Host(_)));
                }
                let (takes, leaves) = custom_effect(it.op, it.arg, self).expect("in range");
                for _ in 0..takes {
                    self.take(it, Item::Value);
                }
                self.stack.extend((0..leaves).map(|_| Kind::Value));
            }
        }
    }

    fn take(&mut self, it: Instruction, item: Item) {
        let n = if let Item::Run(times) = item { it.arg * u32::from(times) } else { 1 };
        for _ in 0..n {
            let found = self.stack.pop().expect("the stack holds what is taken");
            match item {
                Item::Value | Item::Run(_) => assert!(matches!(found, Kind::Value | Kind::Host(_))),
                Item::Source => assert_eq!(found, Kind::Source),
                Item::Place => assert_eq!(found, Kind::Place),
                Item::Host => assert!(matches!(found, Kind::Host(_))),
            }
        }
    }

    fn root(&self, path: PathIdx) {
        match self.code.path(path).expect("in range").root {
            Root::Local(local) => assert!(self.locals[local.index()]),
            Root::Cell(cell) => assert!(self.cells[cell.index()]),
            Root::Free(free) => assert!(free.index() < self.code.free().len()),
            Root::Global(global) => assert!(global.index() < self.module.globals.len()),
        }
    }

    fn variables(&mut self, it: Instruction) {
        let at = it.arg as usize;
        match it.op {
            Opcode::LoadLocal => assert!(self.locals[at]),
            Opcode::MoveLocal => assert!(std::mem::take(&mut self.locals[at])),
            Opcode::StoreLocal => self.locals[at] = true,
            Opcode::ParamGiven => assert!(at < self.function.params.len()),
            Opcode::MakeCell => self.cells[at] = true,
            Opcode::LoadCell | Opcode::StoreCell => assert!(self.cells[at]),
            Opcode::StorePath => self.root(PathIdx(it.arg)),
            Opcode::CallPlace => {
                let site = self.code.site(SiteIdx(it.arg)).expect("in range");
                let remora_bytecode::Receiver::Place(path) = site.receiver else { panic!() };
                self.root(path);
            }
            Opcode::MakeClosure | Opcode::Spawn => {
                for capture in &self.module.functions[at].captures {
                    match capture {
                        Capture::Cell(cell) => assert!(self.cells[cell.index()]),
                        Capture::Free(free) => assert!(free.index() < self.code.free().len()),
                    }
                }
            }
            _ => {
                let operand = it.operand(self.code);
                assert!(
                    !matches!(operand, remora_bytecode::view::Operand::OutOfRange(_)),
                    "{it:?}"
                );
            }
        }
    }
}
