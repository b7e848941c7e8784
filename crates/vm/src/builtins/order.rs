//! Sorting. Stable; never panics, whatever the order of the elements; allocates nothing that it cannot be refused.
//!
//! Numbers sort by value with NaN last, strings by code point. Where elements of other kinds are among them, which have no
//! order, it is an insertion sort: each element moves up past those right before it that are greater, and no further.

use core::cmp::Ordering;

use remora_bytecode::CompareKind;
use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Look, Method, Row, arg, build, items, rows};
use crate::fault::Res;
use crate::heap::{Heap, array_of, str_of};
use crate::host::{Args, HostCx};
use crate::limits::memory::allocation_failed;
use crate::object::{Array, Items};
use crate::ops::compare::{self, numbers};
use crate::value::{Tag, Value};

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "sort(items: array | range | set | string, compare?: function) -> array",
        doc: "The elements in order, stable. `compare(a, b)` says whether `a` comes first, by a bool or a number below zero. \
              The method sorts an array in place, and gives it.",
        raises: &[Code::R0004],
        cost: "one unit for each step of the sort; a call for each with `compare`",
        example: (
            "print(sort([3, 1, 2]), sort([\"b\", \"a\"]), sort([3, \"a\", 1]))\nprint(sort([1, 2, 3], (a, b) => b - a))\nxs := [2, 1]\nxs.sort()\nprint(xs)",
            "[1, 2, 3] [a, b] [3, a, 1]\n[3, 2, 1]\n[1, 2]",
        ),
        call: Call::Script("sort"),
        methods: &[
            (Kinds::ARRAY, Method::ScriptInPlace("__sort_in_place")),
            (Kinds::ITERABLE, Method::Function),
        ],
        ..Builtin::ROW
    },
    Builtin {
        signature: "sorted(items: array | range | set | string, compare?: function) -> array",
        doc: "The elements in order, as `sort`; the method changes nothing.",
        raises: &[Code::R0004],
        cost: "as `sort`",
        example: ("xs := [2, 1]\nprint(xs.sorted(), xs)", "[1, 2] [2, 1]"),
        call: Call::Script("sort"),
        methods: &[(Kinds::ITERABLE, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "sort_by(items: array | range | set | string, key: function) -> array",
        doc: "The elements in the order of what `key` gives for each, stable. The method sorts an array in place, and gives it.",
        raises: &[Code::R0004],
        cost: "a call for each element; one unit for each step of the sort",
        example: ("print(sort_by([\"ccc\", \"a\", \"bb\"], len))", "[a, bb, ccc]"),
        call: Call::Script("sort_by"),
        methods: &[
            (Kinds::ARRAY, Method::ScriptInPlace("__sort_by_in_place")),
            (Kinds::ITERABLE, Method::Function),
        ],
        ..Builtin::ROW
    },
    Builtin {
        signature: "__sort__items(items: any) -> array",
        doc: "The elements of what shall be sorted.",
        aliases: &["__sort_by__items"],
        cost: "one unit for each 16 elements",
        call: Call::Native(sort_items),
        ..Builtin::ROW
    },
    Builtin {
        signature: "__is_before(answer: any) -> bool",
        doc: "Whether what `compare` has said of two elements puts the first before the second.",
        raises: &[Code::R0002],
        call: Call::Native(is_before),
        look: Some(Look::One(look_before)),
        ..Builtin::ROW
    },
    Builtin {
        signature: "__sort(items: any) -> array",
        doc: "The elements in order.",
        call: Call::Native(sort),
        ..Builtin::ROW
    },
    Builtin {
        signature: "__order(keys: array) -> array",
        doc: "The indices of the elements, in the order of the elements.",
        call: Call::Native(order),
        ..Builtin::ROW
    },
    Builtin {
        signature: "__gather(items: array, indices: array) -> array",
        doc: "The elements at these indices.",
        call: Call::Native(gather),
        ..Builtin::ROW
    },
]);

/// How elements compare with each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Numbers,
    Strings,
    Mixed,
}

impl Kind {
    fn of(array: &Array) -> Self {
        match array.items() {
            Items::Ints(_) | Items::Floats(_) => Self::Numbers,
            Items::Bools(_) => Self::Mixed,
            Items::Any(values) => {
                let values = values.as_slice();
                if values.iter().all(|it| it.is_number()) {
                    Self::Numbers
                } else if values.iter().all(|it| it.tag() == Tag::String) {
                    Self::Strings
                } else {
                    Self::Mixed
                }
            }
        }
    }
}

