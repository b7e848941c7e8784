//! What may become of hostile input: each function here takes any input at all, and panics if a promise is broken.
//!
//! Tests call them with seeded corpora, fuzz targets with what a fuzzer thinks of.

use std::time::Duration;

use remora::{Rejected, Settings, Tier, Vm};
use remora_bytecode::wire::{WriteOptions, write};
use remora_bytecode::{Module, ModuleData};
use remora_diagnostics::{Code, Diagnostic, Severity, SourceMap, Span, render};
use remora_syntax::format;

use crate::case::{Case, is_warning};
use crate::engine::{Engine, Oracle};
use crate::looped::Loop;
use crate::outcome::Outcome;

/// What became of an input.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Verdict {
    /// It was not taken, and this was said.
    Refused(Code),
    /// It ran, until this ended it.
    Failed(Code),
    /// It ran to its end.
    Ran,
}

/// Bytes that say to be a module: refused with a code, or run under small limits.
///
/// # Panics
/// If Remora does.
#[must_use]
pub fn module_bytes(bytes: &[u8]) -> Verdict {
    match remora::Engine::new().load("module", bytes) {
        Ok(module) => {
            assert_eq!(module.to_bytes(false), bytes, "a module has one spelling");
            let done = run_counted(&module);
            let closures = remora::Engine::new().with_tier(Tier::Closures).load("module", bytes);
            let Ok(closures) = closures else { unreachable!("it was accepted before") };
            assert_eq!(run_counted(&closures), done, "closures, and the loop; with fuel");
            done.0
        }
        Err(rejected) => Verdict::Refused(first_code(&rejected)),
    }
}

/// A module in memory, well formed or not: it is sent as bytes.
///
/// # Panics
/// If Remora does.
#[must_use]
pub fn module(data: ModuleData) -> Verdict {
    module_bytes(&write(&Module::new(data), WriteOptions::default()))
}

fn first_code(rejected: &Rejected) -> Code {
    let Some(first) = rejected.diagnostics.first() else { unreachable!("refused for no reason") };
    assert!(first.code.as_str().starts_with(['V', 'L']), "{}: {}", first.code, first.message);
    first.code
}

/// Text that says to be a program: compiled, or refused with diagnostics whose places are in the text. It is not run.
///
/// # Panics
/// If Remora does, or if a place is not in the text.
#[must_use]
pub fn source(text: &str) -> Verdict {
    let engine = remora::Engine::new();
    match engine.compile("program", text) {
        Ok(module) => {
            check_diagnostics(module.warnings(), module.sources(), text);
            let once = format(text)
                .unwrap_or_else(|it| panic!("it compiles but is not formatted: {it:?}"));
            let twice = format(&once)
                .unwrap_or_else(|it| panic!("its formatted text is refused: {it:?}\n{once}"));
            assert_eq!(once, twice, "formatting what is formatted changes it");
            Verdict::Ran
        }
        Err(rejected) => {
            check_diagnostics(&rejected.diagnostics, &rejected.sources, text);
            let Some(first) = rejected.diagnostics.iter().find(|it| it.severity == Severity::Error)
            else {
                unreachable!("refused for no reason")
            };
            assert!(
                !first.code.as_str().starts_with('V'),
                "the compiler made what breaks a rule: {first:?}"
            );
            Verdict::Refused(first.code)
        }
    }
}

/// Each place is in the text, between characters; and people can be shown it.
fn check_diagnostics(diagnostics: &[Diagnostic], sources: &SourceMap, text: &str) {
    let is_place = |span: Span| span.start <= span.end && text.get(span.range()).is_some();
    for it in diagnostics {
        let places = it.labels.iter().map(|it| it.span).chain(it.edits.iter().map(|it| it.span));
        places.for_each(|span| assert!(is_place(span), "{span:?} is no place: {it:?}"));
        assert!(it.severity == Severity::Warning || it.span().is_some(), "nowhere: {it:?}");
    }
    if !diagnostics.is_empty() {
        assert!(!render(diagnostics, sources, false).is_empty());
    }
}

