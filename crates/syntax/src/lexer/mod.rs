//! Source text to tokens.
//!
//! Never fails and never stops early: what is no token becomes [`TokenKind::Unknown`] with a diagnostic. Linear in
//! the length of the text, and no recursion. All tokens are made before parsing begins, because the parser looks past
//! whole brackets (`(a, b) => …`), which the pairing found here makes one step.

mod interpolation;
pub(crate) mod number;
mod pairs;
pub(crate) mod string;
mod trivia;

use remora_diagnostics::{Code, Diagnostic, Sink, Span};

use self::interpolation::Interpolation;
use self::pairs::Pairs;
use crate::token::{NO_PAIR, Token, TokenKind};

/// Everything the lexer found, comments left out.
pub(crate) struct Lexed {
    /// The tokens, ending with one [`TokenKind::Eof`].
    pub(crate) tokens: Vec<Token>,
    /// `///` comments that stand on lines of their own: the index of the token after each, and where it stands.
    pub(crate) docs: Vec<(u32, Span)>,
    /// What the text ended inside of.
    pub(crate) unfinished: Option<Unfinished>,
}

/// What a text can end inside of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unfinished {
    /// A string or comment, which was reported: what stands from this offset on is not to be judged.
    Text(u32),
    /// A bracket, which the parser reports.
    Bracket,
}

/// Makes tokens of `text` from the byte `begin` on; it must be shorter than 4 GiB.
pub(crate) fn lex(text: &str, begin: usize, sink: &mut Sink) -> Lexed {
    let mut lexer = Lexer::new(text, begin, sink);
    // Ordinary source has a token in four to five bytes.
    let mut tokens = Vec::with_capacity((text.len() - begin) / 4 + 2);
    let mut docs = Vec::new();
    let mut pairs = Pairs::default();
    loop {
        let token = lexer.next_token();
        let idx = index(tokens.len());
        match token.kind {
            TokenKind::Comment => continue,
            TokenKind::DocComment => {
                if token.after_newline || tokens.is_empty() {
                    docs.push((idx, token.span));
                }
                continue;
            }
            _ => {}
        }
        lexer.newline = false;
        tokens.push(token);
        pairs.note(&mut tokens, idx);
        if token.kind == TokenKind::Eof {
            break;
        }
    }
    let unfinished = lexer.unfinished.or(pairs.any_open().then_some(Unfinished::Bracket));
    Lexed { tokens, docs, unfinished }
}

/// Makes tokens of `text` with comments among them, ending with one [`TokenKind::Eof`].
pub(crate) fn lex_with_comments(text: &str, sink: &mut Sink) -> Vec<Token> {
    let mut lexer = Lexer::new(text, 0, sink);
    let mut tokens = Vec::with_capacity(text.len() / 4 + 2);
    let mut pairs = Pairs::default();
    loop {
        let token = lexer.next_token();
        if !token.kind.is_comment() {
            lexer.newline = false;
        }
        let idx = index(tokens.len());
        tokens.push(token);
        pairs.note(&mut tokens, idx);
        if token.kind == TokenKind::Eof {
            return tokens;
        }
    }
}

/// The ASCII characters that names consist of.
const IN_WORD: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    table
};

struct Lexer<'a> {
    text: &'a str,
    /// Where the source begins: what stands before is another one.
    begin: usize,
    at: usize,
    /// A newline was seen since the last token.
    newline: bool,
    interpolations: Vec<Interpolation>,
    unfinished: Option<Unfinished>,
    sink: &'a mut Sink,
}

impl<'a> Lexer<'a> {
    fn new(text: &'a str, begin: usize, sink: &'a mut Sink) -> Self {
        let has_mark = text[begin..].starts_with('\u{FEFF}');
        let at = if has_mark { begin + '\u{FEFF}'.len_utf8() } else { begin };
        let (newline, interpolations, unfinished) = (false, Vec::new(), None);
        Self { text, begin, at, newline, interpolations, unfinished, sink }
    }

    fn next_token(&mut self) -> Token {
        self.blanks();
        let start = self.at;
        // Asked before the token is taken: a newline inside a block comment counts for the token after it.
        let after_newline = self.newline;
        let kind = self.token_kind();
        Token { kind, after_newline, span: self.span_from(start), pair: NO_PAIR }
    }

