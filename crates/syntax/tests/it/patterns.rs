//! `match` in both forms, and every pattern.

use super::tree;

#[track_caller]
fn check(cases: &[(&str, &str)]) {
    for (pattern, expected) in cases {
        let text = format!("match x {{ case {pattern} {{ }} }}");
        assert_eq!(tree(&text), format!("(match x (case {expected} {{}}))"), "in {text}");
    }
}

#[test]
fn the_full_form_binds_bare_names() {
    check(&[
        ("1", "1"),
        ("-1", "-1"),
        ("2.5 | null | true", "2.5 | null | true"),
        ("\"a\" | 'b'", "\"a\" | \"b\""),
        ("1..9", "(.. 1 9)"),
        ("-5..=-1", "(..= -5 -1)"),
        ("'a'..='z'", "(..= \"a\" \"z\")"),
        ("_", "_"),
        ("n", "n"),
        ("n if n > 3", "n if (> n 3)"),
        ("[]", "[]"),
        ("[first, ...rest]", "[first ...rest]"),
        ("[..., last]", "[... last]"),
        ("[a, ..._, [b, 1], c]", "[a ... [b 1] c]"),
        ("{}", "{ }"),
        (
            "{\"k\": x, 1: _, name, in: y, ...rest}",
            "{ \"k\":x 1:_ \"name\":name \"in\":y ...rest }",
        ),
        ("P { x, y: 0, z: [a, ...] }", "P{ x:x y:0 z:[a ...] }"),
        ("P { }", "P{ }"),
        ("P { x } | Q { x } if x", "P{ x:x } | Q{ x:x } if x"),
        ("Ok(v)", "::Ok(v)"),
        ("Some(Ok([a]))", "::Some(::Ok([a]))"),
        ("None", "::None"),
        ("None()", "::None()"),
        ("Circle(r)", "::Circle(r)"),
        ("Shape::Circle(r)", "Shape::Circle(r)"),
        ("Shape::Unit", "Shape::Unit"),
        ("Shape::Rect { w, h: 0 }", "Shape::Rect{ w:w h:0 }"),
        ("[None, Some(P { x: Shape::A })]", "[::None ::Some(P{ x:Shape::A })]"),
        ("{a: P {}, b: None}", "{ \"a\":P{ } \"b\":::None }"),
    ]);
}

#[test]
fn the_older_form_takes_bare_names_as_tags() {
    check(&[
        ("circle:", "#circle"),
        ("Err:", "#Err"),
        ("None:", "#None"),
        ("red | green:", "#red | #green"),
        ("Ok(v):", "::Ok(v)"),
        ("Shape::Circle(r):", "Shape::Circle(r)"),
        ("Shape::Unit:", "Shape::Unit"),
        ("5:", "5"),
        ("\"a b\":", "\"a b\""),
        ("P { x }:", "P{ x:x }"),
    ]);
}

#[test]
fn a_case_has_a_block_or_one_expression() {
    let cases = [
        ("match x { case n { n } }", "(match x (case n {n}))"),
        (
            "match x { case 1 => a case 2 => b default => c }",
            "(match x (case 1 a) (case 2 b) (default c))",
        ),
        (
            "match x { case 1 => a, case 2 => b, default => c, }",
            "(match x (case 1 a) (case 2 b) (default c))",
        ),
        ("match x { case 1 => a; default { c } }", "(match x (case 1 a) (default {c}))"),
        ("match x {\ncase 1\n=>\na\ndefault\n{ c }\n}", "(match x (case 1 a) (default {c}))"),
        ("match x { case 1 => {} }", "(match x (case 1 (dict)))"),
        ("match x { case 1 => {a: 1} }", "(match x (case 1 (dict a:1)))"),
        ("match x { case 1 => { f() } }", "(match x (case 1 {(call f)}))"),
        ("match x { case n if n => y => n }", "(match x (case n if n (=> (y) {(return n)})))"),
        ("match x { case n if (n > 1) => n }", "(match x (case n if (> n 1) n))"),
        ("match x { default: { } case 1 { } }", "(match x (case 1 {}) (default {}))"),
        ("match x { }", "(match x)"),
        ("match [a, b] { case [1, _] => 1 }", "(match [a b] (case [1 _] 1))"),
        ("match f(x) |> g { case _ { } }", "(match (|> (call f x) (call g)) (case _ {}))"),
    ];
    for (text, expected) in cases {
        assert_eq!(tree(text), expected, "in {text}");
    }
}
