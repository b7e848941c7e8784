//! Text to probes: a recursive-descent parser on the tokens of Ruff, with every error it can find.
//!
//! The tokens are those of the other language; what differs is put right here ([`wanted`]): `$req` and `@table` begin with
//! characters that begin nothing in Ruff, `10s` is no number there, and `${` in a string is plain text. A predicate stands
//! between slashes: one before `{` ends it, any other divides.
//!
//! Linear in the text. Nesting is bounded, so that neither this nor what walks the tree needs much native stack.

mod expression;
mod statement;
mod wanted;

use std::sync::Arc;

use remora_diagnostics::{Code, Diagnostic, Sink, Span, closest};
use remora_syntax::{Token, TokenClass, TokenKind};

use crate::expr::{Probe, Source};
use crate::spec::{Point, Provider, Spec};

/// Most errors that are reported for one text.
const MAX_ERRORS: usize = 20;
/// How deep expressions may be nested, and how long a chain of operators may be.
const MAX_HEIGHT: u32 = 100;
/// Most probes in one text.
pub(crate) const MAX_PROBES: usize = 1_000;

/// A parser at a token of a text.
pub(crate) struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    at: usize,
    sink: Sink,
    depth: u32,
    /// Inside a predicate, where `/ {` ends it.
    in_predicate: bool,
}

/// What went wrong has been reported: go on at the next statement or probe.
#[derive(Debug)]
pub(crate) struct Reported;

type Parsed<T> = Result<T, Reported>;

/// The probes of a text and what is wrong with it.
pub(crate) fn parse(text: &str) -> (Source, Vec<Diagnostic>) {
    let mut sink = Sink::new(MAX_ERRORS);
    let tokens = wanted::tokens(text, &mut sink);
    if tokens.is_empty() {
        return (Source::default(), sink.finish());
    }
    let mut parser = Parser { text, tokens, at: 0, sink, depth: 0, in_predicate: false };
    let source = parser.source();
    (source, parser.sink.finish())
}

/// The specification that stands alone in a text.
pub(crate) fn parse_spec(text: &str) -> Option<Spec> {
    let mut sink = Sink::new(1);
    let tokens = wanted::tokens(text, &mut sink);
    let mut parser = Parser { text, tokens, at: 0, sink, depth: 0, in_predicate: false };
    let is_some = !parser.tokens.is_empty();
    let spec = if is_some { parser.spec().ok() } else { None };
    spec.filter(|_| parser.kind() == TokenKind::Eof && !parser.sink.has_errors())
}

impl<'a> Parser<'a> {
    fn source(&mut self) -> Source {
        let mut source = Source::default();
        while self.kind() != TokenKind::Eof && !self.sink.is_full() {
            if self.is_word("sample") {
                match self.sample() {
                    Ok(rate) => source.sampling = Some(rate),
                    Err(Reported) => self.skip_statement(),
                }
                continue;
            }
            match self.probe() {
                Ok(probe) if source.probes.len() < MAX_PROBES => source.probes.push(probe),
                Ok(probe) => {
                    let label = format!("a program has at most {MAX_PROBES} probes");
                    self.error(Code::P0009, probe.span, label);
                    break;
                }
                Err(Reported) => self.skip_probe(),
            }
        }
        if source.probes.is_empty() && !self.sink.has_errors() {
            let end = self.peek().span;
            self.sink.push(
                Diagnostic::error(Code::P0001)
                    .label(end, "there is no probe")
                    .help("write one, such as `fn:app.orders.create:entry { capture(args) }`"),
            );
        }
        source
    }

    fn probe(&mut self) -> Parsed<Probe> {
        let start = self.peek().span;
        let spec = self.spec()?;
        let span = start.to(self.previous());
        let mut predicate = None;
        if self.eat(TokenKind::Slash) {
            self.in_predicate = true;
            let parsed = self.expression();
            self.in_predicate = false;
            let parsed = parsed?;
            self.expect(TokenKind::Slash, "`/` ends the predicate")?;
            predicate = Some(parsed);
        }
        self.expect(TokenKind::LBrace, "`{` begins what the probe does")?;
        let mut probe = Probe { spec, span, predicate, sampling: None, body: Vec::new() };
        while self.kind() != TokenKind::RBrace {
            if self.kind() == TokenKind::Eof {
                self.unexpected("`}` ends the probe");
                return Err(Reported);
            }
            if self.eat(TokenKind::Semicolon) {
                continue;
            }
            if self.is_word("sample") {
                match self.sample() {
                    Ok(rate) => probe.sampling = Some(rate),
                    Err(Reported) => self.skip_statement(),
                }
                continue;
            }
            match self.statement() {
                Ok(statement) => probe.body.push(statement),
                Err(Reported) => self.skip_statement(),
            }
            if self.sink.is_full() {
                return Err(Reported);
            }
        }
        self.at += 1;
        Ok(probe)
    }

