//! `remora dis`: a program or module as text.

use super::input;
use crate::args::DisArgs;
use crate::exit::Exit;
use crate::terminal::print;

pub(crate) fn dis(args: &DisArgs) -> Exit {
    let module = if args.before && !input::is_module(&args.file) {
        input::text(&args.file).and_then(|text| {
            let engine = input::engine(Some(&args.file), &args.modules)?;
            input::accepted(engine.compile_plain(&input::name(&args.file), &text), &args.output)
        })
    } else {
        input::module(&args.file, &args.modules, &args.output)
    };
    match module {
        Ok(module) if args.registers => print(&module.registers()),
        Ok(module) => print(&remora_bytecode::text::print(module.bytecode())),
        Err(exit) => return exit,
    };
    Exit::Ok
}
