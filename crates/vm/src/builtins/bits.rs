//! Bits of ints.

use remora_diagnostics::Code;

use super::{Builtin, Call, NativeFn, Row, arg, rows};
use crate::fault::Res;
use crate::host::{Args, HostCx};
use crate::value::Value;

const fn row(
    signature: &'static str,
    doc: &'static str,
    example: (&'static str, &'static str),
    call: NativeFn,
) -> Builtin {
    Builtin {
        signature,
        doc,
        raises: &[Code::R0004],
        example,
        call: Call::Native(call),
        ..Builtin::ROW
    }
}

pub(super) const ROWS: &[Row] = &rows([
    row(
        "bit_and(a: int, b: int) -> int",
        "Bits that are set in both.",
        ("print(bit_and(6, 3))", "2"),
        |cx, args| two(cx, &args, |a, b| a & b),
    ),
    row(
        "bit_or(a: int, b: int) -> int",
        "Bits that are set in either.",
        ("print(bit_or(6, 3))", "7"),
        |cx, args| two(cx, &args, |a, b| a | b),
    ),
    row(
        "bit_xor(a: int, b: int) -> int",
        "Bits that are set in one of them.",
        ("print(bit_xor(6, 3))", "5"),
        |cx, args| two(cx, &args, |a, b| a ^ b),
    ),
    row(
        "bit_not(a: int) -> int",
        "Each bit the other way.",
        ("print(bit_not(0))", "-1"),
        |cx, args| arg::int(cx, &args, 0).map(|it| Value::int(!it)),
    ),
    row(
        "bit_shl(a: int, by: int) -> int",
        "Shifted left; what leaves the 64 bits is lost.",
        ("print(bit_shl(1, 4), bit_shl(1, 64))", "16 0"),
        |cx, args| shift(cx, &args, |a, by| a.checked_shl(by).unwrap_or(0)),
    ),
    row(
        "bit_shr(a: int, by: int) -> int",
        "Shifted right, keeping the sign.",
        ("print(bit_shr(16, 2), bit_shr(-16, 2))", "4 -4"),
        |cx, args| {
            shift(cx, &args, |a, by| a.checked_shr(by).unwrap_or(if a < 0 { -1 } else { 0 }))
        },
    ),
    row(
        "bit_count(a: int) -> int",
        "How many bits are set.",
        ("print(bit_count(7))", "3"),
        |cx, args| arg::int(cx, &args, 0).map(|it| Value::int(i64::from(it.count_ones()))),
    ),
]);

fn two(cx: &HostCx<'_>, args: &Args<'_>, f: fn(i64, i64) -> i64) -> Res<Value> {
    Ok(Value::int(f(arg::int(cx, args, 0)?, arg::int(cx, args, 1)?)))
}

fn shift(cx: &HostCx<'_>, args: &Args<'_>, f: fn(i64, u32) -> i64) -> Res<Value> {
    let (a, by) = (arg::int(cx, args, 0)?, arg::int(cx, args, 1)?);
    if by < 0 {
        return Err(arg::invalid(cx, format_args!("a shift of at least 0, got {by}")));
    }
    Ok(Value::int(f(a, u32::try_from(by).unwrap_or(u32::MAX))))
}
