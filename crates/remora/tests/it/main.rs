//! The front door, from the outside.
#![forbid(unsafe_code)]

mod builtins_page;
mod modules;
mod prelude;
mod running;
mod session;
mod sizes;
mod streams;
