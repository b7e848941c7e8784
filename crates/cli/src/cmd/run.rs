//! `remora run`, also without the word.

use std::io::IsTerminal;
use std::path::Path;

use remora::{Capabilities, Error, Module, Names, Paths, Settings};
use remora_diagnostics::{Code, CodeFamily};

use super::measure::Measure;
use super::{input, lines};
use crate::Cli;
use crate::args::{EngineKind, OutputArgs, ReplArgs, RunArgs, RunSettings};
use crate::exit::Exit;
use crate::terminal::{complain, print, show};

pub(crate) fn run(cli: &Cli, args: &RunArgs) -> Exit {
    let cli = &cli.with_engine(args.settings.engine);
    if let Some(exit) = lines::run(cli, args) {
        return exit;
    }
    let (path, rest) = match (&args.eval, args.rest.split_first()) {
        (Some(_), _) => (None, args.rest.as_slice()),
        (None, Some((path, rest))) => (Some(Path::new(path)), rest),
        (None, None) if std::io::stdin().is_terminal() => {
            return super::repl::repl(cli, &ReplArgs::default());
        }
        (None, None) => {
            complain(
                "error: name a program to run, or give a text with -e\n\nFor more information, try '--help'.\n",
            );
            return Exit::Usage;
        }
    };
    if args.settings.engine == EngineKind::Tree {
        if (args.measure.stats || args.measure.profile.is_some())
            && let Err(exit) = not_tree(&args.settings)
        {
            return exit;
        }
        return super::tree::run(cli, args, path, rest);
    }
    let mut measure = Measure::new(&args.measure);
    let module = match (&args.eval, path) {
        (Some(text), _) => input::engine(cli, None, &args.modules).and_then(|engine| {
            input::accepted(engine.compile_expression("<command line>", text), &args.output)
        }),
        (None, Some(path)) => {
            let debug = args.debug_file.as_deref();
            input::module_with_debug(cli, path, debug, &args.modules, &args.output)
        }
        (None, None) => return Exit::Usage,
    };
    match module {
        Ok(module) => execute(cli, &module, args, rest, &mut measure),
        Err(exit) => exit,
    }
}

fn execute(
    cli: &Cli,
    module: &Module,
    args: &RunArgs,
    rest: &[String],
    measure: &mut Measure<'_>,
) -> Exit {
    let settings = match settings(&args.settings, rest) {
        Ok(settings) => settings,
        Err(exit) => return exit,
    };
    let mut vm = cli.vm(module, settings);
    let interrupt = vm.interrupt();
    // Without a handler Ctrl-C ends the process at once, which is the next best thing.
    drop(ctrlc::set_handler(move || interrupt.interrupt()));
    measure.begin(&mut vm);
    let result = cli.run_shown(&mut vm);
    let measured = measure.end(&mut vm);
    match result {
        Ok(shown) => {
            if let Some(text) = shown.filter(|_| args.eval.is_some()) {
                print(&(text + "\n"));
            }
            measured
        }
        Err(error) => failed(&error, module, &args.output),
    }
}

/// Says so if the tree-walker is asked for, which cannot do all that the others do.
///
/// # Errors
/// The mistake on the command line.
pub(super) fn not_tree(args: &RunSettings) -> Result<(), Exit> {
    if args.engine != EngineKind::Tree {
        return Ok(());
    }
    complain("error: only the engines `loop` and `closure` can do this\n");
    Err(Exit::Usage)
}

/// Scripts may do nothing but print, read their arguments and their input, unless flags say more.
///
/// # Errors
/// A path of a flag that cannot be resolved is a mistake on the command line.
pub(super) fn settings(args: &RunSettings, rest: &[String]) -> Result<Settings, Exit> {
    let below = |flag: &str, paths: &[std::path::PathBuf]| {
        if paths.is_empty() {
            return Ok(Paths::Nothing);
        }
        Paths::below(paths).map_err(|error| {
            complain(&format!("error: {flag}: {error}\n"));
            Exit::Usage
        })
    };
    let capabilities = Capabilities {
        args: rest.to_vec(),
        read: below("--allow-read", &args.allow_read)?,
        write: below("--allow-write", &args.allow_write)?,
        env: if args.allow_env { Names::Everything } else { Names::Nothing },
        input: Box::new(std::io::BufReader::new(std::io::stdin())),
        ..Capabilities::default()
    };
    Ok(Settings {
        fuel: args.fuel,
        memory: args.mem.map_or(1 << 30, |it| usize::try_from(it).unwrap_or(usize::MAX)),
        frames: args.stack.unwrap_or(200_000),
        timeout: args.timeout,
        capabilities,
        seed: args.seed,
        ..Settings::default()
    })
}

/// Shows why a run failed, unless it only ended itself.
pub(super) fn failed(error: &Error, module: &Module, output: &OutputArgs) -> Exit {
    if let Some(code) = error.exit_code() {
        return Exit::Chosen(u8::try_from(code & 0xff).unwrap_or(1));
    }
    show(&[error.to_diagnostic()], module.sources(), output);
    exit_of(error.code())
}

/// The exit code that a failure of that kind ends with.
pub(super) fn exit_of(code: Code) -> Exit {
    match (code, code.family()) {
        (Code::L0007, _) => Exit::Interrupted,
        (Code::R0030, _) => Exit::Permission,
        (_, CodeFamily::Limit) => Exit::Limit,
        _ => Exit::Script,
    }
}
