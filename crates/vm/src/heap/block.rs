//! What every heap object begins with: eight bytes that say how many owners it has and what it is.
//!
//! An object is a `Block<T>`: the header, then the body `T`, then (for strings, structs, enum values and closures) as many
//! bytes or values as the body says. The header changes through `Cell`, so that counting never needs `&mut`.

use core::cell::Cell;

use crate::value::Tag;

/// Counts below zero never change any more: the object lives as long as its heap.
pub(super) const IMMORTAL: i32 = i32::MIN / 2;

/// The class of an object that has an allocation of its own; see [`super::slab`].
pub(super) const LARGE: u8 = u8::MAX;

/// The first eight bytes of an object.
#[derive(Debug)]
#[repr(C)]
pub struct Header {
    /// How many owners; 0 when there is none any more, negative for ever.
    pub(super) count: Cell<i32>,
    /// The [`Tag`] of the object as a number; 0 while the block is free.
    pub(super) kind: Cell<u8>,
    /// Which size class the block came from.
    pub(super) class: u8,
    /// A small number of the object's own: the variant of an enum value.
    pub(super) extra: Cell<u16>,
}

const _: () = assert!(size_of::<Header>() == 8);

/// Set in `kind` by the cycle collector on what it has reached.
pub(super) const MARK: u8 = 0x80;

impl Header {
    /// The header of a new object with one owner.
    #[inline(always)]
    pub(super) const fn new(tag: Tag, class: u8) -> Self {
        Self { count: Cell::new(1), kind: Cell::new(tag as u8), class, extra: Cell::new(0) }
    }

    /// Whether there is exactly one owner.
    #[inline(always)]
    pub(super) fn is_unique(&self) -> bool {
        self.count.get() == 1
    }

    /// Counts one owner more. A count that would overflow becomes immortal.
    #[inline(always)]
    pub(super) fn retain(&self) {
        let count = self.count.get().wrapping_add(1);
        self.count.set(count);
        if count < 0 {
            self.saturate();
        }
    }

    #[cold]
    #[inline(never)]
    fn saturate(&self) {
        self.count.set(IMMORTAL);
    }

    /// Keeps 48 bits in an object that has no owner any more, where its count and its small number were.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the lower and the upper part of it")]
    pub(super) fn set_link(&self, link: u64) {
        self.count.set((link as u32).cast_signed());
        self.extra.set((link >> 32) as u16);
    }

    /// What [`Header::set_link`] has kept.
    #[inline(always)]
    pub(super) fn link(&self) -> u64 {
        u64::from(self.count.get().cast_unsigned()) | (u64::from(self.extra.get()) << 32)
    }

    /// Counts one owner less; whether none is left.
    #[inline(always)]
    pub(super) fn release(&self) -> bool {
        let count = self.count.get();
        if count > 1 {
            self.count.set(count - 1);
            return false;
        }
        count == 1
    }
}

/// A heap object: header and body.
#[derive(Debug)]
#[repr(C)]
pub(crate) struct Block<T> {
    pub(super) header: Header,
    pub(super) body: T,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_would_overflow_stays_for_ever() {
        let header = Header::new(Tag::String, 2);
        header.count.set(i32::MAX);
        header.retain();
        assert_eq!(header.count.get(), IMMORTAL);
        header.retain();
        assert!(!header.release() && !header.release() && !header.release());
        assert!(!header.is_unique());
        assert_eq!(header.count.get(), IMMORTAL);
    }

    #[test]
    fn the_dead_keep_a_link() {
        let header = Header::new(Tag::Struct, 2);
        for link in [0, 1, 0x8000_0000, 0xffff_ffff, 0x1_0000_0000, 0xffff_ffff_ffff] {
            header.set_link(link);
            assert_eq!(
                (header.link(), header.kind.get(), header.class),
                (link, Tag::Struct as u8, 2)
            );
        }
    }

    #[test]
    fn the_last_owner_is_told() {
        let header = Header::new(Tag::String, 2);
        header.retain();
        assert!(!header.release());
        assert!(header.is_unique());
        assert!(header.release());
    }
}
