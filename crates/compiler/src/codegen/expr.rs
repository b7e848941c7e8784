//! Expressions: the table of all kinds, operators, names and constants.

use remora_bytecode::{CodeBuilder, Constant, ResultKind, TypeIdx};
use remora_diagnostics::Span;
use remora_syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

use super::{Codegen, Want};
use crate::fold;
use crate::scope::Meaning;

impl<'a> Codegen<'a, '_> {
    /// Evaluates an expression; its value becomes what is wanted.
    pub(super) fn expr_for(&mut self, expr: &'a Expr, want: Want) {
        match &expr.kind {
            ExprKind::If(it) => self.if_expr(it, want),
            ExprKind::Match(it) => self.match_expr(it, want, expr.span),
            _ => match want {
                Want::Value => self.expr(expr),
                Want::Return => self.return_expr(expr),
                Want::Effect => {
                    self.expr(expr);
                    self.emit(expr.span, CodeBuilder::pop);
                }
            },
        }
    }

    /// Pushes the value of an expression.
    pub(super) fn expr(&mut self, expr: &'a Expr) {
        if !self.reachable() {
            return;
        }
        let span = expr.span;
        match &expr.kind {
            ExprKind::Error | ExprKind::Null => self.emit(span, CodeBuilder::load_null),
            ExprKind::Bool(true) => self.emit(span, CodeBuilder::load_true),
            ExprKind::Bool(false) => self.emit(span, CodeBuilder::load_false),
            ExprKind::Int(value) => self.emit(span, |code| code.load_int(*value)),
            ExprKind::Float(value) => self.constant(Constant::float(*value), span),
            ExprKind::Str(text) => self.text(text, span),
            ExprKind::Interpolated(parts) => self.interpolated(parts, span),
            ExprKind::Name(name) => self.name(name, span),
            ExprKind::SelfValue => self.load_self(span),
            ExprKind::Path { base, name } => self.bare_variant(base, name, span),
            ExprKind::Array(elements) => self.array(elements, span),
            ExprKind::Dict(entries) => self.dict(entries, span),
            ExprKind::Struct { name, variant: None, fields } => {
                self.struct_literal(name, fields, span);
            }
            ExprKind::Struct { name, variant: Some(variant), fields } => {
                self.variant_literal(name, variant, fields, span);
            }
            ExprKind::Unary { op, operand } => self.unary(*op, operand, expr),
            ExprKind::Binary { op, left, right, .. } => self.binary(*op, left, right, expr),
            ExprKind::Range { start, end, inclusive } => {
                self.range(start, end, *inclusive, span);
            }
            ExprKind::Pipe { value, call } => self.call(call, Some(value), span),
            ExprKind::Call(call) => self.call(call, None, span),
            ExprKind::Field { object, name, .. }
                if let Some(builtin) = self.scopes.in_module(object, &name.name) =>
            {
                let (import, _) = self.import(builtin);
                self.emit(span, |code| code.load_import(import));
            }
            ExprKind::Field { object, name, optional } => {
                if self.is_module(object) {
                    self.name(&name.name, span);
                } else {
                    self.field(object, &name.name, *optional, span);
                }
            }
            ExprKind::Index { object, index } => {
                self.expr(object);
                self.expr(index);
                self.emit(span, CodeBuilder::get_index);
            }
            ExprKind::Try(inner) => self.try_operator(inner, span),
            ExprKind::Func(func) => self.func_expr(func, span),
            ExprKind::If(it) => self.if_expr(it, Want::Value),
            ExprKind::Match(it) => self.match_expr(it, Want::Value, span),
            ExprKind::Await(inner) => {
                self.expr(inner);
                self.emit(span, CodeBuilder::r#await);
            }
            ExprKind::Yield(inner) => {
                match inner {
                    Some(inner) => self.expr(inner),
                    None => self.emit(span, CodeBuilder::load_null),
                }
                self.emit(span, CodeBuilder::r#yield);
            }
            ExprKind::Spawn(body) => self.spawn(body, span),
        }
    }

    pub(super) fn constant(&mut self, value: Constant, span: Span) {
        self.emit(span, |code| match value {
            Constant::Null => code.load_null(),
            Constant::Bool(true) => code.load_true(),
            Constant::Bool(false) => code.load_false(),
            Constant::Int(value) => code.load_int(value),
            value => code.load_const(value),
        });
    }

    pub(super) fn text(&mut self, text: &str, span: Span) {
        self.emit(span, |code| code.load_const(Constant::text(text)));
    }

    /// The value of an operator, if it is constant.
    pub(super) fn folded(&self, expr: &Expr) -> Option<Constant> {
        if !self.options.optimise {
            None
        } else if self.constants.any() {
            fold::constant_with(expr, &|name| self.known_name(name).cloned())
        } else {
            fold::constant(expr)
        }
    }

    #[inline(never)]
    fn unary(&mut self, op: UnaryOp, operand: &'a Expr, whole: &'a Expr) {
        if let Some(value) = self.folded(whole) {
            return self.constant(value, whole.span);
        }
        self.expr(operand);
        self.emit(whole.span, |code| match op {
            UnaryOp::Neg => code.unary_neg(),
            UnaryOp::Not => code.unary_not(),
        });
    }

    #[inline(never)]
    fn binary(&mut self, op: BinaryOp, left: &'a Expr, right: &'a Expr, whole: &'a Expr) {
        if let Some(value) = self.folded(whole) {
            return self.constant(value, whole.span);
        }
        match op {
            BinaryOp::And | BinaryOp::Or => self.logical(op, left, right, whole.span),
            BinaryOp::Coalesce => {
                let end = self.label();
                self.expr(left);
                self.emit(whole.span, |code| code.jump_if_some(end));
                self.expr(right);
                self.bind(end);
            }
            _ => {
                self.expr(left);
                self.expr(right);
                self.operator(op, whole.span);
            }
        }
    }

    /// The instruction for an operator whose operands are on the stack.
    pub(super) fn operator(&mut self, op: BinaryOp, span: Span) {
        self.emit(span, |code| match op {
            BinaryOp::Add => code.binary_add(),
            BinaryOp::Sub => code.binary_sub(),
            BinaryOp::Mul => code.binary_mul(),
            BinaryOp::Div => code.binary_div(),
            BinaryOp::Mod => code.binary_mod(),
            BinaryOp::And => code.logical_and(),
            BinaryOp::Or => code.logical_or(),
            BinaryOp::Coalesce => {}
            _ => {
                if let Some(kind) = fold::comparison(op) {
                    code.compare(kind);
                }
            }
        });
    }

    pub(super) fn name(&mut self, name: &'a str, span: Span) {
        match self.scopes.meaning(name) {
            Some(Meaning::Var(var) | Meaning::Declares(var)) => match self.known_var(var) {
                Some(value) => {
                    let value = value.clone();
                    self.constant(value, span);
                }
                None => self.load_var(var, span),
            },
            Some(Meaning::Import(var)) => self.load_var(var, span),
            Some(Meaning::Type(ty)) => self.emit(span, |code| code.load_type(TypeIdx(ty.0))),
            Some(Meaning::Field) => {
                self.load_self(span);
                self.emit(span, |code| code.get_attr(name));
            }
            Some(Meaning::Builtin(builtin)) => {
                let (import, _) = self.import(builtin);
                self.emit(span, |code| code.load_import(import));
            }
            // `None`; the other words are called.
            Some(Meaning::Word) => self.emit(span, |code| code.make_result(ResultKind::None)),
            Some(Meaning::Module) | None => debug_assert!(false, "{name} means a value"),
        }
    }

    /// What stands behind a dot after this is a name of another module.
    pub(super) fn is_module(&self, object: &Expr) -> bool {
        let ExprKind::Name(name) = &object.kind else { return false };
        self.scopes.meaning(name) == Some(Meaning::Module)
    }

    fn field(&mut self, object: &'a Expr, name: &str, optional: bool, span: Span) {
        self.expr(object);
        if optional {
            let end = self.label();
            self.emit(span, |code| {
                code.jump_if_null(end);
                code.get_attr(name);
            });
            self.bind(end);
        } else {
            self.emit(span, |code| code.get_attr(name));
        }
    }
}
