//! Programs cut short and changed by chance: compiled, or refused with places in the text; never a panic.

use remora_testkit::campaign::{Tally, source_mutant};
use remora_testkit::golden;
use remora_testkit::judge::{self, Verdict};

const MUTANTS: u64 = 120_000;

#[test]
fn every_truncation_gets_a_diagnostic_or_compiles() {
    let mut tally = Tally::default();
    for (name, text) in golden::sources().expect("the programs are there") {
        for (end, _) in text.char_indices() {
            tally.judge(|| format!("{name}:\n{}", &text[..end]), || judge::source(&text[..end]));
        }
    }
    assert!(tally.total() > 50_000 && tally.ran() > 5_000, "{tally:?}");
}

#[test]
fn mutants_get_a_diagnostic_or_compile() {
    let all = golden::sources().expect("the programs are there");
    let mut tally = Tally::default();
    for seed in 0..MUTANTS {
        source_mutant(&all, seed, &mut tally);
    }
    let codes = tally.0.keys().filter(|it| matches!(it, Verdict::Refused(_))).count();
    assert!(codes >= 30 && tally.ran() > 7_000, "{tally:?}");
}
