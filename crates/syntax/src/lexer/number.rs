//! Numbers: `42`, `1_000`, `0xff`, `0b1010`, `0o17`, `3.14`, `1e9`, `1.5e-3`.
//!
//! The lexer decides where a number ends and whether it is well formed; the parser asks for its value, because only
//! the parser knows of a minus sign before it.

use remora_diagnostics::{Code, Diagnostic, Span};

use super::Lexer;
use crate::token::TokenKind;

impl Lexer<'_> {
    /// At a digit. Takes the number and all letters and digits glued to it, so that `12ab` is one malformed number.
    pub(super) fn number(&mut self) -> TokenKind {
        let start = self.at;
        let bytes = self.text.as_bytes();
        if bytes[start] == b'0' && matches!(bytes.get(start + 1), Some(b'x' | b'b' | b'o')) {
            return self.based(start, bytes[start + 1]);
        }
        let mut kind = TokenKind::Int;
        let mut fault = self.digits(10).err();
        let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        if bytes.get(self.at) == Some(&b'.') && digit_at(self.at + 1) {
            kind = TokenKind::Float;
            self.at += 1;
            fault = fault.or(self.digits(10).err());
        }
        if matches!(bytes.get(self.at), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(self.at + 1), Some(b'+' | b'-')));
            if digit_at(self.at + 1 + sign) {
                kind = TokenKind::Float;
                self.at += 1 + sign;
                fault = fault.or(self.digits(10).err());
            } else {
                self.at += 1 + sign;
                fault = fault.or(Some("the exponent has no digits"));
            }
        }
        self.end_number(start, kind, fault)
    }

    fn based(&mut self, start: usize, letter: u8) -> TokenKind {
        let (base, missing) = match letter {
            b'x' => (16, "`0x` needs digits of base 16 after it"),
            b'o' => (8, "`0o` needs digits of base 8 after it"),
            _ => (2, "`0b` needs digits of base 2 after it"),
        };
        self.at += 2;
        let first = self.text.as_bytes().get(self.at).copied().unwrap_or(b' ');
        let fault =
            if char::from(first).is_digit(base) { self.digits(base).err() } else { Some(missing) };
        self.end_number(start, TokenKind::Int, fault)
    }

    /// Takes digits of `base` with single underscores between them; the first is known to be a digit.
    fn digits(&mut self, base: u32) -> Result<(), &'static str> {
        let bytes = self.text.as_bytes();
        let mut well_formed = true;
        let mut last_was_digit = true;
        while let Some(&byte) = bytes.get(self.at) {
            let digit = char::from(byte).is_digit(base);
            if !digit && byte != b'_' {
                break;
            }
            well_formed &= digit || last_was_digit;
            last_was_digit = digit;
            self.at += 1;
        }
        if well_formed && last_was_digit {
            Ok(())
        } else {
            Err("`_` may stand only between two digits")
        }
    }

    fn end_number(
        &mut self,
        start: usize,
        kind: TokenKind,
        fault: Option<&'static str>,
    ) -> TokenKind {
        let end = self.at;
        self.word_rest();
        let glued = &self.text[end..self.at];
        let label = match fault {
            Some(fault) => fault.to_owned(),
            None if !glued.is_empty() => format!("`{glued}` does not belong to a number"),
            None => return kind,
        };
        self.error(Diagnostic::error(Code::E0005).label(self.span_from(start), label));
        TokenKind::BadNumber
    }
}

/// The magnitude of a well-formed integer token; `None` when it does not fit in 64 bits without a sign.
#[must_use]
pub fn int_magnitude(text: &str) -> Option<u64> {
    let (digits, base) = match text.as_bytes() {
        [b'0', b'x', ..] => (&text[2..], 16),
        [b'0', b'o', ..] => (&text[2..], 8),
        [b'0', b'b', ..] => (&text[2..], 2),
        _ => (text, 10),
    };
    digits.chars().filter_map(|it| it.to_digit(base)).try_fold(0_u64, |sum, digit| {
        sum.checked_mul(u64::from(base))?.checked_add(u64::from(digit))
    })
}

/// The value of a well-formed float token; too large ones are `None`.
#[must_use]
pub fn float_value(text: &str) -> Option<f64> {
    let parsed: Result<f64, _> =
        if text.contains('_') { text.replace('_', "").parse() } else { text.parse() };
    parsed.ok().filter(|it| it.is_finite())
}

/// "Out of range" for the number at `span`.
pub(crate) fn out_of_range(span: Span, kind: TokenKind) -> Diagnostic {
    let error = Diagnostic::error(Code::E0006);
    if kind == TokenKind::Int {
        error
            .label(span, "does not fit in 64 bits")
            .help("the largest int is 9223372036854775807; write a float if the exact digits do not matter")
    } else {
        error.label(span, "larger than the largest float, about 1.8e308")
    }
}
