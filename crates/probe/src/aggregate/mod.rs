//! Tables of aggregates: counts, sums and histograms kept in the host, so that a frequent event need not be sent.
//!
//! A table is a set of maps, one for a few threads each, so that threads seldom wait for one another; they are merged when
//! a table is looked at. The number of keys is bounded: what is new beyond goes to one entry for all others.

mod quantize;
mod table;

pub use quantize::Histogram;
pub(crate) use table::Misfit;
pub use table::{Aggregate, Key, Part, Row, Snapshot, Tables};
