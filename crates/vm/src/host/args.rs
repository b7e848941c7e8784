//! The arguments of a host function: the caller's registers, lent for the call.

use core::cell::Cell;
use core::marker::PhantomData;

use crate::heap::{bytes_of, object_of, str_of};
use crate::object::HostObject;
use crate::value::Value;

/// Arguments. What is taken belongs to the function; what is left is released by the caller afterwards.
#[derive(Debug)]
pub struct Args<'a> {
    slots: &'a mut [Value],
    /// They stay on the thread of their VM: what is behind them counts without atomics.
    here: PhantomData<&'a Cell<()>>,
}

impl<'a> Args<'a> {
    /// The values in these places.
    pub const fn new(slots: &'a mut [Value]) -> Self {
        Self { slots, here: PhantomData }
    }

    /// How many.
    #[inline(always)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.slots.len()
    }

    /// True without arguments.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }

    /// Looks at one, which keeps its count; null if there is none there or it was taken.
    #[inline(always)]
    #[must_use]
    pub fn peek(&self, at: usize) -> Value {
        self.slots.get(at).copied().unwrap_or_default()
    }

    /// The text of one that is a string, for as long as the arguments are there.
    #[must_use]
    pub fn str(&self, at: usize) -> Option<&str> {
        self.slots.get(at).and_then(str_of).map(crate::object::Str::as_str)
    }

    /// The bytes of one that is bytes, for as long as the arguments are there.
    #[must_use]
    pub fn bytes(&self, at: usize) -> Option<&[u8]> {
        self.slots.get(at).and_then(bytes_of).map(|it| it.as_slice())
    }

    /// The object of the host that one is, for as long as the arguments are there.
    #[inline(always)]
    #[must_use]
    pub fn object(&self, at: usize) -> Option<&HostObject> {
        self.slots.get(at).and_then(object_of)
    }

    /// Takes one over, and leaves null.
    #[inline(always)]
    pub fn take(&mut self, at: usize) -> Value {
        self.slots.get_mut(at).map(core::mem::take).unwrap_or_default()
    }
}
