//! Values, heap, register form and the interpreter: everything about running.
//!
//! A verified module becomes a [`Loaded`] program by lowering and linking; a [`Vm`] runs it. A VM owns its whole heap and
//! moves between threads as one. All unsafe code of Remora but that of the FFI is in this crate, in files that say so in
//! their first lines; it rests on the verifier and on the counting of owners that [`value`] describes.
#![cfg_attr(
    not(feature = "closures"),
    expect(dead_code, reason = "a counter and an instruction are there for closures alone")
)]

mod arrival;
pub mod builtins;
mod cache;
#[cfg(feature = "closures")]
mod closure;
#[cfg(not(feature = "closures"))]
#[path = "closure/without.rs"]
mod closure;
pub mod fault;
mod frame;
mod grow;
pub mod heap;
pub mod hooks;
pub mod host;
mod interp;
pub mod limits;
mod loaded;
mod lower;
pub mod object;
pub mod ops;
pub mod prelude;
mod profile;
mod registers;
pub mod shape;
mod task;
mod units;
pub mod value;
mod vm;

pub use arrival::ArrivalError;
pub use builtins::Registry;
pub use closure::Tier;
pub use fault::{Fault, Res, TraceFrame};
pub use loaded::{LinkError, Loaded, Prelude};
pub use lower::{LowerError, LoweredFunction, show};
pub use task::{Outcome, Request};
pub use value::Value;
pub use vm::{InterruptHandle, Limits, Vm};
