//! `cargo xtask test` and `cargo xtask ci`: every check there is, in the order in which they fail fastest.
//!
//! A step that fails does not keep the later ones from running: one run shows everything that is wrong. The last line
//! is a summary like that of `cargo test`, over all steps: each test of each test binary counts, and each step that is
//! not a test run counts as one.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use crate::failure::Failure;

/// A command that must succeed.
pub(crate) struct Step {
    name: &'static str,
    /// What follows `cargo`.
    args: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
    /// Whether it prints `test result:` lines to be added up.
    counts_tests: bool,
}

const FORMAT: Step =
    Step { name: "format", args: &["fmt", "--all", "--check"], env: &[], counts_tests: false };

const CLIPPY: Step = Step {
    name: "clippy",
    args: &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
    env: &[],
    counts_tests: false,
};

/// What an embedder gets who asks for nothing: what is behind features is missed by nobody.
const CLIPPY_CORE: Step = Step {
    name: "clippy of the core",
    args: &[
        "clippy",
        "--locked",
        "--package=remora",
        "--package=remora-vm",
        "--no-default-features",
        "--",
        "-D",
        "warnings",
    ],
    env: &[],
    counts_tests: false,
};

/// The rules of the house come first on their own, because they take a second and their names say what is wrong.
const TIDY: Step = Step {
    name: "tidy",
    args: &["run", "--quiet", "--locked", "--package=xtask", "--", "tidy"],
    env: &[],
    counts_tests: false,
};

const TESTS: Step = Step {
    name: "tests",
    args: &["test", "--workspace", "--locked", "--no-fail-fast"],
    env: &[],
    counts_tests: true,
};

/// The core alone, too.
const TESTS_CORE: Step = Step {
    name: "tests of the core",
    args: &["test", "--locked", "--package=remora", "--no-default-features", "--no-fail-fast"],
    env: &[],
    counts_tests: true,
};

/// The orders in which programs of probes may come and go, searched by a scheduler: needs locks of its own.
const MODEL: Step = Step {
    name: "model",
    args: &["test", "--locked", "--package=remora-probe", "--features=model", "--test=model"],
    env: &[],
    counts_tests: true,
};

const DOCS: Step = Step {
    name: "documentation",
    args: &["doc", "--workspace", "--no-deps", "--locked"],
    env: &[("RUSTDOCFLAGS", "-D warnings")],
    counts_tests: false,
};

/// What an embedder pays, built from nothing.
const FOOTPRINT: Step = Step {
    name: "footprint",
    args: &["run", "--quiet", "--locked", "--package=xtask", "--", "footprint"],
    env: &[],
    counts_tests: false,
};

/// Passes every test.
pub(crate) const TEST: &[Step] = &[FORMAT, TIDY, CLIPPY, CLIPPY_CORE, TESTS, TESTS_CORE, MODEL];

/// What the CI runs.
pub(crate) const CI: &[Step] =
    &[FORMAT, TIDY, CLIPPY, CLIPPY_CORE, TESTS, TESTS_CORE, MODEL, DOCS, FOOTPRINT];

/// Tests that passed, failed, and were left out.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: u64,
    failed: u64,
    ignored: u64,
}

/// Runs the steps at `root` and sums up.
///
/// # Errors
/// If cargo cannot be started.
pub(crate) fn run(root: &Path, steps: &[Step]) -> Result<ExitCode, Failure> {
    let start = Instant::now();
    let mut tally = Tally::default();
    let mut outcomes = Vec::new();
    for step in steps {
        println!("\n── {}: cargo {}", step.name, step.args.join(" "));
        let begin = Instant::now();
        let mut found = Tally::default();
        let success = run_step(root, step, &mut found)?;
        // A test run that fails to build has counted nothing; it fails as a step.
        if !step.counts_tests || (!success && found.failed == 0) {
            *(if success { &mut found.passed } else { &mut found.failed }) += 1;
        }
        tally.passed += found.passed;
        tally.failed += found.failed;
        tally.ignored += found.ignored;
        outcomes.push((step.name, success, begin.elapsed().as_secs_f64()));
    }
    println!();
    for (name, success, seconds) in outcomes {
        println!("step {name} ... {} ({seconds:.1}s)", if success { "ok" } else { "FAILED" });
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("\n{}; finished in {seconds:.2}s", summary(&tally));
    Ok(if tally.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn run_step(root: &Path, step: &Step, tally: &mut Tally) -> Result<bool, Failure> {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(step.args).envs(step.env.iter().copied()).current_dir(root);
    let failed =
        |error: std::io::Error| Failure::new(format!("cargo {}: {error}", step.args.join(" ")));
    if !step.counts_tests {
        return Ok(command.status().map_err(failed)?.success());
    }
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(failed)?;
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line.map_err(failed)?;
            let line = String::from_utf8_lossy(&line);
            println!("{line}");
            add_result(&line, tally);
        }
    }
    Ok(child.wait().map_err(failed)?.success())
}

/// Adds a line such as `test result: ok. 12 passed; 0 failed; 1 ignored; …`; any other line is nothing.
fn add_result(line: &str, tally: &mut Tally) {
    let Some((_, counts)) = line.split_once("test result: ") else { return };
    let counts = counts.split_once(". ").map_or("", |it| it.1);
    for count in counts.split("; ") {
        let Some((number, what)) = count.split_once(' ') else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        match what {
            "passed" => tally.passed += number,
            "failed" => tally.failed += number,
            "ignored" => tally.ignored += number,
            _ => {}
        }
    }
}

fn summary(tally: &Tally) -> String {
    format!(
        "test result: {}. {} passed; {} failed; {} ignored; 0 measured; 0 filtered out",
        if tally.failed == 0 { "ok" } else { "FAILED" },
        tally.passed,
        tally.failed,
        tally.ignored
    )
}

#[cfg(test)]
mod tests {
    use super::{Tally, add_result, summary};

    #[test]
    fn results_are_added_up() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.10s",
            "test a_test_result ... ok",
            "test result: FAILED. 2 passed; 3 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.10s",
        ] {
            add_result(line, &mut tally);
        }
        assert_eq!(tally, Tally { passed: 14, failed: 3, ignored: 1 });
        assert_eq!(
            summary(&tally),
            "test result: FAILED. 14 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out"
        );
    }
}
