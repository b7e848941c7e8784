//! CSV (RFC 4180) with the crate `csv`: fields in quotes may hold anything, lines may end in either way.

use ::csv::{ReaderBuilder, StringRecord, WriterBuilder};
use remora_diagnostics::Code;
use remora_vm::builtins::{Builtin, Call, Row, rows};
use remora_vm::heap::Heap;
use remora_vm::host::{Args, HostCx};
use remora_vm::limits::Charge;
use remora_vm::ops::print;
use remora_vm::value::{Value, View};
use remora_vm::{Fault, Res};

use crate::{arg, make};

pub(crate) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "parse_csv(text: string, options?: dict) -> array",
        doc: "The rows of a CSV text, each a dict by the names in the first row; all fields are strings. With `{\"header\": false}` \
              every row is an array, and rows may be of different lengths. `{\"delimiter\": \";\"}` is for other separators.",
        raises: &[Code::R0004, Code::R0012, Code::R0020],
        cost: "one unit for each field, and for each 16 bytes",
        example: (
            "print(parse_csv(\"name,age\\nAnn,30\\n\"))\nprint(parse_csv(\"1;2\", {\"header\": false, \"delimiter\": \";\"}))",
            "[{\"age\": 30, \"name\": Ann}]\n[[1, 2]]",
        ),
        call: Call::Native(parse_csv),
        ..Builtin::ROW
    },
    Builtin {
        signature: "to_csv(rows: array, options?: dict) -> string",
        doc: "Rows as CSV. For dicts the first line is the keys of the first row; a key that a later row does not have is an \
              empty field. Arrays are written as they are. Null is an empty field; other values are written as `print` shows \
              them. Options: `{\"header\": false}` leaves the line of keys out, `{\"delimiter\": \";\"}` separates with something else.",
        raises: &[Code::R0004, Code::R0012],
        cost: "one unit for each field, and for each 64 bytes",
        example: (
            "print(to_csv([{\"name\": \"Ann\", \"note\": \"a, b\"}]))",
            "name,note\nAnn,\"a, b\"",
        ),
        call: Call::Native(to_csv),
        ..Builtin::ROW
    },
]);

/// How a CSV text is written.
#[derive(Clone, Copy)]
struct Form {
    header: bool,
    delimiter: u8,
}

fn form(cx: &HostCx<'_>, args: &Args<'_>) -> Res<Form> {
    let mut form = Form { header: true, delimiter: b',' };
    let Some(value) = arg::given(args, 1) else { return Ok(form) };
    let Some(options) = cx.heap.dict(value) else { return Err(arg::wrong(cx, 1, "a dict", value)) };
    for option in options.iter() {
        match (cx.heap.str(option.key), cx.heap.view(option.value)) {
            (Some("header"), View::Bool(header)) => form.header = header,
            (Some("delimiter"), View::String(text)) => match text.as_str().as_bytes() {
                [byte] if byte.is_ascii() && !b"\"\r\n".contains(byte) => form.delimiter = *byte,
                _ => return Err(arg::invalid(cx, "one ASCII character as delimiter")),
            },
            _ => {
                return Err(arg::invalid(
                    cx,
                    "header (a bool) and delimiter (a string) as options",
                ));
            }
        }
    }
    Ok(form)
}

fn parse_csv(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let len = cx.heap.str(args.peek(0)).map_or(0, str::len);
    cx.charge(len as u64 / 16)?;
    // A copy of the text, and as much for one record and where its fields end.
    make::booked(cx, len.saturating_mul(3), |cx| {
        let text = arg::text(cx, &args, 0)?;
        let form = form(cx, &args)?;
        let names = make::array(cx, |_, _| Ok(()))?;
        let rows = make::array(cx, |cx, rows| read(cx, &text, form, names, rows));
        cx.heap.release(names);
        rows
    })
}

/// Reads all rows into `rows`; those that name the fields, into `names`.
fn read(cx: &mut HostCx<'_>, text: &str, form: Form, names: Value, rows: Value) -> Res<()> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(!form.header)
        .delimiter(form.delimiter)
        .from_reader(text.as_bytes());
    let mut record = StringRecord::new();
    let mut is_first = true;
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(error) => {
                let why = error.to_string();
                let why = why.strip_prefix("CSV error: ").unwrap_or(&why);
                return Err(Fault::new(Code::R0020, format!("Cannot parse text as CSV: {why}")));
            }
        }
        cx.charge(1 + record.len() as u64)?;
        if !form.header || is_first {
            let array = if form.header { names } else { make::array(cx, |_, _| Ok(()))? };
            let filled = record.iter().try_for_each(|field| make::push_text(cx, array, field));
            if form.header {
                filled?;
            } else {
                add(cx, rows, array, filled)?;
            }
        } else {
            let dict = make::dict(cx, |_, _| Ok(()))?;
            let filled = record.iter().enumerate().try_for_each(|(at, field)| {
                let value = cx.heap.new_string(field)?;
                let name = cx.heap.array(names).and_then(|it| it.get(at)).unwrap_or_default();
                cx.heap.retain(name);
                make::put_key(cx, dict, name, value)
            });
            add(cx, rows, dict, filled)?;
        }
        is_first = false;
    }
}

