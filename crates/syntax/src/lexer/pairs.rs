//! Which bracket closes which, found once while lexing so that the parser can look past a bracket in one step.
//!
//! Linear: a closing bracket is searched for only where counts say that it is there. Braces are the stronger kind: a
//! `)` never closes a `(` from outside the innermost `{`, while a `}` leaves the unclosed `(` and `[` inside it
//! without a partner. So one slip in a line does not spoil the blocks around it.

use crate::token::{NO_PAIR, Token, TokenKind};

/// Brackets that are open at the point the lexer has reached.
#[derive(Default)]
pub(super) struct Pairs {
    stack: Vec<Open>,
    /// Round and square ones open since the innermost brace or interpolation.
    parens: u32,
    brackets: u32,
    /// Braces open since the innermost interpolation.
    braces: u32,
}

struct Open {
    kind: TokenKind,
    token: u32,
    // What the counts were outside of this brace or interpolation.
    parens: u32,
    brackets: u32,
    braces: u32,
}

impl Pairs {
    /// Notes the token at `idx`, the last of `tokens`.
    pub(super) fn note(&mut self, tokens: &mut [Token], idx: u32) {
        let kind = tokens[idx as usize].kind;
        match kind {
            TokenKind::LParen | TokenKind::LBracket | TokenKind::LBrace | TokenKind::StrHead => {
                self.open(kind, idx);
            }
            TokenKind::RParen if self.parens > 0 => self.close(tokens, TokenKind::LParen, idx),
            TokenKind::RBracket if self.brackets > 0 => {
                self.close(tokens, TokenKind::LBracket, idx);
            }
            TokenKind::RBrace if self.braces > 0 => self.close(tokens, TokenKind::LBrace, idx),
            TokenKind::StrMid => {
                self.close(tokens, TokenKind::StrHead, idx);
                self.open(TokenKind::StrHead, idx);
            }
            TokenKind::StrTail => self.close(tokens, TokenKind::StrHead, idx),
            _ => {}
        }
    }

    /// True when something is open.
    pub(super) fn any_open(&self) -> bool {
        !self.stack.is_empty()
    }

    fn open(&mut self, kind: TokenKind, token: u32) {
        let Self { parens, brackets, braces, .. } = *self;
        self.stack.push(Open { kind, token, parens, brackets, braces });
        match kind {
            TokenKind::LParen => self.parens += 1,
            TokenKind::LBracket => self.brackets += 1,
            TokenKind::LBrace => {
                (self.parens, self.brackets) = (0, 0);
                self.braces += 1;
            }
            _ => (self.parens, self.brackets, self.braces) = (0, 0, 0),
        }
    }

    fn close(&mut self, tokens: &mut [Token], opener: TokenKind, idx: u32) {
        while let Some(open) = self.stack.pop() {
            (self.parens, self.brackets, self.braces) = (open.parens, open.brackets, open.braces);
            if open.kind == opener {
                tokens[open.token as usize].pair = idx;
                // A `StrMid` closes one interpolation and opens the next: its own pair is the one ahead.
                tokens[idx as usize].pair = if tokens[idx as usize].kind == TokenKind::StrMid {
                    NO_PAIR
                } else {
                    open.token
                };
                return;
            }
        }
    }
}
