//! A range of ints: where it starts, where it ends, and how far apart its members are.

use core::fmt;

/// The ints `start`, `start + step`, … as long as they are before the end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    start: i64,
    last: i64,
    /// Never zero.
    step: i64,
    /// Whether `last` is a bound that is included: only where the end would be past the largest int.
    includes_last: bool,
}

impl Range {
    /// The ints from `start` to before `end`.
    #[must_use]
    pub const fn new(start: i64, end: i64) -> Self {
        Self { start, last: end, step: 1, includes_last: false }
    }

    /// The ints from `start` to `last`.
    #[must_use]
    pub const fn inclusive(start: i64, last: i64) -> Self {
        match last.checked_add(1) {
            Some(end) => Self::new(start, end),
            None => Self { start, last, step: 1, includes_last: true },
        }
    }

    /// The ints from `start` to before `end`, `step` apart; `None` for a step of zero.
    #[must_use]
    pub const fn stepped(start: i64, end: i64, step: i64) -> Option<Self> {
        if step == 0 {
            return None;
        }
        Some(Self { start, last: end, step, includes_last: false })
    }

    /// Where it begins.
    #[must_use]
    pub const fn start(&self) -> i64 {
        self.start
    }

    /// What is between neighbours.
    #[must_use]
    pub const fn step(&self) -> i64 {
        self.step
    }

    /// The first int past it, in the direction of the step; may be past the largest int.
    #[must_use]
    pub const fn end(&self) -> i128 {
        self.last as i128 + self.includes_last as i128
    }

    /// How many members it has; for the one range of all ints, one less.
    #[must_use]
    pub fn len(&self) -> u64 {
        u64::try_from(self.count()).unwrap_or(u64::MAX)
    }

    fn count(&self) -> i128 {
        let (start, end) = (i128::from(self.start), self.end());
        let distance = if self.step > 0 { end - start } else { start - end };
        let step = i128::from(self.step).abs();
        (distance.max(0) + step - 1) / step
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// The member at an index; negative ones count from the end.
    #[must_use]
    pub fn member(&self, at: i64) -> Option<i64> {
        let count = self.count();
        let at = if at < 0 { count + i128::from(at) } else { i128::from(at) };
        let member = i128::from(self.start) + at * i128::from(self.step);
        (0..count).contains(&at).then(|| i64::try_from(member).ok())?
    }

    /// The member at an index from the start.
    #[must_use]
    pub fn get(&self, at: u64) -> Option<i64> {
        i64::try_from(at).ok().and_then(|at| self.member(at))
    }

    /// The members from one index to before another.
    #[must_use]
    pub fn part(&self, part: &core::ops::Range<usize>) -> Self {
        let at = |index: usize| i64::try_from(index).ok().and_then(|index| self.member(index));
        match at(part.start) {
            Some(start) if part.start < part.end => match at(part.end) {
                Some(end) => Self { start, last: end, includes_last: false, ..*self },
                None => Self { start, ..*self },
            },
            _ => Self::new(0, 0),
        }
    }

    /// The members, one after the other.
    #[must_use]
    pub fn ints(&self) -> Ints {
        Ints { next: self.start, step: self.step, left: self.len() }
    }

    /// Whether an int is a member.
    #[must_use]
    pub fn contains(&self, member: i64) -> bool {
        let distance = i128::from(member) - i128::from(self.start);
        let step = i128::from(self.step);
        distance % step == 0 && (0..self.count()).contains(&(distance / step))
    }
}

/// The members of a range, one after the other.
#[derive(Clone, Debug)]
pub struct Ints {
    next: i64,
    step: i64,
    left: u64,
}

impl Iterator for Ints {
    type Item = i64;

    #[inline]
    fn next(&mut self) -> Option<i64> {
        self.left = self.left.checked_sub(1)?;
        let int = self.next;
        // Past the last one it may wrap around, but then nothing is left.
        self.next = int.wrapping_add(self.step);
        Some(int)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (start, end, step) = (self.start, self.end(), self.step);
        match step {
            1 => write!(f, "{start}..{end}"),
            _ => write!(f, "range({start}, {end}, {step})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_members() {
        assert_eq!(Range::new(0, 3).len(), 3);
        assert_eq!(Range::new(3, 0).len(), 0);
        assert_eq!(Range::inclusive(3, 3).len(), 1);
        let down = Range::stepped(10, 0, -3).unwrap();
        assert_eq!((0..5).map_while(|at| down.member(at)).collect::<Vec<_>>(), [10, 7, 4, 1]);
        assert_eq!(down.ints().collect::<Vec<_>>(), [10, 7, 4, 1]);
        assert_eq!(down.part(&(1..3)).ints().collect::<Vec<_>>(), [7, 4]);
        assert_eq!(down.part(&(2..9)).ints().collect::<Vec<_>>(), [4, 1]);
        assert!(down.part(&(2..2)).is_empty() && down.part(&(4..5)).is_empty());
        assert_eq!((down.member(-1), down.member(-5)), (Some(1), None));
        assert!(down.contains(4) && !down.contains(5) && !down.contains(13));
        assert_eq!(Range::stepped(0, 1, 0), None);
    }

    #[test]
    fn the_ends_of_the_ints() {
        let all = Range::inclusive(i64::MIN, i64::MAX);
        assert!(all.contains(i64::MAX) && all.contains(i64::MIN));
        assert_eq!((all.member(-1), all.member(0)), (Some(i64::MAX), Some(i64::MIN)));
        assert_eq!(Range::stepped(i64::MAX, i64::MIN, i64::MIN).map(|it| it.len()), Some(2));
        assert_eq!(Range::inclusive(0, i64::MAX).to_string(), "0..9223372036854775808");
    }
}
