//! Operators on numbers, where they have a result: everything else is for the loop. What they mean is [`scalar`]'s.

use remora_bytecode::CompareKind;
use remora_bytecode::scalar::{self, Arithmetic};

use super::Expr;
use super::flow::Truth;
use super::operand::{Node, OfTwo, Operand, STUCK, of_two};
use crate::ops::equal;
use crate::registers::Registers;
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// An arithmetic operator, as a type: its closures are made for it alone.
pub(super) trait Arith: Send + Sync + Copy + 'static {
    const OP: Arithmetic;
}

macro_rules! operators {
    ($of:ident, $kind:ty: $($name:ident)*) => {$(
        #[derive(Clone, Copy)]
        pub(super) struct $name;

        impl $of for $name {
            const OP: $kind = <$kind>::$name;
        }
    )*};
}

operators!(Arith, Arithmetic: Add Sub Mul Div Mod);

/// A comparison, likewise.
pub(super) trait Compare: Send + Sync + Copy + 'static {
    const OP: CompareKind;
}

operators!(Compare, CompareKind: Eq Ne Lt Le Gt Ge);

/// The result for two ints or two floats.
#[inline(always)]
pub(super) fn quick<O: Arith>(left: Value, right: Value) -> Option<Value> {
    if left.tag() == Tag::Int && right.tag() == Tag::Int {
        return ints::<O>(left.as_int(), right.as_int()).map(Value::int);
    }
    if left.tag() == Tag::Float && right.tag() == Tag::Float {
        return floats::<O>(left.as_float(), right.as_float()).map(Value::float);
    }
    None
}

/// The same, or of one of each.
#[inline(always)]
fn arithmetic<O: Arith>(left: Value, right: Value) -> Value {
    match quick::<O>(left, right) {
        Some(value) => value,
        None => mixed::<O>(left, right),
    }
}

#[inline(always)]
fn ints<O: Arith>(left: i64, right: i64) -> Option<i64> {
    // Small numbers are divided as 32 bits, which takes half the time on many machines.
    if let Arithmetic::Mod = O::OP
        && let (Ok(left), Ok(right)) = (u32::try_from(left), u32::try_from(right))
        && right != 0
    {
        return Some((left % right).into());
    }
    scalar::ints(O::OP, left, right).ok()
}

#[inline(always)]
fn floats<O: Arith>(left: f64, right: f64) -> Option<f64> {
    if let Arithmetic::Mod = O::OP {
        return None;
    }
    scalar::floats(O::OP, left, right).ok()
}

/// The result for an int and a float.
#[inline(never)]
pub(super) fn mixed<O: Arith>(left: Value, right: Value) -> Value {
    match (left.to_number(), right.to_number()) {
        (Some(x), Some(y)) if left.tag() != right.tag() => {
            floats::<O>(x, y).map_or(STUCK, Value::float)
        }
        _ => STUCK,
    }
}

/// Whether two ints or two floats compare so; anything else that has no operator of its own, out of line.
#[inline(always)]
pub(super) fn compare<O: Compare>(vm: &Vm, left: Value, right: Value, owned: bool) -> Truth {
    if left.tag() == Tag::Int && right.tag() == Tag::Int {
        return Truth::of(holds::<O, i64>(left.as_int(), right.as_int()));
    }
    if left.tag() == Tag::Float && right.tag() == Tag::Float {
        return Truth::of(holds::<O, f64>(left.as_float(), right.as_float()));
    }
    compare_others::<O>(vm, left, right, owned)
}

#[inline(always)]
fn holds<O: Compare, T: PartialOrd>(left: T, right: T) -> bool {
    match O::OP {
        CompareKind::Eq => left == right,
        CompareKind::Ne => left != right,
        CompareKind::Lt => left < right,
        CompareKind::Le => left <= right,
        CompareKind::Gt => left > right,
        CompareKind::Ge => left >= right,
    }
}

/// An int with a float, and equality where that takes no walk. `owned` says that a temporary would have to be given up.
#[inline(never)]
fn compare_others<O: Compare>(vm: &Vm, left: Value, right: Value, owned: bool) -> Truth {
    compare_slowly(vm, O::OP, left, right, owned)
}

