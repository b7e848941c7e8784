//! The interpreter as an engine: from source, and from the bytes of the module that the source compiles to, whole or while
//! they come.

use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use remora::probe::{self, Budget, Program, Quota, Registry};
use remora::{
    Capabilities, Error, Module, Progress, Rejected, Settings, Stream, StreamError, Texts, Tier,
    Turn, Vm,
};
use remora_diagnostics::{Diagnostic, SourceId, SourceMap};

use crate::case::{Case, MAIN};
use crate::engine::{Engine, FRAMES, STEPS};
use crate::fixture;
use crate::outcome::{Finding, Outcome};

/// The interpreter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Loop {
    /// Writes the module to bytes and reads it back before it is run.
    pub through_bytes: bool,
    /// Compiles without the optimiser.
    pub plain: bool,
    /// With probes on each function, on lines, and on what is raised.
    pub traced: bool,
    /// With closures where there can be some, or without.
    pub tier: Tier,
}

impl Engine for Loop {
    fn name(&self) -> &str {
        match (self.through_bytes, self.plain) {
            _ if self.traced && self.tier == Tier::Closures => "closures, traced",
            (false, true) if self.tier == Tier::Closures => "closures, not optimised",
            _ if self.tier == Tier::Closures => "closures",
            _ if self.traced => "loop, traced",
            (true, _) => "loop, from bytes",
            (false, true) => "loop, not optimised",
            (false, false) => "loop",
        }
    }

    fn run(&self, case: &Case) -> Outcome {
        let texts = case.files.iter().fold(Texts::new(), |all, (name, text)| all.with(name, text));
        let texts = texts.with(MAIN, &case.source);
        let mut engine = engine_for(case).with_tier(self.tier).with_modules(texts);
        if case.check_types {
            engine = engine.with_checked_types();
        }
        let compiled = if self.plain {
            engine.compile_plain(MAIN, &case.source)
        } else {
            engine.compile(MAIN, &case.source)
        };
        let module = match compiled {
            Ok(module) => module,
            Err(rejected) => return refused(&rejected),
        };
        let mut outcome = Outcome {
            findings: findings(module.warnings(), module.sources()),
            ..Outcome::default()
        };
        if !self.through_bytes {
            if self.traced {
                traced(&module, case, &mut outcome);
            } else {
                execute(&module, case, &mut outcome);
            }
            return outcome;
        }
        let bytes = module.to_bytes(false);
        match engine.load(MAIN, &bytes) {
            Ok(read) => {
                assert_eq!(read.to_bytes(false), bytes, "{}: another spelling", case.name);
                execute(&read, case, &mut outcome);
            }
            Err(rejected) => return refused(&rejected),
        }
        outcome
    }
}

/// An engine with what a case is for.
fn engine_for(case: &Case) -> remora::Engine {
    if case.has_host() { fixture::engine() } else { remora::Engine::new() }
}

/// The interpreter on stripped bytes, which come in pieces while the program runs.
#[derive(Clone, Copy, Debug)]
pub struct Pieces {
    /// Bytes of a piece; `None` for all of them before the program begins.
    pub size: Option<usize>,
    /// With closures where there can be some, or without.
    pub tier: Tier,
}

impl Engine for Pieces {
    fn name(&self) -> &str {
        if self.size.is_some() { "loop, from pieces" } else { "loop, from stripped bytes" }
    }

    fn run(&self, case: &Case) -> Outcome {
        let texts = case.files.iter().fold(Texts::new(), |all, (name, text)| all.with(name, text));
        let texts = texts.with(MAIN, &case.source);
        let engine = engine_for(case).with_tier(self.tier).with_modules(texts);
        let module = match engine.compile(MAIN, &case.source) {
            Ok(module) => module,
            Err(rejected) => return refused(&rejected),
        };
        let bytes = module.to_bytes(true);
        let mut outcome = Outcome::default();
        let Some(size) = self.size else {
            match engine.load(MAIN, &bytes) {
                Ok(module) => execute(&module, case, &mut outcome),
                Err(rejected) => return refused(&rejected),
            }
            // What a program that came in pieces has used is not known here.
            outcome.fuel = 0;
            return outcome;
        };
        let printed = Printed::default();
        match run_in_pieces(&engine, bytes.chunks(size), settings(case, &printed)) {
            Ok(()) => {}
            Err(StreamError::Rejected(rejected)) => return refused(&rejected),
            Err(StreamError::Failed(error)) => {
                note_failure(&error, &SourceMap::default(), &mut outcome);
            }
        }
        if let Ok(printed) = printed.lock() {
            outcome.out.clone_from(&printed);
        }
        outcome
    }
}

