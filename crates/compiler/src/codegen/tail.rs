//! `return`, and calls in the place of one.
//!
//! `return f(x)` reuses the frame, unless something is still to be done here: a handler, a `finally`, or giving a changed
//! `self` back. `if` and `match` hand their place on to their branches.

use remora_bytecode::{CodeBuilder, MethodKind};
use remora_diagnostics::Span;
use remora_syntax::ast::{Arg, Call, Expr, ExprKind, FuncKind};

use super::control::Exit;
use super::{Codegen, Want, count};
use crate::scope::Meaning;

impl<'a> Codegen<'a, '_> {
    pub(super) fn return_stmt(&mut self, value: Option<&'a Expr>, span: Span) {
        match value {
            _ if self.result_check().is_some() => self.checked_return(value, span),
            None => self.return_null(span),
            Some(value) => self.expr_for(value, Want::Return),
        }
    }

    pub(super) fn return_null(&mut self, span: Span) {
        if self.in_try() {
            self.emit(span, CodeBuilder::load_null);
            self.leave(Exit::Return, self.contexts.len(), span);
        } else {
            self.emit(span, CodeBuilder::return_null);
        }
    }

    /// Returns the value of an expression that is neither `if` nor `match`.
    pub(super) fn return_expr(&mut self, value: &'a Expr) {
        match &value.kind {
            ExprKind::Null => self.return_null(value.span),
            ExprKind::Call(call) if self.is_tail_call(call) => self.tail_call(call, value.span),
            _ => {
                self.expr(value);
                self.leave(Exit::Return, self.contexts.len(), value.span);
            }
        }
    }

    #[inline(never)]
    fn tail_call(&mut self, call: &'a Call, span: Span) {
        self.expr(&call.callee);
        for arg in &call.args {
            let (Arg::Positional(it) | Arg::Spread(it) | Arg::Named(_, it)) = arg;
            self.expr(it);
        }
        self.emit(span, |code| code.tail_call(count(call.args.len())));
    }

    /// True for a plain call of a value by position, in a function that has nothing left to do.
    fn is_tail_call(&self, call: &Call) -> bool {
        let keeps_frame = self.in_start()
            || self.in_try()
            || self.scopes.func(self.function).source.kind() != FuncKind::Plain
            || self.scopes.func(self.function).method == Some(MethodKind::Mutating);
        let callee = match &call.callee.kind {
            ExprKind::Name(name) => {
                !matches!(self.scopes.meaning(name), Some(Meaning::Builtin(_) | Meaning::Word))
            }
            ExprKind::Field { .. } | ExprKind::Path { .. } => false,
            _ => true,
        };
        callee && !keeps_frame && call.args.iter().all(|it| matches!(it, Arg::Positional(_)))
    }
}
