//! Values under names that all tasks of a program see: what one sets, another gets.
//!
//! Tasks take turns, so each of these is done as a whole. The values live in one dict of the heap, which nobody else sees.

use remora_diagnostics::Code;

use super::{Builtin, Call, NativeFn, Row, arg, build, rows};
use crate::fault::{Fault, Res};
use crate::heap::retain;
use crate::host::{Args, HostCx};
use crate::object::Key;
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
        "shared_set(name: string, value: any) -> null",
        "Keeps a value under a name that all tasks see.",
        ("shared_set(\"n\", [1, 2])\nprint(shared_get(\"n\"))", "[1, 2]"),
        set,
    ),
    Builtin {
        raises: &[Code::R0004, Code::R0009],
        ..row(
            "shared_get(name: string, default?: any) -> any",
            "The value kept under a name; the default if there is none.",
            ("print(shared_get(\"nothing\", 7))", "7"),
            get,
        )
    },
    row(
        "shared_has(name: string) -> bool",
        "Whether a value is kept under that name.",
        ("print(shared_has(\"nothing\"))", "false"),
        has,
    ),
    row(
        "shared_delete(name: string) -> bool",
        "Forgets what is kept under a name. Whether there was something.",
        ("shared_set(\"n\", 1)\nprint(shared_delete(\"n\"), shared_has(\"n\"))", "true false"),
        delete,
    ),
    Builtin {
        raises: &[Code::R0004, Code::R0007],
        ..row(
            "shared_add_int(name: string, amount: int) -> int",
            "Adds to the int kept under a name, in one step; one that is not there is 0. The sum.",
            ("shared_add_int(\"n\", 2)\nprint(shared_add_int(\"n\", 40))", "42"),
            add_int,
        )
    },
]);

/// The first argument as a key.
fn name(cx: &HostCx<'_>, args: &Args<'_>) -> Res<Key> {
    let value = args.peek(0);
    arg::text(cx, &value, 0)?;
    cx.heap.key(value).ok_or_else(|| arg::wrong(cx, 0, "a string", value))
}

/// What is kept under a name; the store keeps its count.
fn find(cx: &HostCx<'_>, name: Key) -> Option<Value> {
    cx.heap.dict(cx.heap.shared()).and_then(|it| it.get(name))
}

/// The store, made when first needed.
fn store(cx: &mut HostCx<'_>) -> Res<Value> {
    if cx.heap.shared().is_null() {
        let fresh = build::dict(cx, 0, |_, _| Ok(()))?;
        cx.heap.set_shared(fresh);
    }
    Ok(cx.heap.shared())
}

fn set(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let name = name(cx, &args)?;
    let store = store(cx)?;
    build::put(cx, store, name, args.peek(1))?;
    Ok(Value::NULL)
}

fn get(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let name = name(cx, &args)?;
    match find(cx, name) {
        Some(value) => {
            retain(value);
            Ok(value)
        }
        None if args.len() > 1 && args.peek(1).is_defined() => Ok(args.take(1)),
        None => {
            let name = args.peek(0);
            let name = cx.heap.str(name).unwrap_or_default();
            let shown = &name[..name.floor_char_boundary(200)];
            let more = if shown.len() < name.len() { "..." } else { "" };
            let message = format!("No shared value is named \"{shown}{more}\"");
            Err(Fault::new(Code::R0009, message)
                .with_help("give a default, or ask `shared_has(name)` first"))
        }
    }
}

fn has(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let name = name(cx, &args)?;
    Ok(Value::bool(find(cx, name).is_some()))
}

fn delete(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let name = name(cx, &args)?;
    let store = cx.heap.shared();
    let removed = cx.heap.dict_mut(store).and_then(|(dict, mem)| dict.remove(mem, name));
    let Some(entry) = removed else { return Ok(Value::FALSE) };
    cx.heap.release_all([entry.key, entry.value]);
    Ok(Value::TRUE)
}

fn add_int(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let name = name(cx, &args)?;
    let amount = arg::int(cx, &args, 1)?;
    let old = match find(cx, name) {
        None => 0,
        Some(value) => value.to_int().ok_or_else(|| {
            let got = value.type_name();
            Fault::new(Code::R0004, format!("shared_add_int expects a name of an int, got {got}"))
        })?,
    };
    let Some(sum) = old.checked_add(amount) else {
        return Err(Fault::new(Code::R0007, format!("Integer overflow: {old} + {amount}")));
    };
    let store = store(cx)?;
    build::put(cx, store, name, Value::int(sum))?;
    Ok(Value::int(sum))
}
