//! Operators that a struct gives a meaning to with a method of its own.
//!
//! The left operand decides. Comparisons that a struct does not have are made from `op_lt`, `!=` from `op_eq`; these
//! give bools, while a method that is there gives whatever it returns.

use std::rc::Rc;

use remora_diagnostics::Span;
use remora_syntax::ast::{BinaryOp, FuncDecl, UnaryOp};

use super::{Interp, place};
use crate::env::Cell;
use crate::ops;
use crate::stop::{Args, Eval};
use crate::value::{FuncRef, StructValue, Value};

impl<'p> Interp<'_, 'p> {
    /// An operator with two evaluated operands, but for those that do not always evaluate both.
    pub(super) fn operate(
        &mut self,
        op: BinaryOp,
        left: &Value<'p>,
        right: &Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        if let Value::Struct(this) = left
            && let Some(result) = self.operate_struct(op, this, right, span)?
        {
            return Ok(result);
        }
        if let Some(result) = self.operate_foreign(op, left, right, span) {
            return result;
        }
        match op {
            BinaryOp::Eq => Ok(Value::Bool(self.equal(span, left, right)?)),
            BinaryOp::Ne => Ok(Value::Bool(!self.equal(span, left, right)?)),
            _ => self.at(span, ops::binary(op, left, right)),
        }
    }

    /// What the struct's method makes of it; `None` if it has none that serves.
    fn operate_struct(
        &mut self,
        op: BinaryOp,
        this: &Rc<StructValue<'p>>,
        right: &Value<'p>,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        let Some(name) = method_name(op) else { return Ok(None) };
        if let Some(decl) = operator(this, name) {
            return self.call_operator(this, decl, vec![right.clone()], span).map(Some);
        }
        let holds = match (op, operator(this, "op_lt"), right) {
            (BinaryOp::Ne, ..) => {
                let Some(decl) = operator(this, "op_eq") else { return Ok(None) };
                !self.call_operator(this, decl, vec![right.clone()], span)?.is_truthy()
            }
            (BinaryOp::Ge, Some(decl), _) => {
                !self.call_operator(this, decl, vec![right.clone()], span)?.is_truthy()
            }
            // The operands change places, so the right one must have the method.
            (BinaryOp::Gt | BinaryOp::Le, Some(_), Value::Struct(other)) => {
                let Some(decl) = operator(other, "op_lt") else { return Ok(None) };
                let left = Value::Struct(Rc::clone(this));
                let less = self.call_operator(other, decl, vec![left], span)?.is_truthy();
                less == (op == BinaryOp::Gt)
            }
            _ => return Ok(None),
        };
        Ok(Some(Value::Bool(holds)))
    }

    pub(super) fn operate_unary(
        &mut self,
        op: UnaryOp,
        operand: &Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        let name = match op {
            UnaryOp::Neg => "op_neg",
            UnaryOp::Not => "op_not",
        };
        match operand {
            Value::Struct(this) if let Some(decl) = operator(this, name) => {
                self.call_operator(this, decl, Vec::new(), span)
            }
            Value::Object(_)
                if op == UnaryOp::Neg
                    && let Some(result) = self.negate_object(operand, span) =>
            {
                result
            }
            _ => self.at(span, ops::unary(op, operand)),
        }
    }

    /// `object[key]`
    pub(super) fn index_value(
        &mut self,
        object: &Value<'p>,
        key: &Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        match object {
            Value::Struct(this) if let Some(decl) = operator(this, "op_index") => {
                self.call_operator(this, decl, vec![key.clone()], span)
            }
            Value::Object(_) => self.index_object(object, key, span),
            _ => self.at(span, place::index(object, key)),
        }
    }

    /// `object(args…)`
    pub(super) fn call_struct(
        &mut self,
        this: &Rc<StructValue<'p>>,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        match operator(this, "op_call") {
            Some(decl) => self.call_operator_with(this, decl, args, span),
            None => self.not_callable(&Value::Struct(Rc::clone(this)), span),
        }
    }

    fn call_operator(
        &mut self,
        this: &Rc<StructValue<'p>>,
        decl: &'p FuncDecl,
        args: Vec<Value<'p>>,
        span: Span,
    ) -> Eval<'p> {
        self.call_operator_with(this, decl, Args::of(args), span)
    }

    fn call_operator_with(
        &mut self,
        this: &Rc<StructValue<'p>>,
        decl: &'p FuncDecl,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        self.charge(span, 1)?;
        // What the method does to its `self` is lost: operands are values.
        let cell = Cell::new("self", true, Value::Struct(Rc::clone(this)));
        let func = FuncRef::named(decl, this.ty.module);
        self.invoke(func, this.ty.env.clone(), Some(cell), args, span, false)
    }
}

/// The struct's method of that name, if it takes `self`.
fn operator<'p>(this: &StructValue<'p>, name: &str) -> Option<&'p FuncDecl> {
    this.ty.method(name).filter(|it| it.self_param.is_some())
}

const fn method_name(op: BinaryOp) -> Option<&'static str> {
    Some(match op {
        BinaryOp::Add => "op_add",
        BinaryOp::Sub => "op_sub",
        BinaryOp::Mul => "op_mul",
        BinaryOp::Div => "op_div",
        BinaryOp::Mod => "op_mod",
        BinaryOp::Eq => "op_eq",
        BinaryOp::Ne => "op_ne",
        BinaryOp::Lt => "op_lt",
        BinaryOp::Le => "op_le",
        BinaryOp::Gt => "op_gt",
        BinaryOp::Ge => "op_ge",
        BinaryOp::And | BinaryOp::Or | BinaryOp::Coalesce => return None,
    })
}