fn compare_slowly(vm: &Vm, op: CompareKind, left: Value, right: Value, owned: bool) -> Truth {
    if let (Some(left), Some(right)) = (left.to_scalar(), right.to_scalar()) {
        return Truth::of(scalar::holds(op, scalar::order(left, right)));
    }
    let has_own = |it: Value| matches!(it.tag(), Tag::Struct | Tag::Object | Tag::Moved);
    if has_own(left) || has_own(right) || (owned && (left.is_heap() || right.is_heap())) {
        return Truth::Stuck;
    }
    match (op, equal::shallow(&vm.heap, left, right)) {
        (CompareKind::Eq, Some(equal)) => Truth::of(equal),
        (CompareKind::Ne, Some(equal)) => Truth::of(!equal),
        _ => Truth::Stuck,
    }
}

/// Makes something for an operator that is known.
pub(super) trait OfArith {
    type Made;
    fn make<O: Arith>(self, op: O) -> Self::Made;
}

pub(super) fn of_arith<M: OfArith>(op: Arithmetic, maker: M) -> M::Made {
    match op {
        Arithmetic::Add => maker.make(Add),
        Arithmetic::Sub => maker.make(Sub),
        Arithmetic::Mul => maker.make(Mul),
        Arithmetic::Div => maker.make(Div),
        Arithmetic::Mod => maker.make(Mod),
    }
}

/// The value of an operation.
pub(super) fn arithmetic_expr(op: Arithmetic, left: Node, right: Node) -> Expr {
    struct Of(Node, Node);
    struct With<O>(O);
    impl OfArith for Of {
        type Made = Expr;
        fn make<O: Arith>(self, op: O) -> Expr {
            of_two(self.0, self.1, With(op))
        }
    }
    impl<O: Arith> OfTwo for With<O> {
        type Made = Expr;
        fn make(self, left: impl Operand, right: impl Operand) -> Expr {
            Box::new(move |regs, vm| arithmetic::<O>(left.get(regs, vm), right.get(regs, vm)))
        }
    }
    of_arith(op, Of(left, right))
}

/// A condition.
pub(super) type Cond = Box<dyn Fn(Registers, &Vm) -> Truth + Send + Sync>;

/// Makes something of a condition whose shape is known.
pub(super) trait OfCondition {
    type Made;
    fn make(self, cond: impl Fn(Registers, &Vm) -> Truth + Send + Sync + 'static) -> Self::Made;
}

/// A comparison, before it is a closure.
pub(super) struct Comparison {
    pub(super) op: CompareKind,
    pub(super) left: Node,
    pub(super) right: Node,
    /// See [`compare_slowly`].
    pub(super) owned: bool,
}

struct Comparing<O, M>(O, bool, M);

impl<O: Compare, M: OfCondition> OfTwo for Comparing<O, M> {
    type Made = M::Made;
    fn make(self, left: impl Operand, right: impl Operand) -> M::Made {
        let owned = self.1;
        self.2.make(move |regs: Registers, vm: &Vm| {
            compare::<O>(vm, left.get(regs, vm), right.get(regs, vm), owned)
        })
    }
}

impl Comparison {
    /// Makes something of it, for its shape.
    pub(super) fn make<M: OfCondition>(self, maker: M) -> M::Made {
        match self.op {
            CompareKind::Eq => self.of(Eq, maker),
            CompareKind::Ne => self.of(Ne, maker),
            CompareKind::Lt => self.of(Lt, maker),
            CompareKind::Le => self.of(Le, maker),
            CompareKind::Gt => self.of(Gt, maker),
            CompareKind::Ge => self.of(Ge, maker),
        }
    }

    fn of<O: Compare, M: OfCondition>(self, op: O, maker: M) -> M::Made {
        of_two(self.left, self.right, Comparing(op, self.owned, maker))
    }

    /// As a closure.
    pub(super) fn boxed(self) -> Cond {
        struct Boxed;
        impl OfCondition for Boxed {
            type Made = Cond;
            fn make(self, cond: impl Fn(Registers, &Vm) -> Truth + Send + Sync + 'static) -> Cond {
                Box::new(cond)
            }
        }
        self.make(Boxed)
    }
}
