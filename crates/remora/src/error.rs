//! What can go wrong: a text or module that is rejected, a run that fails.

use std::sync::Arc;

use remora_diagnostics::{Code, CodeFamily, Diagnostic, SourceMap, Span};
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

    /// All that is wrong with excerpts of the source, as the command shows it, without colours.
    #[cfg(feature = "render")]
    #[must_use]
    pub fn render(&self) -> String {
        remora_diagnostics::render(&self.diagnostics, &self.sources, false)
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
///
/// `{}` says it in a line, [`Error::render`] with the place in the source.
pub struct Error(Box<Inner>);

struct Inner {
    fault: Box<Fault>,
    /// The texts that its places refer to.
    sources: Option<Arc<SourceMap>>,
}

/// What kind of failure it is, for hosts that go on differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An error of the script, also one that it threw itself.
    Script,
    /// A function of the host gave an error: [`std::error::Error::source`] is that.
    Host,
    /// A function of the host panicked.
    Panic,
    /// The run reached a limit: fuel, memory, time, depth, output; or it was interrupted.
    Limit,
    /// The script called `exit`.
    Exit,
}

impl ErrorKind {
    /// Its name, as JSON shows it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Script => "script",
            Self::Host => "host",
            Self::Panic => "panic",
            Self::Limit => "limit",
            Self::Exit => "exit",
        }
    }
}

/// Where one call was, with the file and column for those who do not have the texts.
pub(crate) struct Place<'a> {
    pub(crate) function: &'a str,
    pub(crate) file: Option<&'a str>,
    pub(crate) line: u32,
    pub(crate) column: Option<usize>,
    pub(crate) span: Span,
}

/// One call that was running.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CallFrame<'a> {
    /// The function's name; empty for the top level.
    pub function: &'a str,
    /// Where it was.
    pub span: Span,
    /// The line of that, from 1; 0 if unknown.
    pub line: u32,
}

impl Error {
    pub(crate) fn new(fault: Box<Fault>) -> Self {
        Self(Box::new(Inner { fault, sources: None }))
    }

    /// The same of a program with these texts.
    pub(crate) fn in_sources(mut self, sources: &Arc<SourceMap>) -> Self {
        self.0.sources = Some(Arc::clone(sources));
        self
    }

    /// An error of the host, as a function of the host may give it: R0026.
    pub fn host(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::new(Fault::of_host(error.into()))
    }

    pub(crate) fn into_fault(self) -> Box<Fault> {
        self.0.fault
    }

    /// Which kind of failure, roughly.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.0.fault.code {
            _ if self.0.fault.exit.is_some() => ErrorKind::Exit,
            Code::R0032 => ErrorKind::Panic,
            _ if self.0.fault.source.is_some() => ErrorKind::Host,
            code if code.family() == CodeFamily::Limit => ErrorKind::Limit,
            _ => ErrorKind::Script,
        }
    }

    /// Which kind of failure, exactly.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.fault.code
    }

    /// What the script would see as `e.message`.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.fault.message
    }

    /// Where in the source it happened.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.0.fault.span()
    }

    /// The script called `exit` with this code: no failure at all.
    #[must_use]
    pub fn exit_code(&self) -> Option<i32> {
        self.0.fault.exit
    }

    /// The functions that were running, innermost first, with the line each was at.
    pub fn calls(&self) -> impl Iterator<Item = (&str, u32)> {
        self.frames().map(|it| (it.function, it.line))
    }

    /// The functions that were running, innermost first.
    pub fn frames(&self) -> impl Iterator<Item = CallFrame<'_>> {
        let frames = self.0.fault.trace.iter();
        frames.map(|it| CallFrame { function: &it.function, span: it.span, line: it.line })
    }

    /// The same with files and columns, as far as the texts are there.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place<'_>> {
        let sources = self.0.sources.as_deref();
        self.0.fault.trace.iter().map(move |it| {
            let source = sources.and_then(|all| all.source(it.source));
            let column =
                source.filter(|text| text.has_text()).map(|text| text.line_column(it.span.start).1);
            let file = it.file.as_deref().or_else(|| source.map(|text| text.name()));
            Place { function: &it.function, file, line: it.line, column, span: it.span }
        })
    }

    /// What the error of a function of the host says, and each error behind it.
    pub(crate) fn causes(&self) -> Vec<String> {
        let first = std::error::Error::source(self);
        std::iter::successors(first, |it| it.source()).map(ToString::to_string).collect()
    }

    /// The failure as JSON: `kind` (`script`, `host`, `panic`, `limit`, `exit`), `code`, `message`, `sources` (the texts of the
    /// errors of the host behind it), and `frames`, innermost first, each with `function`, `file`, `line`, `column` and the
    /// bytes from `start` to `end`. What is unknown is null.
    ///
    /// With the feature `serde` an error is also `Serialize`, and looks the same.
    #[must_use]
    pub fn to_json(&self) -> String {
        let causes: Vec<String> = self.causes().iter().map(|it| quoted(it)).collect();
        let frames: Vec<String> = self.places().map(|it| it.to_json()).collect();
        format!(
            "{{\"kind\":\"{}\",\"code\":\"{}\",\"message\":{},\"sources\":[{}],\"frames\":[{}]}}",
            self.kind().as_str(),
            self.code(),
            quoted(self.message()),
            causes.join(","),
            frames.join(",")
        )
    }

    /// The failure with its place, for people.
    #[must_use]
    pub fn to_diagnostic(&self) -> Diagnostic {
        self.0.fault.to_diagnostic()
    }

    /// The failure with an excerpt of the source, as the command shows it, without colours.
    #[cfg(feature = "render")]
    #[must_use]
    pub fn render(&self) -> String {
        let none = SourceMap::default();
        let sources = self.0.sources.as_deref().unwrap_or(&none);
        remora_diagnostics::render(&[self.to_diagnostic()], sources, false)
    }

    /// The texts that places refer to.
    #[must_use]
    pub fn sources(&self) -> Option<&SourceMap> {
        self.0.sources.as_deref()
    }
}

impl Place<'_> {
    fn to_json(&self) -> String {
        let column = self.column.map_or("null".to_owned(), |it| it.to_string());
        format!(
            "{{\"function\":{},\"file\":{},\"line\":{},\"column\":{column},\"start\":{},\"end\":{}}}",
            quoted(self.function),
            self.file.map_or("null".to_owned(), quoted),
            self.line,
            self.span.start,
            self.span.end
        )
    }
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            control if u32::from(control) < 0x20 => {
                // Writing to a string does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.0.fault.code, self.0.fault.message)?;
        match self.0.fault.trace.first() {
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

impl std::error::Error for Error {
    /// The error of a function of the host, if it was one.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source: &(dyn std::error::Error + 'static) = &**self.0.fault.source.as_ref()?;
        Some(source)
    }
}
