//! The heap of one VM: makes objects, counts their owners, frees them, and knows to the byte how much there is.
//!
//! Reference counts, not a tracing collector: copy-on-write needs to know exactly whether somebody else sees an object.
//! Cycles can only pass through captured variables; a backup collection finds them (`cycles`), dropping the heap frees all.
//!
//! The contract that all unsafe code below rests on, kept by the owners of values in this crate: a heap value that is used
//! belongs to this heap and is counted, by the one who uses it or by one who outlives the use; a buffer is given back to the
//! memory it came from. See [`crate::value`].

mod access;
mod block;
mod buffer;
mod children;
mod copy;
mod count;
mod cycles;
mod dying;
mod inline;
mod memory;
mod slab;

use std::sync::Arc;

pub(crate) use self::access::{array_of, bytes_of, dict_of, object_of, queue_of, set_of, stack_of};
pub use self::block::Header;
pub use self::buffer::{Buf, Plain};
pub(crate) use self::count::retain;
use self::dying::Dying;
pub(crate) use self::inline::str_of;
pub use self::memory::Memory;
use crate::fault::Res;
use crate::object::{HashSeed, Key};
use crate::shape::TypeTable;
use crate::value::Value;

/// All objects of one VM.
pub struct Heap {
    mem: Memory,
    types: Arc<TypeTable>,
    /// Dead objects whose children are still to be given up; empty between releases.
    dying: Dying,
    cycles: cycles::Trigger,
    /// Strings of one ASCII character, made when first asked for; [`Value::NULL`] until then.
    chars: Vec<Value>,
    /// The dict of the values that all tasks see by name; null until there is one.
    shared: Value,
}

impl Heap {
    /// An empty heap that may hold `limit` bytes. Hashes depend on `seed`, which should be hard to guess where strangers
    /// choose keys; nothing else does.
    #[must_use]
    pub fn new(limit: usize, seed: u64, types: Arc<TypeTable>) -> Self {
        Self {
            mem: Memory::new(limit, seed),
            types,
            dying: Dying::default(),
            cycles: cycles::Trigger::new(),
            chars: Vec::new(),
            shared: Value::NULL,
        }
    }

    /// The structs and enums that this heap's values are of, and the names of functions.
    #[inline(always)]
    #[must_use]
    pub fn types(&self) -> &TypeTable {
        &self.types
    }

    /// The same, to keep it while the heap changes.
    #[must_use]
    pub fn types_shared(&self) -> Arc<TypeTable> {
        Arc::clone(&self.types)
    }

    /// Another table, for a heap that has loaded more code: what was in the old one must be in the new one, with the same
    /// numbers.
    pub fn set_types(&mut self, types: Arc<TypeTable>) {
        self.types = types;
    }

    /// The allocator.
    #[inline(always)]
    #[must_use]
    pub const fn memory(&self) -> &Memory {
        &self.mem
    }

    /// The allocator, to make the bodies of new objects.
    #[inline(always)]
    pub const fn memory_mut(&mut self) -> &mut Memory {
        &mut self.mem
    }

    /// Bytes in use, exactly.
    #[must_use]
    pub const fn live_bytes(&self) -> usize {
        self.mem.account().live_bytes()
    }

    /// Objects in use.
    #[must_use]
    pub const fn live_objects(&self) -> usize {
        self.mem.account().live_objects()
    }

    /// The key that a value is, with its hash; `None` if it cannot be one.
    #[inline(always)]
    #[must_use]
    pub fn key(&self, value: Value) -> Option<Key> {
        self.mem.seed().key(value)
    }

    /// The secret that hashes depend on.
    #[inline(always)]
    pub(crate) const fn seed(&self) -> &HashSeed {
        self.mem.seed()
    }

    /// A string of one character, counted for the caller. ASCII ones are shared.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_char(&mut self, char: char) -> Res<Value> {
        match u8::try_from(char) {
            Ok(byte) if byte.is_ascii() => match self.known_char(byte) {
                Some(known) => Ok(known),
                None => self.first_char(char, usize::from(byte)),
            },
            _ => self.new_string(char.encode_utf8(&mut [0; 4])),
        }
    }

    /// The string of an ASCII character, counted for the caller, if there is one.
    #[inline(always)]
    pub(crate) fn known_char(&self, char: u8) -> Option<Value> {
        let known = *self.chars.get(usize::from(char))?;
        if known.is_null() {
            return None;
        }
        retain(known);
        Some(known)
    }

    #[cold]
    fn first_char(&mut self, char: char, slot: usize) -> Res<Value> {
        let made = self.new_string(char.encode_utf8(&mut [0; 4]))?;
        if self.chars.is_empty() && self.chars.try_reserve_exact(128).is_ok() {
            self.chars.resize(128, Value::NULL);
        }
        if let Some(place) = self.chars.get_mut(slot) {
            *place = made;
            retain(made);
        }
        Ok(made)
    }

    /// The dict of the values that all tasks see by name, which the heap owns; null until there is one.
    #[must_use]
    pub const fn shared(&self) -> Value {
        self.shared
    }

    /// Takes over that dict.
    pub fn set_shared(&mut self, dict: Value) {
        let old = core::mem::replace(&mut self.shared, dict);
        self.release(old);
    }

    /// Gives up what the heap keeps itself: the strings of one character, and the values that all tasks see by name.
    pub fn clear_caches(&mut self) {
        self.set_shared(Value::NULL);
        for kept in core::mem::take(&mut self.chars) {
            self.release(kept);
        }
    }
}
