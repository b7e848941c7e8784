//! Numbers. What exists in Ruff gives floats even for ints, as programs expect; whole floats print without a fraction.

use core::cmp::Ordering;

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Look, Method, NativeFn, Row, arg, items, rows};
use crate::fault::{Fault, Res};
use crate::heap::Heap;
use crate::host::{Args, HostCx};
use crate::ops::compare;
use crate::value::{Tag, Value};

const NUMBER: &[(Kinds, Method)] = &[(Kinds::NUMBER, Method::Function)];

/// A row for a function from numbers to a number.
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
        methods: NUMBER,
        ..Builtin::ROW
    }
}

/// A row for a function from a number to a number that is one instruction or two.
const fn looked_at(
    signature: &'static str,
    doc: &'static str,
    example: (&'static str, &'static str),
    call: NativeFn,
    look: fn(&Heap, Value) -> Option<Value>,
) -> Builtin {
    Builtin { look: Some(Look::One(look)), ..row(signature, doc, example, call) }
}

/// The float that a function makes of one number.
macro_rules! float {
    ($f:expr) => {
        |cx, args| arg::number(cx, &args, 0).map(|it| Value::float(($f)(it)))
    };
}

/// The same, without a call.
macro_rules! look {
    ($f:expr) => {
        |_, x| match x.tag() {
            Tag::Float => Some(Value::float(($f)(x.as_float()))),
            _ => None,
        }
    };
}

