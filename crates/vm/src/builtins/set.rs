//! Sets: each member once, in the order in which they came.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, build, items, rows};
use crate::fault::Res;
use crate::heap::set_of;
use crate::host::{Args, HostCx};
use crate::object::Array;
use crate::ops::{self, index};
use crate::value::Value;

const SET: &[(Kinds, Method)] = &[(Kinds::SET, Method::Function)];

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "Set(items?: array | range | string | set) -> set",
        doc: "A set of the elements; an empty one without any.",
        raises: &[Code::R0004, Code::R0021],
        cost: "one unit for each element",
        example: ("print(Set([1, 2, 2]), len(Set()))", "Set {1, 2} 0"),
        call: Call::Native(new),
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_add(members: set, item: any) -> set",
        doc: "The set with one member more.",
        raises: &[Code::R0004, Code::R0021],
        cost: "constant; one unit for each 16 members if it is shared",
        example: ("print(set_add(Set([1]), 2))", "Set {1, 2}"),
        call: Call::Native(set_add),
        ..Builtin::ROW
    },
    Builtin {
        signature: "add(members: set, item: any) -> set",
        doc: "The set with one member more. The method puts it in place, and says whether it is new.",
        raises: &[Code::R0004, Code::R0021],
        cost: "constant; one unit for each 16 members if it is shared",
        example: ("mut s := Set([1])\nprint(s.add(2), s.add(2), s)", "true false Set {1, 2}"),
        call: Call::Never,
        methods: &[(Kinds::SET, Method::InPlace(add_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_remove(members: set, item: any) -> set",
        doc: "The set without that member.",
        raises: &[Code::R0004],
        cost: "constant; one unit for each 16 members if it is shared",
        example: ("print(set_remove(Set([1, 2]), 1))", "Set {2}"),
        call: Call::Native(set_remove),
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_has(members: set, item: any) -> bool",
        aliases: &["has", "set_contains"],
        doc: "Whether it is a member.",
        raises: &[Code::R0004],
        example: ("print(set_has(Set([1]), 1), Set([1]).has(2))", "true false"),
        call: Call::Native(set_has),
        methods: SET,
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_size(members: set) -> int",
        doc: "How many members.",
        raises: &[Code::R0004],
        example: ("print(set_size(Set([1, 2])))", "2"),
        call: Call::Native(set_size),
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_to_array(members: set) -> array",
        doc: "The members as an array.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 members",
        example: ("print(set_to_array(Set([2, 1])))", "[2, 1]"),
        call: Call::Native(set_to_array),
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_union(first: set, second: set) -> set",
        aliases: &["union"],
        doc: "What is in either.",
        raises: &[Code::R0004],
        cost: "one unit for each member",
        example: ("print(set_union(Set([1]), Set([2])))", "Set {1, 2}"),
        call: Call::Native(set_union),
        methods: SET,
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_intersection(first: set, second: set) -> set",
        aliases: &["set_intersect", "intersection"],
        doc: "What is in both.",
        raises: &[Code::R0004],
        cost: "one unit for each member",
        example: ("print(set_intersection(Set([1, 2]), Set([2, 3])))", "Set {2}"),
        call: Call::Native(set_intersection),
        methods: SET,
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_difference(first: set, second: set) -> set",
        aliases: &["difference"],
        doc: "What is in the first and not in the second.",
        raises: &[Code::R0004],
        cost: "one unit for each member",
        example: ("print(set_difference(Set([1, 2]), Set([2, 3])))", "Set {1}"),
        call: Call::Native(set_difference),
        methods: SET,
        ..Builtin::ROW
    },
    Builtin {
        signature: "set_is_subset(first: set, second: set) -> bool",
        aliases: &["is_subset"],
        doc: "Whether all members of the first are in the second.",
        raises: &[Code::R0004],
        cost: "one unit for each member",
        example: ("print(set_is_subset(Set([1]), Set([1, 2])))", "true"),
        call: Call::Native(set_is_subset),
        methods: SET,
        ..Builtin::ROW
    },
]);

fn new(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    if arg::given(&args, 0).is_none() {
        return build::set(cx, 0, |_, _| Ok(()));
    }
    items::with(cx, &args, 0, of_items)
}

/// A new set of these members.
pub(super) fn of_items(cx: &mut HostCx<'_>, items: &Array) -> Res<Value> {
    cx.charge(items.len() as u64)?;
    build::set(cx, 0, |cx, out| items.iter().try_for_each(|item| include(cx, out, item).map(drop)))
}

/// Puts a member into a set with one owner; says whether it is new.
fn include(cx: &mut HostCx<'_>, set: Value, item: Value) -> Res<bool> {
    let key = cx.heap.key(item).ok_or_else(|| index::not_a_key(item))?;
    build::include(cx, set, key)
}

fn set_add(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    arg::set(cx, &args.peek(0), 0)?;
    let item = args.peek(1);
    let mut set = args.take(0);
    match add_to(cx, &mut set, item) {
        Ok(_) => Ok(set),
        Err(fault) => {
            cx.heap.release(set);
            Err(fault)
        }
    }
}

fn add_method(cx: &mut HostCx<'_>, place: &mut Value, args: Args<'_>) -> Res<Value> {
    add_to(cx, place, args.peek(0)).map(Value::bool)
}

fn add_to(cx: &mut HostCx<'_>, place: &mut Value, item: Value) -> Res<bool> {
    ops::make_unique(cx.heap, place, cx.fuel)?;
    include(cx, *place, item)
}

fn set_remove(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    arg::set(cx, &args.peek(0), 0)?;
    let item = args.peek(1);
    let mut set = args.take(0);
    match remove_from(cx, &mut set, item) {
        Ok(_) => Ok(set),
        Err(fault) => {
            cx.heap.release(set);
            Err(fault)
        }
    }
}

/// Takes out a member; says whether it was one.
pub(super) fn remove_from(cx: &mut HostCx<'_>, place: &mut Value, item: Value) -> Res<bool> {
    let key = cx.heap.key(item);
    let Some(key) = key.filter(|&key| set_of(place).is_some_and(|it| it.contains(key))) else {
        return Ok(false);
    };
    ops::make_unique(cx.heap, place, cx.fuel)?;
    let removed = cx.heap.set_mut(*place).and_then(|(set, mem)| set.remove(mem, key));
    if let Some(entry) = removed {
        cx.heap.release(entry.key);
    }
    Ok(true)
}

fn set_has(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let set = arg::set(cx, &value, 0)?;
    Ok(Value::bool(cx.heap.key(args.peek(1)).is_some_and(|key| set.contains(key))))
}

fn set_size(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::set(cx, &value, 0).map(|set| Value::len(set.len()))
}

fn set_to_array(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::set(cx, &value, 0)?;
    items::of(cx, value).map(Option::unwrap_or_default)
}

fn set_union(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let other = args.peek(1);
    arg::set(cx, &args.peek(0), 0)?;
    let source = arg::set(cx, &other, 1)?;
    cx.charge(source.len() as u64)?;
    let mut union = args.take(0);
    let filled = ops::make_unique(cx.heap, &mut union, cx.fuel)
        .and_then(|()| source.keys().try_for_each(|key| include(cx, union, key).map(drop)));
    match filled {
        Ok(()) => Ok(union),
        Err(fault) => {
            cx.heap.release(union);
            Err(fault)
        }
    }
}

fn set_intersection(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    selected(cx, &args, true)
}

fn set_difference(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    selected(cx, &args, false)
}

/// The members of the first that are, or are not, in the second.
fn selected(cx: &mut HostCx<'_>, args: &Args<'_>, wanted: bool) -> Res<Value> {
    let (first, second) = (args.peek(0), args.peek(1));
    let (first, second) = (arg::set(cx, &first, 0)?, arg::set(cx, &second, 1)?);
    cx.charge(first.len() as u64)?;
    build::set(cx, 0, |cx, out| {
        for member in first.keys() {
            let Some(key) = cx.heap.key(member) else { continue };
            if second.contains(key) == wanted {
                build::include(cx, out, key)?;
            }
        }
        Ok(())
    })
}

fn set_is_subset(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (first, second) = (args.peek(0), args.peek(1));
    let (first, second) = (arg::set(cx, &first, 0)?, arg::set(cx, &second, 1)?);
    cx.charge(first.len() as u64)?;
    let is_member = |member| cx.heap.key(member).is_some_and(|key| second.contains(key));
    Ok(Value::bool(first.len() <= second.len() && first.keys().all(is_member)))
}
