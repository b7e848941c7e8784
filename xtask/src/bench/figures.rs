//! `--figures`: what is promised in milliseconds, measured: start-up, compiling, verifying.
//!
//! Start-up is measured from outside, as a user meets it. What happens inside a process is measured by the bench target
//! `figures` of the crate `remora`, because this crate depends on none of the others: it must build when they do not.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use super::measure;
use crate::failure::Failure;

/// A start of the command that takes longer than this fails.
const START_UP_MS: f64 = 5.0;
/// Of so many medians the least is taken: a shared machine has slow moments that last longer than one.
const ROUNDS: usize = 30;

/// Measures and prints; fails if a promise is broken.
///
/// # Errors
/// If the command or cargo cannot be started.
pub(super) fn measure(root: &Path, remora: &Path, runs: usize) -> Result<ExitCode, Failure> {
    let (mut wall, mut cpu) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let (round_wall, round_cpu) = start_up(remora, runs.clamp(9, 20))?;
        (wall, cpu) = (wall.min(round_wall), cpu.min(round_cpu));
    }
    let kept = wall < START_UP_MS;
    println!(
        "start-up, `remora -e 1`: {wall:.2} ms (CPU {cpu:.2} ms); less than {START_UP_MS} ms promised: {}",
        if kept { "kept" } else { "BROKEN" }
    );
    let inside = bench_target(root, "remora", "figures")?;
    Ok(if kept { inside } else { ExitCode::FAILURE })
}

/// Wall-clock and CPU time of `remora -e 1` in milliseconds: medians of so many runs.
fn start_up(remora: &Path, runs: usize) -> Result<(f64, f64), Failure> {
    let line: Vec<OsString> = vec![remora.into(), "-e".into(), "1".into()];
    let (mut wall, mut cpu) = (Vec::new(), Vec::new());
    for _ in 0..runs {
        let start = Instant::now();
        let status = Command::new(remora)
            .args(["-e", "1"])
            .stdout(std::process::Stdio::null())
            .status()
            .map_err(|error| Failure::about(remora, &error))?;
        wall.push(start.elapsed().as_secs_f64() * 1_000.0);
        if !status.success() {
            return Err(Failure::new(format!("remora -e 1: {status}")));
        }
        let run = measure::run(&line).map_err(|why| Failure::new(format!("remora -e 1: {why}")))?;
        cpu.push(run.cpu.as_secs_f64() * 1_000.0);
    }
    let wall = measure::median(&wall).unwrap_or(f64::INFINITY);
    let cpu = measure::median(&cpu).unwrap_or(f64::INFINITY);
    Ok((wall, cpu))
}

/// What probes promise, and the same expression in other engines, which are a workspace of their own; writes its section of
/// the page.
///
/// # Errors
/// If cargo cannot be started, or the page cannot be written.
pub(super) fn probes(root: &Path) -> Result<ExitCode, Failure> {
    let bench =
        ["bench", "--quiet", "--locked", "--package=remora-probe", "--bench", "figures"].as_slice();
    let others =
        ["run", "--quiet", "--release", "--locked", "--manifest-path=bench/probes/Cargo.toml"];
    let mut text = String::from(
        "## Probes\n\nNanoseconds, the best of nine rounds; `arg0 > 10`, false, beside what other engines take for it.\n\n```text\n",
    );
    let mut kept = true;
    for args in [bench, others.as_slice()] {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(args)
            .current_dir(root)
            .stderr(std::process::Stdio::inherit())
            .output()
            .map_err(|error| Failure::new(format!("cargo: {error}")))?;
        let said = String::from_utf8_lossy(&output.stdout);
        print!("{said}");
        text.push_str(said.trim_end());
        text.push_str("\n\n");
        kept &= output.status.success();
    }
    text.truncate(text.trim_end().len());
    text.push_str("\n```\n");
    if !kept {
        return Ok(ExitCode::FAILURE);
    }
    super::results::write_section(root, "probes", &text)?;
    Ok(ExitCode::SUCCESS)
}

/// Runs a bench target of a crate, which prints what it has measured, and fails if a promise is broken.
///
/// # Errors
/// If cargo cannot be started.
pub(super) fn bench_target(root: &Path, package: &str, name: &str) -> Result<ExitCode, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["bench", "--quiet", "--locked", "--package", package, "--bench", name])
        .current_dir(root)
        .status()
        .map_err(|error| Failure::new(format!("cargo bench: {error}")))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
