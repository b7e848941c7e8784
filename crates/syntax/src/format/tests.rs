//! The promises of the formatter, without the check at its door that would hide a breach of them.

use super::lay_out;
use crate::ast::dump;
use crate::parser::{ParseLimits, parse};
use crate::token::{Token, TokenKind};
use crate::tokenize;

const CORPUS: &str = include_str!("../../tests/it/corpus.ruff");

fn tree(text: &str) -> Option<String> {
    let parsed = parse(text, &ParseLimits::default());
    parsed.diagnostics.is_empty().then(|| dump(&parsed.program))
}

/// The tokens that are not inside of strings, where everything stays as it is.
fn outside_strings(text: &str) -> Vec<Token> {
    let mut depth = 0;
    let mut found = tokenize(text).0;
    found.retain(|it| {
        let before = depth;
        match it.kind {
            TokenKind::StrHead => depth += 1,
            TokenKind::StrTail => depth -= 1,
            _ => {}
        }
        before == 0
    });
    found
}

fn shaped(text: &str) -> String {
    lay_out(text, &parse(text, &ParseLimits::default()).program)
}

/// Checks the promises for a text that parses to `wanted`.
#[track_caller]
fn check(text: &str, wanted: &str) -> String {
    let once = shaped(text);
    assert_eq!(tree(&once).as_deref(), Some(wanted), "{text}\nbecame\n{once}");
    let twice = shaped(&once);
    if let Some((one, other)) = once.lines().zip(twice.lines()).find(|(one, other)| one != other) {
        panic!("not at rest:\n{one}\n{other}\nin\n{once}");
    }
    assert_eq!(once.len(), twice.len());
    let blank = once.lines().find(|it| it.trim_end() != *it);
    assert_eq!(blank, None, "blanks at the end of a line");
    once
}

/// The statements of the corpus one by one, so that trying a change at every token costs little.
fn statements() -> Vec<&'static str> {
    let parsed = parse(CORPUS, &ParseLimits::default());
    parsed.program.stmts.iter().map(|it| &CORPUS[it.span.range()]).collect()
}

/// Checks `text` if it means the same as `original`: where a newline ends a statement, a change may well be another
/// program, and that is not the question here.
fn check_if_same(text: &str, original: &str) -> Option<String> {
    let wanted = tree(original).expect("the corpus parses");
    (tree(text).as_ref() == Some(&wanted)).then(|| check(text, &wanted))
}

#[test]
fn the_corpus_is_shaped_whole() {
    check(CORPUS, &tree(CORPUS).expect("the corpus parses"));
}

#[test]
fn a_comment_anywhere_is_kept_and_changes_nothing() {
    for original in statements() {
        for token in outside_strings(original) {
            let (before, after) = original.split_at(token.span.start as usize);
            for comment in ["/* here */", "/* he\nre */", "# here\n", "\n// here\n\n"] {
                let text = format!("{before}{comment}{after}");
                let Some(once) = check_if_same(&text, original) else { continue };
                let n_comments =
                    |text: &str| text.matches("here").count() + text.matches("re */").count();
                assert_eq!(n_comments(&once), n_comments(&text), "{text}\nlost a comment:\n{once}");
            }
        }
    }
}

#[test]
fn blanks_between_tokens_do_not_confuse_it() {
    for original in statements() {
        for token in outside_strings(original) {
            let (before, after) = original.split_at(token.span.start as usize);
            for blanks in ["  ", "\n", "\n\n\n\t", "; ", "\r\n"] {
                check_if_same(&format!("{before}{blanks}{after}"), original);
            }
            check_if_same(&format!("{}{after}", before.trim_end()), original);
        }
    }
}

#[test]
fn tokens_left_out_do_not_confuse_it() {
    for original in statements() {
        for token in outside_strings(original) {
            let (before, after) =
                (&original[..token.span.start as usize], &original[token.span.end as usize..]);
            let text = format!("{before}{after}");
            if let Some(wanted) = tree(&text) {
                check(&text, &wanted);
            }
        }
    }
}

#[test]
fn narrow_lines_are_broken_soundly() {
    for original in statements() {
        // Long names and much of everything on one line.
        let text = original
            .replace("x", "a_rather_long_name_for_a_variable")
            .replace(", ", ", (\"filler\"), ");
        if let Some(wanted) = tree(&text) {
            check(&text, &wanted);
        }
        let flat = original.split('\n').map(str::trim).collect::<Vec<_>>().join(" ");
        check_if_same(&flat, original);
    }
}

#[test]
fn what_follows_a_string_of_several_lines_is_broken_where_the_call_around_it_is() {
    let text = "print(to_int(\"4\n\"), to_int(3.9), to_int(-3.9), to_int(true), to_float(\"2.5\"), to_float(7) / 2, parse_int(\" -7 \"), parse_float(\"1.5e2\"))\n";
    let wanted = tree(text).expect("it parses");
    let once = check(text, &wanted);
    assert!(once.starts_with("print(\n    to_int(\"4\n\"),\n    to_int(3.9),\n"), "{once}");
}
