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
    let start = format!(
        "start-up, `remora -e 1`: {wall:.2} ms (CPU {cpu:.2} ms); less than {START_UP_MS} ms promised: {}",
        if kept { "kept" } else { "BROKEN" }
    );
    println!("{start}");
    let what = "Start, compile, verify\n\nThe least of many medians, each of a few runs.";
    let inside = section(root, "figures", what, &[&bench("remora", "figures")], &start)?;
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

/// What probes promise, and the same expression in other engines, which are a workspace of their own.
///
/// # Errors
/// If cargo cannot be started, or the page cannot be written.
pub(super) fn probes(root: &Path) -> Result<ExitCode, Failure> {
    let others =
        ["run", "--quiet", "--release", "--locked", "--manifest-path=bench/probes/Cargo.toml"];
    let what = "Probes\n\nNanoseconds, the least of many short rounds; `arg0 > 10`, false, beside what other engines take for it.";
    section(root, "probes", what, &[&bench("remora-probe", "figures"), &others], "")
}

/// What embedders feel: engines, VMs, calls, memory.
///
/// # Errors
/// As [`probes`].
pub(super) fn embedding(root: &Path) -> Result<ExitCode, Failure> {
    section(root, "embedding", "Embedding", &[&bench("remora", "embedding")], "")
}

/// Programs that take memory, never end or nest without end.
///
/// # Errors
/// As [`probes`].
pub(super) fn limits(root: &Path) -> Result<ExitCode, Failure> {
    section(root, "limits", "Limits", &[&bench("remora", "limits")], "")
}

/// The arguments that run a bench target of a crate, which prints what it has measured, and fails if a promise is broken.
const fn bench<'a>(package: &'a str, name: &'a str) -> [&'a str; 7] {
    ["bench", "--quiet", "--locked", "--package", package, "--bench", name]
}

/// Runs commands of cargo, shows what they print, and writes it as a section of the page under a heading. Fails if one of them
/// does; what was measured is written all the same.
///
/// # Errors
/// If cargo cannot be started, or the page cannot be written.
fn section(
    root: &Path,
    name: &str,
    heading: &str,
    commands: &[&[&str]],
    first: &str,
) -> Result<ExitCode, Failure> {
    let mut said = first.to_owned();
    let mut kept = true;
    for args in commands {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(*args)
            .current_dir(root)
            .stderr(std::process::Stdio::inherit())
            .output()
            .map_err(|error| Failure::new(format!("cargo: {error}")))?;
        let text = String::from_utf8_lossy(&output.stdout);
        print!("{text}");
        said = format!("{}\n{}", said.trim_end(), text.trim_end());
        kept &= output.status.success();
    }
    let mut text = format!("## {heading}\n\n");
    for line in super::machine::describe(root) {
        text.push_str(&format!("- {line}\n"));
    }
    text.push_str(&format!("\n```text\n{}\n```\n", said.trim()));
    super::results::write_section(root, name, &text)?;
    Ok(if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
