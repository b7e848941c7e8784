//! Modules changed by chance in their structure: refused by a rule, or run without breaking a promise.

use remora_testkit::campaign::{Tally, module_mutants};
use remora_testkit::golden;
use remora_testkit::judge::Verdict;

const SEEDS: u64 = 25_000;

#[test]
fn structured_mutants_are_refused_or_run() {
    let all = golden::all(true).expect("the programs are there");
    let mut tally = Tally::default();
    for seed in 0..SEEDS {
        module_mutants(&all, seed, &mut tally);
    }
    let n_rules = tally.0.keys().filter(|it| matches!(it, Verdict::Refused(_))).count();
    assert!(n_rules >= 20 && tally.total() == 200_000 && tally.ran() > 50_000, "{tally:?}");
}
