//! Anything that can be gone through, as an array: what functions over "elements" work on.

use super::{arg, build};
use crate::fault::Res;
use crate::heap::{Buf, array_of, dict_of, queue_of, set_of, stack_of, str_of};
use crate::host::{Args, HostCx};
use crate::object::{Array, Items, Range};
use crate::ops::make_unique;
use crate::value::{Tag, Value};

/// What error messages call an argument that can be gone through.
pub(super) const WANTED: &str = "an array or something else to go through";

/// The elements of a value as an array, counted for the caller; `None` if it has none. Looks at the value.
///
/// Elements are those that `for` gives: characters of a string, keys of a dict. An array is its own; others are copied for one
/// unit of fuel for each 16 elements.
pub(super) fn of(cx: &mut HostCx<'_>, value: Value) -> Res<Option<Value>> {
    if value.tag() == Tag::Array {
        cx.heap.retain(value);
        return Ok(Some(value));
    }
    if let Some(range) = cx.heap.range(value).copied() {
        return of_range(cx, range).map(Some);
    }
    if let Some(text) = str_of(&value) {
        return of_text(cx, text.as_str()).map(Some);
    }
    let Some(len) = cx.heap.len_of(value) else { return Ok(None) };
    cx.charge((len / 16) as u64)?;
    build::array(cx, Tag::Null, len, |cx, out| {
        if let Some(dict) = dict_of(&value) {
            return push_all(cx, out, dict.keys());
        }
        if let Some(set) = set_of(&value) {
            return push_all(cx, out, set.keys());
        }
        if let Some(queue) = queue_of(&value) {
            return push_all(cx, out, queue.iter());
        }
        if let Some(stack) = stack_of(&value) {
            return push_all(cx, out, stack.as_slice().iter().copied());
        }
        for at in 0..len {
            let byte = cx.heap.bytes(value).and_then(|it| it.get(at)).unwrap_or(0);
            build::push(cx, out, Value::int(i64::from(byte)))?;
        }
        Ok(())
    })
    .map(Some)
}

fn push_all(cx: &mut HostCx<'_>, out: Value, items: impl Iterator<Item = Value>) -> Res<()> {
    for item in items {
        build::push_counted(cx, out, item)?;
    }
    Ok(())
}

/// The ints of a range as an array.
pub(super) fn of_range(cx: &mut HostCx<'_>, range: Range) -> Res<Value> {
    cx.charge(range.len() / 16)?;
    let len = usize::try_from(range.len()).unwrap_or(usize::MAX);
    let mem = cx.heap.memory_mut();
    let mut ints = Buf::with_capacity(mem, len)?;
    for int in range.ints() {
        ints.push(mem, int)?;
    }
    cx.heap.new_array(Array::from_items(Items::Ints(ints)))
}

/// The characters of a text as an array.
pub(super) fn of_text(cx: &mut HostCx<'_>, text: &str) -> Res<Value> {
    let len = text.chars().count();
    cx.charge(len as u64)?;
    build::array(cx, Tag::Null, len, |cx, out| {
        for char in text.chars() {
            let char = cx.heap.new_char(char)?;
            build::push(cx, out, char)?;
        }
        Ok(())
    })
}

/// Runs `f` on the elements of an argument, which stays where it is.
pub(super) fn with<T>(
    cx: &mut HostCx<'_>,
    args: &Args<'_>,
    at: usize,
    f: impl FnOnce(&mut HostCx<'_>, &Array) -> Res<T>,
) -> Res<T> {
    let value = args.peek(at);
    if let Some(array) = array_of(&value) {
        return f(cx, array);
    }
    let Some(items) = of(cx, value)? else { return Err(arg::wrong(cx, at, WANTED, value)) };
    let result = match array_of(&items) {
        Some(array) => f(cx, array),
        None => Err(arg::wrong(cx, at, WANTED, value)),
    };
    cx.heap.release(items);
    result
}

/// Takes an argument as an array that nobody else sees, to be changed and given back: the argument itself where it has no
/// other owner, else a copy of its elements.
pub(super) fn take(cx: &mut HostCx<'_>, args: &mut Args<'_>, at: usize) -> Res<Value> {
    if args.peek(at).tag() != Tag::Array {
        let value = args.peek(at);
        return of(cx, value)?.ok_or_else(|| arg::wrong(cx, at, WANTED, value));
    }
    let mut value = args.take(at);
    match make_unique(cx.heap, &mut value, cx.fuel) {
        Ok(()) => Ok(value),
        Err(fault) => {
            cx.heap.release(value);
            Err(fault)
        }
    }
}
