//! From one kind to another.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, rows};
use crate::fault::{Fault, Res};
use crate::heap::str_of;
use crate::host::{Args, HostCx};
use crate::ops::{bulk_units, convert, truthy};
use crate::value::{Tag, Value};

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "str(value: any) -> string",
        aliases: &["to_string", "string"],
        doc: "The printed form of a value.",
        cost: "one unit for each 64 bytes",
        example: ("print(len(str([1, 2])))", "6"),
        call: Call::Native(to_string),
        methods: &[(Kinds::ANY, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "to_int(value: string | int | float | bool) -> int",
        aliases: &["int"],
        doc: "The int that a string spells, or a float without its fraction, or 1 for true.",
        raises: &[Code::R0020],
        cost: "one unit for each 64 bytes",
        example: ("print(to_int(\"42\"), to_int(3.9), to_int(true))", "42 3 1"),
        call: Call::Native(to_int),
        methods: &[(Kinds::STRING.or(Kinds::NUMBER), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "to_float(value: string | int | float | bool) -> float",
        aliases: &["float"],
        doc: "The float that a string spells, or nearest to an int.",
        raises: &[Code::R0020],
        cost: "one unit for each 64 bytes",
        example: ("print(to_float(\"2.5\"), to_float(7) / 2)", "2.5 3.5"),
        call: Call::Native(to_float),
        methods: &[(Kinds::STRING.or(Kinds::NUMBER), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "to_bool(value: any) -> bool",
        aliases: &["bool"],
        doc: "What a string spells (true yes on 1, false no off 0, in any case, and nothing); other kinds as in a condition.",
        raises: &[Code::R0020],
        example: ("print(to_bool(\"false\"), to_bool(\"Yes\"), to_bool(0))", "false true false"),
        call: Call::Native(to_bool),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "parse_int(text: string) -> int",
        doc: "The int that a string spells in decimal; spaces around it do not matter.",
        raises: &[Code::R0004, Code::R0020],
        cost: "one unit for each 64 bytes",
        example: ("print(parse_int(\" -7 \") + 1)", "-6"),
        call: Call::Native(parse_int),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "parse_float(text: string) -> float",
        doc: "The float that a string spells in decimal; spaces around it do not matter.",
        raises: &[Code::R0004, Code::R0020],
        cost: "one unit for each 64 bytes",
        example: ("print(parse_float(\"1.5e2\"))", "150"),
        call: Call::Native(parse_float),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
]);

fn to_string(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    convert::to_string(cx.heap, args.peek(0), cx.fuel)
}

fn parse_int(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(bulk_units(text.len()))?;
    convert::parse_int(text).map(Value::int)
}

fn parse_float(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(bulk_units(text.len()))?;
    convert::parse_float(text).map(Value::float)
}

fn to_int(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    match value.tag() {
        Tag::Int => Ok(value),
        Tag::Bool => Ok(Value::int(i64::from(value.as_bool()))),
        Tag::Float => {
            let int = convert::float_to_int(value.as_float()).map(Value::int);
            int.ok_or_else(|| unconvertible(cx, value, "an int"))
        }
        Tag::String => parse_int(cx, args),
        _ => Err(unconvertible(cx, value, "an int")),
    }
}

fn to_float(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    match value.tag() {
        Tag::Bool => Ok(Value::float(f64::from(u8::from(value.as_bool())))),
        Tag::String => parse_float(cx, args),
        _ => match value.to_number() {
            Some(float) => Ok(Value::float(float)),
            None => Err(unconvertible(cx, value, "a float")),
        },
    }
}

fn to_bool(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let Some(text) = str_of(&value) else { return Ok(Value::bool(truthy(cx.heap, value))) };
    let text = text.as_str().trim();
    let is_any = |words: &[&str]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is_any(&["true", "yes", "on", "1"]) {
        Ok(Value::TRUE)
    } else if is_any(&["false", "no", "off", "0", ""]) {
        Ok(Value::FALSE)
    } else {
        Err(unconvertible(cx, value, "a bool"))
    }
}

#[cold]
fn unconvertible(cx: &HostCx<'_>, value: Value, wanted: &str) -> Box<Fault> {
    let shown = match value.tag() {
        Tag::Float => format!("{}", value.as_float()),
        Tag::String => {
            let text = cx.heap.str(value).unwrap_or_default();
            format!("'{}'", &text[..text.floor_char_boundary(200)])
        }
        _ => value.type_name().to_owned(),
    };
    Fault::new(Code::R0020, format!("Cannot convert {shown} to {wanted}"))
}
