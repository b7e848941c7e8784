//! Output: what a program says to the world. Bounded by the limit on output; the embedder decides where it goes.

use super::{Builtin, Call, Row, rows};
use crate::fault::Res;
use crate::host::{Args, HostCx, Stream};
use crate::ops::print;
use crate::value::Value;

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "print(...values: any) -> null",
        aliases: &["println"],
        doc: "Prints the values with spaces between them, and ends the line.",
        cost: "one unit for each 64 bytes",
        example: ("print(1, \"a\", [true, null])", "1 a [true, null]"),
        call: Call::Native(print_values),
        ..Builtin::ROW
    },
    Builtin {
        signature: "eprint(...values: any) -> null",
        doc: "Prints to the error output, in the same way.",
        cost: "one unit for each 64 bytes",
        example: ("eprint(\"not seen here\")", ""),
        call: Call::Native(eprint),
        ..Builtin::ROW
    },
    Builtin {
        signature: "debug(...values: any) -> null",
        doc: "Prints the values with their kinds, strings in quotes.",
        cost: "one unit for each 64 bytes",
        example: ("debug(1, \"a\", [2.5])", "[DEBUG] Int(1) String(\"a\") Array[Float(2.5)]"),
        call: Call::Native(debug),
        ..Builtin::ROW
    },
]);

fn print_values(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    line(cx, &args, Stream::Out)
}

fn eprint(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    line(cx, &args, Stream::Err)
}

fn line(cx: &mut HostCx<'_>, args: &Args<'_>, stream: Stream) -> Res<Value> {
    let mut text = String::new();
    for at in 0..args.len() {
        if at > 0 {
            print::push(&mut text, " ")?;
        }
        print::display_to(&mut text, cx.heap, args.peek(at), cx.fuel)?;
    }
    print::push(&mut text, "\n")?;
    cx.write(stream, &text)?;
    Ok(Value::NULL)
}

fn debug(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let mut text = String::new();
    print::push(&mut text, "[DEBUG]")?;
    for at in 0..args.len() {
        print::push(&mut text, " ")?;
        print::debug_to(&mut text, cx.heap, args.peek(at), cx.fuel)?;
    }
    print::push(&mut text, "\n")?;
    cx.write(Stream::Out, &text)?;
    Ok(Value::NULL)
}
