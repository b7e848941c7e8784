//! Where the repository is, and how its files are read.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The root of the repository, known from where this crate was built.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// The text of a file.
///
/// # Errors
/// The path and what the system says about it.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| Failure::about(path, &error))
}

/// Writes a file, and the directories above it that are missing.
///
/// # Errors
/// The path and what the system says about it.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let directory = path.parent().unwrap_or(path);
    fs::create_dir_all(directory).map_err(|error| Failure::about(directory, &error))?;
    fs::write(path, text).map_err(|error| Failure::about(path, &error))
}

/// Every file below `directory` for which `wanted` holds, in order of their paths. Build output is not entered.
///
/// # Errors
/// A directory that cannot be read.
pub(crate) fn files(
    directory: &Path,
    wanted: &dyn Fn(&Path) -> bool,
) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(directory) = open.pop() {
        let entries =
            fs::read_dir(&directory).map_err(|error| Failure::about(&directory, &error))?;
        for entry in entries {
            let entry = entry.map_err(|error| Failure::about(&directory, &error))?;
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if name != "target" && name != ".git" {
                    open.push(path);
                }
            } else if wanted(&path) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
