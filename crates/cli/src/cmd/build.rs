//! `remora build`: a program to a module file.

use super::input;
use crate::Cli;
use crate::args::BuildArgs;
use crate::exit::Exit;
use crate::terminal::complain;

pub(crate) fn build(cli: &Cli, args: &BuildArgs) -> Exit {
    let module = match input::module(cli, &args.file, &args.modules, &args.findings) {
        Ok(module) => module,
        Err(exit) => return exit,
    };
    let output = args.output.clone().unwrap_or_else(|| args.file.with_extension("rmod"));
    if let Some(debug_file) = &args.debug_file {
        let Some(debug) = module.to_debug_file() else {
            complain("error: the module was stripped before: there is nothing for a debug file\n");
            return Exit::Usage;
        };
        let written = input::write(debug_file, &debug);
        if written != Exit::Ok {
            return written;
        }
    }
    input::write(&output, &module.to_bytes(args.strip || args.debug_file.is_some()))
}
