//! What is made from something else and no longer agrees with it.

use std::path::Path;

use super::Findings;
use crate::failure::Failure;
use crate::isa;

/// Judges the generated files at `root`.
///
/// # Errors
/// If they cannot be generated at all.
pub(super) fn check(root: &Path, findings: &mut Findings) -> Result<(), Failure> {
    for path in isa::stale(root)? {
        findings.add(path, "stale: run `cargo xtask isa`");
    }
    Ok(())
}
