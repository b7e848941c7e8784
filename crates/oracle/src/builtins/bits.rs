//! Bits of ints.

use remora_diagnostics::Code;

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::{Eval, Raise};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("bit_and", 2, 2, |cx, input| two(cx, &input, |a, b| a & b)),
    function("bit_or", 2, 2, |cx, input| two(cx, &input, |a, b| a | b)),
    function("bit_xor", 2, 2, |cx, input| two(cx, &input, |a, b| a ^ b)),
    function("bit_not", 1, 1, |cx, input| cx.arg(&input, input.int(0)).map(|it| Value::Int(!it))),
    function("bit_shl", 2, 2, |cx, input| shift(cx, &input, |a, by| a.wrapping_shl(by))),
    function("bit_shr", 2, 2, |cx, input| shift(cx, &input, |a, by| a.wrapping_shr(by))),
];

fn two<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, f: fn(i64, i64) -> i64) -> Eval<'p> {
    let (a, b) = (cx.arg(input, input.int(0))?, cx.arg(input, input.int(1))?);
    Ok(Value::Int(f(a, b)))
}

fn shift<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, f: fn(i64, u32) -> i64) -> Eval<'p> {
    let (a, by) = (cx.arg(input, input.int(0))?, cx.arg(input, input.int(1))?);
    match u32::try_from(by) {
        Ok(by) if by < 64 => Ok(Value::Int(f(a, by))),
        _ => {
            let message = format!("{} expects a shift from 0 to 63, got {by}", input.name);
            cx.arg(input, Err(Raise::new(Code::R0012, message)))
        }
    }
}