/// How two elements are ordered: equal if they have no order.
#[inline]
fn compare(a: &Value, b: &Value) -> Ordering {
    match (a.tag(), b.tag()) {
        (Tag::Int, Tag::Int) => a.as_int().cmp(&b.as_int()),
        (Tag::String, Tag::String) => {
            str_of(a).map(|it| it.as_str()).cmp(&str_of(b).map(|it| it.as_str()))
        }
        _ if a.is_number() && b.is_number() => numbers(*a, *b).unwrap_or_else(|| nan_last(*a, *b)),
        _ => Ordering::Equal,
    }
}

#[cold]
fn nan_last(a: Value, b: Value) -> Ordering {
    let is_nan = |it: Value| it.to_float().is_some_and(f64::is_nan);
    is_nan(a).cmp(&is_nan(b))
}

/// Pays for sorting: a pass for each bit of the length, in which each element is looked at once.
fn charge(cx: &mut HostCx<'_>, array: &Array, kind: Kind) -> Res<()> {
    let n = array.len() as u64;
    if kind == Kind::Mixed {
        return cx.charge(n);
    }
    let bytes: usize = match kind {
        Kind::Strings => array.iter().map(|it| cx.heap.str(it).map_or(0, str::len)).sum(),
        Kind::Numbers | Kind::Mixed => 0,
    };
    let passes = u64::from(n.checked_ilog2().unwrap_or(0)) + 1;
    cx.charge(passes.saturating_mul(n + bytes as u64 / 64))
}

/// What the prelude sorts with a function of the script, as an array.
fn sort_items(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    items::of(cx, value)?.ok_or_else(|| arg::wrong(cx, 0, items::WANTED, value))
}

/// By a bool, or by a number below zero.
fn look_before(_: &Heap, answer: Value) -> Option<Value> {
    match answer.tag() {
        Tag::Bool => Some(answer),
        Tag::Int => Some(Value::bool(answer.as_int() < 0)),
        _ => None,
    }
}

fn is_before(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let answer = args.peek(0);
    if let Some(known) = look_before(cx.heap, answer) {
        return Ok(known);
    }
    compare::compare(cx.heap, CompareKind::Lt, answer, Value::int(0), cx.fuel).map(Value::bool)
}

fn sort(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let sorted = items::take(cx, &mut args, 0)?;
    match sort_unique(cx, sorted) {
        Ok(()) => Ok(sorted),
        Err(fault) => {
            cx.heap.release(sorted);
            Err(fault)
        }
    }
}

/// Sorts an array with one owner.
fn sort_unique(cx: &mut HostCx<'_>, sorted: Value) -> Res<()> {
    let Some(array) = array_of(&sorted) else { return Ok(()) };
    let kind = Kind::of(array);
    charge(cx, array, kind)?;
    let HostCx { heap, fuel, .. } = cx;
    let Some((array, _)) = heap.array_mut(sorted) else { return Ok(()) };
    match array.items_mut() {
        Items::Ints(ints) => {
            ints.as_mut_slice().sort_unstable();
            Ok(())
        }
        Items::Floats(floats) => {
            let by_value =
                |a: &f64, b: &f64| a.partial_cmp(b).unwrap_or_else(|| a.is_nan().cmp(&b.is_nan()));
            merge_sort(floats.as_mut_slice(), by_value)
        }
        // Bools have no order.
        Items::Bools(_) => Ok(()),
        Items::Any(values) if kind == Kind::Mixed => {
            insertion_sort(values.as_mut_slice(), compare, fuel)
        }
        Items::Any(values) => merge_sort(values.as_mut_slice(), compare),
    }
}

fn order(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let keys = arg::array(cx, &value, 0)?;
    let kind = Kind::of(keys);
    charge(cx, keys, kind)?;
    let order = build::array(cx, Tag::Int, keys.len(), |cx, out| {
        (0..keys.len()).try_for_each(|at| build::push(cx, out, Value::len(at)))
    })?;
    let HostCx { heap, fuel, .. } = cx;
    let key = |at: &i64| usize::try_from(*at).ok().and_then(|at| keys.get(at)).unwrap_or_default();
    let by_key = |a: &i64, b: &i64| compare(&key(a), &key(b));
    let sorted = match heap.array_mut(order).map(|(array, _)| array.items_mut()) {
        Some(Items::Ints(indices)) if kind == Kind::Mixed => {
            insertion_sort(indices.as_mut_slice(), by_key, fuel)
        }
        Some(Items::Ints(indices)) => merge_sort(indices.as_mut_slice(), by_key),
        _ => Ok(()),
    };
    match sorted {
        Ok(()) => Ok(order),
        Err(fault) => {
            heap.release(order);
            Err(fault)
        }
    }
}

