//! Making strings longer and shorter.

use remora_diagnostics::Code;

use super::super::{Builtin, Call, Kinds, Method, Row, arg, array, build, rows};
use crate::fault::Res;
use crate::heap::array_of;
use crate::host::{Args, HostCx};
use crate::limits::memory::too_large;
use crate::object::Str;
use crate::ops::bulk_units;
use crate::value::Value;

pub(crate) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "trim(text: string) -> string",
        aliases: &["strip"],
        doc: "Without spaces and line ends at both ends.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes",
        example: ("print(\"[\" + trim(\"  x \\n\") + \"]\")", "[x]"),
        call: Call::Native(trim),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "trim_start(text: string) -> string",
        doc: "Without spaces and line ends at the start.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes",
        example: ("print(trim_start(\"  x\"))", "x"),
        call: Call::Native(trim_start),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "trim_end(text: string) -> string",
        doc: "Without spaces and line ends at the end.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes",
        example: ("print(\"[\" + trim_end(\"x  \") + \"]\")", "[x]"),
        call: Call::Native(trim_end),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "pad_left(text: string, width: int, fill?: string) -> string",
        aliases: &["pad_start"],
        doc: "At least `width` characters long, filled up at the start with `fill` or spaces.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes",
        example: ("print(pad_left(\"5\", 3, \"0\"))", "005"),
        call: Call::Native(pad_left),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "pad_right(text: string, width: int, fill?: string) -> string",
        aliases: &["pad_end"],
        doc: "At least `width` characters long, filled up at the end with `fill` or spaces.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes",
        example: ("print(pad_right(\"5\", 4, \"ab\"))", "5aba"),
        call: Call::Native(pad_right),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "truncate(text: string, width: int, ending?: string) -> string",
        doc: "At most `width` characters long; what is cut off is replaced by `ending` or `...`, which count.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes",
        example: ("print(truncate(\"Hello World\", 8), truncate(\"abc\", 3))", "Hello... abc"),
        call: Call::Native(truncate),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "repeat(what: string | array, times: int) -> string | array",
        doc: "The same so many times, one after the other.",
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes or 16 elements",
        example: ("print(repeat(\"ab\", 2), repeat([0], 3))", "abab [0, 0, 0]"),
        call: Call::Native(repeat),
        methods: &[(Kinds::STRING.or(Kinds::ARRAY), Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "str_reverse(text: string) -> string",
        doc: "Its characters in the opposite order.",
        raises: &[Code::R0004],
        cost: "one unit for each 8 bytes",
        example: ("print(str_reverse(\"añb\"))", "bña"),
        call: Call::Native(reverse),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
]);

/// The first argument cut to what `cut` leaves; itself if that is all of it.
fn trimmed(cx: &mut HostCx<'_>, args: &Args<'_>, cut: impl FnOnce(&str) -> &str) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(bulk_units(text.len()))?;
    let rest = cut(text);
    if rest.len() == text.len() {
        cx.heap.retain(value);
        return Ok(value);
    }
    cx.heap.new_string(rest)
}

fn trim(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    trimmed(cx, &args, str::trim)
}

fn trim_start(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    trimmed(cx, &args, str::trim_start)
}

fn trim_end(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    trimmed(cx, &args, str::trim_end)
}

fn pad_left(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    padded(cx, &args, true)
}

fn pad_right(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    padded(cx, &args, false)
}

fn padded(cx: &mut HostCx<'_>, args: &Args<'_>, at_start: bool) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?;
    let width = arg::count(cx, args, 1)?;
    let given = arg::given(args, 2);
    let fill = match &given {
        Some(value) => arg::text(cx, value, 2)?.as_str(),
        None => " ",
    };
    let missing = width.saturating_sub(text.char_count());
    let n_fill = fill.chars().count();
    if missing == 0 || n_fill == 0 {
        cx.heap.retain(value);
        return Ok(value);
    }
    let (times, rest) = (missing / n_fill, missing % n_fill);
    let rest = fill.char_indices().nth(rest).map_or("", |(at, _)| &fill[..at]);
    let room = times.checked_mul(fill.len()).and_then(|it| it.checked_add(rest.len()));
    let room = room.and_then(|it| it.checked_add(text.as_str().len())).ok_or_else(too_large)?;
    build::text(cx, room, |cx, out| {
        cx.charge(bulk_units(room))?;
        if !at_start {
            out.push(cx, text.as_str())?;
        }
        out.push_times(cx, fill, times)?;
        out.push(cx, rest)?;
        if at_start { out.push(cx, text.as_str()) } else { Ok(()) }
    })
}

fn truncate(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?;
    let width = arg::count(cx, &args, 1)?;
    let given = arg::given(&args, 2);
    let ending = match &given {
        Some(value) => arg::text(cx, value, 2)?.as_str(),
        None => "...",
    };
    if text.char_count() <= width {
        cx.heap.retain(value);
        return Ok(value);
    }
    cx.charge(bulk_units(text.as_str().len().saturating_add(ending.len())))?;
    let ending = first_chars(ending, width);
    let kept = width - ending.chars().count();
    let kept = kept_text(text, kept);
    cx.heap.new_string_of(&[kept, ending])
}

fn kept_text(text: Str<'_>, chars: usize) -> &str {
    let end = text.offset_of(chars).unwrap_or(0);
    text.as_str().get(..end).unwrap_or_default()
}

fn first_chars(text: &str, n: usize) -> &str {
    text.char_indices().nth(n).map_or(text, |(at, _)| &text[..at])
}

fn repeat(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let wanted = arg::int(cx, &args, 1)?;
    if wanted < 0 {
        return Err(arg::invalid(cx, format_args!("a count of at least 0, got {wanted}")));
    }
    let times = arg::count(cx, &args, 1)?;
    if let Some(items) = array_of(&value) {
        return array::repeated(cx, items, times);
    }
    let text = arg::text(cx, &value, 0)?.as_str();
    let room = text.len().checked_mul(times).ok_or_else(too_large)?;
    if room == 0 {
        return cx.heap.new_string("");
    }
    build::text(cx, room, |cx, out| {
        cx.charge(bulk_units(room))?;
        out.push_times(cx, text, times)
    })
}

fn reverse(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    super::reversed(cx, text)
}
