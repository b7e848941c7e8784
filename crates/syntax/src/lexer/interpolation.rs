//! Interpolation: `"a ${b} c"` is lexed as a head, the tokens of the expression, and a tail.
//!
//! A stack instead of recursion: strings in interpolations in strings cost nothing of the native stack. The braces of
//! the expression itself are counted, so that `"${ {"k": 1} }"` ends where it should.

use super::string::{StringEnd, unterminated};
use super::{Lexer, Unfinished};
use crate::token::TokenKind;
use remora_diagnostics::Span;

/// An interpolation that the lexer is inside of.
pub(super) struct Interpolation {
    quote: u8,
    /// The opening quote of the string.
    opened: u32,
    /// The `${`.
    dollar: Span,
    /// Braces open inside the expression.
    braces: u32,
}

impl Lexer<'_> {
    /// At a quote. Takes the string up to its end or its first `${`.
    pub(super) fn string(&mut self, quote: u8) -> TokenKind {
        let opened = self.offset();
        self.at += 1;
        self.string_piece(quote, opened, TokenKind::Str, TokenKind::StrHead)
    }

    /// Notes a `{` inside an expression.
    pub(super) fn open_brace(&mut self) {
        if let Some(inside) = self.interpolations.last_mut() {
            inside.braces += 1;
        }
    }

    /// At a `}`. Takes it, and goes on with the string if it ends an interpolation.
    pub(super) fn close_brace(&mut self) -> TokenKind {
        self.at += 1;
        match self.interpolations.last_mut() {
            None => TokenKind::RBrace,
            Some(inside) if inside.braces > 0 => {
                inside.braces -= 1;
                TokenKind::RBrace
            }
            Some(_) => match self.interpolations.pop() {
                Some(Interpolation { quote, opened, .. }) => {
                    self.string_piece(quote, opened, TokenKind::StrTail, TokenKind::StrMid)
                }
                None => TokenKind::RBrace,
            },
        }
    }

    fn string_piece(
        &mut self,
        quote: u8,
        opened: u32,
        ends: TokenKind,
        goes_on: TokenKind,
    ) -> TokenKind {
        match self.string_text(quote) {
            StringEnd::Quote => ends,
            StringEnd::Interpolation => {
                let end = self.offset();
                let dollar = Span::new(end - 2, end);
                self.interpolations.push(Interpolation { quote, opened, dollar, braces: 0 });
                goes_on
            }
            StringEnd::Source => {
                // Inside an interpolation the outermost string is the likely culprit; `finish` reports it.
                if self.interpolations.is_empty() {
                    let error = unterminated(Span::new(opened, opened + 1), None);
                    // One that lacks its quote ends at the first quote of the next: the last one stays over.
                    let before = &self.text[self.begin..opened as usize];
                    let suspect = last_of_many_lines(before).map(|at| {
                        let quote = super::index(self.begin + at);
                        Span::new(quote, quote + 1)
                    });
                    self.error(match suspect {
                        Some(quote) => {
                            error.label(quote, "or this one, which goes on in the next line")
                        }
                        None => error,
                    });
                    let from = suspect.map_or(opened, |it| it.start);
                    self.unfinished = Some(Unfinished::Text(from));
                }
                ends
            }
        }
    }

    /// Reports the outermost string whose interpolation never ends.
    pub(super) fn finish_interpolations(&mut self) {
        if let Some(outermost) = self.interpolations.first() {
            let quote = Span::new(outermost.opened, outermost.opened + 1);
            let error = unterminated(quote, Some(outermost.dollar));
            self.error(error);
            self.unfinished = Some(Unfinished::Text(quote.start));
        }
    }
}

/// Where the last string begins that does not end in its line.
#[cold]
fn last_of_many_lines(text: &str) -> Option<usize> {
    let (tokens, _) = crate::tokenize(text);
    let is_long = |it: &&crate::token::Token| {
        it.kind == TokenKind::Str && text[it.span.range()].contains('\n')
    };
    let token = tokens.iter().rev().find(is_long)?;
    Some(token.span.range().start)
}
