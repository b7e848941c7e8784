//! The conformance corpus in the engines.

mod builtins;
mod corpus;
mod engines;
