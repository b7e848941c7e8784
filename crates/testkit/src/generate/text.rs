//! Damages programs token by token and byte by byte, as a hurried or hostile writer does.

use remora_diagnostics::Span;
use remora_syntax::tokenize;

use super::{Random, mutate};

/// What a token may be replaced by: words and signs that open, close or change something, and characters of all widths.
const TELLING: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "\"",
    "${",
    "...",
    "..",
    "..=",
    ":=",
    "=",
    "=>",
    "->",
    "::",
    ":",
    ",",
    ";",
    ".",
    "?.",
    "??",
    "?",
    "!",
    "-",
    "*",
    "**",
    "|>",
    "&&",
    "\n",
    "#",
    "/*",
    "*/",
    "_",
    "0x",
    "1e999",
    "9223372036854775808",
    "99999999999999999999",
    "\"\\u{d800}\"",
    "é",
    "𝄞",
    "\u{202e}",
    "\0",
    "\r",
    "func",
    "func*",
    "return",
    "yield",
    "await",
    "async",
    "spawn",
    "match",
    "case",
    "default",
    "if",
    "else",
    "for",
    "in",
    "while",
    "loop",
    "break",
    "continue",
    "let",
    "mut",
    "const",
    "struct",
    "enum",
    "self",
    "mut self",
    "import",
    "from",
    "export",
    "try",
    "except",
    "finally",
    "throw",
    "null",
    "true",
    "Ok(1)",
    "None",
    "f(x: 1, ...a)",
    "[a, ...b] :=",
    "{k: v} :=",
    "test \"t\" { }",
];

/// A few random changes; pieces may come from `other`. Mostly whole tokens, else bytes; what is no
/// UTF-8 any more is replaced as an editor would.
#[must_use]
pub fn text(original: &str, other: &str, random: &mut Random) -> String {
    if random.chance(30) {
        let bytes = mutate::bytes(original.as_bytes(), other.as_bytes(), random);
        return String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut pieces = pieces(original);
    let others = self::pieces(other);
    for _ in 0..=random.below(3) {
        change(&mut pieces, &others, random);
    }
    pieces.concat()
}

/// Tokens, each with the space before it.
fn pieces(text: &str) -> Vec<&str> {
    let (tokens, _) = tokenize(text);
    let mut at = 0;
    let ends = tokens.iter().map(|it| it.span.end).chain([u32::try_from(text.len()).unwrap_or(0)]);
    ends.filter_map(|end| {
        let piece = text.get(Span::new(at, end).range());
        at = end;
        piece.filter(|it| !it.is_empty())
    })
    .collect()
}

fn change<'a>(pieces: &mut Vec<&'a str>, others: &[&'a str], random: &mut Random) {
    if pieces.is_empty() {
        pieces.extend(random.pick(TELLING));
        return;
    }
    let (at, to) = (random.below(pieces.len()), random.below(pieces.len()));
    match random.below(8) {
        0 => drop(pieces.remove(at)),
        1 => pieces.insert(to, pieces[at]),
        2 => pieces.swap(at, to),
        3 => pieces[at] = random.pick(TELLING).copied().unwrap_or_default(),
        4 => pieces.insert(at, random.pick(TELLING).copied().unwrap_or_default()),
        5 => pieces[at] = random.pick(others).copied().unwrap_or_default(),
        6 => {
            let from = random.below(others.len());
            let copy = others[from..(from + 1 + random.below(12)).min(others.len())].to_vec();
            pieces.splice(at..at, copy);
        }
        _ => drop(pieces.drain(at..(at + 1 + random.below(6)).min(pieces.len()))),
    }
}