    fn token_kind(&mut self) -> TokenKind {
        let Some(&first) = self.text.as_bytes().get(self.at) else {
            self.finish_interpolations();
            self.interpolations.clear();
            return TokenKind::Eof;
        };
        match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.word(),
            b'0'..=b'9' => self.number(),
            b'"' | b'\'' => self.string(first),
            b'{' => {
                self.at += 1;
                self.open_brace();
                TokenKind::LBrace
            }
            b'}' => self.close_brace(),
            b'#' | b'/' => match self.comment() {
                Some(kind) => kind,
                None => self.punctuation(),
            },
            0x80.. => match self.text[self.at..].chars().next() {
                Some(it) if unicode_ident::is_xid_start(it) => self.word(),
                _ => self.unknown(),
            },
            _ => self.punctuation(),
        }
    }

    fn word(&mut self) -> TokenKind {
        let start = self.at;
        self.word_rest();
        TokenKind::of_word(&self.text.as_bytes()[start..self.at])
    }

    /// Takes the characters that may go on in a name.
    fn word_rest(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while let Some(&byte) = bytes.get(at) {
            if IN_WORD[usize::from(byte)] {
                at += 1;
            } else if byte < 0x80 {
                break;
            } else {
                match self.text[at..].chars().next() {
                    Some(it) if unicode_ident::is_xid_continue(it) => at += it.len_utf8(),
                    _ => break,
                }
            }
        }
        self.at = at;
    }

    fn punctuation(&mut self) -> TokenKind {
        use TokenKind as T;
        let bytes = self.text.as_bytes();
        let byte = |ahead: usize| bytes.get(self.at + ahead).copied().unwrap_or(0);
        let (kind, len) = match (byte(0), byte(1), byte(2)) {
            (b'.', b'.', b'.') => (T::Ellipsis, 3),
            (b'.', b'.', b'=') => (T::DotDotEq, 3),
            (b'.', b'.', _) => (T::DotDot, 2),
            (b':', b'=', _) => (T::Assign, 2),
            (b':', b':', _) => (T::ColonColon, 2),
            (b'?', b'?', _) => (T::QuestionQuestion, 2),
            (b'?', b'.', next) if next != b'.' => (T::QuestionDot, 2),
            (b'|', b'>', _) => (T::PipeGt, 2),
            (b'|', b'|', _) => (T::OrOr, 2),
            (b'&', b'&', _) => (T::AndAnd, 2),
            (b'=', b'=', _) => (T::EqEq, 2),
            (b'=', b'>', _) => (T::FatArrow, 2),
            (b'!', b'=', _) => (T::BangEq, 2),
            (b'<', b'=', _) => (T::LtEq, 2),
            (b'>', b'=', _) => (T::GtEq, 2),
            (b'-', b'>', _) => (T::Arrow, 2),
            (b'+', b'=', _) => (T::PlusEq, 2),
            (b'-', b'=', _) => (T::MinusEq, 2),
            (b'*', b'=', _) => (T::StarEq, 2),
            (b'/', b'=', _) => (T::SlashEq, 2),
            (b'%', b'=', _) => (T::PercentEq, 2),
            (b'(', ..) => (T::LParen, 1),
            (b')', ..) => (T::RParen, 1),
            (b'[', ..) => (T::LBracket, 1),
            (b']', ..) => (T::RBracket, 1),
            (b',', ..) => (T::Comma, 1),
            (b';', ..) => (T::Semicolon, 1),
            (b':', ..) => (T::Colon, 1),
            (b'.', ..) => (T::Dot, 1),
            (b'?', ..) => (T::Question, 1),
            (b'|', ..) => (T::Pipe, 1),
            (b'&', ..) => (T::And, 1),
            (b'^', ..) => (T::Caret, 1),
            (b'~', ..) => (T::Tilde, 1),
            (b'!', ..) => (T::Bang, 1),
            (b'=', ..) => (T::Eq, 1),
            (b'<', ..) => (T::Lt, 1),
            (b'>', ..) => (T::Gt, 1),
            (b'+', ..) => (T::Plus, 1),
            (b'-', ..) => (T::Minus, 1),
            (b'*', ..) => (T::Star, 1),
            (b'/', ..) => (T::Slash, 1),
            (b'%', ..) => (T::Percent, 1),
            _ => return self.unknown(),
        };
        self.at += len;
        kind
    }

    /// At a character that begins nothing. Takes it with its equals: `@@@` is one error.
    fn unknown(&mut self) -> TokenKind {
        let start = self.at;
        let Some(first) = self.text[start..].chars().next() else { return TokenKind::Eof };
        let run = self.text[start..].chars().take_while(|&it| it == first).count();
        self.at += run * first.len_utf8();
        let label = if first.is_control() || first.is_whitespace() || !first.is_ascii() {
            format!("the character U+{:04X} begins nothing in Ruff", u32::from(first))
        } else if first == '`' {
            "a backquote begins nothing in Ruff".to_owned()
        } else {
            format!("`{first}` begins nothing in Ruff")
        };
        let error = Diagnostic::error(Code::E0001).label(self.span_from(start), label);
        self.error(match first {
            '“' | '”' | '„' | '‘' | '’' | '«' | '»' => {
                error.help("strings stand in straight quotes: \"…\"")
            }
            '−' | '–' | '—' => error.help("write `-` for minus"),
            '×' | '·' => error.help("write `*` to multiply"),
            '÷' => error.help("write `/` to divide"),
            '≤' | '≥' | '≠' => error.help("write `<=`, `>=`, `!=`"),
            '`' => error.help("strings stand in `\"` or `'`"),
            '@' => error.help("there are no decorators in Ruff"),
            _ => error,
        });
        TokenKind::Unknown
    }

    fn offset(&self) -> u32 {
        index(self.at)
    }

    fn span_from(&self, start: usize) -> Span {
        Span::new(index(start), self.offset())
    }

    fn error(&mut self, error: Diagnostic) {
        self.sink.push(error);
    }
}

/// Offsets and counts of tokens fit in 32 bits: a token has at least one byte, and a source is far below 4 GiB.
#[expect(clippy::cast_possible_truncation, reason = "`crate::parse` refuses texts of 4 GiB")]
const fn index(n: usize) -> u32 {
    n as u32
}
