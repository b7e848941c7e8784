//! What is remembered of the objects that code has seen: inline caches, which stand beside the code.
//!
//! Lowered code is shared and never changes. Caches are `Cell`s, so that looking something up never needs the VM for itself.

use crate::value::TypeId;

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