    fn spec(&mut self) -> Parsed<Spec> {
        let word = self.peek();
        let provider = self.slice(word.span);
        match provider {
            "begin" | "end" if self.next_kind() != TokenKind::Colon => {
                self.at += 1;
                return Ok(if provider == "begin" { Spec::Begin } else { Spec::End });
            }
            "interval" => {
                self.at += 1;
                return self.interval();
            }
            _ => {}
        }
        let known = Provider::from_name(provider);
        if known.is_some() && self.next_kind() == TokenKind::ColonColon {
            self.at += 1;
            self.unexpected("the name of a function follows, such as `myapp.users.*`");
            return Err(Reported);
        }
        let Some(known) = known.filter(|_| self.next_kind() == TokenKind::Colon) else {
            return Err(self.wrong_provider(word));
        };
        self.at += 1;
        self.expect(TokenKind::Colon, "`:` follows the provider")?;
        let pattern = self.pattern()?;
        if known == Provider::Rust && self.kind() != TokenKind::Colon {
            return Ok(Spec::Function { provider: known, pattern, point: Point::Entry(0) });
        }
        self.expect(TokenKind::Colon, "`:` and a point, such as `entry`, follow the name")?;
        let point = self.point()?;
        Ok(Spec::Function { provider: known, pattern, point })
    }

    fn wrong_provider(&mut self, word: Token) -> Reported {
        let name = self.slice(word.span).to_owned();
        if !self.names(word) {
            self.unexpected("a probe begins with a provider, such as `fn:`");
            return Reported;
        }
        let mut names: Vec<_> = Provider::ALL.iter().map(|it| it.name()).collect();
        names.extend(["begin", "end", "interval"]);
        let mut error =
            Diagnostic::error(Code::P0002).label(word.span, format!("there is no `{name}`"));
        error = match closest(&name, names.iter().copied()) {
            Some(near) => error.help(format!("did you mean `{near}`?")).edit(word.span, near),
            None => error.help(
                "write `fn:NAME:entry`; others: `py`, `rust`, `ruff`, `begin`, `end`, `interval`",
            ),
        };
        self.sink.push(error);
        Reported
    }

    /// `myapp.*.create_*`: tokens without blanks between them.
    fn pattern(&mut self) -> Parsed<Arc<str>> {
        let start = self.peek().span.start;
        let mut end = start;
        loop {
            let it = self.peek();
            let belongs = self.names(it)
                || matches!(
                    it.kind,
                    TokenKind::Dot
                        | TokenKind::DotDot
                        | TokenKind::Star
                        | TokenKind::ColonColon
                        | TokenKind::Lt
                        | TokenKind::Gt
                        | TokenKind::Int
                );
            if !belongs || it.span.start != end {
                break;
            }
            end = it.span.end;
            self.at += 1;
        }
        let text = self.slice(Span::new(start, end));
        let is_name = !text.is_empty()
            && text.split("::").flat_map(|it| it.split('.')).all(|part| !part.is_empty());
        if is_name {
            return Ok(text.into());
        }
        self.unexpected("the name of a function follows, such as `myapp.users.*`");
        Err(Reported)
    }

    fn point(&mut self) -> Parsed<Point> {
        let word = self.peek();
        let name = self.slice(word.span);
        let make: fn(u32) -> Point = match name {
            "entry" => Point::Entry,
            "exit" => Point::Exit,
            _ => {
                let mut error = Diagnostic::error(Code::P0003)
                    .label(word.span, format!("there is no point `{name}`"));
                error = match closest(name, ["entry", "exit"]) {
                    Some(near) => {
                        error.help(format!("did you mean `{near}`?")).edit(word.span, near)
                    }
                    None => error.help("write `entry`, `exit`, or `entry+N` for N lines below"),
                };
                self.sink.push(error);
                return Err(Reported);
            }
        };
        self.at += 1;
        if !self.eat(TokenKind::Plus) {
            return Ok(make(0));
        }
        let it = self.peek();
        match self.slice(it.span).parse::<u32>() {
            Ok(offset) if it.kind == TokenKind::Int => {
                self.at += 1;
                Ok(make(offset))
            }
            _ => {
                self.error(Code::P0003, it.span, "a number of lines follows `+`");
                Err(Reported)
            }
        }
    }

    /// `:10s`, `:500ms`, `:2m`
    fn interval(&mut self) -> Parsed<Spec> {
        self.expect(TokenKind::Colon, "`:` and a time, such as `10s`, follow `interval`")?;
        let first = self.peek();
        let mut span = first.span;
        self.at += 1;
        while self.peek().span.start == span.end && is_word(self.kind()) {
            span = span.to(self.peek().span);
            self.at += 1;
        }
        let text = self.slice(span);
        let unit = text.trim_start_matches(|it: char| it.is_ascii_digit());
        let number = text[..text.len() - unit.len()].parse::<u32>().ok();
        let scale = match unit {
            "ms" => Some(1),
            "s" => Some(1_000),
            "m" => Some(60_000),
            _ => None,
        };
        let time = number.zip(scale).and_then(|(number, scale)| number.checked_mul(scale));
        match time {
            Some(time) if time >= 10 => Ok(Spec::Interval(time)),
            _ => {
                let error = Diagnostic::error(Code::P0008)
                    .label(span, "this is no time of at least 10ms")
                    .help("write a time such as `500ms`, `10s` or `2m`");
                self.sink.push(error);
                Err(Reported)
            }
        }
    }

