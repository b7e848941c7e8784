//! `remora verify`: whether modules are well formed.

use remora::Engine;

use super::input;
use crate::args::VerifyArgs;
use crate::exit::Exit;
use crate::terminal::print;

pub(crate) fn verify(args: &VerifyArgs) -> Exit {
    let engine = Engine::new();
    let mut exit = Exit::Ok;
    for path in &args.files {
        let checked = input::read(path).and_then(|bytes| {
            input::accepted(engine.load(&input::name(path), &bytes), &args.output)
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
