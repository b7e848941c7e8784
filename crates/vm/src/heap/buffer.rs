//! A growable run of plain elements, the only one that objects use: like `Vec`, but 16 bytes, booked, and never aborting.
//!
//! It has no `Drop`: the object that owns it gives it back with [`Buf::free`]. A buffer that is forgotten stays booked.
#![expect(unsafe_code, reason = "elements live in raw memory of the heap")]

use core::fmt;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::ptr::NonNull;

use super::Memory;
use super::slab::GRAIN;
use crate::fault::Res;
use crate::limits::memory::too_large;

/// What a buffer may hold: plain data without a destructor, that fits the alignment of the heap.
pub trait Plain: Copy {}

impl Plain for i64 {}
impl Plain for f64 {}
impl Plain for bool {}
impl Plain for u8 {}
impl Plain for u32 {}
impl Plain for u64 {}
impl Plain for crate::value::Value {}

/// A growable run of elements. Invariant: the first `len` of `cap` elements are initialised; `at` dangles if `cap` is 0.
pub struct Buf<T: Plain> {
    at: NonNull<T>,
    len: u32,
    cap: u32,
    owns: PhantomData<T>,
}

impl<T: Plain> Buf<T> {
    /// An empty buffer that holds no memory.
    #[inline(always)]
    #[must_use]
    pub const fn new() -> Self {
        const { assert!(size_of::<T>() > 0 && align_of::<T>() <= GRAIN) };
        // So that the capacity tells the size of the block again.
        const { assert!(GRAIN.is_multiple_of(size_of::<T>()) || size_of::<T>().is_multiple_of(GRAIN)) };
        Self { at: NonNull::dangling(), len: 0, cap: 0, owns: PhantomData }
    }

