//! A fault as a diagnostic, for people.

use remora_diagnostics::{Diagnostic, RunningCall};

use super::{Fault, TraceFrame};

impl Fault {
    /// The fault with its place, its message and the calls that led to it.
    #[must_use]
    pub fn to_diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code);
        let label = self.label.as_deref().unwrap_or(&self.message);
        match self.trace.first() {
            Some(frame) => diagnostic = diagnostic.label_in(frame.source, frame.span, label),
            None => diagnostic = diagnostic.note(label),
        }
        let calls: Vec<RunningCall<'_>> = self.trace.iter().map(TraceFrame::as_call).collect();
        diagnostic = diagnostic.calls(&calls, self.n_untraced);
        match &self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}

impl TraceFrame {
    fn as_call(&self) -> RunningCall<'_> {
        RunningCall {
            function: &self.function,
            source: self.source,
            file: self.file.as_deref(),
            span: self.span,
            line: self.line,
        }
    }
}
