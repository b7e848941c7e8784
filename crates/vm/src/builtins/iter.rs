//! Ranges, and going through several things at once.

use remora_bytecode::scalar::Arithmetic;
use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, build, items, rows};
use crate::fault::Res;
use crate::heap::array_of;
use crate::host::{Args, HostCx};
use crate::object::Range;
use crate::ops::arith::numbers;
use crate::value::{Tag, Value};

/// A row for a function of the prelude.
pub(super) const fn script(
    signature: &'static str,
    name: &'static str,
    doc: &'static str,
    example: (&'static str, &'static str),
    methods: &'static [(Kinds, Method)],
) -> Builtin {
    Builtin {
        signature,
        aliases: &[],
        doc,
        raises: &[Code::R0005, Code::R0013],
        cost: "a call for each element",
        example,
        since: "0.1.0",
        call: Call::Script(name),
        methods,
        look: None,
    }
}

/// What the prelude's functions over elements can be called on.
const ITEMS: &[(Kinds, Method)] = &[(Kinds::ITERABLE.or(Kinds::LAZY), Method::Function)];

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "range(start: int, end?: int, step?: int) -> range",
        doc: "The ints from `start` to before `end`, `step` apart; from 0 with one argument. Takes no room.",
        raises: &[Code::R0004, Code::R0012],
        example: ("print(array(range(3)), array(range(10, 0, -3)))", "[0, 1, 2] [10, 7, 4, 1]"),
        call: Call::Native(range),
        ..Builtin::ROW
    },
    Builtin {
        signature: "zip(first: array | range | string, ...more: array | range | string) -> array",
        doc: "Arrays of one element of each, as many as the shortest has.",
        raises: &[Code::R0004],
        cost: "one unit for each element",
        example: ("print(zip([1, 2, 3], [\"a\", \"b\"]))", "[[1, a], [2, b]]"),
        call: Call::Native(zip),
        methods: &[(Kinds::SEQUENCE.or(Kinds::STRING), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "enumerate(items: array | range | string | set, start?: int) -> array",
        doc: "Each element with its index, or counted from `start`: `[[0, first], [1, second]]`.",
        raises: &[Code::R0004, Code::R0007],
        cost: "one unit for each element",
        example: ("print(enumerate([\"a\", \"b\"]))", "[[0, a], [1, b]]"),
        call: Call::Native(enumerate),
        methods: &[(Kinds::SEQUENCE.or(Kinds::STRING).or(Kinds::SET), Method::Function)],
        ..Builtin::ROW
    },
    script(
        "map(items: any, f: function) -> array",
        "map",
        "What `f` makes of each element; of each key and value of a dict. Of an Option or Result: of what is inside.",
        ("print(map([1, 2], (x) => x * 2), Some(2).map((x) => x + 1))", "[2, 4] Some(3)"),
        &[
            (Kinds::ITERABLE.or(Kinds::LAZY), Method::Function),
            (Kinds::WRAPPER, Method::Script("__map_inner")),
        ],
    ),
    script(
        "filter(items: any, f: function) -> any",
        "filter",
        "The elements for which `f` holds: as an array, a string, a set, or a dict (`f` gets key and value).",
        (
            "print(filter([1, 2, 3], (x) => x > 1), {\"a\": 1, \"b\": 2}.filter((k, v) => v > 1))",
            "[2, 3] {\"b\": 2}",
        ),
        &[(Kinds::ITERABLE.or(Kinds::OPTION).or(Kinds::LAZY), Method::Function)],
    ),
    script(
        "reduce(items: any, initial: any, f: function) -> any",
        "reduce",
        "`f(f(initial, first), second)` and so on.",
        ("print(reduce([1, 2, 3], 10, (sum, x) => sum + x))", "16"),
        ITEMS,
    ),
    script(
        "each(items: any, f: function) -> null",
        "each",
        "Calls `f` with each element; with each key and value of a dict.",
        ("each([1, 2], print)\n[3].each((x) => print(x))", "1\n2\n3"),
        ITEMS,
    ),
    script(
        "for_each(items: any, f: function) -> null",
        "each",
        "Calls `f` with each element; with each key and value of a dict.",
        ("for_each([1, 2], print)", "1\n2"),
        ITEMS,
    ),
    script(
        "flat_map(items: any, f: function) -> array",
        "flat_map",
        "The elements of what `f` gives for each element, one after the other.",
        ("print(flat_map([1, 2], (x) => [x, x * 10]))", "[1, 10, 2, 20]"),
        ITEMS,
    ),
    script(
        "find(items: any, f: function) -> any",
        "find",
        "The first element for which `f` holds, `[key, value]` of a dict; null if there is none.",
        ("print(find([1, 2, 3], (x) => x > 1), find([], (x) => true))", "2 null"),
        ITEMS,
    ),
    script(
        "find_index(items: any, f: function) -> int",
        "find_index",
        "Where the first element is for which `f` holds; -1 if there is none.",
        ("print(find_index([5, 6], (x) => x == 6))", "1"),
        ITEMS,
    ),
    script(
        "any(items: any, f?: function) -> bool",
        "any",
        "Whether `f` holds for an element; without `f`, whether an element would hold in a condition.",
        ("print(any([1, 5], (x) => x > 4), any([0, null]))", "true false"),
        ITEMS,
    ),
    script(
        "all(items: any, f?: function) -> bool",
        "all",
        "Whether `f` holds for every element; without `f`, whether every element would hold in a condition.",
        ("print(all([1, 5], (x) => x > 4), all([]))", "false true"),
        ITEMS,
    ),
    script(
        "count(items: any, what: any) -> int",
        "count",
        "For how many elements the function `what` holds, or how many are equal to `what`.",
        ("print(count([1, 2, 3], (x) => x > 1), count(\"banana\", \"a\"))", "2 3"),
        &[(Kinds::ITERABLE, Method::Function)],
    ),
    script(
        "min_by(items: any, key: function) -> any",
        "min_by",
        "The first element for which `key` gives the least; null if there is none.",
        ("print(min_by([\"ccc\", \"a\", \"bb\"], len))", "a"),
        ITEMS,
    ),
    script(
        "max_by(items: any, key: function) -> any",
        "max_by",
        "The first element for which `key` gives the most; null if there is none.",
        ("print(max_by([\"ccc\", \"a\", \"bb\"], len))", "ccc"),
        ITEMS,
    ),
    script(
        "take_while(items: any, f: function) -> any",
        "take_while",
        "The elements before the first for which `f` does not hold.",
        ("print(take_while([1, 2, 9, 1], (x) => x < 5))", "[1, 2]"),
        ITEMS,
    ),
    script(
        "skip_while(items: any, f: function) -> any",
        "skip_while",
        "The elements from the first on for which `f` does not hold.",
        ("print(skip_while([1, 2, 9, 1], (x) => x < 5))", "[9, 1]"),
        ITEMS,
    ),
    script(
        "partition(items: any, f: function) -> array",
        "partition",
        "Two collections: the elements for which `f` holds, and the others.",
        ("print(partition([1, 2, 3], (x) => x > 1))", "[[2, 3], [1]]"),
        ITEMS,
    ),
    script(
        "group_by(items: any, key: function) -> dict",
        "group_by",
        "A dict from what `key` gives to the array of the elements for which it gives that.",
        ("print(group_by([1, 2, 3], (x) => x % 2))", "{0: [2], 1: [1, 3]}"),
        ITEMS,
    ),
    script(
        "unique_by(items: any, key: function) -> array",
        "unique_by",
        "The elements without those for which `key` gives the same as for an earlier one.",
        ("print(unique_by([1, 2, 3], (x) => x % 2))", "[1, 2]"),
        ITEMS,
    ),
    script(
        "map_values(entries: dict, f: function) -> dict",
        "map_values",
        "The dict with what `f` makes of each value.",
        ("print(map_values({\"a\": 1}, (v) => v * 2))", "{\"a\": 2}"),
        &[(Kinds::DICT, Method::Function)],
    ),
]);

