//! `match` in its two forms.
//!
//! The full form has no colon: `case [a, ...r] if a > 0 { }`, `case 1..9 => e`. The older form has one
//! (`case Ok(v): { }`, `default: { }`), and there a bare name is a tag, not a variable.

use remora_diagnostics::{Code, Diagnostic};

use super::pattern::Place;
use super::{Parse, Parser};
use crate::ast::{Block, ExprKind, Match, MatchBody, MatchCase, Pattern, PatternKind};
use crate::token::TokenKind;

impl Parser<'_> {
    #[inline(never)]
    pub(super) fn match_expr(&mut self) -> Parse {
        let start = self.bump().span.start;
        let mark = self.mark();
        self.condition()?;
        let open = self.pos;
        self.expect(TokenKind::LBrace, "and cases")?;
        if self.blocks >= self.limits.max_blocks {
            return Err(self.too_deep("blocks", self.limits.max_blocks));
        }
        self.blocks += 1;
        let inside = super::Context { lines: true, condition: false };
        let context = std::mem::replace(&mut self.context, inside);
        let mut cases = Box::<Cases>::default();
        while !matches!(self.kind(), TokenKind::RBrace | TokenKind::Eof) {
            let first = self.pos;
            let checkpoint = self.checkpoint();
            if self.case_or_default(&mut cases).is_err() {
                self.restore(&checkpoint);
                self.recover_case(first);
            }
            while matches!(self.kind(), TokenKind::Comma | TokenKind::Semicolon) {
                self.bump();
            }
        }
        self.context = context;
        self.blocks -= 1;
        self.close(open, TokenKind::RBrace, "")?;
        self.join_match(start, mark, cases)
    }

    #[inline(never)]
    fn join_match(&mut self, start: u32, mark: u32, cases: Box<Cases>) -> Parse {
        let span = self.span_from(start);
        self.push_node(mark, span, |it| {
            let Cases { cases, default } = *cases;
            ExprKind::Match(Box::new(Match { subject: it.take(), cases, default }))
        })
    }

    fn case_or_default(&mut self, cases: &mut Cases) -> Parse {
        if self.at_word("case") {
            return self.case(&mut cases.cases);
        }
        if !self.at_word("default") && !self.at(TokenKind::Else) {
            return Err(self.expected_here("`case` or `default`"));
        }
        if self.at(TokenKind::Else) {
            self.foreign("else", "default");
        }
        let word = self.bump().span;
        if cases.default.is_some() {
            self.complain(Code::E0009, word, "there is a `default` already");
        }
        let body = self.case_body(Body::Default)?;
        self.set_default(&mut cases.default, body);
        Ok(())
    }

    #[inline(never)]
    fn set_default(&mut self, default: &mut Option<MatchBody>, body: Option<Block>) {
        *default = Some(match body {
            Some(block) => MatchBody::Block(block),
            None => MatchBody::Expr(self.take()),
        });
    }

    fn case(&mut self, cases: &mut Vec<MatchCase>) -> Parse {
        let start = self.bump().span.start;
        let base = self.patterns.len();
        self.alternatives()?;
        let guarded = self.at(TokenKind::If);
        if guarded {
            self.bump();
            self.condition()?;
        }
        let older = self.at(TokenKind::Colon);
        if older {
            self.patterns[base..].iter_mut().for_each(make_tag);
        }
        let body = self.case_body(Body::Case)?;
        self.push_case(cases, start, base, guarded, body);
        Ok(())
    }

    #[inline(never)]
    fn alternatives(&mut self) -> Parse {
        loop {
            self.pattern(Place::Top, "a pattern")?;
            if self.at(TokenKind::OrOr) {
                self.foreign("||", "|");
                self.bump();
            } else if !self.eat(TokenKind::Pipe) {
                return Ok(());
            }
        }
    }

    /// What a case does: a block, or else an expression that is left on the stack.
    fn case_body(&mut self, of: Body) -> Parse<Option<Block>> {
        let colon = self.eat(TokenKind::Colon);
        if self.at(TokenKind::LBrace) {
            return self.block().map(Some);
        }
        if colon || !self.at(TokenKind::FatArrow) {
            return Err(self.case_without_body(of, colon));
        }
        self.bump();
        // A block after `=>` is a habit from Rust and means the same as without the arrow.
        if self.at(TokenKind::LBrace) && !self.looks_like_dict(self.pos) {
            return self.block().map(Some);
        }
        self.expr()?;
        Ok(None)
    }

    #[cold]
    #[inline(never)]
    fn case_without_body(&mut self, of: Body, colon: bool) -> super::Stop {
        if of == Body::Case && !colon && self.kind().class() == crate::token::TokenClass::Operator {
            let found = self.found();
            let label = format!("{found} cannot stand in a pattern: patterns do not calculate");
            let error = Diagnostic::error(Code::E0014).label(self.token().span, label);
            return self.report(error.help("bind a name and write `if` and a condition after it"));
        }
        self.expected(match of {
            _ if colon => "`{`",
            Body::Case => "`{`, `=>`, `|` or `if` after the pattern",
            Body::Default => "`{` or `=>`",
        })
    }

    #[inline(never)]
    fn push_case(
        &mut self,
        cases: &mut Vec<MatchCase>,
        start: u32,
        base: usize,
        guarded: bool,
        body: Option<Block>,
    ) {
        let body = match body {
            Some(block) => MatchBody::Block(block),
            None => MatchBody::Expr(self.take()),
        };
        let guard = guarded.then(|| self.take());
        let patterns = self.take_patterns(base);
        cases.push(MatchCase { patterns, guard, body, span: self.span_from(start) });
    }
}

/// What a `match` holds, as far as it is parsed.
#[derive(Default)]
struct Cases {
    cases: Vec<MatchCase>,
    default: Option<MatchBody>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    Case,
    Default,
}

/// In the older form a bare name is a tag.
fn make_tag(pattern: &mut Pattern) {
    if let PatternKind::Bind(name) | PatternKind::Variant { base: None, name, payload: None } =
        &pattern.kind
    {
        pattern.kind = PatternKind::Tag(name.clone());
    }
}
