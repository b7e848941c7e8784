//! Small blocks, from free lists: allocating or freeing one is a handful of instructions.
//!
//! A pool has one free list for each size class (multiples of 16 bytes up to 128), fed from slabs that grow from 512 bytes
//! to 16 KiB, so that a small script costs little and a large one asks the system rarely. Slabs that have become wholly free
//! go back to the system only in [`Pool::trim`], which the heap calls when it holds much more than is in use.
#![expect(unsafe_code, reason = "free lists are threaded through the free blocks themselves")]

use core::alloc::Layout;
use core::ptr::{self, NonNull};

use super::dying;
use crate::fault::Res;
use crate::limits::memory::allocation_failed;

/// Blocks are multiples of this, and aligned to it.
pub(super) const GRAIN: usize = 16;
/// The largest block that comes from a pool.
pub(super) const MAX_SMALL: usize = 128;
const CLASSES: usize = MAX_SMALL / GRAIN + 1;
const FIRST_SLAB: usize = 512;
const LAST_SLAB: usize = 16 * 1024;

/// Whether a block of that size comes from a pool. With feature `system-blocks` none does, so that the address sanitizer
/// sees every use of a freed object.
#[inline(always)]
pub(super) const fn is_small(size: usize) -> bool {
    size <= MAX_SMALL && cfg!(not(feature = "system-blocks"))
}

/// The size class of `size` bytes, which must be between 1 and [`MAX_SMALL`].
#[inline(always)]
pub(super) const fn class_of(size: usize) -> usize {
    debug_assert!(size >= 1 && size <= MAX_SMALL);
    size.div_ceil(GRAIN)
}

/// Memory of the system in which objects may lie: its addresses have room in the list of the dying. Every system of today
/// gives such addresses; with one that does not, no VM gets memory.
///
/// # Safety
/// The layout is not of zero bytes.
pub(super) unsafe fn new_from_system(layout: Layout) -> Option<NonNull<u8>> {
    // SAFETY: the caller's promise.
    let at = NonNull::new(unsafe { std::alloc::alloc(layout) })?;
    dying::has_room_for(at.addr().get().checked_add(layout.size())?).then_some(at)
}

/// A free block: begins with eight bytes that belong to whoever walks the pool, then the next free block.
#[repr(C)]
struct Free {
    _head: u64,
    next: *mut Free,
}

/// One size class.
#[derive(Clone, Copy)]
struct Class {
    free: *mut Free,
    /// The part of the newest slab that has never been handed out.
    cursor: *mut u8,
    end: *mut u8,
}

struct Slab {
    at: NonNull<u8>,
    bytes: usize,
    class: usize,
    /// Free blocks, counted by `trim` only.
    n_free: usize,
}

/// Free lists and the slabs that feed them.
pub(super) struct Pool {
    classes: [Class; CLASSES],
    slabs: Vec<Slab>,
    held: usize,
}

impl Pool {
    /// A pool that holds nothing.
    pub(super) const fn new() -> Self {
        let empty = Class { free: ptr::null_mut(), cursor: ptr::null_mut(), end: ptr::null_mut() };
        Self { classes: [empty; CLASSES], slabs: Vec::new(), held: 0 }
    }

    /// Bytes that this pool has from the system.
    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// A block of that class, if there is one; its content is arbitrary.
    #[inline(always)]
    pub(super) fn take(&mut self, class: usize) -> Option<NonNull<u8>> {
        let entry = &mut self.classes[class];
        let Some(free) = NonNull::new(entry.free) else { return self.carve(class) };
        // SAFETY: `free` came from `give`, which wrote a whole `Free` there; the block is ours until we hand it out.
        entry.free = unsafe { (*free.as_ptr()).next };
        Some(free.cast())
    }

    #[inline(never)]
    fn carve(&mut self, class: usize) -> Option<NonNull<u8>> {
        let entry = &mut self.classes[class];
        if entry.cursor == entry.end {
            return None;
        }
        let block = entry.cursor;
        // SAFETY: `cursor < end`, both multiples of the class size from the slab's start, so one block more is in the slab.
        entry.cursor = unsafe { block.add(class * GRAIN) };
        NonNull::new(block)
    }

    /// Gets a slab for that class, which has no block left.
    ///
    /// # Errors
    /// L0009 if the system has no memory.
    pub(super) fn grow(&mut self, class: usize) -> Res<()> {
        let newest = self.slabs.iter().rev().find(|slab| slab.class == class);
        let wanted =
            newest.map_or(FIRST_SLAB, |slab| (slab.bytes * 2).clamp(FIRST_SLAB, LAST_SLAB));
        let bytes = wanted - wanted % (class * GRAIN);
        self.slabs.try_reserve(1).map_err(|_| allocation_failed(bytes))?;
        // SAFETY: `bytes` is at least `FIRST_SLAB - MAX_SMALL`, not zero.
        let at = unsafe { new_from_system(slab_layout(bytes)) };
        let Some(at) = at else { return Err(allocation_failed(bytes)) };
        self.slabs.push(Slab { at, bytes, class, n_free: 0 });
        self.held += bytes;
        let entry = &mut self.classes[class];
        entry.cursor = at.as_ptr();
        // SAFETY: one past the end of the allocation just made.
        entry.end = unsafe { at.as_ptr().add(bytes) };
        Ok(())
    }

