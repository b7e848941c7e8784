//! Where in the source each instruction comes from.

use remora_diagnostics::Span;

/// The span of each instruction of a code object, by the index of its first unit. Instructions with the same span as the
/// one before take no room.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LineTable {
    /// First unit from which on the span holds; ascending.
    entries: Box<[(u32, Span)]>,
}

impl LineTable {
    /// A table of spans, each with the unit from which on it holds. Must ascend; repeated spans are merged.
    #[must_use]
    pub fn new(spans: impl IntoIterator<Item = (u32, Span)>) -> Self {
        let mut entries: Vec<(u32, Span)> = Vec::new();
        for (unit, span) in spans {
            if entries.last().is_none_or(|(_, last)| *last != span) {
                entries.push((unit, span));
            }
        }
        Self { entries: entries.into() }
    }

    /// The span of the instruction that holds the unit. Logarithmic.
    #[must_use]
    pub fn span(&self, unit: u32) -> Span {
        let after = self.entries.partition_point(|(start, _)| *start <= unit);
        after
            .checked_sub(1)
            .and_then(|it| self.entries.get(it))
            .map(|(_, span)| *span)
            .unwrap_or_default()
    }

    /// Where spans change.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u32, Span)> + '_ {
        self.entries.iter().copied()
    }

    /// True if nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}
