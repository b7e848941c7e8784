//! Counts every byte a heap holds, and says no before the limit is passed.
//!
//! Exact and deterministic: a block counts with the size it was rounded up to, a buffer with its whole capacity. The same
//! program therefore meets the limit at the same place on every machine and in every run.

use remora_diagnostics::Code;

use crate::fault::{Fault, Res};

/// The book in which a heap writes what it has allocated.
#[derive(Debug)]
pub struct Account {
    live: usize,
    limit: usize,
    peak: usize,
    objects: usize,
}

impl Account {
    /// An empty account that may hold `limit` bytes.
    #[must_use]
    pub const fn new(limit: usize) -> Self {
        Self { live: 0, limit, peak: 0, objects: 0 }
    }

    /// Bytes that are allocated now.
    #[must_use]
    pub const fn live_bytes(&self) -> usize {
        self.live
    }

    /// Objects that are allocated now.
    #[must_use]
    pub const fn live_objects(&self) -> usize {
        self.objects
    }

    /// The most bytes that were allocated at any time, as far as allocations that grew a slab or a buffer saw it.
    #[must_use]
    pub const fn peak_bytes(&self) -> usize {
        if self.live > self.peak { self.live } else { self.peak }
    }

    /// How many bytes may be allocated in all.
    #[must_use]
    pub const fn limit(&self) -> usize {
        self.limit
    }

    /// Sets the limit. What is already allocated stays, even if it is more.
    pub const fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
    }

    /// How many bytes are left.
    #[must_use]
    pub const fn remaining(&self) -> usize {
        self.limit.saturating_sub(self.live)
    }

    /// Books `bytes`, to be called before they are allocated.
    ///
    /// # Errors
    /// L0002 if they would pass the limit; nothing is booked then.
    #[inline(always)]
    pub fn book(&mut self, bytes: usize) -> Res<()> {
        let live = self.live.wrapping_add(bytes);
        if live > self.limit || live < bytes {
            return Err(self.exceeded(bytes));
        }
        self.live = live;
        Ok(())
    }

    /// Takes `bytes` off the book.
    #[inline(always)]
    pub fn unbook(&mut self, bytes: usize) {
        debug_assert!(self.live >= bytes, "more given back than taken");
        self.live = self.live.wrapping_sub(bytes);
    }

    /// Notes that an object came to life.
    #[inline(always)]
    pub fn object_born(&mut self) {
        self.objects += 1;
    }

    /// Notes that an object died.
    #[inline(always)]
    pub fn object_died(&mut self) {
        self.objects = self.objects.wrapping_sub(1);
    }

    /// Remembers the present size as the peak, if it is.
    #[inline]
    pub fn note_peak(&mut self) {
        self.peak = self.peak.max(self.live);
    }

    #[cold]
    #[inline(never)]
    pub(crate) fn exceeded(&self, bytes: usize) -> Box<Fault> {
        let Self { live, limit, .. } = self;
        Fault::new(Code::L0002, format!("Memory limit of {limit} bytes reached"))
            .with_label(format!("needs {bytes} bytes more than the {live} in use"))
    }
}

/// The error for memory that the system does not have.
#[cold]
#[inline(never)]
#[must_use]
pub fn allocation_failed(bytes: usize) -> Box<Fault> {
    Fault::new(Code::L0009, format!("Allocation of {bytes} bytes failed"))
}

/// The error for a text or collection with more elements than one can have.
#[cold]
#[inline(never)]
#[must_use]
pub fn too_large() -> Box<Fault> {
    Fault::new(Code::L0002, "Collection would have more than 4294967295 elements")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_before_the_limit_is_passed() {
        let mut account = Account::new(100);
        account.book(60).unwrap();
        assert_eq!(account.book(41).unwrap_err().code, Code::L0002);
        assert_eq!(account.live_bytes(), 60);
        account.book(40).unwrap();
        account.unbook(100);
        assert_eq!(account.live_bytes(), 0);
    }

    #[test]
    fn huge_requests_do_not_wrap_around() {
        let mut account = Account::new(usize::MAX);
        account.book(10).unwrap();
        assert_eq!(account.book(usize::MAX).unwrap_err().code, Code::L0002);
    }
}
