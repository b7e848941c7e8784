//! Reading arguments and making results, over what the vm offers to everybody.

use remora_diagnostics::Code;
use remora_vm::host::{Args, HostCx};
use remora_vm::object::Array;
use remora_vm::value::Value;
use remora_vm::{Fault, Res};

/// The error for an argument of the wrong kind; `at` counts from 0.
#[cold]
pub(crate) fn wrong(cx: &HostCx<'_>, at: usize, wanted: &str, got: Value) -> Box<Fault> {
    let (name, place, got) = (cx.name(), at + 1, got.type_name());
    Fault::new(Code::R0004, format!("{name} expects {wanted} as argument {place}, got {got}"))
}

/// The error for an argument of the right kind that makes no sense.
#[cfg(any(feature = "csv", feature = "json", feature = "regex"))]
#[cold]
pub(crate) fn invalid(cx: &HostCx<'_>, what: impl core::fmt::Display) -> Box<Fault> {
    Fault::new(Code::R0012, format!("{} expects {what}", cx.name()))
}

/// A string, copied: what happens outside must not hold on to the heap.
pub(crate) fn text(cx: &HostCx<'_>, args: &Args<'_>, at: usize) -> Res<String> {
    let value = args.peek(at);
    cx.heap.str(value).map(str::to_owned).ok_or_else(|| wrong(cx, at, "a string", value))
}

/// The argument at that place, if there is one and it is not null.
pub(crate) fn given(args: &Args<'_>, at: usize) -> Option<Value> {
    Some(args.peek(at)).filter(|it| !it.is_null())
}

/// An int or a float, as a float.
pub(crate) fn number(cx: &HostCx<'_>, args: &Args<'_>, at: usize) -> Res<f64> {
    let value = args.peek(at);
    value.to_number().ok_or_else(|| wrong(cx, at, "a number", value))
}

/// A new array of strings.
pub(crate) fn strings<'t>(cx: &mut HostCx<'_>, texts: impl Iterator<Item = &'t str>) -> Res<Value> {
    let out = cx.heap.new_array(Array::new())?;
    for text in texts {
        let added = cx.charge(1 + text.len() as u64 / 64).and_then(|()| push_string(cx, out, text));
        if let Err(fault) = added {
            cx.heap.release(out);
            return Err(fault);
        }
    }
    Ok(out)
}

fn push_string(cx: &mut HostCx<'_>, out: Value, text: &str) -> Res<()> {
    let item = cx.heap.new_string(text)?;
    let pushed = match cx.heap.array_mut(out) {
        Some((array, mem)) => array.push(mem, item),
        None => Ok(()),
    };
    if pushed.is_err() {
        cx.heap.release(item);
    }
    pushed
}
