//! Views of objects whose elements stand in the same block: strings, structs, enum values, closures.
//!
//! They are made by the heap's accessors and live as long as the heap is not changed.

use core::cell::Cell;

use crate::value::{FunctionId, TypeId, Value};

/// What stands before a string's bytes. Invariant: `bytes <= capacity`, and `chars` is the number of code points.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct StrHead {
    pub(crate) bytes: u32,
    pub(crate) capacity: u32,
    pub(crate) chars: u32,
    /// The hash under the heap's seed, or 0 if nobody has asked yet.
    pub(crate) hash: Cell<u32>,
}

/// What stands before the values of a struct, an enum value or a closure.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct SlotsHead {
    /// The type, or the function of a closure.
    pub(crate) id: u32,
    pub(crate) len: u32,
}

/// A string.
#[derive(Clone, Copy, Debug)]
pub struct Str<'h> {
    pub(crate) text: &'h str,
    pub(crate) chars: u32,
    pub(crate) hash: &'h Cell<u32>,
}

impl<'h> Str<'h> {
    /// The text.
    #[inline(always)]
    #[must_use]
    pub const fn as_str(self) -> &'h str {
        self.text
    }

    /// How many code points; known without counting.
    #[inline(always)]
    #[must_use]
    pub const fn char_count(self) -> usize {
        self.chars as usize
    }

    /// Whether all of it is ASCII, so that indices of code points are those of bytes.
    #[inline(always)]
    #[must_use]
    pub const fn is_ascii(self) -> bool {
        self.chars as usize == self.text.len()
    }

    /// The code point at an index, as text. Counts from the start unless the text is ASCII.
    #[must_use]
    pub fn char_at(self, index: usize) -> Option<&'h str> {
        if self.is_ascii() {
            return self.text.get(index..index.checked_add(1)?);
        }
        let start = self.offset_of(index)?;
        let rest = &self.text[start..];
        rest.chars().next().map(|it| &rest[..it.len_utf8()])
    }

    /// Where the code point of that index begins; the length of the text for the index one past the last.
    #[must_use]
    pub fn offset_of(self, index: usize) -> Option<usize> {
        if index >= self.char_count() {
            return (index == self.char_count()).then_some(self.text.len());
        }
        if self.is_ascii() {
            return Some(index);
        }
        self.text.char_indices().nth(index).map(|(offset, _)| offset)
    }
}

/// A value of a struct.
#[derive(Clone, Copy, Debug)]
pub struct Record<'h> {
    /// Which struct.
    pub ty: TypeId,
    /// Its fields, in declared order.
    pub fields: &'h [Value],
}

/// A value of an enum.
#[derive(Clone, Copy, Debug)]
pub struct Variant<'h> {
    /// Which enum.
    pub ty: TypeId,
    /// Which variant of it.
    pub variant: u16,
    /// What it carries.
    pub payload: &'h [Value],
}

/// A function with captured variables.
#[derive(Clone, Copy, Debug)]
pub struct Closure<'h> {
    /// Which function.
    pub function: FunctionId,
    /// The captured variables, each a [`Tag::Cell`](crate::value::Tag::Cell).
    pub cells: &'h [Value],
}
