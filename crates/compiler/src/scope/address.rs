//! A map from nodes of the tree to what is known of them, by address.
//!
//! The tree is borrowed and does not move while a program is compiled. Addresses are not chosen by a script, so a plain
//! multiplicative hash serves.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What is known of nodes.
#[derive(Debug)]
pub(crate) struct AddressMap<T>(HashMap<usize, T, BuildHasherDefault<AddressHasher>>);

impl<T> Default for AddressMap<T> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<T> AddressMap<T> {
    /// Makes room for so many more nodes.
    pub(super) fn reserve(&mut self, n_nodes: usize) {
        self.0.reserve(n_nodes);
    }

    pub(super) fn insert<N>(&mut self, node: *const N, known: T) {
        self.0.insert(node.addr(), known);
    }

    pub(super) fn find_ref<N>(&self, node: *const N) -> Option<&T> {
        self.0.get(&node.addr())
    }
}

impl<T: Copy> AddressMap<T> {
    pub(super) fn find<N>(&self, node: *const N) -> Option<T> {
        self.find_ref(node).copied()
    }
}

/// A map from pairs of small numbers that the compiler made up itself.
pub(super) type PairMap = HashMap<(u32, u32), u32, BuildHasherDefault<AddressHasher>>;

/// Spreads the bits of a word or two.
#[derive(Default, Debug)]
pub(crate) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        let product = (self.0.rotate_left(31) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = product ^ (product >> 32);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}
