//! The front door, from the outside.
#![forbid(unsafe_code)]

mod builtins_page;
mod cancel;
mod examples;
mod executor;
mod footprint;
mod host;
mod later;
mod modules;
mod panics;
mod prelude;
mod running;
mod session;
mod sizes;
mod streams;