/// Runs a program, handing it a piece only when it can do nothing without.
fn run_in_pieces<'a>(
    engine: &remora::Engine,
    mut pieces: impl Iterator<Item = &'a [u8]>,
    settings: Settings,
) -> Result<(), StreamError> {
    let mut loading = engine.load_stream(MAIN);
    while loading.progress() < Progress::Header
        && let Some(piece) = pieces.next()
    {
        loading.feed(piece)?;
    }
    let mut program = loading.begin(settings)?;
    while let Turn::Waits { .. } = program.run()? {
        match pieces.next() {
            Some(piece) => drop(program.feed(piece)?),
            None => program.end()?,
        }
    }
    Ok(())
}

fn refused(rejected: &Rejected) -> Outcome {
    Outcome {
        findings: findings(&rejected.diagnostics, &rejected.sources),
        exit: 1,
        ..Outcome::default()
    }
}

/// What a program prints.
type Printed = Arc<Mutex<String>>;

fn execute(module: &Module, case: &Case, outcome: &mut Outcome) {
    let printed = Printed::default();
    let vm = Vm::new(module, settings(case, &printed));
    run(vm, case, module, &printed, outcome);
}

/// Looks at everything there is.
const PROBES: &str = "
    fn:*:entry { capture(args, self, locals, stack(3)); $req.last = arg0; @entries = count(); }
    fn:*:exit { capture(args, entry.arg0, retval, exception, locals, globals, $req.last); @exits = quantize(elapsed()); }
    fn:*:entry+0 / arg0 == 1 && len(args) > 1 / { capture(arg1) }
    fn:*:entry+1 { capture(locals); @lines = count(); }
    fn:*:entry+2 { @lines = count(); }
    fn:*:entry+3 { @lines = count(); }
    fn:*:exit+1 { capture(retval) }";

fn traced(module: &Module, case: &Case, outcome: &mut Outcome) {
    let printed = Printed::default();
    let unbound = Quota { hits: u64::MAX, bytes: u64::MAX, time: Duration::MAX };
    let settings_of_probes =
        probe::Settings { quota: unbound, quota_of_all: unbound, room: 100, ..Default::default() };
    let registry = Arc::new(Registry::new(settings_of_probes));
    let program = Program::compile(PROBES, &Budget::default());
    let attached = program.map(|it| registry.attach(Arc::new(it)));
    assert!(matches!(attached, Ok(Ok(_))), "the probes are sound");
    let mut vm = Vm::new(module, settings(case, &printed));
    vm.trace_with(&registry);
    run(vm, case, module, &printed, outcome);
}

fn run(mut vm: Vm, case: &Case, module: &Module, printed: &Printed, outcome: &mut Outcome) {
    let ended = if case.has_host() { poll_to_end(vm.run_async()) } else { vm.run() };
    if let Err(error) = ended {
        note_failure(&error, module.sources(), outcome);
    }
    outcome.fuel = vm.fuel_used();
    if let Ok(printed) = printed.lock() {
        outcome.out.clone_from(&printed);
    }
}

/// The output of a future that wakes itself.
fn poll_to_end<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut task = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut task) {
            return output;
        }
    }
}

fn settings(case: &Case, printed: &Printed) -> Settings {
    let to = Arc::clone(printed);
    let write = move |stream, text: &str| {
        if stream == Stream::Out {
            to.lock().map_err(|it| it.to_string())?.push_str(text);
        }
        Ok(())
    };
    Settings {
        fuel: Some(STEPS),
        frames: u32::try_from(case.frames.unwrap_or(FRAMES)).unwrap_or(u32::MAX),
        capabilities: Capabilities {
            args: case.args.clone(),
            input: Box::new(std::io::Cursor::new(case.stdin.clone().into_bytes())),
            ..Capabilities::default()
        },
        output: Some(Box::new(write)),
        seed: Some(0),
        ..Settings::default()
    }
}

fn note_failure(error: &Error, sources: &SourceMap, outcome: &mut Outcome) {
    match error.exit_code() {
        Some(code) => outcome.exit = code,
        None => {
            outcome.exit = 1;
            outcome.findings.push(finding(error, sources));
        }
    }
}

/// Findings with their files.
fn findings(diagnostics: &[Diagnostic], sources: &SourceMap) -> Vec<Finding> {
    let all = diagnostics.iter().map(|it| {
        let source = it.labels.first().map(|it| it.source);
        Finding { file: source.and_then(|it| file(it, sources)), ..Finding::from(it) }
    });
    all.collect()
}

fn finding(error: &Error, sources: &SourceMap) -> Finding {
    let shown = error.to_diagnostic();
    Finding {
        code: error.code(),
        file: shown.labels.first().and_then(|it| file(it.source, sources)),
        span: error.span().unwrap_or_default(),
        text: error.message().to_owned(),
    }
}

/// What a source other than the program itself is called.
fn file(source: SourceId, sources: &SourceMap) -> Option<String> {
    let imported = source != SourceId::default();
    sources.source(source).filter(|_| imported).map(|it| it.name().to_owned())
}
