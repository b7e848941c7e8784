//! Assertions and throwing.

use remora_diagnostics::Code;

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::print;
use crate::stop::{Eval, Raise};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("assert", 1, 2, assert),
    function("assert_true", 1, 2, assert),
    function("assert_false", 1, 2, assert_false),
    function("assert_equal", 2, 3, assert_equal),
    function("assert_contains", 2, 3, assert_contains),
    function("throw", 1, 1, throw),
];

fn throw<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    Err(cx.throw(input.span, input.take(0)))
}

fn assert<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    check(cx, &input, input.value(0).is_truthy(), 1, "Assertion failed".to_owned())
}

fn assert_false<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    check(cx, &input, !input.value(0).is_truthy(), 1, "Assertion failed".to_owned())
}

fn assert_equal<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (got, wanted) = (input.value(0), input.value(1));
    let holds = cx.equal(input.span, got, wanted)?;
    let message = format!("Assertion failed: expected {}, got {}", print::debug(wanted), print::debug(got));
    check(cx, &input, holds, 2, message)
}

fn assert_contains<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let holds = super::collection::has(cx, &input)?;
    let (all, part) = (print::debug(input.value(0)), print::debug(input.value(1)));
    check(cx, &input, holds, 2, format!("Assertion failed: {all} does not contain {part}"))
}

/// R0015 unless it holds, with the message that is given at `own`, if there is one.
fn check<'p>(cx: &Interp<'_, 'p>, input: &Input<'p>, holds: bool, own: usize, message: String) -> Eval<'p> {
    if holds {
        return Ok(Value::Null);
    }
    let message = if input.is_given(own) { print::display(input.value(own)) } else { message };
    cx.arg(input, Err(Raise::new(Code::R0015, message)))
}
