//! Operators: which bind tighter, and how expressions around them are put together.
//!
//! Two stacks, no recursion: an operand waits on `operands`, an operator on `operators`, until an operator that binds
//! less tightly (or the end) follows. `a .. b |> c ?? d || …` costs no native stack however the levels climb.

use remora_diagnostics::{Code, Span};

use super::{Node, Parse, Parser};
use crate::ast::{BinaryOp, Call, Expr, ExprKind, UnaryOp};
use crate::token::TokenKind;

/// An operator that waits for its right side.
#[derive(Clone, Copy)]
pub(super) struct Operator {
    what: What,
    binds: Binds,
    span: Span,
}

#[derive(Clone, Copy)]
enum What {
    Unary(UnaryOp),
    Await,
    Binary(BinaryOp),
    Pipe,
    Range { inclusive: bool },
}

/// How tightly an operator binds, loosest first. All are left-associative.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binds {
    Range,
    Pipe,
    Coalesce,
    Or,
    And,
    Equality,
    Order,
    Sum,
    Product,
    Prefix,
}

impl Parser<'_> {
    /// Parses an expression and leaves it on the stack.
    pub(super) fn expr(&mut self) -> Parse {
        self.enter()?;
        let base = self.operators.len();
        self.prefixes()?;
        self.operand()?;
        while let Some(operator) = self.infix()? {
            self.reduce(base, operator.binds)?;
            self.operators.push(operator);
            self.prefixes()?;
            self.operand()?;
        }
        self.reduce(base, Binds::Range)?;
        self.leave();
        Ok(())
    }

    /// Goes on with the finished expression on the stack as the first operand: `.x`, `|> f` and the like follow it.
    pub(super) fn expr_goes_on(&mut self) -> Parse {
        self.enter()?;
        let base = self.operators.len();
        self.postfixes()?;
        while let Some(operator) = self.infix()? {
            self.reduce(base, operator.binds)?;
            self.operators.push(operator);
            self.prefixes()?;
            self.operand()?;
        }
        self.reduce(base, Binds::Range)?;
        self.leave();
        Ok(())
    }

    /// Parses an expression in front of a block: the condition of `if`, the subject of `match`, and so on.
    pub(super) fn condition(&mut self) -> Parse {
        let before = std::mem::replace(&mut self.context.condition, true);
        let parsed = self.expr();
        self.context.condition = before;
        parsed
    }

    /// Takes `-`, `!` and `await` before an operand.
    fn prefixes(&mut self) -> Parse {
        loop {
            let what = match self.kind() {
                TokenKind::Minus if self.is_negative_literal() => return Ok(()),
                TokenKind::Minus => What::Unary(UnaryOp::Neg),
                TokenKind::Bang => What::Unary(UnaryOp::Not),
                TokenKind::Await => What::Await,
                TokenKind::Name if self.is_not_word() => {
                    self.foreign("not", "!");
                    What::Unary(UnaryOp::Not)
                }
                _ => return Ok(()),
            };
            let span = self.bump().span;
            self.operators.push(Operator { what, binds: Binds::Prefix, span });
        }
    }

    /// True at a `-` before a number that nothing binds tighter to: `-1`, but not `-1.abs()`.
    pub(super) fn is_negative_literal(&self) -> bool {
        use TokenKind as T;
        if !self.at(T::Minus) || !matches!(self.nth(1).kind, T::Int | T::Float) {
            return false;
        }
        let next = self.nth(2);
        let same_line = !(self.context.lines && next.after_newline);
        match next.kind {
            T::Dot | T::QuestionDot => false,
            T::LParen | T::LBracket | T::Question => !same_line,
            _ => true,
        }
    }

    /// The operator ahead, taken, if the expression goes on.
    fn infix(&mut self) -> Parse<Option<Operator>> {
        use BinaryOp as B;
        use TokenKind as T;
        let kind = self.kind();
        if self.line_ends() && kind != T::PipeGt {
            return Ok(None);
        }
        let (what, binds) = match kind {
            T::Plus if self.is_glued(T::Plus) => return Err(self.increment()),
            T::Minus if self.is_decrement() => return Err(self.increment()),
            T::Plus => (What::Binary(B::Add), Binds::Sum),
            T::Minus => (What::Binary(B::Sub), Binds::Sum),
            T::Star => {
                self.skip_foreign_tail(T::Star, "**", "pow(a, b)");
                (What::Binary(B::Mul), Binds::Product)
            }
            T::Slash => (What::Binary(B::Div), Binds::Product),
            T::Percent => (What::Binary(B::Mod), Binds::Product),
            T::EqEq => {
                self.skip_foreign_tail(T::Eq, "===", "==");
                (What::Binary(B::Eq), Binds::Equality)
            }
            T::BangEq => {
                self.skip_foreign_tail(T::Eq, "!==", "!=");
                (What::Binary(B::Ne), Binds::Equality)
            }
            T::Lt => {
                self.skip_foreign_tail(T::Lt, "<<", "bit_shl(a, n)");
                self.skip_foreign_tail(T::Gt, "<>", "!=");
                (What::Binary(B::Lt), Binds::Order)
            }
            T::LtEq => (What::Binary(B::Le), Binds::Order),
            T::Gt => {
                self.skip_foreign_tail(T::Gt, ">>", "bit_shr(a, n)");
                (What::Binary(B::Gt), Binds::Order)
            }
            T::GtEq => (What::Binary(B::Ge), Binds::Order),
            T::AndAnd => (What::Binary(B::And), Binds::And),
            T::OrOr => (What::Binary(B::Or), Binds::Or),
            T::QuestionQuestion if self.is_glued(T::Eq) => {
                return Err(self.foreign_assign("??=", "x := x ?? value"));
            }
            T::Tilde if self.is_glued(T::Eq) => {
                self.skip_foreign_tail(T::Eq, "~=", "!=");
                (What::Binary(B::Ne), Binds::Equality)
            }
            T::Arrow => {
                self.foreign("->", ".");
                return Err(super::Stop);
            }
            T::QuestionQuestion => (What::Binary(B::Coalesce), Binds::Coalesce),
            T::PipeGt => (What::Pipe, Binds::Pipe),
            T::DotDot => (What::Range { inclusive: false }, Binds::Range),
            T::DotDotEq => (What::Range { inclusive: true }, Binds::Range),
            T::And | T::Pipe | T::Caret => {
                self.foreign_bits(kind);
                (What::Binary(B::Add), Binds::Sum)
            }
            T::Name => match self.foreign_word() {
                Some(B::And) => (What::Binary(B::And), Binds::And),
                Some(B::Or) => (What::Binary(B::Or), Binds::Or),
                Some(_) => (What::Binary(B::Eq), Binds::Equality),
                None => return Ok(None),
            },
            _ => return Ok(None),
        };
        let span = self.bump().span;
        Ok(Some(Operator { what, binds, span }))
    }

    /// Joins what stands on the stacks down to `base` and binds at least as tightly as `binds`.
    fn reduce(&mut self, base: usize, binds: Binds) -> Parse {
        while self.operators.len() > base {
            let operator = self.operators[self.operators.len() - 1];
            if operator.binds < binds {
                break;
            }
            self.operators.pop();
            self.join(operator)?;
        }
        Ok(())
    }

    #[inline(never)]
    fn join(&mut self, operator: Operator) -> Parse {
        let mark = self.mark();
        let right = self.take_node();
        let end = right.outer.end;
        let (kind, start) = match operator.what {
            What::Unary(op) => {
                (ExprKind::Unary { op, operand: Box::new(right.expr) }, operator.span.start)
            }
            What::Await => (ExprKind::Await(Box::new(right.expr)), operator.span.start),
            What::Binary(op) => {
                let left = self.take_node();
                let start = left.outer.start;
                let (left, right) = (Box::new(left.expr), Box::new(right.expr));
                (ExprKind::Binary { op, op_span: operator.span, left, right }, start)
            }
            What::Pipe => {
                let value = self.take_node();
                let start = value.outer.start;
                let call = Box::new(piped_call(right));
                (ExprKind::Pipe { value: Box::new(value.expr), call }, start)
            }
            What::Range { inclusive } => {
                let first = self.take_node();
                if matches!(first.expr.kind, ExprKind::Range { .. })
                    && first.expr.span == first.outer
                {
                    let label = "a range has one beginning and one end";
                    self.complain(Code::E0009, operator.span, label);
                }
                let span = first.outer;
                let (start, end) = (Box::new(first.expr), Box::new(right.expr));
                (ExprKind::Range { start, end, inclusive }, span.start)
            }
        };
        self.push_node(mark, Span::new(start, end), |_| kind)
    }
}

/// The call that `… |> right` makes: `right` itself if it is a call, else a call of it.
fn piped_call(right: Node) -> Call {
    let bare = right.expr.span == right.outer;
    match right.expr {
        Expr { kind: ExprKind::Call(call), .. } if bare => *call,
        callee => Call { callee, args: Vec::new(), args_span: Span::at(right.outer.end) },
    }
}
