//! Code seen as basic blocks: which follows which, and what each does to locals.
//!
//! Most instructions touch no local, so one walk notes those that do, and whatever is asked afterwards is asked of the
//! notes.

use remora_bytecode::isa::{Flags, Tables};
use remora_bytecode::{Draft, Opcode, PathIdx, Receiver, Root, SiteIdx};

/// Instructions that run one after the other.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) start: usize,
    end: usize,
    /// Its part of the accesses, from the first to before the last.
    pub(super) accesses: (usize, usize),
    /// The block that follows when nothing jumps.
    pub(super) falls: Option<usize>,
    /// The block that is jumped to.
    pub(super) jumps: Option<usize>,
    /// The block of the handler that takes its errors.
    pub(super) handler: Option<usize>,
}

/// An instruction that reads or changes a local.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    pub(super) at: u32,
    pub(super) local: u32,
    pub(super) kind: AccessKind,
}

/// What an instruction does to a local.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum AccessKind {
    /// Copies it to the stack.
    Load,
    /// Moves it to the stack.
    Move,
    /// Gives it a value.
    Store,
    /// Reads and may change what is in it.
    Change,
}

impl Access {
    /// `store_local x; move_local x`: the value may as well stay on the stack.
    pub(super) fn is_pair(&self, next: &Self) -> bool {
        (self.kind, next.kind) == (AccessKind::Store, AccessKind::Move)
            && self.local == next.local
            && self.at + 1 == next.at
    }
}

/// No block begins at an instruction; another number is that of the one that does.
const NONE: u32 = u32::MAX;

/// The blocks of a function, in order, and its accesses; keeps its room from one function to the next.
#[derive(Debug, Default)]
pub(super) struct Blocks {
    pub(super) all: Vec<Block>,
    pub(super) accesses: Vec<Access>,
    /// For each instruction the block that begins there.
    block_at: Vec<u32>,
}

impl Blocks {
    /// Looks through the code. False if it loads no local, and there is nothing to know.
    pub(super) fn find(&mut self, draft: &Draft) -> bool {
        self.note_accesses(draft);
        if !self.accesses.iter().any(|it| it.kind == AccessKind::Load) {
            return false;
        }
        self.divide(draft);
        self.link(draft);
        true
    }

    pub(super) fn accesses_of(&self, block: &Block) -> &[Access] {
        &self.accesses[block.accesses.0..block.accesses.1]
    }

    /// Whether a jump leads back.
    pub(super) fn any_loop(&self) -> bool {
        self.all.iter().enumerate().any(|(nth, it)| it.jumps.is_some_and(|to| to <= nth))
    }

    /// Notes the accesses, and where blocks begin: after what jumps or ends, and at labels in use.
    fn note_accesses(&mut self, draft: &Draft) {
        let n = draft.instructions.len();
        self.accesses.clear();
        self.block_at.clear();
        self.block_at.resize(n + 1, NONE);
        self.block_at[0] = 0;
        for (at, it) in draft.instructions.iter().enumerate() {
            let flags = it.op.facts().flags;
            if flags.has(Flags::BRANCH) || flags.has(Flags::END) {
                self.block_at[at + 1] = 0;
            }
            if let Some(to) = it.label.and_then(|it| draft.position(it)) {
                self.block_at[to.min(n)] = 0;
            }
            let (local, kind) = match it.op {
                Opcode::LoadLocal => (Some(it.arg), AccessKind::Load),
                Opcode::MoveLocal => (Some(it.arg), AccessKind::Move),
                Opcode::StoreLocal => (Some(it.arg), AccessKind::Store),
                Opcode::StorePath => (root_local(draft, PathIdx(it.arg)), AccessKind::Change),
                Opcode::CallPlace => (receiver_local(draft, SiteIdx(it.arg)), AccessKind::Change),
                _ => continue,
            };
            if let Some(local) = local.filter(|it| *it < draft.n_locals) {
                let at = u32::try_from(at).unwrap_or(u32::MAX);
                self.accesses.push(Access { at, local, kind });
            }
        }
        for label in draft.handlers.iter().flat_map(|it| [it.start, it.end, it.target]) {
            if let Some(at) = draft.position(label) {
                self.block_at[at.min(n)] = 0;
            }
        }
    }

    fn divide(&mut self, draft: &Draft) {
        let n = draft.instructions.len();
        self.all.clear();
        let mut next = 0;
        for (at, nth) in self.block_at[..n].iter_mut().enumerate() {
            if *nth == NONE {
                continue;
            }
            *nth = u32::try_from(self.all.len()).unwrap_or(NONE);
            while self.accesses.get(next).is_some_and(|it| (it.at as usize) < at) {
                next += 1;
            }
            if let Some(before) = self.all.last_mut() {
                before.end = at;
                before.accesses.1 = next;
            }
            let accesses = (next, self.accesses.len());
            self.all.push(Block {
                start: at,
                end: n,
                accesses,
                falls: None,
                jumps: None,
                handler: None,
            });
        }
    }

    fn link(&mut self, draft: &Draft) {
        let (n, n_blocks) = (draft.instructions.len(), self.all.len());
        let block_of =
            |label| draft.position(label).filter(|at| *at < n).map(|at| self.block_at[at] as usize);
        for (nth, block) in self.all.iter_mut().enumerate() {
            let last = draft.instructions[block.end - 1];
            let ends = last.op.facts().flags.has(Flags::END);
            block.falls = (!ends && nth + 1 < n_blocks).then_some(nth + 1);
            block.jumps = last.label.and_then(block_of);
        }
        if !draft.handlers.is_empty() {
            cover(draft, &mut self.all, &self.block_at);
        }
    }
}

/// Finds the innermost handler of each block. Handlers are nested or apart, outer before inner.
fn cover(draft: &Draft, blocks: &mut [Block], block_at: &[u32]) {
    let mut open: Vec<(usize, usize)> = Vec::new();
    let mut next = draft.handlers.iter().peekable();
    for block in blocks {
        open.retain(|(end, _)| *end > block.start);
        while let Some(handler) = next.next_if(|it| draft.position(it.start) <= Some(block.start)) {
            let target = draft.position(handler.target).and_then(|at| block_at.get(at));
            let target = target.filter(|it| **it != NONE).map(|it| *it as usize);
            if let (Some(end), Some(target)) = (draft.position(handler.end), target)
                && end > block.start
            {
                open.push((end, target));
            }
        }
        block.handler = open.last().map(|(_, target)| *target);
    }
}

fn root_local(draft: &Draft, path: PathIdx) -> Option<u32> {
    match draft.tables.path(path)?.root {
        Root::Local(local) => Some(local.0),
        Root::Cell(_) | Root::Free(_) | Root::Global(_) => None,
    }
}

fn receiver_local(draft: &Draft, site: SiteIdx) -> Option<u32> {
    match draft.tables.site(site)?.receiver {
        Receiver::Place(path) => root_local(draft, path),
        Receiver::Value | Receiver::Immutable(_) => None,
    }
}
