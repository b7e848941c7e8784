//! What collections and strings have in common: length, membership, parts.

use std::rc::Rc;

use remora_diagnostics::Code;

use super::input::{bounds, length, length_of};
use super::kinds::Kinds;
use super::{Builtin, Input, Method, change, function, method};
use crate::eval::Interp;
use crate::stop::{Eval, Raise};
use crate::value::{Items, Key, Range, Value, whole};

const TEXT_OR_SEQUENCE: Kinds = Kinds::SEQUENCE.or(Kinds::STRING);
const SLICED: Kinds = Kinds::ARRAY.or(Kinds::STRING).or(Kinds::BYTES).or(Kinds::RANGE);

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("len", 1, 1, len),
    function("length", 1, 1, len),
    function("size", 1, 1, len),
    function("is_empty", 1, 1, is_empty),
    function("contains", 2, 2, contains),
    function("includes", 2, 2, contains),
    function("index_of", 2, 2, index_of),
    function("slice", 2, 3, slice),
    function("take", 2, 2, take),
    function("skip", 2, 2, skip),
    function("drop", 2, 2, skip),
    function("first", 1, 1, first),
    function("last", 1, 1, last),
    function("reverse", 1, 1, reverse),
    function("reversed", 1, 1, reverse),
    function("array", 1, 1, array),
    function("to_array", 1, 1, array),
    function("collect", 1, 1, array),
];

pub(super) const METHODS: &[Method] = &[
    method(Kinds::ITERABLE, "len", 0, 0, len),
    method(Kinds::ITERABLE, "length", 0, 0, len),
    method(Kinds::ITERABLE, "size", 0, 0, len),
    method(Kinds::ITERABLE, "is_empty", 0, 0, is_empty),
    method(Kinds::ITERABLE, "contains", 1, 1, contains_method),
    method(Kinds::ITERABLE, "includes", 1, 1, contains_method),
    method(TEXT_OR_SEQUENCE, "index_of", 1, 1, index_of),
    method(SLICED, "slice", 1, 2, slice),
    method(TEXT_OR_SEQUENCE, "take", 1, 1, take),
    method(TEXT_OR_SEQUENCE, "skip", 1, 1, skip),
    method(TEXT_OR_SEQUENCE, "drop", 1, 1, skip),
    method(TEXT_OR_SEQUENCE, "first", 0, 0, first),
    method(TEXT_OR_SEQUENCE, "last", 0, 0, last),
    change(Kinds::ARRAY, "reverse", 0, 0, reverse_in_place),
    method(TEXT_OR_SEQUENCE, "reverse", 0, 0, reverse),
    method(TEXT_OR_SEQUENCE, "reversed", 0, 0, reverse),
    method(Kinds::ITERABLE, "array", 0, 0, array),
    method(Kinds::ITERABLE, "to_array", 0, 0, array),
    method(Kinds::ITERABLE, "collect", 0, 0, array),
];

fn measured<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, usize> {
    let found = length_of(input.value(0)).ok_or_else(|| {
        let name = input.name;
        let message =
            format!("{name}() requires an array, dict, bytes, set, queue, stack, or string");
        Raise::new(Code::R0004, message)
    });
    cx.arg(input, found)
}

fn len<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    measured(cx, &input).map(Value::len)
}

fn is_empty<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    measured(cx, &input).map(|it| Value::Bool(it == 0))
}

fn contains<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    has(cx, &input).map(Value::one_or_zero)
}

fn contains_method<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    has(cx, &input).map(Value::Bool)
}

pub(super) fn has<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, bool> {
    match (input.value(0), input.value(1)) {
        (Value::Dict(dict) | Value::Set(dict), item) => {
            Ok(Key::of(item).is_some_and(|it| dict.contains(&it)))
        }
        (Value::Range(range), Value::Int(it)) => Ok(range.contains(*it)),
        (Value::Range(range), Value::Float(it)) => {
            Ok(whole(*it).is_some_and(|it| range.contains(it)))
        }
        (Value::Range(_), _) => Ok(false),
        _ => Ok(position(cx, input)?.is_some()),
    }
}

