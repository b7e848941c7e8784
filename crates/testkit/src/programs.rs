//! Every program of the repository, for tests of what reads programs.

use std::fs;
use std::io;

use crate::corpus;

/// Where programs are beside the corpus.
const FOLDERS: &[&str] = &["examples", "bench", "crates/cli/tests/zoo"];

/// The cases of the corpus, the examples, the benchmarks, and the broken programs of the error zoo: where each is from,
/// and its text.
///
/// # Errors
/// When a file cannot be read.
pub fn programs() -> io::Result<Vec<(String, String)>> {
    let cases = corpus::read(&corpus::root())?;
    let mut found: Vec<_> = cases.into_iter().map(|it| (it.name, it.source)).collect();
    let mut folders: Vec<_> = FOLDERS.iter().map(|it| corpus::root().join("..").join(it)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "ruff") {
                parts(&path.display().to_string(), &fs::read_to_string(&path)?, &mut found);
            }
        }
    }
    Ok(found)
}

/// A file is one program, or holds many, each under `=== name`, with lines of carets that are no part of it.
fn parts(file: &str, text: &str, found: &mut Vec<(String, String)>) {
    if !text.contains("\n=== ") {
        found.push((file.to_owned(), text.to_owned()));
        return;
    }
    for part in text.split("\n=== ").skip(1) {
        let (name, body) = part.split_once('\n').unwrap_or((part, ""));
        let lines = body.lines().filter(|it| !it.trim_start().starts_with('^'));
        found.push((format!("{file}: {name}"), lines.collect::<Vec<_>>().join("\n") + "\n"));
    }
}
