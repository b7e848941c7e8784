//! What the exit code of the command says.

use std::process::ExitCode;

/// How a run of the command ended. The numbers are part of its interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Exit {
    /// All went well.
    Ok,
    /// A script error that nobody caught, or a failed test.
    Script,
    /// The command line itself is wrong, or a named file cannot be read or written.
    Usage,
    /// The source does not compile.
    Source,
    /// A module was rejected.
    Module,
    /// A limit was reached.
    Limit,
    /// The script lacks a permission.
    Permission,
    /// A defect of Remora itself.
    Bug,
    /// Stopped by Ctrl-C.
    Interrupted,
    /// The script called `exit(n)`.
    Chosen(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Ok => 0,
            Exit::Script => 1,
            Exit::Usage => 2,
            Exit::Source => 3,
            Exit::Module => 4,
            Exit::Limit => 5,
            Exit::Permission => 6,
            Exit::Bug => 70,
            Exit::Interrupted => 130,
            Exit::Chosen(code) => code,
        })
    }
}
