//! Arrays: adding, removing, joining, counting.

use std::rc::Rc;

use remora_diagnostics::Code;
use remora_syntax::ast::BinaryOp;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, change, function, method};
use crate::eval::{Interp, position};
use crate::ops;
use crate::stop::{Eval, Raise};
use crate::value::{Dict, Key, Range, Value};

const SUMMED: Kinds = Kinds::SEQUENCE.or(Kinds::SET);
const CLEARED: Kinds =
    Kinds::ARRAY.or(Kinds::DICT).or(Kinds::SET).or(Kinds::QUEUE).or(Kinds::STACK).or(Kinds::BYTES);

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("push", 2, 2, push),
    function("append", 2, 2, push),
    function("pop", 1, 1, pop),
    function("insert", 3, 3, insert),
    function("remove", 2, 2, remove),
    function("remove_at", 2, 2, remove_at),
    function("concat", 0, super::ANY_NUMBER, concat),
    function("extend", 2, 2, |cx, input| changed(cx, input, extend_here).map(|it| it.0)),
    function("swap", 3, 3, |cx, input| changed(cx, input, swap_here).map(|it| it.0)),
    function("fill", 2, 2, fill),
    function("clear", 1, 1, clear),
    function("product", 1, 1, |cx, input| total(cx, &input, BinaryOp::Mul, 1)),
    function("unique", 1, 1, unique),
    function("sum", 1, 1, |cx, input| total(cx, &input, BinaryOp::Add, 0)),
    function("flatten", 1, 1, flatten),
    function("zip", 1, super::ANY_NUMBER, zip),
    function("chunk", 2, 2, chunk),
    function("chunks", 2, 2, chunk),
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
    change(CLEARED, "clear", 0, 0, clear_here),
    change(Kinds::ARRAY, "swap", 2, 2, swap_here),
    change(Kinds::ARRAY, "fill", 1, 1, fill_here),
    change(Kinds::ARRAY, "extend", 1, 1, extend_here),
    method(Kinds::ARRAY, "concat", 0, super::ANY_NUMBER, concat),
    method(Kinds::SEQUENCE, "unique", 0, 0, unique),
    method(SUMMED, "sum", 0, 0, |cx, input| total(cx, &input, BinaryOp::Add, 0)),
    method(SUMMED, "product", 0, 0, |cx, input| total(cx, &input, BinaryOp::Mul, 1)),
    method(Kinds::ARRAY, "flatten", 0, 0, flatten),
    method(Kinds::SEQUENCE.or(Kinds::STRING), "zip", 0, super::ANY_NUMBER, zip),
    method(Kinds::SEQUENCE, "chunk", 1, 1, chunk),
    method(Kinds::SEQUENCE, "chunks", 1, 1, chunk),
    method(Kinds::SEQUENCE, "windows", 1, 1, windows),
    method(Kinds::SEQUENCE.or(Kinds::STRING).or(Kinds::SET), "enumerate", 0, 1, enumerate),
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
    if let Value::Queue(_) | Value::Stack(_) = input.value(0) {
        return super::queue::added(cx, input);
    }
    changed(cx, input, push_here).map(|it| it.0)
}

fn push_here<'p>(
    _cx: &mut Interp<'_, 'p>,
    place: &mut Value<'p>,
    mut input: Input<'p>,
) -> Eval<'p> {
    let item = input.take(0);
    if let Some(items) = items_of(place) {
        items.push(item);
    }
    Ok(Value::Null)
}

/// `[shorter, last]`; the last is null if there was none.
fn pop<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    if let Value::Stack(_) = input.value(0) {
        return super::queue::popped(cx, input);
    }
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

fn insert_here<'p>(
    cx: &mut Interp<'_, 'p>,
    place: &mut Value<'p>,
    mut input: Input<'p>,
) -> Eval<'p> {
    let at = cx.arg(&input, input.int_after_receiver(0))?;
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
        Value::Array(_) => changed(cx, input, remove_here).map(|it| it.0),
        _ => cx.arg(&input, Err(input.wrong(0, "an array, a dict or a set"))),
    }
}

fn remove_here<'p>(
    cx: &mut Interp<'_, 'p>,
    place: &mut Value<'p>,
    mut input: Input<'p>,
) -> Eval<'p> {
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

fn remove_at_here<'p>(
    cx: &mut Interp<'_, 'p>,
    place: &mut Value<'p>,
    input: Input<'p>,
) -> Eval<'p> {
    let at = cx.arg(&input, input.int_after_receiver(0))?;
    let Some(items) = items_of(place) else { return Ok(Value::Null) };
    let at = cx.arg(&input, position(at, items.len()))?;
    Ok(items.remove(at))
}

