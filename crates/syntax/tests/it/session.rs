//! What a session at a terminal needs: whether a text is complete, and its tokens for colours.

use remora_syntax::{
    ParseLimits, Parsed, TokenClass, TokenKind, is_incomplete, parse, parse_from, tokenize,
};

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

#[test]
fn a_source_behind_another_has_the_same_tree_with_its_places_moved() {
    let before = "x := \"long\nstring\nfunc f( {\n";
    for text in [
        "print(1)\n/// Doc.\nfunc f(a) { return \"é${a}\" }",
        "\u{feff}y := 1",
        "x := \"a\nb",
        "( ]",
        "",
    ] {
        let alone = parse(text, &ParseLimits::default());
        let moved = parse_from(&format!("{before}{text}"), before.len(), &ParseLimits::default());
        let spans = |it: &Parsed, by: u32| -> Vec<(u32, u32)> {
            let labels = it.diagnostics.iter().flat_map(|it| &it.labels);
            let stmts = it.program.stmts.iter().map(|it| it.span);
            stmts.chain(labels.map(|it| it.span)).map(|it| (it.start + by, it.end + by)).collect()
        };
        let by = u32::try_from(before.len()).unwrap();
        assert_eq!(spans(&moved, 0), spans(&alone, by), "{text}");
        let said =
            |it: &Parsed| it.diagnostics.iter().map(|it| it.message.clone()).collect::<Vec<_>>();
        assert_eq!(said(&moved), said(&alone), "{text}");
    }
    assert!(parse_from("é", 1, &ParseLimits::default()).program.stmts.is_empty());
}
