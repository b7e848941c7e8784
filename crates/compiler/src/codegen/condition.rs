//! Conditions: `&&`, `||`, `!` and comparisons as jumps, and as bools where a value is wanted.

use remora_bytecode::{CodeBuilder, Label};
use remora_diagnostics::Span;
use remora_syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

use super::Codegen;
use crate::fold;

impl<'a> Codegen<'a, '_> {
    /// Whether the condition always holds or never.
    pub(super) fn constant_truth(&self, condition: &Expr) -> Option<bool> {
        if !self.options.optimise && !matches!(condition.kind, ExprKind::Bool(_)) {
            return None;
        }
        fold::constant(condition).as_ref().map(fold::truthy)
    }

    /// Jumps if the condition does not hold.
    pub(super) fn jump_unless(&mut self, condition: &'a Expr, target: Label) {
        self.jump_when(condition, false, target);
    }

    /// Jumps if the condition is `when`, else goes on.
    pub(super) fn jump_when(&mut self, condition: &'a Expr, when: bool, target: Label) {
        if !self.reachable() {
            return;
        }
        match &condition.kind {
            ExprKind::Binary { op: op @ (BinaryOp::And | BinaryOp::Or), left, right, .. } => {
                // `a && b` is false as soon as one is; `a || b` is true as soon as one is.
                let decides = *op == BinaryOp::Or;
                if when == decides {
                    self.jump_when(left, when, target);
                    self.jump_when(right, when, target);
                } else {
                    let decided = self.label();
                    self.jump_when(left, decides, decided);
                    self.jump_when(right, when, target);
                    self.bind(decided);
                }
            }
            // Only of a bool, since of anything else it is an error that must not get lost.
            ExprKind::Unary { op: UnaryOp::Not, operand } if is_bool(operand) => {
                self.jump_when(operand, !when, target);
            }
            _ => self.jump_on_value(condition, when, target),
        }
    }

    fn jump_on_value(&mut self, condition: &'a Expr, when: bool, target: Label) {
        if let Some(holds) = self.constant_truth(condition) {
            if holds == when {
                self.emit(condition.span, |code| code.jump(target));
            }
            return;
        }
        self.expr(condition);
        self.emit(condition.span, |code| match when {
            true => code.jump_if_true(target),
            false => code.jump_if_false(target),
        });
    }

    /// `a && b`, `a || b` as a bool.
    #[inline(never)]
    pub(super) fn logical(&mut self, op: BinaryOp, left: &'a Expr, right: &'a Expr, span: Span) {
        let decides = op == BinaryOp::Or;
        let (decided, end) = (self.label(), self.label());
        self.jump_when(left, decides, decided);
        self.expr(right);
        if !is_bool(right) {
            self.emit(right.span, CodeBuilder::to_bool);
        }
        self.emit(span, |code| code.jump(end));
        self.bind(decided);
        self.emit(span, |code| match decides {
            true => code.load_true(),
            false => code.load_false(),
        });
        self.bind(end);
    }
}

/// True for an expression that gives a bool or fails. A comparison may give anything: its operator may be a method.
pub(super) fn is_bool(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Bool(_) | ExprKind::Unary { op: UnaryOp::Not, .. } => true,
        ExprKind::Binary { op, .. } => matches!(op, BinaryOp::And | BinaryOp::Or),
        _ => false,
    }
}
