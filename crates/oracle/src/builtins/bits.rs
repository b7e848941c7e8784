//! Bits of ints.

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("bit_and", 2, 2, |cx, input| two(cx, &input, |a, b| a & b)),
    function("bit_or", 2, 2, |cx, input| two(cx, &input, |a, b| a | b)),
    function("bit_xor", 2, 2, |cx, input| two(cx, &input, |a, b| a ^ b)),
    function("bit_not", 1, 1, |cx, input| cx.arg(&input, input.int(0)).map(|it| Value::Int(!it))),
    function("bit_shl", 2, 2, |cx, input| {
        shift(cx, &input, |a, by| a.checked_shl(by).unwrap_or(0))
    }),
    function("bit_shr", 2, 2, |cx, input| {
        shift(cx, &input, |a, by| a.checked_shr(by).unwrap_or(if a < 0 { -1 } else { 0 }))
    }),
    function("bit_count", 1, 1, |cx, input| {
        cx.arg(&input, input.int(0)).map(|it| Value::Int(it.count_ones().into()))
    }),
];

fn two<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, f: fn(i64, i64) -> i64) -> Eval<'p> {
    let (a, b) = (cx.arg(input, input.int(0))?, cx.arg(input, input.int(1))?);
    Ok(Value::Int(f(a, b)))
}

fn shift<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, f: fn(i64, u32) -> i64) -> Eval<'p> {
    let (a, by) = (cx.arg(input, input.int(0))?, cx.arg(input, input.int(1))?);
    if by < 0 {
        return cx.arg(input, Err(input.invalid(format_args!("a shift of at least 0, got {by}"))));
    }
    Ok(Value::Int(f(a, u32::try_from(by).unwrap_or(u32::MAX))))
}
