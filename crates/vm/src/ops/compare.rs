//! Order: of numbers by value, exactly; of strings by code point. Everything else has none.

use core::cmp::Ordering;

use remora_bytecode::CompareKind;
use remora_bytecode::scalar;

use super::arith::invalid_operands;
use super::{bulk_units, object};
use crate::fault::Res;
use crate::heap::Heap;
use crate::limits::Charge;
use crate::value::{Tag, Value};

/// How two values are ordered: `None` if these kinds have no order, `Some(None)` if one is NaN.
#[inline]
#[must_use]
pub fn order(heap: &Heap, a: Value, b: Value) -> Option<Option<Ordering>> {
    match (a.tag(), b.tag()) {
        (Tag::Int, Tag::Int) => Some(Some(a.as_int().cmp(&b.as_int()))),
        (Tag::String, Tag::String) => Some(Some(heap.str(a)?.cmp(heap.str(b)?))),
        (Tag::Object, Tag::Object) => object::order(heap, a, b).ok().flatten(),
        _ => Some(scalar::order(a.to_scalar()?, b.to_scalar()?)),
    }
}

/// Whether `a op b`, for an operator of order; equality is [`super::equal`].
///
/// # Errors
/// R0002 if these kinds have no order.
pub fn compare(
    heap: &Heap,
    op: CompareKind,
    a: Value,
    b: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<bool> {
    if let (Some(a), Some(b)) = (heap.str(a), heap.str(b)) {
        let units = bulk_units(a.len().min(b.len()));
        if units > 0 {
            charge.charge(units)?;
        }
    }
    let order = match (a.tag(), b.tag()) {
        (Tag::Object, Tag::Object) => object::order(heap, a, b)?,
        _ => order(heap, a, b),
    };
    match order {
        Some(order) => Ok(scalar::holds(op, order)),
        None => Err(invalid_operands(heap, symbol(op), a, b)),
    }
}

/// How two numbers are ordered, without rounding an int to a float; `None` for NaN, and for what is no number.
#[must_use]
pub fn numbers(a: Value, b: Value) -> Option<Ordering> {
    scalar::order(a.to_scalar()?, b.to_scalar()?)
}

/// A comparison as it is written.
const fn symbol(op: CompareKind) -> &'static str {
    match op {
        CompareKind::Eq => "==",
        CompareKind::Ne => "!=",
        CompareKind::Lt => "<",
        CompareKind::Le => "<=",
        CompareKind::Gt => ">",
        CompareKind::Ge => ">=",
    }
}
