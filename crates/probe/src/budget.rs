//! What a probe may use while it runs. One that uses more is switched off, with the reason: the program goes on.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// What is granted, to one probe or to all together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Quota {
    /// How often a body may run in a second.
    pub hits: u64,
    /// Bytes that may be recorded in a second.
    pub bytes: u64,
    /// How long one hit may take. Ten in a second that take longer are too many: one may have been interrupted.
    pub time: Duration,
}

impl Default for Quota {
    fn default() -> Self {
        Self { hits: 10_000, bytes: 4 << 20, time: Duration::from_millis(1) }
    }
}

/// Hits that may take longer than they should.
const MAX_SLOW: u64 = 10;

/// What was used in the second at hand.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    second: AtomicU64,
    hits: AtomicU64,
    bytes: AtomicU64,
    slow: AtomicU64,
    off: AtomicBool,
}

impl Meter {
    pub(crate) fn is_off(&self) -> bool {
        self.off.load(Ordering::Relaxed)
    }

    /// Counts a hit. Gives the reason if that was one too many, once.
    ///
    /// Two threads that meet at the turn of a second may forget a few hits of each other; nothing depends on them.
    pub(crate) fn count(
        &self,
        second: u64,
        bytes: u64,
        time: Duration,
        quota: &Quota,
    ) -> Option<String> {
        match self.over(second, bytes, quota) {
            Some(reason) => self.switch_off().then_some(reason),
            None => self.time(time, quota),
        }
    }

    /// Counts a hit, and says why it was one too many.
    pub(crate) fn over(&self, second: u64, bytes: u64, quota: &Quota) -> Option<String> {
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.hits.store(0, Ordering::Relaxed);
            self.bytes.store(0, Ordering::Relaxed);
            self.slow.store(0, Ordering::Relaxed);
        }
        let hits = self.hits.fetch_add(1, Ordering::Relaxed) + 1;
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        if hits > quota.hits {
            return Some(format!("more than {} hits in a second", quota.hits));
        }
        (bytes > quota.bytes).then(|| format!("more than {} bytes in a second", quota.bytes))
    }

    /// Judges how long a hit took, whether its body has run or not.
    pub(crate) fn time(&self, time: Duration, quota: &Quota) -> Option<String> {
        if time <= quota.time || self.slow.fetch_add(1, Ordering::Relaxed) + 1 < MAX_SLOW {
            return None;
        }
        let reason = format!("{MAX_SLOW} hits took longer than {:?}", quota.time);
        self.switch_off().then_some(reason)
    }

    /// Whether this call has done it.
    pub(crate) fn switch_off(&self) -> bool {
        !self.off.swap(true, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_in_one_second_is_not_in_two() {
        let quota = Quota { hits: 2, bytes: 100, time: Duration::from_micros(5) };
        let meter = Meter::default();
        for second in 0..10 {
            assert_eq!(meter.count(second, 60, Duration::ZERO, &quota), None);
        }
        let reason = meter.count(9, 60, Duration::ZERO, &quota);
        assert_eq!(reason.as_deref(), Some("more than 100 bytes in a second"));
        assert!(meter.is_off() && meter.count(9, 60, Duration::ZERO, &quota).is_none());
        let meter = Meter::default();
        for _ in 1..MAX_SLOW {
            assert_eq!(meter.time(Duration::from_secs(1), &quota), None);
        }
        assert!(meter.time(Duration::from_secs(1), &quota).is_some());
    }
}
