//! What a VM has of its own for each function: its constants as values, and what it remembers of the objects it has seen.
//!
//! Lowered code is shared and never changes; inline caches stand beside it, one for each attribute name and call site of a
//! function. They are `Cell`s, so that looking something up never needs the VM for itself.

use core::cell::Cell;

use crate::lower::op::Ins;
use crate::value::{TypeId, Value};

/// What is remembered of the last object seen at a place in the code.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cache {
    /// The type; no type has the number of an empty cache.
    pub(crate) ty: TypeId,
    /// Its slot, or the number of its method.
    pub(crate) found: u32,
}

impl Cache {
    pub(crate) const EMPTY: Self = Self { ty: TypeId(u32::MAX), found: 0 };
}

/// The window of a unit that is not ready: more than there ever is room for, so that a call takes the long way.
pub(crate) const NOT_READY: u32 = u32::MAX;

/// The same for a unit that is ready and whose calls somebody looks at: see [`crate::hooks`].
pub(crate) const WATCHED: u32 = u32::MAX - 1;

/// A function, as one VM runs it.
#[derive(Debug)]
pub(crate) struct Unit {
    /// The first instruction, in the shared code or in a copy with traps.
    pub(crate) code: *const Ins,
    pub(crate) consts: Box<[Value]>,
    /// For each constant that names an attribute.
    pub(crate) attrs: Box<[Cell<Cache>]>,
    /// For each call site.
    pub(crate) sites: Box<[Cell<Cache>]>,
    /// How many registers it uses; [`NOT_READY`] until its constants have been made, or
    /// [`WATCHED`].
    pub(crate) window: u32,
    pub(crate) first_temp: u16,
}

const _: () = assert!(size_of::<Unit>() == 64);

impl Unit {
    /// One that has to be made ready when it is first called.
    pub(crate) fn new(code: &[Ins], first_temp: u16) -> Self {
        Self {
            code: code.as_ptr(),
            consts: Box::default(),
            attrs: Box::default(),
            sites: Box::default(),
            window: NOT_READY,
            first_temp,
        }
    }
}
