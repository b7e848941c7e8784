//! `-n` and `-p`: programs for each line.

use crate::command::{Ran, remora_in, root, scratch};

fn run(args: &[&str], input: &str) -> Ran {
    remora_in(&root(), args, input)
}

#[test]
fn each_line_is_given_to_the_program() {
    let ran = run(&["-n", "if line.starts_with(\"a\") { print(n, line) }"], "ab\nbc\r\nac");
    assert_eq!((ran.code, ran.out.as_str()), (0, "1 ab\n3 ac\n"), "{}", ran.err);
}

#[test]
fn values_are_printed_unless_they_are_null() {
    let ran = run(&["-p", "to_upper(line)"], "a\n\nb\n");
    assert_eq!((ran.code, ran.out.as_str()), (0, "A\n\nB\n"), "{}", ran.err);
    let ran = run(&["-p", "if n % 2 == 0 { line } else { null }"], "a\nb\nc\nd\n");
    assert_eq!((ran.code, ran.out.as_str()), (0, "b\nd\n"), "{}", ran.err);
    let ran = run(&["-p", "if n > 1 { return null }\nlen(line)"], "abc\nd\n");
    assert_eq!((ran.code, ran.out.as_str()), (0, "3\n"), "{}", ran.err);
}

#[test]
fn variables_stay_from_line_to_line_and_what_a_word_declares_does_not() {
    let ran = run(
        &["-p", "let k := 1\nif n == 1 { total := 0 }\ntotal += int(line) + k - k\ntotal"],
        "1\n2\n3\n",
    );
    let ran = if ran.code == 0 {
        ran
    } else {
        run(
            &[
                "-p",
                "let k := 1\nif n == 1 { total := 0 }\ntotal += parse_int(line) + k - k\ntotal",
            ],
            "1\n2\n3\n",
        )
    };
    assert_eq!((ran.code, ran.out.as_str()), (0, "1\n3\n6\n"), "{}", ran.err);
    let ran = run(
        &["-n", "count += 1", "--begin", "count := 0", "--end", "print(count, \"lines\")"],
        "a\nb\n",
    );
    assert_eq!((ran.code, ran.out.as_str()), (0, "2 lines\n"), "{}", ran.err);
    let ran = run(&["-p", "func sq(x) { return x * x }\nsq(n)"], "a\nb\n");
    assert_eq!((ran.code, ran.out.as_str()), (0, "1\n4\n"), "{}", ran.err);
}

#[test]
fn lines_of_json_are_values() {
    let input = "{\"b\": 1, \"a\": [1, 2.5, null]}\n\n{\"b\": 5, \"a\": []}\n";
    let ran = run(&["--json", "-p", "it.b + len(it.a)"], input);
    assert_eq!((ran.code, ran.out.as_str()), (0, "4\n5\n"), "{}", ran.err);
    let ran = run(&["--json", "-p", "if it.b > 1 { it } else { null }"], input);
    assert_eq!((ran.code, ran.out.as_str()), (0, "{\"b\":5,\"a\":[]}\n"), "{}", ran.err);
    let ran = run(&["--json", "-n", "print(it.a)"], "{\"a\": \"x\"}\n{\n");
    assert!(ran.code == 1 && ran.out == "x\n" && ran.err.contains("line 2 of"), "{ran:?}");
}

#[test]
fn files_are_read_one_after_the_other() {
    let folder = scratch("lines-files");
    std::fs::write(folder.join("a"), "1\n2\n").unwrap();
    std::fs::write(folder.join("b"), "3\n").unwrap();
    let ran = remora_in(&folder, &["-p", "line + \":${n}\"", "a", "b"], "");
    assert_eq!((ran.code, ran.out.as_str()), (0, "1:1\n2:2\n3:3\n"), "{}", ran.err);
    let ran = remora_in(&folder, &["-n", "1", "a", "missing"], "");
    assert!(ran.code == 2 && ran.err.contains("missing"), "{ran:?}");
}

#[test]
fn errors_show_the_place_in_the_program_and_in_the_input() {
    let ran = run(&["--begin", "x := 1", "-n", "[1][n]"], "a\nb\n");
    assert!(ran.code == 1 && ran.err.contains("line 1 of <standard input>"), "{ran:?}");
    assert!(ran.err.contains("<command line>:2:1") && ran.err.contains("[1][n]"), "{ran:?}");
    let ran = run(&["-n", "print(lime)"], "a\n");
    assert!(ran.code == 3 && ran.err.contains("did you mean `line`"), "{ran:?}");
    assert_eq!(run(&["-n", "(", "--end", ")"], "").code, 3);
    assert_eq!(run(&["--begin", "1"], "").code, 2);
    assert_eq!(run(&["-n", "exit(4)"], "a\nb\n").code, 4);
}
