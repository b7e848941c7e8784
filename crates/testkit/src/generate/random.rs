//! A small seeded generator of random numbers, so that a failing seed fails everywhere and for ever.
//!
//! A fuzzer may give the first numbers itself: what it changes then changes one choice, and not all that follow.

/// SplitMix64 (Steele, Lea, Flood 2014): one word of state, good enough to choose test programs.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
    /// Two bytes for each of the first numbers, the first last.
    given: Vec<u8>,
}

impl Random {
    /// The same seed gives the same sequence.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed, given: Vec::new() }
    }

    /// A sequence that begins with these bytes, two to a number.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self { state: 0, given: bytes.iter().rev().copied().collect() }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        if let Some(low) = self.given.pop() {
            return u64::from_le_bytes([low, self.given.pop().unwrap_or(0), 0, 0, 0, 0, 0, 0]);
        }
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`; 0 if `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = u64::try_from(n).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next_u64() % n).unwrap_or(0)
    }

    /// True in `percent` of 100 cases.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the items, all equally likely. `None` if there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}
