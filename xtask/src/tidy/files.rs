//! How each source file must look from outside: its name, its first line, its size, and what it leaves undone.
//!
//! A file whose name says nothing collects everything; a file that is too long has two ideas; what is left to do and
//! nobody planned stays for ever. The rules are applied to the Rust files of `crates`, `xtask` and `fuzz`.

use std::path::Path;

use super::{Findings, Source};

/// Lines that a file may have without saying why it is better whole.
const MAX_LINES: usize = 600;

/// Names under which anything could stand.
const EMPTY_NAMES: &[&str] =
    &["common", "helper", "helpers", "misc", "shared", "stuff", "tools", "util", "utils"];

/// Judges the sources; `roadmap` is the text of ROADMAP.md.
pub(super) fn check(sources: &[Source], roadmap: &str, findings: &mut Findings) {
    for source in sources {
        check_doc(source, findings);
        check_size(source, findings);
        check_name(source, findings);
        check_promises(source, roadmap, findings);
    }
    check_module_style(sources, findings);
}

/// The module doc comes first; only inner attributes may stand above it.
fn check_doc(source: &Source, findings: &mut Findings) {
    let mut in_attribute = false;
    for line in source.text.lines() {
        if in_attribute || line.starts_with("#![") {
            in_attribute = !line.ends_with(']');
        } else if !line.trim().is_empty() {
            if !line.starts_with("//! ") {
                findings.add(&source.path, "the first line must be a module doc (`//! …`)");
            }
            return;
        }
    }
    findings.add(&source.path, "has no module doc (`//! …`)");
}

fn check_size(source: &Source, findings: &mut Findings) {
    let n_lines = source.text.lines().count();
    let says_why = source
        .text
        .lines()
        .take_while(|line| line.starts_with("//!") || line.starts_with("#!["))
        .any(|line| line.contains("Better whole:"));
    if n_lines > MAX_LINES && !says_why {
        findings.add(
            &source.path,
            format!(
                "{n_lines} lines: split it, or say in its module doc `Better whole:` and why ({MAX_LINES} are allowed)"
            ),
        );
    }
    if n_lines <= MAX_LINES && says_why {
        findings.add(&source.path, format!("`Better whole:` in a file of only {n_lines} lines"));
    }
}

fn check_name(source: &Source, findings: &mut Findings) {
    let path = Path::new(&source.path);
    for part in path.with_extension("").iter().filter_map(|part| part.to_str()) {
        if EMPTY_NAMES.contains(&part) {
            findings.add(&source.path, format!("`{part}` says nothing: name the one idea in it"));
        }
    }
}

/// A mark of what is left to do, with a word in parentheses, needs that word in backticks in ROADMAP.md; a bare mark is
/// refused.
fn check_promises(source: &Source, roadmap: &str, findings: &mut Findings) {
    const MARKS: [&str; 4] = [concat!("TO", "DO"), concat!("FIX", "ME"), "XXX", "HACK"];
    for (index, line) in source.text.lines().enumerate() {
        let Some((_, comment)) = line.split_once("//") else { continue };
        for mark in MARKS {
            let Some((before, rest)) = comment.split_once(mark) else { continue };
            let is_word = !before.ends_with(|it: char| it.is_alphanumeric())
                && !rest.starts_with(|it: char| it.is_alphanumeric());
            let key = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|it| it.0);
            let is_planned = key.is_some_and(|key| roadmap.contains(&format!("`{key}`")));
            if is_word && !is_planned {
                findings.add(
                    format!("{}:{}", source.path, index + 1),
                    format!("{mark} without a line in ROADMAP.md"),
                );
            }
        }
    }
}

/// A module with files of its own is `x/mod.rs`, never `x.rs` beside `x/`.
fn check_module_style(sources: &[Source], findings: &mut Findings) {
    for source in sources {
        let Some(directory) = source.path.strip_suffix(".rs") else { continue };
        let inside = format!("{directory}/");
        if sources.iter().any(|other| other.path.starts_with(&inside)) {
            findings.add(&source.path, format!("stands beside {inside}: make it {inside}mod.rs"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::{Findings, Source};

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let sources: Vec<_> = files
            .iter()
            .map(|(path, text)| Source { path: (*path).to_owned(), text: (*text).to_owned() })
            .collect();
        let mut findings = Findings::default();
        check(&sources, "- later: `cycles`, a backup collection\n", &mut findings);
        findings.lines()
    }

    #[test]
    fn the_module_doc_comes_first() {
        let nothing = Vec::<String>::new();
        assert_eq!(found(&[("a/value.rs", "//! Values.\nuse x;\n")]), nothing);
        assert_eq!(found(&[("a/lib.rs", "#![forbid(unsafe_code)]\n//! All.\n")]), nothing);
        let wrapped = "#![expect(\n    unsafe_code,\n    reason = \"r\"\n)]\n\n//! All.\n";
        assert_eq!(found(&[("a/lib.rs", wrapped)]), nothing);
        assert_eq!(
            found(&[("a/value.rs", "use x;\n//! Values.\n")]),
            ["a/value.rs: the first line must be a module doc (`//! …`)"]
        );
        assert_eq!(found(&[("a/value.rs", "")]), ["a/value.rs: has no module doc (`//! …`)"]);
    }

    #[test]
    fn a_long_file_says_why() {
        let lines = "fn f() {}\n".repeat(600);
        assert_eq!(found(&[("a/x.rs", &format!("//! X.\n{lines}"))]).len(), 1);
        let excused = format!("//! X.\n//! Better whole: one table.\n{lines}");
        assert_eq!(found(&[("a/x.rs", &excused)]), Vec::<String>::new());
        let needless = found(&[("a/x.rs", "//! X.\n//! Better whole: no.\n")]);
        assert_eq!(needless, ["a/x.rs: `Better whole:` in a file of only 2 lines"]);
    }

    #[test]
    fn a_name_says_something() {
        let name = |path| found(&[(path, "//! X.\n")]);
        assert_eq!(
            name("a/utils.rs"),
            ["a/utils.rs: `utils` says nothing: name the one idea in it"]
        );
        assert_eq!(name("a/common/x.rs").len(), 1);
        assert_eq!(name("a/commonly.rs").len(), 0);
    }

    #[test]
    fn a_module_with_files_is_a_directory() {
        let beside = found(&[("a/x.rs", "//! X.\n"), ("a/x/y.rs", "//! Y.\n")]);
        assert_eq!(beside, ["a/x.rs: stands beside a/x/: make it a/x/mod.rs"]);
    }

    #[test]
    fn what_is_left_undone_is_planned() {
        let mark = concat!("TO", "DO");
        let line = |comment: String| found(&[("a/x.rs", &format!("//! X.\n{comment}\n"))]);
        assert_eq!(line(format!("// {mark}: later")).len(), 1);
        assert_eq!(line(format!("// {mark}(dreams): later")).len(), 1);
        assert_eq!(line(format!("// {mark}(cycles): later")).len(), 0);
        assert_eq!(line(format!("let {mark} = 1;")).len(), 0);
        assert_eq!(line(format!("// {mark}S are words")).len(), 0);
    }
}
