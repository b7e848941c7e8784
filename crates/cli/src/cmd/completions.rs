//! `remora completions`: what a shell needs to complete the command.

use clap::CommandFactory;

use crate::args::{Command, CompletionsArgs};
use crate::exit::Exit;
use crate::terminal::print;

pub(crate) fn completions(args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Command::command(), "remora", &mut script);
    print(&String::from_utf8_lossy(&script));
    Exit::Ok
}