    /// Takes a block back.
    ///
    /// # Safety
    /// `block` came from [`Pool::take`] of this pool with this `class`, and nobody uses it any more.
    #[inline(always)]
    pub(super) unsafe fn give(&mut self, block: NonNull<u8>, class: usize) {
        let free: *mut Free = block.as_ptr().cast();
        let entry = &mut self.classes[class];
        // SAFETY: a block has at least 16 bytes, is aligned to 16, and the caller gives it up.
        unsafe { (*free).next = entry.free };
        entry.free = free;
    }

    /// Calls `visit` with every block that was ever handed out, free or not, and its class.
    pub(super) fn walk(&self, mut visit: impl FnMut(NonNull<u8>)) {
        for slab in &self.slabs {
            let step = slab.class * GRAIN;
            for offset in (0..self.used(slab)).step_by(step) {
                // SAFETY: `offset < used <= bytes`, inside the slab's allocation.
                visit(unsafe { slab.at.add(offset) });
            }
        }
    }

    /// How much of a slab has been handed out: all, but for the newest of its class.
    fn used(&self, slab: &Slab) -> usize {
        let class = &self.classes[slab.class];
        let start = slab.at.as_ptr().addr();
        if class.end.addr() == start + slab.bytes {
            class.cursor.addr() - start
        } else {
            slab.bytes
        }
    }

    /// Gives slabs back to the system that have no block in use. Linear in the number of free blocks, times the logarithm
    /// of the number of slabs.
    pub(super) fn trim(&mut self) {
        sort(&mut self.slabs, |slab| slab.at.as_ptr().addr());
        for slab in &mut self.slabs {
            slab.n_free = 0;
        }
        self.each_free(|slabs, block| {
            if let Some(slab) = slab_of(slabs, block) {
                slabs[slab].n_free += 1;
            }
            true
        });
        for at in 0..self.slabs.len() {
            let slab = &self.slabs[at];
            let is_free = slab.n_free * slab.class * GRAIN == self.used(slab);
            self.slabs[at].n_free = usize::from(is_free);
        }
        self.each_free(|slabs, block| slab_of(slabs, block).is_none_or(|it| slabs[it].n_free == 0));
        let classes = &mut self.classes;
        let held = &mut self.held;
        self.slabs.retain(|slab| {
            if slab.n_free == 0 {
                return true;
            }
            let class = &mut classes[slab.class];
            if class.end.addr() == slab.at.as_ptr().addr() + slab.bytes {
                class.cursor = ptr::null_mut();
                class.end = ptr::null_mut();
            }
            *held -= slab.bytes;
            // SAFETY: allocated in `grow` with this layout; no block of it is in use or on a free list any more.
            unsafe { std::alloc::dealloc(slab.at.as_ptr(), slab_layout(slab.bytes)) };
            false
        });
        // The order of age decides the size of the next slab; after a trim, the size does.
        sort(&mut self.slabs, |slab| slab.bytes);
    }

    /// Goes through all free lists; keeps the blocks for which `keep` says so.
    fn each_free(&mut self, mut keep: impl FnMut(&mut [Slab], *mut Free) -> bool) {
        for class in &mut self.classes {
            let mut at = class.free;
            let mut kept: *mut Free = ptr::null_mut();
            while !at.is_null() {
                // SAFETY: on the free list, so it holds a whole `Free`.
                let next = unsafe { (*at).next };
                if keep(&mut self.slabs, at) {
                    // SAFETY: as above.
                    unsafe { (*at).next = kept };
                    kept = at;
                }
                at = next;
            }
            class.free = kept;
        }
    }
}

/// Sorts where they are, since there may be no memory left: one copy of the sorting code for both orders.
#[inline(never)]
fn sort(slabs: &mut [Slab], key: fn(&Slab) -> usize) {
    slabs.sort_unstable_by_key(key);
}

/// Which of the slabs, sorted by address, holds a block.
fn slab_of(slabs: &[Slab], block: *mut Free) -> Option<usize> {
    slabs.partition_point(|slab| slab.at.as_ptr().addr() <= block.addr()).checked_sub(1)
}

fn slab_layout(bytes: usize) -> Layout {
    const { assert!(LAST_SLAB < isize::MAX as usize) };
    // The alignment is a power of two and the size far below the maximum, so this is the layout that was asked for.
    Layout::from_size_align(bytes, GRAIN).unwrap_or(Layout::new::<u128>())
}

impl Drop for Pool {
    fn drop(&mut self) {
        for slab in &self.slabs {
            // SAFETY: allocated in `grow` with this layout; the pool goes away, so nobody uses its blocks.
            unsafe { std::alloc::dealloc(slab.at.as_ptr(), slab_layout(slab.bytes)) };
        }
    }
}
