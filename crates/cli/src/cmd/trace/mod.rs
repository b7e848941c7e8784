//! `remora trace`: probes on a program that this process runs, or on another process that has opened its socket.
//!
//! What probes say goes to standard error while a program is run here, whose standard output stays its own; else to standard
//! output, or to the file of `-o`.

mod attach;
mod show;
mod watch;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use remora::Vm;
use remora::probe::ruff::Ruff;
use remora::probe::{self, Budget, Program, Quota, Registry, Settings, Spec, Target};
use remora_diagnostics::{Source, SourceMap};

use super::{input, run};
use crate::Cli;
use crate::args::TraceArgs;
use crate::exit::Exit;
use crate::terminal::{complain, print, show as show_findings};
use watch::{Out, Watch};

pub(crate) fn trace(cli: &Cli, args: &TraceArgs) -> Exit {
    if let Some(pattern) = &args.list {
        return listed(cli, args, pattern);
    }
    match traced(cli, args) {
        Ok(exit) | Err(exit) => exit,
    }
}

fn traced(cli: &Cli, args: &TraceArgs) -> Result<Exit, Exit> {
    let (name, text, rest) = probes(args)?;
    let budget = Budget::default();
    let program = Program::compile(&text, &budget).map_err(|found| {
        let sources = SourceMap::single(Source::new(name, &text));
        show_findings(&found, &sources, &args.output);
        Exit::Source
    })?;
    if args.dry_run {
        print(&dry(&program, &budget));
        return Ok(Exit::Ok);
    }
    let program = Arc::new(program);
    if let Some(socket) = &args.attach {
        if !rest.is_empty() {
            return Err(usage("--attach probes a process that runs already, not a program"));
        }
        return attach::attach(args, socket, &program);
    }
    let Some((path, rest)) = rest.split_first() else {
        return Err(usage("name the program to run, or the socket of a process with --attach"));
    };
    let (module, mut vm) = prepared(cli, args, Path::new(path), rest)?;
    let ruff = registry();
    vm.trace_with(&ruff);
    let mut out = Out::open(args, Out::Error)?;
    let targets: [Arc<dyn Target>; 2] = [ruff, Arc::clone(probe::rust::registry()) as _];
    let trace = probe::Trace::attach(&program, &targets, probe::Room::default());
    let trace = trace.map_err(|error| {
        complain(&format!("error: {error}\n"));
        Exit::Source
    })?;
    let watch = Watch::new(args, vm.interrupt());
    let interrupt = watch.clone();
    // Without a handler Ctrl-C ends the process at once, which is the next best thing.
    drop(ctrlc::set_handler(move || interrupt.stop()));
    let (result, written) = std::thread::scope(|scope| {
        let watching = scope.spawn(|| watch.follow(trace, &mut out));
        let result = cli.run_shown(&mut vm);
        watch.end();
        (result, watching.join())
    });
    if !matches!(written, Ok(Ok(()))) {
        complain("error: what the probes say cannot be written\n");
    }
    Ok(match result {
        Ok(_) => Exit::Ok,
        Err(_) if watch.is_over() => Exit::Ok,
        Err(error) => run::failed(&error, &module, &args.output),
    })
}

/// Where the functions of the program are known. Who looks at a program of their own may look as often as they like.
fn registry() -> Arc<Registry<Ruff>> {
    let quota = Quota { hits: u64::MAX, bytes: u64::MAX, time: Duration::from_millis(100) };
    Arc::new(Registry::new(Settings { quota, quota_of_all: quota, ..Settings::default() }))
}

/// The name and text of the probes, and what is left on the command line.
fn probes(args: &TraceArgs) -> Result<(String, String, &[String]), Exit> {
    if !args.eval.is_empty() {
        return Ok(("<command line>".to_owned(), args.eval.join("\n"), &args.rest));
    }
    let Some((path, rest)) = args.rest.split_first() else {
        return Err(usage("give a probe with -e, or name a file of probes"));
    };
    let text = input::text(Path::new(path))?;
    Ok((input::name(Path::new(path)), text, rest))
}

fn usage(what: &str) -> Exit {
    complain(&format!("error: {what}\n\nFor more information, try '--help'.\n"));
    Exit::Usage
}

/// A VM for the program, with what its arguments say.
fn prepared(
    cli: &Cli,
    args: &TraceArgs,
    path: &Path,
    rest: &[String],
) -> Result<(remora::Module, Vm), Exit> {
    run::not_tree(&args.settings)?;
    let cli = &cli.with_engine(args.settings.engine);
    let module = input::module_with_debug(cli, path, None, &args.modules, &args.output)?;
    let vm = cli.vm(&module, run::settings(&args.settings, rest)?);
    Ok((module, vm))
}

/// `-l`: the points of a program, or of a process.
fn listed(cli: &Cli, args: &TraceArgs, pattern: &str) -> Exit {
    let names = match (&args.attach, args.rest.split_first()) {
        (Some(socket), _) => attach::list(socket, pattern),
        (None, Some((path, rest))) => {
            prepared(cli, args, Path::new(path), rest).map(|(_, mut vm)| {
                vm.trace();
                probe::list(&probe::targets(), pattern)
            })
        }
        (None, None) => Err(usage("name a program, or the socket of a process with --attach")),
    };
    match names {
        Ok(names) => {
            let lines: String = names.iter().map(|it| format!("{it}\n")).collect();
            print(&lines);
            Exit::Ok
        }
        Err(exit) => exit,
    }
}

/// `--dry-run`: the code of the probes, and what each costs at most.
fn dry(program: &Program, budget: &Budget) -> String {
    let mut text = remora_bytecode::text::print(program.module());
    text.push('\n');
    for probe in program.probes() {
        text.push_str(&format!("; {} {}: {}\n", probe.id, probe.spec, probe.cost));
        if matches!(probe.spec, Spec::Function { .. }) && probe.sampling < 1.0 {
            text.push_str(&format!(";   in {:.4} of the requests\n", probe.sampling));
        }
    }
    text.push_str(&format!("; granted: {}\n", budget.cost));
    text
}
