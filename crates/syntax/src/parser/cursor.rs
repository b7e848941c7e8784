//! Where the parser stands in the tokens, what it may look at, and how it says what is wrong.

use remora_diagnostics::{Code, Diagnostic, Span};

use super::{Context, Parse, Parser, Stop};
use crate::ast::Ident;
use crate::token::{NO_PAIR, Token, TokenKind};

impl Parser<'_> {
    /// The token ahead.
    #[inline]
    pub(super) fn token(&self) -> Token {
        self.nth(0)
    }

    /// The kind of the token ahead.
    #[inline]
    pub(super) fn kind(&self) -> TokenKind {
        self.token().kind
    }

    /// The token `n` after the one ahead; the end for all beyond it.
    #[inline]
    pub(super) fn nth(&self, n: usize) -> Token {
        self.at_index(self.pos + n)
    }

    /// The token at `idx` of all.
    #[inline]
    pub(super) fn at_index(&self, idx: usize) -> Token {
        self.tokens[idx.min(self.tokens.len() - 1)]
    }

    /// True when the token ahead is of `kind`.
    #[inline]
    pub(super) fn at(&self, kind: TokenKind) -> bool {
        self.kind() == kind
    }

    /// True when the token ahead is the contextual word `word`.
    pub(super) fn at_word(&self, word: &str) -> bool {
        self.is_word_at(0, word)
    }

    /// True when the token `n` after the one ahead is the contextual word `word`.
    pub(super) fn is_word_at(&self, n: usize, word: &str) -> bool {
        let token = self.nth(n);
        token.kind == TokenKind::Name && self.slice(token.span) == word
    }

    /// Takes the token ahead; at the end it stays there.
    #[inline]
    pub(super) fn bump(&mut self) -> Token {
        let token = self.token();
        if self.pos + 1 < self.tokens.len() {
            self.pos += 1;
        }
        token
    }

    /// Takes the token ahead if it is of `kind`.
    #[inline]
    pub(super) fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    /// Takes the token ahead if it is the contextual word `word`.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.bump();
        }
        found
    }

    /// Takes a token of `kind`, or reports what stands there instead.
    pub(super) fn expect(&mut self, kind: TokenKind, place: &str) -> Parse<Span> {
        if self.at(kind) {
            return Ok(self.bump().span);
        }
        Err(self.expected_token("", kind, place))
    }

    /// Takes the bracket that closes the one at index `open`, or reports what stands there instead. `or` says what
    /// else would have fitted.
    pub(super) fn close(&mut self, open: usize, kind: TokenKind, or: &str) -> Parse<Span> {
        if self.at(kind) {
            return Ok(self.bump().span);
        }
        if self.at_index(open).pair == NO_PAIR {
            return Err(self.unclosed(open));
        }
        Err(self.expected_close(open, or, kind))
    }

    #[cold]
    #[inline(never)]
    fn expected_close(&mut self, open: usize, or: &str, kind: TokenKind) -> Stop {
        let (place, found) = self.here();
        let label = format!("expected {or}`{}`, found {found}", kind.text());
        let mut error = Diagnostic::error(Code::E0009).label(place, label);
        let bracket = self.at_index(open).span;
        if self.text[bracket.end as usize..place.start as usize].contains('\n') {
            error = error.label(bracket, "for this bracket");
        }
        self.report(error)
    }

    #[cold]
    #[inline(never)]
    fn expected_token(&mut self, or: &str, kind: TokenKind, place: &str) -> Stop {
        let blank = if place.is_empty() { "" } else { " " };
        self.expected(&format!("{or}`{}`{blank}{place}", kind.text()))
    }

    /// Takes a name.
    pub(super) fn name(&mut self, what: &str) -> Parse<Ident> {
        if self.at(TokenKind::Name) {
            let span = self.bump().span;
            return Ok(self.ident(span));
        }
        Err(self.expected_name(what))
    }

    /// Takes a name, which here may be a keyword too: a field, a variant, a named argument.
    pub(super) fn word(&mut self, what: &str) -> Parse<Ident> {
        if self.kind().is_word() {
            let span = self.bump().span;
            return Ok(self.ident(span));
        }
        Err(self.expected(what))
    }

    /// The name that stands at `span`.
    pub(super) fn ident(&self, span: Span) -> Ident {
        Ident { name: self.slice(span).into(), span }
    }

    /// The source at `span`.
    #[inline]
    pub(super) fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// Where the last token taken ends.
    pub(super) fn last_end(&self) -> u32 {
        match self.pos.checked_sub(1) {
            Some(last) => self.tokens[last].span.end,
            None => 0,
        }
    }

    /// From `start` to the end of the last token taken.
    pub(super) fn span_from(&self, start: u32) -> Span {
        Span::new(start, self.last_end().max(start))
    }

    /// True when a newline before the token ahead ends what stands before it.
    #[inline]
    pub(super) fn line_ends(&self) -> bool {
        self.context.lines && self.token().after_newline
    }

    /// True where a statement may end: at a newline, `;`, a closing bracket or the end.
    pub(super) fn stmt_ends(&self) -> bool {
        use TokenKind as T;
        matches!(
            self.kind(),
            T::Semicolon | T::RBrace | T::RParen | T::RBracket | T::Comma | T::Eof
        ) || matches!(self.kind(), T::StrMid | T::StrTail)
            || self.token().after_newline
    }

    /// The token after the bracket at `idx` and its partner, if it has one ahead.
    pub(super) fn after_pair(&self, idx: usize) -> Option<Token> {
        let pair = self.at_index(idx).pair;
        (pair != NO_PAIR && pair as usize > idx).then(|| self.at_index(pair as usize + 1))
    }

    /// Inside brackets: newlines mean nothing, and braces after a name are a struct literal again. Gives back what was
    /// before.
    pub(super) fn inside_brackets(&mut self) -> Context {
        std::mem::replace(&mut self.context, Context { lines: false, condition: false })
    }

    /// Reports that `wanted` was expected.
    #[cold]
    #[inline(never)]
    pub(super) fn expected(&mut self, wanted: &str) -> Stop {
        let (place, found) = self.here();
        let label = format!("expected {wanted}, found {found}");
        self.report(Diagnostic::error(Code::E0009).label(place, label))
    }

    /// Where something is missing at the start of a line that nothing before it asks for.
    #[cold]
    #[inline(never)]
    pub(super) fn expected_here(&mut self, wanted: &str) -> Stop {
        let label = format!("expected {wanted}, found {}", self.found());
        self.report(Diagnostic::error(Code::E0009).label(self.token().span, label))
    }

    /// Where something is missing, and what stands there: where a newline ends what is being parsed, the end of the
    /// line and not what the next one begins with.
    pub(super) fn here(&self) -> (Span, String) {
        let token = self.token();
        let ends = match token.kind {
            TokenKind::Eof => "the end of the text",
            _ if self.line_ends() && self.pos > 0 => "the end of the line",
            _ => return (token.span, self.found()),
        };
        (Span::at(self.last_end()), ends.to_owned())
    }

    #[cold]
    #[inline(never)]
    fn expected_name(&mut self, what: &str) -> Stop {
        if !self.kind().is_word() {
            return self.expected(what);
        }
        let found = self.found();
        let label = format!("expected {what}, but {found} is a word of the language");
        let span = self.token().span;
        self.report(Diagnostic::error(Code::E0009).label(span, label))
    }

    /// Reports that the bracket at index `open` is never closed.
    #[cold]
    #[inline(never)]
    pub(super) fn unclosed(&mut self, open: usize) -> Stop {
        let bracket = self.at_index(open);
        let label = format!("this `{}` is never closed", bracket.kind.text());
        let error = Diagnostic::error(Code::E0010).label(bracket.span, label);
        let odd = if bracket.kind == TokenKind::LBrace { self.misindented(open) } else { None };
        self.report(match odd.map(|it| self.at_index(it).span) {
            Some(span) => {
                error.label(span, "or this one, whose `}` stands further left than its line")
            }
            None => error,
        })
    }

    /// The token ahead, for a message.
    pub(super) fn found(&self) -> String {
        let token = self.token();
        let written = self.slice(token.span);
        match token.kind {
            TokenKind::Eof => "the end of the text".to_owned(),
            TokenKind::Str => "a string".to_owned(),
            TokenKind::StrHead => "a string".to_owned(),
            TokenKind::StrMid | TokenKind::StrTail => "the end of the interpolation".to_owned(),
            _ if written.len() <= 40 => format!("`{written}`"),
            TokenKind::Name => "a name".to_owned(),
            _ => "a number".to_owned(),
        }
    }

    /// Reports an error with one label and, if it is not empty, help; then what is being parsed cannot go on.
    #[cold]
    #[inline(never)]
    pub(super) fn refuse(&mut self, code: Code, span: Span, label: &str, help: &str) -> Stop {
        let error = Diagnostic::error(code).label(span, label);
        self.report(if help.is_empty() { error } else { error.help(help) })
    }

    /// Reports an error with one label that does not keep the parser from going on.
    #[cold]
    #[inline(never)]
    pub(super) fn complain(&mut self, code: Code, span: Span, label: &str) {
        self.note(Diagnostic::error(code).label(span, label));
    }

    /// Reports an error after which what is being parsed cannot go on. One error for each token is enough; what the
    /// lexer has reported is not reported again.
    #[cold]
    #[inline(never)]
    pub(super) fn report(&mut self, error: Diagnostic) -> Stop {
        let reported = self.last_error == Some(self.pos) || self.pos >= self.silent_from;
        self.last_error = Some(self.pos);
        if !reported && !self.at(TokenKind::Unknown) {
            self.note(error);
        }
        Stop
    }

    /// Reports an error that does not keep the parser from going on.
    #[cold]
    #[inline(never)]
    pub(super) fn note(&mut self, error: Diagnostic) {
        if self.halted {
            return;
        }
        let full = self.sink.is_full();
        self.sink.push(error);
        if full {
            self.halt();
        }
    }

    /// Goes to the end and says no more.
    pub(super) fn halt(&mut self) {
        self.halted = true;
        self.pos = self.tokens.len() - 1;
    }
}
