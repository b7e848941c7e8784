//! `remora build`: a program to a module file.

use super::input;
use crate::args::BuildArgs;
use crate::exit::Exit;

pub(crate) fn build(args: &BuildArgs) -> Exit {
    let module = match input::module(&args.file, &args.modules, &args.findings) {
        Ok(module) => module,
        Err(exit) => return exit,
    };
    let output = args.output.clone().unwrap_or_else(|| args.file.with_extension("rmod"));
    input::write(&output, &module.to_bytes(args.strip))
}
