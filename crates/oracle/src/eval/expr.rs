//! Expressions.

use std::rc::Rc;

use remora_diagnostics::{Code, Span};
use remora_syntax::ast::{
    BinaryOp, DictEntry, Element, Expr, ExprKind, FuncExpr, Interpolated, UnaryOp,
};

use super::hoist::copied;
use super::{Frame, Interp, Position, place};
use crate::ops;
use crate::print;
use crate::stop::{Eval, Stop};
use crate::value::{Closure, Dict, FuncRef, Range, Value, Wrap};

impl<'p> Interp<'_, 'p> {
    pub(crate) fn expr(&mut self, frame: &mut Frame<'p>, expr: &'p Expr) -> Eval<'p> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Null => Ok(Value::Null),
            ExprKind::Bool(it) => Ok(Value::Bool(*it)),
            ExprKind::Int(it) => Ok(Value::Int(*it)),
            ExprKind::Float(it) => Ok(Value::Float(*it)),
            ExprKind::Str(it) => Ok(Value::str(&**it)),
            ExprKind::Interpolated(parts) => self.interpolated(frame, parts),
            ExprKind::Name(name) => self.name(frame, name, span),
            ExprKind::SelfValue => self.this(frame, span),
            ExprKind::Path { base, name } => self.variant(frame, base, name, Vec::new(), span),
            ExprKind::Array(elements) => self.array(frame, elements),
            ExprKind::Dict(entries) => self.dict(frame, entries),
            ExprKind::Struct { name, variant, fields } => {
                self.struct_literal(frame, name, variant.as_ref(), fields, span)
            }
            ExprKind::Unary { op, operand } => self.unary(frame, *op, operand, span),
            ExprKind::Binary { op, left, right, .. } => self.binary(frame, *op, left, right, span),
            ExprKind::Range { start, end, inclusive } => {
                self.range(frame, start, end, *inclusive, span)
            }
            ExprKind::Pipe { value, call } => {
                let value = self.expr(frame, value)?;
                self.call_expr(frame, call, Some(value), span)
            }
            ExprKind::Call(call) => self.call_expr(frame, call, None, span),
            ExprKind::Field { object, name, optional } => {
                if let Some(module) = self.module_of(frame, object) {
                    return self.member_value(module, name, span);
                }
                if let Some(function) = self.foreign_member(frame, object, &name.name) {
                    return Ok(Value::Foreign(function));
                }
                let object = self.expr(frame, object)?;
                if *optional && matches!(object, Value::Null) {
                    return Ok(Value::Null);
                }
                self.field_of(&object, &name.name, span)
            }
            ExprKind::Index { object, index } => {
                let object = self.expr(frame, object)?;
                let key = self.expr(frame, index)?;
                self.index_value(&object, &key, span)
            }
            ExprKind::Try(operand) => self.try_operator(frame, operand, span),
            ExprKind::Func(func) => Ok(closure(frame, func, self.module)),
            ExprKind::If(it) => self.if_expr(frame, it, Position::Value),
            ExprKind::Match(it) => self.match_expr(frame, it, Position::Value),
            ExprKind::Await(of) => {
                let value = self.expr(frame, of)?;
                self.await_value(value, span)
            }
            ExprKind::Yield(value) => self.yield_value(frame, value.as_deref(), span),
            ExprKind::Spawn(block) => Ok(self.spawn(frame, block)),
            ExprKind::Error => self.fail(span, Code::E0017, "Not supported yet"),
        }
    }

    fn interpolated(&mut self, frame: &mut Frame<'p>, parts: &'p [Interpolated]) -> Eval<'p> {
        let mut values = Vec::with_capacity(parts.len());
        for part in parts {
            values.push(match part {
                Interpolated::Text(text) => Value::str(&**text),
                Interpolated::Expr(expr) => self.expr(frame, expr)?,
            });
        }
        let text: String = values.iter().map(print::display).collect();
        Ok(Value::str(text))
    }

    fn array(&mut self, frame: &mut Frame<'p>, elements: &'p [Element]) -> Eval<'p> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Element::Item(expr) => items.push(self.expr(frame, expr)?),
                Element::Spread(expr) => {
                    let all = self.expr(frame, expr)?;
                    self.extend(&mut items, &all, expr.span)?;
                }
            }
        }
        Ok(Value::array(items))
    }

    fn dict(&mut self, frame: &mut Frame<'p>, entries: &'p [DictEntry]) -> Eval<'p> {
        let mut dict = Dict::default();
        for entry in entries {
            match entry {
                DictEntry::Pair(key_expr, value) => {
                    let key = self.expr(frame, key_expr)?;
                    let value = self.expr(frame, value)?;
                    let key = self.at(key_expr.span, place::key_of(&key))?;
                    dict.insert(key, value);
                }
                DictEntry::Spread(expr) => {
                    let other = self.expr(frame, expr)?;
                    let Value::Dict(other) = &other else {
                        let message = format!("Cannot spread {} into a dict", other.type_name());
                        return self.fail(expr.span, Code::R0013, message);
                    };
                    self.charge(expr.span, other.len())?;
                    for (key, value) in other.iter() {
                        dict.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        Ok(Value::dict(dict))
    }

    fn unary(
        &mut self,
        frame: &mut Frame<'p>,
        op: UnaryOp,
        operand: &'p Expr,
        span: Span,
    ) -> Eval<'p> {
        let operand = self.expr(frame, operand)?;
        self.operate_unary(op, &operand, span)
    }

    fn binary(
        &mut self,
        frame: &mut Frame<'p>,
        op: BinaryOp,
        left: &'p Expr,
        right: &'p Expr,
        span: Span,
    ) -> Eval<'p> {
        let left = self.expr(frame, left)?;
        match op {
            BinaryOp::And if !left.is_truthy() => return Ok(Value::Bool(false)),
            BinaryOp::Or if left.is_truthy() => return Ok(Value::Bool(true)),
            BinaryOp::Coalesce if !ops::is_absent(&left) => return Ok(left),
            _ => {}
        }
        let right = self.expr(frame, right)?;
        match op {
            BinaryOp::And | BinaryOp::Or => Ok(Value::Bool(right.is_truthy())),
            BinaryOp::Coalesce => Ok(right),
            _ => self.operate(op, &left, &right, span),
        }
    }

    fn range(
        &mut self,
        frame: &mut Frame<'p>,
        start: &'p Expr,
        end: &'p Expr,
        inclusive: bool,
        span: Span,
    ) -> Eval<'p> {
        let start = self.expr(frame, start)?;
        let end = self.expr(frame, end)?;
        match (&start, &end) {
            (Value::Int(start), Value::Int(end)) => {
                Ok(Value::Range(Range::new(*start, *end, inclusive)))
            }
            _ => {
                let dots = if inclusive { "..=" } else { ".." };
                Err(self.raise(span, crate::ops::bad_operands(dots, &start, &end, false)))
            }
        }
    }

    /// `operand?`
    fn try_operator(&mut self, frame: &mut Frame<'p>, operand: &'p Expr, span: Span) -> Eval<'p> {
        match self.expr(frame, operand)? {
            Value::Wrapped(Wrap::Ok | Wrap::Some, inner) => Ok(inner.0.clone()),
            absent @ (Value::Wrapped(Wrap::Err, _) | Value::Nothing) => {
                self.check_result(frame, &absent, span)?;
                Err(Stop::Return(absent))
            }
            _ => self.fail(span, Code::R0017, "Try operator requires Result or Option"),
        }
    }
}

/// A function literal: it keeps the names that it sees, and a copy of `self`.
fn closure<'p>(frame: &Frame<'p>, func: &'p FuncExpr, module: usize) -> Value<'p> {
    let this = frame.this.as_ref().and_then(copied);
    Value::Function(Rc::new(Closure {
        func: FuncRef::lambda(func, module),
        env: frame.env.clone(),
        this,
    }))
}
