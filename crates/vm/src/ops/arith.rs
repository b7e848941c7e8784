//! Arithmetic off the fast path: strings, mixed numbers, overflow, and the errors that name what went wrong.

use remora_bytecode::scalar::{self, Arithmetic, Number, Trouble};
use remora_diagnostics::{Advice, Code, Operand};

use super::bulk_units;
use crate::fault::{Fault, Res};
use crate::heap::Heap;
use crate::limits::Charge;
use crate::value::{Tag, Value};

impl Value {
    /// The number, if it is one.
    #[inline(always)]
    #[must_use]
    pub const fn to_scalar(self) -> Option<Number> {
        match self.tag() {
            Tag::Int => Some(Number::Int(self.as_int())),
            Tag::Float => Some(Number::Float(self.as_float())),
            _ => None,
        }
    }
}

impl From<Number> for Value {
    #[inline(always)]
    fn from(number: Number) -> Self {
        match number {
            Number::Int(int) => Self::int(int),
            Number::Float(float) => Self::float(float),
        }
    }
}

/// The value of `a op b` for two numbers.
///
/// # Errors
/// R0002, R0003, R0007.
pub fn numbers(op: Arithmetic, a: Value, b: Value) -> Res<Value> {
    let (Some(left), Some(right)) = (a.to_scalar(), b.to_scalar()) else {
        return Err(invalid_binary(op.symbol(), a, b));
    };
    let result = scalar::numbers(op, left, right);
    result.map(Value::from).map_err(|trouble| troubled(op, trouble, a, b))
}

/// The value of `a op b`, counted for the caller; looks at both.
///
/// # Errors
/// R0002, R0003, R0007; L0001, L0002 and L0009 for strings.
pub fn binary(
    heap: &mut Heap,
    op: Arithmetic,
    a: Value,
    b: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<Value> {
    if op == Arithmetic::Add && a.tag() == Tag::String && b.tag() == Tag::String {
        charge_join(heap, a, b, charge)?;
        if let Some(joined) = heap.concat(a, b)? {
            return Ok(joined);
        }
    }
    if a.to_scalar().is_none() || b.to_scalar().is_none() {
        return Err(invalid_operands(heap, op.symbol(), a, b));
    }
    numbers(op, a, b)
}

/// The error for two numbers that this operator has no result for.
#[cold]
#[inline(never)]
fn troubled(op: Arithmetic, trouble: Trouble, a: Value, b: Value) -> Box<Fault> {
    match trouble {
        Trouble::DivisionByZero => {
            let what = if op == Arithmetic::Mod { "Modulo" } else { "Division" };
            Fault::new(Code::R0003, format!("{what} by zero"))
                .with_advice(Advice::by_zero(&digits(a), op.symbol()))
        }
        Trouble::Overflow => {
            let (a, b, symbol) = (a.to_int().unwrap_or(0), b.to_int().unwrap_or(0), op.symbol());
            Fault::new(Code::R0007, format!("Integer overflow: {a} {symbol} {b}"))
                .with_advice(Advice::overflow(&format!("{a} {symbol} {b}")))
        }
    }
}

/// `place + b` into `place`: a string with one owner grows in place, so that building one piece by piece is linear. Looks
/// at `b`.
///
/// # Errors
/// As [`binary`]; `place` has not changed then.
pub fn add_to(
    heap: &mut Heap,
    place: &mut Value,
    b: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<()> {
    if place.tag() == Tag::String && b.tag() == Tag::String {
        // What is appended costs; the rest only where it has to be copied, which doubling makes rare.
        let units = heap.str(b).map_or(0, |it| bulk_units(it.len()));
        if heap.is_unique(*place) {
            if units > 0 {
                charge.charge(units)?;
            }
        } else {
            charge_join(heap, *place, b, charge)?;
        }
        heap.append(place, b)?;
        return Ok(());
    }
    let sum = binary(heap, Arithmetic::Add, *place, b, charge)?;
    let old = core::mem::replace(place, sum);
    heap.release(old);
    Ok(())
}

fn charge_join(heap: &Heap, a: Value, b: Value, charge: &mut (impl Charge + ?Sized)) -> Res<()> {
    let bytes = |it| heap.str(it).map_or(0, str::len);
    let units = bulk_units(bytes(a)).saturating_add(bulk_units(bytes(b)));
    if units > 0 { charge.charge(units) } else { Ok(()) }
}

/// `-a`.
///
/// # Errors
/// R0002 and R0007.
pub fn neg(a: Value) -> Res<Value> {
    let Some(number) = a.to_scalar() else { return Err(invalid_unary("-", a)) };
    scalar::negate(number).map(Value::from).map_err(|_| {
        let int = a.to_int().unwrap_or(0);
        Fault::new(Code::R0007, format!("Integer overflow: -{int}"))
            .with_advice(Advice::overflow(&format!("-({int})")))
    })
}

/// `!a`.
///
/// # Errors
/// R0002 for everything but a bool.
pub fn not(a: Value) -> Res<Value> {
    match a.to_bool() {
        Some(truth) => Ok(Value::bool(!truth)),
        None => Err(invalid_unary("!", a)),
    }
}

/// The error for an operator that these two kinds have not.
#[cold]
#[inline(never)]
#[must_use]
pub fn invalid_binary(symbol: &str, a: Value, b: Value) -> Box<Fault> {
    let (left, right) = (a.type_name(), b.type_name());
    Fault::new(Code::R0002, format!("Invalid binary operation: {left} {symbol} {right}"))
        .with_advice(Advice::binary(symbol, &operand(a, None), &operand(b, None)))
}

/// The same, where texts can be looked up too.
#[cold]
#[inline(never)]
#[must_use]
pub fn invalid_operands(heap: &Heap, symbol: &str, a: Value, b: Value) -> Box<Fault> {
    let operand = |it| match heap.object(it) {
        Some(_) => Operand::of(heap.type_name(it)),
        None => operand(it, heap.str(it)),
    };
    let (left, right) = (operand(a), operand(b));
    let (a, b) = (heap.type_name(a), heap.type_name(b));
    Fault::new(Code::R0002, format!("Invalid binary operation: {a} {symbol} {b}"))
        .with_advice(Advice::binary(symbol, &left, &right))
}

/// The error for an operator that this kind has not.
#[cold]
#[inline(never)]
#[must_use]
pub fn invalid_unary(symbol: &str, a: Value) -> Box<Fault> {
    Fault::new(Code::R0002, format!("Invalid unary operation: {symbol} {}", a.type_name()))
        .with_advice(Advice::unary(symbol, &operand(a, None)))
}

/// A value as an error tells of it. `text` is its text, if it is a string.
#[must_use]
pub fn operand(value: Value, text: Option<&str>) -> Operand<'static> {
    let kind = value.type_name();
    match (value.tag(), text) {
        (Tag::Int | Tag::Float, _) => Operand::written(kind, digits(value)),
        (Tag::Bool, _) => Operand::written(kind, value.as_bool().to_string()),
        (_, Some(text)) => Operand::text(text),
        _ => Operand::of(kind),
    }
}

/// A number as it is printed.
fn digits(value: Value) -> String {
    match value.to_scalar() {
        Some(Number::Int(int)) => int.to_string(),
        Some(Number::Float(float)) => float.to_string(),
        None => String::new(),
    }
}
