//! Assertions, for tests and for programs that check themselves.

use remora_diagnostics::Code;

use super::{Builtin, Call, Row, arg, collection, rows};
use crate::fault::{Fault, Res};
use crate::host::{Args, HostCx};
use crate::ops::{equal, print, truthy};
use crate::value::{Tag, Value};

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "assert(condition: any, message?: any) -> bool",
        doc: "Nothing if the condition holds; else an error with the message.",
        raises: &[Code::R0015],
        example: (
            "assert(1 < 2)\ntry { assert(false, \"no\") } except e { print(e.message) }",
            "no",
        ),
        call: Call::Native(assert),
        ..Builtin::ROW
    },
    Builtin {
        signature: "assert_equal(actual: any, expected: any, message?: any) -> bool",
        doc: "An error that shows both, unless they are equal.",
        raises: &[Code::R0015],
        cost: "one unit for each element compared",
        example: (
            "try { assert_equal(1, 2) } except e { print(e.message) }",
            "Assertion failed: expected Int(2), got Int(1)",
        ),
        call: Call::Native(assert_equal),
        ..Builtin::ROW
    },
    Builtin {
        signature: "assert_not_equal(actual: any, other: any, message?: any) -> bool",
        doc: "An error if they are equal.",
        raises: &[Code::R0015],
        cost: "one unit for each element compared",
        example: ("assert_not_equal(1, 2)\nprint(\"fine\")", "fine"),
        call: Call::Native(assert_not_equal),
        ..Builtin::ROW
    },
    Builtin {
        signature: "assert_true(value: any, message?: any) -> bool",
        doc: "An error unless the value is `true`.",
        raises: &[Code::R0015],
        example: (
            "try { assert_true(1) } except e { print(e.message) }",
            "Assertion failed: expected Bool(true), got Int(1)",
        ),
        call: Call::Native(assert_true),
        ..Builtin::ROW
    },
    Builtin {
        signature: "assert_false(value: any, message?: any) -> bool",
        doc: "An error unless the value is `false`.",
        raises: &[Code::R0015],
        example: ("assert_false(1 > 2)\nprint(\"fine\")", "fine"),
        call: Call::Native(assert_false),
        ..Builtin::ROW
    },
    Builtin {
        signature: "assert_contains(collection: any, item: any, message?: any) -> bool",
        doc: "An error unless the text has that part, the collection that element, the dict that key.",
        raises: &[Code::R0004, Code::R0015],
        cost: "one unit for each element compared or 64 bytes searched",
        example: ("assert_contains([1, 2], 2)\nprint(\"fine\")", "fine"),
        call: Call::Native(assert_contains),
        ..Builtin::ROW
    },
]);

fn assert(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    if truthy(cx.heap, args.peek(0)) {
        return Ok(Value::TRUE);
    }
    failed(cx, &args, 1, |_| Ok("Assertion failed".to_owned()))
}

fn assert_equal(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (actual, expected) = (args.peek(0), args.peek(1));
    if equal::equal(cx.heap, actual, expected, cx.fuel)? {
        return Ok(Value::TRUE);
    }
    failed(cx, &args, 2, |cx| unexpected(cx, expected, actual))
}

fn assert_not_equal(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (actual, other) = (args.peek(0), args.peek(1));
    if !equal::equal(cx.heap, actual, other, cx.fuel)? {
        return Ok(Value::TRUE);
    }
    failed(cx, &args, 2, |cx| {
        let shown = shown(cx, actual)?;
        Ok(format!("Assertion failed: both are {shown}"))
    })
}

fn assert_true(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    is(cx, &args, true)
}

fn assert_false(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    is(cx, &args, false)
}

fn is(cx: &mut HostCx<'_>, args: &Args<'_>, wanted: bool) -> Res<Value> {
    let actual = args.peek(0);
    if actual.to_bool() == Some(wanted) {
        return Ok(Value::TRUE);
    }
    failed(cx, args, 1, |cx| unexpected(cx, Value::bool(wanted), actual))
}

fn assert_contains(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (collection, item) = (args.peek(0), args.peek(1));
    if collection::has(cx, &args)? {
        return Ok(Value::TRUE);
    }
    failed(cx, &args, 2, |cx| {
        let (collection, item) = (shown(cx, collection)?, shown(cx, item)?);
        Ok(format!("Assertion failed: {collection} does not contain {item}"))
    })
}

/// The error, with the message of the argument at that place or the one that is made.
#[cold]
fn failed(
    cx: &mut HostCx<'_>,
    args: &Args<'_>,
    message: usize,
    make: impl FnOnce(&mut HostCx<'_>) -> Res<String>,
) -> Res<Value> {
    let text = match arg::given(args, message) {
        Some(message) => print::display(cx.heap, message, cx.fuel)?,
        None => make(cx)?,
    };
    Err(Fault::new(Code::R0015, text))
}

fn unexpected(cx: &mut HostCx<'_>, expected: Value, actual: Value) -> Res<String> {
    let (expected, actual) = (shown(cx, expected)?, shown(cx, actual)?);
    Ok(format!("Assertion failed: expected {expected}, got {actual}"))
}

fn shown(cx: &mut HostCx<'_>, value: Value) -> Res<String> {
    debug_assert!(value.tag() != Tag::Undefined);
    print::debug(cx.heap, value, cx.fuel)
}
