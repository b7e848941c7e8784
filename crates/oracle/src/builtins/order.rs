//! Sorting.
//!
//! Stable. With a comparison of the script the calls that it sees are part of what it observes: a merge sort from the
//! bottom up, the same in every engine.

use std::cmp::Ordering;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, change, function, method};
use crate::eval::Interp;
use crate::ops;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("sort", 1, 2, sort),
    function("sorted", 1, 2, |cx, mut input| {
        input.name = "sort";
        sort(cx, input)
    }),
    function("sort_by", 2, 2, sort_by),
];

pub(super) const METHODS: &[Method] = &[
    change(Kinds::ARRAY, "sort", 0, 1, sort_in_place),
    method(Kinds::ITERABLE, "sort", 0, 1, sort),
    method(Kinds::ITERABLE, "sorted", 0, 1, sort),
    change(Kinds::ARRAY, "sort_by", 1, 1, sort_by_in_place),
    method(Kinds::ITERABLE, "sort_by", 1, 1, sort_by),
];

fn sort<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = cx.elements(&input, 0)?;
    let sorted = if input.is_given(1) {
        merge_sort(cx, items, |cx, second, first| {
            let answer =
                cx.call_back(&input, input.value(1), vec![second.clone(), first.clone()])?;
            comes_first(cx, &input, &answer)
        })?
    } else {
        sorted_by(cx, &input, items, |it| it)?
    };
    Ok(Value::array(sorted))
}

fn sort_by<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut keyed = Vec::new();
    for item in cx.elements(&input, 0)? {
        let key = cx.call_back(&input, input.value(1), vec![item.clone()])?;
        keyed.push((key, item));
    }
    let sorted = sorted_by(cx, &input, keyed, |it| &it.0)?;
    Ok(Value::array(sorted.into_iter().map(|it| it.1).collect()))
}

fn sort_in_place<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    in_place(cx, place, input, sort)
}

fn sort_by_in_place<'p>(
    cx: &mut Interp<'_, 'p>,
    place: &mut Value<'p>,
    input: Input<'p>,
) -> Eval<'p> {
    in_place(cx, place, input, sort_by)
}

/// Puts what a function gives for a place there, and gives it as well.
fn in_place<'p>(
    cx: &mut Interp<'_, 'p>,
    place: &mut Value<'p>,
    mut input: Input<'p>,
    f: super::Native,
) -> Eval<'p> {
    input.values.insert(0, place.clone());
    let sorted = f(cx, input)?;
    *place = sorted.clone();
    Ok(sorted)
}

/// Items in the order of their keys. Where not all keys are numbers, or all strings, those without an order count as equal,
/// and each item goes before the last ones that come after it.
fn sorted_by<'p, T: Clone>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    mut items: Vec<T>,
    key: impl Fn(&T) -> &Value<'p>,
) -> Eval<'p, Vec<T>> {
    cx.charge(input.span, items.len())?;
    let all_numbers = items.iter().all(|it| ops::number(key(it)).is_some());
    let all_strings = items.iter().all(|it| matches!(key(it), Value::Str(_)));
    if all_numbers || all_strings {
        return merge_sort(
            cx,
            items,
            |_, second, first| Ok(order(key(second), key(first)).is_lt()),
        );
    }
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && order(key(&items[at]), key(&items[at - 1])).is_lt() {
            cx.charge(input.span, 1)?;
            items.swap(at, at - 1);
            at -= 1;
        }
    }
    Ok(items)
}

/// The order of two values when no comparison is given; NaN comes after all other numbers.
fn order(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    let is_nan = |it: &Value<'_>| matches!(it, Value::Float(it) if it.is_nan());
    ops::compare(a, b).unwrap_or_else(|| is_nan(a).cmp(&is_nan(b)))
}

/// Merge sort from the bottom up, stable. `is_before(second, first)` is asked about the heads of two runs.
fn merge_sort<'h, 'p, T: Clone>(
    cx: &mut Interp<'h, 'p>,
    items: Vec<T>,
    mut is_before: impl FnMut(&mut Interp<'h, 'p>, &T, &T) -> Eval<'p, bool>,
) -> Eval<'p, Vec<T>> {
    let mut items = items;
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for pair in items.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
                let side = if is_before(cx, second, first)? { &mut right } else { &mut left };
                merged.extend(side.next().cloned());
            }
            merged.extend(left.chain(right).cloned());
        }
        items = merged;
        width *= 2;
    }
    Ok(items)
}

/// What a comparison says: true, or a number below zero.
fn comes_first<'p>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    answer: &Value<'p>,
) -> Eval<'p, bool> {
    match answer {
        Value::Bool(it) => Ok(*it),
        other => {
            let below = ops::binary(remora_syntax::ast::BinaryOp::Lt, other, &Value::Int(0));
            cx.arg(input, below).map(|it| it.is_truthy())
        }
    }
}
