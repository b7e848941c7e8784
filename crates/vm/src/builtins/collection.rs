//! What all collections and strings have in common: length, membership, parts.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Look, Method, Row, arg, build, items, rows};
use crate::fault::{Fault, Res};
use crate::heap::{Heap, array_of, bytes_of, str_of};
use crate::host::{Args, HostCx};
use crate::object::{Array, Items};
use crate::ops::{bulk_units, equal, make_unique, object};
use crate::value::{Tag, Value};

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "len(value: array | dict | bytes | set | queue | stack | string | range) -> int",
        aliases: &["length", "size"],
        doc: "How many elements, entries or characters.",
        raises: &[Code::R0004],
        example: ("print(len(\"héllo\"), len([1, 2]), len({}))", "5 2 0"),
        call: Call::Native(len),
        methods: &[(Kinds::SIZED.or(Kinds::CHANNEL), Method::Function)],
        look: Some(Look::One(look_len)),
        ..Builtin::ROW
    },
    Builtin {
        signature: "is_empty(value: array | dict | bytes | set | queue | stack | string | range) -> bool",
        doc: "Whether there is nothing in it.",
        raises: &[Code::R0004],
        example: ("print(is_empty(\"\"), is_empty([0]))", "true false"),
        call: Call::Native(is_empty),
        methods: &[(Kinds::SIZED, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "contains(collection: string | array | dict | set | range | queue | stack, item: any) -> int",
        aliases: &["includes"],
        doc: "1 if the text has that part, the collection that element, the dict that key; else 0. The method gives a bool.",
        raises: &[Code::R0004],
        cost: "one unit for each element compared or 64 bytes searched",
        example: ("print(contains(\"abc\", \"b\"), contains([1], 2), [1].contains(1))", "1 0 true"),
        call: Call::Native(contains),
        methods: &[(Kinds::ITERABLE, Method::Native(contains_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "index_of(collection: string | array | range | queue | stack, item: any) -> int",
        doc: "Where the first such element or part is; -1 if there is none.",
        raises: &[Code::R0004],
        cost: "one unit for each element compared or 64 bytes searched",
        example: (
            "print(index_of(\"héllo\", \"l\"), index_of([5, 6], 6), index_of([5], 9))",
            "2 1 -1",
        ),
        call: Call::Native(index_of),
        methods: &[(Kinds::SEQUENCE.or(Kinds::STRING), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "slice(collection: array | string | bytes | range, start: int, end?: int) -> array | string | bytes",
        doc: "The part from `start` to before `end`. Negative indices count from the end; what is beyond is cut off.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements or 64 bytes",
        example: ("print(slice([1, 2, 3], -2), slice(\"hello\", 1, 3))", "[2, 3] el"),
        call: Call::Native(slice),
        methods: &[(
            Kinds::ARRAY.or(Kinds::STRING).or(Kinds::BYTES).or(Kinds::RANGE),
            Method::Function,
        )],
        ..Builtin::ROW
    },
    Builtin {
        signature: "take(collection: array | string | range | queue | stack, n: int) -> array | string",
        doc: "The first `n` elements or characters, or as many as there are.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements or 64 bytes",
        example: ("print(take([1, 2, 3], 2), take(\"abc\", 9))", "[1, 2] abc"),
        call: Call::Native(take),
        methods: &[(Kinds::SEQUENCE.or(Kinds::STRING), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "skip(collection: array | string | range | queue | stack, n: int) -> array | string",
        aliases: &["drop"],
        doc: "All but the first `n` elements or characters.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements or 64 bytes",
        example: ("print(skip([1, 2, 3], 2), skip(\"abc\", 9) == \"\")", "[3] true"),
        call: Call::Native(skip),
        methods: &[(Kinds::SEQUENCE.or(Kinds::STRING), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "first(collection: array | string | range | queue | stack) -> any",
        doc: "The first element or character; null if there is none.",
        raises: &[Code::R0004],
        example: ("print(first([7, 8]), first([]))", "7 null"),
        call: Call::Native(first),
        methods: &[(Kinds::SEQUENCE.or(Kinds::STRING), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "last(collection: array | string | range | queue | stack) -> any",
        doc: "The last element or character; null if there is none.",
        raises: &[Code::R0004],
        example: ("print(last([7, 8]), last(\"abc\"))", "8 c"),
        call: Call::Native(last),
        methods: &[(Kinds::SEQUENCE.or(Kinds::STRING), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "reverse(collection: array | string | range | queue | stack) -> array | string",
        doc: "The same in the opposite order. The method changes an array in place, and gives it.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements or 64 bytes",
        example: (
            "print(reverse([1, 2]), reverse(\"abc\"))\nxs := [1, 2]\nxs.reverse()\nprint(xs)",
            "[2, 1] cba\n[2, 1]",
        ),
        call: Call::Native(reverse),
        methods: &[
            (Kinds::ARRAY, Method::InPlace(reverse_in_place)),
            (Kinds::SEQUENCE.or(Kinds::STRING), Method::Function),
        ],
        ..Builtin::ROW
    },
    Builtin {
        signature: "reversed(collection: array | string | range | queue | stack) -> array | string",
        doc: "The same in the opposite order; changes nothing.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements or 64 bytes",
        example: ("xs := [1, 2]\nprint(xs.reversed(), xs)", "[2, 1] [1, 2]"),
        call: Call::Native(reverse),
        methods: &[(Kinds::SEQUENCE.or(Kinds::STRING), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "array(collection: any) -> array",
        aliases: &["to_array", "collect"],
        doc: "The elements as an array: those of an array, range, set, queue or stack, characters of a string, keys of a dict.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements",
        example: (
            "print(array(0..3), array(\"ab\"), [1].map((x) => x + 1).collect())",
            "[0, 1, 2] [a, b] [2]",
        ),
        call: Call::Native(to_array),
        methods: &[(Kinds::ITERABLE, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "__count(items: any, item: any) -> int",
        doc: "How many elements are equal to `item`.",
        call: Call::Native(count_equal),
        ..Builtin::ROW
    },
    Builtin {
        signature: "__elements(items: any, name: string, place: int) -> any",
        doc: "The items, if a function of that name can go through them.",
        raises: &[Code::R0004],
        call: Call::Native(elements),
        ..Builtin::ROW
    },
    Builtin {
        signature: "__count_argument(n: any, name: string, least: int) -> int",
        doc: "The number, if it is one for a function of that name.",
        raises: &[Code::R0004, Code::R0012],
        call: Call::Native(count_argument),
        ..Builtin::ROW
    },
    Builtin {
        signature: "__iterable(items: any) -> any",
        doc: "The items, if a loop can go through them.",
        raises: &[Code::R0013],
        call: Call::Native(iterable),
        ..Builtin::ROW
    },
    Builtin {
        signature: "__like(model: any, items: array) -> any",
        doc: "The elements as a string if `model` is one, as a set if `model` is one, else as they are.",
        call: Call::Native(like),
        ..Builtin::ROW
    },
]);

fn len(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    length(cx, &args).map(Value::int)
}

fn look_len(heap: &Heap, value: Value) -> Option<Value> {
    let len = heap.len_of(value).or_else(|| object::len(heap, value))?;
    Some(Value::int(i64::try_from(len).unwrap_or(i64::MAX)))
}

fn elements(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let items = args.peek(0);
    if Kinds::ITERABLE.or(Kinds::LAZY).or(Kinds::CHANNEL).has(items.tag()) {
        return Ok(args.take(0));
    }
    let (name, got) = (cx.heap.str(args.peek(1)).unwrap_or_default(), items.type_name());
    let wanted = "an array or something else to go through";
    let place = args.peek(2).to_int().unwrap_or(1);
    Err(Fault::new(Code::R0004, format!("{name} expects {wanted} as argument {place}, got {got}")))
}

fn count_argument(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let name = cx.heap.str(args.peek(1)).unwrap_or_default();
    let (given, least) = (args.peek(0), args.peek(2).to_int().unwrap_or(0));
    let Some(n) = given.to_int() else {
        let got = given.type_name();
        let message = format!("{name} expects an int as argument 2, got {got}");
        return Err(Fault::new(Code::R0004, message));
    };
    if least > 0 && n < least {
        let message = format!("{name} expects a size of at least {least}, got {n}");
        return Err(Fault::new(Code::R0012, message));
    }
    Ok(given)
}

fn iterable(_cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let items = args.peek(0);
    match crate::interp::can_be_gone_through(items) {
        true => Ok(args.take(0)),
        false => Err(Fault::new(Code::R0013, format!("Cannot iterate over {}", items.type_name()))),
    }
}

fn is_empty(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    length(cx, &args).map(|len| Value::bool(len == 0))
}

#[inline]
fn length(cx: &HostCx<'_>, args: &Args<'_>) -> Res<i64> {
    let value = args.peek(0);
    match cx.heap.len_of(value).or_else(|| object::len(cx.heap, value)) {
        Some(len) => Ok(i64::try_from(len).unwrap_or(i64::MAX)),
        None => Err(no_length(cx)),
    }
}

#[cold]
fn no_length(cx: &HostCx<'_>) -> Box<Fault> {
    let name = cx.name();
    Fault::new(
        Code::R0004,
        format!("{name}() requires an array, dict, bytes, set, queue, stack, or string"),
    )
}

fn contains(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    has(cx, &args).map(|it| Value::int(i64::from(it)))
}

fn contains_method(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    has(cx, &args).map(Value::bool)
}

/// Whether the second argument is in the first.
pub(super) fn has(cx: &mut HostCx<'_>, args: &Args<'_>) -> Res<bool> {
    let (value, item) = (args.peek(0), args.peek(1));
    match value.tag() {
        Tag::Dict => {
            let key = cx.heap.key(item);
            Ok(key.zip(cx.heap.dict(value)).is_some_and(|(key, dict)| dict.contains(key)))
        }
        Tag::Set => {
            let key = cx.heap.key(item);
            Ok(key.zip(cx.heap.set(value)).is_some_and(|(key, set)| set.contains(key)))
        }
        Tag::Range => {
            let member = match item.tag() {
                Tag::Float => crate::object::key::whole(item.as_float()),
                _ => item.to_int(),
            };
            Ok(member.zip(cx.heap.range(value)).is_some_and(|(it, range)| range.contains(it)))
        }
        _ => Ok(find(cx, args)?.is_some()),
    }
}

fn index_of(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    Ok(find(cx, &args)?.map_or(Value::int(-1), Value::len))
}

/// The index of the second argument in the first.
fn find(cx: &mut HostCx<'_>, args: &Args<'_>) -> Res<Option<usize>> {
    let (value, item) = (args.peek(0), args.peek(1));
    if let Some(text) = str_of(&value) {
        let part = arg::text(cx, &item, 1)?;
        return find_text(cx, text.as_str(), part.as_str());
    }
    items::with(cx, args, 0, |cx, array| position(cx, array, item))
}

/// The index, in characters, of a text in another.
pub(super) fn find_text(cx: &mut HostCx<'_>, text: &str, part: &str) -> Res<Option<usize>> {
    cx.charge(bulk_units(text.len().saturating_add(part.len())))?;
    Ok(text.find(part).map(|at| text[..at].chars().count()))
}

/// The index of the first element that is equal to `item`.
pub(super) fn position(cx: &mut HostCx<'_>, array: &Array, item: Value) -> Res<Option<usize>> {
    cx.charge((array.len() / 16) as u64)?;
    if let (Items::Ints(ints), Tag::Int) = (array.items(), item.tag()) {
        return Ok(ints.as_slice().iter().position(|&it| it == item.as_int()));
    }
    for (at, it) in array.iter().enumerate() {
        if equal::equal(cx.heap, it, item, cx.fuel)? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

fn count_equal(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let item = args.peek(1);
    let value = args.peek(0);
    if let (Some(text), Some(part)) = (str_of(&value), str_of(&item)) {
        cx.charge(bulk_units(text.as_str().len()))?;
        let part = part.as_str();
        let n = if part.is_empty() { 0 } else { text.as_str().matches(part).count() };
        return Ok(Value::len(n));
    }
    items::with(cx, &args, 0, |cx, array| {
        cx.charge((array.len() / 16) as u64)?;
        let mut n = 0;
        for it in array.iter() {
            n += usize::from(equal::equal(cx.heap, it, item, cx.fuel)?);
        }
        Ok(Value::len(n))
    })
}

fn slice(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let start = arg::int(cx, &args, 1)?;
    let end = arg::int_or(cx, &args, 2, i64::MAX)?;
    part(cx, &args, |len| arg::bounds(len, start, end))
}

fn take(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let n = arg::count(cx, &args, 1)?;
    part(cx, &args, |len| 0..n.min(len))
}

fn skip(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let n = arg::count(cx, &args, 1)?;
    part(cx, &args, |len| n.min(len)..len)
}

/// The part of the first argument that `bounds` says, given its length.
fn part(
    cx: &mut HostCx<'_>,
    args: &Args<'_>,
    bounds: impl FnOnce(usize) -> core::ops::Range<usize>,
) -> Res<Value> {
    let value = args.peek(0);
    if let Some(text) = str_of(&value) {
        let bounds = bounds(text.char_count());
        return super::text::part(cx, text, bounds);
    }
    if let Some(bytes) = bytes_of(&value) {
        let bounds = bounds(bytes.len());
        return super::bytes::new(cx, bytes.as_slice().get(bounds).unwrap_or_default());
    }
    if let Some(range) = cx.heap.range(value).copied() {
        let bounds = bounds(usize::try_from(range.len()).unwrap_or(usize::MAX));
        return items::of_range(cx, range.part(&bounds));
    }
    if let Some(array) = array_of(&value) {
        let bounds = bounds(array.len());
        return build::array_part(cx, value, bounds);
    }
    let Some(all) = items::of(cx, value)? else {
        return Err(arg::wrong(cx, 0, "an array or a string", value));
    };
    let bounds = bounds(cx.heap.len_of(all).unwrap_or(0));
    let part = build::array_part(cx, all, bounds);
    cx.heap.release(all);
    part
}

fn first(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    end_of(cx, &args, 0)
}

fn last(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    end_of(cx, &args, -1)
}

/// The element at 0 or -1.
fn end_of(cx: &mut HostCx<'_>, args: &Args<'_>, at: i64) -> Res<Value> {
    let value = args.peek(0);
    let len = cx.heap.len_of(value).filter(|_| value.tag() != Tag::Dict);
    let Some(len) = len else {
        return Err(arg::wrong(cx, 0, "an array or a string", value));
    };
    if len == 0 {
        return Ok(Value::NULL);
    }
    let index = if at < 0 { len - 1 } else { 0 };
    let found = match value.tag() {
        Tag::Array | Tag::String | Tag::Range | Tag::Bytes => {
            return crate::ops::index::get(cx.heap, value, Value::int(at), cx.fuel);
        }
        Tag::Queue => cx.heap.queue(value).and_then(|it| it.get(index)),
        Tag::Stack => cx.heap.stack(value).and_then(|it| it.get(index)),
        Tag::Set if at == 0 => cx.heap.set(value).and_then(|it| it.keys().next()),
        Tag::Set => cx.heap.set(value).and_then(|it| it.keys().last()),
        _ => return Err(arg::wrong(cx, 0, "an array or a string", value)),
    };
    let found = found.unwrap_or_default();
    cx.heap.retain(found);
    Ok(found)
}

fn reverse(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    if let Some(text) = str_of(&value) {
        return super::text::reversed(cx, text.as_str());
    }
    let reversed = items::take(cx, &mut args, 0)?;
    reverse_unique(cx, reversed)?;
    Ok(reversed)
}

fn reverse_in_place(cx: &mut HostCx<'_>, place: &mut Value, _args: Args<'_>) -> Res<Value> {
    let units = cx.heap.len_of(*place).map_or(0, |len| (len / 16) as u64);
    cx.charge(units)?;
    make_unique(cx.heap, place, cx.fuel)?;
    if let Some((array, _)) = cx.heap.array_mut(*place) {
        array.reverse();
    }
    cx.heap.retain(*place);
    Ok(*place)
}

/// Turns around an array with one owner, which it takes over if it fails.
fn reverse_unique(cx: &mut HostCx<'_>, array: Value) -> Res<()> {
    let units = cx.heap.len_of(array).map_or(0, |len| (len / 16) as u64);
    if let Err(fault) = cx.charge(units) {
        cx.heap.release(array);
        return Err(fault);
    }
    if let Some((array, _)) = cx.heap.array_mut(array) {
        array.reverse();
    }
    Ok(())
}

fn to_array(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    items::of(cx, value)?.ok_or_else(|| arg::wrong(cx, 0, items::WANTED, value))
}

fn like(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (model, value) = (args.peek(0), args.peek(1));
    let Some(array) = array_of(&value) else { return Err(arg::wrong(cx, 1, "an array", value)) };
    match model.tag() {
        Tag::String => super::text::joined(cx, array, ""),
        Tag::Set => super::set::of_items(cx, array),
        _ => {
            cx.heap.retain(value);
            Ok(value)
        }
    }
}
