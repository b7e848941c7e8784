//! Putting in and taking out. As functions these give the new collection (made in place where nobody else sees the old one);
//! as methods they change the variable they are called on.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, build, collection, items, rows};
use crate::fault::Res;
use crate::heap::{array_of, dict_of};
use crate::host::{Args, HostCx};
use crate::object::array::index_in;
use crate::ops::{self, index};
use crate::value::{Tag, Value};

/// Kinds whose elements can be cleared.
const CHANGEABLE: Kinds =
    Kinds::ARRAY.or(Kinds::DICT).or(Kinds::SET).or(Kinds::QUEUE).or(Kinds::STACK).or(Kinds::BYTES);

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "push(items: array | queue | stack, item: any) -> array | queue | stack",
        aliases: &["append"],
        doc: "The collection with one element more at its end. The method puts it in place and gives null.",
        raises: &[Code::R0004],
        cost: "constant; one unit for each 16 elements if it is shared",
        example: ("print(push([1], 2))\nmut xs := [1]\nxs.push(5)\nprint(xs)", "[1, 2]\n[1, 5]"),
        call: Call::Native(push),
        methods: &[(Kinds::ARRAY.or(Kinds::QUEUE).or(Kinds::STACK), Method::InPlace(push_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "pop(items: array | stack) -> array",
        doc: "The collection without its last element, and that element: `[rest, last]`. The method takes it out and gives it; \
              null if there is none.",
        raises: &[Code::R0004],
        cost: "constant; one unit for each 16 elements if it is shared",
        example: (
            "print(pop([1, 2, 3]))\nmut xs := [1, 2]\nprint(xs.pop(), xs)",
            "[[1, 2], 3]\n2 [1]",
        ),
        call: Call::Native(pop),
        methods: &[(Kinds::ARRAY.or(Kinds::STACK), Method::InPlace(pop_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "insert(collection: array | dict, at: any, item: any) -> array | dict",
        doc: "The array with an element before that index, or the dict with that key set. The method does it in place.",
        raises: &[Code::R0004, Code::R0008, Code::R0021],
        cost: "one unit for each 16 elements",
        example: ("print(insert([1, 3], 1, 2), insert({}, \"k\", 1))", "[1, 2, 3] {\"k\": 1}"),
        call: Call::Native(insert),
        methods: &[(Kinds::ARRAY.or(Kinds::DICT), Method::InPlace(insert_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "remove(collection: array | dict | set, what: any) -> any",
        doc: "An array without the first element that is equal, or a set without it; of a dict, the dict without that key and \
              what it held: `[dict, value]`. The method does it in place: it says whether an array or set had the element, \
              and gives the value of a dict or null.",
        raises: &[Code::R0004],
        cost: "one unit for each element compared; one for each 16 elements if it is shared",
        example: ("print(remove([1, 2, 3], 2), remove({\"a\": 1}, \"a\"))", "[1, 3] [{}, 1]"),
        call: Call::Native(remove),
        methods: &[(Kinds::ARRAY.or(Kinds::DICT).or(Kinds::SET), Method::InPlace(remove_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "remove_at(items: array, index: int) -> array",
        doc: "The array without the element at an index, and that element: `[rest, item]`. The method takes it out and gives it.",
        raises: &[Code::R0004, Code::R0008],
        cost: "one unit for each 16 elements",
        example: ("print(remove_at([1, 2, 3], 0), remove_at([1, 2], -1))", "[[2, 3], 1] [[1], 2]"),
        call: Call::Native(remove_at),
        methods: &[(Kinds::ARRAY, Method::InPlace(remove_at_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "concat(...arrays: array) -> array",
        doc: "The elements of all, one array after the other.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements",
        example: ("print(concat([1], [2], [3, 4]))", "[1, 2, 3, 4]"),
        call: Call::Native(concat),
        methods: &[(Kinds::ARRAY, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "extend(items: array, more: array | range | set | string) -> array",
        doc: "The array with the elements of another collection at its end. The method does it in place and gives null.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements",
        example: (
            "mut xs := [1]\nxs.extend([2, 3])\nprint(xs, extend([], \"ab\"))",
            "[1, 2, 3] [a, b]",
        ),
        call: Call::Native(extend),
        methods: &[(Kinds::ARRAY, Method::InPlace(extend_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "clear(collection: array | dict | set | queue | stack | bytes) -> array | dict | set | queue | stack | bytes",
        doc: "An empty one of the same kind. The method empties it in place and gives null.",
        raises: &[Code::R0004],
        example: ("print(clear([1]), clear({\"a\": 1}))", "[] {}"),
        call: Call::Native(clear),
        methods: &[(CHANGEABLE, Method::InPlace(clear_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "swap(items: array, i: int, j: int) -> array",
        doc: "The array with two elements exchanged. The method does it in place and gives null.",
        raises: &[Code::R0004, Code::R0008],
        cost: "constant; one unit for each 16 elements if it is shared",
        example: ("mut xs := [1, 2, 3]\nxs.swap(0, -1)\nprint(xs)", "[3, 2, 1]"),
        call: Call::Native(swap),
        methods: &[(Kinds::ARRAY, Method::InPlace(swap_method))],
        ..Builtin::ROW
    },
]);

/// Runs a change on the first argument, taken over; gives the changed collection and what the change gave.
fn changed<T>(
    cx: &mut HostCx<'_>,
    args: &mut Args<'_>,
    change: impl FnOnce(&mut HostCx<'_>, &mut Value, &mut Args<'_>) -> Res<T>,
) -> Res<(Value, T)> {
    let mut collection = args.take(0);
    match change(cx, &mut collection, args) {
        Ok(result) => Ok((collection, result)),
        Err(fault) => {
            cx.heap.release(collection);
            Err(fault)
        }
    }
}

fn push(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let (collection, ()) =
        changed(cx, &mut args, |cx, place, args| push_to(cx, place, args.take(1)))?;
    Ok(collection)
}

fn push_method(cx: &mut HostCx<'_>, place: &mut Value, mut args: Args<'_>) -> Res<Value> {
    push_to(cx, place, args.take(0))?;
    Ok(Value::NULL)
}

/// Appends an element, which it takes over.
#[inline]
fn push_to(cx: &mut HostCx<'_>, place: &mut Value, item: Value) -> Res<()> {
    if let Err(fault) = ops::make_unique(cx.heap, place, cx.fuel) {
        cx.heap.release(item);
        return Err(fault);
    }
    match place.tag() {
        Tag::Array => build::push(cx, *place, item),
        Tag::Queue => build::enqueue(cx, *place, item),
        Tag::Stack => build::stack_push(cx, *place, item),
        _ => {
            cx.heap.release(item);
            Err(arg::wrong(cx, 0, "an array", *place))
        }
    }
}

fn pop(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let (rest, last) = changed(cx, &mut args, |cx, place, _| pop_from(cx, place))?;
    build::pair(cx, rest, last)
}

fn pop_method(cx: &mut HostCx<'_>, place: &mut Value, _args: Args<'_>) -> Res<Value> {
    pop_from(cx, place)
}

/// Takes out the last element; null if there is none.
#[inline]
fn pop_from(cx: &mut HostCx<'_>, place: &mut Value) -> Res<Value> {
    ops::make_unique(cx.heap, place, cx.fuel)?;
    let last = match place.tag() {
        Tag::Array => cx.heap.array_mut(*place).and_then(|(it, _)| it.pop()),
        Tag::Stack => cx.heap.stack_mut(*place).and_then(|(it, _)| it.pop()),
        _ => return Err(arg::wrong(cx, 0, "an array", *place)),
    };
    Ok(last.unwrap_or_default())
}

fn insert(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let at = args.peek(1);
    let (collection, ()) =
        changed(cx, &mut args, |cx, place, args| insert_into(cx, place, at, args.take(2)))?;
    Ok(collection)
}

fn insert_method(cx: &mut HostCx<'_>, place: &mut Value, mut args: Args<'_>) -> Res<Value> {
    let at = args.peek(0);
    insert_into(cx, place, at, args.take(1))?;
    Ok(Value::NULL)
}

/// Puts an element, which it takes over, before an index or under a key.
fn insert_into(cx: &mut HostCx<'_>, place: &mut Value, at: Value, item: Value) -> Res<()> {
    if place.tag() == Tag::Dict {
        return index::set(cx.heap, place, at, item, cx.fuel);
    }
    match insert_before(cx, place, at, item) {
        Ok(()) => Ok(()),
        Err(fault) => {
            cx.heap.release(item);
            Err(fault)
        }
    }
}

/// As [`insert_into`] for an array; takes nothing over if it fails.
fn insert_before(cx: &mut HostCx<'_>, place: &mut Value, at: Value, item: Value) -> Res<()> {
    let Some(array) = array_of(place) else { return Err(arg::wrong(cx, 0, "an array", *place)) };
    let len = array.len();
    let Some(given) = at.to_int() else { return Err(arg::wrong(cx, 1, "an int", at)) };
    let index = if usize::try_from(given) == Ok(len) { Some(len) } else { index_in(len, given) };
    let index = index.ok_or_else(|| index::out_of_bounds(given))?;
    cx.charge(((len - index) / 16) as u64)?;
    ops::make_unique(cx.heap, place, cx.fuel)?;
    let Some((array, mem)) = cx.heap.array_mut(*place) else { return Ok(()) };
    array.insert(mem, index, item)
}

fn remove(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let what = args.peek(1);
    let is_dict = args.peek(0).tag() == Tag::Dict;
    let (collection, removed) =
        changed(cx, &mut args, |cx, place, _| remove_from(cx, place, what))?;
    if is_dict {
        return build::pair(cx, collection, removed);
    }
    Ok(collection)
}

fn remove_method(cx: &mut HostCx<'_>, place: &mut Value, args: Args<'_>) -> Res<Value> {
    remove_from(cx, place, args.peek(0))
}

/// Takes out an element or a key. Gives the value of a dict, or whether there was such an element.
fn remove_from(cx: &mut HostCx<'_>, place: &mut Value, what: Value) -> Res<Value> {
    match place.tag() {
        Tag::Array => {
            let Some(array) = array_of(place) else { return Ok(Value::FALSE) };
            let Some(at) = collection::position(cx, array, what)? else { return Ok(Value::FALSE) };
            let removed = take_out(cx, place, at)?;
            cx.heap.release(removed);
            Ok(Value::TRUE)
        }
        Tag::Dict => {
            let key = cx.heap.key(what);
            let Some(key) = key.filter(|&key| dict_of(place).is_some_and(|it| it.contains(key)))
            else {
                return Ok(Value::NULL);
            };
            ops::make_unique(cx.heap, place, cx.fuel)?;
            let removed = cx.heap.dict_mut(*place).and_then(|(dict, mem)| dict.remove(mem, key));
            let Some(entry) = removed else { return Ok(Value::NULL) };
            cx.heap.release(entry.key);
            Ok(entry.value)
        }
        Tag::Set => super::set::remove_from(cx, place, what).map(Value::bool),
        _ => Err(arg::wrong(cx, 0, "an array, a dict or a set", *place)),
    }
}

/// Takes out the element at an index that exists.
fn take_out(cx: &mut HostCx<'_>, place: &mut Value, at: usize) -> Res<Value> {
    let behind = cx.heap.len_of(*place).unwrap_or(0).saturating_sub(at);
    cx.charge((behind / 16) as u64)?;
    ops::make_unique(cx.heap, place, cx.fuel)?;
    Ok(cx.heap.array_mut(*place).and_then(|(array, _)| array.remove(at)).unwrap_or_default())
}

fn remove_at(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    arg::array(cx, &args.peek(0), 0)?;
    let at = arg::int(cx, &args, 1)?;
    let (rest, item) = changed(cx, &mut args, |cx, place, _| remove_index(cx, place, at))?;
    build::pair(cx, rest, item)
}

fn remove_at_method(cx: &mut HostCx<'_>, place: &mut Value, args: Args<'_>) -> Res<Value> {
    let at = arg::int_of(cx, args.peek(0), 1)?;
    remove_index(cx, place, at)
}

fn remove_index(cx: &mut HostCx<'_>, place: &mut Value, at: i64) -> Res<Value> {
    let Some(array) = array_of(place) else { return Err(arg::wrong(cx, 0, "an array", *place)) };
    let index = array.index(at).ok_or_else(|| index::out_of_bounds(at))?;
    take_out(cx, place, index)
}

fn concat(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    for at in 0..args.len() {
        arg::array(cx, &args.peek(at), at)?;
    }
    if args.is_empty() {
        return build::array(cx, Tag::Int, 0, |_, _| Ok(()));
    }
    let (joined, ()) = changed(cx, &mut args, |cx, place, args| {
        (1..args.len()).try_for_each(|at| append_all(cx, place, args.peek(at)))
    })?;
    Ok(joined)
}

/// Appends the elements of another array, which may be the same.
fn append_all(cx: &mut HostCx<'_>, place: &mut Value, more: Value) -> Res<()> {
    let Some(source) = array_of(&more) else { return Ok(()) };
    cx.charge((source.len() / 16) as u64)?;
    // The argument owns a count of `more`, so `place` gets a copy of its own if they are the same.
    ops::make_unique(cx.heap, place, cx.fuel)?;
    match cx.heap.array_mut(*place) {
        Some((array, mem)) => array.extend_from(mem, source, 0..source.len()),
        None => Err(arg::wrong(cx, 0, "an array", *place)),
    }
}

fn extend(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    arg::array(cx, &args.peek(0), 0)?;
    let more = args.peek(1);
    let (extended, ()) = changed(cx, &mut args, |cx, place, _| extend_by(cx, place, more))?;
    Ok(extended)
}

fn extend_method(cx: &mut HostCx<'_>, place: &mut Value, args: Args<'_>) -> Res<Value> {
    extend_by(cx, place, args.peek(0))?;
    Ok(Value::NULL)
}

fn extend_by(cx: &mut HostCx<'_>, place: &mut Value, more: Value) -> Res<()> {
    let Some(items) = items::of(cx, more)? else {
        return Err(arg::wrong(cx, 1, items::WANTED, more));
    };
    let done = append_all(cx, place, items);
    cx.heap.release(items);
    done
}

fn clear(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    empty_like(cx, value)
}

fn clear_method(cx: &mut HostCx<'_>, place: &mut Value, _args: Args<'_>) -> Res<Value> {
    let empty = empty_like(cx, *place)?;
    let old = core::mem::replace(place, empty);
    cx.heap.release(old);
    Ok(Value::NULL)
}

/// An empty collection of the same kind.
fn empty_like(cx: &mut HostCx<'_>, value: Value) -> Res<Value> {
    match value.tag() {
        Tag::Array => build::array(cx, Tag::Int, 0, |_, _| Ok(())),
        Tag::Dict => build::dict(cx, 0, |_, _| Ok(())),
        Tag::Set => build::set(cx, 0, |_, _| Ok(())),
        Tag::Queue => build::queue(cx, |_, _| Ok(())),
        Tag::Stack => build::stack(cx, |_, _| Ok(())),
        Tag::Bytes => super::bytes::new(cx, &[]),
        _ => Err(arg::wrong(cx, 0, "a collection", value)),
    }
}

fn swap(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    arg::array(cx, &args.peek(0), 0)?;
    let (i, j) = (arg::int(cx, &args, 1)?, arg::int(cx, &args, 2)?);
    let (swapped, ()) = changed(cx, &mut args, |cx, place, _| swap_in(cx, place, i, j))?;
    Ok(swapped)
}

fn swap_method(cx: &mut HostCx<'_>, place: &mut Value, args: Args<'_>) -> Res<Value> {
    let (i, j) = (arg::int_of(cx, args.peek(0), 1)?, arg::int_of(cx, args.peek(1), 2)?);
    swap_in(cx, place, i, j)?;
    Ok(Value::NULL)
}

fn swap_in(cx: &mut HostCx<'_>, place: &mut Value, i: i64, j: i64) -> Res<()> {
    let Some(array) = array_of(place) else { return Err(arg::wrong(cx, 0, "an array", *place)) };
    let a = array.index(i).ok_or_else(|| index::out_of_bounds(i))?;
    let b = array.index(j).ok_or_else(|| index::out_of_bounds(j))?;
    ops::make_unique(cx.heap, place, cx.fuel)?;
    if let Some((array, _)) = cx.heap.array_mut(*place) {
        array.swap(a, b);
    }
    Ok(())
}
