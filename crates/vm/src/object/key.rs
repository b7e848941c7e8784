//! What can be a key of a dict or a member of a set, and how it is hashed.
//!
//! Hashes are 32 bits under a seed that each heap has for itself, so that nobody outside can choose keys that collide.
//! Strings are hashed by foldhash, ints by one of its steps: a secret, and the halves of a product with another secret.
//! Bools, ints, floats other than NaN, and strings can be keys; an int and the float of the same value are the same key.

use core::hash::Hasher;

use foldhash::SharedSeed;
use foldhash::quality::FoldHasher;

use crate::builtins::random::splitmix;
use crate::heap::str_of;
use crate::value::{Tag, Value};

/// The secret of one heap that its hashes depend on.
#[derive(Clone, Debug)]
pub struct HashSeed {
    shared: SharedSeed,
    own: u64,
    /// What ints are multiplied with; odd.
    factor: u64,
}

impl HashSeed {
    /// A seed; whoever embeds an engine draws it at random, tests choose it.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        let mut state = seed;
        let (own, factor) = (splitmix(&mut state), splitmix(&mut state) | 1);
        Self { shared: SharedSeed::from_u64(seed), own, factor }
    }

    /// The hash of a text; never 0.
    #[must_use]
    pub fn hash_str(&self, text: &str) -> u32 {
        let mut hasher = self.hasher();
        hasher.write(text.as_bytes());
        fold(hasher.finish())
    }

    /// The hash of an int; never 0.
    #[inline(always)]
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "the halves of a product")]
    pub const fn hash_int(&self, int: i64) -> u32 {
        let product = (int.cast_unsigned() ^ self.own) as u128 * self.factor as u128;
        fold(product as u64 ^ (product >> 64) as u64)
    }

    fn hash_bool(&self, bool: bool) -> u32 {
        let mut hasher = self.hasher();
        hasher.write_u8(u8::from(bool));
        fold(hasher.finish())
    }

    #[inline(always)]
    fn hasher(&self) -> FoldHasher<'_> {
        FoldHasher::with_seed(self.own, &self.shared)
    }

    /// The key that a value is, if it can be one.
    #[inline]
    #[must_use]
    pub fn key(&self, value: Value) -> Option<Key> {
        let hash = match value.tag() {
            Tag::String => self.hash_of_string(value),
            Tag::Int => self.hash_int(value.as_int()),
            Tag::Float => return self.float_key(value.as_float()),
            Tag::Bool => self.hash_bool(value.as_bool()),
            _ => return None,
        };
        Some(Key { value, hash })
    }

    /// A whole float is the key that the int is.
    fn float_key(&self, float: f64) -> Option<Key> {
        if let Some(int) = whole(float) {
            return Some(Key { value: Value::int(int), hash: self.hash_int(int) });
        }
        let mut hasher = self.hasher();
        hasher.write_u128(u128::from(float.to_bits()));
        let hash = fold(hasher.finish());
        (!float.is_nan()).then_some(Key { value: Value::float(float), hash })
    }

    /// The hash of a string value; never 0.
    #[inline(always)]
    pub(super) fn hash_of_string(&self, value: Value) -> u32 {
        let Some(text) = str_of(&value) else { return 1 };
        let known = text.hash.get();
        if known != 0 {
            return known;
        }
        let hash = self.hash_str(text.text);
        text.hash.set(hash);
        hash
    }
}

/// 64 bits to 32, never 0, which stands for "not known yet".
#[expect(clippy::cast_possible_truncation, reason = "the upper half is mixed in first")]
const fn fold(hash: u64) -> u32 {
    let folded = (hash ^ (hash >> 32)) as u32;
    if folded == 0 { 1 } else { folded }
}

/// The int of the same value as a float, if there is one.
#[inline]
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "in range, and whole")]
pub fn whole(float: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (float.trunc() == float && (-LIMIT..LIMIT).contains(&float)).then_some(float as i64)
}

/// A value that can be a key, with its hash.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    pub(crate) value: Value,
    pub(crate) hash: u32,
}

impl Key {
    /// The value as it stands in a table: what was given, but for whole floats, which are ints there.
    #[must_use]
    pub const fn value(self) -> Value {
        self.value
    }

    /// Whether it is the key `other` of a table.
    #[inline(always)]
    #[must_use]
    pub fn is(self, other: Value) -> bool {
        self.value.is_same(other) || self.is_text(other)
    }

    /// Whether it is a string of the same text.
    #[inline]
    pub(super) fn is_text(self, other: Value) -> bool {
        if self.value.tag() != Tag::String {
            return false;
        }
        match (str_of(&self.value), str_of(&other)) {
            (Some(a), Some(b)) => a.hash.get() == b.hash.get() && a.text == b.text,
            _ => false,
        }
    }
}
