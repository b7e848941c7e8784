//! What a program is told when it starts, and what it is told on its input.

use std::io::{BufRead, Read};

use remora_diagnostics::Code;
use remora_vm::builtins::{Builtin, Call, Row, rows};
use remora_vm::host::{Args, HostCx, Stream};
use remora_vm::ops::print;
use remora_vm::value::Value;
use remora_vm::{Fault, Res};

use crate::arg;
use crate::capability::{Capabilities, failed};

pub(crate) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "args() -> array",
        doc: "What the program was given on its command line.",
        cost: "one unit for each",
        example: ("print(args())", "[]"),
        call: Call::Native(args),
        ..Builtin::ROW
    },
    Builtin {
        signature: "input(prompt?: any) -> string",
        aliases: &["read_line"],
        doc: "The next line of the input, without its end; null where there is no more. Prints the prompt first.",
        raises: &[Code::R0025],
        cost: "one unit for each 64 bytes",
        example: ("print(input())", "null"),
        call: Call::Native(input),
        ..Builtin::ROW
    },
    Builtin {
        signature: "read_input() -> string",
        doc: "All that is left of the input.",
        raises: &[Code::R0025],
        cost: "one unit for each 64 bytes",
        example: ("print(len(read_input()))", "0"),
        call: Call::Native(read_input),
        ..Builtin::ROW
    },
]);

fn args(cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    let args = cx.data::<Capabilities>().map(|caps| caps.args.clone()).unwrap_or_default();
    arg::strings(cx, args.iter().map(String::as_str))
}

fn input(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    if let Some(prompt) = arg::given(&args, 0) {
        let prompt = print::display(cx.heap, prompt, cx.fuel)?;
        cx.write(Stream::Out, &prompt)?;
    }
    let line = read(cx, |input, line| input.read_until(b'\n', line))?;
    if line.is_empty() {
        return Ok(Value::NULL);
    }
    let line = line.strip_suffix('\n').unwrap_or(&line);
    cx.heap.new_string(line.strip_suffix('\r').unwrap_or(line))
}

fn read_input(cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    let text = read(cx, |input, text| input.read_to_end(text))?;
    cx.heap.new_string(&text)
}

/// A text of the input, of no more than what the memory limit leaves.
fn read(
    cx: &mut HostCx<'_>,
    read: impl FnOnce(&mut dyn BufRead, &mut Vec<u8>) -> std::io::Result<usize>,
) -> Res<String> {
    let room = cx.heap.memory().account().remaining() as u64;
    let Some(caps) = cx.data::<Capabilities>() else { return Ok(String::new()) };
    let mut bytes = Vec::new();
    let mut bounded = Read::take(&mut caps.input, room.saturating_add(1));
    let n = read(&mut bounded, &mut bytes).map_err(|error| failed("input", &error))? as u64;
    if n > room {
        return Err(Fault::new(
            Code::L0002,
            "The input has more bytes than the memory limit leaves",
        ));
    }
    cx.charge(n / 64)?;
    String::from_utf8(bytes).map_err(|_| Fault::new(Code::R0025, "The input is not UTF-8 text"))
}
