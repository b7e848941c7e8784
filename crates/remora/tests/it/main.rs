//! The front door, from the outside.
#![forbid(unsafe_code)]

mod builtins_page;
mod cancel;
mod data;
mod derived;
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
mod tiers;
