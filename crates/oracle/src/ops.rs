//! What operators mean.

use std::cmp::Ordering;
use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Operand};
use remora_syntax::ast::{BinaryOp, UnaryOp};

use crate::stop::Raise;
use crate::value::Value;

/// Most bytes or elements that one operation may make.
pub(crate) const MAX_SIZE: usize = 1 << 28;

/// Arithmetic and order, with two evaluated operands. Equality, which takes work, is [`equal`]; `&&`, `||` and `??`, which
/// do not always evaluate both sides, are with the expressions.
pub(crate) fn binary<'p>(
    op: BinaryOp,
    left: &Value<'p>,
    right: &Value<'p>,
) -> Result<Value<'p>, Raise> {
    match op {
        BinaryOp::Lt | BinaryOp::Le | BinaryOp::Gt | BinaryOp::Ge => order(op, left, right),
        _ => arithmetic(op, left, right),
    }
}

/// An operator with one evaluated operand.
pub(crate) fn unary<'p>(op: UnaryOp, operand: &Value<'p>) -> Result<Value<'p>, Raise> {
    match (op, operand) {
        (UnaryOp::Not, Value::Bool(it)) => Ok(Value::Bool(!it)),
        (UnaryOp::Neg, Value::Float(it)) => Ok(Value::Float(-it)),
        (UnaryOp::Neg, Value::Int(it)) => match it.checked_neg() {
            Some(negated) => Ok(Value::Int(negated)),
            None => Err(Raise::new(Code::R0007, format!("Integer overflow: -{it}"))
                .advised(Advice::overflow(&format!("-({it})")))),
        },
        (UnaryOp::Not, it) => Err(bad_unary("!", it)),
        (UnaryOp::Neg, it) => Err(bad_unary("-", it)),
    }
}

fn bad_unary(op: &str, operand: &Value<'_>) -> Raise {
    Raise::new(Code::R0002, format!("Invalid unary operation: {op} {}", operand.type_name()))
        .advised(Advice::unary(op, &self::operand(operand, false)))
}

fn bad_binary(op: BinaryOp, left: &Value<'_>, right: &Value<'_>) -> Raise {
    bad_operands(op.symbol(), left, right, true)
}

/// The error for an operator that these two kinds have not; `texts` says whether strings are shown.
pub(crate) fn bad_operands(op: &str, left: &Value<'_>, right: &Value<'_>, texts: bool) -> Raise {
    let message =
        format!("Invalid binary operation: {} {op} {}", left.type_name(), right.type_name());
    let advice = Advice::binary(op, &operand(left, texts), &operand(right, texts));
    Raise::new(Code::R0002, message).advised(advice)
}

/// A value as an error tells of it; `texts` says whether strings are shown.
pub(crate) fn operand(value: &Value<'_>, texts: bool) -> Operand<'static> {
    let kind = value.type_name();
    match value {
        Value::Int(it) => Operand::written(kind, it.to_string()),
        Value::Float(it) => Operand::written(kind, it.to_string()),
        Value::Bool(it) => Operand::written(kind, it.to_string()),
        Value::Str(it) if texts => Operand::text(it),
        _ => Operand::of(kind),
    }
}

/// What `??` replaces.
pub(crate) fn is_absent(value: &Value<'_>) -> bool {
    matches!(value, Value::Null | Value::Nothing)
}

fn arithmetic<'p>(op: BinaryOp, left: &Value<'p>, right: &Value<'p>) -> Result<Value<'p>, Raise> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => ints(op, *a, *b),
        (Value::Str(a), Value::Str(b)) if op == BinaryOp::Add && a.len() + b.len() > MAX_SIZE => {
            Err(Raise::new(Code::L0002, "Memory limit reached"))
        }
        (Value::Str(a), Value::Str(b)) if op == BinaryOp::Add => {
            Ok(Value::str([&**a, &**b].concat()))
        }
        _ => match (number(left), number(right)) {
            (Some(a), Some(b)) => floats(op, a, b),
            _ => Err(bad_binary(op, left, right)),
        },
    }
}

fn ints<'p>(op: BinaryOp, a: i64, b: i64) -> Result<Value<'p>, Raise> {
    let result = match op {
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Div if b == 0 => return Err(by_zero(op, &a.to_string())),
        BinaryOp::Mod if b == 0 => return Err(by_zero(op, &a.to_string())),
        BinaryOp::Div => a.checked_div(b),
        // The least int modulo -1 is 0, though the division overflows.
        BinaryOp::Mod => Some(a.wrapping_rem(b)),
        _ => a.checked_add(b),
    };
    match result {
        Some(it) => Ok(Value::Int(it)),
        None => {
            let message = format!("Integer overflow: {a} {} {b}", op.symbol());
            let advice = Advice::overflow(&format!("{a} {} {b}", op.symbol()));
            Err(Raise::new(Code::R0007, message).advised(advice))
        }
    }
}

fn floats<'p>(op: BinaryOp, a: f64, b: f64) -> Result<Value<'p>, Raise> {
    Ok(Value::Float(match op {
        BinaryOp::Sub => a - b,
        BinaryOp::Mul => a * b,
        BinaryOp::Div | BinaryOp::Mod if b == 0.0 => return Err(by_zero(op, &a.to_string())),
        BinaryOp::Div => a / b,
        BinaryOp::Mod => a % b,
        _ => a + b,
    }))
}

fn by_zero(op: BinaryOp, left: &str) -> Raise {
    let what = if op == BinaryOp::Mod { "Modulo by zero" } else { "Division by zero" };
    Raise::new(Code::R0003, what).advised(Advice::by_zero(left, op.symbol()))
}

