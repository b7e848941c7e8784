//! Bounds what decoding may allocate, before it does.
//!
//! A protobuf message of two bytes can stand for a structure of a hundred; a decoder that trusts counts inflates one
//! MiB to a hundred. Here every list is counted first (counting allocates nothing), its size in memory is charged, and
//! only then is it made.

use super::WireError;

/// What a module may cost to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct WireBudget {
    /// Longest file, in bytes.
    pub max_bytes: usize,
    /// Most memory that decoding may allocate, in bytes.
    pub max_memory: usize,
}

impl Default for WireBudget {
    /// 16 MiB of file, 64 MiB of memory.
    fn default() -> Self {
        Self { max_bytes: 16 << 20, max_memory: 64 << 20 }
    }
}

/// What is left of a budget.
#[derive(Debug)]
pub(super) struct Meter {
    left: usize,
}

impl Meter {
    pub(super) const fn new(budget: &WireBudget) -> Self {
        Self { left: budget.max_memory }
    }

    /// Charges for `count` items of type `T` and makes room for just as many.
    pub(super) fn list<T>(&mut self, count: usize) -> Result<Vec<T>, WireError> {
        self.charge(count.saturating_mul(size_of::<T>()))?;
        let mut items = Vec::new();
        items
            .try_reserve_exact(count)
            .map_err(|_| WireError::too_large("the machine has no memory for it"))?;
        Ok(items)
    }

    /// Charges for an allocation of that many bytes.
    pub(super) fn charge(&mut self, bytes: usize) -> Result<(), WireError> {
        self.left = self
            .left
            .checked_sub(bytes)
            .ok_or_else(|| WireError::too_large("it needs more memory than allowed"))?;
        Ok(())
    }
}
