//! Runs a judge over many inputs, and says which input broke a promise.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::generate::{self, Random};
use crate::golden::Golden;
use crate::judge::{self, Verdict};

/// How often each verdict was given.
#[derive(Clone, Debug, Default)]
pub struct Tally(pub BTreeMap<Verdict, usize>);

impl Tally {
    /// Judges one input; if that panics, `describe` is printed before the panic goes on.
    pub fn judge(
        &mut self,
        describe: impl FnOnce() -> String,
        judge: impl FnOnce() -> Verdict,
    ) -> Verdict {
        match catch_unwind(AssertUnwindSafe(judge)) {
            Ok(verdict) => {
                *self.0.entry(verdict).or_default() += 1;
                verdict
            }
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

/// How many mutants a seed stands for.
pub const GENERATIONS: usize = 8;

/// Mutants of one module, each made from the last one that was not refused: what a rule lets through by itself adds up.
pub fn module_mutants(all: &[Golden], seed: u64, tally: &mut Tally) {
    let mut random = Random::new(seed);
    let mut parent = all[random.below(all.len())].data.clone();
    for nth in 0..GENERATIONS {
        let other = &all[random.below(all.len())].data;
        let mutant = generate::module(&parent, other, &mut random);
        let describe =
            || format!("seed {seed}, mutant {nth}:\n{}", remora_bytecode::text::print(&mutant));
        let verdict = tally.judge(describe, || judge::module(mutant.clone()));
        if !matches!(verdict, Verdict::Refused(_)) {
            parent = mutant;
        }
    }
}

/// One mutant of one of these texts.
pub fn source_mutant(all: &[(String, String)], seed: u64, tally: &mut Tally) {
    let mut random = Random::new(seed);
    let (one, other) = (&all[random.below(all.len())].1, &all[random.below(all.len())].1);
    let mutant = generate::text(one, other, &mut random);
    tally.judge(|| format!("seed {seed}:\n{mutant}"), || judge::source(&mutant));
}
