//! Results and Options.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, rows};
use crate::fault::{Fault, Res};
use crate::host::{Args, HostCx};
use crate::ops::print;
use crate::value::{Tag, Value};

const WRAPPER: &[(Kinds, Method)] = &[(Kinds::WRAPPER, Method::Function)];
const RESULT: &[(Kinds, Method)] = &[(Kinds::RESULT, Method::Function)];
const OPTION: &[(Kinds, Method)] = &[(Kinds::OPTION, Method::Function)];

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "Ok(value: any) -> result",
        doc: "A Result that went well.",
        example: ("print(Ok(1), map([1], Ok))", "Ok(1) [Ok(1)]"),
        call: Call::Native(new_ok),
        ..Builtin::ROW
    },
    Builtin {
        signature: "Err(value: any) -> result",
        doc: "A Result that went wrong.",
        example: ("print(Err(\"no\"))", "Err(no)"),
        call: Call::Native(new_err),
        ..Builtin::ROW
    },
    Builtin {
        signature: "Some(value: any) -> option",
        doc: "An Option that holds something.",
        example: ("print(Some(1), None)", "Some(1) None"),
        call: Call::Native(new_some),
        ..Builtin::ROW
    },
    Builtin {
        signature: "is_ok(wrapped: result) -> bool",
        doc: "Whether it is Ok.",
        example: ("print(is_ok(Ok(1)), Err(1).is_ok())", "true false"),
        call: Call::Native(|_, args| Ok(Value::bool(args.peek(0).tag() == Tag::Ok))),
        methods: RESULT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "is_err(wrapped: result) -> bool",
        doc: "Whether it is Err.",
        example: ("print(is_err(Ok(1)))", "false"),
        call: Call::Native(|_, args| Ok(Value::bool(args.peek(0).tag() == Tag::Err))),
        methods: RESULT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "is_some(wrapped: option) -> bool",
        doc: "Whether it is Some.",
        example: ("print(is_some(Some(1)))", "true"),
        call: Call::Native(|_, args| Ok(Value::bool(args.peek(0).tag() == Tag::Some))),
        methods: OPTION,
        ..Builtin::ROW
    },
    Builtin {
        signature: "is_none(wrapped: option) -> bool",
        doc: "Whether it is None.",
        example: ("print(is_none(None), Some(1).is_none())", "true false"),
        call: Call::Native(|_, args| Ok(Value::bool(args.peek(0).tag() == Tag::None))),
        methods: OPTION,
        ..Builtin::ROW
    },
    Builtin {
        signature: "unwrap(wrapped: result | option) -> any",
        doc: "What is in Ok or Some; an error for Err and None.",
        raises: &[Code::R0004, Code::R0018],
        example: ("print(unwrap(Ok(1)), Some(2).unwrap())", "1 2"),
        call: Call::Native(unwrap),
        methods: WRAPPER,
        ..Builtin::ROW
    },
    Builtin {
        signature: "unwrap_err(wrapped: result) -> any",
        doc: "What is in Err; an error for Ok.",
        raises: &[Code::R0004, Code::R0018],
        example: ("print(unwrap_err(Err(\"no\")))", "no"),
        call: Call::Native(unwrap_err),
        methods: RESULT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "unwrap_or(wrapped: result | option, default: any) -> any",
        doc: "What is in Ok or Some; the default for Err and None.",
        raises: &[Code::R0004],
        example: ("print(unwrap_or(Err(1), 5), Some(2).unwrap_or(0))", "5 2"),
        call: Call::Native(unwrap_or),
        methods: WRAPPER,
        ..Builtin::ROW
    },
    Builtin {
        signature: "expect(wrapped: result | option, message: string) -> any",
        doc: "What is in Ok or Some; an error with that message for Err and None.",
        raises: &[Code::R0004, Code::R0018],
        example: ("try { expect(None, \"no name\") } except e { print(e.message) }", "no name"),
        call: Call::Native(expect),
        methods: WRAPPER,
        ..Builtin::ROW
    },
    Builtin {
        signature: "ok(wrapped: result) -> option",
        doc: "Some of what is in Ok; None for Err.",
        raises: &[Code::R0004],
        example: ("print(ok(Ok(1)), Err(1).ok())", "Some(1) None"),
        call: Call::Native(ok),
        methods: RESULT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "err(wrapped: result) -> option",
        doc: "Some of what is in Err; None for Ok.",
        raises: &[Code::R0004],
        example: ("print(err(Err(1)), Ok(1).err())", "Some(1) None"),
        call: Call::Native(err),
        methods: RESULT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "ok_or(wrapped: option, error: any) -> result",
        doc: "Ok of what is in Some; Err of the error for None.",
        raises: &[Code::R0004],
        example: ("print(ok_or(Some(1), \"no\"), None.ok_or(\"no\"))", "Ok(1) Err(no)"),
        call: Call::Native(ok_or),
        methods: OPTION,
        ..Builtin::ROW
    },
    script(
        "map_err(wrapped: result, f: function) -> result",
        "map_err",
        "Err of what `f` makes of what is in Err; Ok stays as it is.",
        ("print(map_err(Err(1), (e) => e + 1))", "Err(2)"),
        RESULT,
    ),
    script(
        "and_then(wrapped: result | option, f: function) -> any",
        "and_then",
        "What `f` makes of what is in Ok or Some; Err and None stay as they are.",
        ("print(and_then(Ok(1), (x) => Err(x)), None.and_then((x) => x))", "Err(1) None"),
        WRAPPER,
    ),
    script(
        "or_else(wrapped: result | option, f: function) -> any",
        "or_else",
        "What `f` makes of what is in Err, or of nothing for None; Ok and Some stay as they are.",
        ("print(or_else(Err(1), (e) => Ok(e)), None.or_else(() => Some(2)))", "Ok(1) Some(2)"),
        WRAPPER,
    ),
    script(
        "unwrap_or_else(wrapped: result | option, f: function) -> any",
        "unwrap_or_else",
        "What is in Ok or Some; else what `f` makes of what is in Err, or of nothing for None.",
        ("print(unwrap_or_else(Err(1), (e) => e + 1), None.unwrap_or_else(() => 5))", "2 5"),
        WRAPPER,
    ),
    Builtin {
        signature: "__wrapper(name: string, value: any) -> any",
        doc: "The value, if it is a Result or Option; else the error for the function of that name.",
        call: Call::Native(wrapper),
        ..Builtin::ROW
    },
]);

