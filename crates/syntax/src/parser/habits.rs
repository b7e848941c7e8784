//! Habits from other languages: operators and words that Ruff spells otherwise.
//!
//! Each is one diagnostic that says how, after which parsing goes on as if it had been written so. Nothing here costs
//! anything for programs without such slips beyond a comparison on the way to another error.

use remora_diagnostics::{Code, Diagnostic, Span};

use super::{Parse, Parser, Stop};
use crate::ast::BinaryOp;
use crate::token::TokenKind;

/// How far ahead the `:` of `a ? b : c` is looked for.
const TERNARY_REACH: usize = 64;

impl Parser<'_> {
    /// Reports that the token ahead is spelled `ours` in Ruff.
    #[cold]
    #[inline(never)]
    pub(super) fn foreign(&mut self, theirs: &str, ours: &str) {
        let span = self.token().span;
        self.foreign_at(span, theirs, &format!("write `{ours}`"), Some(ours));
    }

    #[cold]
    #[inline(never)]
    fn foreign_at(&mut self, span: Span, theirs: &str, help: &str, ours: Option<&str>) {
        let error = Diagnostic::error(Code::E0013).label(span, format!("there is no `{theirs}`"));
        let error = error.help(help);
        self.note(match ours {
            Some(ours) => error.edit(span, ours),
            None => error,
        });
    }

    /// True when a token of `kind` follows the one ahead without a blank between them.
    pub(super) fn is_glued(&self, kind: TokenKind) -> bool {
        let next = self.nth(1);
        next.kind == kind && next.span.start == self.token().span.end
    }

    /// If the token ahead and a `tail` glued to it make the operator `theirs`, reports it and takes the first.
    pub(super) fn skip_foreign_tail(&mut self, tail: TokenKind, theirs: &str, ours: &str) {
        if self.is_glued(tail) {
            let span = self.token().span.to(self.nth(1).span);
            let exact = (!ours.contains('(')).then_some(ours);
            self.foreign_at(span, theirs, &format!("write `{ours}`"), exact);
            self.bump();
        }
    }

    /// `a & b` and its like.
    pub(super) fn foreign_bits(&mut self, kind: TokenKind) {
        let help = match kind {
            TokenKind::And => "write `&&` for and, `bit_and(a, b)` for bits",
            TokenKind::Pipe => "write `||` for or, `bit_or(a, b)` for bits",
            _ => "write `bit_xor(a, b)`",
        };
        let span = self.token().span;
        self.foreign_at(span, kind.text(), help, None);
    }

    /// True at `x--`: two minus signs with nothing after them to subtract.
    pub(super) fn is_decrement(&self) -> bool {
        self.is_glued(TokenKind::Minus) && {
            let after = self.nth(2);
            after.after_newline || !after.kind.starts_expr()
        }
    }

    /// At `++` or `--`.
    #[cold]
    #[inline(never)]
    pub(super) fn increment(&mut self) -> Stop {
        let (theirs, ours) = if self.at(TokenKind::Plus) { ("++", "+= 1") } else { ("--", "-= 1") };
        let span = self.token().span.to(self.nth(1).span);
        let (before, after) = (self.at_index(self.pos.saturating_sub(1)), self.nth(2));
        let is_name = |it: &crate::token::Token| it.kind == TokenKind::Name;
        let prefixed = is_name(&after) && !after.after_newline;
        let name = Some(if prefixed { after } else { before }).filter(is_name);
        let name = name.map_or("x", |it| self.slice(it.span));
        let ours = format!("{name} {ours}");
        let label = format!("there is no `{theirs}`");
        let error = Diagnostic::error(Code::E0013).label(span, label);
        let stop = self.report(error.help(format!("write `{ours}`")));
        self.bump();
        self.bump();
        stop
    }

    /// At an assignment sign that Ruff does not have, which is two tokens here.
    #[cold]
    #[inline(never)]
    pub(super) fn foreign_assign(&mut self, theirs: &str, ours: &str) -> Stop {
        let span = self.token().span.to(self.nth(1).span);
        self.foreign_at(span, theirs, &format!("write `{ours}`"), None);
        Stop
    }

    /// At the `mut` of `let mut`, which is taken.
    #[cold]
    #[inline(never)]
    pub(super) fn foreign_mut(&mut self) {
        let span = self.token().span;
        let error = Diagnostic::error(Code::E0013).message("not a word of Ruff");
        let error = error.label(span, "`let` binds for good, `mut` a variable: one of them");
        let name = self.slice(self.nth(1).span).to_owned();
        self.note(error.help(format!("write `mut {name} := …`")));
        self.bump();
    }

    /// True at `-- ` where a statement begins.
    pub(super) fn is_dash_comment(&self) -> bool {
        let after = self.nth(2);
        self.at(TokenKind::Minus)
            && self.is_glued(TokenKind::Minus)
            && !after.after_newline
            && after.span.start > self.nth(1).span.end
    }

    /// Leaves the line behind.
    #[cold]
    #[inline(never)]
    pub(super) fn dash_comment(&mut self) -> Stop {
        let span = self.token().span.to(self.nth(1).span);
        self.foreign_at(span, "--", "a comment begins with `#` or `//`", None);
        self.bump();
        while !self.token().after_newline && !self.at(TokenKind::Eof) {
            self.bump();
        }
        Stop
    }

    /// At a name after an operand. If it is an operator elsewhere, reports it; the caller takes the word and goes on
    /// with the operator given.
    pub(super) fn foreign_word(&mut self) -> Option<BinaryOp> {
        let next = self.nth(1);
        if next.after_newline || !next.kind.starts_expr() {
            return None;
        }
        let span = self.token().span;
        let called = self.is_glued(TokenKind::LParen);
        let (op, help, ours) = match self.slice(span) {
            "and" => (BinaryOp::And, "write `&&`", Some("&&")),
            "or" => (BinaryOp::Or, "write `||`", Some("||")),
            "is" if self.is_word_at(1, "not") => {
                let span = span.to(next.span);
                self.foreign_at(span, "is not", "write `!=`", Some("!="));
                self.bump();
                return Some(BinaryOp::Eq);
            }
            "as" => (BinaryOp::Eq, "write `int(x)`, `float(x)` or `to_string(x)`", None),
            "instanceof" | "isa" => (BinaryOp::Eq, "write `type(x) == \"array\"`", None),
            "is" => (BinaryOp::Eq, "write `==`", Some("==")),
            "in" => (BinaryOp::Eq, "write `xs.contains(x)`, or `d.has_key(k)`", None),
            "not" if self.is_word_at(1, "in") => {
                let span = span.to(next.span);
                self.foreign_at(span, "not in", "write `!xs.contains(x)`", None);
                self.bump();
                return Some(BinaryOp::Eq);
            }
            "div" if !called => {
                (BinaryOp::Div, "write `/`, which truncates for two ints", Some("/"))
            }
            "mod" if !called => (BinaryOp::Mod, "write `%`", Some("%")),
            _ => return None,
        };
        let theirs = self.slice(span).to_owned();
        self.foreign_at(span, &theirs, help, ours);
        Some(op)
    }

    /// True at the word `not` before an operand.
    pub(super) fn is_not_word(&self) -> bool {
        let next = self.nth(1);
        self.at_word("not")
            && !next.after_newline
            && next.kind.starts_expr()
            && next.kind != TokenKind::LBracket
            && !self.is_glued(TokenKind::LParen)
            && next.kind != TokenKind::Minus
    }

    /// At `?`. True when it begins the `? b : c` of a conditional expression rather than being the try operator: an
    /// operand follows on the line, and a lone `:` after it.
    pub(super) fn is_ternary(&self) -> bool {
        use TokenKind as T;
        let next = self.nth(1);
        let operand = next.kind.starts_expr() || next.kind == T::Ellipsis;
        if next.after_newline || !operand {
            return false;
        }
        let mut ahead = 1;
        while ahead < TERNARY_REACH {
            let token = self.nth(ahead);
            match token.kind {
                _ if ahead > 1 && token.after_newline => return false,
                T::Colon => return ahead > 1,
                T::LParen | T::LBracket | T::LBrace | T::StrHead => {
                    let idx = self.pos + ahead;
                    match self.pair_of(idx) {
                        Some(pair) => ahead = pair - self.pos,
                        None => return false,
                    }
                }
                T::Comma | T::Semicolon | T::RParen | T::RBracket | T::RBrace | T::Eof => {
                    return false;
                }
                kind if kind.is_assign() => return false,
                _ => {}
            }
            ahead += 1;
        }
        false
    }

    /// At the `?` of a conditional expression.
    #[cold]
    #[inline(never)]
    pub(super) fn ternary(&mut self) -> Stop {
        let label = "there is no `a ? b : c`; a `?` after a value takes what is in Ok or Some";
        let error = Diagnostic::error(Code::E0013).label(self.token().span, label);
        self.report(error.help("write `if a { b } else { c }`"))
    }

    /// At the start of a statement: a word that begins a declaration or statement elsewhere.
    pub(super) fn foreign_start(&self) -> Option<Foreign> {
        use TokenKind as T;
        let next = self.nth(1);
        if self.kind() != T::Name || next.after_newline {
            return None;
        }
        let word = self.slice(self.token().span);
        if self.is_glued(T::Bang) && matches!(self.nth(2).kind, T::LParen | T::LBracket) {
            return None;
        }
        let before_name = next.kind == T::Name;
        let before_operand = matches!(
            next.kind,
            T::Name | T::Int | T::Str | T::StrHead | T::SelfWord | T::True | T::False | T::Bang
        );
        Some(match word {
            "def" | "fn" | "fun" | "function" if before_name => {
                Foreign::Spelled(T::Func, "write `func name(…) { … }`")
            }
            "var" | "local" if before_name => Foreign::Spelled(T::Mut, "write `mut name := value`"),
            "val" | "final" if before_name => Foreign::Spelled(T::Let, "write `let name := value`"),
            "class" | "record" if before_name => {
                Foreign::Spelled(T::Struct, "write `struct Name { … }`")
            }
            "foreach" if before_operand => Foreign::Spelled(T::For, "write `for x in xs`"),
            "switch" if before_operand => Foreign::Spelled(T::Match, "write `match`"),
            "use" | "require" | "include" if before_name => {
                Foreign::Spelled(T::Import, "write `import name`")
            }
            "impl" | "interface" | "trait" if before_name => {
                Foreign::Missing("methods stand inside `struct Name { … }`")
            }
            "elif" | "elsif" | "elseif" => Foreign::Missing("write `else if`"),
            "unless" if before_operand => Foreign::Missing("write `if !(…)`"),
            "until" if before_operand => Foreign::Missing("write `while !(…)`"),
            "raise" | "throw" if before_operand => Foreign::Call("write `throw(value)`"),
            "do" if next.kind == T::LBrace => {
                Foreign::Missing("write `loop { …; if done { break } }`")
            }
            "delete" | "del" if before_operand => Foreign::Missing("write `d.remove(key)`"),
            "case" if before_operand || next.kind == T::LBracket => {
                Foreign::Astray("a `case` stands inside `match x { … }`")
            }
            "except" | "catch" if before_operand => {
                Foreign::Astray("write `try { … } except e { … }`")
            }
            "print" | "println" | "echo" | "puts" if before_operand => {
                Foreign::Call("write `print(…)`")
            }
            _ => return None,
        })
    }

    /// At a word that begins a statement in another language: reports it. Gives the keyword to read instead of it.
    #[cold]
    #[inline(never)]
    pub(super) fn report_foreign(&mut self, foreign: Foreign) -> Parse<TokenKind> {
        let span = self.token().span;
        let word = self.slice(span);
        let error = Diagnostic::error(Code::E0013);
        match foreign {
            Foreign::Spelled(ours, help) => {
                let label = format!("there is no `{word}`");
                let error = error.message("not a word of Ruff").label(span, label).help(help);
                self.note(error.edit(span, ours.text()));
                Ok(ours)
            }
            Foreign::Missing(help) => {
                let label = format!("there is no `{word}`");
                Err(self.report(error.message("not a word of Ruff").label(span, label).help(help)))
            }
            Foreign::Astray(help) => {
                let label = format!("`{word}` cannot stand alone");
                let error = Diagnostic::error(Code::E0009).label(span, label);
                Err(self.report(error.help(help)))
            }
            Foreign::Call(help) => {
                let label = "this is a function; its arguments stand in parentheses";
                Err(self.report(error.message("not a word of Ruff").label(span, label).help(help)))
            }
        }
    }

    /// The index of the bracket that closes the one at `idx`.
    pub(super) fn pair_of(&self, idx: usize) -> Option<usize> {
        let pair = self.at_index(idx).pair as usize;
        (pair > idx && pair < self.tokens.len()).then_some(pair)
    }
}

/// A word at the start of a statement that Ruff does not have.
#[derive(Clone, Copy)]
pub(super) enum Foreign {
    /// Spelled like this keyword here.
    Spelled(TokenKind, &'static str),
    /// Done otherwise.
    Missing(&'static str),
    /// A part of a statement that is missing.
    Astray(&'static str),
    /// A function, not a statement.
    Call(&'static str),
}
