//! `remora asm`: wordcode text to a module file.

use std::sync::Arc;

use remora_diagnostics::{Source, SourceMap};

use super::input;
use crate::Cli;
use crate::args::AsmArgs;
use crate::exit::Exit;
use crate::terminal::complain;

pub(crate) fn asm(cli: &Cli, args: &AsmArgs) -> Exit {
    let text = match input::text(&args.file) {
        Ok(text) => text,
        Err(exit) => return exit,
    };
    let name = input::name(&args.file);
    let module = match remora_bytecode::text::parse(&text) {
        Ok(module) => module,
        Err(error) => {
            let place = format!("{name}:{}:{}", error.line, error.column);
            let message = format!("error: {place}: {}\n", error.message);
            complain(&remora_diagnostics::escape_controls(&message));
            return Exit::Source;
        }
    };
    let sources = Arc::new(SourceMap::single(Source::new(name, text)));
    match input::accepted(cli.engine.accept(module, sources, Vec::new()), &args.findings) {
        Ok(module) => {
            let output = args.output.clone().unwrap_or_else(|| args.file.with_extension("rmod"));
            input::write(&output, &module.to_bytes(false))
        }
        Err(exit) => exit,
    }
}
