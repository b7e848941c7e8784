//! Generators and iterators: going on by hand, and methods that take elements only when they are asked for.

use super::{Builtin, Call, Kinds, Method, Row, TaskOp, rows};
use remora_diagnostics::Code;

/// A row for a method of generators and iterators that a function of the prelude does.
const fn lazy(
    signature: &'static str,
    aliases: &'static [&'static str],
    doc: &'static str,
    example: (&'static str, &'static str),
    methods: &'static [(Kinds, Method)],
) -> Builtin {
    Builtin {
        signature,
        aliases,
        doc,
        raises: &[Code::R0013],
        cost: "what asking for its elements costs",
        example,
        since: "0.1.0",
        call: Call::Never,
        methods,
        look: None,
    }
}

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "next(iterator: iterator) -> option",
        doc: "The next element of a generator or iterator, as Some; None when there is none any more.",
        raises: &[Code::R0004, Code::R0024],
        cost: "what making the element costs",
        example: ("it := iter([1])\nprint(next(it), it.next())", "Some(1) None"),
        call: Call::Script("next"),
        methods: &[(Kinds::LAZY, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "__next(iterator: iterator) -> option",
        doc: "The next element of a generator or iterator.",
        call: Call::Task(TaskOp::Next),
        ..Builtin::ROW
    },
    Builtin {
        signature: "iter(items: any) -> iterator",
        doc: "An iterator over the elements of anything that a loop can go through. Its methods take elements one by one.",
        raises: &[Code::R0013],
        example: (
            "print(iter(1..1000000).map((x) => x * x).filter((x) => x % 2 == 1).take(3).collect())",
            "[1, 9, 25]",
        ),
        call: Call::Script("iter"),
        methods: &[(Kinds::ITERABLE.or(Kinds::LAZY), Method::Function)],
        ..Builtin::ROW
    },
    lazy(
        "take(items: iterator, count: int) -> iterator",
        &[],
        "The first `count` elements; asks for no more.",
        ("print(iter([1, 2, 3]).take(2).collect())", "[1, 2]"),
        &[(Kinds::LAZY, Method::Script("__lazy_take"))],
    ),
    lazy(
        "skip(items: iterator, count: int) -> iterator",
        &[],
        "The elements without the first `count`.",
        ("print(iter([1, 2, 3]).skip(2).collect())", "[3]"),
        &[(Kinds::LAZY, Method::Script("__lazy_skip"))],
    ),
    lazy(
        "enumerate(items: iterator, start?: int) -> iterator",
        &[],
        "Each element with its index, or counted from `start`.",
        ("print(iter([\"a\"]).enumerate().collect())", "[[0, a]]"),
        &[(Kinds::LAZY, Method::Script("__lazy_enumerate"))],
    ),
    lazy(
        "zip(items: iterator, other: any) -> iterator",
        &[],
        "Pairs of an element of each, as many as the shorter one has.",
        ("print(iter([1, 2]).zip(\"ab\").collect())", "[[1, a], [2, b]]"),
        &[(Kinds::LAZY, Method::Script("__lazy_zip"))],
    ),
    lazy(
        "chain(items: iterator, other: any) -> iterator",
        &[],
        "The elements of the one, then those of the other.",
        ("print(iter([1]).chain([2]).collect())", "[1, 2]"),
        &[(Kinds::LAZY, Method::Script("__lazy_chain"))],
    ),
    lazy(
        "chunk(items: iterator, size: int) -> iterator",
        &["chunks"],
        "Arrays of `size` elements one after the other; the last one may be shorter.",
        ("print(iter(5).chunk(2).collect())", "[[0, 1], [2, 3], [4]]"),
        &[(Kinds::LAZY, Method::Script("__lazy_chunk"))],
    ),
    lazy(
        "collect(items: iterator) -> array",
        &["to_array", "array"],
        "All elements as an array.",
        ("print(iter(3).collect())", "[0, 1, 2]"),
        &[(Kinds::LAZY, Method::Script("__lazy_array"))],
    ),
    lazy(
        "count(items: iterator, what?: any) -> int",
        &[],
        "How many elements there are, for how many `what` holds, or how many are equal to `what`.",
        ("print(iter(10).count(), iter(10).count((x) => x > 6))", "10 3"),
        &[(Kinds::LAZY, Method::Script("__lazy_count"))],
    ),
    lazy(
        "sum(items: iterator) -> number",
        &[],
        "The sum of all elements.",
        ("print(iter(4).sum())", "6"),
        &[(Kinds::LAZY, Method::Script("__lazy_sum"))],
    ),
    lazy(
        "min(items: iterator) -> any",
        &[],
        "The least element.",
        ("print(iter([3, 1, 2]).min())", "1"),
        &[(Kinds::LAZY, Method::Script("__lazy_min"))],
    ),
    lazy(
        "max(items: iterator) -> any",
        &[],
        "The greatest element.",
        ("print(iter([3, 1, 2]).max())", "3"),
        &[(Kinds::LAZY, Method::Script("__lazy_max"))],
    ),
    lazy(
        "join(items: iterator, separator?: string) -> string",
        &[],
        "The printed forms of all elements, with `separator` between them.",
        ("print(iter(3).join(\"-\"))", "0-1-2"),
        &[(Kinds::LAZY, Method::Script("__lazy_join"))],
    ),
    lazy(
        "first(items: iterator) -> option",
        &[],
        "The next element as Some, or None.",
        ("print(iter([7]).first())", "Some(7)"),
        &[(Kinds::LAZY, Method::Script("next"))],
    ),
]);
