//! Arrays: adding, removing, joining, counting.

use std::rc::Rc;

use remora_diagnostics::Code;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, change, function, method};
use crate::eval::{Interp, position};
use crate::ops;
use crate::stop::{Eval, Raise};
use crate::value::{Dict, Key, Range, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("push", 2, 2, push),
    function("append", 2, 2, push),
    function("pop", 1, 1, pop),
    function("insert", 3, 3, insert),
    function("remove", 2, 2, remove),
    function("remove_at", 2, 2, remove_at),
    function("concat", 2, super::ANY_NUMBER, concat),
    function("unique", 1, 1, unique),
    function("sum", 1, 1, sum),
    function("flatten", 1, 2, flatten),
    function("zip", 2, super::ANY_NUMBER, zip),
    function("chunk", 2, 2, chunk),
    function("windows", 2, 2, windows),
    function("enumerate", 1, 2, enumerate),
    function("range", 1, 3, range),
];

pub(super) const METHODS: &[Method] = &[
    change(Kinds::ARRAY, "push", 1, 1, push_here),
    change(Kinds::ARRAY, "append", 1, 1, push_here),
    change(Kinds::ARRAY, "pop", 0, 0, pop_here),
    change(Kinds::ARRAY, "insert", 2, 2, insert_here),
    change(Kinds::ARRAY, "remove", 1, 1, remove_here),
    change(Kinds::ARRAY, "remove_at", 1, 1, remove_at_here),
    change(Kinds::ARRAY, "clear", 0, 0, clear_here),
    change(Kinds::ARRAY, "extend", 1, 1, extend_here),
    method(Kinds::ARRAY, "concat", 1, super::ANY_NUMBER, concat),
    method(Kinds::SEQUENCE, "unique", 0, 0, unique),
    method(Kinds::SEQUENCE, "sum", 0, 0, sum),
    method(Kinds::SEQUENCE, "flatten", 0, 1, flatten),
    method(Kinds::ITERABLE, "zip", 1, super::ANY_NUMBER, zip),
    method(Kinds::ITERABLE, "chunk", 1, 1, chunk),
    method(Kinds::ITERABLE, "windows", 1, 1, windows),
    method(Kinds::ITERABLE, "enumerate", 0, 1, enumerate),
];

fn items_of<'v, 'p>(place: &'v mut Value<'p>) -> Option<&'v mut Vec<Value<'p>>> {
    match place {
        Value::Array(items) => Some(&mut Rc::make_mut(items).0),
        _ => None,
    }
}

/// Runs an in-place method on an array that is the first argument, for the function form.
fn changed<'p>(
    cx: &mut Interp<'_, 'p>,
    mut input: Input<'p>,
    call: super::InPlace,
) -> Eval<'p, (Value<'p>, Value<'p>)> {
    cx.arg(&input, input.array(0))?;
    let mut array = input.values.remove(0);
    let result = call(cx, &mut array, input)?;
    Ok((array, result))
}

fn push<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    changed(cx, input, push_here).map(|it| it.0)
}

fn push_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, mut input: Input<'p>) -> Eval<'p> {
    let item = input.take(0);
    if let Some(items) = items_of(place) {
        items.push(item);
    }
    Ok(Value::Null)
}

/// `[shorter, last]`; the last is null if there was none.
fn pop<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (array, item) = changed(cx, input, pop_here)?;
    Ok(Value::array(vec![array, item]))
}

fn pop_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, _input: Input<'p>) -> Eval<'p> {
    Ok(items_of(place).and_then(Vec::pop).unwrap_or(Value::Null))
}

fn insert<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    if let Value::Dict(_) = input.value(0) {
        return super::dict::insert(cx, input);
    }
    changed(cx, input, insert_here).map(|it| it.0)
}

fn insert_here<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, mut input: Input<'p>) -> Eval<'p> {
    let at = cx.arg(&input, input.int(0))?;
    let item = input.take(1);
    let Some(items) = items_of(place) else { return Ok(Value::Null) };
    let len = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let from_end = if at < 0 { len } else { 0 };
    let position = at.checked_add(from_end).filter(|it| (0..=len).contains(it));
    match position.and_then(|it| usize::try_from(it).ok()) {
        Some(position) => items.insert(position, item),
        None => return cx.fail(input.span, Code::R0008, format!("Index out of bounds: {at}")),
    }
    Ok(Value::Null)
}

/// Removes the first equal value from an array; an entry of a dict.
fn remove<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Dict(_) => super::dict::remove(cx, input),
        Value::Set(_) => super::set::remove(cx, input),
        _ => changed(cx, input, remove_here).map(|it| it.0),
    }
}

