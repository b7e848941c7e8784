//! The conformance corpus in the engines.

mod builtins;
mod corpus;
mod engines;
mod format;
mod found;
mod golden;
mod limits;
mod mutants;
mod protobuf;
mod rows;
mod small_stack;
mod sources;
mod targets;
mod textmate;
