//! Ranges of ints.

/// The ints `start`, `start + step`, … as long as they are before `end`. Kept wide, so that the last int can be in one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Range {
    pub(crate) start: i128,
    pub(crate) end: i128,
    /// Never zero.
    pub(crate) step: i128,
}

impl Range {
    pub(crate) fn new(start: i64, end: i64, inclusive: bool) -> Self {
        Self { start: start.into(), end: i128::from(end) + i128::from(inclusive), step: 1 }
    }

    /// How many members it has.
    pub(crate) fn len(&self) -> i128 {
        let distance = if self.step > 0 { self.end - self.start } else { self.start - self.end };
        let step = self.step.abs();
        (distance.max(0) + step - 1) / step
    }

    /// The member at an index; negative ones count from the end.
    pub(crate) fn member(&self, at: i64) -> Option<i64> {
        let at = if at < 0 { self.len() + i128::from(at) } else { at.into() };
        let inside = (0..self.len()).contains(&at);
        inside.then(|| self.start + at * self.step).and_then(|it| i64::try_from(it).ok())
    }

    pub(crate) fn contains(&self, member: i64) -> bool {
        let distance = i128::from(member) - self.start;
        distance % self.step == 0 && (0..self.len()).contains(&(distance / self.step))
    }
}

impl Iterator for Range {
    type Item = i64;

    fn next(&mut self) -> Option<i64> {
        let first = self.member(0)?;
        self.start += self.step;
        Some(first)
    }
}
