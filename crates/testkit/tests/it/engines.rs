//! Every program of the corpus in the interpreter, and random programs in interpreter and oracle.

use remora::Tier;
use remora_testkit::case::Case;
use remora_testkit::compare::check;
use remora_testkit::corpus;
use remora_testkit::engine::Engine;
use remora_testkit::generate::{Random, loops_of, program};
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

#[test]
fn closures_do_what_the_corpus_says() {
    all(Loop { tier: Tier::Closures, ..Loop::default() });
}

#[test]
fn closures_do_the_same_without_the_optimiser() {
    all(Loop { tier: Tier::Closures, plain: true, ..Loop::default() });
}

#[test]
fn closures_use_the_same_fuel() {
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    for case in cases.iter().filter(|it| !it.is_rejected()) {
        let run = |tier| Loop { tier, ..Loop::default() }.run(case);
        assert_eq!(run(Tier::Closures), run(Tier::Loop), "{}", case.name);
    }
}

/// Programs do the same while somebody looks at each of their functions.
#[test]
fn probes_change_nothing() {
    for tier in [Tier::Loop, Tier::Closures] {
        all(Loop { traced: true, tier, ..Loop::default() });
    }
}

#[test]
fn programs_that_run_while_they_come_do_what_whole_ones_do() {
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    let mut n_ran = 0;
    // Those that wait for the host are for a run that is polled, which one that comes in pieces is not.
    let waits = |it: &Case| it.place.0.starts_with("host/async");
    for case in cases.iter().filter(|it| !it.is_rejected() && !waits(it)) {
        let run = |size, tier| Pieces { size, tier }.run(case);
        let whole = run(None, Tier::Loop);
        for (size, tier) in [(64, Tier::Loop), (7, Tier::Loop), (64, Tier::Closures)] {
            assert_eq!(run(Some(size), tier), whole, "{} by {size}, {tier:?}", case.name);
        }
        n_ran += 1;
    }
    assert!(n_ran > 500, "{n_ran} programs ran");
}

#[test]
fn random_loops_do_the_same_in_all_engines() {
    const SEEDS: u64 = 400;
    let mut n_entered = 0;
    remora_oracle::on_big_stack(|| {
        for seed in 0..SEEDS {
            let source = loops_of(Random::new(seed));
            let engine = remora::Engine::new().with_tier(Tier::Closures);
            let module = engine.compile("random", &source).expect("it is a program");
            n_entered += module.registers().matches(" enter ").count();
            let case = Case { name: format!("seed {seed}"), source, ..Case::default() };
            assert_eq!(judge::engines(&case), Verdict::Ran, "seed {seed}");
        }
    });
    assert!(n_entered > 400, "{n_entered} pieces had closures");
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
