//! The programs that are meant when a folder is named: all `*.ruff` below it, in the order of their names.

use std::path::{Path, PathBuf};

/// Deepest nesting of folders that is looked into; links to folders are not followed, so this only bounds the strange.
const MAX_DEPTH: usize = 64;

/// The files that paths stand for: a file for itself, a folder for the programs below it. Hidden folders and `target` are
/// not looked into.
pub(super) fn programs(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            below(path, MAX_DEPTH, &mut found);
        } else {
            found.push(path.clone());
        }
    }
    found
}

fn below(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    // A folder that cannot be read holds no programs that could be.
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let hidden = name.to_string_lossy().starts_with('.');
        let Ok(kind) = entry.file_type() else { continue };
        // `./a.ruff` is shown as `a.ruff`.
        let path = if folder == Path::new(".") { PathBuf::from(&name) } else { entry.path() };
        if kind.is_dir() && !hidden && name != "target" && depth > 0 {
            below(&path, depth - 1, found);
        } else if !kind.is_dir() && path.extension().is_some_and(|it| it == "ruff") {
            found.push(path);
        }
    }
}
