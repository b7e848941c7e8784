//! Runs programs that use builtins: the examples of the table, and what capabilities let through.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod examples;
mod hostile;
mod limits;
mod reach;
mod script;
