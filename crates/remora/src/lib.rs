//! Run Ruff programs inside a program that is already alive.
//!
//! An [`Engine`] knows the builtins and compiles; a [`Module`] is a compiled, verified, linked program, immutable and
//! shared; a [`Vm`] is one execution of it, with its own values and limits, that moves between threads as a whole.
//!
//! ```
//! let engine = remora::Engine::builder()
//!     .function("greet", |name: &str| format!("hello, {name}"))
//!     .build();
//! let module = engine.compile("hello.ruff", "func shout(s) { return upper(greet(s)) }").unwrap();
//! let mut vm = remora::Vm::new(&module, remora::Settings::default());
//! vm.run().unwrap();
//! let text: String = vm.call_as("shout", ("you",)).unwrap();
//! assert_eq!(text, "HELLO, YOU");
//! ```
//!
//! Values go in and come out by [`IntoValue`] and [`FromValue`], or as [`Value`]:
//!
//! ```
//! let engine = remora::Engine::new();
//! let module = engine.compile("hello.ruff", "func twice(n) { return n * 2 }").unwrap();
//! let mut vm = remora::Vm::new(&module, remora::Settings::default());
//! vm.run().unwrap();
//! assert_eq!(vm.call("twice", &[remora::Value::Int(21)]).unwrap(), remora::Value::Int(42));
//! ```
//!
//! What each feature adds, and what may be left out, is in a table at the end of `docs/embedding.md`.
#![forbid(unsafe_code)]

/// The samples of the book.
#[cfg(all(doctest, feature = "json", feature = "macros", feature = "render", feature = "serde"))]
#[doc = include_str!("../../../docs/embedding.md")]
#[doc = include_str!("../../../docs/module-format.md")]
struct Book;

mod builder;
mod callable;
pub mod convert;
mod ctx;
#[cfg(feature = "serde")]
mod data;
mod engine;
mod error;
pub mod function;
mod handle;
mod lines;
mod loading;
mod module;
mod modules;
mod object;
#[cfg(feature = "probes")]
pub mod probe;
mod running;
mod session;
mod streamed;
mod suspended;
mod testing;
mod timer;
mod value;
mod view;
mod vm;

pub use builder::{EngineBuilder, Functions};
pub use callable::Function;
pub use convert::{FromValue, IntoArgs, IntoValue, Mismatch};
pub use ctx::Ctx;
#[cfg(feature = "serde")]
pub use data::{Serde, from_value, to_value};
pub use engine::Engine;
#[doc(hidden)]
pub use engine::compile_prelude;
pub use error::{CallFrame, Error, ErrorKind, Rejected};
pub use function::Rest;
pub use handle::Handle;
pub use lines::Lines;
pub use loading::{Loading, Progress};
pub use module::Module;
pub use modules::{Folders, Modules, NotFound, SourceFile, Texts};
pub use object::{Object, ObjectType, Operator, Shared};
#[cfg(feature = "probes")]
pub use remora_macros::traced;
#[cfg(feature = "macros")]
pub use remora_macros::{Object, methods};
#[cfg(feature = "stdlib")]
pub use remora_stdlib::{Capabilities, Names, Paths};
pub use remora_vm::host::Stream;
pub use remora_vm::{Registry, Tier};
pub use running::Running;
pub use session::{Session, SessionError};
pub use streamed::{StreamError, Streamed, Turn};
pub use suspended::{Step, Suspended, Waits};
pub use testing::{TestCase, Tests, lift_tests};
pub use timer::Timer;
pub use value::Value;
pub use view::ValueRef;
pub use vm::{Interrupt, Settings, Vm};

/// What macros write.
#[doc(hidden)]
pub mod __private {
    pub use remora_vm::host::{Args, HostCx};

    pub use crate::function::{ParamShape, finish, hold};
    pub use crate::object::{NoMethods, ctx};
    pub use crate::object::{begun, later, now, read, signature, write};
}
