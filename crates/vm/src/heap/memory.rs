//! Where a heap's bytes come from: small blocks from pools, large ones from the system, all of them booked.
//!
//! Objects and buffers come from different pools, so that a walk over the object pool meets headers only.
//!
//! What the system has given may exceed what is booked, because free blocks wait for their next use. Past the limit the
//! pools are trimmed; past a quarter more, if that did not help, the limit counts as reached.
#![expect(unsafe_code, reason = "allocates and frees raw blocks")]

use core::alloc::Layout;
use core::ptr::NonNull;

use super::block::{Block, Header, LARGE};
use super::children;
use super::slab::{GRAIN, Pool, class_of, is_small, new_from_system};
use crate::fault::Res;
use crate::limits::memory::{Account, allocation_failed, too_large};
use crate::object::HashSeed;
use crate::value::Tag;

/// What may be held from the system on top of that.
const SLACK: usize = 1 << 20;

/// Stands before an object that has an allocation of its own.
#[repr(C)]
struct Prefix {
    /// Where in [`Memory::large`].
    index: usize,
    /// Bytes of the object, without this.
    size: usize,
}

const PREFIX: usize = size_of::<Prefix>();
const _: () = assert!(PREFIX == GRAIN);

/// The allocator of one heap, with its account and its hash seed: all that a collection needs to grow.
pub struct Memory {
    account: Account,
    objects: Pool,
    buffers: Pool,
    large: Vec<NonNull<Prefix>>,
    seed: HashSeed,
    /// Bytes from the system outside the pools.
    held_large: usize,
    /// Below this many held bytes nobody thinks of trimming.
    trim_at: usize,
}

impl Memory {
    pub(super) const fn new(limit: usize, seed: u64) -> Self {
        Self {
            account: Account::new(limit),
            objects: Pool::new(),
            buffers: Pool::new(),
            large: Vec::new(),
            seed: HashSeed::new(seed),
            held_large: 0,
            trim_at: 0,
        }
    }

    /// The book of this memory.
    #[must_use]
    pub const fn account(&self) -> &Account {
        &self.account
    }

    /// The book of this memory, to set a limit.
    pub const fn account_mut(&mut self) -> &mut Account {
        &mut self.account
    }

    /// The secret that hashes depend on.
    #[inline(always)]
    #[must_use]
    pub const fn seed(&self) -> &HashSeed {
        &self.seed
    }

    /// A new object of one owner: its header, then room for the body and `tail` bytes, which the caller fills in at once.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline(always)]
    pub(super) fn new_block<T>(&mut self, tag: Tag, tail: usize) -> Res<NonNull<Block<T>>> {
        const { assert!(align_of::<T>() <= 8) };
        let Some(size) = size_of::<Block<T>>().checked_add(tail) else { return Err(too_large()) };
        let (at, class) = if is_small(size) {
            let class = class_of(size);
            (self.small(class, Kind::Object)?, class)
        } else {
            (self.large_object(size)?, usize::from(LARGE))
        };
        self.account.object_born();
        let at: NonNull<Block<T>> = at.cast();
        #[expect(clippy::cast_possible_truncation, reason = "classes are below 10, or LARGE")]
        let header = Header::new(tag, class as u8);
        // SAFETY: freshly allocated with room for it, aligned to 16.
        unsafe { at.cast::<Header>().write(header) };
        Ok(at)
    }

    /// How many bytes of tail an object of that body and at least that tail can have without growing.
    #[inline(always)]
    pub(super) fn tail_capacity<T>(tail: usize) -> usize {
        let size = size_of::<Block<T>>() + tail;
        if is_small(size) { class_of(size) * GRAIN - size_of::<Block<T>>() } else { tail }
    }

    #[inline(always)]
    fn small(&mut self, class: usize, kind: Kind) -> Res<NonNull<u8>> {
        self.account.book(class * GRAIN)?;
        match self.pool(kind).take(class) {
            Some(block) => Ok(block),
            None => self.refill(class, kind),
        }
    }

    #[inline(always)]
    fn pool(&mut self, kind: Kind) -> &mut Pool {
        match kind {
            Kind::Object => &mut self.objects,
            Kind::Buffer => &mut self.buffers,
        }
    }

    /// A block from a fresh slab; its bytes are booked.
    #[cold]
    #[inline(never)]
    fn refill(&mut self, class: usize, kind: Kind) -> Res<NonNull<u8>> {
        self.account.note_peak();
        let grown = self.check_held(0).and_then(|()| self.pool(kind).grow(class));
        match grown.map(|()| self.pool(kind).take(class)) {
            Ok(Some(block)) => Ok(block),
            failed => {
                self.account.unbook(class * GRAIN);
                Err(failed.err().unwrap_or_else(|| allocation_failed(class * GRAIN)))
            }
        }
    }

