//! A plain tree-walker over the Ruff syntax tree: the referee of every engine, and `--engine tree`.
//!
//! It says what a program means in the shortest way there is, and shares nothing with compiler, bytecode or vm, so that a
//! mistake in one of them is not repeated here. Names are looked up when they are met, functions recurse natively, copies
//! are reference counts. It assumes that the compiler has accepted the program; a program that it has not accepted may
//! get another error here than it should, but never a panic.
//!
//! Native stack: calls of the script nest on it, on one of their own for each generator and task that has begun. That of
//! the main program is a little larger than [`Options::native_stack`]. [`run`] stops with L0003 before what is allowed is
//! used up; [`on_big_stack`] gives a thread with room for as many generators as there may be. Values are compared, printed
//! and dropped without recursion, however deep they nest. Closures that refer to each other are not freed before the
//! process ends.
#![forbid(unsafe_code)]

mod builtins;
mod env;
mod eval;
mod fiber;
mod foreign;
mod host;
mod load;
mod ops;
mod print;
mod run;
mod session;
mod stop;
mod value;

pub use foreign::{
    Foreign, ForeignArgs, ForeignCall, ForeignEqual, ForeignField, ForeignFunction, ForeignOrder,
    ForeignType, Given, Refusal,
};
pub use host::{Host, HostError, NoHost};
pub use load::{Loader, NotFound, SourceFile, no_modules};
pub use run::{BIG_STACK, Options, OracleError, Outcome, on_big_stack, run};
