//! Run Ruff programs inside a program that is already alive.
//!
//! An [`Engine`] knows the builtins and compiles; a [`Module`] is a compiled, verified, linked program, immutable and
//! shared; a [`Vm`] is one execution of it, with its own values and limits, that moves between threads as a whole.
//!
//! ```
//! let engine = remora::Engine::new();
//! let module = engine.compile("hello.ruff", "func twice(n) { return n * 2 }").unwrap();
//! let mut vm = remora::Vm::new(&module, remora::Settings::default());
//! vm.run().unwrap();
//! assert_eq!(vm.call("twice", &[remora::Value::Int(21)]).unwrap(), remora::Value::Int(42));
//! ```
#![forbid(unsafe_code)]

mod engine;
mod error;
mod lines;
mod loading;
mod module;
mod modules;
mod session;
mod streamed;
mod testing;
mod value;
mod vm;

pub use engine::Engine;
#[doc(hidden)]
pub use engine::compile_prelude;
pub use error::{Error, Rejected};
pub use lines::Lines;
pub use loading::{Loading, Progress};
pub use module::Module;
pub use modules::{Folders, Modules, NotFound, SourceFile, Texts};
pub use remora_stdlib::{Capabilities, Names, Paths};
pub use remora_vm::Registry;
pub use remora_vm::host::Stream;
pub use session::{Session, SessionError};
pub use streamed::{StreamError, Streamed, Turn};
pub use testing::{TestCase, Tests, lift_tests};
pub use value::Value;
pub use vm::{Interrupt, Settings, Vm};
