//! The Ruff language: source text to tokens to a syntax tree, with every error it can find.
//!
//! [`parse`] is the door for strangers' text: whatever it is given, it returns a tree and diagnostics in time linear
//! in the length of the text, without panicking and within a small native stack. [`tokenize`] gives the tokens with
//! the comments among them; [`is_incomplete`] says whether a line of a session wants another one after it.
#![forbid(unsafe_code)]

pub mod ast;
mod format;
mod lexer;
mod parser;
mod token;

use remora_diagnostics::{Diagnostic, Sink};

pub use self::format::format;
pub use self::lexer::number::{float_value, int_magnitude};
pub use self::lexer::string::unescape;
pub use self::parser::{ParseLimits, Parsed, parse, parse_from};
pub use self::token::{Token, TokenClass, TokenKind};

/// Splits `text` into tokens, comments among them; the last is [`TokenKind::Eof`]. What is no token is reported.
///
/// A text beyond the default size limit gives that error and no tokens.
#[must_use]
pub fn tokenize(text: &str) -> (Vec<Token>, Vec<Diagnostic>) {
    let limits = ParseLimits::default();
    if let Some(error) = parser::check_size(text, 0, limits.max_source) {
        return (Vec::new(), vec![error]);
    }
    let mut sink = Sink::new(limits.max_errors);
    let tokens = lexer::lex_with_comments(text, &mut sink);
    (tokens, sink.finish())
}

/// True when `text` breaks off where more must follow: inside brackets, a string or a comment, or after an operator.
/// A session then asks for another line instead of reporting an error.
#[must_use]
pub fn is_incomplete(text: &str) -> bool {
    let limits = ParseLimits::default();
    if parser::check_size(text, 0, limits.max_source).is_some() {
        return false;
    }
    let lexed = lexer::lex(text, 0, &mut Sink::new(0));
    let last = lexed.tokens.iter().rev().find(|it| it.kind != TokenKind::Eof);
    lexed.unfinished.is_some() || last.is_some_and(|it| it.kind.wants_more())
}
