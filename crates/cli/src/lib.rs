//! The `remora` command, as a library so that a host can ship the same command with its own functions: [`Cli`].
#![forbid(unsafe_code)]

/// The samples of the book.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/own-command.md")]
struct Book;

pub mod args;
mod cmd;
mod exit;
mod host;
mod terminal;

pub use exit::Exit;
pub use host::Cli;

use std::process::ExitCode;

/// Reads the command line of the process and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    Cli::new(remora::Engine::new()).run_process()
}
