//! Numbers. Functions that existing programs know give floats, `min` and `max` the argument itself.

use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::Interp;
use crate::ops;
use crate::stop::Eval;
use crate::value::Value;

/// A function from a number to a float.
macro_rules! float {
    ($name:literal, $call:expr) => {
        function($name, 1, 1, |cx, input| {
            let call: fn(f64) -> f64 = $call;
            cx.arg(&input, input.number(0)).map(|it| Value::Float(call(it)))
        })
    };
}

pub(super) const FUNCTIONS: &[Builtin] = &[
    float!("abs", f64::abs),
    float!("floor", f64::floor),
    float!("ceil", f64::ceil),
    float!("round", f64::round),
    float!("sqrt", f64::sqrt),
    float!("exp", f64::exp),
    float!("sin", f64::sin),
    float!("cos", f64::cos),
    float!("tan", f64::tan),
    function("log", 1, 1, log),
    function("pow", 2, 2, pow),
    function("min", 1, super::ANY_NUMBER, |cx, input| extreme(cx, &input, true)),
    function("max", 1, super::ANY_NUMBER, |cx, input| extreme(cx, &input, false)),
];

pub(super) const METHODS: &[Method] = &[
    method(Kinds::SEQUENCE, "min", 0, 0, |cx, input| extreme(cx, &input, true)),
    method(Kinds::SEQUENCE, "max", 0, 0, |cx, input| extreme(cx, &input, false)),
];

fn log<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.number(0)).map(|it| Value::Float(it.ln()))
}

fn pow<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (base, exponent) = (cx.arg(&input, input.number(0))?, cx.arg(&input, input.number(1))?);
    Ok(Value::Float(base.powf(exponent)))
}

/// The smallest or largest of the arguments, or of the elements of the only one.
fn extreme<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, smallest: bool) -> Eval<'p> {
    let values = if input.values.len() == 1 { cx.elements(input, 0)? } else { input.values.clone() };
    let op = if smallest { remora_syntax::ast::BinaryOp::Lt } else { remora_syntax::ast::BinaryOp::Gt };
    let mut best = Value::Null;
    for (nth, value) in values.into_iter().enumerate() {
        if nth == 0 || cx.arg(input, ops::binary(op, &value, &best))?.is_truthy() {
            best = value;
        }
    }
    Ok(best)
}
