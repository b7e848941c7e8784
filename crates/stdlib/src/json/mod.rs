//! JSON: what a script says in it, and what it is told.

mod parse;
mod write;

use remora_diagnostics::Code;
use remora_vm::builtins::{Builtin, Call, Row, rows};

pub(crate) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "parse_json(text: string) -> any",
        doc: "The value that a JSON text stands for: null, a bool, an int, a float, a string, an array or a dict. Numbers that \
              no int can hold become floats; of equal keys the last one counts. At most 127 arrays and objects are inside \
              each other.",
        raises: &[Code::R0004, Code::R0020],
        cost: "one unit for each value, and for each 64 bytes",
        example: (
            "data := parse_json('{\"name\": \"Ann\", \"tags\": [1, 2.5, null]}')\nprint(data.name, data.tags)",
            "Ann [1, 2.5, null]",
        ),
        call: Call::Native(parse::parse_json),
        ..Builtin::ROW
    },
    Builtin {
        signature: "to_json(value: any) -> string",
        doc: "A value as JSON in one line. Keys of dicts and fields of structs are sorted; None is null, Some(x) is x; sets, \
              queues, stacks, ranges and bytes are arrays; Ok(x) is {\"Ok\":x}; a variant is its name, or an object of its name \
              and what it carries. NaN, the infinities and functions have no JSON.",
        raises: &[Code::R0004, Code::R0012],
        cost: "one unit for each value, and for each 64 bytes",
        example: ("print(to_json({\"b\": [1, true], \"a\": null}))", "{\"a\":null,\"b\":[1,true]}"),
        call: Call::Native(write::to_json),
        ..Builtin::ROW
    },
    Builtin {
        signature: "to_json_pretty(value: any, indent?: int) -> string",
        doc: "As `to_json`, with a line for each element, indented by so many spaces: 2, or 0 to 16.",
        raises: &[Code::R0004, Code::R0012],
        cost: "one unit for each value, and for each 64 bytes",
        example: ("print(to_json_pretty([1, []]))", "[\n  1,\n  []\n]"),
        call: Call::Native(write::to_json_pretty),
        ..Builtin::ROW
    },
]);

/// How many arrays and objects may be inside each other: what `serde_json` reads.
const MAX_DEPTH: usize = 127;
