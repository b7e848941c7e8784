//! Marks last uses: a local that nobody reads again is moved out, so that its value can be changed in place.
//!
//! Works on the finished instructions, so it need not know how they came about: a backward walk over basic blocks finds
//! for each place which locals may still be read (liveness), loops and handlers included. A `load_local` of one that may
//! not becomes `move_local`. In `x := f(x)` the store ends the old value's life, so the load moves. Code that a handler
//! covers may fail at any instruction, so there whatever the handler reads stays alive throughout.
//!
//! A loop may rely on its locals being assigned in every turn, also on those it does not read any more, so what is assigned
//! where a loop begins is not moved in it unless it is stored again: a second walk, forwards, takes such marks back.
//!
//! Memory is one bit for each block and local; functions in which that is too much keep their loads.

use remora_bytecode::isa::{Flags, Tables};
use remora_bytecode::{
    Draft, DraftInstruction, MethodKind, Opcode, PathIdx, Receiver, Root, SiteIdx,
};

/// Words of liveness that one function may take: 8 MiB.
const MAX_WORDS: usize = 1 << 20;

/// Marks last uses, function after function; keeps its room from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    block_at: Vec<u32>,
    blocks: Vec<Block>,
    live_in: Vec<u64>,
    assigned_in: Vec<u64>,
    live: Vec<u64>,
    last_uses: Vec<usize>,
}

impl Moves {
    /// Marks the last uses in the code of a function with that many parameters.
    pub(crate) fn mark(&mut self, draft: &mut Draft, n_params: usize, method: Option<MethodKind>) {
        let n_words = (draft.n_locals as usize).div_ceil(64);
        if n_words == 0 || !draft.instructions.iter().any(|it| it.op == Opcode::LoadLocal) {
            return;
        }
        find_blocks(draft, &mut self.block_at, &mut self.blocks);
        if self.blocks.len().saturating_mul(n_words) > MAX_WORDS {
            return;
        }
        // A `mut self` goes back to where it came from, however the method ends.
        let kept = (method == Some(MethodKind::Mutating)).then_some(0);
        let (blocks, live) = (self.blocks.as_slice(), &mut self.live);
        refill(live, 0, n_words);
        refill(&mut self.live_in, 0, blocks.len() * n_words);
        let mut liveness = Liveness { n_words, live_in: &mut self.live_in, kept };
        while liveness.pass(draft, blocks, live) {}
        self.last_uses.clear();
        for nth in (0..blocks.len()).rev() {
            liveness.walk(draft, blocks, nth, live, |at| self.last_uses.push(at));
        }
        for at in &self.last_uses {
            draft.instructions[*at].op = Opcode::MoveLocal;
        }
        if blocks.iter().enumerate().any(|(nth, it)| it.jumps.is_some_and(|to| to <= nth)) {
            keep_in_loops(draft, blocks, &liveness, n_params, &mut self.assigned_in);
        }
        drop_pairs(draft, blocks);
    }
}

fn refill(words: &mut Vec<u64>, word: u64, n: usize) {
    words.clear();
    words.resize(n, word);
}

/// `store_local x; move_local x`: the value may as well stay on the stack.
fn drop_pairs(draft: &mut Draft, blocks: &[Block]) {
    let mut dropped = Vec::new();
    for block in blocks {
        for at in block.start..block.end.saturating_sub(1) {
            if is_pair(&draft.instructions[at], &draft.instructions[at + 1]) {
                dropped.extend([at, at + 1]);
            }
        }
    }
    if !dropped.is_empty() {
        let mut next = dropped.iter().peekable();
        draft.retain(|at| next.next_if(|it| **it == at).is_none());
    }
}

fn is_pair(first: &DraftInstruction, second: &DraftInstruction) -> bool {
    (first.op, second.op) == (Opcode::StoreLocal, Opcode::MoveLocal) && first.arg == second.arg
}

/// Takes marks back on locals that are assigned, though dead, where a loop around begins.
fn keep_in_loops(
    draft: &mut Draft,
    blocks: &[Block],
    liveness: &Liveness<'_>,
    n_params: usize,
    assigned_in: &mut Vec<u64>,
) {
    let mut loop_end = vec![0; blocks.len()];
    for (nth, block) in blocks.iter().enumerate() {
        if let Some(to) = block.jumps.filter(|to| *to <= nth) {
            loop_end[to] = nth + 1;
        }
    }
    let n_words = liveness.n_words;
    // What is assigned at the start of each block: at most that, and all of it until a way there is known.
    refill(assigned_in, u64::MAX, blocks.len() * n_words);
    assigned_in[..n_words].fill(0);
    for param in 0..n_params {
        assigned_in[param / 64] |= 1 << (param % 64);
    }
    let mut stale = vec![0; n_words];
    let mut assigned = vec![0; n_words];
    let mut loops: Vec<(usize, Vec<u64>)> = Vec::new();
    for (nth, block) in blocks.iter().enumerate() {
        while let Some((_, outer)) = loops.pop_if(|(end, _)| *end <= nth) {
            stale = outer;
        }
        assigned.copy_from_slice(&assigned_in[nth * n_words..][..n_words]);
        if loop_end[nth] > 0 {
            loops.push((loop_end[nth], stale.clone()));
            let here = assigned.iter().zip(liveness.at(nth));
            stale
                .iter_mut()
                .zip(here)
                .for_each(|(stale, (assigned, live))| *stale |= assigned & !live);
        }
        if let Some(handler) = block.handler {
            meet(&mut assigned_in[handler * n_words..], &assigned);
        }
        let code = &mut draft.instructions[block.start..block.end];
        let mut at = 0;
        while at < code.len() {
            // A pair will be dropped, and then changes nothing.
            if at + 1 < code.len() && is_pair(&code[at], &code[at + 1]) {
                at += 2;
                continue;
            }
            let it = &mut code[at];
            at += 1;
            let (word, bit) = (it.arg as usize / 64, 1_u64 << (it.arg % 64));
            match it.op {
                Opcode::StoreLocal => assigned[word] |= bit,
                Opcode::MoveLocal if stale[word] & bit != 0 => it.op = Opcode::LoadLocal,
                Opcode::MoveLocal => assigned[word] &= !bit,
                _ => {}
            }
        }
        for to in [block.falls, block.jumps].into_iter().flatten().filter(|to| *to > nth) {
            meet(&mut assigned_in[to * n_words..], &assigned);
        }
    }
}

