//! Counting owners, and freeing what has none: never by recursion, so that a list of a million levels is no danger.
//!
//! An object that dies gives up its children first. Those that die with it and may have children of their own wait in a
//! list that takes no memory ([`super::dying`]); leaves (strings, ranges) are freed at once.
#![expect(unsafe_code, reason = "reads headers behind values, frees blocks without owners")]

use core::ptr::NonNull;

use super::block::Header;
use super::dying::Dying;
use super::{Heap, Memory, children};
use crate::value::{Tag, Value};

/// Counts one owner more of what the value refers to.
#[inline(always)]
pub(crate) fn retain(value: Value) {
    if value.is_heap() {
        // SAFETY: a heap value refers to a live object as long as it is counted, which its owner sees to (`Value`'s docs).
        unsafe { (*value.header()).retain() };
    }
}

/// Whether the value is the only owner of what it refers to. Immediates own nothing, so they are not.
#[inline(always)]
pub(crate) fn is_unique(value: Value) -> bool {
    // SAFETY: as in `retain`.
    value.is_heap() && unsafe { (*value.header()).is_unique() }
}

// SAFETY: a heap owns all that its pointers refer to, shares none of it with another heap or thread, and counts without
// atomics only because it moves as one. What objects own beside values (`assert_send` below) can be sent as well.
unsafe impl Send for Heap {}

const _: () = {
    const fn assert_send<T: Send>() {}
    assert_send::<crate::object::ErrorObject>();
    assert_send::<crate::object::HostObject>();
    assert_send::<Value>();
};

impl Heap {
    /// Counts one owner more of what the value refers to, if it is on the heap.
    #[inline(always)]
    pub fn retain(&self, value: Value) {
        retain(value);
    }

    /// Whether the value is the only owner of what it refers to: then it may be changed in place. False for immediates.
    #[inline(always)]
    #[must_use]
    pub fn is_unique(&self, value: Value) -> bool {
        is_unique(value)
    }

    /// Gives up one count of what the value refers to, and frees it if that was the last. The value must not be used again.
    #[inline(always)]
    pub fn release(&mut self, value: Value) {
        if value.is_heap() {
            // SAFETY: the caller owns a count, so the object lives.
            let last = unsafe { (*value.header()).release() };
            if last {
                self.free(value);
            }
        }
    }

    /// Gives up one count of each.
    pub fn release_all(&mut self, values: impl IntoIterator<Item = Value>) {
        for value in values {
            self.release(value);
        }
    }

    /// Frees an object without owners, and all that dies with it.
    #[inline(never)]
    fn free(&mut self, value: Value) {
        let Some(at) = NonNull::new(value.header()) else { return };
        // SAFETY: the last count of a live object has just gone, so this is the one place that knows it.
        unsafe { self.free_one(at, value.tag()) };
        self.free_dying();
    }

    /// Frees what waits, and what comes to wait meanwhile.
    #[inline(always)]
    fn free_dying(&mut self) {
        while let Some((at, tag)) = self.dying.pop() {
            // SAFETY: an object is put on the list once, when its last count goes.
            unsafe { self.free_one(at, tag) };
        }
    }

    /// Frees one object; its children that die and may have children wait.
    ///
    /// # Safety
    /// `at` is an object of that kind that has no owner and has not been freed.
    #[inline(always)]
    unsafe fn free_one(&mut self, at: NonNull<Header>, tag: Tag) {
        let Self { mem, dying, .. } = self;
        // SAFETY: the caller's promise; nobody refers to it, and its children are given up.
        unsafe {
            children::take_apart(mem, at, tag, |mem, child| release_child(mem, dying, child));
        }
    }
}

/// Gives up a count that a dying parent had.
#[inline]
fn release_child(mem: &mut Memory, dying: &mut Dying, child: Value) {
    let Some(at) = NonNull::new(child.header()) else { return };
    // SAFETY: the dying parent owned a count of the child, so it lives.
    if !unsafe { at.as_ref() }.release() {
        return;
    }
    let tag = child.tag();
    if children::is_leaf(tag) {
        // SAFETY: the last count is gone, and leaves have no children to give up.
        unsafe { children::take_apart(mem, at, tag, |_, _| {}) };
    } else {
        // SAFETY: the last count has just gone, so nobody else frees it or puts it on the list.
        unsafe { dying.push(at) };
    }
}
