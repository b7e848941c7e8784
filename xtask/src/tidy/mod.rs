//! `cargo xtask tidy`: the rules of the house that neither the compiler nor clippy can hold.
//!
//! Each rule is a file: who may use whom ([`layers`]), how a file looks ([`files`]), what pure crates reach for ([`reach`]), where unsafe code
//! is ([`unsafes`]), what is stale ([`stale`]), what documents promise ([`docs`]). A rule finds things and goes on; all findings are shown
//! at once. `cargo test -p xtask` runs the same rules, so that a plain test run holds them too.

mod docs;
mod files;
mod layers;
mod reach;
mod stale;
mod unsafes;

use std::path::Path;

use crate::failure::Failure;
use crate::workspace;

/// What the rules have found: a place and what is wrong there.
#[derive(Debug, Default)]
pub(crate) struct Findings(Vec<(String, String)>);

impl Findings {
    fn add(&mut self, place: impl Into<String>, message: impl Into<String>) {
        self.0.push((place.into(), message.into()));
    }

    /// One line for each finding, `place: message`.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.iter().map(|(place, message)| format!("{place}: {message}")).collect()
    }
}

/// A text file of the repository.
struct Source {
    /// From the root, with `/`.
    path: String,
    text: String,
}

/// Applies every rule to the repository at `root`.
///
/// # Errors
/// If a rule cannot be applied: an unreadable file, or no cargo.
pub(crate) fn check(root: &Path) -> Result<Findings, Failure> {
    let mut sources = Vec::new();
    for directory in ["crates", "xtask", "fuzz"] {
        sources.extend(read_all(root, directory, "rs")?);
    }
    let pages = read_all(root, "", "md")?;
    let programs = read_all(root, "conformance", "ruff")?;
    let roadmap = workspace::read(&root.join("ROADMAP.md"))?;

    let mut findings = Findings::default();
    layers::check(root, &mut findings)?;
    files::check(&sources, &roadmap, &mut findings);
    reach::check(&sources, &mut findings);
    unsafes::check(&sources, &mut findings);
    stale::check(root, &mut findings)?;
    docs::check_links(&pages, &|path| root.join(path).exists(), &mut findings);
    docs::check_codes(&sources, &pages, &programs, &mut findings);
    Ok(findings)
}

fn read_all(root: &Path, directory: &str, extension: &str) -> Result<Vec<Source>, Failure> {
    let directory = root.join(directory);
    if !directory.is_dir() {
        return Ok(Vec::new());
    }
    let wanted = |path: &Path| path.extension().is_some_and(|it| it == extension);
    let read = |path: std::path::PathBuf| {
        let text = workspace::read(&path)?;
        let path = path.strip_prefix(root).unwrap_or(&path);
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        Ok(Source { path: parts.join("/"), text })
    };
    workspace::files(&directory, &wanted)?.into_iter().map(read).collect()
}

#[cfg(test)]
mod tests {
    use crate::workspace;

    #[test]
    fn the_repository_is_tidy() {
        let findings = super::check(&workspace::root()).unwrap().lines();
        assert!(findings.is_empty(), "\n{}\n", findings.join("\n"));
    }
}
