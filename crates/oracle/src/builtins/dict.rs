//! Dicts.

use std::rc::Rc;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, change, function, method};
use crate::eval::{Interp, key_of, position};
use crate::stop::Eval;
use crate::value::{Dict, Key, Value};

const GOT_FROM: Kinds = Kinds::DICT.or(Kinds::ARRAY).or(Kinds::STRING);

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("keys", 1, 1, keys),
    function("values", 1, 1, values),
    function("items", 1, 1, items),
    function("entries", 1, 1, items),
    function("has_key", 2, 2, has_key),
    function("get", 2, 3, get),
    function("get_default", 2, 3, get),
    function("merge", 1, super::ANY_NUMBER, merge),
    function("update", 2, 2, merge),
    function("invert", 1, 1, invert),
    function("dict", 0, 1, dict),
];

pub(super) const METHODS: &[Method] = &[
    method(Kinds::DICT, "keys", 0, 0, keys),
    method(Kinds::DICT, "values", 0, 0, values),
    method(Kinds::DICT, "items", 0, 0, items),
    method(Kinds::DICT, "entries", 0, 0, items),
    method(Kinds::DICT, "has_key", 1, 1, has_key_method),
    method(GOT_FROM, "get", 1, 2, get),
    method(GOT_FROM, "get_default", 1, 2, get),
    method(Kinds::DICT, "merge", 0, super::ANY_NUMBER, merge),
    method(Kinds::DICT, "invert", 0, 0, invert),
    change(Kinds::DICT, "insert", 2, 2, insert_here),
    change(Kinds::DICT, "remove", 1, 1, remove_here),
    change(Kinds::DICT, "update", 1, 1, update_here),
];

/// The keys, sorted as they are printed.
fn keys<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let dict = cx.arg(&input, input.dict(0))?;
    Ok(Value::array(dict.sorted().into_iter().map(|it| it.0.value()).collect()))
}

fn values<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let dict = cx.arg(&input, input.dict(0))?;
    Ok(Value::array(dict.sorted().into_iter().map(|it| it.1.clone()).collect()))
}

fn items<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let dict = cx.arg(&input, input.dict(0))?;
    let pairs = dict.sorted().into_iter().map(|it| Value::array(vec![it.0.value(), it.1.clone()]));
    Ok(Value::array(pairs.collect()))
}

fn has_key<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let dict = cx.arg(&input, input.dict(0))?;
    Ok(Value::one_or_zero(Key::of(input.value(1)).is_some_and(|it| dict.contains(&it))))
}

fn has_key_method<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    has_key(cx, input).map(|it| Value::Bool(it.is_truthy()))
}

/// The value of a key, else the default or null; elements of an array likewise.
fn get<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let found = match input.value(0) {
        Value::Array(items) => match input.value(1) {
            Value::Int(at) => {
                position(*at, items.0.len()).ok().and_then(|it| items.0.get(it)).cloned()
            }
            _ => None,
        },
        Value::Str(text) => {
            let at = cx.arg(&input, input.int(1))?;
            let at = position(at, text.chars().count()).ok();
            at.and_then(|it| text.chars().nth(it)).map(|it| Value::str(it.to_string()))
        }
        _ => {
            let dict = cx.arg(&input, input.dict(0))?;
            Key::of(input.value(1)).and_then(|it| dict.find(&it).cloned())
        }
    };
    Ok(found.unwrap_or_else(|| input.value(2).clone()))
}

/// All entries; those of later dicts win.
fn merge<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut all = cx.arg(&input, input.dict(0))?;
    for at in 1..input.values.len() {
        let other = cx.arg(&input, input.dict(at))?;
        add_all(cx, &input, &mut all, &other)?;
    }
    Ok(Value::Dict(all))
}

fn add_all<'p>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    all: &mut Rc<Dict<'p>>,
    other: &Dict<'p>,
) -> Eval<'p, ()> {
    cx.charge(input.span, other.len())?;
    let all = Rc::make_mut(all);
    for (key, value) in other.iter() {
        all.insert(key.clone(), value.clone());
    }
    Ok(())
}

fn invert<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let dict = cx.arg(&input, input.dict(0))?;
    let mut out = Dict::default();
    for (key, value) in dict.iter() {
        out.insert(cx.arg(&input, key_of(value))?, key.value());
    }
    Ok(Value::dict(out))
}

/// A dict from pairs of key and value, or a copy of one.
fn dict<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    if let Value::Dict(_) = input.value(0) {
        return Ok(input.value(0).clone());
    }
    let mut out = Dict::default();
    if !input.is_given(0) {
        return Ok(Value::dict(out));
    }
    for pair in cx.elements(&input, 0)? {
        let Value::Array(pair) = &pair else {
            return cx.arg(&input, Err(input.invalid("pairs of a key and a value")));
        };
        let [key, value] = pair.0.as_slice() else {
            return cx.arg(&input, Err(input.invalid("pairs of a key and a value")));
        };
        out.insert(cx.arg(&input, key_of(key))?, value.clone());
    }
    Ok(Value::dict(out))
}

/// `insert(d, key, value)`: the new dict.
pub(super) fn insert<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let mut dict = input.values.remove(0);
    insert_here(cx, &mut dict, input)?;
    Ok(dict)
}

fn insert_here<'p>(
    cx: &mut Interp<'_, 'p>,
    place: &mut Value<'p>,
    mut input: Input<'p>,
) -> Eval<'p> {
    let key = cx.arg(&input, key_of(input.value(0)))?;
    let value = input.take(1);
    if let Value::Dict(dict) = place {
        Rc::make_mut(dict).insert(key, value);
    }
    Ok(Value::Null)
}

/// `remove(d, key)`: the new dict and the old value.
pub(super) fn remove<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let mut dict = input.values.remove(0);
    let old = remove_here(cx, &mut dict, input)?;
    Ok(Value::array(vec![dict, old]))
}

/// What belonged to the key; null if it was not there.
fn remove_here<'p>(_cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    let Value::Dict(dict) = place else { return Ok(Value::Null) };
    let key = Key::of(input.value(0)).filter(|it| dict.contains(it));
    Ok(key.and_then(|it| Rc::make_mut(dict).remove(&it)).unwrap_or(Value::Null))
}

fn update_here<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    for at in 0..input.values.len() {
        let other = cx.arg(&input, input.dict(at))?;
        if let Value::Dict(dict) = place {
            add_all(cx, &input, dict, &other)?;
        }
    }
    Ok(Value::Null)
}
