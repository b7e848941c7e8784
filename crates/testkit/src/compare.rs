//! Whether an engine did what a case says.

use std::fmt::Write as _;

use remora_diagnostics::Code;

use crate::case::{Case, Expected, is_warning};
use crate::engine::Engine;
use crate::outcome::{Finding, Outcome};

/// Runs a case.
///
/// # Errors
/// What differs, with the place of the case, for people to read.
pub fn check(case: &Case, engine: &dyn Engine) -> Result<(), String> {
    let outcome = engine.run(case);
    if case.is_rejected()
        && !engine.checks()
        && !outcome.findings.iter().any(|it| is_parse_error(it.code))
        && !case.findings.iter().any(|it| is_import_error(it.code))
    {
        // What is wrong is for the compiler to find.
        return Ok(());
    }
    let mut report = String::new();
    if outcome.out != case.out {
        let _ = writeln!(
            report,
            "printed\n{}instead of\n{}",
            indented(&outcome.out),
            indented(&case.out)
        );
    }
    compare_findings(case, &outcome, engine.checks(), &mut report);
    let exit =
        case.exit.unwrap_or_else(|| i32::from(case.findings.iter().any(|it| !is_warning(it.code))));
    if outcome.exit != exit {
        let _ = writeln!(report, "exit code {} instead of {exit}", outcome.exit);
    }
    if report.is_empty() {
        return Ok(());
    }
    let (file, line) = &case.place;
    Err(format!("{file}:{line}: {} in {}\n{report}", case.name, engine.name()))
}

/// Whether the parser reports it; some of its codes are used by the compiler as well.
fn is_parse_error(code: Code) -> bool {
    code.as_str().starts_with("E00") && code != Code::E0017
}

/// Whether it is about modules, which an engine without checks looks at as well.
fn is_import_error(code: Code) -> bool {
    matches!(code, Code::E0120 | Code::E0121 | Code::E0122 | Code::E0123)
}

fn compare_findings(case: &Case, outcome: &Outcome, checks: bool, report: &mut String) {
    let expected = case.findings.iter().filter(|it| {
        let is_its_own = is_parse_error(it.code) || is_import_error(it.code);
        checks || is_its_own || !it.code.as_str().starts_with('E')
    });
    let mut found: Vec<&Finding> = outcome.findings.iter().collect();
    for expected in expected {
        match found.iter().position(|it| fits(case, expected, it)) {
            Some(at) => drop(found.remove(at)),
            None => {
                let text = case.text(expected.file.as_deref());
                let shown = text.get(expected.span.range()).unwrap_or("nowhere");
                let _ =
                    writeln!(report, "no {} at `{shown}` with {:?}", expected.code, expected.text);
            }
        }
    }
    for extra in found {
        let file = extra.file.as_deref();
        let shown = case.text(file).get(extra.span.range()).unwrap_or("nowhere");
        let file = file.unwrap_or("the program");
        let (code, text) = (extra.code, &extra.text);
        let _ = writeln!(report, "unexpected {code} at `{shown}` in {file}: {text}");
    }
}

fn fits(case: &Case, expected: &Expected, found: &Finding) -> bool {
    let mut span = found.span;
    if expected.open_end {
        let line =
            case.text(found.file.as_deref()).get(span.range()).and_then(|it| it.split_once('\n'));
        let Some((first, _)) = line else { return false };
        span.end = span.start + u32::try_from(first.len()).unwrap_or(0);
    }
    let is_there = expected.file == found.file && expected.span == span;
    expected.code == found.code && is_there && found.text.contains(&expected.text)
}

fn indented(text: &str) -> String {
    text.lines().map(|it| format!("    {it}\n")).collect()
}
