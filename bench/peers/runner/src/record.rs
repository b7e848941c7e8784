//! The host's own type that scripts sort: plain Rust data, of which a script sees only two methods.
//!
//! Every engine sorts the same records. A script makes them with the host function `record(i)`, sorts them by a comparator
//! of its own that calls the method `before`, and returns a checksum over the method `id` in the new order.

/// Something that a host has many of.
#[derive(Clone, Debug)]
pub struct Record {
    id: i64,
    name: String,
}

impl Record {
    /// The record of a number. Names of neighbouring numbers are far apart, and no two are the same.
    pub fn new(id: i64) -> Self {
        // Odd factors and xor-shifts can be undone, so that different numbers stay different.
        let mut mixed = id.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        Self { id, name: format!("{mixed:016x}") }
    }

    /// The number it was made of.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// Whether its name comes before the other's.
    pub fn before(&self, other: &Self) -> bool {
        self.name < other.name
    }
}
