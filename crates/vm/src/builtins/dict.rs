//! Dicts. Lists of keys, values and entries are in the order in which a dict prints.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Look, Method, Row, arg, build, items, rows};
use crate::fault::Res;
use crate::heap::{array_of, dict_of};
use crate::host::{Args, HostCx};
use crate::object::table::Entry;
use crate::ops::{self, index, print};
use crate::value::{Tag, Value};

const DICT: &[(Kinds, Method)] = &[(Kinds::DICT, Method::Function)];

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "__map_values__dict(d: any) -> dict",
        doc: "The dict itself, if it is one.",
        call: Call::Native(itself),
        ..Builtin::ROW
    },
    Builtin {
        signature: "keys(entries: dict) -> array",
        doc: "The keys, sorted.",
        raises: &[Code::R0004],
        cost: "one unit for each key and step of the sort",
        example: ("print(keys({\"b\": 1, \"a\": 2}))", "[a, b]"),
        call: Call::Native(keys),
        methods: DICT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "values(entries: dict) -> array",
        doc: "The values, sorted by their keys.",
        raises: &[Code::R0004],
        cost: "one unit for each key and step of the sort",
        example: ("print(values({\"b\": 1, \"a\": 2}))", "[2, 1]"),
        call: Call::Native(values),
        methods: DICT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "items(entries: dict) -> array",
        aliases: &["entries"],
        doc: "The entries as `[key, value]`, sorted by key.",
        raises: &[Code::R0004],
        cost: "one unit for each key and step of the sort",
        example: ("print(items({\"b\": 1, \"a\": 2}))", "[[a, 2], [b, 1]]"),
        call: Call::Native(entries),
        methods: DICT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "has_key(entries: dict, key: any) -> int",
        doc: "1 if there is such a key, else 0. The method gives a bool.",
        raises: &[Code::R0004],
        example: ("print(has_key({\"a\": 1}, \"a\"), {\"a\": 1}.has_key(\"z\"))", "1 false"),
        call: Call::Native(has_key),
        look: Some(Look::HasKey),
        methods: &[(Kinds::DICT, Method::Native(has_key_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "get(collection: dict | array | string, key: any, default?: any) -> any",
        aliases: &["get_default"],
        doc: "What belongs to a key or an index; the default, or null, where there is none.",
        raises: &[Code::R0004],
        example: (
            "d := {\"a\": 1}\nprint(get(d, \"a\"), get(d, \"z\"), d.get(\"z\", 0), get([5], 3))",
            "1 null 0 null",
        ),
        call: Call::Native(get),
        methods: &[(Kinds::DICT.or(Kinds::ARRAY).or(Kinds::STRING), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "merge(first: dict, ...others: dict) -> dict",
        doc: "The entries of all; those further right win.",
        raises: &[Code::R0004],
        cost: "one unit for each entry of the others",
        example: ("print(merge({\"a\": 1}, {\"b\": 2}, {\"a\": 3}))", "{\"a\": 3, \"b\": 2}"),
        call: Call::Native(merge),
        methods: DICT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "update(entries: dict, other: dict) -> dict",
        doc: "The dict with the entries of another, which win. The method changes it in place and gives null.",
        raises: &[Code::R0004],
        cost: "one unit for each entry of the other",
        example: (
            "mut d := {\"a\": 1}\nd.update({\"b\": 2})\nprint(d, update(d, {\"a\": 9}))",
            "{\"a\": 1, \"b\": 2} {\"a\": 9, \"b\": 2}",
        ),
        call: Call::Native(merge),
        methods: &[(Kinds::DICT, Method::InPlace(update_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "invert(entries: dict) -> dict",
        doc: "A dict from the values to their keys; the last one wins where values are equal.",
        raises: &[Code::R0004, Code::R0021],
        cost: "one unit for each entry",
        example: ("print(invert({\"a\": \"x\", \"b\": \"y\"}))", "{\"x\": a, \"y\": b}"),
        call: Call::Native(invert),
        methods: DICT,
        ..Builtin::ROW
    },
    Builtin {
        signature: "dict(pairs?: array | dict) -> dict",
        doc: "A dict of `[key, value]` pairs; an empty one without any.",
        raises: &[Code::R0004, Code::R0012, Code::R0021],
        cost: "one unit for each entry",
        example: ("print(dict([[\"a\", 1], [\"b\", 2]]), dict())", "{\"a\": 1, \"b\": 2} {}"),
        call: Call::Native(dict),
        ..Builtin::ROW
    },
]);

/// The entries of the first argument in the order of printing, in a list that a part of a result is made of.
fn sorted(cx: &mut HostCx<'_>, value: &Value) -> Res<Vec<Entry<Value>>> {
    let dict = arg::dict(cx, value, 0)?;
    let n = dict.len() as u64;
    cx.charge(n.saturating_mul(u64::from(n.checked_ilog2().unwrap_or(0)) / 4 + 1))?;
    print::sorted_entries(cx.heap, dict.iter(), dict.len())
}

/// A dict as it is: for the prelude, so that something else is an error under the function's name.
fn itself(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    arg::dict(cx, &args.peek(0), 0)?;
    Ok(args.take(0))
}

fn keys(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let entries = sorted(cx, &args.peek(0))?;
    build::array(cx, Tag::Int, 0, |cx, out| {
        entries.iter().try_for_each(|it| build::push_counted(cx, out, it.key))
    })
}

fn values(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let entries = sorted(cx, &args.peek(0))?;
    build::array(cx, Tag::Int, 0, |cx, out| {
        entries.iter().try_for_each(|it| build::push_counted(cx, out, it.value))
    })
}

fn entries(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let entries = sorted(cx, &args.peek(0))?;
    build::array(cx, Tag::Array, entries.len(), |cx, out| {
        for entry in &entries {
            cx.heap.retain(entry.key);
            cx.heap.retain(entry.value);
            let pair = build::pair(cx, entry.key, entry.value)?;
            build::push(cx, out, pair)?;
        }
        Ok(())
    })
}

fn has_key(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    has(cx, &args).map(|it| Value::int(i64::from(it)))
}

fn has_key_method(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    has(cx, &args).map(Value::bool)
}

fn has(cx: &HostCx<'_>, args: &Args<'_>) -> Res<bool> {
    let value = args.peek(0);
    let dict = arg::dict(cx, &value, 0)?;
    Ok(cx.heap.key(args.peek(1)).is_some_and(|key| dict.contains(key)))
}

fn get(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let (value, key) = (args.peek(0), args.peek(1));
    let found = match value.tag() {
        Tag::Dict => cx.heap.key(key).zip(dict_of(&value)).and_then(|(key, it)| it.get(key)),
        Tag::Array => array_of(&value).and_then(|it| it.get(it.index(key.to_int()?)?)),
        Tag::String => {
            let at = arg::int(cx, &args, 1)?;
            let len = cx.heap.len_of(value).unwrap_or(0);
            if crate::object::array::index_in(len, at).is_some() {
                return index::char_at(cx.heap, value, at, cx.fuel);
            }
            None
        }
        _ => return Err(arg::wrong(cx, 0, "a dict", value)),
    };
    match found {
        Some(found) => {
            cx.heap.retain(found);
            Ok(found)
        }
        None => Ok(args.take(2)),
    }
}

fn merge(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    for at in 0..args.len() {
        arg::dict(cx, &args.peek(at), at)?;
    }
    let mut merged = args.take(0);
    match (1..args.len()).try_for_each(|at| update(cx, &mut merged, args.peek(at))) {
        Ok(()) => Ok(merged),
        Err(fault) => {
            cx.heap.release(merged);
            Err(fault)
        }
    }
}

fn update_method(cx: &mut HostCx<'_>, place: &mut Value, args: Args<'_>) -> Res<Value> {
    update(cx, place, args.peek(0))?;
    Ok(Value::NULL)
}

/// Sets the entries of another dict, which may be the same.
fn update(cx: &mut HostCx<'_>, place: &mut Value, other: Value) -> Res<()> {
    let Some(source) = dict_of(&other) else { return Err(arg::wrong(cx, 1, "a dict", other)) };
    cx.charge(source.len() as u64)?;
    // The argument owns a count of `other`, so `place` gets a copy of its own if they are the same.
    ops::make_unique(cx.heap, place, cx.fuel)?;
    for entry in source.iter() {
        if let Some(key) = cx.heap.key(entry.key) {
            build::put(cx, *place, key, entry.value)?;
        }
    }
    Ok(())
}

fn invert(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let source = arg::dict(cx, &value, 0)?;
    cx.charge(source.len() as u64)?;
    build::dict(cx, source.len(), |cx, out| {
        for entry in source.iter() {
            let key = cx.heap.key(entry.value).ok_or_else(|| index::not_a_key(entry.value))?;
            build::put(cx, out, key, entry.key)?;
        }
        Ok(())
    })
}

fn dict(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    if arg::given(&args, 0).is_none() {
        return build::dict(cx, 0, |_, _| Ok(()));
    }
    if args.peek(0).tag() == Tag::Dict {
        return Ok(args.take(0));
    }
    items::with(cx, &args, 0, |cx, pairs| {
        cx.charge(pairs.len() as u64)?;
        build::dict(cx, 0, |cx, out| {
            for pair in pairs.iter() {
                let entry = array_of(&pair).filter(|it| it.len() == 2);
                let Some((key, value)) = entry.and_then(|it| it.get(0).zip(it.get(1))) else {
                    return Err(arg::invalid(cx, "pairs of a key and a value"));
                };
                let key = cx.heap.key(key).ok_or_else(|| index::not_a_key(key))?;
                build::put(cx, out, key, value)?;
            }
            Ok(())
        })
    })
}
