//! What the documents promise and a reader would find broken: links that lead nowhere, error pages without a code, and
//! error codes that no test produces.

use std::path::{Component, Path, PathBuf};

use super::{Findings, Source};

/// Where the error codes are defined.
const CODES: &str = "crates/diagnostics/src/codes.rs";

/// Judges the Markdown files of the repository. `exists` tells whether a path from the root is there.
pub(super) fn check_links(
    pages: &[Source],
    exists: &dyn Fn(&Path) -> bool,
    findings: &mut Findings,
) {
    for page in pages {
        for (line, target) in links(&page.text) {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            let directory = Path::new(&page.path).parent().unwrap_or(Path::new(""));
            match normal(&directory.join(path)) {
                Some(path) if exists(&path) => {}
                _ => findings.add(format!("{}:{line}", page.path), format!("dead link: {path}")),
            }
        }
    }
}

/// Judges the error codes: a page for each code is held by the compiler, a code for each page here.
pub(super) fn check_codes(
    sources: &[Source],
    pages: &[Source],
    programs: &[Source],
    findings: &mut Findings,
) {
    let codes = sources.iter().find(|it| it.path == CODES).map(|it| codes(&it.text));
    let codes = codes.unwrap_or_default();
    if codes.is_empty() {
        findings.add(CODES, "no codes found");
        return;
    }
    for page in pages.iter().filter(|it| it.path.starts_with("docs/errors/")) {
        let stem = page.path.trim_start_matches("docs/errors/").trim_end_matches(".md");
        if !codes.iter().any(|code| code == stem) {
            findings.add(&page.path, "a page without a code");
        }
    }
    for code in &codes {
        let in_program = programs.iter().any(|it| it.text.contains(code));
        let in_test = sources.iter().any(|it| tests_of(it).contains(code));
        let page = pages.iter().find(|it| it.path == format!("docs/errors/{code}.md"));
        let on_page = page.is_some_and(|it| shows_failure(&it.text));
        if !in_program && !in_test && !on_page {
            findings.add(CODES, format!("no test produces {code}"));
        }
    }
}

/// The lines of a table `CODE "title",`.
fn codes(text: &str) -> Vec<String> {
    let entry = |line: &str| {
        let (code, title) = line.trim().split_once(' ')?;
        let is_code = code.len() == 5
            && code.starts_with(|it: char| it.is_ascii_uppercase())
            && code[1..].bytes().all(|it| it.is_ascii_digit());
        (is_code && title.starts_with('"')).then(|| code.to_owned())
    };
    text.lines().filter_map(entry).collect()
}

/// Whether an error page has a program that fails or warns; a test of the crate `cli`, or `probe`, runs it and wants that
/// code.
fn shows_failure(page: &str) -> bool {
    let infos = page.lines().filter_map(|line| {
        line.strip_prefix("```ruff ").or_else(|| line.strip_prefix("```probe "))
    });
    infos.flat_map(str::split_whitespace).any(|word| matches!(word, "fails" | "warns"))
}

/// The part of a source file that is tests: all of it below `tests/`, else what follows `#[cfg(test)]`.
fn tests_of(source: &Source) -> &str {
    if source.path.contains("/tests/") || source.path.ends_with("/tests.rs") {
        return &source.text;
    }
    source.text.find("#[cfg(test)]").map_or("", |at| &source.text[at..])
}

/// The targets of `[text](target)`, with the line each stands on. Code blocks and code spans hold no links.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut in_code = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect();
        let mut rest = prose.as_str();
        while let Some((_, after)) = rest.split_once("](") {
            let (target, after) = after.split_once(')').unwrap_or((after, ""));
            found.push((index + 1, target.to_owned()));
            rest = after;
        }
    }
    found
}

/// The path without `.` and `..`; `None` if it leaves the repository.
fn normal(path: &Path) -> Option<PathBuf> {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => out.push(part),
            Component::CurDir => {}
            Component::ParentDir if out.pop() => {}
            _ => return None,
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{check_codes, check_links};
    use crate::tidy::{Findings, Source};

    fn source(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_dead_link_is_found_with_its_line() {
        let page = source(
            "docs/dev/x.md",
            "See [a](../a.md#part) and [b](b.md).\n`[no](code)` [c](https://c.org) [d](#here)\n\n```\n[e](e)\n```\n[f](../../../f)\n",
        );
        let mut findings = Findings::default();
        check_links(&[page], &|path| path == Path::new("docs/a.md"), &mut findings);
        assert_eq!(
            findings.lines(),
            ["docs/dev/x.md:1: dead link: b.md", "docs/dev/x.md:7: dead link: ../../../f"]
        );
    }

    #[test]
    fn codes_pages_and_tests_belong_together() {
        let sources = [
            source(
                "crates/diagnostics/src/codes.rs",
                "codes! {\n    R0001 \"one\",\n    R0002 \"two\",\n    R0003 \"three\",\n    R0004 \"four\",\n    R0005 \"five\",\n}\n",
            ),
            source("crates/vm/src/x.rs", "fail(R0003);\n#[cfg(test)]\nmod tests { R0002 }\n"),
            source("crates/vm/tests/it/x.rs", "R0001"),
        ];
        let pages = [
            source("docs/errors/R0005.md", "# R0005\n\n```ruff fails\nf()\n```\n"),
            source("docs/errors/R0003.md", "# R0003\n\n```ruff\nfails()\n```\n"),
            source("docs/errors/R0009.md", ""),
        ];
        let programs = [source("conformance/x.ruff", "# ^ R0004")];
        let mut findings = Findings::default();
        check_codes(&sources, &pages, &programs, &mut findings);
        assert_eq!(
            findings.lines(),
            [
                "docs/errors/R0009.md: a page without a code",
                "crates/diagnostics/src/codes.rs: no test produces R0003",
            ]
        );
    }
}
