//! Which locals may still be read, at the start of each block: the textbook's backward dataflow.
//!
//! What a block reads first and what it stores is summed up once, so that going round costs a few words a block. Code that
//! a handler covers may fail at any instruction: whatever the handler reads stays alive throughout.

use super::blocks::{Access, AccessKind, Block, Blocks};

/// A bit for each block and local, three times; keeps its room from one function to the next.
#[derive(Debug, Default)]
pub(super) struct Liveness {
    n_words: usize,
    live_in: Vec<u64>,
    /// Read before anything is stored there.
    read_first: Vec<u64>,
    stored: Vec<u64>,
    live: Vec<u64>,
}

impl Liveness {
    /// Finds out what is alive at the start of each block.
    pub(super) fn find(&mut self, blocks: &Blocks, n_words: usize) {
        self.n_words = n_words;
        let n_all = blocks.all.len() * n_words;
        for words in [&mut self.live_in, &mut self.read_first, &mut self.stored] {
            refill(words, 0, n_all);
        }
        refill(&mut self.live, 0, n_words);
        for (nth, block) in blocks.all.iter().enumerate() {
            for access in blocks.accesses_of(block) {
                let (word, bit) = place(access);
                let at = nth * n_words + word;
                if access.kind == AccessKind::Store {
                    self.stored[at] |= bit;
                } else {
                    self.read_first[at] |= bit & !self.stored[at];
                }
            }
        }
        // Without a way back or into a handler one pass has seen everything.
        let again = blocks.any_loop() || blocks.all.iter().any(|it| it.handler.is_some());
        while self.pass(&blocks.all) && again {}
    }

    /// What is alive at the start of a block.
    pub(super) fn at(&self, block: usize) -> &[u64] {
        &self.live_in[block * self.n_words..][..self.n_words]
    }

    /// Goes through all blocks once, last first; true if something was found out.
    fn pass(&mut self, blocks: &[Block]) -> bool {
        let mut changed = false;
        for (nth, block) in blocks.iter().enumerate().rev() {
            for word in 0..self.n_words {
                let of = |block: Option<usize>| {
                    block.map_or(0, |it| self.live_in[it * self.n_words + word])
                };
                let at = nth * self.n_words + word;
                let after = of(block.falls) | of(block.jumps);
                let live = self.read_first[at] | (after & !self.stored[at]) | of(block.handler);
                changed |= self.live_in[at] != live;
                self.live_in[at] = live;
            }
        }
        changed
    }

    /// Calls `last_use` with the number of each access of a block that is a load after which nobody reads the local.
    pub(super) fn last_uses(
        &mut self,
        blocks: &Blocks,
        nth: usize,
        mut last_use: impl FnMut(usize),
    ) {
        let block = &blocks.all[nth];
        let mut live = std::mem::take(&mut self.live);
        live.fill(0);
        for other in [block.falls, block.jumps, block.handler].into_iter().flatten() {
            live.iter_mut().zip(self.at(other)).for_each(|(live, other)| *live |= other);
        }
        let handled = block.handler.map(|it| self.at(it));
        for (nth, access) in blocks.accesses_of(block).iter().enumerate().rev() {
            let (word, bit) = place(access);
            match access.kind {
                AccessKind::Store if handled.is_none_or(|it| it[word] & bit == 0) => {
                    live[word] &= !bit;
                }
                AccessKind::Store => {}
                AccessKind::Load | AccessKind::Move | AccessKind::Change => {
                    if access.kind == AccessKind::Load && live[word] & bit == 0 {
                        last_use(block.accesses.0 + nth);
                    }
                    live[word] |= bit;
                }
            }
        }
        self.live = live;
    }
}

/// The word of a local, and its bit there.
pub(super) fn place(access: &Access) -> (usize, u64) {
    (access.local as usize / 64, 1 << (access.local % 64))
}

pub(super) fn refill(words: &mut Vec<u64>, word: u64, n: usize) {
    words.clear();
    words.resize(n, word);
}
