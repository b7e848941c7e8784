//! The builtins: one table, from which linking, the manual, completion, advice and the tests of the examples are made.
//!
//! A row ([`Builtin`]) says all about one: signature, doc, errors, cost, an example that a test runs, and how it is called
//! by name and as a method; what a program keeps of it is a [`Row`]. Families of rows are arrays, one a file. What takes a
//! function of the script is not run here but written in Ruff ([`crate::prelude`]), so that nothing in this directory ever
//! calls back into the interpreter.
//!
//! Promises of every native row: it does not panic and does not recurse, whatever its arguments; it charges fuel for work
//! that grows with them before it does it; it checks sizes before it allocates; what it takes from its arguments it releases
//! or gives away, also when it fails.

mod kinds;
mod registry;
mod row;
mod signature;

mod arg;
mod build;

mod array;
mod assert;
mod bits;
mod bytes;
mod change;
mod collection;
mod convert;
mod declared;
mod dict;
mod error;
mod hash;
mod items;
mod iter;
mod kind;
mod lazy;
mod math;
mod order;
mod output;
mod path;
mod queue;
pub mod random;
mod result;
mod set;
mod store;
mod task;
mod text;

#[cfg(test)]
mod tests;

pub use self::kinds::Kinds;
pub use self::registry::{Entry, MethodEntry, MethodHow, MethodIdx, MethodTable, Registry};
#[cfg(feature = "reference")]
pub use self::row::Reference;
pub use self::row::{Builtin, Call, Family, InPlaceFn, Look, Method, NativeFn, Row, TaskOp, rows};
pub use self::signature::{Param, Signature};

/// The rows of this crate, family by family.
pub const FAMILIES: &[Family] = &[
    Family::new("Output", output::ROWS),
    Family::new("Conversion", convert::ROWS),
    Family::new("Kinds", kind::ROWS),
    Family::new("Kinds", declared::ROWS),
    Family::new("Collections", collection::ROWS),
    Family::new("Strings", text::case::ROWS),
    Family::new("Strings", text::find::ROWS),
    Family::new("Strings", text::pad::ROWS),
    Family::new("Strings", text::split::ROWS),
    Family::new("Strings", text::format::ROWS),
    Family::new("Collections", change::ROWS),
    Family::new("Arrays", array::ROWS),
    Family::new("Order", order::ROWS),
    Family::new("Going through elements", iter::ROWS),
    Family::new("Generators and iterators", lazy::ROWS),
    Family::new("Tasks and channels", task::ROWS),
    Family::new("Dicts", dict::ROWS),
    Family::new("Sets", set::ROWS),
    Family::new("Queues and stacks", queue::ROWS),
    Family::new("Numbers", math::ROWS),
    Family::new("Bits", bits::ROWS),
    Family::new("Random numbers", random::ROWS),
    Family::new("Shared values", store::ROWS),
    Family::new("Results and options", result::ROWS),
    Family::new("Assertions", assert::ROWS),
    Family::new("Errors", error::ROWS),
    Family::new("Bytes and encodings", bytes::ROWS),
    Family::new("Hashes", hash::ROWS),
    Family::new("Paths", path::ROWS),
];

/// All rows of this crate.
pub fn all() -> impl Iterator<Item = &'static Row> {
    FAMILIES.iter().flat_map(|it| it.rows)
}
