//! Marks last uses: a local that nobody reads again is moved out, so that its value can be changed in place.
//!
//! Works on the finished instructions, so it need not know how they came about: [`liveness`] finds for each basic block
//! which locals may still be read, loops and handlers included. A `load_local` of one that may not becomes `move_local`.
//! In `x := f(x)` the store ends the old value's life, so the load moves.
//!
//! A loop may rely on its locals being assigned in every turn, also on those it does not read any more, so what is assigned
//! where a loop begins is not moved in it unless it is stored again: a second walk, forwards, takes such marks back.
//!
//! Memory is a few bits for each block and local; functions in which that is too much keep their loads.

mod blocks;
mod liveness;

use remora_bytecode::{Draft, MethodKind, Opcode};

use blocks::{AccessKind, Blocks};
use liveness::{Liveness, place, refill};

/// Words of liveness that one function may take: 8 MiB.
const MAX_WORDS: usize = 1 << 20;

/// Marks last uses, function after function; keeps its room from one to the next.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    blocks: Blocks,
    liveness: Liveness,
    assigned_in: Vec<u64>,
    last_uses: Vec<usize>,
}

impl Moves {
    /// Marks the last uses in the code of a function with that many parameters.
    pub(crate) fn mark(&mut self, draft: &mut Draft, n_params: usize, method: Option<MethodKind>) {
        let n_words = (draft.n_locals as usize).div_ceil(64);
        if n_words == 0 || !self.blocks.find(draft) {
            return;
        }
        if self.blocks.all.len().saturating_mul(n_words) > MAX_WORDS {
            return;
        }
        self.liveness.find(&self.blocks, n_words);
        // A `mut self` goes back to where it came from, however the method ends.
        let kept = (method == Some(MethodKind::Mutating)).then_some(0);
        self.last_uses.clear();
        for nth in 0..self.blocks.all.len() {
            self.liveness.last_uses(&self.blocks, nth, |it| self.last_uses.push(it));
        }
        for nth in &self.last_uses {
            let it = &mut self.blocks.accesses[*nth];
            if kept != Some(it.local) {
                it.kind = AccessKind::Move;
                draft.instructions[it.at as usize].op = Opcode::MoveLocal;
            }
        }
        if self.blocks.any_loop() {
            keep_in_loops(draft, &mut self.blocks, &self.liveness, n_params, &mut self.assigned_in);
        }
        drop_pairs(draft, &self.blocks);
    }
}

/// Drops what is stored only to be moved to the stack again at once.
fn drop_pairs(draft: &mut Draft, blocks: &Blocks) {
    let mut dropped = Vec::new();
    for block in &blocks.all {
        for pair in blocks.accesses_of(block).windows(2) {
            if pair[0].is_pair(&pair[1]) {
                dropped.extend([pair[0].at as usize, pair[1].at as usize]);
            }
        }
    }
    if !dropped.is_empty() {
        let mut next = dropped.iter().peekable();
        draft.retain(|at| next.next_if(|it| **it == at).is_none());
    }
}

/// Takes marks back on locals that are assigned, though dead, where a loop around begins.
fn keep_in_loops(
    draft: &mut Draft,
    blocks: &mut Blocks,
    liveness: &Liveness,
    n_params: usize,
    assigned_in: &mut Vec<u64>,
) {
    let Blocks { all, accesses, .. } = blocks;
    let mut loop_end = vec![0; all.len()];
    for (nth, block) in all.iter().enumerate() {
        if let Some(to) = block.jumps.filter(|to| *to <= nth) {
            loop_end[to] = nth + 1;
        }
    }
    let n_words = (draft.n_locals as usize).div_ceil(64);
    // What is assigned at the start of each block: at most that, and all of it until a way there is known.
    refill(assigned_in, u64::MAX, all.len() * n_words);
    assigned_in[..n_words].fill(0);
    for param in 0..n_params {
        assigned_in[param / 64] |= 1 << (param % 64);
    }
    let mut stale = vec![0; n_words];
    let mut assigned = vec![0; n_words];
    let mut loops: Vec<(usize, Vec<u64>)> = Vec::new();
    for (nth, block) in all.iter().enumerate() {
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
        let accesses = &mut accesses[block.accesses.0..block.accesses.1];
        let mut next = 0;
        while let Some(it) = accesses.get(next) {
            // A pair will be dropped, and then changes nothing.
            if accesses.get(next + 1).is_some_and(|after| it.is_pair(after)) {
                next += 2;
                continue;
            }
            let (word, bit) = place(it);
            match it.kind {
                AccessKind::Store => assigned[word] |= bit,
                AccessKind::Move if stale[word] & bit != 0 => {
                    draft.instructions[it.at as usize].op = Opcode::LoadLocal;
                    accesses[next].kind = AccessKind::Load;
                }
                AccessKind::Move => assigned[word] &= !bit,
                AccessKind::Load | AccessKind::Change => {}
            }
            next += 1;
        }
        for to in [block.falls, block.jumps].into_iter().flatten().filter(|to| *to > nth) {
            meet(&mut assigned_in[to * n_words..], &assigned);
        }
    }
}

fn meet(into: &mut [u64], other: &[u64]) {
    into.iter_mut().zip(other).for_each(|(into, other)| *into &= other);
}
