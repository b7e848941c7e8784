//! Runs a fuzz target with seeded inputs: `cargo xtask fuzz TARGET --runs N --seed S`.
//!
//! It goes on after a fault until there are `--faults` of them, 1 unless said otherwise. Each seed stands for one input, so that a fault is a number that anyone can run again.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command for developers")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use remora_testkit::campaign::Tally;
use remora_testkit::targets::{TARGETS, Target};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let target = args.first().and_then(|name| TARGETS.iter().find(|it| it.name == *name));
    let number = |flag, default| number(&args, flag, default);
    let (Some(target), Some(runs), Some(seed), Some(faults)) =
        (target, number("--runs", 10_000), number("--seed", 0), number("--faults", 1))
    else {
        let names: Vec<_> = TARGETS.iter().map(|it| it.name).collect();
        eprintln!(
            "usage: fuzz TARGET [--runs N] [--seed S] [--faults N], with one of {}",
            names.join(" ")
        );
        return ExitCode::from(2);
    };
    match remora_oracle::on_big_stack(|| campaign(target, seed, runs, faults)) {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

/// Runs a target, and gives how many faults it found.
fn campaign(target: &Target, seed: u64, runs: u64, most: u64) -> u64 {
    let begin = Instant::now();
    let mut tally = Tally::default();
    let (mut n_runs, mut faults) = (0, 0);
    while n_runs < runs && faults < most {
        let seed = seed.saturating_add(n_runs);
        let input = (target.input)(seed);
        let describe = || format!("{}, seed {seed}: {}", target.name, input.escape_ascii());
        let run = || tally.judge(describe, || (target.run)(&input));
        faults += u64::from(catch_unwind(AssertUnwindSafe(run)).is_err());
        n_runs += 1;
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("{}: {n_runs} runs from seed {seed} in {seconds:.1} s, {faults} faults", target.name);
    for (verdict, n) in &tally.0 {
        println!("{n:10} {verdict:?}");
    }
    faults
}

/// The number after a flag; `None` if it is none.
fn number(args: &[String], flag: &str, default: u64) -> Option<u64> {
    match args.iter().position(|it| it == flag) {
        Some(at) => args.get(at + 1)?.parse().ok(),
        None => Some(default),
    }
}
