//! The part of the builtins that is written in Ruff: what takes a function of the script.
//!
//! Source and compiled form are checked in; whoever has a compiler at hand keeps them together. At start the compiled form
//! goes through the verifier like any stranger's module.

/// What messages call the prelude's source.
pub const NAME: &str = "<prelude>";

/// The source text.
pub const SOURCE: &str = include_str!("prelude.ruff");
