//! Numbers. Functions that existing programs know give floats, `min` and `max` the argument itself.

use std::cmp::Ordering;

use remora_diagnostics::Code;
use remora_syntax::ast::BinaryOp;

use super::input::length;
use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::Interp;
use crate::ops;
use crate::stop::{Eval, Raise};
use crate::value::Value;

/// Rows of functions that are methods of numbers as well; those from one number to a float are given by what they do.
macro_rules! rows {
    (floats: $($float:literal $f:expr,)* others: $($name:literal $min:literal $max:literal $call:expr,)*) => {
        pub(super) const FUNCTIONS: &[Builtin] = &[
            $(function($float, 1, 1, |cx, input| float(cx, &input, $f)),)*
            $(function($name, $min, $max, $call),)*
            function("min", 0, super::ANY_NUMBER, |cx, input| extreme(cx, &input, BinaryOp::Lt)),
            function("max", 0, super::ANY_NUMBER, |cx, input| extreme(cx, &input, BinaryOp::Gt)),
        ];
        pub(super) const METHODS: &[Method] = &[
            $(method(Kinds::NUMBER, $float, 0, 0, |cx, input| float(cx, &input, $f)),)*
            $(method(Kinds::NUMBER, $name, $min - 1, $max - 1, $call),)*
            method(COMPARED, "min", 0, super::ANY_NUMBER, |cx, input| extreme(cx, &input, BinaryOp::Lt)),
            method(COMPARED, "max", 0, super::ANY_NUMBER, |cx, input| extreme(cx, &input, BinaryOp::Gt)),
        ];
    };
}

const COMPARED: Kinds = Kinds::SEQUENCE.or(Kinds::SET).or(Kinds::NUMBER);

rows! {
    floats:
    "abs" f64::abs,
    "floor" f64::floor,
    "ceil" f64::ceil,
    "trunc" f64::trunc,
    "sqrt" f64::sqrt,
    "exp" f64::exp,
    "log2" f64::log2,
    "log10" f64::log10,
    "sin" f64::sin,
    "cos" f64::cos,
    "tan" f64::tan,
    "asin" f64::asin,
    "acos" f64::acos,
    "atan" f64::atan,
    others:
    "round" 1 2 round,
    "log" 1 2 log,
    "pow" 2 2 |cx, input| two(cx, &input, f64::powf),
    "atan2" 2 2 |cx, input| two(cx, &input, f64::atan2),
    "sign" 1 1 sign,
    "is_nan" 1 1 |cx, input| cx.arg(&input, input.number(0)).map(|it| Value::Bool(it.is_nan())),
    "is_finite" 1 1 |cx, input| cx.arg(&input, input.number(0)).map(|it| Value::Bool(it.is_finite())),
    "div_floor" 2 2 div_floor,
    "clamp" 3 3 clamp,
    "gcd" 2 2 gcd,
}

fn float<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, f: fn(f64) -> f64) -> Eval<'p> {
    cx.arg(input, input.number(0)).map(|it| Value::Float(f(it)))
}

fn two<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, f: fn(f64, f64) -> f64) -> Eval<'p> {
    Ok(Value::Float(f(cx.arg(input, input.number(0))?, cx.arg(input, input.number(1))?)))
}

/// To a whole number, or to so many digits; halves away from zero.
fn round<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let x = cx.arg(&input, input.number(0))?;
    // More digits than a float has, before or after the point, change nothing.
    let digits = cx.arg(&input, input.int_or(1, 0))?.clamp(-400, 400);
    if digits == 0 || x == 0.0 {
        return Ok(Value::Float(x.round()));
    }
    let scale = 10_f64.powi(i32::try_from(digits).unwrap_or(0));
    let rounded = (x * scale).round() / scale;
    Ok(Value::Float(match rounded.is_finite() {
        true => rounded,
        false if digits < 0 => 0.0,
        false => x,
    }))
}

fn log<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let x = cx.arg(&input, input.number(0))?;
    if !input.is_given(1) {
        return Ok(Value::Float(x.ln()));
    }
    Ok(Value::Float(match cx.arg(&input, input.number(1))? {
        2.0 => x.log2(),
        10.0 => x.log10(),
        base => x.log(base),
    }))
}

fn sign<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let x = cx.arg(&input, input.number(0))?;
    Ok(Value::Int(match x.partial_cmp(&0.0) {
        Some(Ordering::Less) => -1,
        Some(Ordering::Greater) => 1,
        _ => 0,
    }))
}

/// The quotient of two ints, rounded down.
fn div_floor<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (a, b) = (cx.arg(&input, input.int(0))?, cx.arg(&input, input.int(1))?);
    let quotient = ops::binary(BinaryOp::Div, &Value::Int(a), &Value::Int(b));
    let Value::Int(quotient) = cx.arg(&input, quotient)? else { return Ok(Value::Null) };
    let is_below = a.wrapping_rem(b) != 0 && (a < 0) != (b < 0);
    Ok(Value::Int(quotient - i64::from(is_below)))
}

fn clamp<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    for at in 0..3 {
        cx.arg(&input, input.number(at))?;
    }
    let order = |a, b| ops::compare_numbers(input.value(a), input.value(b));
    if !order(1, 2).is_some_and(Ordering::is_le) {
        return cx.arg(&input, Err(input.invalid("a low bound that is not above the high one")));
    }
    let chosen = match (order(0, 1), order(0, 2)) {
        (Some(Ordering::Less), _) => 1,
        (_, Some(Ordering::Greater)) => 2,
        _ => 0,
    };
    Ok(input.take(chosen))
}

fn gcd<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (mut a, mut b) = (
        cx.arg(&input, input.int(0))?.unsigned_abs(),
        cx.arg(&input, input.int(1))?.unsigned_abs(),
    );
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let overflow = || Raise::new(Code::R0007, format!("Integer overflow: {a}"));
    let gcd = i64::try_from(a).map_err(|_| overflow());
    cx.arg(&input, gcd).map(Value::Int)
}

/// The first argument that no other is `better` than, or the first such element of the only one.
fn extreme<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, better: BinaryOp) -> Eval<'p> {
    let is_collection =
        !matches!(input.value(0), Value::Str(_)) && length(input.value(0)).is_some();
    let values = match input.values.len() {
        1 if is_collection => cx.elements(input, 0)?,
        _ => input.values.clone(),
    };
    let mut values = values.into_iter();
    let mut best = values.next().unwrap_or(Value::Null);
    for value in values {
        if cx.arg(input, ops::binary(better, &value, &best))?.is_truthy() {
            best = value;
        }
    }
    Ok(best)
}
