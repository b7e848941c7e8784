//! Thirty modules, broken in every simple way: refused with a code, or run without breaking a promise.
//!
//! Tests are built with assertions, so that the interpreter checks at each access what the verifier promised.

use remora_diagnostics::Code;
use remora_testkit::campaign::Tally;
use remora_testkit::golden::{self, Golden};
use remora_testkit::judge::{self, Verdict};

/// Thirty small modules, ten of them with their debug information.
fn thirty() -> Vec<Golden> {
    let read = |strip| golden::all(strip).expect("the programs are there");
    let mut chosen = golden::choose(read(true), 20, 420);
    let known: Vec<_> = chosen.iter().map(|it| it.name.clone()).collect();
    let others = read(false).into_iter().filter(|it| !known.contains(&it.name)).collect();
    chosen.extend(golden::choose(others, 10, 600));
    assert_eq!(chosen.len(), 30);
    chosen
}

#[test]
fn golden_modules_hold_most_of_what_there_is() {
    let mut ops: Vec<u8> = Vec::new();
    for it in thirty() {
        assert!(matches!(judge::module_bytes(&it.bytes), Verdict::Ran | Verdict::Failed(_)));
        ops.extend(it.data.functions.iter().flat_map(|it| it.code.units().iter().map(|it| it[0])));
    }
    ops.sort_unstable();
    ops.dedup();
    let of = remora_bytecode::Opcode::ALL.len();
    assert!(ops.len() * 10 >= of * 6, "only {} of {of} instructions", ops.len());
}

#[test]
fn every_truncation_is_refused_or_runs() {
    let mut tally = Tally::default();
    for it in thirty() {
        for end in 0..it.bytes.len() {
            let describe = || format!("{} cut to {end} bytes", it.name);
            tally.judge(describe, || judge::module_bytes(&it.bytes[..end]));
        }
    }
    // Only the debug information may be missing: one spelling for each module that has some.
    assert_eq!(tally.ran(), 10, "{tally:?}");
    let short = tally.0.get(&Verdict::Refused(Code::V0092)).copied().unwrap_or(0);
    assert!(short > tally.total() / 2, "most are called too short: {tally:?}");
}

#[test]
fn every_flipped_bit_is_refused_or_runs() {
    let mut tally = Tally::default();
    for it in thirty() {
        for bit in 0..it.bytes.len() * 8 {
            let mut bytes = it.bytes.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let describe = || format!("{} with bit {bit} flipped", it.name);
            tally.judge(describe, || judge::module_bytes(&bytes));
        }
    }
    let rules = tally.0.keys().filter(|it| matches!(it, Verdict::Refused(_))).count();
    assert!(rules >= 20, "few of the rules were broken: {tally:?}");
    assert!(tally.total() > 30_000 && tally.ran() > 1_000, "{tally:?}");
}
