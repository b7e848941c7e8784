//! Throwing, and ending the program.

use remora_diagnostics::Code;

use super::{Builtin, Call, Row, arg, rows};
use crate::fault::{Fault, Res};
use crate::host::{Args, HostCx};
use crate::ops::{field, print};
use crate::value::{Tag, Value};

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "throw(value: any) -> null",
        aliases: &["error"],
        doc: "Throws a value: a message, or a struct or dict with a field `message`.",
        raises: &[Code::R0001],
        example: ("try { throw(\"boom\") } except e { print(e.message) }", "boom"),
        call: Call::Native(throw_value),
        ..Builtin::ROW
    },
    Builtin {
        signature: "exit(code?: int) -> null",
        doc: "Ends the program with that exit code, or 0.",
        raises: &[Code::R0004],
        example: ("print(1)\nexit(0)\nprint(2)", "1"),
        call: Call::Native(exit),
        ..Builtin::ROW
    },
]);

fn throw_value(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let message = message_of(cx, args.peek(0))?;
    let mut fault = Fault::new(Code::R0001, message);
    fault.thrown = Some(args.take(0));
    Err(fault)
}

/// What a thrown value says: itself, the field `message` of a struct or dict, or its printed form.
fn message_of(cx: &mut HostCx<'_>, value: Value) -> Res<String> {
    let says = match value.tag() {
        Tag::Struct | Tag::Dict | Tag::Error => {
            let name = cx.heap.new_string("message")?;
            let says = field::look(cx.heap, value, name).unwrap_or(value);
            cx.heap.release(name);
            says
        }
        _ => value,
    };
    print::display(cx.heap, says, cx.fuel)
}

fn exit(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let code = arg::int_or(cx, &args, 0, 0)?;
    Err(Fault::exit(i32::try_from(code).unwrap_or(if code < 0 { i32::MIN } else { i32::MAX })))
}