fn clear<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let empty = empty_like(input.value(0)).ok_or_else(|| input.wrong(0, "a collection"));
    cx.arg(&input, empty)
}

fn clear_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, _input: Input<'p>) -> Eval<'p> {
    if let Some(empty) = empty_like(place) {
        *place = empty;
    }
    Ok(Value::Null)
}

fn empty_like<'p>(value: &Value<'p>) -> Option<Value<'p>> {
    Some(match value {
        Value::Array(_) => Value::array(Vec::new()),
        Value::Queue(_) => Value::Queue(Rc::default()),
        Value::Stack(_) => Value::Stack(Rc::default()),
        Value::Dict(_) => Value::dict(Dict::default()),
        Value::Set(_) => Value::set(Dict::default()),
        Value::Bytes(_) => Value::Bytes(Rc::new([])),
        _ => return None,
    })
}

fn swap_here<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    let (i, j) = (
        cx.arg(&input, input.int_after_receiver(0))?,
        cx.arg(&input, input.int_after_receiver(1))?,
    );
    let Some(items) = items_of(place) else { return Ok(Value::Null) };
    let i = cx.arg(&input, position(i, items.len()))?;
    let j = cx.arg(&input, position(j, items.len()))?;
    items.swap(i, j);
    Ok(Value::Null)
}

/// As many elements as an array has or an int says, all the same.
fn fill<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let n = match input.value(0) {
        Value::Array(items) => items.0.len(),
        Value::Int(_) => cx.arg(&input, input.count(0))?,
        _ => return cx.arg(&input, Err(input.wrong(0, "an array or an int"))),
    };
    cx.make_room(&input, n)?;
    Ok(Value::array(vec![input.value(1).clone(); n]))
}

fn fill_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    if let Some(items) = items_of(place) {
        items.fill(input.value(0).clone());
    }
    Ok(Value::Null)
}

fn extend_here<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    let more = cx.elements_after_receiver(&input, 0)?;
    cx.make_room(&input, more.len())?;
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

fn total<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, op: BinaryOp, first: i64) -> Eval<'p> {
    let mut total = Value::Int(first);
    for item in cx.elements(input, 0)? {
        if ops::number(&item).is_none() {
            let message =
                format!("{} expects numbers as elements, got {}", input.name, item.type_name());
            return cx.fail(input.span, Code::R0004, message);
        }
        let next = ops::binary(op, &total, &item);
        total = cx.arg(input, next)?;
    }
    Ok(total)
}

/// Arrays in the array are replaced by their elements; one level.
fn flatten<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut out = Vec::new();
    for item in cx.elements(&input, 0)? {
        match &item {
            Value::Array(inner) => {
                cx.make_room(&input, out.len() + inner.0.len())?;
                out.extend(inner.0.iter().cloned());
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
    let size = cx.arg(&input, input.size(1))?;
    let items = cx.elements(&input, 0)?;
    Ok(Value::array(items.chunks(size).map(|it| Value::array(it.to_vec())).collect()))
}

fn windows<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let size = cx.arg(&input, input.size(1))?;
    let items = cx.elements(&input, 0)?;
    let n = items.len().saturating_sub(size.saturating_sub(1));
    cx.make_room(&input, n.saturating_mul(size.min(items.len())))?;
    Ok(Value::array(items.windows(size).map(|it| Value::array(it.to_vec())).collect()))
}

fn enumerate<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut number = cx.arg(&input, input.int_or(1, 0))?;
    let mut out = Vec::new();
    for item in cx.elements(&input, 0)? {
        out.push(Value::array(vec![Value::Int(number), item]));
        number = match number.checked_add(1) {
            Some(next) => next,
            None => {
                return cx.fail(input.span, Code::R0007, format!("Integer overflow: {number} + 1"));
            }
        };
    }
    Ok(Value::array(out))
}

/// `range(end)`, `range(start, end)`, `range(start, end, step)`.
fn range<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let first = cx.arg(&input, input.int(0))?;
    let (start, end) = match input.is_given(1) {
        true => (first, cx.arg(&input, input.int(1))?),
        false => (0, first),
    };
    let step = cx.arg(&input, input.int_or(2, 1))?;
    if step == 0 {
        let raise = Raise::new(Code::R0012, "range expects a step that is not 0");
        return cx.arg(&input, Err(raise));
    }
    Ok(Value::Range(Range { start: start.into(), end: end.into(), step: step.into() }))
}