fn gather(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (from, indices) = (args.peek(0), args.peek(1));
    let (from, indices) = (arg::array(cx, &from, 0)?, arg::array(cx, &indices, 1)?);
    cx.charge(indices.len() as u64 / 4)?;
    let kind = from.get(0).filter(|_| from.is_packed()).map_or(Tag::Null, Value::tag);
    build::array(cx, kind, indices.len(), |cx, out| {
        for at in indices.iter() {
            let at = at.to_int().and_then(|at| usize::try_from(at).ok());
            let item = at.and_then(|at| from.get(at)).unwrap_or_default();
            build::push_counted(cx, out, item)?;
        }
        Ok(())
    })
}

/// Runs of that length are sorted by insertion before they are merged.
const RUN: usize = 16;

/// Merge sort from the bottom up. `sort_by` of the standard library panics when it finds that an order is none, and aborts
/// where it cannot allocate.
fn merge_sort<T: Copy>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) -> Res<()> {
    for run in items.chunks_mut(RUN) {
        insert_each(run, &compare, &mut |_| Ok(()))?;
    }
    if items.len() <= RUN {
        return Ok(());
    }
    let mut spare: Vec<T> = Vec::new();
    let room = items.len().div_ceil(2).next_power_of_two().max(RUN).min(items.len());
    spare.try_reserve_exact(room).map_err(|_| allocation_failed(room * size_of::<T>()))?;
    let mut width = RUN;
    while width < items.len() {
        for pair in items.chunks_mut(width.saturating_mul(2)) {
            if pair.len() > width {
                merge(pair, width, &mut spare, &compare);
            }
        }
        width = width.saturating_mul(2);
    }
    Ok(())
}

/// Merges the sorted parts before and behind `middle`. `spare` has room for the first.
fn merge<T: Copy>(
    items: &mut [T],
    middle: usize,
    spare: &mut Vec<T>,
    compare: &impl Fn(&T, &T) -> Ordering,
) {
    // Already in order: nothing to do.
    if compare(&items[middle - 1], &items[middle]).is_le() {
        return;
    }
    spare.clear();
    spare.extend_from_slice(&items[..middle]);
    let (mut left, mut right) = (0, middle);
    for to in 0..items.len() {
        let takes_right = match (spare.get(left), items.get(right)) {
            (Some(a), Some(b)) => compare(b, a).is_lt(),
            // What is left of the right part stands where it belongs.
            (None, _) => return,
            (Some(_), None) => false,
        };
        if takes_right {
            items[to] = items[right];
            right += 1;
        } else {
            items[to] = spare[left];
            left += 1;
        }
    }
}

/// Insertion sort that pays for each step.
fn insertion_sort<T: Copy>(
    items: &mut [T],
    compare: impl Fn(&T, &T) -> Ordering,
    fuel: &mut crate::limits::fuel::Fuel,
) -> Res<()> {
    use crate::limits::Charge;
    insert_each(items, &compare, &mut |steps| fuel.charge(steps))
}

fn insert_each<T: Copy>(
    items: &mut [T],
    compare: &impl Fn(&T, &T) -> Ordering,
    pay: &mut impl FnMut(u64) -> Res<()>,
) -> Res<()> {
    for at in 1..items.len() {
        let item = items[at];
        let mut to = at;
        while to > 0 && compare(&items[to - 1], &item).is_gt() {
            items[to] = items[to - 1];
            to -= 1;
        }
        items[to] = item;
        pay((at - to) as u64)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_like_the_standard_library() {
        let mut random = crate::builtins::random::Random::new(3);
        for len in [0, 1, 2, 15, 16, 17, 31, 33, 100, 1000] {
            let items: Vec<(u64, usize)> = (0..len).map(|at| (random.below(20), at)).collect();
            let (mut ours, mut theirs) = (items.clone(), items);
            merge_sort(&mut ours, |a, b| a.0.cmp(&b.0)).unwrap();
            theirs.sort_by_key(|it| it.0);
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn an_order_that_is_none_is_no_danger() {
        let mut random = crate::builtins::random::Random::new(4);
        let mut items: Vec<u64> = (0..500).map(|_| random.next_u64()).collect();
        let mut before = items.clone();
        let flip = core::cell::Cell::new(false);
        merge_sort(&mut items, |_, _| {
            flip.set(!flip.get());
            if flip.get() { Ordering::Less } else { Ordering::Greater }
        })
        .unwrap();
        items.sort_unstable();
        before.sort_unstable();
        assert_eq!(items, before);
    }
}
