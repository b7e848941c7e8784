//! The conformance corpus in the engines.

mod corpus;
mod engines;
mod format;