pub(super) const ROWS: &[Row] = &rows([
    looked_at(
        "abs(x: number) -> float",
        "Without its sign.",
        ("print(abs(-5), abs(2.5))", "5 2.5"),
        float!(f64::abs),
        look!(f64::abs),
    ),
    looked_at(
        "floor(x: number) -> float",
        "The next whole number below.",
        ("print(floor(2.7), floor(-2.1))", "2 -3"),
        float!(f64::floor),
        look!(f64::floor),
    ),
    looked_at(
        "ceil(x: number) -> float",
        "The next whole number above.",
        ("print(ceil(2.1))", "3"),
        float!(f64::ceil),
        look!(f64::ceil),
    ),
    row(
        "round(x: number, digits?: int) -> float",
        "The nearest whole number, or with so many digits after the point; halves away from zero.",
        ("print(round(2.5), round(-2.5), round(3.14159, 2))", "3 -3 3.14"),
        round,
    ),
    looked_at(
        "trunc(x: number) -> float",
        "Without its fraction.",
        ("print(trunc(-2.7))", "-2"),
        float!(f64::trunc),
        look!(f64::trunc),
    ),
    looked_at(
        "sqrt(x: number) -> float",
        "The square root; NaN below zero.",
        ("print(sqrt(16))", "4"),
        float!(f64::sqrt),
        look!(f64::sqrt),
    ),
    row(
        "pow(x: number, y: number) -> float",
        "`x` to the power of `y`.",
        ("print(pow(2, 10), pow(2, 0.5))", "1024 1.4142135623730951"),
        |cx, args| Ok(Value::float(arg::number(cx, &args, 0)?.powf(arg::number(cx, &args, 1)?))),
    ),
    row(
        "exp(x: number) -> float",
        "e to the power of `x`.",
        ("print(exp(0))", "1"),
        float!(f64::exp),
    ),
    row(
        "log(x: number, base?: number) -> float",
        "The natural logarithm, or that to a base.",
        ("print(log(1), log(8, 2))", "0 3"),
        log,
    ),
    row(
        "log2(x: number) -> float",
        "The logarithm to base 2.",
        ("print(log2(8))", "3"),
        float!(f64::log2),
    ),
    row(
        "log10(x: number) -> float",
        "The logarithm to base 10.",
        ("print(log10(1000))", "3"),
        float!(f64::log10),
    ),
    row(
        "sin(x: number) -> float",
        "The sine of an angle in radians.",
        ("print(sin(0))", "0"),
        float!(f64::sin),
    ),
    row(
        "cos(x: number) -> float",
        "The cosine of an angle in radians.",
        ("print(cos(0))", "1"),
        float!(f64::cos),
    ),
    row(
        "tan(x: number) -> float",
        "The tangent of an angle in radians.",
        ("print(tan(0))", "0"),
        float!(f64::tan),
    ),
    row(
        "asin(x: number) -> float",
        "The angle of a sine, in radians.",
        ("print(asin(0))", "0"),
        float!(f64::asin),
    ),
    row(
        "acos(x: number) -> float",
        "The angle of a cosine, in radians.",
        ("print(acos(1))", "0"),
        float!(f64::acos),
    ),
    row(
        "atan(x: number) -> float",
        "The angle of a tangent, in radians.",
        ("print(atan(0))", "0"),
        float!(f64::atan),
    ),
    row(
        "atan2(y: number, x: number) -> float",
        "The angle of the point `x`, `y`, in radians.",
        ("print(atan2(0, 1))", "0"),
        |cx, args| Ok(Value::float(arg::number(cx, &args, 0)?.atan2(arg::number(cx, &args, 1)?))),
    ),
    row(
        "sign(x: number) -> int",
        "-1, 0 or 1.",
        ("print(sign(-2.5), sign(0), sign(7))", "-1 0 1"),
        sign,
    ),
    row(
        "is_nan(x: number) -> bool",
        "Whether it is the float that is no number.",
        ("print(is_nan(sqrt(-1)))", "true"),
        |cx, args| arg::number(cx, &args, 0).map(|it| Value::bool(it.is_nan())),
    ),
    row(
        "is_finite(x: number) -> bool",
        "Whether it is neither infinite nor NaN.",
        ("print(is_finite(1), is_finite(pow(10, 400)))", "true false"),
        |cx, args| arg::number(cx, &args, 0).map(|it| Value::bool(it.is_finite())),
    ),
    row(
        "div_floor(a: int, b: int) -> int",
        "The quotient, rounded down.",
        ("print(div_floor(-7, 2))", "-4"),
        |cx, args| {
            divide(cx, &args, |a, b| {
                a.checked_div_euclid(b)
                    .map(|it| if b < 0 && a.wrapping_rem_euclid(b) != 0 { it - 1 } else { it })
            })
        },
    ),
    row(
        "clamp(x: number, low: number, high: number) -> number",
        "`x`, or the bound that it is beyond.",
        ("print(clamp(15, 0, 10), clamp(0.5, 0, 1))", "10 0.5"),
        clamp,
    ),
    row(
        "gcd(a: int, b: int) -> int",
        "The greatest int that divides both.",
        ("print(gcd(12, 18))", "6"),
        gcd,
    ),
    Builtin {
        signature: "min(...items: any) -> any",
        doc: "The least argument, or the least element of the only one; null if there is none. Of equal ones the first.",
        raises: &[Code::R0002],
        cost: "one unit for each 16 elements",
        example: ("print(min(3, 1.5), min([4, 2, 8]), min(\"b\", \"a\"))", "1.5 2 a"),
        call: Call::Native(min),
        methods: &[(Kinds::SEQUENCE.or(Kinds::SET).or(Kinds::NUMBER), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "max(...items: any) -> any",
        doc: "The greatest argument, or the greatest element of the only one; null if there is none. Of equal ones the first.",
        raises: &[Code::R0002],
        cost: "one unit for each 16 elements",
        example: ("print(max(3, 1.5), max([4, 2, 8]), max([]))", "3 8 null"),
        call: Call::Native(max),
        methods: &[(Kinds::SEQUENCE.or(Kinds::SET).or(Kinds::NUMBER), Method::Function)],
        ..Builtin::ROW
    },
]);

fn round(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let x = arg::number(cx, &args, 0)?;
    // Beyond 308 digits nothing of a float is left to round, or nothing is left of it.
    let digits = arg::int_or(cx, &args, 1, 0)?.clamp(-400, 400);
    let scale = 10f64.powi(i32::try_from(digits).unwrap_or(0));
    let rounded = (x * scale).round() / scale;
    let has_digits = digits != 0 && x != 0.0;
    Ok(Value::float(match (has_digits, rounded.is_finite()) {
        (false, _) => x.round(),
        (true, true) => rounded,
        (true, false) if digits < 0 => 0.0,
        (true, false) => x,
    }))
}

fn log(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let x = arg::number(cx, &args, 0)?;
    if arg::given(&args, 1).is_none() {
        return Ok(Value::float(x.ln()));
    }
    let base = arg::number(cx, &args, 1)?;
    Ok(Value::float(match base {
        2.0 => x.log2(),
        10.0 => x.log10(),
        _ => x.log(base),
    }))
}

fn sign(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let x = arg::number(cx, &args, 0)?;
    Ok(Value::int(match x.partial_cmp(&0.0) {
        Some(Ordering::Less) => -1,
        Some(Ordering::Greater) => 1,
        _ => 0,
    }))
}

fn divide(cx: &HostCx<'_>, args: &Args<'_>, f: fn(i64, i64) -> Option<i64>) -> Res<Value> {
    let (a, b) = (arg::int(cx, args, 0)?, arg::int(cx, args, 1)?);
    if b == 0 {
        return Err(Fault::new(Code::R0003, "Division by zero"));
    }
    match f(a, b) {
        Some(quotient) => Ok(Value::int(quotient)),
        None => Err(Fault::new(Code::R0007, format!("Integer overflow: {a} / {b}"))),
    }
}

fn clamp(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let [x, low, high] = [args.peek(0), args.peek(1), args.peek(2)];
    for at in 0..3 {
        arg::number(cx, &args, at)?;
    }
    if compare::numbers(low, high) != Some(Ordering::Less)
        && compare::numbers(low, high) != Some(Ordering::Equal)
    {
        return Err(arg::invalid(cx, "a low bound that is not above the high one"));
    }
    Ok(match (compare::numbers(x, low), compare::numbers(x, high)) {
        (Some(Ordering::Less), _) => low,
        (_, Some(Ordering::Greater)) => high,
        _ => x,
    })
}

fn gcd(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (mut a, mut b) =
        (arg::int(cx, &args, 0)?.unsigned_abs(), arg::int(cx, &args, 1)?.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    match i64::try_from(a) {
        Ok(gcd) => Ok(Value::int(gcd)),
        Err(_) => Err(Fault::new(Code::R0007, format!("Integer overflow: {a}"))),
    }
}

fn min(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    extreme(cx, &args, Ordering::Less)
}

fn max(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    extreme(cx, &args, Ordering::Greater)
}

/// The first argument, or element of the only one, that is not beaten by another.
fn extreme(cx: &mut HostCx<'_>, args: &Args<'_>, wanted: Ordering) -> Res<Value> {
    let only = args.peek(0);
    let is_one = args.len() == 1 && cx.heap.len_of(only).is_some() && only.tag() != Tag::String;
    if !is_one {
        let all = (0..args.len()).map(|at| args.peek(at));
        return extreme_of(cx, all, wanted);
    }
    items::with(cx, args, 0, |cx, array| {
        cx.charge((array.len() / 16) as u64)?;
        extreme_of(cx, array.iter(), wanted)
    })
}

fn extreme_of(
    cx: &HostCx<'_>,
    mut items: impl Iterator<Item = Value>,
    wanted: Ordering,
) -> Res<Value> {
    let mut best = items.next().unwrap_or_default();
    for item in items {
        let Some(order) = compare::order(cx.heap, item, best) else {
            let symbol = if wanted == Ordering::Less { "<" } else { ">" };
            return Err(crate::ops::arith::invalid_binary(symbol, item, best));
        };
        if order == Some(wanted) {
            best = item;
        }
    }
    cx.heap.retain(best);
    Ok(best)
}
