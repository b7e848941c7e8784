//! Result and Option.

use remora_diagnostics::Code;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::Interp;
use crate::print;
use crate::stop::{Eval, Raise};
use crate::value::{Value, Wrap};

const WRAPPER: &str = "a Result or Option";

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("Ok", 1, 1, |_, mut input| Ok(Value::wrap(Wrap::Ok, input.take(0)))),
    function("Err", 1, 1, |_, mut input| Ok(Value::wrap(Wrap::Err, input.take(0)))),
    function("Some", 1, 1, |_, mut input| Ok(Value::wrap(Wrap::Some, input.take(0)))),
    function("is_ok", 1, 1, |_, input| Ok(is_wrap(&input, Wrap::Ok))),
    function("is_err", 1, 1, |_, input| Ok(is_wrap(&input, Wrap::Err))),
    function("is_some", 1, 1, |_, input| Ok(is_wrap(&input, Wrap::Some))),
    function("is_none", 1, 1, |_, input| Ok(Value::Bool(matches!(input.value(0), Value::Nothing)))),
    function("unwrap", 1, 1, unwrap),
    function("unwrap_err", 1, 1, unwrap_err),
    function("expect", 2, 2, expect),
    function("unwrap_or", 2, 2, unwrap_or),
    function("unwrap_or_else", 2, 2, unwrap_or_else),
    function("map_err", 2, 2, map_err),
    function("and_then", 2, 2, and_then),
    function("or_else", 2, 2, or_else),
    function("ok_or", 2, 2, ok_or),
    function("ok", 1, 1, |cx, input| part(cx, &input, Wrap::Ok)),
    function("err", 1, 1, |cx, input| part(cx, &input, Wrap::Err)),
];

pub(super) const METHODS: &[Method] = &[
    method(Kinds::WRAPPER, "is_ok", 0, 0, |_, input| Ok(is_wrap(&input, Wrap::Ok))),
    method(Kinds::WRAPPER, "is_err", 0, 0, |_, input| Ok(is_wrap(&input, Wrap::Err))),
    method(Kinds::WRAPPER, "is_some", 0, 0, |_, input| Ok(is_wrap(&input, Wrap::Some))),
    method(Kinds::WRAPPER, "is_none", 0, 0, |_, input| {
        Ok(Value::Bool(matches!(input.value(0), Value::Nothing)))
    }),
    method(Kinds::WRAPPER, "unwrap", 0, 0, unwrap),
    method(Kinds::RESULT, "unwrap_err", 0, 0, unwrap_err),
    method(Kinds::WRAPPER, "expect", 1, 1, expect),
    method(Kinds::WRAPPER, "unwrap_or", 1, 1, unwrap_or),
    method(Kinds::WRAPPER, "unwrap_or_else", 1, 1, unwrap_or_else),
    method(Kinds::RESULT, "map_err", 1, 1, map_err),
    method(Kinds::WRAPPER, "and_then", 1, 1, and_then),
    method(Kinds::WRAPPER, "or_else", 1, 1, or_else),
    method(Kinds::OPTION, "ok_or", 1, 1, ok_or),
    method(Kinds::RESULT, "ok", 0, 0, |cx, input| part(cx, &input, Wrap::Ok)),
    method(Kinds::RESULT, "err", 0, 0, |cx, input| part(cx, &input, Wrap::Err)),
];

fn is_wrap<'p>(input: &Input<'p>, wrap: Wrap) -> Value<'p> {
    Value::Bool(matches!(input.value(0), Value::Wrapped(it, _) if *it == wrap))
}

fn not_a_wrapper<'p>(cx: &Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p> {
    cx.arg(input, Err(input.wrong(0, WRAPPER)))
}

fn unwrap<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let message = match input.value(0) {
        Value::Wrapped(Wrap::Ok | Wrap::Some, inner) => return Ok(inner.0.clone()),
        Value::Wrapped(Wrap::Err, inner) => {
            format!("Called unwrap on Err({})", print::display(&inner.0))
        }
        Value::Nothing => "Called unwrap on None".to_owned(),
        _ => return not_a_wrapper(cx, &input),
    };
    cx.arg(&input, Err(Raise::new(Code::R0018, message)))
}

fn unwrap_err<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(Wrap::Err, inner) => Ok(inner.0.clone()),
        Value::Wrapped(Wrap::Ok, inner) => {
            let message = format!("Called unwrap_err on Ok({})", print::display(&inner.0));
            cx.arg(&input, Err(Raise::new(Code::R0018, message)))
        }
        _ => cx.arg(&input, Err(input.wrong(0, "a Result"))),
    }
}

fn expect<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(Wrap::Ok | Wrap::Some, inner) => Ok(inner.0.clone()),
        Value::Wrapped(Wrap::Err, _) | Value::Nothing => {
            cx.arg(&input, Err(Raise::new(Code::R0018, print::display(input.value(1)))))
        }
        _ => not_a_wrapper(cx, &input),
    }
}

fn unwrap_or<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(Wrap::Ok | Wrap::Some, inner) => Ok(inner.0.clone()),
        Value::Wrapped(Wrap::Err, _) | Value::Nothing => Ok(input.take(1)),
        _ => not_a_wrapper(cx, &input),
    }
}

fn unwrap_or_else<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(Wrap::Ok | Wrap::Some, inner) => Ok(inner.0.clone()),
        Value::Wrapped(Wrap::Err, inner) => {
            cx.call_back(&input, input.value(1), vec![inner.0.clone()])
        }
        Value::Nothing => cx.call_back(&input, input.value(1), Vec::new()),
        _ => not_a_wrapper(cx, &input),
    }
}

fn map_err<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(Wrap::Err, inner) => {
            let value = cx.call_back(&input, input.value(1), vec![inner.0.clone()])?;
            Ok(Value::wrap(Wrap::Err, value))
        }
        other => Ok(other.clone()),
    }
}

fn and_then<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(Wrap::Ok | Wrap::Some, inner) => {
            cx.call_back(&input, input.value(1), vec![inner.0.clone()])
        }
        other @ (Value::Wrapped(Wrap::Err, _) | Value::Nothing) => Ok(other.clone()),
        _ => not_a_wrapper(cx, &input),
    }
}

fn or_else<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(Wrap::Err, inner) => {
            cx.call_back(&input, input.value(1), vec![inner.0.clone()])
        }
        Value::Nothing => cx.call_back(&input, input.value(1), Vec::new()),
        other @ Value::Wrapped(Wrap::Ok | Wrap::Some, _) => Ok(other.clone()),
        _ => not_a_wrapper(cx, &input),
    }
}

fn ok_or<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(Wrap::Some, inner) => Ok(Value::wrap(Wrap::Ok, inner.0.clone())),
        Value::Nothing => Ok(Value::wrap(Wrap::Err, input.take(1))),
        _ => cx.arg(&input, Err(input.wrong(0, "an Option"))),
    }
}

/// Some of what is in a Result, if it is that kind of Result, else None.
fn part<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, wanted: Wrap) -> Eval<'p> {
    match input.value(0) {
        Value::Wrapped(wrap, inner) if *wrap == wanted => {
            Ok(Value::wrap(Wrap::Some, inner.0.clone()))
        }
        Value::Wrapped(Wrap::Ok | Wrap::Err, _) => Ok(Value::Nothing),
        _ => cx.arg(input, Err(input.wrong(0, "a Result"))),
    }
}
