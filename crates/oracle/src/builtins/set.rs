//! Sets.

use std::rc::Rc;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, change, function, method};
use crate::eval::{Interp, key_of};
use crate::stop::Eval;
use crate::value::{Dict, Key, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("Set", 0, 1, new),
    function("set_add", 2, 2, add),
    function("set_remove", 2, 2, remove),
    function("set_has", 2, 2, has),
    function("set_contains", 2, 2, has),
    function("has", 2, 2, has),
    function("set_size", 1, 1, |cx, input| {
        cx.arg(&input, input.set(0)).map(|it| Value::len(it.len()))
    }),
    function("set_union", 2, 2, union),
    function("union", 2, 2, union),
    function("set_intersect", 2, 2, intersect),
    function("set_intersection", 2, 2, intersect),
    function("intersection", 2, 2, intersect),
    function("set_difference", 2, 2, difference),
    function("difference", 2, 2, difference),
    function("set_is_subset", 2, 2, is_subset),
    function("is_subset", 2, 2, is_subset),
    function("set_to_array", 1, 1, to_array),
];

pub(super) const METHODS: &[Method] = &[
    change(Kinds::SET, "add", 1, 1, add_here),
    change(Kinds::SET, "remove", 1, 1, remove_here),
    change(Kinds::SET, "clear", 0, 0, clear_here),
    method(Kinds::SET, "has", 1, 1, has),
    method(Kinds::SET, "union", 1, 1, union),
    method(Kinds::SET, "set_has", 1, 1, has),
    method(Kinds::SET, "set_contains", 1, 1, has),
    method(Kinds::SET, "set_union", 1, 1, union),
    method(Kinds::SET, "set_intersect", 1, 1, intersect),
    method(Kinds::SET, "set_intersection", 1, 1, intersect),
    method(Kinds::SET, "set_difference", 1, 1, difference),
    method(Kinds::SET, "set_is_subset", 1, 1, is_subset),
    method(Kinds::SET, "is_subset", 1, 1, is_subset),
    method(Kinds::SET, "intersection", 1, 1, intersect),
    method(Kinds::SET, "difference", 1, 1, difference),
];

/// A set of values; R0021 for one that cannot be a member.
pub(super) fn set_of<'p>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    values: Vec<Value<'p>>,
) -> Eval<'p> {
    let mut set = Dict::default();
    for value in &values {
        set.insert(cx.arg(input, key_of(value))?, Value::Null);
    }
    Ok(Value::set(set))
}

fn new<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let values = if input.is_given(0) { cx.elements(&input, 0)? } else { Vec::new() };
    set_of(cx, &input, values)
}

fn add<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.set(0))?;
    let mut set = input.values.remove(0);
    add_here(cx, &mut set, input)?;
    Ok(set)
}

/// Whether it is new.
fn add_here<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    let key = cx.arg(&input, key_of(input.value(0)))?;
    let Value::Set(set) = place else { return Ok(Value::Null) };
    let is_new = !set.contains(&key);
    Rc::make_mut(set).insert(key, Value::Null);
    Ok(Value::Bool(is_new))
}

pub(super) fn remove<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.set(0))?;
    let mut set = input.values.remove(0);
    remove_here(cx, &mut set, input)?;
    Ok(set)
}

/// Whether it was there.
fn remove_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    let Value::Set(set) = place else { return Ok(Value::Null) };
    let key = Key::of(input.value(0)).filter(|it| set.contains(it));
    Ok(Value::Bool(key.is_some_and(|it| Rc::make_mut(set).remove(&it).is_some())))
}

fn clear_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, _input: Input<'p>) -> Eval<'p> {
    *place = Value::set(Dict::default());
    Ok(Value::Null)
}

fn has<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let set = cx.arg(&input, input.set(0))?;
    Ok(Value::Bool(Key::of(input.value(1)).is_some_and(|it| set.contains(&it))))
}

fn union<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (mut a, b) = (cx.arg(&input, input.set(0))?, cx.arg(&input, input.set(1))?);
    for (key, _) in b.iter() {
        Rc::make_mut(&mut a).insert(key.clone(), Value::Null);
    }
    Ok(Value::Set(a))
}

fn intersect<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (a, b) = (cx.arg(&input, input.set(0))?, cx.arg(&input, input.set(1))?);
    Ok(filtered(&a, |key| b.contains(key)))
}

fn difference<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (a, b) = (cx.arg(&input, input.set(0))?, cx.arg(&input, input.set(1))?);
    Ok(filtered(&a, |key| !b.contains(key)))
}

fn filtered<'p>(set: &Dict<'p>, keep: impl Fn(&Key) -> bool) -> Value<'p> {
    let mut out = Dict::default();
    for (key, _) in set.iter().filter(|it| keep(it.0)) {
        out.insert(key.clone(), Value::Null);
    }
    Value::set(out)
}

fn is_subset<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (a, b) = (cx.arg(&input, input.set(0))?, cx.arg(&input, input.set(1))?);
    Ok(Value::Bool(a.iter().all(|(key, _)| b.contains(key))))
}

fn to_array<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.set(0))?;
    cx.elements(&input, 0).map(Value::array)
}
