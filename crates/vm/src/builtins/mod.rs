//! The builtins: one table, from which linking, the manual, completion, advice and the tests of the examples are made.
//!
//! A row ([`Builtin`]) says all about one: signature, doc, errors, cost, an example that a test runs, and how it is called
//! by name and as a method. Families of rows are arrays, one a file. What takes a function of the script is not run here but
//! written in Ruff ([`crate::prelude`]), so that nothing in this directory ever calls back into the interpreter.
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
mod task;
mod text;

#[cfg(test)]
mod tests;

pub use self::kinds::Kinds;
pub use self::registry::{Entry, MethodEntry, MethodHow, MethodIdx, MethodTable, Registry};
pub use self::row::{Builtin, Call, InPlaceFn, Method, NativeFn, TaskOp};
pub use self::signature::{Param, Signature};

/// The rows of this crate, family by family.
pub const FAMILIES: &[&[Builtin]] = &[
    output::ROWS,
    convert::ROWS,
    kind::ROWS,
    collection::ROWS,
    text::case::ROWS,
    text::find::ROWS,
    text::pad::ROWS,
    text::split::ROWS,
    text::format::ROWS,
    change::ROWS,
    array::ROWS,
    order::ROWS,
    iter::ROWS,
    lazy::ROWS,
    task::ROWS,
    dict::ROWS,
    set::ROWS,
    queue::ROWS,
    math::ROWS,
    bits::ROWS,
    random::ROWS,
    result::ROWS,
    assert::ROWS,
    error::ROWS,
    bytes::ROWS,
    hash::ROWS,
    path::ROWS,
];

/// All rows of this crate.
pub fn all() -> impl Iterator<Item = &'static Builtin> {
    FAMILIES.iter().copied().flatten()
}
