//! The page `bench/RESULTS.md`: sections that different commands write, each leaving the others as they are.
//!
//! A section stands between two comments with its name. A command replaces its own section, or adds it at the end.

use std::path::Path;

use crate::failure::Failure;
use crate::workspace;

/// Where the page is.
const PAGE: &str = "bench/RESULTS.md";

const HEAD: &str =
    "<!-- Written by `cargo xtask bench`, section by section. Do not edit. -->\n\n# Results\n";

/// Writes the section `name` and says so.
///
/// # Errors
/// If the page cannot be read or written, or has a section that does not end.
pub(super) fn write_section(root: &Path, name: &str, text: &str) -> Result<(), Failure> {
    let path = root.join(PAGE);
    let page = if path.is_file() { workspace::read(&path)? } else { HEAD.to_owned() };
    let page = replaced(&page, name, text)
        .ok_or_else(|| Failure::new(format!("{PAGE}: the section `{name}` does not end")))?;
    workspace::write(&path, &page)?;
    println!("wrote the section `{name}` of {PAGE}");
    Ok(())
}

/// The page with another text in a section; `None` if the section begins and does not end.
fn replaced(page: &str, name: &str, text: &str) -> Option<String> {
    let (begin, end) = (format!("<!-- begin {name} -->"), format!("<!-- end {name} -->"));
    let section = format!("{begin}\n\n{}\n\n{end}\n", text.trim());
    let Some((before, after)) = page.split_once(&format!("{begin}\n")) else {
        return Some(format!("{}\n\n{section}", page.trim_end()));
    };
    let (_, after) = after.split_once(&format!("{end}\n"))?;
    Some(format!("{before}{section}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{HEAD, replaced};

    #[test]
    fn a_section_is_added_then_replaced_and_the_others_stay() {
        let one = replaced(HEAD, "one", "1\n").unwrap();
        let two = replaced(&one, "two", "2").unwrap();
        assert!(two.ends_with("<!-- begin one -->\n\n1\n\n<!-- end one -->\n\n<!-- begin two -->\n\n2\n\n<!-- end two -->\n"), "{two}");
        let again = replaced(&two, "one", "3").unwrap();
        assert_eq!(again, two.replace("\n1\n", "\n3\n"));
        assert_eq!(replaced("<!-- begin one -->\n", "one", "1"), None);
    }
}
