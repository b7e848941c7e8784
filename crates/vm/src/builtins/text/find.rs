//! Looking into strings, and replacing what is found.

use remora_diagnostics::Code;

use super::super::{Builtin, Call, Kinds, Method, Row, arg, build, rows};
use crate::fault::Res;
use crate::host::{Args, HostCx};
use crate::ops::{bulk_units, index};
use crate::value::Value;

pub(crate) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "starts_with(text: string, part: string) -> bool",
        doc: "Whether the text begins with the part.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes of the part",
        example: ("print(starts_with(\"abc\", \"ab\"))", "true"),
        call: Call::Native(starts_with),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "ends_with(text: string, part: string) -> bool",
        doc: "Whether the text ends with the part.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes of the part",
        example: ("print(\"abc\".ends_with(\"ab\"))", "false"),
        call: Call::Native(ends_with),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "replace(text: string, part: string, with: string) -> string",
        aliases: &["replace_str"],
        doc: "The text with another in every place where the part is.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes searched and written, and for each place",
        example: ("print(replace(\"aXbX\", \"X\", \"-\"))", "a-b-"),
        call: Call::Native(replace),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "substring(text: string, start: int, end?: int) -> string",
        aliases: &["substr"],
        doc: "The characters from `start` to before `end`. Negative indices count from the end; what is beyond is cut off.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes",
        example: ("print(substring(\"hello\", 1, 3), \"hello\".substring(-2))", "el lo"),
        call: Call::Native(substring),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "char_at(text: string, index: int) -> string",
        doc: "The character at an index; negative ones count from the end.",
        raises: &[Code::R0004, Code::R0008],
        cost: "one unit for each 64 bytes, nothing for ASCII",
        example: ("print(char_at(\"héllo\", 1))", "é"),
        call: Call::Native(char_at),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "count_chars(text: string) -> int",
        doc: "How many characters.",
        raises: &[Code::R0004],
        example: ("print(count_chars(\"héllo\"))", "5"),
        call: Call::Native(count_chars),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "ord(char: string) -> int",
        doc: "The code point of the first character.",
        raises: &[Code::R0004, Code::R0012],
        example: ("print(ord(\"A\"))", "65"),
        call: Call::Native(ord),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "chr(code: int) -> string",
        doc: "The character of a code point.",
        raises: &[Code::R0004, Code::R0012],
        example: ("print(chr(233))", "é"),
        call: Call::Native(chr),
        ..Builtin::ROW
    },
]);

fn starts_with(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (value, other) = (args.peek(0), args.peek(1));
    let (text, part) = (arg::text(cx, &value, 0)?.as_str(), arg::text(cx, &other, 1)?.as_str());
    cx.charge(bulk_units(part.len()))?;
    Ok(Value::bool(text.starts_with(part)))
}

fn ends_with(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (value, other) = (args.peek(0), args.peek(1));
    let (text, part) = (arg::text(cx, &value, 0)?.as_str(), arg::text(cx, &other, 1)?.as_str());
    cx.charge(bulk_units(part.len()))?;
    Ok(Value::bool(text.ends_with(part)))
}

fn replace(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (value, from, to) = (args.peek(0), args.peek(1), args.peek(2));
    let text = arg::text(cx, &value, 0)?.as_str();
    let (from, to) = (arg::text(cx, &from, 1)?.as_str(), arg::text(cx, &to, 2)?.as_str());
    cx.charge(bulk_units(text.len()))?;
    if !text.contains(from) {
        cx.heap.retain(value);
        return Ok(value);
    }
    build::text(cx, text.len(), |cx, out| {
        let mut done = 0;
        for (at, _) in text.match_indices(from) {
            cx.charge(1 + bulk_units(to.len()))?;
            out.push(cx, &text[done..at])?;
            out.push(cx, to)?;
            done = at + from.len();
        }
        out.push(cx, &text[done..])
    })
}

fn substring(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?;
    let start = arg::int(cx, &args, 1)?;
    let end = arg::int_or(cx, &args, 2, i64::MAX)?;
    super::part(cx, text, arg::bounds(text.char_count(), start, end))
}

fn char_at(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::text(cx, &value, 0)?;
    let at = arg::int(cx, &args, 1)?;
    index::char_at(cx.heap, value, at, cx.fuel)
}

fn count_chars(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::text(cx, &value, 0).map(|text| Value::len(text.char_count()))
}

fn ord(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let first = arg::text(cx, &value, 0)?.as_str().chars().next();
    let code = first.map(|it| Value::int(i64::from(u32::from(it))));
    code.ok_or_else(|| arg::invalid(cx, "a string that is not empty"))
}

fn chr(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let code = arg::int(cx, &args, 0)?;
    match u32::try_from(code).ok().and_then(char::from_u32) {
        Some(char) => cx.heap.new_char(char),
        None => Err(arg::invalid(cx, format_args!("a code point, got {code}"))),
    }
}
