//! Builtin functions that reach outside (files, environment, arguments, input, clocks) or need a crate from outside (JSON,
//! CSV, regular expressions; a feature each).
//!
//! What reaches outside does not work unless the embedder allows it: each function looks at the [`Capabilities`] that it put into
//! [`Host::data`](remora_vm::host::Host), and refuses with R0030, naming what to allow. Without any they still exist, so
//! that a program compiles the same everywhere.
#![forbid(unsafe_code)]

mod arg;
pub mod capability;
#[cfg(feature = "csv")]
mod csv;
mod date;
mod env;
mod files;
mod input;
#[cfg(feature = "json")]
mod json;
#[cfg(any(feature = "csv", feature = "json", feature = "regex"))]
mod make;
#[cfg(feature = "regex")]
mod regex;
mod time;

pub use capability::{Capabilities, Names, Paths};
use remora_vm::Registry;
use remora_vm::builtins::{Family, Row};

/// The rows of this crate, family by family.
pub const FAMILIES: &[Family] = &[
    Family::new("Files", files::ROWS),
    Family::new("Environment and arguments", env::ROWS),
    Family::new("Input", input::ROWS),
    Family::new("Time", time::ROWS),
    Family::new("Dates", date::ROWS),
    #[cfg(feature = "json")]
    Family::new("JSON", json::ROWS),
    #[cfg(feature = "csv")]
    Family::new("CSV", csv::ROWS),
    #[cfg(feature = "regex")]
    Family::new("Regular expressions", regex::ROWS),
];

/// Adds the functions of this crate to those of an engine.
pub fn register(registry: &mut Registry) {
    FAMILIES.iter().for_each(|family| registry.add_family(family));
}

/// All rows of this crate.
pub fn all() -> impl Iterator<Item = &'static Row> {
    FAMILIES.iter().flat_map(|it| it.rows)
}
