//! Sorting.
//!
//! Without a comparison, numbers come first, by value, then strings, by code point. With one, the merge sort of the
//! documents, so that the calls a script sees are the same in every engine.

use std::cmp::Ordering;

use super::kinds::Kinds;
use super::{Builtin, Input, Method, change, function, method};
use crate::eval::Interp;
use crate::ops;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[function("sort", 1, 2, sort), function("sort_by", 2, 2, sort_by)];

pub(super) const METHODS: &[Method] = &[
    change(Kinds::ARRAY, "sort", 0, 1, sort_in_place),
    method(Kinds::ITERABLE, "sort", 0, 1, sort),
    change(Kinds::ARRAY, "sort_by", 1, 1, sort_by_in_place),
    method(Kinds::ITERABLE, "sort_by", 1, 1, sort_by),
];

fn sort<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = cx.elements(&input, 0)?;
    let sorted = if input.is_given(1) { sorted_with(cx, &input, items)? } else { sorted(cx, &input, items)? };
    Ok(Value::array(sorted))
}

fn sort_by<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = cx.elements(&input, 0)?;
    let mut keyed = Vec::with_capacity(items.len());
    for item in items {
        let key = cx.call_back(&input, input.value(1), vec![item.clone()])?;
        keyed.push((key, item));
    }
    let keys: Vec<_> = keyed.iter().map(|it| it.0.clone()).collect();
    check_sortable(cx, &input, &keys)?;
    keyed.sort_by(|a, b| sorting_order(&a.0, &b.0));
    Ok(Value::array(keyed.into_iter().map(|it| it.1).collect()))
}

fn sort_in_place<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    in_place(cx, place, input, sort)
}

fn sort_by_in_place<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, input: Input<'p>) -> Eval<'p> {
    in_place(cx, place, input, sort_by)
}

/// Puts what a function gives for a place there, and gives it as well.
fn in_place<'p>(cx: &mut Interp<'_, 'p>, place: &mut Value<'p>, mut input: Input<'p>, f: super::Native) -> Eval<'p> {
    input.values.insert(0, place.clone());
    let sorted = f(cx, input)?;
    *place = sorted.clone();
    Ok(sorted)
}

fn sorted<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, mut items: Vec<Value<'p>>) -> Eval<'p, Vec<Value<'p>>> {
    check_sortable(cx, input, &items)?;
    items.sort_by(sorting_order);
    Ok(items)
}

fn check_sortable<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, items: &[Value<'p>]) -> Eval<'p, ()> {
    cx.charge(input.span, items.len())
}

/// The order of two values when no comparison is given.
fn sorting_order(a: &Value<'_>, b: &Value<'_>) -> Ordering {
    ops::compare(a, b).unwrap_or(Ordering::Equal)
}

/// Merge sort from the bottom up, as the prelude does it.
fn sorted_with<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, items: Vec<Value<'p>>) -> Eval<'p, Vec<Value<'p>>> {
    let mut items = items;
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for pair in items.chunks(width * 2) {
            let (left, right) = pair.split_at(width.min(pair.len()));
            let (mut left, mut right) = (left.iter().peekable(), right.iter().peekable());
            while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
                let answer = cx.call_back(input, input.value(1), vec![(*second).clone(), (*first).clone()])?;
                let side = if comes_first(cx, input, &answer)? { &mut right } else { &mut left };
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
fn comes_first<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, answer: &Value<'p>) -> Eval<'p, bool> {
    match answer {
        Value::Bool(it) => Ok(*it),
        other => {
            let below = ops::binary(remora_syntax::ast::BinaryOp::Lt, other, &Value::Int(0));
            cx.arg(input, below).map(|it| it.is_truthy())
        }
    }
}

