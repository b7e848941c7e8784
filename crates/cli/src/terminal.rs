//! Where text goes: results to standard output, findings to standard error, and in which colours.

use std::io::{IsTerminal, Write};

use remora_diagnostics::{Diagnostic, Severity, SourceMap, render};
use serde_json::json;

use crate::args::{ColorChoice, OutputArgs};

/// Shows findings on standard error, as `output` says.
pub(crate) fn show(diagnostics: &[Diagnostic], sources: &SourceMap, output: &OutputArgs) {
    complain(&shown(diagnostics, sources, output));
}

/// Findings as text, as `output` says.
pub(crate) fn shown(
    diagnostics: &[Diagnostic],
    sources: &SourceMap,
    output: &OutputArgs,
) -> String {
    if output.json {
        diagnostics.iter().map(|it| json_line(it, sources)).collect()
    } else {
        render(diagnostics, sources, wants_color(output.color))
    }
}

/// Writes text to standard error as it is.
pub(crate) fn complain(text: &str) {
    // When standard error is gone there is nobody left to tell.
    drop(std::io::stderr().lock().write_all(text.as_bytes()));
}

/// Writes text to standard output; false when nobody reads any more (`remora … | head`).
pub(crate) fn print(text: &str) -> bool {
    std::io::stdout().lock().write_all(text.as_bytes()).is_ok()
}

pub(crate) fn wants_color(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let forbidden = std::env::var_os("NO_COLOR").is_some_and(|it| !it.is_empty());
            !forbidden && std::io::stderr().is_terminal()
        }
    }
}

/// One finding as one line of JSON. Lines and columns count from 1, bytes from 0.
fn json_line(diagnostic: &Diagnostic, sources: &SourceMap) -> String {
    let labels: Vec<_> = diagnostic
        .labels
        .iter()
        .map(|label| {
            let source = sources.source(label.source);
            let (line, column) = source.map_or((0, 0), |it| it.line_column(label.span.start));
            json!({
                "file": source.map_or("", |it| it.name()),
                "start": label.span.start, "end": label.span.end,
                "line": line, "column": column, "text": label.text,
            })
        })
        .collect();
    let edits: Vec<_> = diagnostic
        .edits
        .iter()
        .map(|it| json!({ "start": it.span.start, "end": it.span.end, "text": it.text }))
        .collect();
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let object = json!({
        "severity": severity, "code": diagnostic.code.as_str(), "message": diagnostic.message,
        "labels": labels, "notes": diagnostic.notes, "help": diagnostic.help, "edits": edits,
    });
    format!("{object}\n")
}
