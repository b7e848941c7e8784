//! The C interface, from C and from Rust.

mod calls;
mod example;
mod header;