    /// Trims if much more is held than in use.
    ///
    /// # Errors
    /// L0002 if trimming does not help: blocks in use are spread so thinly over slabs that hardly one is free.
    fn check_held(&mut self, more: usize) -> Res<()> {
        let held = self.held_bytes().saturating_add(more);
        if held < self.trim_at {
            return Ok(());
        }
        let limit = self.account.limit();
        if held < limit.saturating_add(SLACK) {
            return Ok(());
        }
        self.trim();
        let held = self.held_bytes().saturating_add(more);
        // A trim looks at all free blocks, so the next one waits until there is as much new to be found.
        self.trim_at = held.saturating_add(limit / 16).saturating_add(SLACK / 16);
        if held > self.most_held() {
            return Err(self.account.exceeded(more));
        }
        Ok(())
    }

    /// What may be held from the system: a quarter more than may be in use.
    const fn most_held(&self) -> usize {
        let limit = self.account.limit();
        limit.saturating_add(limit / 4).saturating_add(SLACK)
    }

    /// The size to grow to where doubling is more than the limit leaves: what is needed, of which `more` is not in use yet,
    /// and half of what would be left, so that a collection nears its limit in few steps.
    pub(super) fn near(&self, needed: usize, more: usize) -> usize {
        let left = self.account.remaining().saturating_sub(more);
        let to_hold = self.most_held().saturating_sub(self.held_bytes()).saturating_sub(needed);
        needed.saturating_add(left.min(to_hold) / 2)
    }

    #[cold]
    #[inline(never)]
    fn large_object(&mut self, size: usize) -> Res<NonNull<u8>> {
        self.large.try_reserve(1).map_err(|_| allocation_failed(size))?;
        let Some(whole) = size.checked_add(PREFIX) else { return Err(too_large()) };
        let at: NonNull<Prefix> = self.system(whole)?.cast();
        // SAFETY: freshly allocated with room for the prefix.
        unsafe { at.write(Prefix { index: self.large.len(), size }) };
        self.large.push(at);
        // SAFETY: `size` bytes follow the prefix.
        Ok(unsafe { at.add(1) }.cast())
    }

    /// Books and allocates outside the pools.
    fn system(&mut self, bytes: usize) -> Res<NonNull<u8>> {
        let layout = Layout::from_size_align(bytes, GRAIN).map_err(|_| too_large())?;
        self.check_held(bytes)?;
        self.account.book(bytes)?;
        self.account.note_peak();
        // SAFETY: never zero: objects have headers, and buffers of no bytes are not allocated.
        let Some(at) = (unsafe { new_from_system(layout) }) else {
            self.account.unbook(bytes);
            return Err(allocation_failed(bytes));
        };
        self.held_large += bytes;
        Ok(at)
    }

    /// # Safety
    /// `at` came from [`Memory::system`] with these `bytes`, and nobody uses it any more.
    unsafe fn system_free(&mut self, at: NonNull<u8>, bytes: usize) {
        self.account.unbook(bytes);
        self.held_large -= bytes;
        let Ok(layout) = Layout::from_size_align(bytes, GRAIN) else { return };
        // SAFETY: the caller's promise; `system` used this layout.
        unsafe { std::alloc::dealloc(at.as_ptr(), layout) };
    }

    /// Frees the block of an object; what its body points to has been freed or moved out before.
    ///
    /// # Safety
    /// `at` is an object of this memory, and nobody uses it any more.
    #[inline(always)]
    pub(super) unsafe fn free_block(&mut self, at: NonNull<Header>) {
        self.account.object_died();
        // SAFETY: the caller's promise: a valid object.
        let header = unsafe { at.as_ref() };
        let class = header.class;
        header.kind.set(0);
        if class == LARGE {
            // SAFETY: the caller's promise.
            return unsafe { self.free_large(at) };
        }
        let class = usize::from(class);
        self.account.unbook(class * GRAIN);
        // SAFETY: `new_block` took it from this pool with the class it wrote into the header.
        unsafe { self.objects.give(at.cast(), class) };
    }

    /// # Safety
    /// As [`Memory::free_block`], for an object whose class is `LARGE`.
    #[cold]
    #[inline(never)]
    unsafe fn free_large(&mut self, at: NonNull<Header>) {
        // SAFETY: `large_object` put a prefix right before the object.
        let prefix = unsafe { at.cast::<Prefix>().sub(1) };
        // SAFETY: as above; it is valid until freed below.
        let Prefix { index, size } = unsafe { prefix.read() };
        self.large.swap_remove(index);
        if let Some(moved) = self.large.get(index) {
            // SAFETY: what is in `large` is allocated and begins with a prefix.
            unsafe { (*moved.as_ptr()).index = index };
        }
        // SAFETY: allocated by `large_object` with this size and the prefix.
        unsafe { self.system_free(prefix.cast(), size + PREFIX) };
    }

