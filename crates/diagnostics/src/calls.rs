//! The calls that led to an error: an excerpt for the nearest, one line for all.

use std::fmt::Write;

use crate::{Diagnostic, SourceId, Span};

/// Callers whose line is shown.
const EXCERPTS: usize = 4;

/// Calls named in the line; repeated ones count once.
const NAMED: usize = 8;

/// A call that was running when an error happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunningCall<'a> {
    /// The function; empty for the program outside of functions.
    pub function: &'a str,
    /// The source that it was in.
    pub source: SourceId,
    /// What that is called, if it is not the program itself.
    pub file: Option<&'a str>,
    /// Where it was.
    pub span: Span,
    /// The line of that, from 1.
    pub line: u32,
}

impl Diagnostic {
    /// Adds the calls, innermost first, of which the first is where the error happened; `n_more` were not kept.
    #[must_use]
    pub fn calls(mut self, calls: &[RunningCall<'_>], n_more: usize) -> Self {
        if calls.len() < 2 {
            return self;
        }
        let mut shown: Vec<(SourceId, Span)> = vec![(calls[0].source, calls[0].span)];
        for call in &calls[1..] {
            // A recursion is shown once; a call around the culprit on its own line says nothing new.
            let is_new = !shown.contains(&(call.source, call.span)) && call.line > 0;
            if is_new && shown.len() <= EXCERPTS {
                shown.push((call.source, call.span));
                self = self.label_in(call.source, call.span, "called from here");
            }
        }
        self.note(line(calls, n_more))
    }
}

/// `in deep (line 1) 3 times, called from area (lib/shapes.ruff, line 9)`
fn line(calls: &[RunningCall<'_>], n_more: usize) -> String {
    let mut out = String::new();
    let mut rest = calls;
    for nth in 0..NAMED {
        let Some(first) = rest.first() else { break };
        let n_same = rest.iter().take_while(|it| *it == first).count();
        rest = &rest[n_same..];
        let name = if first.function.is_empty() { "the program" } else { first.function };
        let before = if nth == 0 { "in" } else { ", called from" };
        // Writing to a string cannot fail.
        let _ = match first.file {
            Some(file) => write!(out, "{before} {name} ({file}, line {})", first.line),
            None => write!(out, "{before} {name} (line {})", first.line),
        };
        if n_same > 1 {
            let _ = write!(out, " {n_same} times");
        }
    }
    let n_more = rest.len() + n_more;
    if n_more > 0 {
        let _ = write!(out, ", and {n_more} calls more");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Code;

    #[test]
    fn a_recursion_is_told_once() {
        let call = |function, line| RunningCall {
            function,
            source: SourceId::default(),
            file: None,
            span: Span::new(line, line + 1),
            line,
        };
        let calls = [call("down", 1), call("down", 1), call("down", 1), call("", 4)];
        let told = Diagnostic::error(Code::L0003).label(calls[0].span, "too deep").calls(&calls, 2);
        assert_eq!(told.labels.len(), 2);
        let line = "in down (line 1) 3 times, called from the program (line 4), and 2 calls more";
        assert_eq!(told.notes, [line]);
    }
}
