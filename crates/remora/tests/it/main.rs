//! The front door, from the outside.
#![forbid(unsafe_code)]

#[cfg(all(feature = "csv", feature = "json", feature = "reference", feature = "regex"))]
mod builtins_page;
mod cancel;
#[cfg(feature = "serde")]
mod data;
#[cfg(feature = "macros")]
mod derived;
#[cfg(all(feature = "json", feature = "macros", feature = "render"))]
mod examples;
mod executor;
mod footprint;
mod host;
mod later;
mod modules;
mod objects;
mod panics;
mod prelude;
#[cfg(feature = "probes")]
mod probes;
mod running;
mod session;
mod sizes;
mod streams;
#[cfg(feature = "closures")]
mod tiers;
#[cfg(not(feature = "stdlib"))]
mod without_stdlib;
