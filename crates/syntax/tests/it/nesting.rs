//! Deep and long sources, on a thread with 256 KiB of stack: parsed, looked at and dropped without running out of it.

use remora_diagnostics::Code;
use remora_syntax::{ParseLimits, ast::dump, format, parse};

/// Runs `work` on a thread as small as the smallest that Remora supports.
fn on_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(work).expect("a thread");
    thread.join().expect("no panic on the thread");
}

/// Parses, compares, dumps, formats and drops; gives the codes of the errors.
fn codes(text: &str) -> Vec<Code> {
    let parsed = parse(text, &ParseLimits::default());
    assert!(parsed.program == parse(text, &ParseLimits::default()).program);
    assert!(dump(&parsed.program).len() < 8 << 20);
    assert_eq!(format(text).is_ok(), parsed.diagnostics.is_empty());
    parsed.diagnostics.iter().map(|it| it.code).collect()
}

/// `open` n times, `middle`, `close` n times.
fn nested(n: usize, open: &str, middle: &str, close: &str) -> String {
    format!("{}{middle}{}", open.repeat(n), close.repeat(n))
}

/// Ways to nest, each with the number of levels that one repetition costs.
const NESTS: &[(&str, &str, &str)] = &[
    ("(", "1", ")"),
    ("[", "1", "]"),
    ("x := {\"k\": ", "1", "}"),
    ("{\"k\": ", "1", "}"),
    ("f(", "1", ")"),
    ("f(a: ", "1", ")"),
    ("x[", "1", "]"),
    ("P { x: ", "1", "}"),
    ("\"${", "1", "}\""),
    ("x = (y) => ", "1", ""),
    ("(a = ", "1", ") => 1"),
    ("func(a = ", "1", ") {}"),
    ("-", "1", ""),
    ("!", "true", ""),
    ("await ", "x", ""),
    ("yield ", "x", ""),
    ("1 + (", "1", ")"),
    ("1 .. x |> x ?? x || x && x == x < x + x * (", "1", ")"),
    ("func() { ", "1", " }"),
    ("f(func() { ", "1", " })"),
    ("x.f(func(a, b = 1) { return 1 + g(", "1", ") })"),
    ("if x { ", "1", " }"),
    ("x := if x { ", "1", " } else { 2 }"),
    ("if x { } else { ", "1", " }"),
    ("if (", "x", ") { }"),
    ("match x { case 1 { ", "1", " } }"),
    ("match x { case 1 => ", "1", " }"),
    ("match ", "x", " { }"),
    ("while x { ", "1", " }"),
    ("a: for x in y { ", "1", " }"),
    ("loop { ", "1", " }"),
    ("try { ", "1", " } except e { }"),
    ("try { } except e { ", "1", " }"),
    ("try { } finally { ", "1", " }"),
    ("{ ", "1", " }"),
    ("spawn { ", "1", " }"),
    ("func f() { ", "1", " }"),
    ("struct S { func m() { ", "1", " } }"),
    ("struct S { x = func() { ", "1", " } }"),
    ("test \"t\" { ", "1", " }"),
    ("export ", "x := 1", ""),
    ("match x { case [", "a", "] { } }"),
    ("match x { case {\"k\": ", "a", "} { } }"),
    ("match x { case P { x: ", "a", "} { } }"),
    ("match x { case Ok(", "a", ") { } }"),
];

/// Ways to nest that need a beginning and an end of their own.
const WRAPPED: &[(&str, &str, &str, &str, &str)] = &[
    ("match x { case ", "[", "a", "]", " { } }"),
    ("match x { case ", "{\"k\": ", "a", "}", " { } }"),
    ("match x { case ", "P { x: ", "a", "}", " { } }"),
    ("match x { case ", "Ok(", "a", ")", " { } }"),
    ("match x { case ", "E::V { x: ", "a", "}", " => 1 }"),
    ("let ", "[", "a", "]", " := x"),
    ("func f(", "[", "a", "]", ") { }"),
    ("x: ", "[", "int", "]", " := 1"),
    ("x: ", "R<", "int", ">", " := 1"),
    ("x: ", "func(", "int", ")", " := 1"),
    ("x: ", "(", "int", ")", " := 1"),
    ("x: int", "?", "", "", " := 1"),
    ("x: int", "[]", "", "", " := 1"),
    ("x: int", " | int", "", "", " := 1"),
    ("x: ", "func() -> ", "int", "", " := 1"),
    ("x", " + x", "", "", ""),
    ("x", ".x", "", "", ""),
    ("x", "?.x", "", "", ""),
    ("x", "()", "", "", ""),
    ("x", "[0]", "", "", ""),
    ("x", "?", "", "", ""),
    ("x", " |> x", "", "", ""),
    ("x", " ?? x", "", "", ""),
    ("x", " .. x", "", "", ""),
    ("x", "\n.x(y => y)", "", "", ""),
    ("if x { }", " else if x { }", "", "", ""),
    ("x := 1", "; x := 1", "", "", ""),
];

#[test]
fn any_depth_is_an_answer_and_no_overflow() {
    on_small_stack(|| {
        for n in [100, 120, 127, 128, 200, 250, 255, 256, 257, 300, 20_000] {
            for (open, middle, close) in NESTS {
                let _codes = codes(&nested(n, open, middle, close));
                // Cut short in the middle, too.
                let _codes = codes(&open.repeat(n));
            }
            for (before, open, middle, close, after) in WRAPPED {
                let _codes = codes(&format!("{before}{}{after}", nested(n, open, middle, close)));
            }
        }
        for brackets in ["(", "[", "{", "(]", "({", "\"${", "{)", ")", "}"] {
            let _codes = codes(&brackets.repeat(100_000));
        }
    });
}

#[test]
fn blocks_and_expressions_nest_to_their_limits_at_once() {
    on_small_stack(|| {
        let blocks = nested(120, "while (x) { if y { } ", "{ }", " }");
        assert_eq!(codes(&blocks), []);
        let mixed = nested(60, "x := [f(func(a) { for y in [a] { ", "1", " } })]");
        assert_eq!(codes(&mixed), []);
        // Statements cost blocks only, so all expressions are left for the innermost one.
        for (open, close) in [("(", ")"), ("[", "]"), ("f(", ")"), ("P { x: ", "}"), ("{1: ", "}")]
        {
            let inside = format!("x := {}", nested(254, open, "1", close));
            assert_eq!(codes(&nested(127, "while x { ", &inside, " }")), [], "{open}");
            assert_eq!(codes(&nested(127, "func f() { ", &inside, " }")), [], "{open}");
        }
        let chain = format!("x := y{}", ".f()".repeat(127));
        assert_eq!(codes(&nested(127, "loop { ", &chain, " }")), []);
    });
}

#[test]
fn one_more_than_the_limit_is_one_error_at_its_place() {
    let at = |text: &str| {
        let parsed = parse(text, &ParseLimits::default());
        let found = parsed.diagnostics.iter().map(|it| (it.code, it.span().unwrap().start));
        found.collect::<Vec<_>>()
    };
    assert_eq!(at(&nested(255, "(", "1", ")")), []);
    assert_eq!(at(&nested(256, "(", "1", ")")), [(Code::E0008, 256)]);
    assert_eq!(at(&nested(128, "loop {", "", "}")), []);
    assert_eq!(at(&nested(129, "loop {", "", "}")), [(Code::E0008, 128 * 6 + 5)]);
    assert_eq!(at(&format!("x{}", " + x".repeat(255))), []);
    let too_long = at(&format!("x{}", " + x".repeat(256)));
    assert_eq!(too_long, [(Code::E0008, 256 * 4 + 1)]);
}
