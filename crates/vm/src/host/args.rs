//! The arguments of a host function: the caller's registers, lent for the call.

use crate::value::Value;

/// Arguments. What is taken belongs to the function; what is left is released by the caller afterwards.
#[derive(Debug)]
pub struct Args<'a> {
    slots: &'a mut [Value],
}

impl<'a> Args<'a> {
    /// The values in these places.
    pub const fn new(slots: &'a mut [Value]) -> Self {
        Self { slots }
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

    /// Takes one over, and leaves null.
    #[inline(always)]
    pub fn take(&mut self, at: usize) -> Value {
        self.slots.get_mut(at).map(core::mem::take).unwrap_or_default()
    }
}
