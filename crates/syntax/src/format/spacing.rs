//! Whether a blank stands between two tokens.

use super::Formatter;
use crate::token::{TokenClass, TokenKind};

impl Formatter<'_> {
    /// True when a blank stands between the tokens at `prev` and `cur`, which are neighbours on a line and not the
    /// first or last in brackets.
    pub(super) fn spaced(&self, prev: usize, cur: usize) -> bool {
        use TokenKind as T;
        let (before, after) = (self.kind(prev), self.kind(cur));
        if self.roles.angles.contains(&cur)
            || self.roles.angles.contains(&prev) && before == T::Lt
            || self.is_sign(prev) && !self.is_sign(cur)
        {
            return false;
        }
        match (before, after) {
            // `?.` and `??` would be other tokens.
            (T::Question, T::Dot | T::QuestionDot | T::Question | T::QuestionQuestion) => true,
            (_, T::Comma | T::Semicolon | T::Colon | T::Dot | T::QuestionDot | T::ColonColon) => {
                false
            }
            (_, T::Question | T::DotDot | T::DotDotEq) => false,
            (
                T::Dot | T::QuestionDot | T::ColonColon | T::Ellipsis | T::DotDot | T::DotDotEq,
                _,
            ) => false,
            (T::Func, T::Star | T::LParen) => false,
            (T::Star, T::LParen) => prev == 0 || self.kind(prev - 1) != T::Func,
            (_, T::LParen | T::LBracket) => !self.ends_operand(prev),
            _ => true,
        }
    }

    /// True for a `-` or `!` that belongs to the operand after it.
    pub(super) fn is_sign(&self, idx: usize) -> bool {
        self.roles.signs.contains(&self.tokens[idx].span.start)
    }

    /// True when what ends at the token at `idx` can be called or indexed.
    fn ends_operand(&self, idx: usize) -> bool {
        use TokenKind as T;
        match self.kind(idx) {
            T::Name => !self.roles.words.contains(&idx),
            T::SelfWord | T::True | T::False | T::Null => true,
            T::Int | T::Float | T::Str | T::StrTail => true,
            T::RParen | T::RBracket | T::RBrace | T::Question => true,
            T::Gt => self.roles.angles.contains(&idx),
            // A keyword after a dot is the name of a field.
            kind if kind.class() == TokenClass::Keyword => {
                idx > 0 && matches!(self.kind(idx - 1), T::Dot | T::QuestionDot | T::ColonColon)
            }
            _ => false,
        }
    }

    /// How loosely the operator at `idx` binds, if a line may break at it: the loosest first.
    pub(super) fn looseness(&self, idx: usize) -> Option<u8> {
        use TokenKind as T;
        if self.is_sign(idx) || self.roles.angles.contains(&idx) {
            return None;
        }
        Some(match self.kind(idx) {
            T::PipeGt => 0,
            T::QuestionQuestion => 1,
            T::OrOr => 2,
            T::AndAnd => 3,
            T::EqEq | T::BangEq => 4,
            T::Lt | T::LtEq | T::Gt | T::GtEq => 5,
            T::Plus | T::Minus => 6,
            T::Star if self.kind(idx.saturating_sub(1)) == T::Func => return None,
            T::Star | T::Slash | T::Percent => 7,
            _ => return None,
        })
    }
}
