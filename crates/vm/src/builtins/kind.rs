//! What kind of value something is.

use super::{Builtin, Call, Row, rows};
use crate::fault::Res;
use crate::heap::Heap;
use crate::host::{Args, HostCx};
use crate::ops::truthy;
use crate::value::{Tag, Value};

/// A row for a question with a bool for an answer.
macro_rules! question {
    ($name:literal, $doc:literal, $program:literal, $out:literal, $test:expr) => {
        Builtin {
            signature: concat!($name, "(value: any) -> bool"),
            doc: $doc,
            example: ($program, $out),
            call: Call::Native(|cx: &mut HostCx<'_>, args: Args<'_>| {
                let test: fn(&Heap, Value) -> bool = $test;
                Ok(Value::bool(test(cx.heap, args.peek(0))))
            }),
            ..Builtin::ROW
        }
    };
}

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "type(value: any) -> string",
        aliases: &["type_of"],
        doc: "The name of a value's kind.",
        example: ("print(type(1), type(\"a\"), type([]), type(None))", "int string array option"),
        call: Call::Native(type_of),
        ..Builtin::ROW
    },
    question!("is_null", "Whether it is null.", "print(is_null(null))", "true", |_, it| it
        .is_null()),
    question!("is_bool", "Whether it is a bool.", "print(is_bool(1))", "false", |_, it| it.tag()
        == Tag::Bool),
    question!(
        "is_int",
        "Whether it is an int.",
        "print(is_int(1), is_int(1.0))",
        "true false",
        |_, it| it.tag() == Tag::Int
    ),
    question!("is_float", "Whether it is a float.", "print(is_float(1.5))", "true", |_, it| it
        .tag()
        == Tag::Float),
    question!(
        "is_number",
        "Whether it is an int or a float.",
        "print(is_number(1.5))",
        "true",
        |_, it| it.is_number()
    ),
    question!("is_string", "Whether it is a string.", "print(is_string(\"\"))", "true", |_, it| it
        .tag()
        == Tag::String),
    question!(
        "is_bytes",
        "Whether it is bytes.",
        "print(is_bytes(bytes([1])))",
        "true",
        |_, it| it.tag() == Tag::Bytes
    ),
    question!("is_array", "Whether it is an array.", "print(is_array([]))", "true", |_, it| it
        .tag()
        == Tag::Array),
    question!("is_dict", "Whether it is a dict.", "print(is_dict({}))", "true", |_, it| it.tag()
        == Tag::Dict),
    question!("is_set", "Whether it is a set.", "print(is_set(Set([])))", "true", |_, it| it.tag()
        == Tag::Set),
    question!(
        "is_queue",
        "Whether it is a queue.",
        "print(is_queue(Queue([])))",
        "true",
        |_, it| it.tag() == Tag::Queue
    ),
    question!("is_stack", "Whether it is a stack.", "print(is_stack([]))", "false", |_, it| it
        .tag()
        == Tag::Stack),
    question!("is_range", "Whether it is a range.", "print(is_range(0..3))", "true", |_, it| it
        .tag()
        == Tag::Range),
    question!(
        "is_function",
        "Whether it can be called: a function, a closure or a builtin.",
        "print(is_function(print))",
        "true",
        |_, it| it.is_function()
    ),
    question!(
        "is_struct",
        "Whether it is a value of a struct.",
        "struct P { x }\nprint(is_struct(P { x: 1 }))",
        "true",
        |_, it| it.tag() == Tag::Struct
    ),
    question!(
        "is_enum",
        "Whether it is a value of an enum.",
        "enum E { A }\nprint(is_enum(E::A))",
        "true",
        |_, it| it.tag() == Tag::Variant
    ),
    question!(
        "is_result",
        "Whether it is an Ok or Err.",
        "print(is_result(Ok(1)))",
        "true",
        |_, it| matches!(it.tag(), Tag::Ok | Tag::Err)
    ),
    question!(
        "is_option",
        "Whether it is a Some or None.",
        "print(is_option(None))",
        "true",
        |_, it| matches!(it.tag(), Tag::Some | Tag::None)
    ),
    question!(
        "is_error",
        "Whether it is a caught error.",
        "try { throw(1) } except e { print(is_error(e)) }",
        "true",
        |_, it| it.tag() == Tag::Error
    ),
    question!(
        "is_truthy",
        "Whether a condition would hold with it.",
        "print(is_truthy([]), is_truthy(\"a\"))",
        "false true",
        truthy
    ),
    question!("__is_lazy", "Whether it is a generator or iterator.", "", "", |_, it| matches!(
        it.tag(),
        Tag::Generator | Tag::Iterator
    )),
    question!("__is_wrapper", "Whether it is a Result or Option.", "", "", |_, it| matches!(
        it.tag(),
        Tag::Ok | Tag::Err | Tag::Some | Tag::None
    )),
]);

fn type_of(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let name = cx.heap.type_name(args.peek(0));
    cx.heap.new_string(name)
}
