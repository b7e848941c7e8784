//! Statements: where they end, bindings, assignments, loops, jumps, `try`.

use super::tree;

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(tree(text), *expected, "in {text}");
    }
}

#[test]
fn statements_end_at_newlines_semicolons_and_where_they_cannot_go_on() {
    check(&[
        ("", ""),
        (";;\n;", ""),
        ("a; b;\nc", "a\nb\nc"),
        ("{ c := c + 1 return c }", "{(:= c (+ c 1)) (return c)}"),
        ("{ yield 1 yield 2 }", "{(yield 1) (yield 2)}"),
        (
            "a := half(x)? b := half(a)? c()",
            "(:= a (? (call half x)))\n(:= b (? (call half a)))\n(call c)",
        ),
        ("{ x := 1; }", "{(:= x 1)}"),
        ("if a { return } b()", "(if a {(return)})\n(call b)"),
        ("{ while i < n { yield i i := i + 1 } }", "{(while (< i n) {(yield i) (:= i (+ i 1))})}"),
        ("print(a) print(b)", "(call print a)\n(call print b)"),
        ("x\n\n\ny", "x\ny"),
        ("x\r\ny\r\n", "x\ny"),
        ("\u{FEFF}x", "x"),
    ]);
}

#[test]
fn bindings_take_names_and_patterns() {
    check(&[
        ("let x := 1", "(let x 1)"),
        ("const x = 1", "(const x 1)"),
        ("mut x: int? := null", "(mut x:(? int) null)"),
        ("let [a, _, ...r] := x", "(let [a _ ...r] x)"),
        ("let {a, b: [c], ...r} := x", "(let { \"a\":a \"b\":[c] ...r } x)"),
        ("x: [int] := []", "(:= x:(array int) [])"),
        ("let f: func(int, string[]) -> bool := g", "(let f:(func int (array string) ->bool) g)"),
        ("let r: Result<int, string | null> := g", "(let r:(Result int (| string null)) g)"),
        ("let a: int?[]? := g", "(let a:(? (array (? int))) g)"),
    ]);
}

#[test]
fn assignments_reach_any_place() {
    check(&[
        ("x := 1", "(:= x 1)"),
        ("x = x + 1", "(:= x (+ x 1))"),
        (
            "x += 1; x -= 1; x *= 1; x /= 1; x %= 1",
            "(+= x 1)\n(-= x 1)\n(*= x 1)\n(/= x 1)\n(%= x 1)",
        ),
        ("a.b[c].d := 1", "(:= (. (index (. a b) c) d) 1)"),
        ("self.x += 1", "(+= (. self x) 1)"),
        ("xs[f(1)][-1] := 2", "(:= (index (index xs (call f 1)) -1) 2)"),
        ("[a, [b, ...c]] := d", "(:= [a [b ...c]] d)"),
        ("{a, b} := d", "(:= { \"a\":a \"b\":b } d)"),
        (
            "test := 1\nfrom := 2\ncase := 3\nasync := 4",
            "(:= test 1)\n(:= from 2)\n(:= case 3)\n(:= async 4)",
        ),
        ("in := default + except", "(:= in (+ default except))"),
    ]);
}

#[test]
fn a_brace_begins_a_block_unless_it_is_assigned_to() {
    check(&[
        ("{ }", "{}"),
        ("{ a }", "{a}"),
        ("{ a } b", "{a}\nb"),
        ("{a} := b", "(:= { \"a\":a } b)"),
        ("{ x := 1 }\n{ y := 2 }", "{(:= x 1)}\n{(:= y 2)}"),
    ]);
}

#[test]
fn loops_have_labels_and_jumps_name_them() {
    check(&[
        ("while a { break }", "(while a {(break)})"),
        ("loop { continue }", "(loop {(continue)})"),
        ("loop while a { }", "(while a {})"),
        ("for x in 3 { }", "(for x 3 {})"),
        ("for [k, v] in items(d) { }", "(for [k v] (call items d) {})"),
        ("for {a} in x { }", "(for { \"a\":a } x {})"),
        ("for _ in 0..=n { }", "(for _ (..= 0 n) {})"),
        ("a: for x in y { break a }", "a:(for x y {(break a)})"),
        ("a: while x { continue a }", "a:(while x {(continue a)})"),
        ("a: loop { loop { break a } }", "a:(loop {(loop {(break a)})})"),
        ("a: loop while x { }", "a:(while x {})"),
        ("loop { break\na }", "(loop {(break) a})"),
    ]);
}

#[test]
fn the_value_of_return_begins_on_its_line() {
    check(&[
        ("return", "(return)"),
        ("return 1 + 2", "(return (+ 1 2))"),
        ("return\n5", "(return)\n5"),
        ("return [\n1]", "(return [1])"),
        ("{ return }", "{(return)}"),
        ("return; a", "(return)\na"),
        ("func f() { return -1 }", "(func f () {(return -1)})"),
        ("yield\n1", "(yield)\n1"),
        ("x := yield 1 + 2", "(:= x (yield (+ 1 2)))"),
        ("f(yield)", "(call f (yield))"),
    ]);
}

#[test]
fn try_has_except_or_finally_or_both() {
    check(&[
        ("try { a } except e { b }", "(try {a} except e {b})"),
        ("try { a }\nexcept e { b }\nfinally { c }", "(try {a} except e {b} finally {c})"),
        ("try { a } finally { b }", "(try {a} finally {b})"),
        ("try { a } except { b }", "(try {a} except _ {b})"),
        ("try { a } except (e) { b }", "(try {a} except e {b})"),
    ]);
}
