//! Array, dict and struct literals, and interpolated strings.

use remora_diagnostics::{Code, Diagnostic, Span};

use super::expr::string_body;
use super::{Parse, Parser, Stop, cut};
use crate::ast::{DictEntry, Element, Expr, ExprKind, Ident, Interpolated, StructField};
use crate::lexer::string::unescape;
use crate::token::{Token, TokenKind};

/// How far behind a struct literal in a condition the body is looked for.
const CONDITION_REACH: usize = 64;

impl Parser<'_> {
    #[inline(never)]
    pub(super) fn array(&mut self) -> Parse {
        let open = self.pos;
        let mark = self.mark();
        let base = self.lists.elements.len();
        let context = self.inside_brackets();
        self.bump();
        while !self.at(TokenKind::RBracket) {
            let spread = self.eat(TokenKind::Ellipsis);
            self.expr()?;
            self.push_element(spread);
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        if self.at(TokenKind::For) {
            let (label, help) =
                ("there are no comprehensions in Ruff", "write `xs.filter(x => …).map(x => …)`");
            return Err(self.refuse(Code::E0013, self.token().span, label, help));
        }
        self.close(open, TokenKind::RBracket, "`,` or ")?;
        let span = self.span_from(self.at_index(open).span.start);
        self.push_node(mark, span, |it| ExprKind::Array(cut(&mut it.lists.elements, base)))
    }

    #[inline(never)]
    fn push_element(&mut self, spread: bool) {
        let value = self.take();
        let element = if spread { Element::Spread(value) } else { Element::Item(value) };
        self.lists.elements.push(element);
    }

    #[inline(never)]
    pub(super) fn dict(&mut self) -> Parse {
        let open = self.pos;
        let mark = self.mark();
        let base = self.lists.entries.len();
        let context = self.inside_brackets();
        self.bump();
        while !self.at(TokenKind::RBrace) {
            self.dict_entry(open)?;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        self.close(open, TokenKind::RBrace, "`,` or ")?;
        let span = self.span_from(self.at_index(open).span.start);
        self.push_node(mark, span, |it| ExprKind::Dict(cut(&mut it.lists.entries, base)))
    }

    fn dict_entry(&mut self, open: usize) -> Parse {
        if self.eat(TokenKind::Ellipsis) {
            self.expr()?;
            self.push_entry(true);
            return Ok(());
        }
        self.expr()?;
        if !self.eat(TokenKind::Colon) {
            return Err(self.dict_without_colon(open));
        }
        self.expr()?;
        self.push_entry(false);
        Ok(())
    }

    #[inline(never)]
    fn push_entry(&mut self, spread: bool) {
        let value = self.take();
        let entry =
            if spread { DictEntry::Spread(value) } else { DictEntry::Pair(self.take(), value) };
        self.lists.entries.push(entry);
    }

    #[cold]
    #[inline(never)]
    fn dict_without_colon(&mut self, open: usize) -> Stop {
        if self.pair_of(open).is_none() {
            return self.unclosed(open);
        }
        let found = self.found();
        let error = Diagnostic::error(Code::E0009)
            .label(self.token().span, format!("expected `:` after the key, found {found}"));
        let set_like = matches!(self.kind(), TokenKind::Comma | TokenKind::RBrace);
        self.report(if set_like {
            error.help("a dict has `key: value` entries; a set is `Set([a, b])`")
        } else {
            error.help("braces where a value is wanted are a dict")
        })
    }

    /// True when the brace at `idx`, which stands after a name, opens a struct literal.
    ///
    /// Where no block can follow it always does. In front of a block (`if p == P { x: 1 } { … }`) it does when what is
    /// inside looks like fields, and after the closing brace the condition ends with the brace of the block, or goes
    /// on with an operator and then comes to that brace; so `if flag { x }` and `if x { }` have blocks. Costs a look
    /// at a bounded number of tokens.
    pub(super) fn opens_struct(&self, idx: usize) -> bool {
        if self.context.lines && self.at_index(idx).after_newline {
            return false;
        }
        if !self.context.condition {
            return true;
        }
        self.looks_like_fields(idx)
            && self.pair_of(idx).is_some_and(|it| self.block_follows(it + 1))
    }

    /// True when the rest of a condition, which goes on at the token `from`, comes to the body it is the condition of.
    fn block_follows(&self, from: usize) -> bool {
        use TokenKind as T;
        let mut at = from;
        if self.at_index(at).after_newline {
            return false;
        }
        while at < from + CONDITION_REACH {
            let token = self.at_index(at);
            let line_goes_on = at > 0 && self.at_index(at - 1).kind.wants_more();
            match token.kind {
                T::LBrace | T::FatArrow | T::Colon => return true,
                T::Dot | T::QuestionDot | T::PipeGt => {}
                _ if token.after_newline && !line_goes_on => return false,
                kind if at == from && !is_infix(kind) => return false,
                T::LParen | T::LBracket | T::StrHead => match self.pair_of(at) {
                    Some(pair) => at = pair,
                    None => return false,
                },
                T::Semicolon | T::RBrace | T::RParen | T::RBracket | T::Eof => return false,
                kind if kind.is_assign() => return false,
                _ => {}
            }
            at += 1;
        }
        false
    }

    fn looks_like_fields(&self, brace: usize) -> bool {
        use TokenKind as T;
        let [first, second, third] = [1, 2, 3].map(|it| self.at_index(brace + it));
        if first.kind == T::RBrace {
            return true;
        }
        let is_case = first.kind == T::Name && matches!(self.slice(first.span), "case" | "default");
        let is_label = second.kind == T::Colon && matches!(third.kind, T::For | T::While | T::Loop);
        let is_field = matches!(second.kind, T::Colon | T::Comma | T::RBrace);
        first.kind.is_word() && is_field && !is_case && !is_label
    }

    /// True when the brace at `idx` opens what can only be a dict: `{}`, `{"k": …`, `{...d`.
    pub(super) fn looks_like_dict(&self, idx: usize) -> bool {
        use TokenKind as T;
        let [first, second, third] = [1, 2, 3].map(|it| self.at_index(idx + it));
        match first.kind {
            T::RBrace | T::Ellipsis => true,
            T::LParen | T::LBracket | T::StrHead => {
                self.after_pair(idx + 1).is_some_and(|it| it.kind == T::Colon)
            }
            kind => {
                let is_label = matches!(third.kind, T::For | T::While | T::Loop);
                kind.starts_expr() && second.kind == T::Colon && !is_label
            }
        }
    }

    /// `P { x: 1, y }` or `Shape::Rect { w: 1 }`
    #[inline(never)]
    pub(super) fn struct_literal(&mut self) -> Parse {
        let name = self.bump().span;
        let variant = self.eat(TokenKind::ColonColon).then(|| self.bump().span);
        let open = self.pos;
        let mark = self.mark();
        let base = self.lists.fields.len();
        let context = self.inside_brackets();
        self.bump();
        while !self.at(TokenKind::RBrace) {
            self.struct_field(open)?;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        self.close(open, TokenKind::RBrace, "`,` or ")?;
        self.join_struct(mark, name, variant, base)
    }

    fn struct_field(&mut self, open: usize) -> Parse {
        let word = self.token();
        if !word.kind.is_word() {
            return Err(if self.pair_of(open).is_none() {
                self.unclosed(open)
            } else {
                self.expected("the name of a field")
            });
        }
        self.bump();
        if self.eat(TokenKind::Colon) {
            self.expr()?;
        } else if word.kind != TokenKind::Name {
            return Err(self.expected("`:` and a value"));
        } else {
            let name = ExprKind::Name(self.slice(word.span).into());
            self.push_leaf(name, word.span);
        }
        self.push_field(word.span);
        Ok(())
    }

    #[inline(never)]
    fn push_field(&mut self, name: Span) {
        let value = self.take();
        let field = StructField { name: self.ident(name), value };
        self.lists.fields.push(field);
    }

    #[inline(never)]
    fn join_struct(&mut self, mark: u32, name: Span, variant: Option<Span>, base: usize) -> Parse {
        let span = self.span_from(name.start);
        self.push_node(mark, span, |it| {
            let variant: Option<Ident> = variant.map(|span| it.ident(span));
            let fields = cut(&mut it.lists.fields, base);
            ExprKind::Struct { name: it.ident(name), variant, fields }
        })
    }

    /// At the head of a string with interpolations.
    #[inline(never)]
    pub(super) fn interpolated(&mut self) -> Parse {
        let start = self.token().span.start;
        let mark = self.mark();
        let base = self.lists.parts.len();
        let context = self.inside_brackets();
        loop {
            let piece = self.bump();
            self.push_text(piece);
            if piece.kind == TokenKind::StrTail {
                break;
            }
            self.expr()?;
            self.push_part();
            if !matches!(self.kind(), TokenKind::StrMid | TokenKind::StrTail) {
                return Err(self.expected("`}` after the expression"));
            }
        }
        self.context = context;
        let span = self.span_from(start);
        self.push_node(mark, span, |it| ExprKind::Interpolated(cut(&mut it.lists.parts, base)))
    }

    #[inline(never)]
    fn push_text(&mut self, piece: Token) {
        let source = &self.text[piece.span.range()];
        let raw = match piece.kind {
            // `}` and the quote need not be alike, and the quote may be missing.
            TokenKind::StrTail => source[1..].strip_suffix(['"', '\'']).unwrap_or(&source[1..]),
            TokenKind::StrHead | TokenKind::StrMid => &source[1..source.len() - 2],
            _ => string_body(source),
        };
        if !raw.is_empty() {
            self.lists.parts.push(Interpolated::Text(unescape(raw)));
        }
    }

    #[inline(never)]
    fn push_part(&mut self) {
        let expr: Expr = self.take();
        self.lists.parts.push(Interpolated::Expr(expr));
    }
}

/// True for operators after a struct literal in a condition.
fn is_infix(kind: TokenKind) -> bool {
    use TokenKind as T;
    matches!(
        kind,
        T::Dot
            | T::QuestionDot
            | T::QuestionQuestion
            | T::PipeGt
            | T::OrOr
            | T::AndAnd
            | T::EqEq
            | T::BangEq
            | T::Lt
            | T::LtEq
            | T::Gt
            | T::GtEq
            | T::Plus
            | T::Minus
            | T::Star
            | T::Slash
            | T::Percent
            | T::DotDot
            | T::DotDotEq
    )
}
