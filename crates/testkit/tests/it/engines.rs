//! Every program of the corpus in the interpreter, and random programs in interpreter and oracle.

use remora_testkit::case::Case;
use remora_testkit::compare::check;
use remora_testkit::corpus;
use remora_testkit::engine::Engine;
use remora_testkit::generate::program;
use remora_testkit::judge::{self, Verdict};
use remora_testkit::looped::{Loop, Pieces};

/// Runs all cases, on a thread with the stack of a test thread, and reports what differs.
fn all(engine: Loop) {
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case, &engine).err()).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn the_interpreter_does_what_the_corpus_says() {
    all(Loop::default());
}

#[test]
fn the_interpreter_does_the_same_from_bytes() {
    all(Loop { through_bytes: true, ..Loop::default() });
}

#[test]
fn the_interpreter_does_the_same_without_the_optimiser() {
    all(Loop { plain: true, ..Loop::default() });
}

/// Programs do the same while somebody looks at each of their functions.
#[test]
fn probes_change_nothing() {
    all(Loop { traced: true, ..Loop::default() });
}

#[test]
fn programs_that_run_while_they_come_do_what_whole_ones_do() {
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    let mut n_ran = 0;
    // Those that wait for the host are for a run that is polled, which one that comes in pieces is not.
    let waits = |it: &Case| it.place.0.starts_with("host/async");
    for case in cases.iter().filter(|it| !it.is_rejected() && !waits(it)) {
        let whole = Pieces { size: None }.run(case);
        for size in [64, 7] {
            assert_eq!(Pieces { size: Some(size) }.run(case), whole, "{} by {size}", case.name);
        }
        n_ran += 1;
    }
    assert!(n_ran > 500, "{n_ran} programs ran");
}

#[test]
fn random_programs_do_the_same_in_interpreter_and_oracle() {
    const SEEDS: u64 = 1_000;
    let endless = remora_oracle::on_big_stack(|| {
        let cases = (0..SEEDS).map(|seed| Case {
            name: format!("seed {seed}"),
            source: program(seed, 25),
            ..Case::default()
        });
        cases.filter(|it| judge::engines(it) != Verdict::Ran).count()
    });
    assert!(endless < 50, "{endless} programs compared nothing");
}
