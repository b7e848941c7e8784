//! `remora dis`: a program or module as text.

use remora::Module;
use remora_bytecode::text;

use super::{input, passes};
use crate::Cli;
use crate::args::DisArgs;
use crate::exit::Exit;
use crate::terminal::{complain, print};

pub(crate) fn dis(cli: &Cli, args: &DisArgs) -> Exit {
    let shown = match args.before {
        true => before(cli, args),
        false => {
            input::module(cli, &args.file, &args.modules, &args.output).map(|it| form(&it, args))
        }
    };
    match shown {
        Ok(shown) => {
            print(&shown);
            Exit::Ok
        }
        Err(exit) => exit,
    }
}

/// The form that was asked for.
fn form(module: &Module, args: &DisArgs) -> String {
    if args.registers { module.registers() } else { text::print(module.bytecode()) }
}

/// The program before the optimiser: its wordcode with what became of it, or its register form.
fn before(cli: &Cli, args: &DisArgs) -> Result<String, Exit> {
    if input::is_module(&args.file) {
        complain("error: --before needs the program: a module holds only what came of it\n");
        return Err(Exit::Usage);
    }
    let engine = input::engine(cli, Some(&args.file), &args.modules)?;
    let (name, source) = (input::name(&args.file), input::text(&args.file)?);
    let plain = input::accepted(engine.compile_plain(&name, &source), &args.output)?;
    if args.registers {
        return Ok(plain.registers());
    }
    // What there is to warn of has been shown.
    match engine.compile(&name, &source) {
        Ok(module) => {
            Ok(passes::compare(&text::print(plain.bytecode()), &text::print(module.bytecode())))
        }
        Err(rejected) => input::accepted(Err(rejected), &args.output).map(|it| form(&it, args)),
    }
}
