//! The source texts of a run, and where their lines begin.

use crate::{SourceId, Span};

/// One source text with its name and line starts.
#[derive(Clone, Debug)]
pub struct Source {
    name: String,
    text: String,
    line_starts: Vec<u32>,
}

impl Source {
    /// A source called `name` (a path, or something like `<command line>`). Linear in the text, once.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = line_starts(&text);
        Self { name: name.into(), text, line_starts }
    }

    /// A source of which only the name and the beginnings of the lines are known: places in it can be named, but not shown.
    #[must_use]
    pub fn from_lines(name: impl Into<String>, line_starts: &[u32]) -> Self {
        Self { name: name.into(), text: String::new(), line_starts: line_starts.to_vec() }
    }

    /// Whether the text itself is known.
    #[must_use]
    pub fn has_text(&self) -> bool {
        !self.text.is_empty() || self.line_starts.len() <= 1
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The byte at which each line begins; the first is 0.
    #[must_use]
    pub fn line_starts(&self) -> &[u32] {
        &self.line_starts
    }

    /// The text under a span; empty where the span is not within the text or cuts a character.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// Line and column of a byte, both from 1; columns count characters. Past the end: the end.
    #[must_use]
    pub fn line_column(&self, at: u32) -> (usize, usize) {
        let line = line_of(&self.line_starts, at);
        let start = self.line_starts.get(line - 1).map_or(0, |it| *it as usize);
        if !self.has_text() {
            return (line, (at as usize).saturating_sub(start) + 1);
        }
        let end = (at as usize).min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |it| it.chars().count());
        (line, column + 1)
    }
}

/// The byte at which each line begins; the first is 0.
#[must_use]
pub fn line_starts(text: &str) -> Vec<u32> {
    let after = text.match_indices('\n').filter_map(|(at, _)| u32::try_from(at + 1).ok());
    std::iter::once(0).chain(after).collect()
}

/// The line, from 1, that the byte `at` stands on, given where lines begin.
#[must_use]
pub fn line_of(line_starts: &[u32], at: u32) -> usize {
    line_starts.partition_point(|start| *start <= at).max(1)
}

/// All sources of a run; [`SourceId`] is an index into them.
#[derive(Clone, Debug, Default)]
pub struct SourceMap {
    sources: Vec<Source>,
}

impl SourceMap {
    /// A map of one source, which gets the id 0.
    #[must_use]
    pub fn single(source: Source) -> Self {
        Self { sources: vec![source] }
    }

    /// Adds a source and gives its id.
    pub fn add(&mut self, source: Source) -> SourceId {
        let id = SourceId(u32::try_from(self.sources.len()).unwrap_or(u32::MAX));
        self.sources.push(source);
        id
    }

    /// All sources, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.sources.iter()
    }

    /// The source of that name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<SourceId> {
        let at = self.sources.iter().position(|it| it.name == name)?;
        u32::try_from(at).ok().map(SourceId)
    }

    /// The source with that id.
    #[must_use]
    pub fn source(&self, id: SourceId) -> Option<&Source> {
        self.sources.get(id.0 as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_and_by_character() {
        let source = Source::new("a", "é\nxy\n");
        assert_eq!(source.line_column(0), (1, 1));
        assert_eq!(source.line_column(2), (1, 2));
        assert_eq!(source.line_column(4), (2, 2));
        assert_eq!(source.line_column(6), (3, 1));
        assert_eq!(source.line_column(999), (3, 1));
    }

    #[test]
    fn a_span_that_cuts_a_character_gives_nothing() {
        assert_eq!(Source::new("a", "é").slice(Span::new(1, 2)), "");
    }
}
