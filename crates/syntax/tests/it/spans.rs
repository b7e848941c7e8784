//! Where nodes stand: run-time errors point at these spans.

use remora_syntax::ast::{Expr, ExprKind, Node};
use remora_syntax::{ParseLimits, parse};

/// The source text of every expression of a kind in `text`.
fn spans_of(text: &str, wanted: fn(&ExprKind) -> bool) -> Vec<&str> {
    let parsed = parse(text, &ParseLimits::default());
    assert_eq!(parsed.diagnostics, []);
    let mut found = Vec::new();
    parsed.program.walk(&mut |node| {
        if let Node::Expr(Expr { kind, span }) = node
            && wanted(kind)
        {
            found.push(&text[span.range()]);
        }
    });
    found
}

/// The source text of every statement in `text`.
fn stmts(text: &str) -> Vec<&str> {
    let parsed = parse(text, &ParseLimits::default());
    assert_eq!(parsed.diagnostics, []);
    let mut found = Vec::new();
    parsed.program.walk(&mut |node| {
        if let Node::Stmt(stmt) = node {
            found.push(&text[stmt.span.range()]);
        }
    });
    found
}

#[test]
fn parentheses_count_for_the_expression_around_them() {
    let binary = |it: &ExprKind| matches!(it, ExprKind::Binary { .. });
    assert_eq!(
        spans_of("x := (a + (b)) * (c - d)", binary),
        ["(a + (b)) * (c - d)", "a + (b)", "c - d"]
    );
    assert_eq!(spans_of("f((a + b))", binary), ["a + b"]);
    assert_eq!(spans_of("(a + b)", binary), ["a + b"]);
}

#[test]
fn calls_fields_and_indices_reach_from_the_object_to_the_last_bracket() {
    let call = |it: &ExprKind| matches!(it, ExprKind::Call(_));
    assert_eq!(spans_of("x := (f)(1, 2).g( 3 )?", call), ["(f)(1, 2).g( 3 )", "(f)(1, 2)"]);
    let field = |it: &ExprKind| matches!(it, ExprKind::Field { .. });
    assert_eq!(spans_of("x := a.b\n  .c?.d", field), ["a.b\n  .c?.d", "a.b\n  .c", "a.b"]);
    let index = |it: &ExprKind| matches!(it, ExprKind::Index { .. });
    assert_eq!(spans_of("m[0] [ i + 1 ] := 2", index), ["m[0] [ i + 1 ]", "m[0]"]);
}

#[test]
fn prefixes_suffixes_and_pipes_have_their_operands_in_them() {
    assert_eq!(spans_of("-(a)", |it| matches!(it, ExprKind::Unary { .. })), ["-(a)"]);
    assert_eq!(spans_of("f(-5)", |it| matches!(it, ExprKind::Int(_))), ["-5"]);
    assert_eq!(spans_of("x := f(1)? + 2", |it| matches!(it, ExprKind::Try(_))), ["f(1)?"]);
    assert_eq!(spans_of("x := await f(1)", |it| matches!(it, ExprKind::Await(_))), ["await f(1)"]);
    let pipe = |it: &ExprKind| matches!(it, ExprKind::Pipe { .. });
    assert_eq!(spans_of("(a) |> f |> g(1)", pipe), ["(a) |> f |> g(1)", "(a) |> f"]);
    assert_eq!(
        spans_of("for i in (0)..(n) { }", |it| matches!(it, ExprKind::Range { .. })),
        ["(0)..(n)"]
    );
}

#[test]
fn literals_and_blocks_have_their_brackets_in_them() {
    assert_eq!(spans_of("x := [ 1, ]", |it| matches!(it, ExprKind::Array(_))), ["[ 1, ]"]);
    assert_eq!(
        spans_of("x := { \"a\": 1 }", |it| matches!(it, ExprKind::Dict(_))),
        ["{ \"a\": 1 }"]
    );
    assert_eq!(
        spans_of("P { x: 1 }.y", |it| matches!(it, ExprKind::Struct { .. })),
        ["P { x: 1 }"]
    );
    assert_eq!(
        spans_of("f(\"a${b}c\")", |it| matches!(it, ExprKind::Interpolated(_))),
        ["\"a${b}c\""]
    );
    let func = |it: &ExprKind| matches!(it, ExprKind::Func(_));
    assert_eq!(spans_of("f((a) => (a), func() { })", func), ["(a) => (a)", "func() { }"]);
    assert_eq!(
        spans_of("x := if a { 1 } else { 2 }", |it| matches!(it, ExprKind::If(_))),
        ["if a { 1 } else { 2 }"]
    );
}

#[test]
fn statements_reach_from_their_first_to_their_last_token() {
    assert_eq!(stmts("  let x := (1) ; y = 2 # end\n"), ["let x := (1)", "y = 2"]);
    assert_eq!(stmts("(a)\n"), ["(a)"]);
    assert_eq!(stmts("a: for x in y { z }"), ["a: for x in y { z }", "z"]);
    assert_eq!(stmts("export x := 1"), ["export x := 1", "x := 1"]);
    assert_eq!(stmts("return"), ["return"]);
    assert_eq!(stmts("x := a\n  .b() // c"), ["x := a\n  .b()"]);
}
