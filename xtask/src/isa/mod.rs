//! `cargo xtask isa`: everything that is generated from `isa/instructions.isa`.
//!
//! The definition file is read ([`parse`]), judged ([`check`]) and written out three times: as the Rust table of the
//! bytecode crate ([`rust`]), as the manual ([`docs`]) and as JSON ([`json`]). The outputs are checked in, so that a
//! build needs no generator; a test of this crate fails when one of them is stale.

mod check;
mod definition;
mod docs;
mod errors;
mod json;
mod parse;
mod rust;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::Path;

use crate::failure::Failure;
use crate::workspace;

/// The one definition of the instruction set.
const SOURCE: &str = "isa/instructions.isa";

/// A generated file.
struct Output {
    /// From the root of the repository, with `/`.
    path: &'static str,
    text: String,
}

/// Writes the generated files that differ from what is on disk, and says which.
///
/// # Errors
/// A malformed definition file, or a file that cannot be read or written.
pub(crate) fn generate(root: &Path) -> Result<Vec<&'static str>, Failure> {
    let mut written = Vec::new();
    for output in outputs(root)? {
        let path = root.join(output.path);
        if fs::read_to_string(&path).ok().as_deref() != Some(&output.text) {
            workspace::write(&path, &output.text)?;
            written.push(output.path);
        }
    }
    Ok(written)
}

/// The generated files that differ from what the definition file says.
///
/// # Errors
/// A malformed definition file.
pub(crate) fn stale(root: &Path) -> Result<Vec<&'static str>, Failure> {
    let outputs = outputs(root)?.into_iter();
    let differs =
        |it: &Output| fs::read_to_string(root.join(it.path)).ok().as_deref() != Some(&it.text);
    Ok(outputs.filter(differs).map(|it| it.path).collect())
}

fn outputs(root: &Path) -> Result<Vec<Output>, Failure> {
    let text = workspace::read(&root.join(SOURCE))?;
    let definitions = parse::parse(&text)
        .and_then(check::check)
        .map_err(|errors| Failure::new(errors.in_file(SOURCE)))?;
    Ok(vec![
        Output { path: "crates/bytecode/src/isa/table.rs", text: rust::write(&definitions) },
        Output { path: "docs/instructions.md", text: docs::write(&definitions) },
        Output { path: "isa.json", text: json::write(&definitions) },
    ])
}