fn index_of<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    Ok(position(cx, &input)?.map_or(Value::Int(-1), Value::len))
}

/// Where the second argument first is in the first.
fn position<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, Option<usize>> {
    if let Value::Str(text) = input.value(0) {
        let part = cx.arg(input, input.text(1))?;
        return Ok(text.find(&*part).map(|at| text[..at].chars().count()));
    }
    let items = cx.elements(input, 0)?;
    for (at, item) in items.iter().enumerate() {
        if cx.equal(input.span, item, input.value(1))? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn slice<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let start = cx.arg(&input, input.int(1))?;
    let end = cx.arg(&input, input.int_or(2, i64::MAX))?;
    part(cx, &input, |len| bounds(len, start, end))
}

fn take<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let n = cx.arg(&input, input.count(1))?;
    part(cx, &input, |len| 0..n.min(len))
}

fn skip<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let n = cx.arg(&input, input.count(1))?;
    part(cx, &input, |len| n.min(len)..len)
}

/// The part of the first argument that `bounds` says, given its length.
fn part<'p>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    bounds: impl FnOnce(usize) -> std::ops::Range<usize>,
) -> Eval<'p> {
    let Some(len) = length(input.value(0)) else {
        return cx.arg(input, Err(input.wrong(0, "an array or a string")));
    };
    let bounds = bounds(len);
    cx.make_room(input, bounds.len())?;
    match input.value(0) {
        Value::Str(text) => {
            let part: String = text.chars().skip(bounds.start).take(bounds.len()).collect();
            Ok(Value::str(part))
        }
        Value::Bytes(bytes) => Ok(Value::Bytes(bytes[bounds].into())),
        Value::Range(range) => Ok(Value::array(members(*range, bounds))),
        _ => {
            let items = cx.elements(input, 0)?;
            Ok(Value::array(items[bounds].to_vec()))
        }
    }
}

fn members<'p>(range: Range, bounds: std::ops::Range<usize>) -> Vec<Value<'p>> {
    let at = |at: usize| i64::try_from(at).ok().and_then(|at| range.member(at));
    bounds.filter_map(at).map(Value::Int).collect()
}

fn first<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    end(cx, &input, 0)
}

fn last<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    end(cx, &input, -1)
}

/// The element at 0 or -1; null if there is none.
fn end<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, at: i64) -> Eval<'p> {
    let value = input.value(0);
    match value {
        Value::Range(range) => return Ok(range.member(at).map_or(Value::Null, Value::Int)),
        Value::Dict(_) => {}
        _ if length(value).is_some() => {
            let items = cx.elements(input, 0)?;
            let item = if at < 0 { items.last() } else { items.first() };
            return Ok(item.cloned().unwrap_or(Value::Null));
        }
        _ => {}
    }
    cx.arg(input, Err(input.wrong(0, "an array or a string")))
}

fn reverse<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    if let Value::Str(text) = input.value(0) {
        return Ok(Value::str(text.chars().rev().collect::<String>()));
    }
    let mut items = cx.elements(&input, 0)?;
    items.reverse();
    Ok(Value::array(items))
}

fn reverse_in_place<'p>(
    _cx: &mut Interp<'_, 'p>,
    place: &mut Value<'p>,
    _input: Input<'p>,
) -> Eval<'p> {
    if let Value::Array(items) = place {
        Rc::make_mut(items).0.reverse();
    }
    Ok(place.clone())
}

fn array<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.elements(&input, 0).map(Value::array)
}

/// Elements as a string if `model` is one, as a set if it is one, else as an array.
pub(super) fn like<'p>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    model: &Value<'p>,
    items: Vec<Value<'p>>,
) -> Eval<'p> {
    match model {
        Value::Str(_) => {
            Ok(Value::str(items.iter().map(crate::print::display).collect::<String>()))
        }
        Value::Set(_) => super::set::set_of(cx, input, items),
        _ => Ok(Value::Array(Rc::new(Items(items)))),
    }
}
