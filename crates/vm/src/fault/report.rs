//! A fault as a diagnostic, for people.

use std::fmt::Write;

use remora_diagnostics::Diagnostic;

use super::Fault;

/// Calls shown of a long trace.
const SHOWN: usize = 8;

impl Fault {
    /// The fault with its place, its message and the calls that led to it.
    #[must_use]
    pub fn to_diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code);
        let label = self.label.as_deref().unwrap_or(&self.message);
        match self.trace.first() {
            Some(frame) => diagnostic = diagnostic.label(frame.span, label),
            None => diagnostic = diagnostic.note(label),
        }
        if let Some(calls) = self.calls() {
            diagnostic = diagnostic.note(calls);
        }
        match &self.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    /// `in deep (line 1), called from main (line 9)`; nothing for code outside of functions.
    fn calls(&self) -> Option<String> {
        if self.trace.len() < 2 {
            return None;
        }
        let mut out = String::new();
        for (nth, frame) in self.trace.iter().take(SHOWN).enumerate() {
            let name = if frame.function.is_empty() { "the program" } else { &frame.function };
            let before = if nth == 0 { "in" } else { ", called from" };
            // Writing to a string cannot fail.
            let _ = write!(out, "{before} {name} (line {})", frame.line);
        }
        let more = self.trace.len().saturating_sub(SHOWN) + self.n_untraced;
        if more > 0 {
            let _ = write!(out, ", and {more} calls more");
        }
        Some(out)
    }
}