/// Runs a module with little of everything.
#[must_use]
pub fn run(module: &remora::Module) -> Verdict {
    run_counted(module).0
}

/// The same, with the fuel that it has used.
fn run_counted(module: &remora::Module) -> (Verdict, u64) {
    let settings = Settings {
        fuel: Some(3_000),
        memory: 1 << 20,
        frames: 200,
        timeout: Some(Duration::from_secs(5)),
        output_bytes: 10_000,
        output: Some(Box::new(|_, _| Ok(()))),
        seed: Some(0),
        ..Settings::default()
    };
    let mut vm = Vm::new(module, settings);
    let verdict = match vm.run() {
        Ok(_) => Verdict::Ran,
        Err(error) => Verdict::Failed(error.code()),
    };
    (verdict, vm.fuel_used())
}

/// Programs that print more than this have run into the limit of steps, which the oracle counts in its own way.
const MUCH: usize = 1 << 16;

/// A program does the same in the oracle, in the interpreter and with closures, optimised or not; the last two use the same
/// fuel. `Failed` with L0001 if there is nothing to compare, because it does not end. On a thread with a large stack.
///
/// # Panics
/// If it does not.
#[must_use]
pub fn engines(case: &Case) -> Verdict {
    let expected = Oracle.run(case);
    if expected.out.len() > MUCH {
        return Verdict::Failed(Code::L0001);
    }
    for plain in [false, true] {
        let mut fuel = None;
        for tier in [Tier::Loop, Tier::Closures] {
            let engine = Loop { plain, tier, ..Loop::default() };
            let found = agrees(&engine, case, &expected);
            let known = *fuel.get_or_insert(found.fuel);
            assert_eq!(found.fuel, known, "fuel of {:?}:\n{}", engine.name(), case.source);
        }
    }
    Verdict::Ran
}

/// What an engine does with a program, which is what is expected.
fn agrees(engine: &Loop, case: &Case, expected: &Outcome) -> Outcome {
    let mut found = engine.run(case);
    found.findings.retain(|it| !is_warning(it.code));
    let at = (&case.name, engine.name());
    for (line, (it, wanted)) in found.out.lines().zip(expected.out.lines()).enumerate() {
        assert_eq!(it, wanted, "line {line} of {at:?}:\n{}", case.source);
    }
    assert_eq!(found.out.len(), expected.out.len(), "{at:?}:\n{}", case.source);
    assert_eq!(found.findings, expected.findings, "{at:?}:\n{}", case.source);
    found
}

/// A program that need not end: as [`engines`], where neither engine came to a limit. Limits count differently in the
/// oracle.
///
/// # Panics
/// If they differ.
#[must_use]
pub fn engines_within_limits(case: &Case) -> Verdict {
    let found = Loop::default().run(case);
    let closures = Loop { tier: Tier::Closures, ..Loop::default() }.run(case);
    assert_eq!(closures, found, "closures, and the loop, with\n{}", case.source);
    let end = found.findings.iter().find(|it| !is_warning(it.code));
    match end.map(|it| it.code) {
        Some(code) if code.as_str().starts_with('E') => return Verdict::Refused(code),
        Some(code) if code.as_str().starts_with('L') => return Verdict::Failed(code),
        _ => {}
    }
    let mut expected = Oracle.run(case);
    if let Some(limit) = expected.findings.iter().find(|it| it.code.as_str().starts_with('L')) {
        return Verdict::Failed(limit.code);
    }
    expected.findings.retain(|it| !is_warning(it.code));
    let mut found = found;
    found.findings.retain(|it| !is_warning(it.code));
    assert_eq!(found.out, expected.out, "printed by\n{}", case.source);
    let places = |it: &crate::outcome::Outcome| -> Vec<_> {
        it.findings.iter().map(|it| (it.code, it.span)).collect()
    };
    assert_eq!(places(&found), places(&expected), "by\n{}", case.source);
    Verdict::Ran
}
