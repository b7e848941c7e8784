//! `cargo xtask fuzz TARGET`: the fuzz targets with seeded inputs, on a stable compiler.
//!
//! Debug builds, because those assert what the verifier promised at each access of the interpreter.

use std::path::Path;
use std::process::{Command, ExitCode};

use crate::failure::Failure;

/// Runs `testkit`'s example `fuzz` with these arguments.
///
/// # Errors
/// If cargo cannot be started.
pub(crate) fn run(root: &Path, args: &[String]) -> Result<ExitCode, Failure> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--package=remora-testkit", "--example=fuzz", "--"])
        .args(args)
        .current_dir(root)
        .status()
        .map_err(|error| Failure::new(format!("cargo: {error}")))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
