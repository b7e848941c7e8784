//! Runs a judge over many inputs, and says which input broke a promise.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::judge::Verdict;

/// How often each verdict was given.
#[derive(Clone, Debug, Default)]
pub struct Tally(pub BTreeMap<Verdict, usize>);

impl Tally {
    /// Judges one input; if that panics, `describe` is printed before the panic goes on.
    pub fn judge(&mut self, describe: impl FnOnce() -> String, judge: impl FnOnce() -> Verdict) {
        match catch_unwind(AssertUnwindSafe(judge)) {
            Ok(verdict) => *self.0.entry(verdict).or_default() += 1,
            Err(panic) => {
                report(&describe());
                resume_unwind(panic);
            }
        }
    }

    /// How many inputs there were.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.values().sum()
    }

    /// How many ran, to whichever end.
    #[must_use]
    pub fn ran(&self) -> usize {
        let ran = self.0.iter().filter(|it| !matches!(it.0, Verdict::Refused(_)));
        ran.map(|it| it.1).sum()
    }
}

#[expect(clippy::print_stderr, reason = "the last words of a test")]
fn report(what: &str) {
    eprintln!("{what}");
}
