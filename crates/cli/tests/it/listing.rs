//! `remora dis`.

use crate::command::{remora_in, scratch};

const PROGRAM: &str = "const DEBUG := false
func _gone() { return 1 }
func positive(xs) {
    mut found := []
    for x in xs {
        if DEBUG { print(x) }
        if x < 2 - 2 { continue }
        found.push(x)
    }
    return found
}
print(positive([1, -2]))
";

#[test]
fn before_shows_what_the_optimiser_did() {
    let folder = scratch("dis_before");
    std::fs::write(folder.join("a.ruff"), PROGRAM).unwrap();
    let ran = remora_in(&folder, &["dis", "--before", "a.ruff"], "");
    assert_eq!(ran.code, 0, "{ran:?}");
    for line in [
        "- func _gone () plain: nothing leads to it",
        "  func positive (xs) plain",
        "-   load_global 0 ; DEBUG",
        "-   load_host 0 ; print",
        "-   binary_sub",
        "+   load_int 0",
        "-   load_local 0 ; xs",
        "+   move_local 0 ; xs",
        "    compare lt",
    ] {
        assert!(ran.out.lines().any(|it| it == line), "{line}:\n{}", ran.out);
    }
    let plain = remora_in(&folder, &["dis", "--before", "--registers", "a.ruff"], "");
    assert!(plain.code == 0 && plain.out.contains("_gone"), "{plain:?}");
}

#[test]
fn before_needs_a_program() {
    let folder = scratch("dis_before_module");
    std::fs::write(folder.join("a.ruff"), PROGRAM).unwrap();
    assert_eq!(remora_in(&folder, &["build", "a.ruff"], "").code, 0);
    let ran = remora_in(&folder, &["dis", "--before", "a.rmod"], "");
    assert!(ran.code == 2 && ran.err.contains("--before needs the program"), "{ran:?}");
}