/// Adds a row if it could be filled; takes it over.
fn add(cx: &mut HostCx<'_>, rows: Value, row: Value, filled: Res<()>) -> Res<()> {
    match filled {
        Ok(()) => make::push(cx, rows, row),
        Err(fault) => {
            cx.heap.release(row);
            Err(fault)
        }
    }
}

fn to_csv(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let rows = args.peek(0);
    let form = form(cx, &args)?;
    let room = cx.heap.memory_mut().account().remaining();
    let Some(array) = cx.heap.array(rows) else { return Err(arg::wrong(cx, 0, "an array", rows)) };
    let mut out = Out {
        heap: cx.heap,
        writer: WriterBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(form.delimiter)
            .from_writer(Vec::new()),
        room,
        n_fields: 0,
    };
    let mut columns: Vec<Value> = Vec::new();
    for (at, row) in array.iter().enumerate() {
        match cx.heap.view(row) {
            View::Array(fields) => {
                for field in fields.iter() {
                    out.field(field, cx.fuel)?;
                }
            }
            View::Dict(dict) => {
                if columns.is_empty() {
                    cx.fuel.charge(dict.len() as u64)?;
                    out.spend(dict.len().saturating_mul(size_of::<Value>()))?;
                    columns.extend(dict.keys());
                    if form.header {
                        for column in &columns {
                            out.field(*column, cx.fuel)?;
                        }
                        out.end_row()?;
                    }
                }
                let mut n_found = 0;
                for column in &columns {
                    let field = cx.heap.key(*column).and_then(|key| dict.get(key));
                    n_found += usize::from(field.is_some());
                    out.field(field.unwrap_or_default(), cx.fuel)?;
                }
                if n_found < dict.len() {
                    let row = at + 1;
                    return Err(arg::invalid(
                        cx,
                        format_args!("rows with the keys of the first, row {row} has others"),
                    ));
                }
            }
            _ => {
                let (name, got) = (cx.name(), row.type_name());
                let message = format!("{name} expects dicts or arrays as rows, got {got}");
                return Err(Fault::new(Code::R0004, message));
            }
        }
        out.end_row()?;
    }
    let text = out.writer.into_inner().map_err(|it| failed(it.error()))?;
    let text = String::from_utf8_lossy(&text);
    cx.charge(text.len() as u64 / 64)?;
    cx.heap.new_string(&text)
}

/// The text that is written: outside the heap, but no longer than what fits there.
struct Out<'h> {
    heap: &'h Heap,
    writer: ::csv::Writer<Vec<u8>>,
    room: usize,
    n_fields: usize,
}

impl Out<'_> {
    fn field(&mut self, value: Value, fuel: &mut impl Charge) -> Res<()> {
        fuel.charge(1)?;
        self.n_fields += 1;
        if let Some(text) = self.heap.str(value) {
            fuel.charge(text.len() as u64 / 64)?;
            return self.write(text);
        }
        match value.is_null() {
            true => self.write(""),
            false => {
                let shown = print::display(self.heap, value, fuel)?;
                self.write(&shown)
            }
        }
    }

    fn write(&mut self, text: &str) -> Res<()> {
        // Each quote may be doubled; two around it, and a comma.
        self.spend(text.len().saturating_mul(2).saturating_add(3))?;
        self.writer.write_field(text).map_err(failed)
    }

    fn end_row(&mut self) -> Res<()> {
        self.spend(3)?;
        // A row without fields would not be there.
        if self.n_fields == 0 {
            self.writer.write_field("").map_err(failed)?;
        }
        self.n_fields = 0;
        self.writer.write_record(None::<&[u8]>).map_err(failed)
    }

    fn spend(&mut self, bytes: usize) -> Res<()> {
        let Some(left) = self.room.checked_sub(bytes) else {
            return Err(Fault::new(Code::L0002, "Memory limit reached"));
        };
        self.room = left;
        Ok(())
    }
}

/// Writing into memory does not fail; if it did, it would be for lack of it.
#[cold]
fn failed(error: impl core::fmt::Display) -> Box<Fault> {
    Fault::new(Code::L0009, format!("Cannot write CSV: {error}"))
}