    /// `sample 10%;` or `sample 1/100;`
    fn sample(&mut self) -> Parsed<f32> {
        let start = self.peek().span;
        self.at += 1;
        let number = self.sample_number()?;
        let rate = match self.kind() {
            TokenKind::Percent => {
                self.at += 1;
                number / 100.0
            }
            TokenKind::Slash => {
                self.at += 1;
                number / self.sample_number()?
            }
            _ => {
                self.unexpected("`%` or `/` follows the number of a rate");
                return Err(Reported);
            }
        };
        let span = start.to(self.previous());
        if !(0.0..=1.0).contains(&rate) {
            let error = Diagnostic::error(Code::P0008)
                .label(span, "this is no rate from 0% to 100%")
                .help("write `sample 10%` or `sample 1/100`");
            self.sink.push(error);
            return Err(Reported);
        }
        self.end_of_statement()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the wire form keeps a rate in 32 bits"
        )]
        Ok(rate as f32)
    }

    fn sample_number(&mut self) -> Parsed<f64> {
        let it = self.peek();
        if matches!(it.kind, TokenKind::Int | TokenKind::Float)
            && let Some(value) = remora_syntax::float_value(self.slice(it.span))
        {
            self.at += 1;
            return Ok(value);
        }
        self.unexpected("a rate is a number, such as `10%` or `1/100`");
        Err(Reported)
    }

    /// To the brace that closes the probe at hand, or the next that begins one.
    fn skip_probe(&mut self) {
        let mut open = 0_usize;
        while self.kind() != TokenKind::Eof {
            let kind = self.kind();
            self.at += 1;
            match kind {
                TokenKind::LBrace => open += 1,
                TokenKind::RBrace if open <= 1 => return,
                TokenKind::RBrace => open -= 1,
                _ => {}
            }
        }
    }

    /// To the end of the statement at hand.
    fn skip_statement(&mut self) {
        loop {
            match self.kind() {
                TokenKind::Eof | TokenKind::RBrace => return,
                TokenKind::Semicolon => {
                    self.at += 1;
                    return;
                }
                _ => self.at += 1,
            }
        }
    }

    fn peek(&self) -> Token {
        let last = self.tokens.len() - 1;
        self.tokens[self.at.min(last)]
    }

    fn kind(&self) -> TokenKind {
        self.peek().kind
    }

    fn next_kind(&self) -> TokenKind {
        self.tokens.get(self.at + 1).map_or(TokenKind::Eof, |it| it.kind)
    }

    fn previous(&self) -> Span {
        self.tokens.get(self.at.wrapping_sub(1)).map_or(Span::at(0), |it| it.span)
    }

    fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    fn is_word(&self, word: &str) -> bool {
        self.kind() == TokenKind::Name && self.slice(self.peek().span) == word
    }

    /// Whether a token is a plain name: it has no `$` or `@`, which begin others.
    fn names(&self, it: Token) -> bool {
        is_word(it.kind) && !self.slice(it.span).contains(wanted::SIGNS)
    }

    fn eat(&mut self, kind: TokenKind) -> bool {
        let is = self.kind() == kind;
        self.at += usize::from(is);
        is
    }

    fn expect(&mut self, kind: TokenKind, what: &str) -> Parsed<()> {
        if self.eat(kind) {
            return Ok(());
        }
        self.unexpected(what);
        Err(Reported)
    }

    fn end_of_statement(&mut self) -> Parsed<()> {
        if self.kind() == TokenKind::RBrace || self.kind() == TokenKind::Eof {
            return Ok(());
        }
        self.expect(TokenKind::Semicolon, "`;` stands between statements")
    }

    /// What stands here cannot; `what` says what can.
    fn unexpected(&mut self, what: &str) {
        let it = self.peek();
        let found = match it.kind {
            TokenKind::Eof => "the text ends here".to_owned(),
            _ => format!("`{}` cannot stand here", self.slice(it.span)),
        };
        self.sink.push(Diagnostic::error(Code::P0001).label(it.span, found).help(what));
    }

    fn error(&mut self, code: Code, span: Span, label: impl Into<String>) {
        self.sink.push(Diagnostic::error(code).label(span, label));
    }
}

/// A name or a keyword of Ruff, which is none here.
fn is_word(kind: TokenKind) -> bool {
    kind == TokenKind::Name
        || kind.class() == TokenClass::Keyword
        || matches!(kind, TokenKind::True | TokenKind::False | TokenKind::Null)
}
