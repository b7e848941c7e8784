//! `remora test`: what is run, in what order, and what is said about it.

use crate::command::{Ran, remora_in, root, scratch};

/// Runs the tests of one program.
fn test_text(name: &str, text: &str, flags: &[&str]) -> Ran {
    let folder = scratch(name);
    std::fs::write(folder.join("a.ruff"), text).expect("the scratch folder takes a file");
    let mut args = vec!["test"];
    args.extend_from_slice(flags);
    remora_in(&folder, &args, "")
}

/// What was printed, without the times.
fn without_times(text: &str) -> String {
    let cut = |line: &str| line.split(" (").next().unwrap_or(line).to_owned() + "\n";
    text.lines().map(cut).collect()
}

#[test]
fn passed_and_failed_tests_are_told_apart_and_both_values_are_shown() {
    let text = "func twice(n) { return n * 2 }\n\
        test \"fine\" { assert_equal(twice(2), 4) }\n\
        test \"wrong\" { assert_equal(twice(3), 7) }\n";
    let ran = test_text("test-basic", text, &[]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for part in [
        "a.ruff\n  ok    fine (",
        "  FAIL  wrong (",
        "error[R0015]",
        "a.ruff:3:",
        "expected Int(7), got Int(6)",
        "\n1 passed, 1 failed\n",
    ] {
        assert!(ran.out.contains(part), "{part}: {}", ran.out);
    }
    assert_eq!(ran.err, "");
}

#[test]
fn groups_set_up_and_tear_down_around_each_test_also_after_a_failure() {
    let text = r#"mut log := []
test_setup { log := push(log, "setup") }
test_teardown { print(log) }
test_group "outer" {
    test_setup { mut base := 40 }
    test_teardown { log := push(log, "outer down") }
    func add(n) { return base + n }
    test_group "inner" {
        test_setup { base := base + 1 }
        test_teardown { log := push(log, "inner down ${base}") }
        test "sees what is set up" { assert_equal(add(1), 42) }
        test "fails" {
            base := 0
            assert(false)
        }
    }
    test "has its own values" { assert_equal(base, 40) }
}
test "does not see others" { assert_equal(len(log), 1) }
"#;
    let ran = test_text("test-groups", text, &[]);
    let said = without_times(&ran.out);
    for part in [
        "  ok    outer / inner / sees what is set up\n",
        "  FAIL  outer / inner / fails\n  it printed:\n    [setup, inner down 0, outer down]\n",
        "  ok    outer / has its own values\n",
        "  ok    does not see others\n",
        "3 passed, 1 failed\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn a_filter_and_equal_names_and_failing_top_levels() {
    let text = "test \"a\" { }\ntest \"a\" { assert(false) }\ntest \"b\" { }\n";
    let ran = test_text("test-filter", text, &["--filter", "a"]);
    assert_eq!(
        without_times(&ran.out).lines().take(3).collect::<Vec<_>>(),
        ["a.ruff", "  ok    a", "  FAIL  a"],
    );
    assert!(ran.out.ends_with("1 passed, 1 failed\n") && ran.out.contains("a (2)"), "{ran:?}");
    assert_eq!(test_text("test-filter", text, &["--filter", "b"]).code, 0);
    let ran = test_text("test-top", "throw(\"early\")\ntest \"a\" { }\n", &[]);
    assert!(ran.code == 1 && ran.out.contains("early"), "{ran:?}");
    let text = "func f() { return 1 }\nexit(0)\ntest \"a\" { assert_equal(f(), 1) }\n";
    assert_eq!(test_text("test-exit", text, &[]).code, 0);
}

#[test]
fn results_are_also_lines_of_json_and_a_junit_file() {
    let text = "test \"a\" { }\ntest \"<b>\" { print(\"x\")\nassert_equal(1, 2) }\n";
    let folder = scratch("test-reports");
    std::fs::write(folder.join("a.ruff"), text).unwrap();
    let ran = remora_in(&folder, &["test", "--json", "--junit", "out.xml"], "");
    let lines: Vec<serde_json::Value> =
        ran.out.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert_eq!((&lines[0]["name"], &lines[0]["ok"]), (&"a".into(), &true.into()));
    assert_eq!((&lines[1]["code"], &lines[1]["printed"]), (&"R0015".into(), &"x\n".into()));
    assert_eq!(lines[2], serde_json::json!({ "passed": 1, "failed": 1 }));
    let xml = std::fs::read_to_string(folder.join("out.xml")).unwrap();
    for part in [
        "<testsuite name=\"a.ruff\" tests=\"2\" failures=\"1\"",
        "<testcase name=\"&lt;b&gt;\" classname=\"a.ruff\"",
        "<failure message=\"Assertion failed: expected Int(2), got Int(1)\">",
        "<system-out>x\n</system-out>",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
}

#[test]
fn all_programs_with_tests_below_a_folder_are_run() {
    let folder = scratch("test-folders");
    for (path, text) in [
        ("a/one.ruff", "test \"one\" { }"),
        ("a/b/two.ruff", "test \"two\" { }"),
        ("none.ruff", "print(1)"),
        (".hidden/three.ruff", "test \"three\" { assert(false) }"),
    ] {
        std::fs::create_dir_all(folder.join(path).parent().unwrap()).unwrap();
        std::fs::write(folder.join(path), text).unwrap();
    }
    let ran = remora_in(&folder, &["test"], "");
    let said = without_times(&ran.out);
    assert_eq!(said, "a/b/two.ruff\n  ok    two\na/one.ruff\n  ok    one\n2 passed, 0 failed\n");
    assert_eq!(remora_in(&folder, &["test", "a/one.ruff"], "").code, 0);
}

#[test]
fn a_program_that_does_not_compile_is_named_once() {
    let text = "test_setup { x := nothing }\ntest \"a\" { }\ntest \"b\" { }\n";
    let ran = test_text("test-broken", text, &[]);
    assert_eq!((ran.code, ran.err.matches("E0101").count()), (3, 1), "{ran:?}");
}

#[test]
fn limits_hold_for_each_test() {
    let text = "test \"endless\" { loop { } }\ntest \"short\" { }\n";
    let ran = test_text("test-limits", text, &["--fuel=1000"]);
    assert!(ran.out.contains("L0001") && ran.out.contains("1 passed, 1 failed"), "{ran:?}");
}

#[test]
fn the_sample_on_the_tools_page_is_true() {
    let page = std::fs::read_to_string(root().join("docs/tools.md")).unwrap();
    let from = page.lines().skip_while(|it| !it.starts_with("    mut log"));
    let sample = from.take_while(|it| it.is_empty() || it.starts_with("    "));
    let text: String = sample.map(|it| format!("{}\n", it.trim_start_matches("    "))).collect();
    assert!(text.contains("test_group"), "the page has the sample");
    let ran = test_text("test-sample", &text, &[]);
    assert!(ran.code == 0 && ran.out.ends_with("1 passed, 0 failed\n"), "{ran:?}");
}

#[test]
fn the_tree_walker_runs_tests_as_the_interpreter_does() {
    let text = "mut log := []\nfunc twice(n) { return n * 2 }\n\
        test_setup { log.push(\"up\") }\ntest_teardown { print(log) }\n\
        test \"fine\" { assert_equal(twice(2), 4) }\n\
        test_group \"g\" { test \"wrong\" { log.push(1)\n assert_equal(twice(3), 7) } }\n\
        test \"fails\" { [1][5] }\n\
        func broken(n) { return 1 / n }\ntest \"deep\" { broken(0) }\n";
    let found = test_text("test-loop", text, &[]);
    let tree = test_text("test-tree", text, &["--engine=tree"]);
    assert_eq!(tree.code, 1, "{tree:?}");
    assert!(found.out.ends_with("1 passed, 3 failed\n"), "{found:?}");
    assert_eq!(without_times(&tree.out), without_times(&found.out));
    let closures = test_text("test-closures", text, &["--engine=closure"]);
    assert_eq!(without_times(&closures.out), without_times(&found.out));
    let ended = test_text("test-ended", "exit(0)\ntest \"a\" { }\n", &["--engine=tree"]);
    assert!(ended.code == 1 && ended.out.contains("exit(0) ended the program"), "{ended:?}");
}
