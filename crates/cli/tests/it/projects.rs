//! What begins a project and keeps it in shape: `new`, `completions`, `fmt` on folders.

use crate::command::{remora, remora_in, scratch};

#[test]
fn a_new_project_runs_and_its_test_passes() {
    let folder = scratch("new");
    assert_eq!(remora_in(&folder, &["new", "hello"], "").code, 0);
    let hello = folder.join("hello");
    let ran = remora_in(&hello, &["src/main.ruff"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, "Hello, world!\n"), "{}", ran.err);
    assert!(remora_in(&hello, &["test"], "").out.ends_with("1 passed, 0 failed\n"));
    assert_eq!(remora_in(&hello, &["fmt", "--check", "."], "").code, 0);
    assert!(hello.join(".gitignore").is_file() && hello.join("README.md").is_file());
    let again = remora_in(&folder, &["new", "hello"], "");
    assert!(again.code == 2 && again.err.contains("already there"), "{again:?}");
}

#[test]
fn shells_get_their_completions() {
    for (shell, part) in [("bash", "_remora"), ("zsh", "#compdef remora"), ("fish", "complete -c")]
    {
        let ran = remora(&["completions", shell]);
        assert!(ran.code == 0 && ran.out.contains(part), "{shell}");
    }
    assert_eq!(remora(&["completions", "no-such"]).code, 2);
}

#[test]
fn fmt_goes_through_folders_and_check_changes_nothing() {
    let folder = scratch("fmt");
    std::fs::create_dir_all(folder.join("sub")).unwrap();
    let (bad, good) = ("x:=1\nprint( x )\n", "x := 1\nprint(x)\n");
    std::fs::write(folder.join("sub/bad.ruff"), bad).unwrap();
    std::fs::write(folder.join("good.ruff"), good).unwrap();
    let check = remora_in(&folder, &["fmt", "--check", "."], "");
    assert_eq!((check.code, check.err.as_str()), (1, "sub/bad.ruff: is not formatted\n"));
    assert_eq!(std::fs::read_to_string(folder.join("sub/bad.ruff")).unwrap(), bad);
    assert_eq!(remora_in(&folder, &["fmt", "."], "").code, 0);
    assert_eq!(std::fs::read_to_string(folder.join("sub/bad.ruff")).unwrap(), good);
    assert_eq!(remora_in(&folder, &["fmt", "--check", "."], "").code, 0);
    assert_eq!(remora_in(&folder, &["fmt", "-"], bad).out, good);
    let check = remora_in(&folder, &["fmt", "--check", "-"], bad);
    assert_eq!((check.code, check.out.as_str()), (1, ""), "{}", check.err);
    let broken = remora_in(&folder, &["fmt", "-"], "x := (");
    assert!(broken.code == 3 && broken.out.is_empty(), "{broken:?}");
}
