//! `remora completions`: what a shell needs to complete the command.

use crate::Cli;
use crate::args::CompletionsArgs;
use crate::exit::Exit;
use crate::terminal::print;

pub(crate) fn completions(cli: &Cli, args: &CompletionsArgs) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli.command(), cli.name, &mut script);
    print(&String::from_utf8_lossy(&script));
    Exit::Ok
}
