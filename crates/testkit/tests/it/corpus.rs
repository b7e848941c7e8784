//! Every case of the corpus, in every engine that testkit knows.

use std::collections::HashSet;

use remora_testkit::compare::check;
use remora_testkit::corpus;
use remora_testkit::engine::{Engine, Oracle};

fn run_all(engine: &(dyn Engine + Sync)) {
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    let wrong = remora_oracle::on_big_stack(|| {
        let results = cases.iter().map(|it| check(it, engine));
        results.filter_map(Result::err).collect::<Vec<_>>()
    });
    assert!(
        wrong.is_empty(),
        "{} of {} cases differ\n\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn oracle() {
    run_all(&Oracle);
}

#[test]
fn names_are_unique() {
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    let mut seen = HashSet::new();
    let twice: Vec<_> = cases.iter().map(|it| &it.name).filter(|it| !seen.insert(*it)).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn the_corpus_is_not_lost() {
    let cases = corpus::read(&corpus::root()).expect("the corpus is there");
    let with_errors = cases.iter().filter(|it| !it.findings.is_empty()).count();
    assert!(
        cases.len() >= 840 && with_errors >= 290,
        "{} cases, {with_errors} with errors",
        cases.len()
    );
}
