//! Programs of several files on the command line: every word finds the modules, and says which file is wrong.

use std::path::PathBuf;

use crate::command::{remora_in, scratch};

/// A folder with files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = scratch(name);
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, text).expect("the file is written");
    }
    folder
}

#[test]
fn errors_show_the_file_they_are_in_in_both_engines() {
    let files = [
        (
            "app/main.ruff",
            "import lib.shapes\n\nfunc draw(n) { x := shapes.area(n) return x }\nprint(draw(2))\nprint(draw(\"two\"))\n",
        ),
        ("app/lib/shapes.ruff", "// Areas.\n\nfunc area(side) {\n    return side * side\n}\n"),
    ];
    let folder = folder("imports-errors", &files);
    let by_loop = remora_in(&folder, &["app/main.ruff"], "");
    let by_tree = remora_in(&folder, &["run", "--engine=tree", "app/main.ruff"], "");
    assert_eq!(by_loop.err, by_tree.err);
    assert_eq!((by_loop.code, by_loop.out.as_str()), (1, "4\n"));
    for part in [
        "--> app/lib/shapes.ruff:4:12",
        "return side * side",
        "::: app/main.ruff:3:21",
        "in area (app/lib/shapes.ruff, line 4), called from draw (line 3)",
    ] {
        assert!(by_loop.err.contains(part), "{part}:\n{}", by_loop.err);
    }
}

#[test]
fn check_and_build_say_which_file_is_wrong() {
    let files = [
        ("main.ruff", "import a\nimport b\n"),
        ("a.ruff", "x := nope\n"),
        ("b.ruff", "\n\nfunc f() { break }\n"),
    ];
    let folder = folder("imports-check", &files);
    let ran = remora_in(&folder, &["check", "main.ruff"], "");
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("a.ruff:1:6") && ran.err.contains("b.ruff:3:12"), "{}", ran.err);
    let ran = remora_in(&folder, &["check", "--json", "main.ruff"], "");
    let places = [r#""file":"a.ruff","start":5,"#, r#""file":"b.ruff","start":13,"#];
    assert!(places.iter().all(|it| ran.err.contains(it)), "{}", ran.err);
    assert_eq!(remora_in(&folder, &["build", "main.ruff"], "").code, 3);
    assert!(!folder.join("main.rmod").exists());
}

#[test]
fn a_build_holds_all_files_and_goes_there_and_back_as_text() {
    let files = [
        ("src/main.ruff", "import util\nprint(util.half(9), util.half(0))\n"),
        ("src/util.ruff", "func half(n) { return 9 / n }\n"),
    ];
    let folder = folder("imports-build", &files);
    assert_eq!(remora_in(&folder, &["build", "src/main.ruff", "-o", "all.rmod"], "").code, 0);
    std::fs::remove_dir_all(folder.join("src")).expect("the sources are removed");
    let ran = remora_in(&folder, &["all.rmod"], "");
    assert!(ran.code == 1 && ran.err.contains("src/util.ruff:1:23"), "{ran:?}");
    assert_eq!(remora_in(&folder, &["verify", "all.rmod"], "").code, 0);
    let text = remora_in(&folder, &["dis", "all.rmod"], "").out;
    assert!(text.contains("source \"src/util.ruff\" at "), "{text}");
    std::fs::write(folder.join("again.txt"), text).expect("the text is written");
    assert_eq!(remora_in(&folder, &["asm", "again.txt", "-o", "again.rmod"], "").code, 0);
    let bytes = |name| std::fs::read(folder.join(name)).expect("the module is there");
    assert!(bytes("all.rmod") == bytes("again.rmod"));
}

#[test]
fn roots_are_searched_after_the_folder_of_the_program() {
    let files = [
        ("app/main.ruff", "import own\nimport shared\nprint(own.x, shared.x)\n"),
        ("app/own.ruff", "x := \"own\"\n"),
        ("lib/own.ruff", "x := \"lib\"\n"),
        ("lib/shared.ruff", "import own\nx := \"shared, \" + own.x\n"),
    ];
    let folder = folder("imports-roots", &files);
    for engine in ["--engine=loop", "--engine=closure", "--engine=tree"] {
        let ran = remora_in(&folder, &["run", engine, "--root", "lib", "app/main.ruff"], "");
        assert_eq!((ran.out.as_str(), ran.err.as_str()), ("own shared, lib\n", ""));
        let ran = remora_in(&folder, &["run", engine, "app/main.ruff"], "");
        assert!(ran.code == 3 && ran.err.contains("error[E0121]"), "{ran:?}");
        assert!(ran.err.contains("tried app/shared.ruff, app/src/shared.ruff"), "{ran:?}");
    }
    let ran = remora_in(&folder, &["--root", "nowhere", "app/main.ruff"], "");
    assert!(ran.code == 2 && ran.err.starts_with("error: --root"), "{ran:?}");
}

#[test]
fn texts_on_the_command_line_import_from_the_working_folder() {
    let folder = folder("imports-texts", &[("util.ruff", "func twice(x) { return x + x }\n")]);
    let ran = remora_in(&folder, &["-e", "import util\nutil.twice(21)"], "");
    assert_eq!(ran.out, "42\n", "{}", ran.err);
    let ran = remora_in(&folder, &["-p", "import util; util.twice(line)"], "a\nb\n");
    assert_eq!(ran.out, "aa\nbb\n", "{}", ran.err);
    let ran = remora_in(&folder, &["-p", "twice(n)", "--begin", "from util import twice"], "a\n");
    assert_eq!(ran.out, "2\n", "{}", ran.err);
    let ran = remora_in(&folder, &["run", "-"], "import util\nprint(util.twice(\"x\"))");
    assert_eq!(ran.out, "xx\n", "{}", ran.err);
    let ran = remora_in(&folder, &["repl"], "import util\nutil.twice(4)\n");
    assert_eq!(ran.out, "8\n", "{}", ran.err);
}

#[test]
fn tests_use_modules_and_those_of_modules_are_run_with_their_own_file() {
    let files = [
        (
            "main.ruff",
            "import util\ntest \"uses it\" { assert_equal(util.twice(2), 4) }\ntest \"fails there\" { util.twice(null) }\n",
        ),
        (
            "util.ruff",
            "func twice(x) { return x + x }\ntest \"its own\" { assert_equal(twice(1), 2) }\n",
        ),
    ];
    let folder = folder("imports-tests", &files);
    let ran = remora_in(&folder, &["test", "main.ruff"], "");
    assert!(ran.out.contains("1 passed, 1 failed") && !ran.out.contains("its own"), "{ran:?}");
    assert!(ran.out.contains("util.ruff:1:24"), "{}", ran.out);
    let ran = remora_in(&folder, &["test"], "");
    assert!(ran.out.contains("2 passed, 1 failed"), "{ran:?}");
}

#[test]
fn a_profile_names_the_top_level_of_a_module_by_its_file() {
    let files = [("main.ruff", "import work\n"), ("work.ruff", "for i in 300000 { x := i * 2 }\n")];
    let folder = folder("imports-profile", &files);
    let ran = remora_in(&folder, &["--profile", "out.txt", "main.ruff"], "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let profile = std::fs::read_to_string(folder.join("out.txt")).expect("the profile is there");
    assert!(profile.contains("main;work.ruff "), "{profile}");
}
