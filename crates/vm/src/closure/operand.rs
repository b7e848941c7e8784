//! Where an operand is: the shapes for which closures are specialised.
//!
//! A closure over a local and a constant has both in it and calls nothing. What is computed is a closure of its own, which is
//! called: specialising for that as well would square the amount of code.

use super::Expr;
use crate::registers::Registers;
use crate::value::Value;
use crate::vm::Vm;

/// Something that can be read.
pub(super) trait Operand: Send + Sync + 'static {
    /// Whether reading it costs next to nothing, so that it may be read again.
    const IS_THERE: bool = true;

    /// The value, which is not counted; [`STUCK`] if it is for the loop to find out.
    fn get(&self, regs: Registers, vm: &Vm) -> Value;
}

/// What an expression gives that is for the loop to compute. No register holds it.
pub(super) const STUCK: Value = Value::MOVED;

pub(super) struct Local(pub(super) u16);

impl Operand for Local {
    #[inline(always)]
    fn get(&self, regs: Registers, _: &Vm) -> Value {
        regs.get(self.0)
    }
}

pub(super) struct Int(pub(super) i64);

impl Operand for Int {
    #[inline(always)]
    fn get(&self, _: Registers, _: &Vm) -> Value {
        Value::int(self.0)
    }
}

pub(super) struct Float(pub(super) f64);

impl Operand for Float {
    #[inline(always)]
    fn get(&self, _: Registers, _: &Vm) -> Value {
        Value::float(self.0)
    }
}

impl Operand for Expr {
    const IS_THERE: bool = false;

    #[inline(always)]
    fn get(&self, regs: Registers, vm: &Vm) -> Value {
        self(regs, vm)
    }
}

/// An operand, while closures are made.
pub(super) enum Node {
    Local(u16),
    Int(i64),
    Float(f64),
    Computed(Expr),
}

impl Node {
    /// As a closure.
    pub(super) fn into_expr(self) -> Expr {
        match self {
            Self::Local(at) => Box::new(move |regs, _| regs.get(at)),
            Self::Int(value) => Box::new(move |_, _| Value::int(value)),
            Self::Float(value) => Box::new(move |_, _| Value::float(value)),
            Self::Computed(expr) => expr,
        }
    }
}

/// Makes something for operands of known shapes.
pub(super) trait OfTwo {
    type Made;
    fn make(self, left: impl Operand, right: impl Operand) -> Self::Made;
}

/// Chooses the shape.
pub(super) fn of_two<M: OfTwo>(left: Node, right: Node, maker: M) -> M::Made {
    match (left, right) {
        (Node::Local(a), Node::Local(b)) => maker.make(Local(a), Local(b)),
        (Node::Local(a), Node::Int(b)) => maker.make(Local(a), Int(b)),
        (Node::Local(a), Node::Float(b)) => maker.make(Local(a), Float(b)),
        (Node::Local(a), Node::Computed(b)) => maker.make(Local(a), b),
        (Node::Int(a), Node::Local(b)) => maker.make(Int(a), Local(b)),
        (Node::Float(a), Node::Local(b)) => maker.make(Float(a), Local(b)),
        (Node::Float(a), Node::Computed(b)) => maker.make(Float(a), b),
        (Node::Computed(a), Node::Local(b)) => maker.make(a, Local(b)),
        (Node::Computed(a), Node::Int(b)) => maker.make(a, Int(b)),
        (Node::Computed(a), Node::Float(b)) => maker.make(a, Float(b)),
        (left, right) => maker.make(left.into_expr(), right.into_expr()),
    }
}
