//! What the compiler says of programs that cannot work, and of those that probably do not do what was meant.

use crate::support::{compile_with, findings, main_options};
use remora_compiler::{BuiltinNames, Options, compile};
use remora_syntax::{ParseLimits, parse};

/// Pairs of a program and what is found in it: `CODE culprit: message`, one a line.
#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, wanted) in cases {
        assert_eq!(findings(text), *wanted, "{text}");
    }
}

#[test]
fn names_must_be_declared_before() {
    check(&[
        ("total := 1\nprint(totl)", "E0101 totl: unknown name `totl`"),
        ("print(x)\nx := 1", "E0101 x: unknown name `x`"),
        ("if 1 { y := 1 }\nprint(y)", "E0101 y: unknown name `y`"),
        ("func f() { return later }\nlater := 1", ""),
        (
            "func f() { g()\nfunc g() { return late }\nlate := 1 }",
            "E0101 late: unknown name `late`",
        ),
        ("x += 1", "E0101 x: unknown name `x`"),
        ("x[0] := 1", "E0101 x: unknown name `x`"),
        ("x := x", "E0101 x: unknown name `x`"),
        ("for i in 3 { }\nprint(i)", "E0101 i: unknown name `i`"),
        ("test \"t\" { print(nope) }", "E0101 nope: unknown name `nope`"),
    ]);
}

#[test]
fn a_near_name_is_suggested() {
    let help = |text: &str| compile_with(text, &main_options()).diagnostics[0].help.join("; ");
    assert_eq!(help("total := 1\nprint(totl)"), "did you mean `total`?");
    assert_eq!(help("pritn(1)"), "did you mean `print`?");
    assert_eq!(help("is_sorted([1])"), "`is_sorted` is a method: write `value.is_sorted(…)`");
    assert_eq!(help("struct Point { x }\np := Pont { x: 1 }"), "did you mean `Point`?");
    assert_eq!(help("struct P { width }\np := P { widht: 1 }"), "did you mean `width`?");
    assert_eq!(help("enum E { Red }\nprint(E::Rde)"), "did you mean `Red`?");
    assert_eq!(help("outer: for i in 3 { break otuer }"), "did you mean `outer`?");
    assert_eq!(help("print(x)\nx := 1"), "move the declaration up, or use it inside a function");
}

#[test]
fn a_block_declares_a_name_once() {
    check(&[
        ("let x := 1\nlet x := 2", "E0102 x: `x` is already declared"),
        ("x := 1\nlet x := 2", "E0102 x: `x` is already declared"),
        ("let f := 1\nfunc f() { }", "E0102 f: `f` is already declared"),
        ("struct P { x }\nenum P { A }", "E0102 P: `P` is already declared"),
        ("func f(a) { let a := 1 return a }", ""),
        ("let x := 1\nif x { let x := 2 print(x) }", ""),
        ("func f(a, a) { }", "E0107 a: duplicate name `a`"),
        ("let [a, a] := [1, 2]", "E0107 a: duplicate name `a`"),
        ("[a, a] := [1, 2]", "E0107 a: duplicate name `a`"),
        ("struct P { x, x }", "E0107 x: duplicate field `x`"),
        ("enum E { A, A }", "E0107 A: duplicate variant `A`"),
    ]);
}

#[test]
fn immutable_bindings_stay_as_they_are() {
    check(&[
        ("let x := 1\nx := 2", "E0103 x: cannot assign to the immutable `x`"),
        ("const x := 1\nx += 2", "E0103 x: cannot assign to the immutable `x`"),
        ("func f() { }\nf := 2", "E0103 f: cannot assign to the immutable `f`"),
        ("struct P { x }\nP := 2", "E0103 P: cannot assign to the type `P`"),
        (
            "let x := 1\nfunc f() { [x, y] := [1, 2] }",
            "E0103 x: cannot assign to the immutable `x`",
        ),
        ("let xs := [1]\nxs[0] := 2", "E0104 xs: cannot change the contents of the immutable `xs`"),
        ("let xs := {}\nxs.a.b += 2", "E0104 xs: cannot change the contents of the immutable `xs`"),
        ("func f(a) { a := 1 a.b := 2 for i in 3 { i := 4 } }", ""),
    ]);
}

#[test]
fn leaving_needs_a_loop_around_it() {
    check(&[
        ("break", "E0105 break: `break` outside a loop"),
        ("for i in 3 { f := func() { continue } }", "E0105 continue: `continue` outside a loop"),
        ("for i in 3 { break outer }", "E0106 outer: unknown label `outer`"),
    ]);
}

