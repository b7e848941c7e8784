//! Histograms: powers of two, or equal steps between two bounds.

/// How many values fell into each bucket.
#[derive(Clone, PartialEq, Debug)]
pub struct Histogram {
    scale: Scale,
    /// Values in each bucket, by index.
    counts: Vec<u64>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Scale {
    /// Bucket 0 holds what is below 0, 1 what is 0 up to 1, and then [1, 2), [2, 4), …
    Powers,
    /// Below `low`, the steps, and what is at `high` or above.
    Linear { low: f64, step: f64, n_steps: usize },
}

/// Most steps of a linear histogram.
const MAX_STEPS: usize = 100;

impl Histogram {
    /// Buckets that are powers of two.
    #[must_use]
    pub const fn powers() -> Self {
        Self { scale: Scale::Powers, counts: Vec::new() }
    }

    /// Buckets of `step` between `low` and `high`; at most 100 of them.
    #[must_use]
    pub fn linear(low: f64, high: f64, step: f64) -> Option<Self> {
        let n_steps = ((high - low) / step).ceil();
        #[expect(clippy::cast_precision_loss, reason = "a hundred fits")]
        let fits = step > 0.0 && n_steps >= 1.0 && n_steps <= MAX_STEPS as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "the range was just checked"
        )]
        let scale = Scale::Linear { low, step, n_steps: n_steps as usize };
        fits.then_some(Self { scale, counts: Vec::new() })
    }

    /// Counts a value; NaN counts as below everything.
    pub fn add(&mut self, value: f64) {
        let at = self.bucket(value);
        if self.counts.len() <= at {
            self.counts.resize(at + 1, 0);
        }
        self.counts[at] += 1;
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "each is bounded by the line before"
    )]
    fn bucket(&self, value: f64) -> usize {
        match self.scale {
            Scale::Powers if value >= 1.0 => 2 + (value.log2().floor().min(63.0) as usize),
            Scale::Powers => usize::from(value >= 0.0),
            Scale::Linear { low, step, n_steps } if value >= low => {
                1 + ((value - low) / step).floor().min(n_steps as f64) as usize
            }
            Scale::Linear { .. } => 0,
        }
    }

    /// Adds what another histogram of the same scale has counted.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (count, more) in self.counts.iter_mut().zip(&other.counts) {
            *count += more;
        }
    }

    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.scale == other.scale
    }

    /// How many values there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Each bucket from the first to the last that is not empty: where it begins (`None` for the lowest), and its count.
    #[must_use]
    pub fn buckets(&self) -> Vec<(Option<f64>, u64)> {
        let first = self.counts.iter().position(|it| *it > 0).unwrap_or(0);
        let last = self.counts.iter().rposition(|it| *it > 0).map_or(0, |it| it + 1);
        (first..last).map(|at| (self.start(at), self.counts[at])).collect()
    }

    /// Where the last of [`Histogram::buckets`] ends; `None` if it takes all that is greater.
    #[must_use]
    pub fn end(&self) -> Option<f64> {
        let last = self.counts.iter().rposition(|it| *it > 0)?;
        let is_open = match self.scale {
            Scale::Powers => last >= 65,
            Scale::Linear { n_steps, .. } => last > n_steps,
        };
        if is_open { None } else { self.start(last + 1) }
    }

    #[expect(clippy::cast_precision_loss, reason = "there are a hundred buckets")]
    fn start(&self, at: usize) -> Option<f64> {
        let nth = at.checked_sub(1)? as f64;
        Some(match self.scale {
            Scale::Powers if at == 1 => 0.0,
            Scale::Powers => (nth - 1.0).exp2(),
            Scale::Linear { low, step, .. } => nth.mul_add(step, low),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fall_into_powers_of_two_and_into_steps() {
        let mut powers = Histogram::powers();
        for value in [-3.0, 0.0, 0.5, 1.0, 3.0, 3.9, 1e300, f64::NAN] {
            powers.add(value);
        }
        let buckets = powers.buckets();
        assert_eq!(buckets[..4], [(None, 2), (Some(0.0), 2), (Some(1.0), 1), (Some(2.0), 2)]);
        assert_eq!((powers.total(), powers.end()), (8, None));
        let mut linear = Histogram::linear(0.0, 10.0, 5.0).unwrap();
        for value in [-1.0, 0.0, 4.9, 5.0, 10.0, 99.0] {
            linear.add(value);
        }
        assert_eq!(linear.buckets(), [(None, 1), (Some(0.0), 2), (Some(5.0), 1), (Some(10.0), 2)]);
        assert_eq!(linear.end(), None);
        let mut few = Histogram::linear(0.0, 10.0, 5.0).unwrap();
        few.add(7.0);
        assert_eq!(few.end(), Some(10.0));
        assert!(Histogram::linear(0.0, 10.0, 0.0).is_none());
        assert!(Histogram::linear(0.0, 1e9, 1.0).is_none());
        assert!(Histogram::linear(f64::NAN, 1.0, 1.0).is_none());
    }
}