    /// A buffer of `bytes`, rounded up by [`Memory::buffer_size`]. Not for zero bytes.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    pub(super) fn new_buffer(&mut self, bytes: usize) -> Res<NonNull<u8>> {
        debug_assert!(bytes > 0);
        if is_small(bytes) { self.small(class_of(bytes), Kind::Buffer) } else { self.system(bytes) }
    }

    /// What a buffer of `bytes` really has.
    pub(super) const fn buffer_size(bytes: usize) -> usize {
        if is_small(bytes) { bytes.next_multiple_of(GRAIN) } else { bytes }
    }

    /// Frees a buffer.
    ///
    /// # Safety
    /// `at` came from [`Memory::new_buffer`] (or the last [`Memory::resize_buffer`]) with these `bytes`, and nobody uses
    /// it any more.
    #[inline]
    pub(super) unsafe fn free_buffer(&mut self, at: NonNull<u8>, bytes: usize) {
        if is_small(bytes) {
            let class = class_of(bytes);
            self.account.unbook(class * GRAIN);
            // SAFETY: the caller's promise.
            unsafe { self.buffers.give(at, class) };
        } else {
            // SAFETY: the caller's promise.
            unsafe { self.system_free(at, bytes) };
        }
    }

    /// Makes a buffer of `old` bytes one of `new` bytes, with the same content as far as both go. On an error nothing has
    /// changed.
    ///
    /// # Errors
    /// L0002 and L0009.
    ///
    /// # Safety
    /// As [`Memory::free_buffer`], with `old` for `bytes`; `keep` is at most both sizes.
    pub(super) unsafe fn resize_buffer(
        &mut self,
        at: NonNull<u8>,
        old: usize,
        new: usize,
        keep: usize,
    ) -> Res<NonNull<u8>> {
        if !is_small(old) && !is_small(new) {
            // SAFETY: the caller's promise; both sizes are outside the pools.
            return unsafe { self.system_resize(at, old, new) };
        }
        let fresh = self.new_buffer(new)?;
        // SAFETY: both are valid for `keep` bytes and distinct.
        unsafe { fresh.copy_from_nonoverlapping(at, keep) };
        // SAFETY: the caller's promise.
        unsafe { self.free_buffer(at, old) };
        Ok(fresh)
    }

    /// # Safety
    /// As [`Memory::resize_buffer`], for sizes outside the pools.
    unsafe fn system_resize(
        &mut self,
        at: NonNull<u8>,
        old: usize,
        new: usize,
    ) -> Res<NonNull<u8>> {
        let old_layout = Layout::from_size_align(old, GRAIN).map_err(|_| too_large())?;
        Layout::from_size_align(new, GRAIN).map_err(|_| too_large())?;
        let more = new.saturating_sub(old);
        // To grow, the system may have to copy, and holds both for a while.
        self.check_held(if more > 0 { new } else { 0 })?;
        self.account.book(more)?;
        // SAFETY: allocated with `old_layout`; `new` is not zero and a valid size for the alignment.
        let moved = unsafe { std::alloc::realloc(at.as_ptr(), old_layout, new) };
        let Some(moved) = NonNull::new(moved) else {
            self.account.unbook(more);
            return Err(allocation_failed(new));
        };
        self.account.unbook(old.saturating_sub(new));
        self.account.note_peak();
        self.held_large = self.held_large - old + new;
        Ok(moved)
    }

    /// Bytes that the system has given, in use or not.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.objects.held() + self.buffers.held() + self.held_large
    }

    /// Gives back what is not in use.
    pub fn trim(&mut self) {
        self.objects.trim();
        self.buffers.trim();
    }

    /// Calls `visit` with every object there is.
    pub(super) fn each_object(&self, visit: impl FnMut(NonNull<Header>)) {
        each_object(&self.objects, &self.large, visit);
    }
}

fn each_object(pool: &Pool, large: &[NonNull<Prefix>], mut visit: impl FnMut(NonNull<Header>)) {
    pool.walk(|block| {
        let at: NonNull<Header> = block.cast();
        // SAFETY: blocks of the object pool begin with a header; `free_block` leaves it there with kind 0.
        if unsafe { at.as_ref() }.kind.get() != 0 {
            visit(at);
        }
    });
    for prefix in large {
        // SAFETY: the object follows its prefix.
        visit(unsafe { prefix.add(1) }.cast());
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Object,
    Buffer,
}

/// Frees every object, however they refer to each other.
impl Drop for Memory {
    fn drop(&mut self) {
        let objects = core::mem::replace(&mut self.objects, Pool::new());
        let large = core::mem::take(&mut self.large);
        each_object(&objects, &large, |at| {
            // SAFETY: an object that has not been freed; what it refers to is freed as well, so no counts matter.
            unsafe { children::free_buffers(self, at) };
        });
        for prefix in large {
            // SAFETY: what is in `large` is allocated and begins with a prefix.
            let size = unsafe { prefix.read() }.size;
            // SAFETY: allocated by `large_object` with this size and the prefix; the memory goes away.
            unsafe { self.system_free(prefix.cast(), size + PREFIX) };
        }
    }
}
