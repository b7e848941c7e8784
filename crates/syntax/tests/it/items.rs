//! Declarations: functions, structs, enums, modules, tests.

use super::tree;

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(tree(text), *expected, "in {text}");
    }
}

#[test]
fn functions_have_kinds_parameters_and_results() {
    check(&[
        ("func f() { }", "(func f () {})"),
        ("func f(a, b = 2, ...c) { }", "(func f (a b=2 ...c) {})"),
        (
            "func f(a: int, b: string? = \"x\", ...c: int) -> bool { }",
            "(func f (a:int b:(? string)=\"x\" ...c:int) ->bool {})",
        ),
        ("func f([a, b], {c}, _) { }", "(func f ([a b] { \"c\":c } _) {})"),
        ("func f(\na,\nb,\n)\n{ }", "(func f (a b) {})"),
        ("func* f() { yield }", "(func* f () {(yield)})"),
        ("async func f() { }", "(async-func f () {})"),
    ]);
}

#[test]
fn structs_have_fields_and_methods_in_any_order() {
    check(&[
        ("struct P { }", "(struct P)"),
        ("struct P { x: int, y }", "(struct P x:int y)"),
        (
            "struct P {\nx: int\ny: string? = null\nz = 1 + 2,\n}",
            "(struct P x:int y:(? string)=null z=(+ 1 2))",
        ),
        (
            "struct P { v, func m(self) { return self.v } }",
            "(struct P v (func m (self) {(return (. self v))}))",
        ),
        (
            "struct P { func a() { } func b(mut self, x) { }\nx }",
            "(struct P x (func a () {}) (func b (mut self x) {}))",
        ),
        (
            "struct P { async func a(self) { } func* b(self) { } }",
            "(struct P (async-func a (self) {}) (func* b (self) {}))",
        ),
        (
            "struct P { in, default: int, match = 1, func: int }",
            "(struct P in default:int match=1 func:int)",
        ),
        ("struct P { f = func() { return 1 }\ng }", "(struct P f=(func () {(return 1)}) g)"),
    ]);
}

#[test]
fn enums_have_variants_of_three_kinds() {
    check(&[
        ("enum E { }", "(enum E)"),
        ("enum E { A, B(x, y), C { w, h }, D() }", "(enum E A (B x y) C{ w h } (D))"),
        ("enum E {\nA\nB(x)\nC { w }\n}", "(enum E A (B x) C{ w })"),
        ("enum E { A(x: int), B { w: float } }", "(enum E (A x) B{ w })"),
    ]);
}

#[test]
fn documentation_goes_to_the_declaration_after_it() {
    check(&[
        ("/// one\n///  two\nfunc f() { }", "(func f () \"one\\n two\" {})"),
        ("//// no\nfunc f() { }", "(func f () {})"),
        ("x := 1 /// not this\nfunc f() { }", "(:= x 1)\n(func f () {})"),
        (
            "/// a\nexport func f() { }\n/// b\nfunc g() { }",
            "(export (func f () \"a\" {}))\n(func g () \"b\" {})",
        ),
        ("struct P {\n/// m\nfunc m(self) { }\n}", "(struct P (func m (self) \"m\" {}))"),
        ("/// é\r\nasync func f() { }", "(async-func f () \"é\" {})"),
    ]);
}

#[test]
fn modules_are_imported_whole_or_in_part() {
    check(&[
        ("import util", "(import util)"),
        ("import a.b.c as d", "(import a.b.c as d)"),
        ("from a.b import x", "(import a.b x)"),
        ("from src.util import value, other as o,\nmore", "(import src.util value other=o more)"),
        ("from.x := 1", "(:= (. from x) 1)"),
        (
            "export func f() { }\nexport x := 5\nexport let y := 6",
            "(export (func f () {}))\n(export (:= x 5))\n(export (let y 6))",
        ),
        (
            "export struct P { }\nexport enum E { }\nexport async func g() { }",
            "(export (struct P))\n(export (enum E))\n(export (async-func g () {}))",
        ),
    ]);
}

#[test]
fn tests_are_declared_by_words_that_are_free_elsewhere() {
    check(&[
        ("test \"a\" { assert(true) }", "(test \"a\" {(call assert true)})"),
        (
            "test_group 'g' { test_setup { } test \"a\" { } test_teardown { } }",
            "(test_group \"g\" {(test_setup {}) (test \"a\" {}) (test_teardown {})})",
        ),
        ("test(1)\ntest_setup := 1", "(call test 1)\n(:= test_setup 1)"),
    ]);
}