fn meet(into: &mut [u64], other: &[u64]) {
    into.iter_mut().zip(other).for_each(|(into, other)| *into &= other);
}

/// Instructions that run one after the other.
#[derive(Debug)]
struct Block {
    start: usize,
    end: usize,
    /// The block that follows when nothing jumps.
    falls: Option<usize>,
    /// The block that is jumped to.
    jumps: Option<usize>,
    /// The block of the handler that takes its errors.
    handler: Option<usize>,
}

/// No block begins at an instruction; another number is that of the one that does.
const NONE: u32 = u32::MAX;

/// Divides the code into blocks. `block_at` gets for each instruction the block that begins there.
fn find_blocks(draft: &Draft, block_at: &mut Vec<u32>, blocks: &mut Vec<Block>) {
    let n = draft.instructions.len();
    block_at.clear();
    block_at.resize(n + 1, NONE);
    block_at[0] = 0;
    for (at, it) in draft.instructions.iter().enumerate() {
        let flags = it.op.info().flags;
        if flags.has(Flags::BRANCH) || flags.has(Flags::END) {
            block_at[at + 1] = 0;
        }
        if let Some(to) = it.label.and_then(|it| draft.position(it)) {
            block_at[to.min(n)] = 0;
        }
    }
    for label in draft.handlers.iter().flat_map(|it| [it.start, it.end, it.target]) {
        if let Some(at) = draft.position(label) {
            block_at[at.min(n)] = 0;
        }
    }
    blocks.clear();
    for (at, nth) in block_at[..n].iter_mut().enumerate() {
        if *nth == NONE {
            continue;
        }
        *nth = u32::try_from(blocks.len()).unwrap_or(NONE);
        if let Some(before) = blocks.last_mut() {
            before.end = at;
        }
        blocks.push(Block { start: at, end: n, falls: None, jumps: None, handler: None });
    }
    let block_of =
        |label| draft.position(label).filter(|at| *at < n).map(|at| block_at[at] as usize);
    let n_blocks = blocks.len();
    for (nth, block) in blocks.iter_mut().enumerate() {
        let last = draft.instructions[block.end - 1];
        let ends = last.op.info().flags.has(Flags::END);
        block.falls = (!ends && nth + 1 < n_blocks).then_some(nth + 1);
        block.jumps = last.label.and_then(block_of);
    }
    if !draft.handlers.is_empty() {
        cover(draft, blocks, block_at);
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

struct Liveness<'s> {
    n_words: usize,
    /// For each block the locals that may be read from its start on.
    live_in: &'s mut [u64],
    /// A local that is never moved.
    kept: Option<usize>,
}

impl Liveness<'_> {
    fn at(&self, block: usize) -> &[u64] {
        &self.live_in[block * self.n_words..][..self.n_words]
    }

    /// Goes through all blocks once, last first; true if something was found out.
    fn pass(&mut self, draft: &Draft, blocks: &[Block], live: &mut [u64]) -> bool {
        let mut changed = false;
        for nth in (0..blocks.len()).rev() {
            self.walk(draft, blocks, nth, live, |_| {});
            let known = &mut self.live_in[nth * self.n_words..][..self.n_words];
            for (known, live) in known.iter_mut().zip(&*live) {
                changed |= *known != *live;
                *known = *live;
            }
        }
        // Without a way back or into a handler one pass has seen everything.
        changed
            && blocks
                .iter()
                .enumerate()
                .any(|(nth, it)| it.jumps.is_some_and(|to| to <= nth) || it.handler.is_some())
    }

    /// Goes through a block from its end; `live` is what may be read at its start, in the end.
    fn walk(
        &self,
        draft: &Draft,
        blocks: &[Block],
        nth: usize,
        live: &mut [u64],
        mut last_use: impl FnMut(usize),
    ) {
        let block = &blocks[nth];
        live.fill(0);
        for other in [block.falls, block.jumps, block.handler].into_iter().flatten() {
            for (live, other) in live.iter_mut().zip(self.at(other)) {
                *live |= other;
            }
        }
        let handled = block.handler.map(|it| self.at(it));
        for at in (block.start..block.end).rev() {
            let it = &draft.instructions[at];
            let (local, reads) = match it.op {
                Opcode::LoadLocal | Opcode::MoveLocal => (Some(it.arg), true),
                Opcode::StoreLocal => (Some(it.arg), false),
                Opcode::StorePath => (root_local(draft, PathIdx(it.arg)), true),
                Opcode::CallPlace => (receiver_local(draft, SiteIdx(it.arg)), true),
                _ => (None, false),
            };
            let Some(local) = local else { continue };
            let (word, bit) = (local as usize / 64, 1_u64 << (local % 64));
            let Some(slot) = live.get_mut(word) else { continue };
            if reads {
                if it.op == Opcode::LoadLocal
                    && *slot & bit == 0
                    && self.kept != Some(local as usize)
                {
                    last_use(at);
                }
                *slot |= bit;
            } else if handled.is_none_or(|it| it[word] & bit == 0) {
                *slot &= !bit;
            }
        }
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
