//! Builtins that stand on libraries end where fuel or memory does, wherever that is, and leave nothing behind.

use remora_stdlib::Capabilities;

use crate::script::{run_limited, run_with};

/// Each makes many values of all kinds.
const PROGRAMS: &[&str] = &[
    r#"print(parse_json('{"a": [1, 2.5, "text that is longer than a few", {"b": null, "b": [[], {}]}], "c": "x"}'))"#,
    r#"parse_json('{"a": ["one", "two", {"b": "three"}, ')"#,
    r#"parse_json('["one", {"b": "three"}] x')"#,
    r#"print(to_json({"k": [1, "two", {"x": Some(3)}, Set([1, 2]), Queue([1]), 0..4, bytes([1])], 7: Ok([2])}))"#,
    r#"print(to_json_pretty([{"a": [1, 2]}, {"b": {}}], 3))"#,
    r#"to_json([1, ["two", {"x": print}]])"#,
    r#"print(parse_csv("name,age\nAnn,30\n\"B, C\",\"4\"\n"), parse_csv("1,2\n3", {"header": false}))"#,
    r#"parse_csv("name,age\nAnn,30\nBob\n")"#,
    r#"print(to_csv([{"a": 1, "b": [1, 2]}, {"b": "x"}]), to_csv([[1, "two"], []]))"#,
    r#"to_csv([{"a": 1}, {"b": 1}])"#,
    r#"print(regex_find_all("a1 b22 c333", "[0-9]+"), regex_split("a, b", ", "), regex_captures("k=v", "(?P<k>.)=(.)"))"#,
    r#"print(regex_replace("ann lee", "([a-z]+) ([a-z]+)", "$2 $1"), regex_find("xyz", "y"), regex_match("a", "b"))"#,
    r#"shared_set("a", ["x", {"k": 1}])
print(shared_get("a"), shared_add_int("n", 1), shared_delete("a"), shared_has("a"))
shared_set("left", ["behind"])"#,
];

#[test]
fn fuel_may_end_anywhere() {
    for program in PROGRAMS {
        for fuel in (0..400).chain((400..20_000).step_by(97)) {
            run_with(program, Capabilities::default(), fuel);
        }
    }
}

#[test]
fn memory_may_end_anywhere() {
    for program in PROGRAMS {
        for bytes in (0..20_000).step_by(48).chain((20_000..2_000_000).step_by(32_768)) {
            run_limited(program, Capabilities::default(), 1_000_000, bytes);
        }
    }
}

#[test]
fn what_would_not_fit_is_never_made() {
    let cases = [
        // A list of itself, again and again: 2^40 elements as text.
        "mut v := [1]\nfor i in 0..40 { v := [v, v] }\nto_json(v)",
        "to_json(range(9223372036854775807))",
        "to_json_pretty(range(9223372036854775807), 16)",
        "mut r := []\nfor i in 0..400 { r.push(repeat(\"x\", 100000)) }\nto_csv([r])",
        "regex_replace(repeat(\"a\", 100000), \".+\", repeat(\"$0\", 1000))",
        "parse_json(\"[\" + repeat(\"[],\", 1000000) + \"1]\")",
        "parse_csv(repeat(\"a,\", 1000000), {\"header\": false})",
        "regex_split(repeat(\"a\", 2000000), \"\")",
    ];
    for case in cases {
        let printed = run_with(case, Capabilities::default(), 100_000_000);
        let ended = printed.split(' ').next().unwrap_or_default();
        assert!(matches!(ended, "L0001" | "L0002"), "{case}: {printed}");
    }
}

#[test]
fn old_patterns_make_room_for_new_ones() {
    let program = r#"
mut n := 0
for i in 0..200 { n += len(regex_find_all("a1b22c333", "[0-9]{1,${i + 1}}")) }
print(n)
"#;
    assert_eq!(run_with(program, Capabilities::default(), 100_000_000), "604\n");
    // Room for one or two at a time.
    assert_eq!(run_limited(program, Capabilities::default(), 100_000_000, 6 << 20), "604\n");
}

#[test]
fn depth_is_bounded_both_ways() {
    let program = r#"
for n in [127, 128, 5000, 500000] {
    try { print(len(parse_json(repeat("[", n) + repeat("]", n)))) } except e { print(e.code) }
    try { print(len(parse_json(repeat("{\"a\":", n) + "1" + repeat("}", n)))) } except e { print(e.code) }
}
mut v := []
for i in 0..100000 { v := [v] }
try { to_json(v) } except e { print(e.code) }
mut s := 1
for i in 0..100000 { s := Some(s) }
print(to_json(s))
"#;
    let printed = run_with(program, Capabilities::default(), 100_000_000);
    assert_eq!(printed, "1\n1\nR0020\nR0020\nR0020\nR0020\nR0020\nR0020\nR0012\n1\n");
}
