//! Whether a request is among those that are looked at.
//!
//! A request draws one lot; a probe takes it if the lot is below its rate. So probes with the same rate agree on every
//! request, and a request that a rare probe sees is seen by each more frequent one.

use std::cell::Cell;
use std::hash::{BuildHasher, RandomState};

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
}

/// A random number; not for secrets.
pub(crate) fn random() -> u64 {
    let next = |state: &Cell<u64>| {
        let mut seed = state.get();
        if seed == 0 {
            seed = RandomState::new().hash_one(0_u8) | 1;
        }
        let seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        state.set(seed);
        mix(seed)
    };
    STATE.try_with(next).unwrap_or(0)
}

/// A number that depends on each bit of another (the finaliser of SplitMix64).
pub(crate) const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A float from 0 up to 1.
#[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
pub(crate) fn fraction(number: u64) -> f64 {
    (number >> 11) as f64 / (1_u64 << 53) as f64
}

/// Whether a request with that lot is in the part of `rate`.
pub(crate) fn takes(rate: f32, lot: u64) -> bool {
    rate >= 1.0 || fraction(lot) < f64::from(rate)
}
