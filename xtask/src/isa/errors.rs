//! What is wrong with a definition file: messages with the line they belong to.

use std::fmt;

/// Messages in the order they were found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Errors(Vec<(usize, String)>);

impl Errors {
    /// Notes a message about a line, counted from 1.
    pub(crate) fn add(&mut self, line: usize, message: impl Into<String>) {
        self.0.push((line, message.into()));
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `Ok(it)` if nothing is wrong, else the messages by line.
    ///
    /// # Errors
    /// Everything that was added.
    pub(crate) fn into_result<T>(mut self, it: T) -> Result<T, Self> {
        if self.0.is_empty() {
            return Ok(it);
        }
        self.0.sort_by_key(|(line, _)| *line);
        Err(self)
    }

    /// The messages as `path:line: message`, one a line.
    pub(crate) fn in_file(&self, path: &str) -> String {
        let lines: Vec<_> =
            self.0.iter().map(|(line, message)| format!("{path}:{line}: {message}")).collect();
        lines.join("\n")
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_file("isa/instructions.isa"))
    }
}
