//! Every program of the corpus in the interpreter, and random programs in interpreter and oracle.

use remora_testkit::case::Case;
use remora_testkit::compare::check;
use remora_testkit::corpus;
use remora_testkit::engine::{Engine, Oracle};
use remora_testkit::generate::program;
use remora_testkit::looped::Loop;

/// Runs all cases, on a thread with the stack of a test thread, and reports what differs.
fn all(engine: Loop) {
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    let compiled = cases.iter().filter(|it| !it.place.0.starts_with(corpus::AHEAD));
    let wrong: Vec<String> = compiled.filter_map(|case| check(case, &engine).err()).collect();
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

/// Programs that print more than this have run into the limit of steps, which the oracle counts in its own way.
const MUCH: usize = 1 << 16;

#[test]
fn random_programs_do_the_same_in_interpreter_and_oracle() {
    const SEEDS: u64 = 1_000;
    let mut endless = 0;
    remora_oracle::on_big_stack(|| {
        for seed in 0..SEEDS {
            let source = program(seed, 25);
            let case = Case { name: format!("seed {seed}"), source, ..Case::default() };
            let expected = Oracle.run(&case);
            if expected.out.len() > MUCH {
                endless += 1;
                continue;
            }
            for engine in [Loop::default(), Loop { plain: true, ..Loop::default() }] {
                let mut found = engine.run(&case);
                found.findings.retain(|it| !remora_testkit::case::is_warning(it.code));
                let at = (&case.name, engine.name());
                let lines = found.out.lines().zip(expected.out.lines());
                for (line, (it, wanted)) in lines.enumerate() {
                    assert_eq!(it, wanted, "line {line} of {at:?}:\n{}", case.source);
                }
                assert_eq!(found.out.len(), expected.out.len(), "{at:?}:\n{}", case.source);
                assert_eq!(found.findings, expected.findings, "{at:?}:\n{}", case.source);
            }
        }
    });
    assert!(endless < SEEDS / 20, "{endless} programs compared nothing");
}
