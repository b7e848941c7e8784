//! `remora verify`: whether modules are well formed.

use super::input;
use crate::Cli;
use crate::args::VerifyArgs;
use crate::exit::Exit;
use crate::terminal::print;

pub(crate) fn verify(cli: &Cli, args: &VerifyArgs) -> Exit {
    let mut exit = Exit::Ok;
    for path in &args.files {
        let checked = input::read(path).and_then(|bytes| {
            input::accepted(cli.engine.load(&input::name(path), &bytes), &args.output)
        });
        match checked {
            Ok(module) => {
                let n = module.bytecode().functions.len();
                print(&format!(
                    "{}: sound, {n} functions\n",
                    remora_diagnostics::escape_controls(&input::name(path))
                ));
            }
            Err(problem) => exit = problem,
        }
    }
    exit
}
