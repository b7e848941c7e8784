//! What a program did, whichever engine ran it.

use remora_diagnostics::{Code, Diagnostic, Span};

/// What can be seen of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Everything printed.
    pub out: String,
    /// Errors and warnings, in the order of their places; an uncaught error is the last.
    pub findings: Vec<Finding>,
    /// The exit code that the command would have: 1 after an error.
    pub exit: i32,
    /// Units of fuel used, by an engine that counts them.
    pub fuel: u64,
}

/// An error or warning that was reported.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Its code.
    pub code: Code,
    /// The file it is in; none for the program itself.
    pub file: Option<String>,
    /// Its place.
    pub span: Span,
    /// All that is said: message, labels, notes and help.
    pub text: String,
}

impl From<&Diagnostic> for Finding {
    fn from(it: &Diagnostic) -> Self {
        let labels = it.labels.iter().map(|it| it.text.as_str());
        let said = std::iter::once(it.message.as_str()).chain(labels);
        let said = said.chain(it.notes.iter().chain(&it.help).map(String::as_str));
        Self {
            code: it.code,
            file: None,
            span: it.span().unwrap_or_default(),
            text: said.collect::<Vec<_>>().join("\n"),
        }
    }
}
