//! The front door, from the outside.
#![forbid(unsafe_code)]

mod prelude;
mod running;
mod session;
