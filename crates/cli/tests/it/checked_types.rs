//! `--check-types` through each command that takes it.

use crate::command::{remora_in, scratch};

/// What is wrong is only seen when it runs.
const RUNS: &str =
    "func half(n: int) { return n / 2 }\nfunc any(x) { return x }\nprint(half(any(\"x\")))\n";
/// What is wrong is plain.
const PLAIN: &str = "func half(n: int) { return n / 2 }\nprint(half(\"x\"))\n";

#[test]
fn annotations_are_checked_only_on_request() {
    let folder = scratch("checked_types");
    std::fs::write(folder.join("a.ruff"), RUNS).unwrap();
    for engine in ["loop", "closure", "tree"] {
        let unchecked = remora_in(&folder, &["run", "--engine", engine, "a.ruff"], "");
        assert!(unchecked.code == 1 && unchecked.err.contains("R0002"), "{engine}: {unchecked:?}");
        let line = ["run", "--check-types", "--engine", engine, "a.ruff"];
        let checked = remora_in(&folder, &line, "");
        assert!(checked.code == 1 && checked.err.contains("R0034"), "{engine}: {checked:?}");
    }
}

#[test]
fn a_module_keeps_the_checks_that_it_was_built_with() {
    let folder = scratch("checked_types_module");
    std::fs::write(folder.join("a.ruff"), RUNS).unwrap();
    for (flags, code) in [(&[][..], "R0002"), (&["--check-types"][..], "R0034")] {
        let built = remora_in(&folder, &[&["build", "a.ruff"], flags].concat(), "");
        assert_eq!(built.code, 0, "{built:?}");
        let ran = remora_in(&folder, &["a.rmod"], "");
        assert!(ran.code == 1 && ran.err.contains(code), "{ran:?}");
    }
}

#[test]
fn what_is_plainly_wrong_does_not_compile() {
    let folder = scratch("checked_types_plain");
    std::fs::write(folder.join("a.ruff"), PLAIN).unwrap();
    std::fs::write(folder.join("t.ruff"), format!("{PLAIN}test \"t\" {{ }}\n")).unwrap();
    assert_eq!(remora_in(&folder, &["check", "a.ruff"], "").code, 0);
    for line in [
        &["check", "--check-types", "a.ruff"][..],
        &["build", "--check-types", "a.ruff"],
        &["dis", "--check-types", "a.ruff"],
        &["test", "--check-types", "t.ruff"],
        &["--check-types", "-e", "let n: int := \"x\""],
        &["--check-types", "-n", "let n: int := \"x\""],
    ] {
        let refused = remora_in(&folder, line, "a line\n");
        assert!(refused.code != 0 && refused.err.contains("E0125"), "{line:?}: {refused:?}");
    }
}
