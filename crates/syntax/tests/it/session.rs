//! What a session at a terminal needs: whether a text is complete, and its tokens for colours.

use remora_syntax::{TokenClass, TokenKind, is_incomplete, tokenize};

#[test]
fn a_text_that_breaks_off_is_incomplete() {
    for text in [
        "f(",
        "[1, 2",
        "func f() {",
        "x := {",
        "\"abc",
        "'abc",
        "\"a ${",
        "\"a ${b",
        "\"a ${b}",
        "/* a",
        "/* /* */",
        "x :=",
        "a +",
        "a &&",
        "a |>",
        "a.",
        "f(1,",
        "if x { } else {",
        "x =>",
        "match x {",
        "(a\n+ b",
        "let x: ",
    ] {
        assert!(is_incomplete(text), "{text}");
    }
}

#[test]
fn a_text_that_is_whole_or_wrong_is_not_incomplete() {
    for text in [
        "",
        "x",
        "f()",
        "x := 1",
        "{ }",
        "f(])",
        "x)",
        "}",
        "\"a ${b}\"",
        "a?",
        "/* a */",
        "# (",
        "x @",
        "func f() { }",
        "a; ",
        "if x { }",
        "\"\\q\"",
    ] {
        assert!(!is_incomplete(text), "{text}");
    }
}

#[test]
fn tokens_have_classes_and_comments_are_among_them() {
    let text = "let x := f(1) # no\n/// yes\n\"a${b}c\" @ true";
    let (tokens, diagnostics) = tokenize(text);
    let found: Vec<_> = tokens.iter().map(|it| (it.kind.class(), &text[it.span.range()])).collect();
    use TokenClass as C;
    let expected = [
        (C::Keyword, "let"),
        (C::Name, "x"),
        (C::Operator, ":="),
        (C::Name, "f"),
        (C::Punctuation, "("),
        (C::Literal, "1"),
        (C::Punctuation, ")"),
        (C::Comment, "# no"),
        (C::Comment, "/// yes"),
        (C::Text, "\"a${"),
        (C::Name, "b"),
        (C::Text, "}c\""),
        (C::Invalid, "@"),
        (C::Literal, "true"),
        (C::End, ""),
    ];
    assert_eq!(found, expected);
    assert_eq!(diagnostics.len(), 1);
    let lines: Vec<_> = tokens.iter().filter(|it| it.after_newline).map(|it| it.kind).collect();
    assert_eq!(lines, [TokenKind::DocComment, TokenKind::StrHead]);
}
