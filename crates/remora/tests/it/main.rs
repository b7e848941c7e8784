//! The front door, from the outside.
#![forbid(unsafe_code)]

mod builtins_page;
mod prelude;
mod running;
mod sizes;
mod streams;
