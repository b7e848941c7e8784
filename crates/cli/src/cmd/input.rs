//! Programs and modules as files.

use std::io::Read;
use std::path::{Path, PathBuf};

use remora::{Engine, Folders, Module, Rejected};
use remora_diagnostics::{Code, Diagnostic, Severity, escape_controls};

use crate::Cli;
use crate::args::{ModuleArgs, OutputArgs};
use crate::exit::Exit;
use crate::terminal::{complain, show};

/// Where modules begin: the tag of the first field. No Ruff program begins with a line feed and a length.
const MODULE_EXTENSION: &str = "rmod";

/// What debug files end with.
const DEBUG_EXTENSION: &str = "rdbg";

/// Longest file that is read: no module and no source may be longer.
const MAX_FILE: u64 = 17 << 20;

/// The bytes of a file; `-` is standard input.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Exit> {
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        std::io::stdin().lock().take(MAX_FILE).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|it| it.take(MAX_FILE).read_to_end(&mut bytes))
    };
    match read {
        Ok(_) => Ok(bytes),
        Err(error) => {
            let name = path.to_string_lossy();
            complain(&format!("error: cannot read `{}`: {error}\n", escape_controls(&name)));
            Err(Exit::Usage)
        }
    }
}

/// The text of a program.
pub(super) fn text(path: &Path) -> Result<String, Exit> {
    String::from_utf8(read(path)?).map_err(|error| {
        let (name, at) = (path.to_string_lossy().into_owned(), error.utf8_error().valid_up_to());
        complain(&format!("error: `{}` is not UTF-8 at byte {at}\n", escape_controls(&name)));
        Exit::Source
    })
}

pub(super) fn is_module(path: &Path) -> bool {
    path.extension().is_some_and(|it| it == MODULE_EXTENSION)
}

/// An engine for a program: it finds modules in the program's folder, or the working folder, and below the roots.
pub(super) fn engine(
    cli: &Cli,
    program: Option<&Path>,
    modules: &ModuleArgs,
) -> Result<Engine, Exit> {
    let engine = cli.engine.clone().with_more_modules(folders(program, modules)?);
    Ok(if modules.check_types { engine.with_checked_types() } else { engine })
}

/// Where the modules of a program are.
///
/// # Errors
/// A root that is not there is a mistake on the command line.
pub(super) fn folders(program: Option<&Path>, modules: &ModuleArgs) -> Result<Folders, Exit> {
    let own = program.and_then(Path::parent).unwrap_or_else(|| Path::new(""));
    // A program that is not there is reported when it is read.
    let own = Some(own).filter(|it| it.as_os_str().is_empty() || it.is_dir());
    let roots = own.into_iter().chain(modules.root.iter().map(PathBuf::as_path));
    Folders::new(roots).map_err(|error| {
        complain(&format!("error: --root: {error}\n"));
        Exit::Usage
    })
}

/// What messages call a file.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new("-") {
        "<standard input>".to_owned()
    } else {
        path.to_string_lossy().into_owned()
    }
}

/// The module that a file holds or compiles to; what is wrong with it is shown.
pub(super) fn module(
    cli: &Cli,
    path: &Path,
    modules: &ModuleArgs,
    output: &OutputArgs,
) -> Result<Module, Exit> {
    let made = if is_module(path) {
        cli.engine.load(&name(path), &read(path)?)
    } else {
        engine(cli, Some(path), modules)?.compile(&name(path), &text(path)?)
    };
    accepted(made, output)
}

/// The same for a program that is run: a stripped module gets back what messages need, from the file that was named, or
/// from the one beside it if that fits.
pub(super) fn module_with_debug(
    cli: &Cli,
    path: &Path,
    debug: Option<&Path>,
    modules: &ModuleArgs,
    output: &OutputArgs,
) -> Result<Module, Exit> {
    if !is_module(path) {
        if debug.is_some() {
            complain("error: --debug-file goes with a module; a program has it all in its text\n");
            return Err(Exit::Usage);
        }
        return module(cli, path, modules, output);
    }
    let (engine, bytes) = (&cli.engine, read(path)?);
    let beside = path.with_extension(DEBUG_EXTENSION);
    let load = |debug: &Path| {
        let from = read(debug)?;
        Ok(engine.load_with_debug(&name(path), &bytes, &name(debug), &from))
    };
    if let Some(debug) = debug {
        return accepted(load(debug)?, output);
    }
    let plain = accepted(engine.load(&name(path), &bytes), output)?;
    if plain.bytecode().debug.is_some() || !beside.is_file() {
        return Ok(plain);
    }
    // Nobody asked for this file: one that does not fit is named, and the program runs without.
    load(&beside)?.or_else(|rejected| {
        let ignored = rejected.diagnostics.into_iter().map(|it| Diagnostic {
            severity: Severity::Warning,
            ..it.help("the program runs without it")
        });
        show(&ignored.collect::<Vec<_>>(), &rejected.sources, output);
        Ok(plain)
    })
}

/// Shows warnings, or why something was rejected.
pub(super) fn accepted(
    made: Result<Module, Rejected>,
    output: &OutputArgs,
) -> Result<Module, Exit> {
    match made {
        Ok(module) => {
            show(module.warnings(), module.sources(), output);
            Ok(module)
        }
        Err(rejected) => {
            show(&rejected.diagnostics, &rejected.sources, output);
            Err(exit_of(&rejected))
        }
    }
}

fn exit_of(rejected: &Rejected) -> Exit {
    let of_module = |code: Code| code.as_str().starts_with('V') || code == Code::L0008;
    if rejected.diagnostics.iter().any(|it| of_module(it.code)) {
        Exit::Module
    } else {
        Exit::Source
    }
}

/// Writes a file, or says why not.
pub(super) fn write(path: &Path, bytes: &[u8]) -> Exit {
    match std::fs::write(path, bytes) {
        Ok(()) => Exit::Ok,
        Err(error) => {
            let name = path.to_string_lossy();
            complain(&format!("error: cannot write `{}`: {error}\n", escape_controls(&name)));
            Exit::Usage
        }
    }
}
