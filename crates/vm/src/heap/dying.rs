//! Objects without owners that have children to give up: a list threaded through the objects themselves.
//!
//! A dead object needs neither its count nor its small number any more: six bytes, which hold the address of the next one,
//! a multiple of 16 below 2^52. So freeing takes no memory, however much dies at once.
#![expect(unsafe_code, reason = "links dead objects through their headers")]

use core::ptr::{self, NonNull};

use super::block::Header;
use super::children;
use super::slab::GRAIN;
use crate::value::Tag;

/// The list, last in first out.
#[derive(Debug, Default)]
pub(super) struct Dying {
    first: Option<NonNull<Header>>,
}

/// How many bits of an address a header can keep, without those that are always zero.
const LINK_BITS: u32 = 48;

/// Whether objects before that address can be in the list.
pub(super) const fn has_room_for(end: usize) -> bool {
    (end as u64 / GRAIN as u64) >> LINK_BITS == 0
}

impl Dying {
    /// Adds an object.
    ///
    /// # Safety
    /// It has no owner and has not been freed, and it is not in the list.
    #[inline(always)]
    pub(super) unsafe fn push(&mut self, at: NonNull<Header>) {
        let next = self.first.map_or(ptr::null_mut(), NonNull::as_ptr);
        // SAFETY: the caller's promise.
        unsafe { at.as_ref() }.set_link(next.expose_provenance() as u64 / GRAIN as u64);
        self.first = Some(at);
    }

    /// Takes out the object that was added last, with its kind.
    #[inline(always)]
    pub(super) fn pop(&mut self) -> Option<(NonNull<Header>, Tag)> {
        let at = self.first?;
        // SAFETY: what is in the list has not been freed.
        let header = unsafe { at.as_ref() };
        #[expect(clippy::cast_possible_truncation, reason = "was made of an address")]
        let next = header.link() as usize * GRAIN;
        self.first = NonNull::new(ptr::with_exposed_provenance_mut(next));
        children::tag_of(header).map(|tag| (at, tag))
    }
}
