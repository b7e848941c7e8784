//! Counts instructions with valgrind's callgrind: exact where times are noisy, blind to caches and branches.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use super::compare::Size;
use super::engine::Found;
use super::programs::Program;

/// The instructions that an engine executes for a program, from process start to end.
///
/// # Errors
/// If valgrind is not there, or the engine fails under it.
pub(super) fn count(
    directory: &Path,
    program: &Program,
    found: &Found,
    size: Size,
) -> Result<u64, String> {
    count_command(&found.command_line(directory, program.name, size.of(program)))
}

/// The instructions of any command.
///
/// # Errors
/// As [`count`].
pub(super) fn count_command(command: &[OsString]) -> Result<u64, String> {
    run(command, Path::new("/dev/null"))
}

/// The same, and how many of them come from source files whose path has `part` in it, wherever they were inlined.
///
/// # Errors
/// As [`count`], and if what valgrind wrote cannot be read.
pub(super) fn count_with_part(
    directory: &Path,
    program: &Program,
    found: &Found,
    size: Size,
    part: &str,
) -> Result<(u64, u64), String> {
    let out = std::env::temp_dir().join(format!("remora-callgrind.{}", std::process::id()));
    let total = run(&found.command_line(directory, program.name, size.of(program)), &out)?;
    let profile =
        std::fs::read_to_string(&out).map_err(|error| format!("{}: {error}", out.display()));
    // What is left behind in the folder for temporary files does no harm.
    let _ = std::fs::remove_file(&out);
    Ok((total, from_files(&profile?, part)))
}

fn run(command: &[OsString], out: &Path) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .arg("--tool=callgrind")
        .arg(format!("--callgrind-out-file={}", out.display()))
        .args(command)
        .output()
        .map_err(|error| format!("valgrind (apt-get install valgrind): {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, said.lines().last().unwrap_or_default()));
    }
    collected(&said).ok_or_else(|| "valgrind did not say what it collected".to_owned())
}

/// The instructions of a profile that stand in files whose path has `part` in it.
///
/// The format is that of callgrind's documentation: `fl=`, `fi=` and `fe=` say in which file the costs behind them are, each
/// file named once and numbered; the line behind `calls=` is the cost of a call, which is counted where it is spent.
fn from_files(profile: &str, part: &str) -> u64 {
    let mut names: HashMap<&str, bool> = HashMap::new();
    let (mut is_part, mut is_call, mut sum) = (false, false, 0);
    for line in profile.lines() {
        if let Some((key @ ("fl" | "fi" | "fe" | "cfi" | "cfl"), file)) = line.split_once('=') {
            let (number, name) = file.split_once(' ').unwrap_or((file, ""));
            if !name.is_empty() {
                names.insert(number, name.contains(part));
            }
            if !key.starts_with('c') {
                is_part = names.get(number).copied().unwrap_or(false);
            }
        } else if line.starts_with("calls=") {
            is_call = true;
        } else if line.starts_with(|it: char| it.is_ascii_digit() || "+-*".contains(it)) {
            let cost = line.split(' ').nth(1).and_then(|it| it.parse::<u64>().ok());
            if is_part && !is_call {
                sum += cost.unwrap_or(0);
            }
            is_call = false;
        }
    }
    sum
}

/// Reads `==123== Collected : 456`.
fn collected(said: &str) -> Option<u64> {
    let line = said.lines().find(|line| line.contains("Collected :"))?;
    line.split_once("Collected :")?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{collected, from_files};

    #[test]
    fn what_is_inlined_counts_where_it_was_written() {
        let profile = "fl=(1) a/loop.rs\nfn=(1) run\n10 5\nfi=(2) a/limits/fuel.rs\n+3 7\ncfi=(1)\ncfn=(1)\ncalls=2 10\n* 100\nfe=(1)\n12 1\nfl=(2)\n* 2\n";
        assert_eq!(from_files(profile, "/limits/"), 9);
        assert_eq!(from_files(profile, "loop"), 6);
    }

    #[test]
    fn the_count_is_read() {
        let said = "==9== Events    : Ir\n==9== Collected : 136789\n==9== \n==9== I   refs:      136,789\n";
        assert_eq!(collected(said), Some(136_789));
        assert_eq!(collected("==9== nothing"), None);
    }
}
