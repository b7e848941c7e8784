//! One program with everything in it, whole, cut short at every byte, and with every token left out, doubled or
//! exchanged: whatever the text, the spans are sound, and what is not a tree is a diagnostic.

use remora_syntax::ast::Node;
use remora_syntax::{ParseLimits, TokenKind, parse, tokenize};

pub(crate) const CORPUS: &str = include_str!("corpus.ruff");

/// Parses and checks all that holds for any text. Gives whether it was understood.
fn sound(text: &str) -> bool {
    let parsed = parse(text, &ParseLimits::default());
    for found in &parsed.diagnostics {
        assert!(!found.labels.is_empty(), "{found:?}");
        for label in &found.labels {
            let range = label.span.range();
            assert!(text.get(range).is_some(), "{found:?} is outside of\n{text}");
            assert!(!label.text.is_empty(), "{found:?}");
        }
    }
    assert!(parsed.diagnostics.len() <= 21);
    let understood = parsed.diagnostics.is_empty();
    for stmt in &parsed.program.stmts {
        check_spans(Node::Stmt(stmt), text, understood);
    }
    understood
}

/// Checks that spans lie in the text and, where there was no error, that they nest.
fn check_spans(node: Node<'_>, text: &str, understood: bool) {
    let span = node.span();
    assert!(text.get(span.range()).is_some(), "{node:?} is outside of\n{text}");
    if understood {
        assert!(!span.is_empty(), "{node:?} has no extent in\n{text}");
    }
    node.children(&mut |child| {
        let inner = child.span();
        assert!(
            span.start <= inner.start && inner.end <= span.end,
            "{child:?}\nsticks out of {node:?}"
        );
        check_spans(child, text, understood);
    });
}

#[test]
fn the_corpus_is_understood() {
    assert_eq!(super::errors(CORPUS), "");
    assert!(sound(CORPUS));
}

#[test]
fn every_beginning_and_every_end_is_sound() {
    for at in (0..=CORPUS.len()).filter(|&it| CORPUS.is_char_boundary(it)) {
        sound(&CORPUS[..at]);
        sound(&CORPUS[at..]);
    }
}

#[test]
fn every_token_left_out_doubled_or_exchanged_is_sound() {
    let (tokens, _) = tokenize(CORPUS);
    for (i, token) in tokens.iter().enumerate() {
        let (before, after) =
            (&CORPUS[..token.span.start as usize], &CORPUS[token.span.end as usize..]);
        let written = &CORPUS[token.span.range()];
        sound(&format!("{before}{after}"));
        sound(&format!("{before}{written} {written}{after}"));
        let other = &CORPUS[tokens[(i * 7 + 3) % tokens.len()].span.range()];
        sound(&format!("{before}{other}{after}"));
    }
}

#[test]
fn token_soup_is_sound() {
    let (tokens, _) = tokenize(CORPUS);
    let words: Vec<&str> = tokens
        .iter()
        .filter(|it| it.kind != TokenKind::Eof)
        .map(|it| &CORPUS[it.span.range()])
        .chain([
            "\n", ";", "@", "≤", "++", "**", "&", "\"", "${", "/*", "not", "elif", "def", "?",
            "0x", "\\",
        ])
        .collect();
    // A small generator with a fixed beginning: the same soup each time.
    let mut state = 0x2545_F491_u64;
    let mut next = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 11).expect("64-bit tests") % n
    };
    for _ in 0..3_000 {
        let n = 1 + next(40);
        let soup: Vec<&str> = (0..n).map(|_| words[next(words.len())]).collect();
        sound(&soup.join(if next(3) == 0 { "" } else { " " }));
    }
}

#[test]
fn tokens_and_blanks_make_up_the_text() {
    let (tokens, diagnostics) = tokenize(CORPUS);
    assert_eq!(diagnostics, []);
    let mut at = 0;
    for token in tokens {
        let between = &CORPUS[at..token.span.start as usize];
        assert!(between.chars().all(char::is_whitespace), "{between:?} was left out");
        at = token.span.end as usize;
    }
    assert_eq!(at, CORPUS.len());
}
