//! Taking strings apart, and joining them again.

use remora_diagnostics::Code;

use super::super::{Builtin, Call, Kinds, Method, Row, arg, build, items, rows};
use super::units_by_char;
use crate::fault::Res;
use crate::heap::str_of;
use crate::host::{Args, HostCx};
use crate::object::Array;
use crate::ops::{bulk_units, print};
use crate::value::{Tag, Value};

pub(crate) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "split(text: string, separator?: string) -> array",
        doc: "What is between the separators; each character with an empty one, words without one.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes, and for each part",
        example: ("print(split(\"a,b,,c\", \",\"))", "[a, b, , c]"),
        call: Call::Native(split),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "lines(text: string) -> array",
        doc: "The lines, without their ends.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes, and for each line",
        example: ("print(lines(\"a\\nb\\r\\n\"))", "[a, b]"),
        call: Call::Native(lines),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "words(text: string) -> array",
        doc: "What is between spaces and line ends.",
        raises: &[Code::R0004],
        cost: "one unit for each 8 bytes",
        example: ("print(words(\" to  be \"))", "[to, be]"),
        call: Call::Native(words),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "chars(text: string) -> array",
        doc: "The characters.",
        raises: &[Code::R0004],
        cost: "one unit for each character",
        example: ("print(chars(\"né\"))", "[n, é]"),
        call: Call::Native(chars),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "join(items: array | range | set | queue | stack, separator?: string) -> string",
        doc: "The printed forms of the elements with the separator, or nothing, between them.",
        raises: &[Code::R0004],
        cost: "one unit for each element and 64 bytes",
        example: ("print(join([\"a\", 1, null], \"-\"), [1, 2].join(\", \"))", "a-1-null 1, 2"),
        call: Call::Native(join),
        methods: &[(Kinds::SEQUENCE.or(Kinds::SET), Method::Function)],
        ..Builtin::ROW
    },
]);

/// A new array of parts of a text.
fn parts<'t>(cx: &mut HostCx<'_>, parts: impl Iterator<Item = &'t str>) -> Res<Value> {
    build::array(cx, Tag::String, 0, |cx, out| {
        for part in parts {
            cx.charge(1)?;
            let part = cx.heap.new_string(part)?;
            build::push(cx, out, part)?;
        }
        Ok(())
    })
}

fn split(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    let Some(separator) = arg::given(&args, 1) else { return words(cx, args) };
    let separator = arg::text(cx, &separator, 1)?.as_str();
    if separator.is_empty() {
        return items::of_text(cx, text);
    }
    cx.charge(bulk_units(text.len()))?;
    parts(cx, text.split(separator))
}

fn lines(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(bulk_units(text.len()))?;
    parts(cx, text.lines())
}

fn words(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(units_by_char(text))?;
    parts(cx, text.split_whitespace())
}

fn chars(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    items::of_text(cx, text)
}

fn join(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let given = arg::given(&args, 1);
    items::with(cx, &args, 0, |cx, array| {
        let separator = match &given {
            Some(value) => arg::text(cx, value, 1)?.as_str(),
            None => "",
        };
        joined(cx, array, separator)
    })
}

/// The printed forms of elements as one string.
pub(crate) fn joined(cx: &mut HostCx<'_>, array: &Array, separator: &str) -> Res<Value> {
    build::text(cx, 0, |cx, out| {
        let mut shown = String::new();
        for (at, item) in array.iter().enumerate() {
            cx.charge(1 + bulk_units(separator.len()))?;
            if at > 0 {
                out.push(cx, separator)?;
            }
            if let Some(text) = str_of(&item) {
                cx.charge(bulk_units(text.as_str().len()))?;
                out.push(cx, text.as_str())?;
            } else {
                shown.clear();
                print::display_to(&mut shown, cx.heap, item, cx.fuel)?;
                out.push(cx, &shown)?;
            }
        }
        Ok(())
    })
}
