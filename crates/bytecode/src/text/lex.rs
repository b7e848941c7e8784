//! Text into words, numbers, strings and signs.

use super::TextError;

/// A piece of text.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Token<'a> {
    /// Letters, digits and `_`, not beginning with a digit.
    Word(&'a str),
    /// Digits, perhaps with a sign, a point and an exponent.
    Number(&'a str),
    /// `"…"`
    Text(String),
    /// `b"…"`
    Bytes(Vec<u8>),
    /// One of `# @ . , : ( ) [ ] { } =`.
    Sign(char),
    /// The end of the text.
    End,
}

impl std::fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Word(it) | Self::Number(it) => {
                write!(f, "`{}`", it.chars().take(40).collect::<String>())
            }
            Self::Text(_) => f.write_str("a string"),
            Self::Bytes(_) => f.write_str("a string of bytes"),
            Self::Sign(it) => write!(f, "`{it}`"),
            Self::End => f.write_str("the end of the text"),
        }
    }
}

/// Gives tokens one by one.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, rest: text }
    }

    /// How many bytes have been read.
    pub(super) const fn at(&self) -> usize {
        self.text.len() - self.rest.len()
    }

    /// An error at a byte of the text.
    pub(super) fn error(&self, at: usize, message: impl Into<String>) -> TextError {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.bytes().filter(|it| *it == b'\n').count() + 1;
        let column = before.chars().rev().take_while(|it| *it != '\n').count() + 1;
        TextError {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            message: message.into(),
        }
    }

    /// Goes over blanks and comments.
    pub(super) fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start();
            let Some(comment) = self.rest.strip_prefix(';') else { return };
            self.rest = comment.find('\n').and_then(|at| comment.get(at..)).unwrap_or_default();
        }
    }

    /// The next token; blanks have been skipped.
    pub(super) fn next(&mut self) -> Result<Token<'a>, TextError> {
        let mut chars = self.rest.chars();
        let Some(first) = chars.next() else { return Ok(Token::End) };
        let second = chars.next();
        match first {
            '"' => {
                self.bump(1);
                self.text_token()
            }
            'b' if second == Some('"') => {
                self.bump(2);
                self.bytes_token()
            }
            '#' | '@' | '.' | ',' | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '=' => {
                self.bump(1);
                Ok(Token::Sign(first))
            }
            _ if first.is_ascii_alphabetic() || first == '_' => Ok(Token::Word(self.word())),
            _ if first.is_ascii_digit() => Ok(Token::Number(self.number())),
            '-' if second.is_some_and(|it| it.is_ascii_digit()) => Ok(Token::Number(self.number())),
            _ => Err(self.error(self.at(), format!("{first:?} begins nothing"))),
        }
    }

    fn bump(&mut self, n: usize) {
        self.rest = self.rest.get(n..).unwrap_or_default();
    }

    fn take(&mut self, n: usize) -> &'a str {
        let taken = self.rest.get(..n).unwrap_or(self.rest);
        self.bump(n);
        taken
    }

    fn word(&mut self) -> &'a str {
        let n =
            self.rest.bytes().take_while(|it| it.is_ascii_alphanumeric() || *it == b'_').count();
        self.take(n)
    }

    fn number(&mut self) -> &'a str {
        let bytes = self.rest.as_bytes();
        let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let digits = |mut at: usize| {
            while digit(at) {
                at += 1;
            }
            at
        };
        let mut end = digits(usize::from(bytes.first() == Some(&b'-')));
        if bytes.get(end) == Some(&b'.') && digit(end + 1) {
            end = digits(end + 1);
        }
        if bytes.get(end) == Some(&b'e') {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'-' | b'+')));
            if digit(end + 1 + sign) {
                end = digits(end + 1 + sign);
            }
        }
        self.take(end)
    }

    fn char(&mut self) -> Result<char, TextError> {
        let Some(next) = self.rest.chars().next() else {
            return Err(self.error(self.at(), "the string does not end"));
        };
        self.bump(next.len_utf8());
        Ok(next)
    }

    fn text_token(&mut self) -> Result<Token<'a>, TextError> {
        let mut text = String::new();
        loop {
            match self.char()? {
                '"' => return Ok(Token::Text(text)),
                '\\' => text.push(self.escape()?),
                other => text.push(other),
            }
        }
    }

    fn escape(&mut self) -> Result<char, TextError> {
        let at = self.at();
        match self.char()? {
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            '\\' => Ok('\\'),
            '"' => Ok('"'),
            'u' => {
                let digits = self.rest.strip_prefix('{').and_then(|it| it.get(..it.find('}')?));
                let value = digits
                    .filter(|it| it.len() <= 6 && it.bytes().all(|it| it.is_ascii_hexdigit()))
                    .and_then(|it| u32::from_str_radix(it, 16).ok())
                    .and_then(char::from_u32);
                match (digits, value) {
                    (Some(digits), Some(value)) => {
                        self.bump(digits.len() + 2);
                        Ok(value)
                    }
                    _ => Err(self.error(at, "`\\u{…}` needs the number of a character")),
                }
            }
            other => Err(self.error(at, format!("there is no escape {other:?}"))),
        }
    }

    fn bytes_token(&mut self) -> Result<Token<'a>, TextError> {
        let mut bytes = Vec::new();
        loop {
            let at = self.at();
            match self.char()? {
                '"' => return Ok(Token::Bytes(bytes)),
                '\\' if self.rest.starts_with('x') => {
                    self.bump(1);
                    let digits = self.rest.get(..2);
                    let byte = digits
                        .filter(|it| it.bytes().all(|it| it.is_ascii_hexdigit()))
                        .and_then(|it| u8::from_str_radix(it, 16).ok());
                    bytes.push(
                        byte.ok_or_else(|| self.error(at, "`\\x` needs two digits of base 16"))?,
                    );
                    self.bump(2);
                }
                it @ ' '..='~' if it != '\\' => bytes.extend(u8::try_from(it).ok()),
                _ => return Err(self.error(at, "this byte must be written as `\\x..`")),
            }
        }
    }
}