fn range(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let first = arg::int(cx, &args, 0)?;
    let (start, end) = match arg::given(&args, 1) {
        Some(_) => (first, arg::int(cx, &args, 1)?),
        None => (0, first),
    };
    let step = arg::int_or(cx, &args, 2, 1)?;
    match Range::stepped(start, end, step) {
        Some(range) => cx.heap.new_range(range),
        None => Err(arg::invalid(cx, "a step that is not 0")),
    }
}

fn enumerate(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let start = arg::int_or(cx, &args, 1, 0)?;
    items::with(cx, &args, 0, |cx, array| {
        cx.charge(array.len() as u64)?;
        build::array(cx, Tag::Array, array.len(), |cx, out| {
            for (at, item) in array.iter().enumerate() {
                let index = numbers(Arithmetic::Add, Value::int(start), Value::len(at))?;
                cx.heap.retain(item);
                let pair = build::pair(cx, index, item)?;
                build::push(cx, out, pair)?;
            }
            Ok(())
        })
    })
}

fn zip(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    // All of them as arrays first, kept by one array that is released in the end.
    let sources = build::array(cx, Tag::Array, args.len(), |cx, sources| {
        for at in 0..args.len() {
            let value = args.peek(at);
            let Some(items) = items::of(cx, value)? else {
                return Err(arg::wrong(cx, at, items::WANTED, value));
            };
            build::push(cx, sources, items)?;
        }
        Ok(())
    })?;
    let zipped = zip_arrays(cx, sources);
    cx.heap.release(sources);
    zipped
}

fn zip_arrays(cx: &mut HostCx<'_>, sources: Value) -> Res<Value> {
    let Some(sources) = array_of(&sources) else { return Ok(Value::NULL) };
    let len = sources.iter().filter_map(|it| cx.heap.len_of(it)).min().unwrap_or(0);
    cx.charge((len as u64).saturating_mul(sources.len() as u64))?;
    build::array(cx, Tag::Array, len, |cx, out| {
        for at in 0..len {
            let tuple = build::array(cx, Tag::Null, sources.len(), |cx, tuple| {
                for source in sources.iter() {
                    let item = cx.heap.array(source).and_then(|it| it.get(at)).unwrap_or_default();
                    build::push_counted(cx, tuple, item)?;
                }
                Ok(())
            })?;
            build::push(cx, out, tuple)?;
        }
        Ok(())
    })
}
