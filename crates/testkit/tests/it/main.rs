//! The conformance corpus in the engines.

mod corpus;
mod engines;
mod found;
mod golden;
mod mutants;
mod protobuf;
mod rows;
mod small_stack;
mod sources;
mod targets;
mod textmate;