fn remove_here<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, mut input: Input<'p>) -> Eval<'p> {
    let item = input.take(0);
    let Some(items) = items_of(place) else { return Ok(Value::Null) };
    for at in 0..items.len() {
        if cx.equal(input.span, &items[at], &item)? {
            items.remove(at);
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn remove_at<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (array, item) = changed(cx, input, remove_at_here)?;
    Ok(Value::array(vec![array, item]))
}

fn remove_at_here<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    let at = cx.arg(&input, input.int(0))?;
    let Some(items) = items_of(place) else { return Ok(Value::Null) };
    let at = cx.arg(&input, position(at, items.len()))?;
    Ok(items.remove(at))
}

fn clear_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, _input: Input<'p>) -> Eval<'p> {
    *place = Value::array(Vec::new());
    Ok(Value::Null)
}

fn extend_here<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    let more = cx.elements(&input, 0)?;
    if let Some(items) = items_of(place) {
        items.extend(more);
    }
    Ok(Value::Null)
}

fn concat<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut all = Vec::new();
    for at in 0..input.values.len() {
        let items = cx.arg(&input, input.array(at))?;
        cx.make_room(&input, all.len() + items.0.len())?;
        all.extend(items.0.iter().cloned());
    }
    Ok(Value::array(all))
}

/// Without those that are equal to an earlier one.
fn unique<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut keys = Dict::default();
    let mut others: Vec<Value<'p>> = Vec::new();
    let mut out = Vec::new();
    for item in cx.elements(&input, 0)? {
        match Key::of(&item) {
            Some(key) if keys.contains(&key) => continue,
            Some(key) => keys.insert(key, Value::Null),
            None => {
                let mut is_there = false;
                for other in &others {
                    is_there = is_there || cx.equal(input.span, other, &item)?;
                }
                if is_there {
                    continue;
                }
                others.push(item.clone());
            }
        }
        out.push(item);
    }
    Ok(Value::array(out))
}

fn sum<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut total = Value::Int(0);
    for item in cx.elements(&input, 0)? {
        if ops::number(&item).is_none() {
            let message = format!("sum expects numbers, got {}", item.type_name());
            return cx.fail(input.span, Code::R0004, message);
        }
        let next = ops::binary(remora_syntax::ast::BinaryOp::Add, &total, &item);
        total = cx.arg(&input, next)?;
    }
    Ok(total)
}

/// Arrays in the array are replaced by their elements, to that depth (1).
fn flatten<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let depth = cx.arg(&input, input.int_or(1, 1))?;
    let mut pending: Vec<(Value<'p>, i64)> = cx.elements(&input, 0)?.into_iter().rev().map(|it| (it, depth)).collect();
    let mut out = Vec::new();
    while let Some((item, depth)) = pending.pop() {
        cx.charge(input.span, 1)?;
        match &item {
            Value::Array(items) if depth > 0 => {
                pending.extend(items.0.iter().rev().map(|it| (it.clone(), depth - 1)));
            }
            _ => out.push(item),
        }
    }
    Ok(Value::array(out))
}

/// Arrays of the first elements, the second, … as long as all have one.
fn zip<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut all = Vec::new();
    for at in 0..input.values.len() {
        all.push(cx.elements(&input, at)?);
    }
    let n = all.iter().map(Vec::len).min().unwrap_or(0);
    let tuples = (0..n).map(|nth| Value::array(all.iter().map(|it| it[nth].clone()).collect()));
    Ok(Value::array(tuples.collect()))
}

fn chunk<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = cx.elements(&input, 0)?;
    let size = cx.arg(&input, input.size(1))?;
    Ok(Value::array(items.chunks(size).map(|it| Value::array(it.to_vec())).collect()))
}

fn windows<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = cx.elements(&input, 0)?;
    let size = cx.arg(&input, input.size(1))?;
    let n = items.len().saturating_sub(size.saturating_sub(1));
    cx.make_room(&input, n.saturating_mul(size.min(items.len())))?;
    Ok(Value::array(items.windows(size).map(|it| Value::array(it.to_vec())).collect()))
}

fn enumerate<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut number = cx.arg(&input, input.int_or(1, 0))?;
    let mut out = Vec::new();
    for item in cx.elements(&input, 0)? {
        out.push(Value::array(vec![Value::Int(number), item]));
        number = number.wrapping_add(1);
    }
    Ok(Value::array(out))
}

/// `range(end)`, `range(start, end)`, `range(start, end, step)`.
fn range<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let first = cx.arg(&input, input.int(0))?;
    let (start, end) = match input.values.len() {
        1 => (0, first),
        _ => (first, cx.arg(&input, input.int(1))?),
    };
    let step = cx.arg(&input, input.int_or(2, 1))?;
    if step == 0 {
        let raise = Raise::new(Code::R0012, "range expects a step that is not 0");
        return cx.arg(&input, Err(raise));
    }
    Ok(Value::Range(Range { start: start.into(), end: end.into(), step: step.into() }))
}
