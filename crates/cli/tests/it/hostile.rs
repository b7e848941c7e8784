//! Programs that want to do harm get an ordinary error.

use crate::command::run_text;

#[track_caller]
fn fails_with(text: &str, flags: &[&str], code: &str) {
    let ran = run_text(text, flags);
    let start: String = text.chars().take(80).collect();
    assert!(ran.err.contains(&format!("error[{code}]")), "{start}: {} {}", ran.code, ran.err);
    assert!((1..=6).contains(&ran.code), "{start}: {}", ran.code);
}

#[test]
fn nesting_without_end_is_an_error() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("-", ""),
        ("!", ""),
        ("f(", ")"),
        ("{\"a\":", "}"),
        ("if x {", "}"),
        ("func() {", "}"),
    ] {
        let text = format!("x := {}1{}", open.repeat(100_000), close.repeat(100_000));
        let ran = run_text(&text, &[]);
        assert!(
            ran.code == 3 && ran.err.contains("error[E0"),
            "{open}: {} {:.300}",
            ran.code,
            ran.err
        );
    }
    fails_with(&format!("x := {}1", "1 + ".repeat(100_000)), &[], "E0008");
}

#[test]
fn a_text_of_more_than_a_mebibyte_is_refused() {
    fails_with(&"x := 1\n".repeat(160_000), &[], "E0007");
}

#[test]
fn after_twenty_errors_it_is_enough() {
    fails_with(&"print(nope)\n".repeat(50), &[], "E0018");
}

#[test]
fn deep_values_can_be_made_printed_compared_and_dropped() {
    let text = "mut a := []\nfor i in 1000000 { a := [a] }\nmut b := a\nprint(len(str(a)) < 5000)\nb := []\na := []\nprint(\"alive\")\n";
    let ran = run_text(text, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (0, "true\nalive\n"), "{}", ran.err);
    let text = "func deep() {\n    mut a := []\n    for i in 300000 { a := [a] }\n    return a\n}\ntry { print(deep() == deep()) } except e { print(e.code) }\nprint(\"alive\")\n";
    let ran = run_text(text, &[]);
    assert!(ran.out.ends_with("alive\n") || ran.err.contains("error[L0005]"), "{ran:?}");
}

#[test]
fn recursion_without_end_is_a_limit() {
    fails_with("func f(n) { return 1 + f(n + 1) }\nprint(f(0))", &[], "L0003");
    fails_with(
        "func f(n) { return 1 + g(n) }\nfunc g(n) { return 1 + [n].map(f)[0] }\nprint(f(0))",
        &[],
        "L0003",
    );
}

#[test]
fn sizes_out_of_all_measure_are_errors() {
    for text in [
        "print(len(repeat(\"x\", 4611686018427387904)))",
        "print(len(repeat(\"x\", 9223372036854775807)))",
        "print(len(array_fill(9223372036854775807, 0)))",
        "mut s := \"ab\"\nloop { s := s + s }",
        "mut xs := [1]\nloop { xs := concat(xs, xs) }",
        "print(pad_left(\"x\", 9223372036854775807, \" \"))",
    ] {
        let ran = run_text(text, &["--mem=64M"]);
        assert!(
            (1..=5).contains(&ran.code) && ran.err.contains("error["),
            "{text}: {} {:.300}",
            ran.code,
            ran.err
        );
    }
}