    /// An empty buffer with room for `n` elements.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    pub fn with_capacity(mem: &mut Memory, n: usize) -> Res<Self> {
        if n == 0 {
            return Ok(Self::new());
        }
        let (bytes, cap) = Self::size_for(n)?;
        Ok(Self { at: mem.new_buffer(bytes)?.cast(), len: 0, cap, owns: PhantomData })
    }

    /// How many bytes a buffer for `n` elements takes, and how many elements fit into that.
    #[inline(always)]
    fn size_for(n: usize) -> Res<(usize, u32)> {
        let bytes = n.checked_mul(size_of::<T>()).ok_or_else(too_large)?;
        let bytes = Memory::buffer_size(bytes);
        let cap = u32::try_from(bytes / size_of::<T>()).map_err(|_| too_large())?;
        Ok((bytes, cap))
    }

    /// A buffer of the same elements; what they refer to is the caller's to count.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn copy_of(mem: &mut Memory, items: &[T]) -> Res<Self> {
        let mut buf = Self::with_capacity(mem, items.len())?;
        buf.extend(mem, items)?;
        Ok(buf)
    }

    /// A buffer of what an iterator gives.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    pub fn collect(mem: &mut Memory, items: impl ExactSizeIterator<Item = T>) -> Res<Self> {
        let mut n = 0;
        let mut buf = Self::with_capacity(mem, items.len())?;
        for (place, item) in buf.spare().iter_mut().zip(items) {
            place.write(item);
            n += 1;
        }
        // As many of the spare places as were just written.
        buf.len = n;
        Ok(buf)
    }

    /// The places behind the elements.
    #[inline(always)]
    const fn spare(&mut self) -> &mut [MaybeUninit<T>] {
        let n = self.cap as usize - self.len as usize;
        // SAFETY: inside the allocation, or dangling with nothing behind.
        let end = unsafe { self.at.add(self.len as usize) };
        // SAFETY: the places up to `cap` are allocated; whether they are initialised does not matter.
        unsafe { core::slice::from_raw_parts_mut(end.as_ptr().cast(), n) }
    }

    /// How many elements there are.
    #[inline(always)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    #[inline(always)]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many elements it has room for.
    #[inline(always)]
    #[must_use]
    pub const fn capacity(&self) -> usize {
        self.cap as usize
    }

    /// The elements.
    #[inline(always)]
    #[must_use]
    pub const fn as_slice(&self) -> &[T] {
        // SAFETY: the first `len` elements are initialised, and `at` is aligned even if it dangles.
        unsafe { core::slice::from_raw_parts(self.at.as_ptr(), self.len as usize) }
    }

    /// The elements, to change them.
    #[inline(always)]
    #[must_use]
    pub const fn as_mut_slice(&mut self) -> &mut [T] {
        // SAFETY: as in `as_slice`; the buffer is borrowed for as long.
        unsafe { core::slice::from_raw_parts_mut(self.at.as_ptr(), self.len as usize) }
    }

    /// The element at an index, if there is one.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, at: usize) -> Option<T> {
        self.as_slice().get(at).copied()
    }

    /// Makes room for `more` elements beside those there are, at least doubling.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    #[inline]
    pub fn reserve(&mut self, mem: &mut Memory, more: usize) -> Res<()> {
        if more <= (self.cap - self.len) as usize {
            return Ok(());
        }
        self.grow(mem, more)
    }

    #[inline(never)]
    fn grow(&mut self, mem: &mut Memory, more: usize) -> Res<()> {
        let needed = self.len().checked_add(more).ok_or_else(too_large)?;
        let doubled = if self.cap == 0 { needed } else { needed.max(self.capacity() * 2) };
        match self.set_capacity(mem, doubled) {
            // Doubling may be more than the limit leaves; what is needed may not.
            Err(_) if doubled > needed => {
                let more = (needed - self.capacity()).saturating_mul(size_of::<T>());
                let near = mem.near(needed * size_of::<T>(), more) / size_of::<T>();
                let nearer = self.set_capacity(mem, near.clamp(needed, doubled));
                nearer.or_else(|_| self.set_capacity(mem, needed))
            }
            done => done,
        }
    }

    fn set_capacity(&mut self, mem: &mut Memory, wanted: usize) -> Res<()> {
        let (bytes, cap) = Self::size_for(wanted)?;
        let at = if self.cap == 0 {
            mem.new_buffer(bytes)?
        } else {
            let keep = self.len() * size_of::<T>();
            // SAFETY: `at` was allocated with `self.bytes()`; both sizes hold the `len` elements kept.
            unsafe { mem.resize_buffer(self.at.cast(), self.bytes(), bytes, keep)? }
        };
        self.at = at.cast();
        self.cap = cap;
        Ok(())
    }

    /// What was asked of the memory for this buffer.
    #[inline(always)]
    fn bytes(&self) -> usize {
        self.capacity() * size_of::<T>()
    }

    /// Appends an element.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    #[inline(always)]
    pub fn push(&mut self, mem: &mut Memory, item: T) -> Res<()> {
        if self.len == self.cap {
            self.grow(mem, 1)?;
        }
        // SAFETY: `len < cap`, so the place is inside the allocation.
        let end = unsafe { self.at.add(self.len as usize) };
        // SAFETY: as above, and aligned.
        unsafe { end.write(item) };
        self.len += 1;
        Ok(())
    }

    /// Appends elements.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn extend(&mut self, mem: &mut Memory, items: &[T]) -> Res<()> {
        self.reserve(mem, items.len())?;
        // SAFETY: inside the allocation, or dangling with nothing to copy.
        let end = unsafe { self.at.add(self.len()) };
        // SAFETY: room was reserved; `items` cannot overlap what is not yet part of the buffer.
        unsafe { end.copy_from_nonoverlapping(NonNull::from(items).cast(), items.len()) };
        // `reserve` saw to it that the sum fits.
        self.len += u32::try_from(items.len()).map_err(|_| too_large())?;
        Ok(())
    }

    /// Appends `n` times the same element.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn extend_with(&mut self, mem: &mut Memory, item: T, n: usize) -> Res<()> {
        self.reserve(mem, n)?;
        for _ in 0..n {
            self.push(mem, item)?;
        }
        Ok(())
    }

    /// Takes off the last element.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        let last = *self.as_slice().last()?;
        self.len -= 1;
        Some(last)
    }

    /// Puts an element before the one at `at`, or at the end. `at` is at most the length.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn insert(&mut self, mem: &mut Memory, at: usize, item: T) -> Res<()> {
        self.push(mem, item)?;
        if let Some(tail) = self.as_mut_slice().get_mut(at..) {
            tail.rotate_right(1);
        }
        Ok(())
    }

    /// Takes out the element at `at`; those behind it move up.
    pub fn remove(&mut self, at: usize) -> Option<T> {
        self.as_mut_slice().get_mut(at..)?.rotate_left(1);
        self.pop()
    }

    /// Forgets the elements from `len` on.
    pub fn truncate(&mut self, len: usize) {
        if let Ok(len) = u32::try_from(len) {
            self.len = self.len.min(len);
        }
    }

    /// Gives the memory back, and is empty.
    #[inline]
    pub fn free(&mut self, mem: &mut Memory) {
        if self.cap != 0 {
            // SAFETY: allocated with `bytes()`; the buffer forgets it right away.
            unsafe { mem.free_buffer(self.at.cast(), self.bytes()) };
        }
        *self = Self::new();
    }
}

impl<T: Plain> Default for Buf<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: Plain + fmt::Debug> fmt::Debug for Buf<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}
