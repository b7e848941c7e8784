//! What the front end promises, tested through its doors.
//!
//! Trees are compared in the form of `ast::dump`; diagnostics in the form of [`errors`], with carets under the culprit.

mod corpus;
mod errors;
mod expressions;
mod format;
mod habits;
mod items;
mod literals;
mod nesting;
mod patterns;
mod recovery;
mod session;
mod spans;
mod statements;

use remora_syntax::{ParseLimits, ast::dump, parse};

/// The tree of a text without errors.
#[track_caller]
fn tree(text: &str) -> String {
    let parsed = parse(text, &ParseLimits::default());
    assert_eq!(parsed.diagnostics, [], "in {text}");
    dump(&parsed.program).trim_end().to_owned()
}

/// Each diagnostic as its source line, carets under the culprit with code and label, and a line for each help and
/// note. A culprit of several lines is marked to the end of the first.
fn errors(text: &str) -> String {
    let mut out = String::new();
    for found in parse(text, &ParseLimits::default()).diagnostics {
        let span = found.span().expect("every diagnostic has a place");
        let before = &text[..span.start as usize];
        let line_start = before.rfind('\n').map_or(0, |it| it + 1);
        let line = text[line_start..].lines().next().unwrap_or_default();
        let indent = before[line_start..].chars().count();
        let marked = text[span.range()].lines().next().unwrap_or_default().chars().count();
        let number = before.matches('\n').count() + 1;
        out += &format!("{number}| {line}\n");
        out += &format!("{number}| {}{}", " ".repeat(indent), "^".repeat(marked.max(1)));
        out += &format!(" {} {}\n", found.code, found.labels[0].text);
        for help in &found.help {
            out += &format!("   help: {help}\n");
        }
        for note in &found.notes {
            out += &format!("   note: {note}\n");
        }
    }
    out
}

/// Compares `errors(text)` with `expected`, whose common indentation does not count. To renew a case, run it: the
/// failure prints what was found in the form that stands in the case.
#[track_caller]
fn check_errors(text: &str, expected: &str) {
    let lines: Vec<&str> = expected.lines().skip_while(|it| it.is_empty()).collect();
    let indent = |it: &&str| it.len() - it.trim_start().len();
    let common = lines.iter().filter(|it| !it.trim().is_empty()).map(indent).min().unwrap_or(0);
    let expected: String =
        lines.iter().map(|it| format!("{}\n", it.get(common..).unwrap_or_default())).collect();
    let found = errors(text);
    assert_eq!(found.trim_end(), expected.trim_end(), "\nfound:\n{found}");
}