#[test]
fn structs_and_variants_are_made_as_declared() {
    check(&[
        ("p := Q { x: 1 }", "E0108 Q: unknown struct `Q`"),
        ("Q := 1\np := Q { x: 1 }", "E0108 Q: unknown struct `Q`"),
        ("struct P { x, y }\np := P { x: 1 }", "E0110 P { x: 1 }: missing `y` of `P`"),
        ("struct P { x, y }\np := P { x: 1, z: 1 }", "E0109 z: `P` has no field `z`"),
        ("print(E::A)", "E0111 E: unknown enum `E`"),
        ("struct P { x }\nprint(P::new(1))", "E0111 P: `P` is a struct, not an enum"),
        ("print(Result::Some(1))", "E0111 Some: `Result` has no variant `Some`"),
        ("enum E { A(x) }\nprint(E::A)", "E0118 E::A: `A` carries one value, not 0"),
        ("enum E { A { x } }\nprint(E::A(1))", "E0118 E::A(1): `A` has named fields"),
        ("enum E { A { x } }\nprint(E::A(y: 1))", "E0109 y: `A` has no field `y`"),
        (
            "match 1 { case Ok(a, b) { print(a) } default { } }",
            "E0118 Ok(a, b): `Ok` carries one value",
        ),
        ("enum E { A }\nprint(E::A, E::A(1, 2), Option::None)", ""),
    ]);
}

#[test]
fn methods_see_their_own_self_only() {
    check(&[
        ("print(self)", "E0119 self: self outside a method"),
        ("struct P { x, func f() { return self.x } }", "E0119 self: self outside a method"),
        (
            "func f(k) { struct P { x, func g(self) { return k } } return P { x: 1 } }",
            "E0113 k: a method cannot see the local variable `k`",
        ),
        ("func f() { func h() { return 1 } struct P { x, func g(self) { return h() } } }", ""),
        (
            "func f(k) { func h() { return k } struct P { x, func g(self) { return h() } } }",
            "E0113 h: a method cannot see the local variable `h`",
        ),
    ]);
}

#[test]
fn parameters_and_arguments_stand_in_order() {
    check(&[
        ("func f(a = 1, b) { }", "E0117 b: required parameter after an optional one"),
        ("func f(...a, b) { }", "E0117 b: required parameter after an optional one"),
        ("print(a: 1, 2)", "E0009 2: positional argument after a named one"),
        ("print(a: 1, a: 2)", "E0107 a: duplicate name `a`"),
        ("print(...[1], a: 2)", "E0017 [1]: spread beside named arguments is not supported yet"),
    ]);
}

#[test]
fn alternatives_bind_the_same_names() {
    check(&[
        (
            "match [1] { case [a] | [b] { print(1) } }",
            "E0116 b: pattern alternatives bind different names",
        ),
        (
            "match [1] { case [a] | [] { print(1) } }",
            "E0116 []: pattern alternatives bind different names",
        ),
        ("match [1] { case [a] | [_, a] { print(a) } }", ""),
    ]);
}

#[test]
fn what_is_not_there_yet_is_named() {
    check(&[
        ("func f() { yield 1 }", "E0112 yield 1: yield outside a generator"),
        (
            "struct P { x, async func wait(mut self) { } }",
            "E0017 wait: a generator or async method cannot take `mut self`",
        ),
    ]);
}

#[test]
fn warnings_do_not_keep_the_module_from_being_made() {
    check(&[
        ("func f() { return 1 print(2) print(3) }", "E0201 print(2): unreachable code"),
        ("for i in 3 { break\nprint(i) }", "E0201 print(i): unreachable code"),
        ("while true { }\nprint(1)", "E0201 print(1): unreachable code"),
        ("func f() { return g() func g() { return 1 } }", ""),
        (
            "func f(a) { if a { return 1 } else { return 2 } print(3) }",
            "E0201 print(3): unreachable code",
        ),
        (
            "enum E { A, B, C }\nmatch E::A { case E::A { } case E::B if 1 { } }",
            "E0202 E::A: match does not handle `E::B`, `E::C`",
        ),
        ("enum E { A, B }\nmatch E::A { case E::A { } default { } }", ""),
        ("enum E { A, B }\nmatch E::A { case E::A | E::B { } }", ""),
    ]);
    assert!(compile_with("return 1\nprint(2)", &main_options()).module.is_some());
}

#[test]
fn several_errors_are_found_and_many_are_counted() {
    check(&[(
        "print(a1)\nbreak\nprint(b1)",
        "E0101 a1: unknown name `a1`\nE0105 break: `break` outside a loop\nE0101 b1: unknown name `b1`",
    )]);
    let text = "nope\n".repeat(500);
    let program = parse(&text, &ParseLimits::default()).program;
    let options = Options { max_errors: 5, ..Options::default() };
    let compiled = compile(&program, &options, &BuiltinNames::default());
    assert_eq!(compiled.diagnostics.len(), 6, "five, and a word about the others");
}
