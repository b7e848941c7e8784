//! The `remora` command, as a library so that a host can ship the same command.
#![forbid(unsafe_code)]

pub mod args;
mod cmd;
mod exit;
mod terminal;

pub use exit::Exit;

use std::process::ExitCode;

use clap::Parser;

use args::{Command, Verb};

/// Reads the command line of the process and does what it says.
#[must_use]
pub fn main() -> ExitCode {
    match Command::try_parse() {
        Ok(command) => run(&command).into(),
        Err(error) => {
            // Help and version come this way too, and go to standard output.
            drop(error.print());
            if error.use_stderr() { Exit::Usage.into() } else { Exit::Ok.into() }
        }
    }
}

/// Does what a command line says.
#[must_use]
pub fn run(command: &Command) -> Exit {
    match &command.verb {
        None => cmd::run::run(&command.run),
        Some(Verb::Run(args)) => cmd::run::run(args),
        Some(Verb::Check(args)) => cmd::check::check(args),
        Some(Verb::Build(args)) => cmd::build::build(args),
        Some(Verb::Dis(args)) => cmd::dis::dis(args),
        Some(Verb::Asm(args)) => cmd::asm::asm(args),
        Some(Verb::Verify(args)) => cmd::verify::verify(args),
        Some(Verb::Explain(args)) => cmd::explain::explain(args),
        Some(Verb::Doc(args)) => cmd::doc::doc(args),
        Some(Verb::Repl(args)) => cmd::repl::repl(args),
        Some(Verb::Fmt(args)) => cmd::fmt::fmt(args),
        Some(Verb::Test(args)) => cmd::test::test(args),
        Some(Verb::Trace(args)) => cmd::trace::trace(args),
        Some(Verb::New(args)) => cmd::new::new(args),
        Some(Verb::Completions(args)) => cmd::completions::completions(args),
    }
}
