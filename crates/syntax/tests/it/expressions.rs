//! Expressions: precedence, what follows an operand, literals with parts, functions, `if` and `match` as values.

use super::tree;

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(tree(text), *expected, "in {text}");
    }
}

#[test]
fn operators_bind_as_tightly_as_the_table_says() {
    check(&[
        ("1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"),
        ("100 / 10 / 2 % 3", "(% (/ (/ 100 10) 2) 3)"),
        ("a || b && c == d < e + f * -g", "(|| a (&& b (== c (< d (+ e (* f (- g)))))))"),
        ("-a * b + c < d == e && f || g", "(|| (&& (== (< (+ (* (- a) b) c) d) e) f) g)"),
        ("a ?? b || c", "(?? a (|| b c))"),
        ("a |> f ?? g", "(|> a (call (?? f g)))"),
        ("0..n + 1", "(.. 0 (+ n 1))"),
        ("a |> f .. b |> g", "(.. (|> a (call f)) (|> b (call g)))"),
        ("1 < 2 < 3", "(< (< 1 2) 3)"),
        ("a == b != c", "(!= (== a b) c)"),
        ("a >= b <= c > d", "(> (<= (>= a b) c) d)"),
        ("(1 + 2) * 3", "(* (+ 1 2) 3)"),
        ("((a))", "a"),
    ]);
}

#[test]
fn prefixes_bind_less_tightly_than_what_follows_an_operand() {
    check(&[
        ("-x.y", "(- (. x y))"),
        ("!f(x)[0]", "(! (index (call f x) 0))"),
        ("await f(x)?", "(await (? (call f x)))"),
        ("-await -!x", "(- (await (- (! x))))"),
        ("- - 3", "(- -3)"),
        ("--x", "(- (- x))"),
        ("a - -2", "(- a -2)"),
        ("a--b", "(- a (- b))"),
        ("- 3", "-3"),
        ("-2.5", "-2.5"),
        ("-0.0", "-0.0"),
        ("-2.abs()", "(- (call (. 2 abs)))"),
        ("-2 .. -1", "(.. -2 -1)"),
    ]);
}

#[test]
fn fields_calls_and_indices_follow_any_operand() {
    check(&[
        ("a.b.c(1)[2](3).d", "(. (call (index (call (. (. a b) c) 1) 2) 3) d)"),
        ("a?.b?.c", "(?. (?. a b) c)"),
        ("f(1)?.g", "(?. (call f 1) g)"),
        ("f()?[0]?", "(? (index (? (call f)) 0))"),
        ("\"abc\".len()", "(call (. \"abc\" len))"),
        ("[1][0]", "(index [1] 0)"),
        ("(func(x) { return x })(2)", "(call (func (x) {(return x)}) 2)"),
        ("x.default.in.from.struct.match", "(. (. (. (. (. x default) in) from) struct) match)"),
        ("f(a, ...b, c: 1, default: 2,)", "(call f a ...b c:1 default:2)"),
        ("self.x", "(. self x)"),
        ("Shape::Circle(2)", "(call Shape::Circle 2)"),
        ("Option::None", "Option::None"),
        ("a?..b", "(.. (? a) b)"),
    ]);
}

#[test]
fn pipes_put_their_value_first() {
    check(&[
        ("x |> f", "(|> x (call f))"),
        ("x |> f(y)", "(|> x (call f y))"),
        ("x |> a.f(y)", "(|> x (call (. a f) y))"),
        ("x |> (f(y))", "(|> x (call (call f y)))"),
        ("x |> f |> g(1) |> h", "(|> (|> (|> x (call f)) (call g 1)) (call h))"),
        ("x |> (y => y + 1)", "(|> x (call (=> (y) {(return (+ y 1))})))"),
    ]);
}

#[test]
fn braces_are_a_dict_where_a_value_is_wanted() {
    check(&[
        ("x := {}", "(:= x (dict))"),
        ("x := {a: 1, \"b\": 2, 3: c, ...d}", "(:= x (dict a:1 \"b\":2 3:c ...d))"),
        ("x := {a + b: {c: 1,},}", "(:= x (dict (+ a b):(dict c:1)))"),
        ("f({})", "(call f (dict))"),
        ("[...a, {}, [], ...[b]]", "[...a (dict) [] ...[b]]"),
        ("return {k: v}", "(return (dict k:v))"),
        ("() => {}", "(=> () {(return (dict))})"),
        ("() => {k: 1}", "(=> () {(return (dict k:1))})"),
    ]);
}