/// An int or float as a float.
pub(crate) fn number(value: &Value<'_>) -> Option<f64> {
    match value {
        #[expect(clippy::cast_precision_loss, reason = "mixed arithmetic is done in floats")]
        Value::Int(it) => Some(*it as f64),
        Value::Float(it) => Some(*it),
        _ => None,
    }
}

fn order<'p>(op: BinaryOp, left: &Value<'p>, right: &Value<'p>) -> Result<Value<'p>, Raise> {
    let ordering = match (left, right) {
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        (Value::Object(a), Value::Object(b)) if let Some(order) = a.compare(b) => order,
        _ if number(left).is_some() && number(right).is_some() => compare_numbers(left, right),
        _ => return Err(bad_binary(op, left, right)),
    };
    // NaN has no order: nothing holds.
    let holds = ordering.is_some_and(|it| match op {
        BinaryOp::Lt => it == Ordering::Less,
        BinaryOp::Le => it != Ordering::Greater,
        BinaryOp::Gt => it == Ordering::Greater,
        _ => it != Ordering::Less,
    });
    Ok(Value::Bool(holds))
}

/// The order of two numbers or two strings; `None` where there is none.
pub(crate) fn compare(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Str(a), Value::Str(b)) => Some(a.cmp(b)),
        _ => compare_numbers(left, right),
    }
}

/// The order of two numbers, exact also where an int is too large to be a float.
pub(crate) fn compare_numbers(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
        (Value::Int(a), Value::Float(b)) => compare_mixed(*a, *b),
        (Value::Float(a), Value::Int(b)) => compare_mixed(*b, *a).map(Ordering::reverse),
        _ => None,
    }
}

fn compare_mixed(int: i64, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    // Beyond the ints the sign decides; within them the whole part, then the fraction.
    if float >= 9_223_372_036_854_775_808.0 {
        return Some(Ordering::Less);
    }
    if float < -9_223_372_036_854_775_808.0 {
        return Some(Ordering::Greater);
    }
    #[expect(clippy::cast_possible_truncation, reason = "tested to be within the ints")]
    let whole = float.trunc() as i64;
    Some(int.cmp(&whole).then_with(|| 0.0_f64.total_cmp(&(float.fract() + 0.0))))
}

/// Deep equality, without recursion. Takes one of `work` for each pair looked at; `None` when there is none left, since
/// values that share their parts can be exponentially larger than the memory they take.
pub(crate) fn equal<'p>(left: &Value<'p>, right: &Value<'p>, work: &mut u64) -> Option<bool> {
    let mut pending = vec![(left, right)];
    while let Some((a, b)) = pending.pop() {
        *work = work.checked_sub(1)?;
        if !equal_outside(a, b, &mut pending) {
            return Some(false);
        }
    }
    Some(true)
}

/// Compares two values but for what is in them, which goes to `pending`.
fn equal_outside<'v, 'p>(
    a: &'v Value<'p>,
    b: &'v Value<'p>,
    pending: &mut Vec<(&'v Value<'p>, &'v Value<'p>)>,
) -> bool {
    match (a, b) {
        (Value::Null, Value::Null) | (Value::Nothing, Value::Nothing) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            compare_numbers(a, b) == Some(Ordering::Equal)
        }
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Array(x), Value::Array(y))
        | (Value::Queue(x), Value::Queue(y))
        | (Value::Stack(x), Value::Stack(y)) => {
            let same = x.0.len() == y.0.len();
            if same {
                pending.extend(x.0.iter().zip(&y.0));
            }
            same
        }
        (Value::Dict(x), Value::Dict(y)) | (Value::Set(x), Value::Set(y)) => {
            x.len() == y.len()
                && x.iter().all(|(key, value)| match y.find(key) {
                    Some(other) => {
                        pending.push((value, other));
                        true
                    }
                    None => false,
                })
        }
        (Value::Range(a), Value::Range(b)) => a == b,
        (Value::Wrapped(a, x), Value::Wrapped(b, y)) => {
            pending.push((&x.0, &y.0));
            a == b
        }
        (Value::Struct(x), Value::Struct(y)) => {
            pending.extend(x.fields.iter().zip(&y.fields));
            x.is_same_struct(y)
        }
        (Value::Enum(x), Value::Enum(y)) => {
            let (xs, ys) = (x.values(), y.values());
            let same = x.is_same_variant(y) && xs.len() == ys.len();
            pending.extend(xs.into_iter().zip(ys));
            same
        }
        (Value::StructType(a), Value::StructType(b)) => std::ptr::eq(a.decl, b.decl),
        (Value::EnumType(a), Value::EnumType(b)) => std::ptr::eq(a.decl, b.decl),
        (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
        (Value::Builtin(a), Value::Builtin(b)) => std::ptr::eq(*a, *b),
        (Value::Foreign(a), Value::Foreign(b)) => std::ptr::eq(*a, *b),
        (Value::Object(a), Value::Object(b)) => a.equals(b),
        (Value::Error(a), Value::Error(b)) => Rc::ptr_eq(a, b),
        (Value::Generator(a), Value::Generator(b)) => Rc::ptr_eq(a, b),
        (Value::Iterator(a), Value::Iterator(b)) => Rc::ptr_eq(a, b),
        (Value::Task(a), Value::Task(b)) => Rc::ptr_eq(a, b),
        (Value::Channel(a), Value::Channel(b)) => Rc::ptr_eq(a, b),
        _ => false,
    }
}