/// A row for a function of the prelude.
const fn script(
    signature: &'static str,
    name: &'static str,
    doc: &'static str,
    example: (&'static str, &'static str),
    methods: &'static [(Kinds, Method)],
) -> Builtin {
    Builtin {
        signature,
        aliases: &[],
        doc,
        raises: &[Code::R0004, Code::R0005],
        cost: "at most one call",
        example,
        since: "0.1.0",
        call: Call::Script(name),
        methods,
        look: None,
    }
}

fn new_ok(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let inner = args.take(0);
    let made = cx.heap.new_ok(inner);
    or_release(cx, made, inner)
}

fn new_err(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let inner = args.take(0);
    let made = cx.heap.new_err(inner);
    or_release(cx, made, inner)
}

fn new_some(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let inner = args.take(0);
    let made = cx.heap.new_some(inner);
    or_release(cx, made, inner)
}

/// Releases what could not be wrapped.
fn or_release(cx: &mut HostCx<'_>, made: Res<Value>, inner: Value) -> Res<Value> {
    if made.is_err() {
        cx.heap.release(inner);
    }
    made
}

/// What is inside the first argument, counted for the caller; `None` for the Option None.
fn inside(cx: &HostCx<'_>, args: &Args<'_>, wanted: &str, kinds: Kinds) -> Res<Option<Value>> {
    let value = args.peek(0);
    if !kinds.has(value.tag()) {
        return Err(arg::wrong(cx, 0, wanted, value));
    }
    let inner = cx.heap.inner(value);
    if let Some(inner) = inner {
        cx.heap.retain(inner);
    }
    Ok(inner)
}

