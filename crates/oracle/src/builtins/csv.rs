//! CSV, read and written by the library.

use ::csv::{ReaderBuilder, WriterBuilder};
use remora_diagnostics::Code;

use super::input::Read;
use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::print;
use crate::stop::{Eval, Raise};
use crate::value::{Dict, Key, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("parse_csv", 1, 2, |cx, input| {
        let len = cx.arg(&input, input.text(0))?.len();
        cx.charge(input.span, len / 16)?;
        cx.arg(&input, parse(&input))
    }),
    function("to_csv", 1, 2, |cx: &mut Interp<'_, '_>, input| -> Eval<'_> {
        cx.arg(&input, to_csv(&input))
    }),
];

/// Whether there is a line of names, and what stands between fields.
fn form(input: &Input<'_>) -> Read<(bool, u8)> {
    let (mut header, mut delimiter) = (true, b',');
    if !input.is_given(1) {
        return Ok((header, delimiter));
    }
    for (key, value) in input.dict(1)?.iter() {
        match (key, value) {
            (Key::Str(name), Value::Bool(it)) if &**name == "header" => header = *it,
            (Key::Str(name), Value::Str(text)) if &**name == "delimiter" => {
                delimiter = match text.as_bytes() {
                    [byte] if byte.is_ascii() && !b"\"\r\n".contains(byte) => *byte,
                    _ => return Err(input.invalid("one ASCII character as delimiter")),
                };
            }
            _ => return Err(input.invalid("header (a bool) and delimiter (a string) as options")),
        }
    }
    Ok((header, delimiter))
}

fn parse<'p>(input: &Input<'p>) -> Read<Value<'p>> {
    let text = input.text(0)?;
    let (header, delimiter) = form(input)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(!header)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut names: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let why = error.to_string();
            let why = why.strip_prefix("CSV error: ").unwrap_or(&why);
            Raise::new(Code::R0020, format!("Cannot parse text as CSV: {why}"))
        })?;
        match &names {
            None if header => names = Some(record.iter().map(str::to_owned).collect()),
            None => rows.push(Value::array(record.iter().map(Value::str).collect())),
            Some(names) => {
                let mut dict = Dict::default();
                for (name, field) in names.iter().zip(&record) {
                    dict.insert(Key::str(name), Value::str(field));
                }
                rows.push(Value::dict(dict));
            }
        }
    }
    Ok(Value::array(rows))
}

fn to_csv<'p>(input: &Input<'p>) -> Read<Value<'p>> {
    let (header, delimiter) = form(input)?;
    let rows = input.array(0)?;
    let mut lines: Vec<Vec<String>> = Vec::new();
    let mut columns: Vec<Key> = Vec::new();
    for (at, row) in rows.0.iter().enumerate() {
        match row {
            Value::Array(fields) => lines.push(fields.0.iter().map(shown).collect()),
            Value::Dict(dict) => {
                if columns.is_empty() {
                    columns = dict.iter().map(|it| it.0.clone()).collect();
                    if header {
                        lines.push(columns.iter().map(|it| shown(&it.value())).collect());
                    }
                }
                let fields = columns.iter().map(|it| dict.find(it).map_or(String::new(), shown));
                lines.push(fields.collect());
                if dict.iter().any(|it| !columns.contains(it.0)) {
                    let row = at + 1;
                    return Err(input.invalid(format_args!(
                        "rows with the keys of the first, row {row} has others"
                    )));
                }
            }
            other => {
                let (name, got) = (input.name, other.type_name());
                let message = format!("{name} expects dicts or arrays as rows, got {got}");
                return Err(Raise::new(Code::R0004, message));
            }
        }
    }
    written(&lines, delimiter)
        .map(Value::str)
        .map_err(|why| Raise::new(Code::L0009, format!("Cannot write CSV: {why}")))
}

fn shown(value: &Value<'_>) -> String {
    if let Value::Null = value { String::new() } else { print::display(value) }
}

fn written(lines: &[Vec<String>], delimiter: u8) -> Result<String, String> {
    let mut writer =
        WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(Vec::new());
    for line in lines {
        // A row without fields is one with an empty one.
        let written =
            if line.is_empty() { writer.write_record([""]) } else { writer.write_record(line) };
        written.map_err(|it| it.to_string())?;
    }
    let bytes = writer.into_inner().map_err(|it| it.to_string())?;
    String::from_utf8(bytes).map_err(|it| it.to_string())
}
