//! The part of the builtins that is written in Ruff: what takes a function of the script.
//!
//! Source and compiled form are checked in; a test of crate `remora` fails when they differ, and renews the one from the
//! other (`REMORA_BLESS=1 cargo test -p remora prelude`). At start the compiled form goes through the verifier like any stranger's module.

/// What messages call the prelude's source.
pub const NAME: &str = "<prelude>";

/// The source text.
pub const SOURCE: &str = include_str!("prelude.ruff");

/// The compiled form.
pub const COMPILED: &[u8] = include_bytes!("prelude.rmod");
