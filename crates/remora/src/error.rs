//! What can go wrong: a text or module that is rejected, a run that fails.

use remora_diagnostics::{Code, Diagnostic, SourceMap, Span};
use remora_vm::Fault;

/// Why a text or a module was not accepted.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// What is wrong, and where.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that the places refer to.
    pub sources: SourceMap,
}

impl Rejected {
    pub(crate) const fn new(diagnostics: Vec<Diagnostic>, sources: SourceMap) -> Self {
        Self { diagnostics, sources }
    }
}

impl std::fmt::Display for Rejected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (nth, it) in self.diagnostics.iter().enumerate() {
            let separator = if nth == 0 { "" } else { "\n" };
            write!(f, "{separator}{}: {}", it.code, it.message)?;
            if let Some(label) = it.labels.first() {
                let place = self
                    .sources
                    .source(label.source)
                    .map(|source| source.line_column(label.span.start));
                let (line, column) = place.unwrap_or((0, 0));
                write!(f, " at {line}:{column}: {}", label.text)?;
            }
            for note in &it.notes {
                write!(f, ": {note}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Rejected {}

/// Why a run failed: an error that the script did not catch, or a limit. One word wide.
pub struct Error(Box<Fault>);

impl Error {
    pub(crate) const fn new(fault: Box<Fault>) -> Self {
        Self(fault)
    }

    /// Which kind of failure.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What the script would see as `e.message`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where in the source it happened.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.0.span()
    }

    /// The script called `exit` with this code: no failure at all.
    #[must_use]
    pub fn exit_code(&self) -> Option<i32> {
        self.0.exit
    }

    /// The functions that were running, innermost first, with the line each was at.
    pub fn calls(&self) -> impl Iterator<Item = (&str, u32)> {
        self.0.trace.iter().map(|it| (&*it.function, it.line))
    }

    /// The failure with its place, for people.
    #[must_use]
    pub fn to_diagnostic(&self) -> Diagnostic {
        self.0.to_diagnostic()
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.0.code, self.0.message)?;
        match self.0.trace.first() {
            Some(frame) if frame.line > 0 => write!(f, " (line {})", frame.line),
            _ => Ok(()),
        }
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}