#[test]
fn a_name_before_braces_is_a_struct_but_not_in_front_of_a_block() {
    check(&[
        ("P {}", "(new P)"),
        ("P { x: 1, y }", "(new P x:1 y:y)"),
        ("P { in: 1, default: 2 }", "(new P in:1 default:2)"),
        ("P { x: 1 }.len()", "(call (. (new P x:1) len))"),
        ("f(P { x: 1 }, S::R { w: 2 })", "(call f (new P x:1) (new S::R w:2))"),
        ("if x { }", "(if x {})"),
        ("if x { y }", "(if x {y})"),
        ("if x { y, }.z {}", "(if (. (new x y:y) z) {})"),
        ("if p == P { x: 1 } { y }", "(if (== p (new P x:1)) {y})"),
        ("if p == P { } { y }", "(if (== p (new P)) {y})"),
        ("if P { x: 1 } == p && q { y }", "(if (&& (== (new P x:1) p) q) {y})"),
        ("if s == S::R { w, h } {}", "(if (== s (new S::R w:w h:h)) {})"),
        ("if s == S::R { w }", "(if (== s S::R) {w})"),
        ("if x { a: for y in z { } }", "(if x {a:(for y z {})})"),
        ("if x { a: int := 1 }", "(if x {(:= a:int 1)})"),
        ("if (x == P { x }) { }", "(if (== x (new P x:x)) {})"),
        ("if f(P { x }) { }", "(if (call f (new P x:x)) {})"),
        ("while P { x }\n{ y }", "(while P {x})\n{y}"),
        ("for x in P { a: 1 }.all() { }", "(for x (call (. (new P a:1) all)) {})"),
        ("match p { default: { } }", "(match p (default {}))"),
        ("match P { x: 1 } { default { } }", "(match (new P x:1) (default {}))"),
        (
            "match x { case n if n == P { x: 1 } => n }",
            "(match x (case n if (== n (new P x:1)) n))",
        ),
    ]);
}

#[test]
fn functions_are_values() {
    check(&[
        ("func() {}", "(func () {})"),
        (
            "func(a, b: int = 1, ...c) -> int { return a }",
            "(func (a b:int=1 ...c) ->int {(return a)})",
        ),
        ("x := func*(n) { yield n yield }", "(:= x (func* (n) {(yield n) (yield)}))"),
        ("x := async func(n) { await n }", "(:= x (async-func (n) {(await n)}))"),
        ("x => x + 1", "(=> (x) {(return (+ x 1))})"),
        ("_ => 1", "(=> (_) {(return 1)})"),
        ("() => e", "(=> () {(return e)})"),
        ("(a, b = 1, ...r) => [a, b]", "(=> (a b=1 ...r) {(return [a b])})"),
        ("([a, b], {c}) => a", "(=> ([a b] { \"c\":c }) {(return a)})"),
        ("a => b => a |> b", "(=> (a) {(return (=> (b) {(return (|> a (call b)))}))})"),
        ("f((a) => a, b)", "(call f (=> (a) {(return a)}) b)"),
        ("f(func() { x := 1\n return x })", "(call f (func () {(:= x 1) (return x)}))"),
        ("(a)(b)", "(call a b)"),
    ]);
}

#[test]
fn if_and_match_are_values_too() {
    check(&[
        ("x := if a { 1 } else if b { 2 } else { 3 }", "(:= x (if a {1} b {2} else {3}))"),
        ("x := (if a { 1 } else { 2 }) + 3", "(:= x (+ (if a {1} else {2}) 3))"),
        ("x := if a { 1 } else { 2 } + 3", "(:= x (+ (if a {1} else {2}) 3))"),
        ("f(match x { case 1 => a, default => b })", "(call f (match x (case 1 a) (default b)))"),
        ("match x { case 1 { a } }.f()", "(call (. (match x (case 1 {a})) f))"),
        ("if a { b }\n.f()", "(call (. (if a {b}) f))"),
        ("if a { b }\n(c)", "(if a {b})\nc"),
        ("if a { b } -1", "(if a {b})\n-1"),
        ("x := spawn { y() }", "(:= x (spawn {(call y)}))"),
        ("spawn := 1\nspawn + 1", "(:= spawn 1)\n(+ spawn 1)"),
    ]);
}

#[test]
fn brackets_carry_an_expression_over_lines_and_so_do_operators() {
    check(&[
        ("f(\n1\n,\n2\n)", "(call f 1 2)"),
        ("[\n1,\n2,\n]", "[1 2]"),
        ("x := {\n\"a\"\n:\n1\n}", "(:= x (dict \"a\":1))"),
        ("P {\nx: 1\n}", "(new P x:1)"),
        ("(a\n+ b\n(c)\n[d])", "(+ a (index (call b c) d))"),
        ("a +\n\n b", "(+ a b)"),
        ("a &&\nb ||\nc", "(|| (&& a b) c)"),
        ("a\n.b\n?.c\n|> d", "(|> (?. (. a b) c) (call d))"),
        ("x :=\n1", "(:= x 1)"),
        ("x =>\n1", "(=> (x) {(return 1)})"),
        ("a\n[0]", "a\n[0]"),
        ("a\n(b)", "a\nb"),
        ("a\n-2", "a\n-2"),
        ("f(func() {\na\n[0]\n})", "(call f (func () {a [0]}))"),
        ("if a\n{ b }\nelse\n{ c }", "(if a {b} else {c})"),
        ("a # one\n.b // two\n/* three\n*/ .c", "(. (. a b) c)"),
    ]);
}
