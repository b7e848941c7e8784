//! Where parsing goes on after an error: one error for each slip, and all the slips of a text in one run.

use remora_diagnostics::Code;
use remora_syntax::ParseLimits;

use super::check_errors;

#[test]
fn unclosed_brackets_are_reported_once_the_innermost_first() {
    check_errors(
        r#"print([1, 2
"#,
        r#"
        1| print([1, 2
        1|       ^ E0010 this `[` is never closed
        "#,
    );
}

#[test]
fn an_unclosed_block_is_the_outer_one() {
    check_errors(
        r#"func f() {
    if x {
        print(1)
}
x := 1
"#,
        r#"
        1| func f() {
        1|          ^ E0010 this `{` is never closed
        "#,
    );
}

#[test]
fn an_unclosed_bracket_does_not_swallow_the_next_line() {
    check_errors(
        r#"print(1, 2
x := 5
print(3)
"#,
        r#"
        1| print(1, 2
        1|      ^ E0010 this `(` is never closed
        "#,
    );
}

#[test]
fn an_error_in_brackets_over_lines_gives_up_one_statement() {
    check_errors(
        r#"foo(1 2,
    3)
bar(4 5)
"#,
        r#"
        1| foo(1 2,
        1|       ^ E0009 expected `,` or `)`, found `2`
        3| bar(4 5)
        3|       ^ E0009 expected `,` or `)`, found `5`
        "#,
    );
}

#[test]
fn closing_brackets_without_an_opening_one() {
    check_errors(
        r#")
x := 1
}
]
y := 2
"#,
        r#"
        1| )
        1| ^ E0009 this `)` closes nothing
        3| }
        3| ^ E0009 this `}` closes nothing
        4| ]
        4| ^ E0009 this `]` closes nothing
        "#,
    );
}

#[test]
fn struct_members_recover_one_by_one() {
    check_errors(
        r#"struct P { x int, y: int }
struct Q { x: , y }
struct R { func f( { } }
z := 1
"#,
        r#"
        1| struct P { x int, y: int }
        1|              ^^^ E0009 expected `,` or a newline, found `int`
        2| struct Q { x: , y }
        2|               ^ E0009 expected a type, found `,`
        3| struct R { func f( { } }
        3|                  ^ E0010 this `(` is never closed
        "#,
    );
}

#[test]
fn blocks_go_on_after_an_error_in_them() {
    check_errors(
        r#"if x { y := } else { z := }
func f() { return + }
loop { break 1 }
"#,
        r#"
        1| if x { y := } else { z := }
        1|             ^ E0009 expected an expression, found `}`
        1| if x { y := } else { z := }
        1|                           ^ E0009 expected an expression, found `}`
        2| func f() { return + }
        2|                   ^ E0009 expected an expression, found `+`
        "#,
    );
}

#[test]
fn cases_recover_one_by_one() {
    check_errors(
        r#"x := match y { foo 1 case 2 => }
z := 1
"#,
        r#"
        1| x := match y { foo 1 case 2 => }
        1|                ^^^ E0009 expected `case` or `default`, found `foo`
        1| x := match y { foo 1 case 2 => }
        1|                                ^ E0009 expected an expression, found `}`
        "#,
    );
}

#[test]
fn an_unclosed_parenthesis_in_a_condition() {
    check_errors(
        r#"if (x { }
y := 1
if x) { }
z := :=
"#,
        r#"
        1| if (x { }
        1|          ^ E0009 expected `)`, found the end of the line
        4| z := :=
        4|      ^^ E0009 expected an expression, found `:=`
        "#,
    );
}

#[test]
fn after_twenty_errors_the_rest_is_one_note() {
    let text = "x := :=\n".repeat(50);
    let found = remora_syntax::parse(&text, &ParseLimits::default()).diagnostics;
    assert_eq!(found.len(), 21);
    assert!(found[..20].iter().all(|it| it.code == Code::E0009));
    assert_eq!(found[20].code, Code::E0018);
    assert_eq!(
        remora_syntax::parse(&"x := :=\n".repeat(20), &ParseLimits::default()).diagnostics.len(),
        20
    );
}

#[test]
fn a_source_over_the_limit_is_refused_whole() {
    let limits = ParseLimits { max_source: 7, ..ParseLimits::default() };
    let found = remora_syntax::parse("x := \"é\"", &limits);
    assert_eq!(found.program.stmts, []);
    assert_eq!(found.diagnostics[0].code, Code::E0007);
    // The seventh byte is the middle of the é: the place is before it.
    assert_eq!(found.diagnostics[0].span().map(|it| it.start), Some(6));
    assert!(
        remora_syntax::parse(&"x\n".repeat(1 << 19), &ParseLimits::default())
            .diagnostics
            .is_empty()
    );
}
