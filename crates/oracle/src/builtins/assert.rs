//! Assertions and throwing.

use remora_diagnostics::Code;

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::print;
use crate::stop::{Eval, Raise};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("assert", 1, 2, assert),
    function("assert_true", 1, 2, |cx, input| is(cx, &input, true)),
    function("assert_false", 1, 2, |cx, input| is(cx, &input, false)),
    function("assert_equal", 2, 3, assert_equal),
    function("assert_not_equal", 2, 3, assert_not_equal),
    function("assert_contains", 2, 3, assert_contains),
    function("throw", 1, 1, throw),
    function("error", 1, 1, throw),
];

fn throw<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    Err(cx.throw(input.span, input.take(0)))
}

fn assert<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    check(cx, &input, input.value(0).is_truthy(), 1, "Assertion failed".to_owned())
}

/// Whether it is that bool and nothing else.
fn is<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, wanted: bool) -> Eval<'p> {
    let holds = matches!(input.value(0), Value::Bool(it) if *it == wanted);
    check(cx, input, holds, 1, unexpected(&Value::Bool(wanted), input.value(0)))
}

fn unexpected(wanted: &Value<'_>, got: &Value<'_>) -> String {
    format!("Assertion failed: expected {}, got {}", print::debug(wanted), print::debug(got))
}

fn assert_equal<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (got, wanted) = (input.value(0), input.value(1));
    let holds = cx.equal(input.span, got, wanted)?;
    check(cx, &input, holds, 2, unexpected(wanted, got))
}

fn assert_not_equal<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let holds = !cx.equal(input.span, input.value(0), input.value(1))?;
    check(
        cx,
        &input,
        holds,
        2,
        format!("Assertion failed: both are {}", print::debug(input.value(0))),
    )
}

fn assert_contains<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let holds = super::collection::has(cx, &input)?;
    let (all, part) = (print::debug(input.value(0)), print::debug(input.value(1)));
    check(cx, &input, holds, 2, format!("Assertion failed: {all} does not contain {part}"))
}

/// R0015 unless it holds, with the message that is given at `own`, if there is one.
fn check<'p>(
    cx: &Interp<'_, 'p>,
    input: &Input<'p>,
    holds: bool,
    own: usize,
    message: String,
) -> Eval<'p> {
    if holds {
        return Ok(Value::Bool(true));
    }
    let message = if input.is_given(own) { print::display(input.value(own)) } else { message };
    cx.arg(input, Err(Raise::new(Code::R0015, message)))
}
