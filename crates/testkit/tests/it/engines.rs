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
fn random_programs_do_the_same_in_interpreter_and_oracle() {
    remora_oracle::on_big_stack(|| {
        for seed in 0..300 {
            let source = program(seed, 25);
            let case = Case { name: format!("seed {seed}"), source, ..Case::default() };
            let expected = Oracle.run(&case);
            for engine in [Loop::default(), Loop { plain: true, ..Loop::default() }] {
                let mut found = engine.run(&case);
                found.findings.retain(|it| !remora_testkit::case::is_warning(it.code));
                assert_eq!(
                    found.out,
                    expected.out,
                    "{} prints otherwise in {}:\n{}",
                    case.name,
                    engine.name(),
                    case.source
                );
                assert_eq!(
                    found.findings,
                    expected.findings,
                    "{} fails otherwise in {}:\n{}",
                    case.name,
                    engine.name(),
                    case.source
                );
            }
        }
    });
}
