//! White space and comments: `#` and `//` to the end of the line, `/* */` which nest, `///` documentation.

use remora_diagnostics::{Code, Diagnostic, Span};

use super::{Lexer, Unfinished};
use crate::token::TokenKind;

impl Lexer<'_> {
    /// Takes blanks and newlines; notes whether there was a newline.
    pub(super) fn blanks(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b' ' | b'\t' | b'\r' => {}
                b'\n' => self.newline = true,
                _ => break,
            }
            at += 1;
        }
        self.at = at;
    }

    /// Takes the comment that begins here, if one does.
    pub(super) fn comment(&mut self) -> Option<TokenKind> {
        let rest = &self.text.as_bytes()[self.at..];
        match rest {
            [b'#', ..] => {}
            [b'/', b'/', b'/', b'/', ..] => {}
            [b'/', b'/', b'/', ..] => {
                self.rest_of_line();
                return Some(TokenKind::DocComment);
            }
            [b'/', b'/', ..] => {}
            [b'/', b'*', ..] => {
                self.block_comment();
                return Some(TokenKind::Comment);
            }
            _ => return None,
        }
        self.rest_of_line();
        Some(TokenKind::Comment)
    }

    fn rest_of_line(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let len = rest.iter().position(|&it| it == b'\n').unwrap_or(rest.len());
        self.at += len - usize::from(len > 0 && rest[len - 1] == b'\r');
    }

    fn block_comment(&mut self) {
        let start = self.offset();
        let bytes = self.text.as_bytes();
        let mut depth = 0_u32;
        while self.at < bytes.len() {
            match &bytes[self.at..] {
                [b'/', b'*', ..] => {
                    depth += 1;
                    self.at += 2;
                }
                [b'*', b'/', ..] => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                [b'\n', ..] => {
                    self.newline = true;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        self.unfinished = Some(Unfinished::Text(start));
        let error = Diagnostic::error(Code::E0003)
            .label(Span::new(start, start + 2), "this comment is never closed");
        self.error(if depth > 1 {
            error.note(format!("comments nest; {depth} are still open here"))
        } else {
            error
        });
    }
}
