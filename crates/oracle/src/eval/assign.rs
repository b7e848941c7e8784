//! Assignment.

use remora_diagnostics::{Code, Span};
use remora_syntax::ast::{AssignOp, BinaryOp, Expr, ExprKind, Pattern, TypeExpr};

use super::place::WrittenPlace;
use super::{Frame, Interp, Meaning};
use crate::stop::Eval;
use crate::value::Value;

impl<'p> Interp<'_, 'p> {
    /// `place := value`, `place += value`. `span` is the whole statement.
    pub(super) fn assign(
        &mut self,
        frame: &mut Frame<'p>,
        span: Span,
        place: &'p Expr,
        op: AssignOp,
        (ty, value): (Option<&'p TypeExpr>, &'p Expr),
    ) -> Eval<'p, ()> {
        let Some(op) = operator(op) else { return self.assign_plain(frame, place, ty, value) };
        let written = self.changeable(frame, place)?;
        let target = self.place(frame, written)?;
        let old = self.read_place(&target, span)?;
        let value = self.expr(frame, value)?;
        let new = self.operate(op, &old, &value, span)?;
        // The place is about to be overwritten: let it be the only owner of what it will hold.
        drop((old, value));
        self.write_place(&target, new, place.span)
    }

    fn assign_plain(
        &mut self,
        frame: &mut Frame<'p>,
        place: &'p Expr,
        ty: Option<&'p TypeExpr>,
        value: &'p Expr,
    ) -> Eval<'p, ()> {
        match &place.kind {
            ExprKind::Name(name) if self.is_new(frame, name) => {
                self.declare_bare(frame, name, ty, value)
            }
            _ => {
                let written = self.changeable(frame, place)?;
                let target = self.place(frame, written)?;
                let span = value.span;
                let value = self.expr(frame, value)?;
                if let ExprKind::Name(name) = &place.kind {
                    self.check_declared(frame, ty, &value, name, span)?;
                }
                self.write_place(&target, value, place.span)
            }
        }
    }

    /// `name := value` where no such variable is visible.
    fn declare_bare(
        &mut self,
        frame: &mut Frame<'p>,
        name: &'p str,
        ty: Option<&'p TypeExpr>,
        value: &'p Expr,
    ) -> Eval<'p, ()> {
        let span = value.span;
        if matches!(value.kind, ExprKind::Func(_)) {
            let cell = self.declare_empty(frame, name, true);
            let value = self.expr(frame, value)?;
            self.check_declared(frame, ty, &value, name, span)?;
            return self.write(&cell, value, Span::default());
        }
        let value = self.expr(frame, value)?;
        self.check_declared(frame, ty, &value, name, span)?;
        self.declare(frame, name, true, value);
        Ok(())
    }

    /// `[a, b] := value`: each name as if assigned alone.
    pub(super) fn assign_pattern(
        &mut self,
        frame: &mut Frame<'p>,
        pattern: &'p Pattern,
        value: Value<'p>,
    ) -> Eval<'p, ()> {
        for (name, value) in self.take_apart(pattern, value)? {
            match self.meaning(frame, name) {
                Meaning::Variable(cell) => {
                    self.check_mutable(cell.mutable, name, pattern.span)?;
                    self.write(&cell, value, pattern.span)?;
                }
                Meaning::Field(_) => {
                    let Some(this) = frame.this.clone() else { continue };
                    let place = super::place::Place {
                        root: this,
                        steps: vec![super::place::Step::Field(name)],
                    };
                    self.write_place(&place, value, pattern.span)?;
                }
                Meaning::Module(_)
                | Meaning::Builtin(_)
                | Meaning::Foreign(_)
                | Meaning::Nothing
                | Meaning::Unknown => {
                    self.declare(frame, name, true, value);
                }
            }
        }
        Ok(())
    }

    /// The place an expression names, if it may be changed. The compiler has seen to it; this is for programs that it
    /// has not seen.
    fn changeable(&self, frame: &Frame<'p>, place: &'p Expr) -> Eval<'p, WrittenPlace<'p>> {
        let Some(written) = self.written_place(frame, place) else {
            return self.fail(place.span, Code::E0101, "Unknown name");
        };
        if !written.root.mutable {
            let code = if written.is_whole() { Code::E0103 } else { Code::E0104 };
            return self.fail(
                place.span,
                code,
                format!("Cannot change immutable '{}'", written.root.name),
            );
        }
        Ok(written)
    }

    fn check_mutable(&self, mutable: bool, name: &str, span: Span) -> Eval<'p, ()> {
        if mutable {
            Ok(())
        } else {
            self.fail(span, Code::E0103, format!("Cannot change immutable '{name}'"))
        }
    }
}

const fn operator(op: AssignOp) -> Option<BinaryOp> {
    Some(match op {
        AssignOp::Set => return None,
        AssignOp::Add => BinaryOp::Add,
        AssignOp::Sub => BinaryOp::Sub,
        AssignOp::Mul => BinaryOp::Mul,
        AssignOp::Div => BinaryOp::Div,
        AssignOp::Mod => BinaryOp::Mod,
    })
}
