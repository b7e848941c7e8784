//! Arrays as wholes: sums, parts, what is in them twice.

use remora_bytecode::scalar::Arithmetic;
use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, build, items, rows};
use crate::fault::{Fault, Res};
use crate::heap::{array_of, retain};
use crate::host::{Args, HostCx};
use crate::limits::memory::too_large;
use crate::object::Array;
use crate::ops::arith::numbers;
use crate::ops::equal;
use crate::value::{Tag, Value};

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "sum(items: array | range | set) -> int | float",
        doc: "The sum of the elements: an int if all are ints, 0 if there are none.",
        raises: &[Code::R0004, Code::R0007],
        cost: "one unit for each 16 elements",
        example: ("print(sum([1, 2.5]), sum(1..=4))", "3.5 10"),
        call: Call::Native(sum),
        methods: &[(Kinds::SEQUENCE.or(Kinds::SET), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "product(items: array | range | set) -> int | float",
        doc: "The product of the elements: an int if all are ints, 1 if there are none.",
        raises: &[Code::R0004, Code::R0007],
        cost: "one unit for each 16 elements",
        example: ("print(product([2, 3, 4]))", "24"),
        call: Call::Native(product),
        methods: &[(Kinds::SEQUENCE.or(Kinds::SET), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "unique(items: array | range | string) -> array",
        doc: "The elements without those that are equal to an earlier one.",
        raises: &[Code::R0004],
        cost: "one unit for each element; for elements that cannot be keys, one for each comparison",
        example: ("print(unique([1, 2, 1, 1.0]), unique([[1], [1]]))", "[1, 2] [[1]]"),
        call: Call::Native(unique),
        methods: &[(Kinds::SEQUENCE, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "flatten(items: array) -> array",
        doc: "The elements of the arrays in it, one after the other; other elements as they are. One level.",
        raises: &[Code::R0004],
        cost: "one unit for each element, and for each 16 inside",
        example: ("print(flatten([[1, 2], 3, [[4]]]))", "[1, 2, 3, [4]]"),
        call: Call::Native(flatten),
        methods: &[(Kinds::ARRAY, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "chunk(items: array | range | string, size: int) -> array",
        aliases: &["chunks"],
        doc: "Arrays of `size` elements each; the last may be shorter.",
        raises: &[Code::R0004, Code::R0012],
        cost: "one unit for each array, and for each 16 elements",
        example: ("print(chunk([1, 2, 3], 2))", "[[1, 2], [3]]"),
        call: Call::Native(chunk),
        methods: &[(Kinds::SEQUENCE, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "windows(items: array | range | string, size: int) -> array",
        doc: "All arrays of `size` elements that stand side by side.",
        raises: &[Code::R0004, Code::R0012],
        cost: "one unit for each array, and for each 16 elements in them",
        example: ("print(windows([1, 2, 3], 2), windows([1], 2))", "[[1, 2], [2, 3]] []"),
        call: Call::Native(windows),
        methods: &[(Kinds::SEQUENCE, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "fill(items: array | int, item: any) -> array",
        doc: "As many elements as the array has, or as the int says, all of them `item`. The method does it in place.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements",
        example: ("print(fill([1, 2], 0), fill(3, \"x\"))", "[0, 0] [x, x, x]"),
        call: Call::Native(fill),
        methods: &[(Kinds::ARRAY, Method::InPlace(fill_method))],
        ..Builtin::ROW
    },
]);

fn sum(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    fold(cx, &args, Arithmetic::Add, 0)
}

fn product(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    fold(cx, &args, Arithmetic::Mul, 1)
}

fn fold(cx: &mut HostCx<'_>, args: &Args<'_>, op: Arithmetic, first: i64) -> Res<Value> {
    items::with(cx, args, 0, |cx, array| {
        cx.charge((array.len() / 16) as u64)?;
        let mut total = Value::int(first);
        for item in array.iter() {
            if !item.is_number() {
                return Err(no_number(cx, item));
            }
            total = numbers(op, total, item)?;
        }
        Ok(total)
    })
}

#[cold]
fn no_number(cx: &HostCx<'_>, item: Value) -> Box<Fault> {
    let (name, kind) = (cx.name(), item.type_name());
    Fault::new(Code::R0004, format!("{name} expects numbers as elements, got {kind}"))
}

fn unique(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    items::with(cx, &args, 0, |cx, array| {
        cx.charge(array.len() as u64)?;
        let seen = build::set(cx, 0, |_, _| Ok(()))?;
        let found = build::array(cx, Tag::Int, 0, |cx, out| {
            // All that cannot be keys are before this place in `out`.
            let mut n_others = 0;
            for item in array.iter() {
                let key = cx.heap.key(item);
                let is_new = match key {
                    Some(key) => build::include(cx, seen, key)?,
                    None => !is_among(cx, out, n_others, item)?,
                };
                if is_new {
                    build::push_counted(cx, out, item)?;
                }
                if key.is_none() {
                    n_others = cx.heap.len_of(out).unwrap_or(0);
                }
            }
            Ok(())
        });
        cx.heap.release(seen);
        found
    })
}

/// Whether an element is equal to one of the first `n` of an array.
fn is_among(cx: &mut HostCx<'_>, array: Value, n: usize, item: Value) -> Res<bool> {
    cx.charge(n as u64)?;
    for at in 0..n {
        let other = array_of(&array).and_then(|it| it.get(at)).unwrap_or_default();
        if other.tag() == item.tag() && equal::equal(cx.heap, other, item, cx.fuel)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn flatten(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    items::with(cx, &args, 0, |cx, array| {
        cx.charge(array.len() as u64)?;
        build::array(cx, Tag::Int, 0, |cx, out| {
            for item in array.iter() {
                let Some(inner) = array_of(&item) else {
                    build::push_counted(cx, out, item)?;
                    continue;
                };
                cx.charge((inner.len() / 16) as u64)?;
                if let Some((out, mem)) = cx.heap.array_mut(out) {
                    out.extend_from(mem, inner, 0..inner.len())?;
                }
            }
            Ok(())
        })
    })
}

fn chunk(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let size = arg::size(cx, &args, 1)?;
    items::with(cx, &args, 0, |cx, array| {
        build::array(cx, Tag::Array, 0, |cx, out| {
            let mut start = 0;
            while start < array.len() {
                let end = start.saturating_add(size).min(array.len());
                push_part(cx, out, array, start..end)?;
                start = end;
            }
            Ok(())
        })
    })
}

fn windows(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let size = arg::size(cx, &args, 1)?;
    items::with(cx, &args, 0, |cx, array| {
        build::array(cx, Tag::Array, 0, |cx, out| {
            let n = (array.len().saturating_add(1)).saturating_sub(size);
            (0..n).try_for_each(|start| push_part(cx, out, array, start..start + size))
        })
    })
}

/// Appends a part of an array, as an array, to another.
fn push_part(
    cx: &mut HostCx<'_>,
    out: Value,
    array: &Array,
    part: core::ops::Range<usize>,
) -> Res<()> {
    cx.charge(1 + (part.len() / 16) as u64)?;
    let part = array.copy_uncounted(cx.heap.memory_mut(), part)?;
    let part = cx.heap.new_array(part)?;
    if let Some(items) = array_of(&part).and_then(Array::as_values) {
        items.iter().copied().for_each(retain);
    }
    build::push(cx, out, part)
}

fn fill(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let (what, item) = (args.peek(0), args.peek(1));
    let n = match array_of(&what) {
        Some(array) => array.len(),
        None => match what.to_int() {
            Some(_) => arg::count(cx, &args, 0)?,
            None => return Err(arg::wrong(cx, 0, "an array or an int", what)),
        },
    };
    let old = args.take(0);
    let filled = filled(cx, n, item);
    cx.heap.release(old);
    filled
}

fn fill_method(cx: &mut HostCx<'_>, place: &mut Value, args: Args<'_>) -> Res<Value> {
    let n = cx.heap.len_of(*place).unwrap_or(0);
    let filled = filled(cx, n, args.peek(0))?;
    let old = core::mem::replace(place, filled);
    cx.heap.release(old);
    Ok(Value::NULL)
}

/// A new array of `n` times the same element, which it counts.
fn filled(cx: &mut HostCx<'_>, n: usize, item: Value) -> Res<Value> {
    build::array(cx, item.tag(), n, |cx, out| {
        cx.charge((n / 16) as u64)?;
        (0..n).try_for_each(|_| build::push_counted(cx, out, item))
    })
}

/// A new array of the elements so many times.
pub(super) fn repeated(cx: &mut HostCx<'_>, array: &Array, times: usize) -> Res<Value> {
    let n = array.len().checked_mul(times).ok_or_else(too_large)?;
    let kind = array.get(0).filter(|_| array.is_packed()).map_or(Tag::Null, Value::tag);
    build::array(cx, kind, n, |cx, out| {
        cx.charge(times.min(n) as u64)?;
        cx.charge((n / 16) as u64)?;
        for _ in 0..times.min(n) {
            if let Some((out, mem)) = cx.heap.array_mut(out) {
                out.extend_from(mem, array, 0..array.len())?;
            }
        }
        Ok(())
    })
}
