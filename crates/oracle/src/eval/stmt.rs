//! Statements.

use remora_diagnostics::{Code, Span};
use remora_syntax::ast::{
    BindMode, Expr, ExprKind, Pattern, PatternKind, Stmt, StmtKind, TypeExpr,
};

use super::declared::pattern_subject;
use super::{Frame, Interp, Position};
use crate::stop::{Eval, Stop, TailCall};
use crate::value::Value;

impl<'p> Interp<'_, 'p> {
    /// Runs statements; the value is that of the last one, if it is an expression.
    pub(super) fn stmts(&mut self, frame: &mut Frame<'p>, stmts: &'p [Stmt]) -> Eval<'p> {
        let mut last = Value::Null;
        for stmt in stmts {
            last = self.stmt(frame, stmt)?;
        }
        Ok(last)
    }

    fn stmt(&mut self, frame: &mut Frame<'p>, stmt: &'p Stmt) -> Eval<'p> {
        match &stmt.kind {
            StmtKind::Expr(expr) => return self.expr(frame, expr),
            StmtKind::Bind { mode, pattern, ty, value } => {
                self.bind(frame, *mode, pattern, ty.as_ref(), value)?;
            }
            StmtKind::Assign { place, op, ty, value } => {
                self.assign(frame, stmt.span, place, *op, (ty.as_ref(), value))?;
            }
            StmtKind::AssignPattern { pattern, value } => {
                let value = self.expr(frame, value)?;
                self.assign_pattern(frame, pattern, value)?;
            }
            // Declared when the block began; tests run only on request.
            StmtKind::Func(_) | StmtKind::Struct(_) | StmtKind::Enum(_) | StmtKind::Test(_) => {}
            StmtKind::While { label, condition, body } => {
                self.while_loop(frame, label.as_ref(), condition, body)?;
            }
            StmtKind::Loop { label, body } => self.endless_loop(frame, label.as_ref(), body)?,
            StmtKind::For { label, pattern, iterable, body } => {
                self.for_loop(frame, label.as_ref(), pattern, iterable, body)?;
            }
            StmtKind::Break(label) => return Err(Stop::Break(label.as_ref().map(|it| &*it.name))),
            StmtKind::Continue(label) => {
                return Err(Stop::Continue(label.as_ref().map(|it| &*it.name)));
            }
            StmtKind::Return(value) => return self.return_value(frame, value.as_ref(), stmt.span),
            StmtKind::Block(block) => {
                self.block(frame, block)?;
            }
            StmtKind::Try(it) => self.try_stmt(frame, it)?,
            StmtKind::Export(inner) => return self.stmt(frame, inner),
            StmtKind::Import(it) => self.import(frame, it, stmt.span)?,
            StmtKind::Error => {
                return self.fail(stmt.span, Code::E0017, "Not supported yet");
            }
        }
        Ok(Value::Null)
    }

    /// `let p := e`, `mut p := e`. A name that is bound to a function is known inside that function.
    fn bind(
        &mut self,
        frame: &mut Frame<'p>,
        mode: BindMode,
        pattern: &'p Pattern,
        ty: Option<&'p TypeExpr>,
        value: &'p Expr,
    ) -> Eval<'p, ()> {
        let mutable = mode == BindMode::Mut;
        let (span, subject) = (value.span, pattern_subject(pattern));
        if let (PatternKind::Bind(name), ExprKind::Func(_)) = (&pattern.kind, &value.kind) {
            let cell = self.declare_empty(frame, &name.name, mutable);
            let value = self.expr(frame, value)?;
            self.check_declared(frame, ty, &value, &subject, span)?;
            return self.write(&cell, value, pattern.span);
        }
        let value = self.expr(frame, value)?;
        self.check_declared(frame, ty, &value, &subject, span)?;
        self.declare_pattern(frame, pattern, mutable, value)
    }

    /// `return e`
    fn return_value(
        &mut self,
        frame: &mut Frame<'p>,
        value: Option<&'p Expr>,
        span: Span,
    ) -> Eval<'p> {
        let span = value.map_or(span, |it| it.span);
        let value = match value {
            Some(value) => self.expr_in(frame, value, Position::Returned)?,
            None => Value::Null,
        };
        self.check_result(frame, &value, span)?;
        Err(Stop::Return(value))
    }

    /// An expression in its position. A call whose value is returned is made by the caller, so that it takes no room.
    pub(super) fn expr_in(
        &mut self,
        frame: &mut Frame<'p>,
        expr: &'p Expr,
        place: Position,
    ) -> Eval<'p> {
        match &expr.kind {
            ExprKind::If(it) => self.if_expr(frame, it, place),
            ExprKind::Match(it) => self.match_expr(frame, it, place),
            ExprKind::Call(call) if place == Position::Returned && frame.may_tail_call => {
                let Some((callee, args)) = self.tail_callee(frame, call)? else {
                    return self.expr(frame, expr);
                };
                let Value::Function(callee) = callee else {
                    return self.call(callee, args, expr.span);
                };
                self.check_args(callee.func.name, callee.func.params, &args, expr.span)?;
                Err(Stop::TailCall(Box::new(TailCall { callee, args, span: expr.span })))
            }
            _ => self.expr(frame, expr),
        }
    }
}
