//! Sorts records of the host by a comparator that calls their method.

use std::cmp::Ordering;

use runner::record::Record;

pub fn run(n: i64) -> i64 {
    let mut records: Vec<_> = (0..n).map(Record::new).collect();
    records.sort_by(|a, b| if a.before(b) { Ordering::Less } else { Ordering::Greater });
    records.iter().fold(0, |total, it| (total * 31 + it.id()) % 1_000_003)
}
