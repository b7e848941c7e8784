//! Collects what a pass finds: bounded, and each culprit once.

use crate::{Code, Diagnostic, Severity, Span, order};

/// A bounded list of findings. A second error at the same span is dropped, since it is nearly always a consequence of
/// the first.
#[derive(Debug)]
pub struct Sink {
    found: Vec<Diagnostic>,
    n_errors: usize,
    max_errors: usize,
    dropped: bool,
}

impl Sink {
    /// Takes at most `max_errors` errors; warnings are bounded by the same number.
    #[must_use]
    pub fn new(max_errors: usize) -> Self {
        Self { found: Vec::new(), n_errors: 0, max_errors, dropped: false }
    }

    /// Adds a finding, unless the sink is full or has one for the same place.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let same =
            |it: &Diagnostic| it.severity == diagnostic.severity && it.span() == diagnostic.span();
        if diagnostic.span().is_some() && self.found.iter().any(same) {
            return;
        }
        if diagnostic.severity == Severity::Error {
            if self.n_errors >= self.max_errors {
                self.dropped = true;
                return;
            }
            self.n_errors += 1;
        } else if self.found.len() - self.n_errors >= self.max_errors {
            return;
        }
        self.found.push(diagnostic);
    }

    /// True when there is an error among the findings.
    #[must_use]
    pub const fn has_errors(&self) -> bool {
        self.n_errors > 0
    }

    /// True when no more errors are taken: a pass may stop.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.n_errors >= self.max_errors
    }

    /// The findings in order of place; says at the end if errors were dropped.
    #[must_use]
    pub fn finish(mut self) -> Vec<Diagnostic> {
        order::sort_by_key(&mut self.found, |it| it.span().unwrap_or_else(|| Span::at(u32::MAX)));
        if self.dropped {
            let last = self.found.iter().rev().find_map(Diagnostic::span).unwrap_or_default();
            let note =
                Diagnostic::error(Code::E0018).label(last, "there are more errors after this one");
            self.found.push(note.help("mend these first, then check again"));
        }
        self.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_culprit_is_reported_once_and_the_rest_is_counted() {
        let mut sink = Sink::new(2);
        for at in [4, 4, 2, 9] {
            sink.push(Diagnostic::error(Code::E0101).label(Span::at(at), ""));
        }
        let codes: Vec<_> =
            sink.finish().iter().map(|it| (it.code, it.labels[0].span.start)).collect();
        assert_eq!(codes, [(Code::E0101, 2), (Code::E0101, 4), (Code::E0018, 4)]);
    }
}
