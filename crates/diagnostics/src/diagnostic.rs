//! One finding about a program: a code, a message, and the places it speaks of. Plain data.

use crate::{Code, SourceId, Span};

/// How bad a finding is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Severity {
    /// The program cannot run, or stopped.
    Error,
    /// The program runs, but probably not as meant.
    Warning,
}

/// A place in a source text, with what is to be said about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Which text.
    pub source: SourceId,
    /// Where in it.
    pub span: Span,
    /// What to say there; may be empty.
    pub text: String,
}

/// A suggested change: replace `span` by `text`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edit {
    /// Which text.
    pub source: SourceId,
    /// What to replace; empty to insert.
    pub span: Span,
    /// The replacement.
    pub text: String,
}

/// An error or warning as data. The first label is the culprit. Messages: lower case, no full stop, with the values
/// and types named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Error or warning.
    pub severity: Severity,
    /// Which kind of finding.
    pub code: Code,
    /// One line; by default the code's title.
    pub message: String,
    /// Places, the culprit first.
    pub labels: Vec<Label>,
    /// Facts that help to understand.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Vec<String>,
    /// Changes that would mend it.
    pub edits: Vec<Edit>,
}

impl Diagnostic {
    /// An error with the title of `code` as its message.
    #[must_use]
    pub fn error(code: Code) -> Self {
        Self::new(Severity::Error, code)
    }

    /// A warning with the title of `code` as its message.
    #[must_use]
    pub fn warning(code: Code) -> Self {
        Self::new(Severity::Warning, code)
    }

    fn new(severity: Severity, code: Code) -> Self {
        Self {
            severity,
            code,
            message: code.title().to_owned(),
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// Replaces the message.
    #[must_use]
    pub fn message(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    /// Adds a label in the main source; the first one added is the culprit.
    #[must_use]
    pub fn label(self, span: Span, text: impl Into<String>) -> Self {
        self.label_in(SourceId::default(), span, text)
    }

    /// Adds a label in `source`.
    #[must_use]
    pub fn label_in(mut self, source: SourceId, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { source, span, text: text.into() });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds advice.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Adds a suggested change in the main source.
    #[must_use]
    pub fn edit(mut self, span: Span, text: impl Into<String>) -> Self {
        self.edits.push(Edit { source: SourceId::default(), span, text: text.into() });
        self
    }

    /// Finds for each place of the main source the source that it is really in: places were counted through all sources,
    /// of which the one with the id `n` begins at `starts[n]`.
    #[must_use]
    pub fn in_sources(mut self, starts: &[u32]) -> Self {
        let find = |source: &mut SourceId, span: &mut Span| {
            let nth = starts.partition_point(|it| *it <= span.start).saturating_sub(1);
            if *source == SourceId::default() && nth > 0 {
                *source = SourceId(u32::try_from(nth).unwrap_or(u32::MAX));
                *span = Span::new(span.start - starts[nth], span.end.saturating_sub(starts[nth]));
            }
        };
        self.labels.iter_mut().for_each(|it| find(&mut it.source, &mut it.span));
        self.edits.iter_mut().for_each(|it| find(&mut it.source, &mut it.span));
        self
    }

    /// The span of the culprit, if there is one.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|it| it.span)
    }
}
