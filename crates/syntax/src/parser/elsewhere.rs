//! Expressions and blocks as other languages write them.
//!
//! Beside [`super::habits`], which knows operators and words: here are prefixes of strings, macros, lambdas, slices and
//! blocks without braces. All cold: looked at only where what stands there is no Ruff.

use remora_diagnostics::{Code, Diagnostic};

use super::{Parse, Parser, Stop};
use crate::token::TokenKind;

impl Parser<'_> {
    /// At a name that begins an operand, with something behind it that no name can have. Reports what it is elsewhere;
    /// true for an anonymous function, which can be read as ours.
    #[cold]
    #[inline(never)]
    pub(super) fn foreign_operand(&mut self) -> Parse<bool> {
        use TokenKind as T;
        let next = self.nth(1);
        if next.after_newline {
            return Ok(false);
        }
        let span = self.token().span;
        let word = self.slice(span);
        let glued = next.span.start == span.end;
        let both = span.to(next.span);
        let error = match (word, next.kind) {
            ("function" | "fn" | "fun" | "lambda", T::LParen)
                if self.after_pair(self.pos + 1).is_some_and(|it| it.kind == T::LBrace) =>
            {
                self.foreign("function", "func");
                return Ok(true);
            }
            ("lambda", T::Name | T::Colon) => {
                not_ruff().label(span, "there is no `lambda`").help("write `(x) => x * 2`")
            }
            ("new", T::Name) => not_ruff()
                .label(span, "there is no `new`")
                .help("a struct value is written `Point { x: 1, y: 2 }`"),
            ("typeof", _) if next.kind.starts_expr() && !glued => {
                not_ruff().label(span, "there is no operator `typeof`").help("write `type(x)`")
            }
            ("f" | "F" | "rf" | "fr", T::Str | T::StrHead) if glued => {
                let help = "every string may hold `${…}`: write \"hello ${name}\"";
                not_ruff().label(span, "strings have no prefix").help(help)
            }
            (_, T::Str | T::StrHead) if glued && word.len() <= 2 => not_ruff()
                .label(span, "strings have no prefix")
                .help("a backslash is written `\\\\`"),
            (_, T::Bang)
                if glued
                    && matches!(self.nth(2).kind, T::LParen | T::LBracket | T::LBrace)
                    && self.nth(2).span.start == next.span.end =>
            {
                let help = match word {
                    "vec" => "an array is written `[a, b]`".to_owned(),
                    "format" => "write the values into the text: \"n = ${n}\"".to_owned(),
                    _ => format!("write `{word}(…)`"),
                };
                not_ruff().label(both, "there are no macros in Ruff").help(help)
            }
            _ => return Ok(false),
        };
        Err(self.report(error))
    }

    /// Where an operand is wanted and none stands.
    #[cold]
    #[inline(never)]
    pub(super) fn no_operand(&mut self) -> Stop {
        use TokenKind as T;
        let (label, help) = match self.kind() {
            T::Plus if self.is_glued(T::Plus) => return self.increment(),
            T::Else => ("there is no `if` before this `else`", "write `if c { … } else { … }`"),
            T::Let | T::Const | T::Mut => (
                "a declaration gives no value",
                "write `match x { case Some(n) { … } }` to look into a value",
            ),
            T::Loop | T::While | T::For => {
                ("a loop gives no value", "assign to a variable inside the loop")
            }
            _ => return self.expected("an expression"),
        };
        let span = self.token().span;
        self.refuse(Code::E0009, span, label, help)
    }

    /// At `:` in an index.
    #[cold]
    #[inline(never)]
    pub(super) fn slice_index(&mut self) -> Stop {
        let error = not_ruff().label(self.token().span, "there are no slices");
        self.report(error.help("write `slice(xs, start, end)`"))
    }

    /// At `=` or `:=` after an argument.
    #[cold]
    #[inline(never)]
    pub(super) fn assigned_argument(&mut self) -> Stop {
        let label = format!("expected `,` or `)`, found {}", self.found());
        let help = "a named argument is written `name: value`; an assignment gives no value";
        self.refuse(Code::E0009, self.token().span, &label, help)
    }

    /// Where `in` should stand after the name of a loop.
    #[cold]
    #[inline(never)]
    pub(super) fn no_in(&mut self) -> Stop {
        if !matches!(self.kind(), TokenKind::Eq | TokenKind::Assign) {
            return self.expected("`in`");
        }
        let label = format!("expected `in`, found {}", self.found());
        self.refuse(Code::E0009, self.token().span, &label, "write `for i in 1..=3 { … }`")
    }

    /// At the `(` of `for (…)`.
    #[cold]
    #[inline(never)]
    pub(super) fn for_in_parens(&mut self) -> Stop {
        let help = "write `for x in xs { … }`, or `for i in 0..n { … }` to count";
        let label = "a `for` has no parentheses";
        self.refuse(Code::E0009, self.token().span, label, help)
    }

    /// True at a `{` where a condition should stand: its braces end the line.
    pub(super) fn lacks_condition(&self) -> bool {
        self.at(TokenKind::LBrace)
            && self.after_pair(self.pos).is_none_or(|it| {
                it.after_newline || matches!(it.kind, TokenKind::Eof | TokenKind::Else)
            })
    }

    #[cold]
    #[inline(never)]
    pub(super) fn no_condition(&mut self) -> Stop {
        self.refuse(Code::E0009, self.token().span, "expected a condition, found `{`", "")
    }

    /// Where a block should begin with its `{`. A body that is only indented is left behind with its `else`.
    #[cold]
    #[inline(never)]
    pub(super) fn no_block(&mut self) -> Stop {
        use TokenKind as T;
        let (place, found) = self.here();
        let label = format!("expected `{{`, found {found}");
        let kind = self.kind();
        let opens = match kind {
            T::Colon => self.nth(1).after_newline,
            T::Name => self.at_word("then") || self.at_word("do"),
            _ => self.line_ends(),
        };
        let help = match kind {
            T::Eq | T::Assign => "write `==` to compare; an assignment has no value",
            _ if opens => "blocks stand in braces: `{ … }`",
            _ => "",
        };
        let stop = self.refuse(Code::E0009, place, &label, help);
        if opens {
            self.skip_indented();
        }
        stop
    }

    /// Goes behind the lines that are indented deeper than this one, and behind an `else` and its lines after them.
    fn skip_indented(&mut self) {
        let start = self.at_index(self.pos.saturating_sub(1)).span.start;
        let depth = self.indent(start);
        loop {
            while !self.token().after_newline && !self.at(TokenKind::Eof) {
                self.bump();
            }
            while !self.at(TokenKind::Eof) && self.indent(self.token().span.start) > depth {
                self.bump();
            }
            let goes_on = self.at(TokenKind::Else)
                || ["elif", "elseif", "elsif", "end", "except", "finally"]
                    .iter()
                    .any(|it| self.at_word(it));
            if !goes_on {
                return;
            }
            self.bump();
        }
    }

    /// The brace after the one at `open` that was most likely left open: its partner stands further left than its line.
    pub(super) fn misindented(&self, open: usize) -> Option<usize> {
        let is_odd = |idx: usize| {
            let pair = self.pair_of(idx)?;
            let (begin, end) = (self.at_index(idx), self.at_index(pair));
            let odd = begin.kind == TokenKind::LBrace
                && end.after_newline
                && self.indent(end.span.start) < self.indent(begin.span.start);
            odd.then_some(idx)
        };
        (open + 1..self.tokens.len()).filter_map(is_odd).next_back()
    }

    /// How far the line is indented that the text at `at` stands in.
    fn indent(&self, at: u32) -> usize {
        let before = &self.text[..at as usize];
        let line = before.rfind('\n').map_or(0, |it| it + 1);
        self.text[line..].bytes().take_while(|it| matches!(it, b' ' | b'\t')).count()
    }

    /// After a lone name with something behind it on the line: what it may have been meant as.
    pub(super) fn lone_name_help(&self, name: &str) -> Option<String> {
        use TokenKind as T;
        if matches!(name, "spawn" | "async" | "test") {
            return None;
        }
        let next = self.token().kind;
        let assigned = self.nth(1).kind.is_assign();
        Some(match next {
            T::Name if assigned => {
                format!(
                    "a type stands behind the name: `{}: {name} := …`",
                    self.slice(self.token().span)
                )
            }
            T::Str | T::StrHead | T::Int | T::Float | T::Name | T::True | T::False | T::Null => {
                format!("arguments stand in parentheses: `{name}(…)`")
            }
            _ => return None,
        })
    }
}

fn not_ruff() -> Diagnostic {
    Diagnostic::error(Code::E0013).message("not written so in Ruff")
}
