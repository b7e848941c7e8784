//! Where unsafe code is, and that everybody else forbids it.
//!
//! The compiler refuses unsafe code in a file that does not `expect` it; what it cannot see is held here: only the
//! crates in [`MAY_BE_UNSAFE`] have such files, each file says so with a reason at its top, and the root of every other
//! crate has `#![forbid(unsafe_code)]`, which nothing below it can undo.

use super::{Findings, Source};

/// The crates that have an unsafe policy of their own.
const MAY_BE_UNSAFE: &[&str] = &["crates/vm", "crates/jit", "crates/capi", "crates/python"];

/// Judges the sources of the workspace.
pub(super) fn check(sources: &[Source], findings: &mut Findings) {
    for source in sources {
        let allowed = MAY_BE_UNSAFE.iter().any(|it| source.path.starts_with(&format!("{it}/")));
        let expects = source.text.lines().any(|line| line.starts_with("#![expect(unsafe_code"))
            || source.text.contains("#![expect(\n    unsafe_code");
        if !allowed && expects {
            findings.add(&source.path, "unsafe code in a crate that must not have any");
        }
        if !expects && let Some(line) = first_unsafe_line(&source.text) {
            findings.add(
                format!("{}:{line}", source.path),
                "unsafe code in a file that does not say `#![expect(unsafe_code, reason = …)]`",
            );
        }
        let is_root = source.path.ends_with("/src/lib.rs") || source.path.ends_with("/src/main.rs");
        if is_root && !allowed && !source.text.contains("#![forbid(unsafe_code)]") {
            findings
                .add(&source.path, "the root of this crate must have `#![forbid(unsafe_code)]`");
        }
    }
}

/// The first line, counted from 1, on which unsafe code begins. Comments and string literals do not count.
fn first_unsafe_line(text: &str) -> Option<usize> {
    let begins = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        for (at, word) in code.match_indices("unsafe") {
            let (before, after) = (&code[..at], &code[at + word.len()..]);
            let in_text = before.matches('"').count() % 2 == 1;
            let starts = !before.ends_with(|it: char| it.is_alphanumeric() || it == '_');
            let opens = [" {", " fn ", " impl", " trait", " extern", "(", "{"];
            if starts && !in_text && opens.iter().any(|it| after.starts_with(it)) {
                return true;
            }
        }
        false
    };
    text.lines().position(begins).map(|index| index + 1)
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
    fn unsafe_code_is_announced() {
        let planted = "//! X.\nfn f() {\n    unsafe { g() }\n}\n";
        let message =
            "unsafe code in a file that does not say `#![expect(unsafe_code, reason = …)]`";
        assert_eq!(
            found("crates/vm/src/x.rs", planted),
            [format!("crates/vm/src/x.rs:3: {message}")]
        );
        let announced = format!("#![expect(unsafe_code, reason = \"r\")]\n{planted}");
        assert_eq!(found("crates/vm/src/x.rs", &announced), Vec::<String>::new());
        assert_eq!(
            found("crates/syntax/src/x.rs", &announced),
            ["crates/syntax/src/x.rs: unsafe code in a crate that must not have any"]
        );
        for form in ["unsafe fn f() {}", "unsafe impl Send for X {}", "#[unsafe(no_mangle)]"] {
            assert_eq!(found("crates/vm/src/x.rs", form).len(), 1, "{form}");
        }
    }

    #[test]
    fn words_about_unsafe_code_are_not_unsafe_code() {
        for text in
            ["// an unsafe { block }", "#![deny(unsafe_op_in_unsafe_fn)]", "say(\"unsafe { x }\");"]
        {
            assert_eq!(found("crates/vm/src/x.rs", text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_root_forbids() {
        assert_eq!(
            found("crates/syntax/src/lib.rs", "//! X.\n"),
            [
                "crates/syntax/src/lib.rs: the root of this crate must have `#![forbid(unsafe_code)]`"
            ]
        );
        assert_eq!(found("crates/vm/src/lib.rs", "//! X.\n"), Vec::<String>::new());
    }
}
