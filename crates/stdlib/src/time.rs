//! Clocks.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use remora_diagnostics::Code;
use remora_vm::Res;
use remora_vm::builtins::{Builtin, Call, NativeFn, Row, rows};
use remora_vm::host::{Args, HostCx};
use remora_vm::value::Value;

use crate::arg;
use crate::capability::Capabilities;

const fn row(
    signature: &'static str,
    aliases: &'static [&'static str],
    doc: &'static str,
    example: (&'static str, &'static str),
    call: NativeFn,
) -> Builtin {
    Builtin { signature, aliases, doc, example, call: Call::Native(call), ..Builtin::ROW }
}

pub(crate) const ROWS: &[Row] = &rows([
    row(
        "now() -> float",
        &["time"],
        "Seconds since 1970 began, in UTC.",
        ("print(now() > 1000000000)", "true"),
        now,
    ),
    row(
        "now_unix() -> int",
        &[],
        "Whole seconds since 1970 began, in UTC.",
        ("print(now_unix() > 1000000000)", "true"),
        now_unix,
    ),
    row(
        "current_timestamp() -> int",
        &["now_ms"],
        "Milliseconds since 1970 began, in UTC.",
        ("print(current_timestamp() > 1000000000000)", "true"),
        current_timestamp,
    ),
    row(
        "performance_now() -> float",
        &[],
        "Milliseconds since the program began, on a clock that is never set back.",
        ("a := performance_now()\nprint(performance_now() >= a)", "true"),
        performance_now,
    ),
    row(
        "time_us() -> int",
        &[],
        "Microseconds since the program began, on a clock that is never set back.",
        ("print(time_us() >= 0)", "true"),
        time_us,
    ),
    row(
        "time_ns() -> int",
        &[],
        "Nanoseconds since the program began, on a clock that is never set back.",
        ("print(time_ns() >= 0)", "true"),
        time_ns,
    ),
    Builtin {
        raises: &[Code::R0004],
        ..row(
            "elapsed(start: number, end?: number) -> float",
            &[],
            "What is between two times of `performance_now`; without the second, until now.",
            ("print(elapsed(10, 25))", "15"),
            elapsed,
        )
    },
]);

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

fn since_start(cx: &mut HostCx<'_>) -> Duration {
    cx.data::<Capabilities>().map_or(Duration::ZERO, |caps| caps.started.elapsed())
}

fn int(n: u128) -> Value {
    Value::int(i64::try_from(n).unwrap_or(i64::MAX))
}

fn now(_cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    Ok(Value::float(since_1970().as_secs_f64()))
}

fn now_unix(_cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    Ok(int(since_1970().as_secs().into()))
}

fn current_timestamp(_cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    Ok(int(since_1970().as_millis()))
}

fn performance_now(cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    Ok(Value::float(since_start(cx).as_secs_f64() * 1000.0))
}

fn time_us(cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    Ok(int(since_start(cx).as_micros()))
}

fn time_ns(cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    Ok(int(since_start(cx).as_nanos()))
}

fn elapsed(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let start = arg::number(cx, &args, 0)?;
    let end = match arg::given(&args, 1) {
        Some(_) => arg::number(cx, &args, 1)?,
        None => since_start(cx).as_secs_f64() * 1000.0,
    };
    Ok(Value::float(end - start))
}
