//! Reading arguments: the value of the wanted kind, or the error that names function, place and kind.

use remora_diagnostics::Code;

use crate::fault::{Fault, Res};
use crate::heap::{array_of, dict_of, queue_of, set_of, stack_of, str_of};
use crate::host::{Args, HostCx};
use crate::object::{Array, Dict, Queue, Set, Str};
use crate::value::Value;

/// The error for an argument of the wrong kind; `at` counts from 0. A method's receiver is its first argument.
#[cold]
#[inline(never)]
pub(super) fn wrong(cx: &HostCx<'_>, at: usize, wanted: &str, got: Value) -> Box<Fault> {
    let (name, place, got) = (shown_name(cx), at + 1, got.type_name());
    Fault::new(Code::R0004, format!("{name} expects {wanted} as argument {place}, got {got}"))
}

/// The error for an argument of the right kind that makes no sense.
#[cold]
#[inline(never)]
pub(super) fn invalid(cx: &HostCx<'_>, what: impl core::fmt::Display) -> Box<Fault> {
    Fault::new(Code::R0012, format!("{} expects {what}", shown_name(cx)))
}

/// The name for messages: the prelude's helpers are called after the functions that they help, `__sort__items` after `sort`.
pub(super) fn shown_name<'a>(cx: &HostCx<'a>) -> &'a str {
    let name = cx.name().trim_start_matches("__");
    name.split("__").next().unwrap_or(name)
}

/// The argument at that place, if there is one and it is not null.
#[inline]
pub(super) fn given(args: &Args<'_>, at: usize) -> Option<Value> {
    if at >= args.len() {
        return None;
    }
    let value = args.peek(at);
    (!value.is_null() && value.is_defined()).then_some(value)
}

/// An int.
#[inline]
pub(super) fn int(cx: &HostCx<'_>, args: &Args<'_>, at: usize) -> Res<i64> {
    int_of(cx, args.peek(at), at)
}

/// The int that a value is; `at` is its place among the arguments.
#[inline]
pub(super) fn int_of(cx: &HostCx<'_>, value: Value, at: usize) -> Res<i64> {
    value.to_int().ok_or_else(|| wrong(cx, at, "an int", value))
}

/// An int, or that default if there is none.
pub(super) fn int_or(cx: &HostCx<'_>, args: &Args<'_>, at: usize, default: i64) -> Res<i64> {
    match given(args, at) {
        Some(value) => value.to_int().ok_or_else(|| wrong(cx, at, "an int", value)),
        None => Ok(default),
    }
}

/// An int as a number of things: below zero counts as zero.
pub(super) fn count(cx: &HostCx<'_>, args: &Args<'_>, at: usize) -> Res<usize> {
    int(cx, args, at).map(|it| usize::try_from(it.max(0)).unwrap_or(usize::MAX))
}

/// An int that is at least 1.
pub(super) fn size(cx: &HostCx<'_>, args: &Args<'_>, at: usize) -> Res<usize> {
    let given = int(cx, args, at)?;
    if given < 1 {
        return Err(invalid(cx, format_args!("a size of at least 1, got {given}")));
    }
    Ok(usize::try_from(given).unwrap_or(usize::MAX))
}

/// An int or a float, as a float.
#[inline]
pub(super) fn number(cx: &HostCx<'_>, args: &Args<'_>, at: usize) -> Res<f64> {
    let value = args.peek(at);
    value.to_number().ok_or_else(|| wrong(cx, at, "a number", value))
}

/// A string; looked at through `value`, a copy of the argument, so that the heap stays free to be changed. The argument
/// owns it as long as it is not taken.
#[inline]
pub(super) fn text<'v>(cx: &HostCx<'_>, value: &'v Value, at: usize) -> Res<Str<'v>> {
    str_of(value).ok_or_else(|| wrong(cx, at, "a string", *value))
}

/// An array, in the same way.
#[inline]
pub(super) fn array<'v>(cx: &HostCx<'_>, value: &'v Value, at: usize) -> Res<&'v Array> {
    array_of(value).ok_or_else(|| wrong(cx, at, "an array", *value))
}

/// A dict, in the same way.
#[inline]
pub(super) fn dict<'v>(cx: &HostCx<'_>, value: &'v Value, at: usize) -> Res<&'v Dict> {
    dict_of(value).ok_or_else(|| wrong(cx, at, "a dict", *value))
}

/// A set, in the same way.
#[inline]
pub(super) fn set<'v>(cx: &HostCx<'_>, value: &'v Value, at: usize) -> Res<&'v Set> {
    set_of(value).ok_or_else(|| wrong(cx, at, "a set", *value))
}

/// A queue, in the same way.
#[inline]
pub(super) fn queue<'v>(cx: &HostCx<'_>, value: &'v Value, at: usize) -> Res<&'v Queue> {
    queue_of(value).ok_or_else(|| wrong(cx, at, "a queue", *value))
}

/// The elements of a stack, in the same way.
#[inline]
pub(super) fn stack<'v>(cx: &HostCx<'_>, value: &'v Value, at: usize) -> Res<&'v [Value]> {
    stack_of(value).map(|it| it.as_slice()).ok_or_else(|| wrong(cx, at, "a stack", *value))
}

/// The bounds that a start and an end mean in something of that length: negative ones count from the end, what is beyond
/// is cut off. Never backwards.
pub(super) fn bounds(len: usize, start: i64, end: i64) -> core::ops::Range<usize> {
    let place = |at: i64| {
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        let at = if at < 0 { len.saturating_add(at).max(0) } else { at.min(len) };
        usize::try_from(at).unwrap_or(0)
    };
    let (start, end) = (place(start), place(end));
    start..end.max(start)
}

#[cfg(test)]
mod tests {
    use super::bounds;

    #[test]
    fn bounds_are_cut_to_what_there_is() {
        assert_eq!(bounds(3, 0, 2), 0..2);
        assert_eq!(bounds(3, -2, 3), 1..3);
        assert_eq!(bounds(3, i64::MIN, i64::MAX), 0..3);
        assert_eq!(bounds(3, 2, 1), 2..2);
        assert_eq!(bounds(0, -1, -1), 0..0);
    }
}
