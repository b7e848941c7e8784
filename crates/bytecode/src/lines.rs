//! Where in the source each instruction comes from.
//!
//! Looked at when something fails, but held for every function that is loaded: so it is packed, three to five bytes for
//! each change of span instead of twelve. Every 32nd change can be found without the ones before.

use std::sync::Arc;

use remora_diagnostics::Span;

use crate::unit::{unzigzag, zigzag};

/// The span of each instruction of a code object, by the index of its first unit. Instructions with the same span as the
/// one before take no room.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct LineTable {
    /// For each change, as numbers of seven bits a byte: units since the one before, distance from the start of the
    /// span before, length of the span.
    packed: Arc<[u8]>,
    marks: Arc<[Mark]>,
    len: usize,
}

/// Where decoding can begin: what it needs to know of the changes before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Mark {
    /// From which unit on the first change after it holds.
    holds_from: u32,
    /// Of the change before.
    unit: u32,
    start: u32,
    /// Index into the packed bytes.
    at: usize,
}

/// For so many changes room is made beforehand.
const MAX_RESERVED: usize = 1 << 16;

/// Changes from one mark to the next.
const MARK_EVERY: usize = 32;

impl LineTable {
    /// A table of spans, each with the unit from which on it holds. Must ascend; repeated spans are merged.
    #[must_use]
    pub fn new(spans: impl IntoIterator<Item = (u32, Span)>) -> Self {
        let spans = spans.into_iter();
        // Most changes take three bytes or four.
        let mut packed = Vec::with_capacity(spans.size_hint().0.min(MAX_RESERVED) * 4);
        let (mut marks, mut len) = (Vec::new(), 0);
        let mut last: Option<(u32, Span)> = None;
        for (unit, span) in spans {
            if last.is_some_and(|(_, last)| last == span) {
                continue;
            }
            let (last_unit, last_span) = last.unwrap_or_default();
            if len % MARK_EVERY == 0 {
                let (start, at) = (last_span.start, packed.len());
                marks.push(Mark { holds_from: unit, unit: last_unit, start, at });
            }
            // Wrapping in both directions: whatever is put in comes out again.
            push(&mut packed, unit.wrapping_sub(last_unit));
            push(&mut packed, zigzag(span.start.wrapping_sub(last_span.start).cast_signed()));
            push(&mut packed, span.end.wrapping_sub(span.start));
            last = Some((unit, span));
            len += 1;
        }
        Self { packed: packed.into(), marks: marks.into(), len }
    }

    /// The span of the instruction that holds the unit. Logarithmic.
    #[must_use]
    pub fn span(&self, unit: u32) -> Span {
        let after = self.marks.partition_point(|mark| mark.holds_from <= unit);
        let Some(mark) = after.checked_sub(1).and_then(|nth| self.marks.get(nth)) else {
            return Span::default();
        };
        let packed = self.packed.get(mark.at..).unwrap_or_default();
        let changes = Changes { packed, unit: mark.unit, start: mark.start, left: MARK_EVERY };
        let found = changes.take_while(|(from, _)| *from <= unit).last();
        found.map(|(_, span)| span).unwrap_or_default()
    }

    /// Where spans change.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (u32, Span)> + '_ {
        Changes { packed: &self.packed, unit: 0, start: 0, left: self.len }
    }

    /// True if nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

fn push(packed: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        packed.push(low_bits(number) | 0x80);
        number >>= 7;
    }
    packed.push(low_bits(number));
}

/// The seven lowest bits.
fn low_bits(number: u32) -> u8 {
    number.to_le_bytes()[0] & 0x7f
}

/// Unpacks changes.
struct Changes<'a> {
    packed: &'a [u8],
    unit: u32,
    start: u32,
    left: usize,
}

impl Changes<'_> {
    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let (byte, rest) = self.packed.split_first()?;
            self.packed = rest;
            number |= u32::from(byte & 0x7f) << shift;
            if *byte < 0x80 {
                break;
            }
        }
        Some(number)
    }
}

impl Iterator for Changes<'_> {
    type Item = (u32, Span);

    fn next(&mut self) -> Option<(u32, Span)> {
        self.left = self.left.checked_sub(1)?;
        self.unit = self.unit.wrapping_add(self.number()?);
        self.start = self.start.wrapping_add(unzigzag(self.number()?).cast_unsigned());
        let end = self.start.wrapping_add(self.number()?);
        Some((self.unit, Span::new(self.start, end)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Changes<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked() {
        let spans: Vec<_> = (0..1_000_u32)
            .map(|n| (3 * n + 2, Span::new(n.wrapping_mul(0x9e37_79b9) >> (n % 30), n)))
            .collect();
        let table = LineTable::new(spans.iter().copied());
        assert_eq!(table.iter().len(), spans.len());
        assert!(table.iter().eq(spans.iter().copied()));
        for (unit, span) in &spans {
            assert_eq!((table.span(*unit), table.span(unit + 2)), (*span, *span));
        }
        assert_eq!(table.span(1), Span::default());
    }

    #[test]
    fn repeated_spans_are_merged_and_usual_ones_take_few_bytes() {
        let table = LineTable::new((0..1_000).map(|n| (n, Span::at(n / 10 * 7))));
        assert_eq!(table.iter().len(), 100);
        assert_eq!(table.packed.len(), 300);
        assert!(LineTable::default().is_empty() && LineTable::new([]) == LineTable::default());
    }
}
