//! `cargo xtask asan`: the tests of the crate `vm`, the whole corpus in loop and closures, changed modules, and hosts that cancel,
//! lend and panic, under AddressSanitizer.
//!
//! The sanitizer is in every compiler, but only nightly ones take the flag; `RUSTC_BOOTSTRAP` makes a stable one take it
//! too. With the feature `system-blocks` the heap takes each object from the system, so that a use of one that was freed
//! is seen; and what is never freed is reported at the end.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::failure::Failure;

/// Where the sanitizer is to be had without building the standard library.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Tests of testkit that run programs in the interpreter. The oracle has no unsafe code, and needs too much stack.
const RUNS: [&str; 7] = [
    "the_interpreter",
    "closures_do",
    "found::",
    "golden::",
    "mutants::",
    "--test-threads=1",
    "--nocapture",
];

/// Tests of the front door in which a host drops, lends or interrupts what the VM holds. In the one that is skipped, what a panic
/// says panics without end when it is dropped, and stays.
const HOSTS: [&str; 8] = [
    "cancel::",
    "derived::",
    "later::",
    "objects::",
    "panics::",
    "running::",
    "--skip=what_a_panic_says_may_panic",
    "--test-threads=1",
];

/// Runs the tests, and with `--fuzz N` the target `run` on `N` inputs more.
///
/// # Errors
/// If cargo cannot be started, or for other arguments.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<ExitCode, Failure> {
    let runs = match args {
        [] => None,
        [flag, runs] if flag == "--fuzz" => Some(runs.as_str()),
        _ => return Err(Failure::new("usage: cargo xtask asan [--fuzz N]")),
    };
    let vm = ["test", "--package=remora-vm", "--features=system-blocks", "--tests"];
    let both =
        ["--package=remora-testkit", "--package=remora-vm", "--features=remora-vm/system-blocks"];
    let corpus = [&["test"][..], &both, &["--test=it", "--"], &RUNS].concat();
    let front = ["--package=remora", "--package=remora-vm", "--features=remora-vm/system-blocks"];
    let hosts = [&["test"][..], &front, &["--test=it", "--"], &HOSTS].concat();
    let mut good = cargo(root, &vm)?;
    good &= cargo(root, &corpus)?;
    good &= cargo(root, &hosts)?;
    if let Some(runs) = runs {
        let fuzz = ["--example=fuzz", "--", "run", "--runs", runs, "--seed", "3000000"];
        good &= cargo(root, &[&["run", "--quiet"][..], &both[..1], &fuzz].concat())?;
    }
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn cargo(root: &Path, args: &[&str]) -> Result<bool, Failure> {
    let Some((command, rest)) = args.split_first() else { return Ok(true) };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args([command, "--target", TARGET])
        .args(rest)
        .current_dir(root)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Zsanitizer=address")
        // A build of its own, so that the usual one is not thrown away.
        .env("CARGO_TARGET_DIR", root.join("target/asan"))
        .status()
        .map_err(|error| Failure::new(format!("cargo {}: {error}", args.join(" "))))?;
    Ok(status.success())
}
