//! Operands: literals, names, brackets, and what may follow them (`.x`, `(…)`, `[…]`, `?`).

use remora_diagnostics::{Code, Span};

use super::{Parse, Parser, cut};
use crate::ast::{Arg, Call, Expr, ExprKind};
use crate::lexer::number::{float_value, int_magnitude, out_of_range};
use crate::lexer::string::unescape;
use crate::token::TokenKind;

impl Parser<'_> {
    /// Parses an operand with what follows it and leaves it on the stack.
    pub(super) fn operand(&mut self) -> Parse {
        self.primary()?;
        self.postfixes()
    }

    fn primary(&mut self) -> Parse {
        use TokenKind as T;
        match self.kind() {
            T::Name => self.name_operand(),
            T::Int | T::Float | T::BadNumber | T::Minus | T::Str => self.literal_operand(),
            T::True => self.leaf(ExprKind::Bool(true)),
            T::False => self.leaf(ExprKind::Bool(false)),
            T::Null => self.leaf(ExprKind::Null),
            T::SelfWord => self.leaf(ExprKind::SelfValue),
            T::StrHead => self.interpolated(),
            T::LParen if self.is_arrow(self.pos) => self.arrow_func(),
            T::LParen => self.parenthesised(),
            T::LBracket => self.array(),
            T::LBrace => self.dict(),
            T::Func => self.func_expr(),
            T::If => self.if_expr(),
            T::Match => self.match_expr(),
            T::Yield => self.yield_expr(),
            _ => Err(self.no_operand()),
        }
    }

    /// Takes what follows a finished operand: fields, calls, indices, `?`.
    pub(super) fn postfixes(&mut self) -> Parse {
        use TokenKind as T;
        loop {
            match self.kind() {
                T::Dot => self.field(false)?,
                T::QuestionDot => self.field(true)?,
                T::LParen | T::LBracket | T::Question if self.line_ends() => return Ok(()),
                T::LParen => self.call()?,
                T::LBracket => self.index()?,
                T::Question if self.is_ternary() => return Err(self.ternary()),
                T::Question => self.try_operator()?,
                _ => return Ok(()),
            }
        }
    }

    /// Takes the token ahead as an operand.
    #[inline(never)]
    fn leaf(&mut self, kind: ExprKind) -> Parse {
        let span = self.bump().span;
        self.push_leaf(kind, span);
        Ok(())
    }

    #[inline(never)]
    fn literal_operand(&mut self) -> Parse {
        let Expr { kind, span } = self.literal();
        self.push_leaf(kind, span);
        Ok(())
    }

    /// At a number, a `-` before one, or a string without interpolation. Takes it.
    pub(super) fn literal(&mut self) -> Expr {
        let start = self.token().span.start;
        let negative = self.eat(TokenKind::Minus);
        let token = self.bump();
        let text = &self.text[token.span.range()];
        let kind = match token.kind {
            TokenKind::Str => ExprKind::Str(unescape(string_body(text))),
            TokenKind::Int => match int_magnitude(text).and_then(|it| signed(it, negative)) {
                Some(value) => ExprKind::Int(value),
                None => self.number_out_of_range(token.span, token.kind),
            },
            TokenKind::Float => match float_value(text) {
                Some(value) => ExprKind::Float(if negative { -value } else { value }),
                None => self.number_out_of_range(token.span, token.kind),
            },
            // The lexer has reported it.
            _ => ExprKind::Error,
        };
        Expr { kind, span: self.span_from(start) }
    }

    #[cold]
    #[inline(never)]
    fn number_out_of_range(&mut self, span: Span, kind: TokenKind) -> ExprKind {
        self.note(out_of_range(span, kind));
        ExprKind::Error
    }

    /// At a name: a variable, a path, a struct literal, `x => e`, or a word with a meaning here only.
    #[inline(never)]
    fn name_operand(&mut self) -> Parse {
        use TokenKind as T;
        let next = self.nth(1);
        match next.kind {
            T::FatArrow if !self.context.condition => return self.arrow_func(),
            T::ColonColon => return self.path(),
            T::LBrace if self.at_word("spawn") && !self.context.condition && self.joins(1) => {
                return self.spawn();
            }
            T::LBrace if self.opens_struct(self.pos + 1) => return self.struct_literal(),
            T::Func if self.at_word("async") && self.joins(1) => return self.func_expr(),
            T::Name | T::Str | T::StrHead | T::Bang | T::Colon | T::LParen | T::Int
                if self.foreign_operand()? =>
            {
                return self.func_expr();
            }
            _ => {}
        }
        let span = self.bump().span;
        let name = ExprKind::Name(self.slice(span).into());
        self.push_leaf(name, span);
        Ok(())
    }

    /// True when no newline that matters stands before the token `n` ahead.
    pub(super) fn joins(&self, n: usize) -> bool {
        !(self.context.lines && self.nth(n).after_newline)
    }

    /// `Enum::Variant`, and `Enum::Variant { … }`.
    #[inline(never)]
    fn path(&mut self) -> Parse {
        if self.nth(2).kind.is_word()
            && self.nth(3).kind == TokenKind::LBrace
            && self.opens_struct(self.pos + 3)
        {
            return self.struct_literal();
        }
        let base = self.name("a name")?;
        self.bump();
        let name = self.word("the name of a variant")?;
        let span = base.span.to(name.span);
        self.push_leaf(ExprKind::Path { base, name }, span);
        Ok(())
    }

    #[inline(never)]
    fn parenthesised(&mut self) -> Parse {
        let open = self.pos;
        let context = self.inside_brackets();
        self.bump();
        self.expr()?;
        self.context = context;
        if self.at(TokenKind::Comma) {
            let help = "there are no tuples in Ruff; write `[a, b]`";
            return Err(self.refuse(
                Code::E0009,
                self.token().span,
                "expected `)`, found `,`",
                help,
            ));
        }
        self.close(open, TokenKind::RParen, "")?;
        let span = self.span_from(self.at_index(open).span.start);
        if let Some(node) = self.operands.last_mut() {
            node.outer = span;
        }
        Ok(())
    }

    #[inline(never)]
    fn yield_expr(&mut self) -> Parse {
        let word = self.bump().span;
        let mark = self.mark();
        let has_value = !self.line_ends() && self.kind().starts_expr();
        if has_value {
            self.expr()?;
        }
        let span = self.span_from(word.start);
        self.push_node(mark, span, |it| ExprKind::Yield(has_value.then(|| it.take_boxed())))
    }

    #[inline(never)]
    fn field(&mut self, optional: bool) -> Parse {
        self.bump();
        let name = self.word("the name of a field or method")?;
        let mark = self.mark();
        let start = self.top_outer().start;
        let span = Span::new(start, name.span.end);
        self.push_node(mark, span, |it| ExprKind::Field { object: it.take_boxed(), name, optional })
    }

    #[inline(never)]
    fn try_operator(&mut self) -> Parse {
        let end = self.bump().span.end;
        let mark = self.mark();
        let start = self.top_outer().start;
        self.push_node(mark, Span::new(start, end), |it| ExprKind::Try(it.take_boxed()))
    }

    #[inline(never)]
    fn index(&mut self) -> Parse {
        let open = self.pos;
        let context = self.inside_brackets();
        self.bump();
        if !self.at(TokenKind::Colon) {
            self.expr()?;
        }
        if self.at(TokenKind::Colon) {
            return Err(self.slice_index());
        }
        self.context = context;
        let end = self.close(open, TokenKind::RBracket, "")?.end;
        self.join_index(end)
    }

    #[inline(never)]
    fn join_index(&mut self, end: u32) -> Parse {
        let mark = self.mark();
        let index = self.take_boxed();
        let start = self.top_outer().start;
        let object = self.take_boxed();
        self.push_node(mark, Span::new(start, end), |_| ExprKind::Index { object, index })
    }

    #[inline(never)]
    fn call(&mut self) -> Parse {
        let open = self.pos;
        let mark = self.mark();
        let base = self.lists.args.len();
        let context = self.inside_brackets();
        self.bump();
        while !self.at(TokenKind::RParen) {
            self.arg()?;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        if matches!(self.kind(), TokenKind::Eq | TokenKind::Assign) {
            return Err(self.assigned_argument());
        }
        self.close(open, TokenKind::RParen, "`,` or ")?;
        self.join_call(mark, base, self.span_from(self.at_index(open).span.start))
    }

    fn arg(&mut self) -> Parse {
        if self.eat(TokenKind::Ellipsis) {
            self.expr()?;
            self.push_arg(None, true);
        } else if self.kind().is_word() && self.nth(1).kind == TokenKind::Colon {
            let name = self.bump().span;
            self.bump();
            self.expr()?;
            self.push_arg(Some(name), false);
        } else {
            self.expr()?;
            self.push_arg(None, false);
        }
        Ok(())
    }

    #[inline(never)]
    fn push_arg(&mut self, name: Option<Span>, spread: bool) {
        let value = self.take();
        let arg = match name {
            Some(name) => Arg::Named(self.ident(name), value),
            None if spread => Arg::Spread(value),
            None => Arg::Positional(value),
        };
        self.lists.args.push(arg);
    }

    #[inline(never)]
    fn join_call(&mut self, mark: u32, base: usize, args_span: Span) -> Parse {
        let start = self.top_outer().start;
        self.push_node(mark, Span::new(start, args_span.end), |it| {
            let args = cut(&mut it.lists.args, base);
            ExprKind::Call(Box::new(Call { callee: it.take(), args, args_span }))
        })
    }
}

/// The source of a string without its quotes. An unterminated one, which was reported, may lack the second.
pub(super) fn string_body(text: &str) -> &str {
    let body = text.get(1..).unwrap_or_default();
    match text.as_bytes() {
        [first, .., last] if first == last => &body[..body.len() - 1],
        _ => body,
    }
}

fn signed(magnitude: u64, negative: bool) -> Option<i64> {
    if negative { 0_i64.checked_sub_unsigned(magnitude) } else { i64::try_from(magnitude).ok() }
}
