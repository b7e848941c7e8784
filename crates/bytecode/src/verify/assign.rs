//! Which locals and cells hold something: sets of bits, and a bound on the work that they are.
//!
//! A set for each label costs labels times slots, which is quadratic if both grow with the code. Two rules keep it
//! linear: a set is kept only from the first jump to its label until the label is met (until the end, for the head of
//! a loop), and all sets together may be gone through for [`WORDS_PER_UNIT`] words for each unit of code. Functions
//! with up to 4,000 locals and cells never come near; a function with more must have fewer jumps.

use remora_diagnostics::Code as ErrorCode;

use super::rule::{Checked, Fault};

/// Words of sets that may be looked at for each unit of the code.
const WORDS_PER_UNIT: usize = 256;

/// The set at the place that is looked at, and those of labels and handlers.
#[derive(Debug, Default)]
pub(super) struct Slots {
    /// Words in a set.
    len: usize,
    current: Vec<u64>,
    saved: Vec<u64>,
    free: Vec<Saved>,
    max_saved: usize,
    work_left: usize,
    pub(super) work: u64,
}

/// A set that was kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Saved(usize);

impl Slots {
    /// Begins a function of that many slots, and that many units or what counts as such.
    pub(super) fn begin(&mut self, n_slots: usize, n_units: usize, max_saved: usize) {
        self.len = n_slots.div_ceil(64);
        self.current.clear();
        self.current.resize(self.len, 0);
        self.saved.clear();
        self.free.clear();
        self.max_saved = max_saved;
        self.work_left = n_units.saturating_mul(WORDS_PER_UNIT);
        self.work += self.len as u64;
    }

    #[inline]
    pub(super) fn insert(&mut self, slot: usize) {
        if let Some(word) = self.current.get_mut(slot / 64) {
            *word |= 1 << (slot % 64);
        }
    }

    #[inline]
    pub(super) fn remove(&mut self, slot: usize) {
        if let Some(word) = self.current.get_mut(slot / 64) {
            *word &= !(1 << (slot % 64));
        }
    }

    #[inline]
    pub(super) fn contains(&self, slot: usize) -> bool {
        self.current.get(slot / 64).is_some_and(|word| word >> (slot % 64) & 1 == 1)
    }

    /// Charges for going through that many words.
    pub(super) fn charge(&mut self, words: usize) -> Checked {
        self.work += words as u64;
        let Some(left) = self.work_left.checked_sub(words) else {
            let message = "there are too many jumps for so many locals and captured variables";
            return Err(Fault::new(ErrorCode::V0020, message));
        };
        self.work_left = left;
        Ok(())
    }

    fn words(&self, at: Saved) -> &[u64] {
        self.saved.get(at.0..at.0 + self.len).unwrap_or_default()
    }

    /// Keeps the current set.
    pub(super) fn save(&mut self) -> Checked<Saved> {
        self.charge(self.len)?;
        if let Some(at) = self.free.pop() {
            if let Some(words) = self.saved.get_mut(at.0..at.0 + self.len) {
                words.copy_from_slice(&self.current);
            }
            return Ok(at);
        }
        let at = self.saved.len();
        if at + self.len > self.max_saved {
            let message =
                "there are too many open labels for so many locals and captured variables";
            return Err(Fault::new(ErrorCode::V0020, message));
        }
        self.saved.extend_from_slice(&self.current);
        Ok(Saved(at))
    }

    /// Gives back the room of a kept set.
    pub(super) fn release(&mut self, at: Saved) {
        self.free.push(at);
    }

    /// Makes a kept set the current one.
    pub(super) fn load(&mut self, at: Saved) -> Checked {
        self.charge(self.len)?;
        if let Some(words) = self.saved.get(at.0..at.0 + self.len) {
            self.current.copy_from_slice(words);
        }
        Ok(())
    }

    /// Keeps in the current set what is in a kept one as well.
    pub(super) fn meet_current(&mut self, at: Saved) -> Checked {
        self.charge(self.len)?;
        for (word, other) in self.current.iter_mut().zip(self.saved.iter().skip(at.0)) {
            *word &= other;
        }
        Ok(())
    }

    /// Keeps in a kept set what is in the current one as well.
    pub(super) fn meet_saved(&mut self, at: Saved) -> Checked {
        self.charge(self.len)?;
        for (word, other) in self.saved.iter_mut().skip(at.0).zip(&self.current) {
            *word &= other;
        }
        Ok(())
    }

    /// Takes a slot out of a kept set.
    pub(super) fn remove_saved(&mut self, at: Saved, slot: usize) {
        if let Some(word) = self.saved.get_mut(at.0 + slot / 64) {
            *word &= !(1 << (slot % 64));
        }
    }

    /// Exchanges a kept set and the current one.
    pub(super) fn swap(&mut self, at: Saved) -> Checked {
        self.charge(self.len)?;
        if let Some(words) = self.saved.get_mut(at.0..at.0 + self.len) {
            words.swap_with_slice(&mut self.current);
        }
        Ok(())
    }

    /// A slot that is in the kept set but not in the current one.
    pub(super) fn missing(&mut self, at: Saved) -> Checked<Option<usize>> {
        self.charge(self.len)?;
        let words = self.words(at).iter().zip(&self.current);
        let missing = words.enumerate().find(|(_, (kept, here))| *kept & !*here != 0);
        Ok(missing.map(|(nth, (kept, here))| nth * 64 + (kept & !here).trailing_zeros() as usize))
    }
}
