//! The formatter: one shape for every program.
//!
//! Works on the tokens with the comments among them, so that nothing is lost: numbers and strings stay as they are
//! written. The tree only says what tokens mean (`roles`). Lines have at most 100 characters where they can be broken,
//! levels are four spaces, statements stand one to a line. What its writer broke after the opening bracket stays
//! broken, one element to a line; a block of one statement that was on one line stays there if it fits.
//!
//! Promise: the result parses to the same tree, and formatting it again changes nothing.

mod body;
mod brackets;
mod layout;
mod roles;
mod spacing;
#[cfg(test)]
mod tests;

use remora_diagnostics::{Diagnostic, Severity, Sink};

use self::layout::Doc;
use self::roles::Roles;
use crate::ast::{Program, dump};
use crate::lexer::lex_with_comments;
use crate::parser::{ParseLimits, parse};
use crate::token::{Token, TokenKind};

/// Characters of a line.
const WIDTH: usize = 100;

/// Puts `text` into the one shape that all programs have.
///
/// # Errors
/// The errors of `text`: only what parses is formatted.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let limits = ParseLimits::default();
    let parsed = parse(text, &limits);
    if parsed.diagnostics.iter().any(|it| it.severity == Severity::Error) {
        return Err(parsed.diagnostics);
    }
    let out = lay_out(text, &parsed.program);
    // A tool that people run over all their files must not be able to change a program. Tested never to happen.
    let same = dump(&parse(&out, &limits).program) == dump(&parsed.program);
    Ok(if same { out } else { text.to_owned() })
}

fn lay_out(text: &str, program: &Program) -> String {
    let tokens = lex_with_comments(text, &mut Sink::new(0));
    let formatter = Formatter { text, roles: Roles::of(program, &tokens, text), tokens };
    let starts: Vec<u32> = program.stmts.iter().map(|it| it.span.start).collect();
    let end = formatter.tokens.len() - 1;
    let mut docs = formatter.body(0, end, roles::Body::Stmts, &starts).docs;
    if !docs.is_empty() {
        docs.push(Doc::Hard);
    }
    layout::print(&docs, WIDTH)
}

struct Formatter<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    roles: Roles,
}

/// A piece, and whether there is a newline in it in any case.
struct Piece<'a> {
    docs: Vec<Doc<'a>>,
    hard: bool,
}

impl<'a> Formatter<'a> {
    fn kind(&self, idx: usize) -> TokenKind {
        self.tokens[idx].kind
    }

    fn slice(&self, idx: usize) -> &'a str {
        self.text[self.tokens[idx].span.range()].trim_end()
    }

    /// The index of the bracket that closes the one at `idx`.
    fn pair(&self, idx: usize) -> usize {
        (self.tokens[idx].pair as usize).min(self.tokens.len() - 1)
    }

    /// The source between the tokens at `prev` and `next`.
    fn between(&self, prev: usize, next: usize) -> &'a str {
        let (start, end) = (self.tokens[prev].span.end, self.tokens[next].span.start);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// True when a newline stands directly before the token at `idx`.
    fn on_new_line(&self, idx: usize) -> bool {
        idx == 0 || self.between(idx - 1, idx).contains('\n')
    }

    /// True when the comment at `idx` goes to the end of its line.
    fn is_line_comment(&self, idx: usize) -> bool {
        self.kind(idx).is_comment() && !self.slice(idx).starts_with("/*")
    }
}
