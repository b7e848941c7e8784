//! Runs a fuzz target with seeded inputs: `cargo xtask fuzz TARGET --runs N --seed S`.
//!
//! Each seed stands for one input, so that a fault is a number that anyone can run again.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for developers")]

use std::process::ExitCode;
use std::time::Instant;

use remora_testkit::campaign::Tally;
use remora_testkit::targets::{TARGETS, Target};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let target = args.first().and_then(|name| TARGETS.iter().find(|it| it.name == *name));
    let (Some(target), Some(runs), Some(seed)) =
        (target, number(&args, "--runs", 10_000), number(&args, "--seed", 0))
    else {
        let names: Vec<_> = TARGETS.iter().map(|it| it.name).collect();
        eprintln!("usage: fuzz TARGET [--runs N] [--seed S], with one of {}", names.join(" "));
        return ExitCode::from(2);
    };
    remora_oracle::on_big_stack(|| campaign(target, seed, runs));
    ExitCode::SUCCESS
}

fn campaign(target: &Target, seed: u64, runs: u64) {
    let begin = Instant::now();
    let mut tally = Tally::default();
    for seed in seed..seed.saturating_add(runs) {
        let input = (target.input)(seed);
        let describe = || format!("{}, seed {seed}: {}", target.name, input.escape_ascii());
        tally.judge(describe, || (target.run)(&input));
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("{}: {runs} runs from seed {seed} in {seconds:.1} s, no fault", target.name);
    for (verdict, n) in &tally.0 {
        println!("{n:10} {verdict:?}");
    }
}

/// The number after a flag; `None` if it is none.
fn number(args: &[String], flag: &str, default: u64) -> Option<u64> {
    match args.iter().position(|it| it == flag) {
        Some(at) => args.get(at + 1)?.parse().ok(),
        None => Some(default),
    }
}
