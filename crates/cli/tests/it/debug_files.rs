//! `remora build --debug-file`, and running what it wrote.

use crate::command::{remora_in, scratch};

const PROGRAM: &str = "func half(n) {\n    return 10 / n\n}\nprint(half(0))\n";

#[test]
fn a_stripped_module_shows_lines_with_its_debug_file() {
    let folder = scratch("debug_file");
    std::fs::write(folder.join("a.ruff"), PROGRAM).unwrap();
    let direct = remora_in(&folder, &["a.ruff"], "");
    assert!(direct.err.contains("return 10 / n"), "{direct:?}");
    let built = remora_in(&folder, &["build", "a.ruff", "--debug-file", "other.rdbg"], "");
    assert_eq!(built.code, 0, "{built:?}");
    let alone = remora_in(&folder, &["a.rmod"], "");
    assert!(alone.code == 1 && !alone.err.contains("return 10 / n"), "{alone:?}");
    let named = remora_in(&folder, &["run", "--debug-file", "other.rdbg", "a.rmod"], "");
    assert_eq!((named.code, &named.err), (1, &direct.err));
    std::fs::rename(folder.join("other.rdbg"), folder.join("a.rdbg")).unwrap();
    assert_eq!(remora_in(&folder, &["a.rmod"], "").err, direct.err);
}

#[test]
fn a_debug_file_of_another_module_is_refused() {
    let folder = scratch("debug_file_other");
    std::fs::write(folder.join("a.ruff"), PROGRAM).unwrap();
    std::fs::write(folder.join("b.ruff"), PROGRAM.replace("10", "20")).unwrap();
    assert_eq!(remora_in(&folder, &["build", "a.ruff", "--strip"], "").code, 0);
    let other = remora_in(&folder, &["build", "b.ruff", "--debug-file", "a.rdbg"], "");
    assert_eq!(other.code, 0, "{other:?}");
    let named = remora_in(&folder, &["--debug-file", "a.rdbg", "a.rmod"], "");
    assert!(named.code == 4 && named.err.contains("error[V0096]"), "{named:?}");
    assert!(named.err.contains("a.rdbg was not made for a.rmod"), "{named:?}");
    // Found beside the module it is warned of, and not used.
    let beside = remora_in(&folder, &["a.rmod"], "");
    assert!(beside.code == 1 && beside.err.contains("warning[V0096]"), "{beside:?}");
    assert!(beside.err.contains("error[R0003]"), "{beside:?}");
    let of_program = remora_in(&folder, &["--debug-file", "a.rdbg", "a.ruff"], "");
    assert_eq!(of_program.code, 2, "{of_program:?}");
    std::fs::write(folder.join("bad.rdbg"), "nonsense").unwrap();
    let bad = remora_in(&folder, &["--debug-file", "bad.rdbg", "a.rmod"], "");
    assert!(bad.code == 4 && bad.err.contains("bad.rdbg"), "{bad:?}");
}

#[test]
fn imported_files_are_shown_as_well() {
    let folder = scratch("debug_file_imports");
    std::fs::write(folder.join("half.ruff"), "# é\nfunc half(n) {\n    return 10 / n\n}\n")
        .unwrap();
    std::fs::write(folder.join("a.ruff"), "import half\nprint(half.half(0))\n").unwrap();
    let direct = remora_in(&folder, &["a.ruff"], "");
    assert!(direct.err.contains("return 10 / n") && direct.err.contains("half.ruff"), "{direct:?}");
    let built = remora_in(&folder, &["build", "a.ruff", "--debug-file", "a.rdbg"], "");
    assert_eq!(built.code, 0, "{built:?}");
    assert_eq!(remora_in(&folder, &["a.rmod"], "").err, direct.err);
}