fn either(cx: &HostCx<'_>, args: &Args<'_>) -> Res<Option<Value>> {
    inside(cx, args, "a Result or Option", Kinds::WRAPPER)
}

fn unwrap(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let inner = either(cx, &args)?;
    match (args.peek(0).tag(), inner) {
        (Tag::Ok | Tag::Some, Some(inner)) => Ok(inner),
        (tag, inner) => Err(unwrapped(cx, tag, inner)),
    }
}

fn unwrap_err(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let inner = inside(cx, &args, "a Result", Kinds::RESULT)?;
    match (args.peek(0).tag(), inner) {
        (Tag::Err, Some(inner)) => Ok(inner),
        (tag, inner) => Err(unwrapped(cx, tag, inner)),
    }
}

/// The error for what is not there; releases what is there instead.
#[cold]
fn unwrapped(cx: &mut HostCx<'_>, tag: Tag, inner: Option<Value>) -> Box<Fault> {
    let name = cx.name();
    let Some(inner) = inner else {
        return Fault::new(Code::R0018, format!("Called {name} on None"));
    };
    let shown = print::display(cx.heap, inner, cx.fuel);
    cx.heap.release(inner);
    match shown {
        Ok(shown) => {
            let around = if tag == Tag::Ok { "Ok" } else { "Err" };
            Fault::new(Code::R0018, format!("Called {name} on {around}({shown})"))
        }
        Err(fault) => fault,
    }
}

fn unwrap_or(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let inner = either(cx, &args)?;
    match (args.peek(0).tag(), inner) {
        (Tag::Ok | Tag::Some, Some(inner)) => Ok(inner),
        (_, inner) => {
            cx.heap.release(inner.unwrap_or_default());
            Ok(args.take(1))
        }
    }
}

fn expect(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let message = print::display(cx.heap, args.peek(1), cx.fuel)?;
    let inner = either(cx, &args)?;
    match (args.peek(0).tag(), inner) {
        (Tag::Ok | Tag::Some, Some(inner)) => Ok(inner),
        (_, inner) => {
            cx.heap.release(inner.unwrap_or_default());
            Err(Fault::new(Code::R0018, message))
        }
    }
}

fn ok(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    part(cx, &args, Tag::Ok)
}

fn err(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    part(cx, &args, Tag::Err)
}

/// Some of what is in a Result, if it is that kind of Result.
fn part(cx: &mut HostCx<'_>, args: &Args<'_>, wanted: Tag) -> Res<Value> {
    let inner = inside(cx, args, "a Result", Kinds::RESULT)?.unwrap_or_default();
    if args.peek(0).tag() != wanted {
        cx.heap.release(inner);
        return Ok(Value::NONE);
    }
    let made = cx.heap.new_some(inner);
    or_release(cx, made, inner)
}

fn ok_or(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let inner = inside(cx, &args, "an Option", Kinds::OPTION)?;
    let (inner, made) = match inner {
        Some(inner) => (inner, cx.heap.new_ok(inner)),
        None => {
            let error = args.take(1);
            (error, cx.heap.new_err(error))
        }
    };
    or_release(cx, made, inner)
}

fn wrapper(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let value = args.peek(1);
    if Kinds::WRAPPER.has(value.tag()) {
        return Ok(args.take(1));
    }
    let (name, kind) = (cx.heap.str(args.peek(0)).unwrap_or_default(), value.type_name());
    Err(Fault::new(
        Code::R0004,
        format!("{name} expects a Result or Option as argument 1, got {kind}"),
    ))
}
