//! Queues (first in, first out) and stacks (last in, first out).

use std::rc::Rc;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, change, function, method};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::{Items, Value};

const EITHER: Kinds = Kinds::QUEUE.or(Kinds::STACK);

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("Queue", 0, 1, new_queue),
    function("Stack", 0, 1, new_stack),
    function("queue_enqueue", 2, 2, |cx, input| queue_form(cx, input, add_here, false)),
    function("queue_dequeue", 1, 1, |cx, input| queue_form(cx, input, remove_here, true)),
    function("queue_peek", 1, 1, |cx, input| {
        cx.arg(&input, input.queue(0))?;
        peek(cx, input)
    }),
    function("queue_size", 1, 1, |cx, input| {
        cx.arg(&input, input.queue(0)).map(|it| Value::len(it.0.len()))
    }),
    function("queue_is_empty", 1, 1, |cx, input| {
        cx.arg(&input, input.queue(0)).map(|it| Value::Bool(it.0.is_empty()))
    }),
    function("queue_to_array", 1, 1, |cx, input| cx.arg(&input, input.queue(0)).map(Value::Array)),
    function("stack_push", 2, 2, |cx, input| stack_form(cx, input, add_here, false)),
    function("stack_pop", 1, 1, |cx, input| stack_form(cx, input, remove_here, true)),
    function("stack_peek", 1, 1, |cx, input| {
        cx.arg(&input, input.stack(0))?;
        peek(cx, input)
    }),
    function("stack_size", 1, 1, |cx, input| {
        cx.arg(&input, input.stack(0)).map(|it| Value::len(it.0.len()))
    }),
    function("stack_is_empty", 1, 1, |cx, input| {
        cx.arg(&input, input.stack(0)).map(|it| Value::Bool(it.0.is_empty()))
    }),
    function("stack_to_array", 1, 1, |cx, input| cx.arg(&input, input.stack(0)).map(Value::Array)),
];

pub(super) const METHODS: &[Method] = &[
    change(Kinds::QUEUE, "enqueue", 1, 1, add_here),
    change(Kinds::QUEUE, "dequeue", 0, 0, remove_here),
    change(Kinds::STACK, "push", 1, 1, add_here),
    change(Kinds::STACK, "pop", 0, 0, remove_here),
    change(Kinds::QUEUE, "push", 1, 1, add_here),
    change(Kinds::QUEUE, "append", 1, 1, add_here),
    change(Kinds::STACK, "append", 1, 1, add_here),
    method(EITHER, "peek", 0, 0, peek),
];

fn new_queue<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = if input.is_given(0) { cx.elements(&input, 0)? } else { Vec::new() };
    Ok(Value::Queue(Rc::new(Items(items))))
}

fn new_stack<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = if input.is_given(0) { cx.elements(&input, 0)? } else { Vec::new() };
    Ok(Value::Stack(Rc::new(Items(items))))
}

/// `push` of a queue or a stack in its function form.
pub(super) fn added<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    function_form(cx, input, add_here, false)
}

/// `pop` of a stack in its function form.
pub(super) fn popped<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    function_form(cx, input, remove_here, true)
}

fn queue_form<'p>(
    cx: &mut Interp<'_, 'p>,
    input: Input<'p>,
    call: super::InPlace,
    both: bool,
) -> Eval<'p> {
    cx.arg(&input, input.queue(0))?;
    function_form(cx, input, call, both)
}

fn stack_form<'p>(
    cx: &mut Interp<'_, 'p>,
    input: Input<'p>,
    call: super::InPlace,
    both: bool,
) -> Eval<'p> {
    cx.arg(&input, input.stack(0))?;
    function_form(cx, input, call, both)
}

/// The new value, or an array of it and what was taken off.
fn function_form<'p>(
    cx: &mut Interp<'_, 'p>,
    mut input: Input<'p>,
    call: super::InPlace,
    both: bool,
) -> Eval<'p> {
    let mut place = input.values.remove(0);
    let item = call(cx, &mut place, input)?;
    Ok(if both { Value::array(vec![place, item]) } else { place })
}

fn items_of<'v, 'p>(place: &'v mut Value<'p>) -> Option<&'v mut Vec<Value<'p>>> {
    match place {
        Value::Queue(items) | Value::Stack(items) => Some(&mut Rc::make_mut(items).0),
        _ => None,
    }
}

fn add_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, mut input: Input<'p>) -> Eval<'p> {
    if let Some(items) = items_of(place) {
        items.push(input.take(0));
    }
    Ok(Value::Null)
}

/// Takes off the next one; null if there is none.
fn remove_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, _input: Input<'p>) -> Eval<'p> {
    let is_queue = matches!(place, Value::Queue(_));
    Ok(match items_of(place) {
        Some(items) if is_queue && !items.is_empty() => items.remove(0),
        Some(items) => items.pop().unwrap_or(Value::Null),
        None => Value::Null,
    })
}

/// The one that would be taken off next.
fn peek<'p>(_cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let next = match input.value(0) {
        Value::Queue(it) => it.0.first(),
        Value::Stack(it) => it.0.last(),
        _ => None,
    };
    Ok(next.cloned().unwrap_or(Value::Null))
}
