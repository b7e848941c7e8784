//! Strings: where they end, which escapes they hold, and what text they stand for.
//!
//! Both kinds of quote mean the same; a string may go over several lines. Escapes are checked while lexing, so that
//! every bad one is reported, and resolved only when the parser wants the text.

use remora_diagnostics::{Code, Diagnostic, Span};

use super::Lexer;

/// How a run of string text ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StringEnd {
    /// At the closing quote, which was taken.
    Quote,
    /// At `${`, which was taken.
    Interpolation,
    /// At the end of the source.
    Source,
}

impl Lexer<'_> {
    /// Goes over string text up to and with the closing `quote`, `${`, or the end.
    pub(super) fn string_text(&mut self, quote: u8) -> StringEnd {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'\\' => self.escape(),
                b'$' if bytes.get(self.at + 1) == Some(&b'{') => {
                    self.at += 2;
                    return StringEnd::Interpolation;
                }
                _ if byte == quote => {
                    self.at += 1;
                    return StringEnd::Quote;
                }
                _ => self.at += 1,
            }
        }
        StringEnd::Source
    }

    /// At a backslash. Takes the escape; reports it when there is no such one.
    fn escape(&mut self) {
        let start = self.at;
        let (_, len) = escape_at(&self.text[start..]);
        self.at += len;
        let Err(fault) = escape_at(&self.text[start..]).0 else { return };
        let span = self.span_from(start);
        let error = Diagnostic::error(Code::E0004);
        let written = &self.text[span.range()];
        self.error(match fault {
            BadEscape::Unknown => error
                .label(span, format!("`\\{}` is not an escape", written[1..].escape_debug()))
                .help(r#"there are \n \t \r \\ \" \' \0 \$ and \u{…}; write \\ for a backslash"#),
            BadEscape::Unicode => error
                .label(span, "`\\u` wants one to six hex digits in braces that name a character")
                .help(r"for example \u{1F600}"),
            // The string is unterminated too, and that is said.
            BadEscape::End => return,
        });
    }
}

/// What is wrong with an escape.
#[derive(Clone, Copy, PartialEq, Eq)]
enum BadEscape {
    Unknown,
    Unicode,
    End,
}

/// The character that the escape at the start of `text` stands for, and the bytes it takes.
fn escape_at(text: &str) -> (Result<char, BadEscape>, usize) {
    let Some(letter) = text[1..].chars().next() else { return (Err(BadEscape::End), 1) };
    let simple = match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => '\0',
        '\\' | '"' | '\'' | '$' => letter,
        'u' => return unicode_escape(text),
        _ => return (Err(BadEscape::Unknown), 1 + letter.len_utf8()),
    };
    (Ok(simple), 2)
}

/// `\u{…}` at the start of `text`.
fn unicode_escape(text: &str) -> (Result<char, BadEscape>, usize) {
    let Some(digits) = text.strip_prefix("\\u{") else { return (Err(BadEscape::Unicode), 2) };
    let n_digits = digits.bytes().take(7).take_while(u8::is_ascii_hexdigit).count();
    if digits.as_bytes().get(n_digits) != Some(&b'}') || n_digits == 0 || n_digits > 6 {
        return (Err(BadEscape::Unicode), 3 + n_digits);
    }
    let value = u32::from_str_radix(&digits[..n_digits], 16).ok().and_then(char::from_u32);
    (value.ok_or(BadEscape::Unicode), 4 + n_digits)
}

/// The text that string source stands for: `raw` without its quotes and `${`. Bad escapes, which were reported, stand
/// for nothing.
#[must_use]
pub fn unescape(raw: &str) -> Box<str> {
    let Some(first) = raw.find('\\') else { return raw.into() };
    let mut text = String::with_capacity(raw.len());
    text.push_str(&raw[..first]);
    let mut rest = &raw[first..];
    while !rest.is_empty() {
        if rest.starts_with('\\') {
            let (value, len) = escape_at(rest);
            text.extend(value.ok());
            rest = &rest[len..];
        }
        let plain = rest.find('\\').unwrap_or(rest.len());
        text.push_str(&rest[..plain]);
        rest = &rest[plain..];
    }
    text.into_boxed_str()
}

/// The diagnostic for a string opened at `quote` that never ends; `inside` is the `${` it ends inside of.
pub(super) fn unterminated(quote: Span, inside: Option<Span>) -> Diagnostic {
    let error = Diagnostic::error(Code::E0002);
    match inside {
        None => error.label(quote, "this quote is never closed"),
        Some(dollar) => error
            .label(quote, "this string is never closed")
            .label(dollar, "because this interpolation has no `}`"),
    }
}
