//! Programs of HogTrace, read and written: another probe language with a stack machine of its own.
//!
//! Its programs are protobuf messages of the package `hogtrace.vm`, version 1. What is read becomes a [`Program`] like any
//! other: verified, with its cost known, run by the same closures. What it has no form for is not written, with the reason.

mod opcode;
mod pool;
mod protobuf;
mod read;
mod write;

pub use read::read;
pub use write::write;

#[cfg(doc)]
use crate::Program;

/// The version that is read and written.
const VERSION: u64 = 1;

/// A member of the constant pool. Two are the same only if their kinds are.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
enum Constant {
    Int(i64),
    /// As its bits.
    Float(u64),
    Text(std::sync::Arc<str>),
    Bool(bool),
    None,
    Identifier(std::sync::Arc<str>),
    Field(std::sync::Arc<str>),
    Function(std::sync::Arc<str>),
}
