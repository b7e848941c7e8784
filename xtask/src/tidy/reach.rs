//! What the pure crates must not reach for: the world outside the process.
//!
//! They take text, bytes and values and give the same back; files, clocks, the environment and threads come in through
//! their callers, or through a capability that a host has given. So they run the same everywhere, and what a script can
//! reach is decided in one place, `crates/stdlib`. Tests may use what they like.

use super::{Findings, Source};

/// The crates that only compute.
const PURE: &[&str] = &["diagnostics", "syntax", "bytecode", "compiler", "vm"];

/// What they must not name, and where it belongs.
const OUTSIDE: &[(&str, &str)] = &[
    ("std::fs", "files are a capability: crates/stdlib"),
    ("std::env", "the environment is a capability: crates/stdlib"),
    ("std::net", "a host brings its own network"),
    ("std::process", "a library does not end or start processes"),
    ("std::thread", "the host decides about threads"),
    ("std::io::stdin", "input is a capability: crates/stdlib"),
    ("std::io::stdout", "output goes where the host says"),
    ("Instant::now", "time is handed in: crates/remora"),
    ("SystemTime::now", "time is handed in: crates/remora"),
];

/// Judges the sources of the pure crates.
pub(super) fn check(sources: &[Source], findings: &mut Findings) {
    for source in sources {
        let is_pure =
            PURE.iter().any(|name| source.path.starts_with(&format!("crates/{name}/src/")));
        if !is_pure || source.path.ends_with("/tests.rs") {
            continue;
        }
        for (index, line) in source.text.lines().enumerate() {
            if line.trim() == "#[cfg(test)]" {
                break;
            }
            let code = line.split("//").next().unwrap_or_default();
            for (word, where_it_belongs) in OUTSIDE {
                if code.contains(word) {
                    let place = format!("{}:{}", source.path, index + 1);
                    findings.add(place, format!("{word}: {where_it_belongs}"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::tidy::{Findings, Source};

    fn found(path: &str, text: &str) -> Vec<String> {
        let mut findings = Findings::default();
        check(&[Source { path: path.to_owned(), text: text.to_owned() }], &mut findings);
        findings.lines()
    }

    #[test]
    fn a_pure_crate_that_reaches_out_is_found() {
        let planted = "//! X.\nuse std::fs;\nlet now = Instant::now();\n";
        assert_eq!(
            found("crates/vm/src/x.rs", planted),
            [
                "crates/vm/src/x.rs:2: std::fs: files are a capability: crates/stdlib",
                "crates/vm/src/x.rs:3: Instant::now: time is handed in: crates/remora",
            ]
        );
        assert_eq!(found("crates/cli/src/x.rs", planted), Vec::<String>::new());
    }

    #[test]
    fn tests_and_comments_may() {
        let text = "//! Not std::fs.\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(found("crates/vm/src/x.rs", text), Vec::<String>::new());
        assert_eq!(found("crates/vm/tests/it/x.rs", "use std::fs;"), Vec::<String>::new());
        assert_eq!(found("crates/vm/src/x/tests.rs", "use std::fs;"), Vec::<String>::new());
    }
}
