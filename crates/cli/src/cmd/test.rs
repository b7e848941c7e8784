//! `remora test`: runs test blocks, each in a VM of its own.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use remora::{Error, Folders, Settings, TestCase, Tests};
use remora_diagnostics::{Severity, Source, SourceMap, escape_controls};
use remora_syntax::ast::StmtKind;
use serde_json::json;

use super::{folder, input, junit, run, tree};
use crate::Cli;
use crate::args::{EngineKind, OutputArgs, TestArgs};
use crate::exit::Exit;
use crate::terminal::{print, show, shown};

/// The tests of one file, after they ran.
pub(super) struct Suite {
    pub(super) file: String,
    pub(super) outcomes: Vec<Outcome>,
}

/// What came of one test.
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) time: Duration,
    /// What it printed, on both streams.
    pub(super) printed: String,
    pub(super) failure: Option<Failure>,
}

/// Why a test failed.
pub(super) struct Failure {
    pub(super) code: &'static str,
    pub(super) message: String,
    /// The diagnostic as text.
    pub(super) shown: String,
}

pub(crate) fn test(cli: &Cli, args: &TestArgs) -> Exit {
    let cli = &cli.with_engine(args.settings.engine);
    if args.settings.engine == EngineKind::Tree && !tree::IS_THERE {
        return tree::missing();
    }
    let mut exit = Exit::Ok;
    let mut suites = Vec::new();
    for path in folder::programs(&args.paths) {
        match suite(cli, &path, args) {
            Ok(Some(suite)) => suites.push(suite),
            Ok(None) => {}
            Err(problem) => exit = problem,
        }
    }
    let all = || suites.iter().flat_map(|it| &it.outcomes);
    let failed = all().filter(|it| it.failure.is_some()).count();
    let passed = all().count() - failed;
    if args.output.json {
        print(&format!("{}\n", json!({ "passed": passed, "failed": failed })));
    } else {
        print(&format!("{passed} passed, {failed} failed\n"));
    }
    if let Some(path) = &args.junit {
        let written = input::write(path, junit::report(&suites).as_bytes());
        if written != Exit::Ok {
            return written;
        }
    }
    if exit == Exit::Ok && failed > 0 { Exit::Script } else { exit }
}

/// Runs the tests of a file; `None` if it has none.
fn suite(cli: &Cli, path: &Path, args: &TestArgs) -> Result<Option<Suite>, Exit> {
    let (name, text) = (input::name(path), input::text(path)?);
    let parsed = remora_syntax::parse(&text, &remora_syntax::ParseLimits::default());
    if parsed.diagnostics.iter().any(|it| it.severity == Severity::Error) {
        let sources = SourceMap::single(Source::new(name, text));
        show(&parsed.diagnostics, &sources, &args.output);
        return Err(Exit::Source);
    }
    if !parsed.program.stmts.iter().any(|it| matches!(it.kind, StmtKind::Test(_))) {
        return Ok(None);
    }
    let engine = input::engine(cli, Some(path), &args.modules)?;
    let tests = engine.compile_tests(&name, &text).map_err(|rejected| {
        show(&rejected.diagnostics, &rejected.sources, &args.output);
        Exit::Source
    })?;
    let wanted = |it: &&TestCase| args.filter.as_ref().is_none_or(|text| it.name.contains(text));
    let cases: Vec<_> = tests.cases.iter().filter(wanted).collect();
    if cases.is_empty() {
        return Ok(None);
    }
    if !args.output.json {
        print(&format!("{}\n", escape_controls(&name)));
    }
    let folders = input::folders(Some(path), &args.modules)?;
    let mut outcomes = Vec::new();
    for case in cases {
        let outcome = match args.settings.engine {
            EngineKind::Loop | EngineKind::Closure => one(cli, &tests, case, args)?,
            EngineKind::Tree => one_in_tree(&tests, case, args, &folders),
        };
        print(&line(&name, &outcome, &args.output));
        outcomes.push(outcome);
    }
    Ok(Some(Suite { file: name, outcomes }))
}

/// Runs the top-level code and then the test, in a fresh VM.
fn one(cli: &Cli, tests: &Tests, case: &TestCase, args: &TestArgs) -> Result<Outcome, Exit> {
    let printed = Arc::new(Mutex::new(String::new()));
    let sink = Arc::clone(&printed);
    let settings = Settings {
        output: Some(Box::new(move |_, text| {
            sink.lock().unwrap_or_else(PoisonError::into_inner).push_str(text);
            Ok(())
        })),
        ..run::settings(&args.settings, &[])?
    };
    let start = Instant::now();
    let mut vm = cli.vm(&tests.module, settings);
    let loaded = match cli.run_shown(&mut vm) {
        // A program may end by itself, as in `exit(main())`; what it has declared is there.
        Err(error) if error.exit_code() == Some(0) => Ok(()),
        other => other.map(drop),
    };
    let result = loaded.and_then(|()| cli.call(&mut vm, &case.name, &[]).map(drop));
    let time = start.elapsed();
    drop(vm);
    let failure = result.err().map(|error| failure(&error, tests, &args.output));
    let printed = std::mem::take(&mut *printed.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Outcome { name: case.name.clone(), time, printed, failure })
}

/// The same in the tree-walker, as one program that ends with a call of the test.
fn one_in_tree(tests: &Tests, case: &TestCase, args: &TestArgs, folders: &Folders) -> Outcome {
    let start = Instant::now();
    let (printed, result) = tree::test(tests.module.sources(), case, args, folders);
    let failure = result.err().map(|(message, diagnostic)| {
        let plain = OutputArgs { json: false, color: args.output.color };
        Failure {
            code: diagnostic.code.as_str(),
            message,
            shown: shown(&[diagnostic], tests.module.sources(), &plain),
        }
    });
    Outcome { name: case.name.clone(), time: start.elapsed(), printed, failure }
}

fn failure(error: &Error, tests: &Tests, output: &OutputArgs) -> Failure {
    let diagnostic = error.to_diagnostic();
    let plain = OutputArgs { json: false, color: output.color };
    Failure {
        code: error.code().as_str(),
        message: error.message().to_owned(),
        shown: shown(&[diagnostic], tests.module.sources(), &plain),
    }
}

/// What is printed about one test.
fn line(file: &str, outcome: &Outcome, output: &OutputArgs) -> String {
    let Outcome { name, time, printed, failure } = outcome;
    let milliseconds = time.as_secs_f64() * 1e3;
    if output.json {
        let mut object = json!({
            "file": file, "name": name, "ok": failure.is_none(), "milliseconds": milliseconds,
        });
        if let Some(failure) = failure {
            object["code"] = failure.code.into();
            object["message"] = failure.message.as_str().into();
            object["diagnostic"] = failure.shown.as_str().into();
            object["printed"] = printed.as_str().into();
        }
        return format!("{object}\n");
    }
    let word = if failure.is_some() { "FAIL" } else { "ok  " };
    let mut text = format!("  {word}  {} ({milliseconds:.1} ms)\n", escape_controls(name));
    if let Some(failure) = failure {
        if !printed.is_empty() {
            text.push_str("  it printed:\n");
            for line in printed.lines() {
                text.push_str(&format!("    {}\n", escape_controls(line)));
            }
        }
        text.push_str(&failure.shown);
    }
    text
}
