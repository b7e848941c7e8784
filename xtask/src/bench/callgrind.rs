//! Counts instructions with valgrind's callgrind: exact where times are noisy, blind to caches and branches.

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
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(found.command_line(directory, program.name, size.of(program)))
        .output()
        .map_err(|error| format!("valgrind (apt-get install valgrind): {error}"))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, said.lines().last().unwrap_or_default()));
    }
    collected(&said).ok_or_else(|| "valgrind did not say what it collected".to_owned())
}

/// Reads `==123== Collected : 456`.
fn collected(said: &str) -> Option<u64> {
    let line = said.lines().find(|line| line.contains("Collected :"))?;
    line.split_once("Collected :")?.1.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::collected;

    #[test]
    fn the_count_is_read() {
        let said = "==9== Events    : Ir\n==9== Collected : 136789\n==9== \n==9== I   refs:      136,789\n";
        assert_eq!(collected(said), Some(136_789));
        assert_eq!(collected("==9== nothing"), None);
    }
}
