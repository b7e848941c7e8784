//! From values to JSON text, with a worklist instead of recursion.
//!
//! The text grows outside the heap, but never past the room that the heap has left: the result must fit there anyway.

use core::fmt::Write;
use std::sync::Arc;

use remora_diagnostics::Code;
use remora_vm::heap::Heap;
use remora_vm::host::{Args, HostCx};
use remora_vm::limits::Charge;
use remora_vm::limits::fuel::Fuel;
use remora_vm::object::table::Entry;
use remora_vm::object::{Array, Queue, Range};
use remora_vm::ops::print;
use remora_vm::value::{Value, View};
use remora_vm::{Fault, Res};

use super::MAX_DEPTH;
use crate::arg;

pub(super) fn to_json(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    write(cx, args.peek(0), None)
}

pub(super) fn to_json_pretty(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let indent = match arg::given(&args, 1) {
        None => 2,
        Some(value) => value.to_int().ok_or_else(|| arg::wrong(cx, 1, "an int", value))?,
    };
    match usize::try_from(indent) {
        Ok(indent) if indent <= 16 => write(cx, args.peek(0), Some(indent)),
        _ => Err(arg::invalid(cx, format_args!("an indent from 0 to 16, got {indent}"))),
    }
}

fn write(cx: &mut HostCx<'_>, value: Value, indent: Option<usize>) -> Res<Value> {
    let room = cx.heap.memory_mut().account().remaining();
    let name = cx.name();
    let mut writer = Writer {
        heap: cx.heap,
        fuel: cx.fuel,
        name,
        out: String::new(),
        room,
        indent,
        work: Vec::new(),
    };
    writer.run(value)?;
    let text = writer.out;
    cx.charge(text.len() as u64 / 64)?;
    cx.heap.new_string(&text)
}

/// A container that has been opened, and how much of it is written.
enum Open<'h> {
    Array(&'h Array, usize),
    Queue(&'h Queue, usize),
    Values(&'h [Value], usize),
    Bytes(&'h [u8], usize),
    Range(Range, u64),
    /// Sorted members of a set.
    Members(Vec<Entry<Value>>, usize),
    /// Sorted entries of a dict.
    Entries(Vec<Entry<Value>>, usize),
    /// Names, their order, values.
    Fields(&'h [Arc<str>], &'h [u32], &'h [Value], usize),
    /// What is still to be written under a name.
    One(&'h str, Option<Inner<'h>>),
}

/// What is under the name of a variant.
#[derive(Clone, Copy)]
enum Inner<'h> {
    Value(Value),
    Values(&'h [Value]),
    Fields(&'h [Arc<str>], &'h [u32], &'h [Value]),
}

impl Open<'_> {
    const fn brackets(&self) -> (char, char) {
        match self {
            Self::Entries(..) | Self::Fields(..) | Self::One(..) => ('{', '}'),
            _ => ('[', ']'),
        }
    }

    /// Whether nothing has been written into it.
    const fn is_fresh(&self) -> bool {
        match self {
            Self::Array(_, at)
            | Self::Queue(_, at)
            | Self::Values(_, at)
            | Self::Bytes(_, at)
            | Self::Members(_, at)
            | Self::Entries(_, at)
            | Self::Fields(_, _, _, at) => *at == 0,
            Self::Range(_, at) => *at == 0,
            Self::One(_, inner) => inner.is_some(),
        }
    }
}

struct Writer<'h, 'f> {
    heap: &'h Heap,
    fuel: &'f mut Fuel,
    /// Of the builtin, for messages.
    name: &'f str,
    out: String,
    /// How many bytes may still be used.
    room: usize,
    indent: Option<usize>,
    work: Vec<Open<'h>>,
}

impl<'h> Writer<'h, '_> {
    fn run(&mut self, value: Value) -> Res<()> {
        self.value(value)?;
        while let Some(mut open) = self.work.pop() {
            match self.next(&mut open)? {
                None => {
                    if !open.is_fresh() {
                        self.new_line()?;
                    }
                    self.push_char(open.brackets().1)?;
                }
                Some(next) => {
                    self.work.push(open);
                    match next {
                        Inner::Value(value) => self.value(value)?,
                        Inner::Values(values) => self.open(Open::Values(values, 0))?,
                        Inner::Fields(names, order, values) => {
                            self.open(Open::Fields(names, order, values, 0))?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// What comes next in a container, after the comma and the name before it.
    fn next(&mut self, open: &mut Open<'h>) -> Res<Option<Inner<'h>>> {
        let is_fresh = open.is_fresh();
        let mut name = None;
        let next = match open {
            Open::Array(array, at) => step(at, |at| array.get(at)),
            Open::Queue(queue, at) => step(at, |at| queue.get(at)),
            Open::Values(values, at) => step(at, |at| values.get(at).copied()),
            Open::Bytes(bytes, at) => {
                step(at, |at| bytes.get(at).map(|it| Value::int(i64::from(*it))))
            }
            Open::Members(members, at) => step(at, |at| members.get(at).map(|it| it.key)),
            Open::Range(range, at) => {
                let int = range.get(*at).map(Value::int);
                *at += u64::from(int.is_some());
                int
            }
            Open::Entries(entries, at) => step(at, |at| {
                let entry = entries.get(at)?;
                name = Some(Name::Key(entry.key));
                Some(entry.value)
            }),
            Open::Fields(names, order, values, at) => step(at, |at| {
                let slot = usize::try_from(*order.get(at)?).ok()?;
                name = Some(Name::Text(names.get(slot)?));
                values.get(slot).copied()
            }),
            Open::One(label, inner) => {
                let Some(inner) = inner.take() else { return Ok(None) };
                self.separate(true)?;
                self.name(Name::Text(label))?;
                return Ok(Some(inner));
            }
        };
        let Some(next) = next else { return Ok(None) };
        self.separate(is_fresh)?;
        if let Some(name) = name {
            self.name(name)?;
        }
        Ok(Some(Inner::Value(next)))
    }

    /// Writes a value, or the beginning of one.
    fn value(&mut self, value: Value) -> Res<()> {
        let mut value = value;
        self.fuel.charge(1)?;
        while let View::Some(inner) = self.heap.view(value) {
            self.fuel.charge(1)?;
            value = inner;
        }
        let heap = self.heap;
        match heap.view(value) {
            View::Null | View::None => self.push("null"),
            View::Bool(bool) => self.push(if bool { "true" } else { "false" }),
            View::Int(int) => self.push_shown(int),
            View::Float(float) if float.is_finite() => self.float(float),
            View::Float(float) => {
                let message = format!("{} expects finite numbers, got {float}", self.name);
                Err(Fault::new(Code::R0012, message))
            }
            View::String(text) => self.text(text.as_str()),
            View::Array(array) => self.open(Open::Array(array, 0)),
            View::Queue(queue) => self.open(Open::Queue(queue, 0)),
            View::Stack(values) => self.open(Open::Values(values, 0)),
            View::Bytes(bytes) => self.open(Open::Bytes(bytes, 0)),
            View::Range(range) => self.open(Open::Range(range, 0)),
            View::Set(set) => {
                let members = set.iter().map(|it| Entry { key: it.key, value: it.key });
                let sorted = self.sorted(members, set.len())?;
                self.open(Open::Members(sorted, 0))
            }
            View::Dict(dict) => {
                let sorted = self.sorted(dict.iter(), dict.len())?;
                self.open(Open::Entries(sorted, 0))
            }
            View::Struct(it) => {
                let shape = heap.types().structure(it.ty);
                let (names, order) =
                    shape.map_or((&[][..], &[][..]), |it| (&it.fields, &it.sorted));
                self.open(Open::Fields(names, order, it.fields, 0))
            }
            View::Variant(it) => {
                let Some((_, shape)) = heap.types().variant(it.ty, it.variant) else {
                    return self.push("null");
                };
                let inner = match (&shape.fields, it.payload) {
                    (Some(names), payload) => Inner::Fields(names, &shape.sorted, payload),
                    (None, []) => return self.text(&shape.name),
                    (None, [one]) => Inner::Value(*one),
                    (None, several) => Inner::Values(several),
                };
                self.open(Open::One(&shape.name, Some(inner)))
            }
            View::Ok(inner) => self.open(Open::One("Ok", Some(Inner::Value(inner)))),
            View::Err(inner) => self.open(Open::One("Err", Some(Inner::Value(inner)))),
            _ => {
                let got = value.type_name();
                let message = format!("{} expects values that JSON has, got {got}", self.name);
                Err(Fault::new(Code::R0004, message))
            }
        }
    }

    fn sorted(
        &mut self,
        entries: impl Iterator<Item = Entry<Value>>,
        n: usize,
    ) -> Res<Vec<Entry<Value>>> {
        self.fuel.charge(n as u64)?;
        // Never given back: they are there while most of the text is written.
        self.spend(n.saturating_mul(size_of::<Entry<Value>>()))?;
        print::sorted_entries(self.heap, entries, n)
    }

    fn open(&mut self, open: Open<'h>) -> Res<()> {
        if self.work.len() >= MAX_DEPTH {
            let message =
                format!("{} expects at most {MAX_DEPTH} values inside each other", self.name);
            return Err(Fault::new(Code::R0012, message));
        }
        self.push_char(open.brackets().0)?;
        self.work.push(open);
        Ok(())
    }

    /// What is between two elements, or before the first.
    fn separate(&mut self, is_first: bool) -> Res<()> {
        if !is_first {
            self.push_char(',')?;
        }
        // The container itself has been taken off the worklist.
        self.line(self.work.len() + 1)
    }

    fn new_line(&mut self) -> Res<()> {
        self.line(self.work.len())
    }

    fn line(&mut self, depth: usize) -> Res<()> {
        let Some(indent) = self.indent else { return Ok(()) };
        self.push_char('\n')?;
        let n = depth * indent;
        self.spend(n)?;
        self.out.extend(core::iter::repeat_n(' ', n));
        Ok(())
    }

    fn name(&mut self, name: Name<'_>) -> Res<()> {
        match name {
            Name::Text(text) => self.text(text)?,
            Name::Key(key) => match self.heap.str(key) {
                Some(text) => self.text(text)?,
                None => {
                    let shown = print::display(self.heap, key, self.fuel)?;
                    self.text(&shown)?;
                }
            },
        }
        self.push(if self.indent.is_some() { ": " } else { ":" })
    }

    fn float(&mut self, float: f64) -> Res<()> {
        let before = self.out.len();
        print::float_to(&mut self.out, float)?;
        self.spend(self.out.len() - before)
    }

    fn push_shown(&mut self, int: i64) -> Res<()> {
        let before = self.out.len();
        // Writing to a string cannot fail.
        let _ = write!(self.out, "{int}");
        self.spend(self.out.len() - before)
    }

    /// A text in quotes.
    fn text(&mut self, text: &str) -> Res<()> {
        self.fuel.charge(text.len() as u64 / 64)?;
        self.push_char('"')?;
        let mut rest = text;
        while let Some(at) = rest.find(|it: char| it < ' ' || it == '"' || it == '\\') {
            let (plain, escaped) = rest.split_at(at);
            self.push(plain)?;
            // What was found is one byte long.
            let (escaped, after) = escaped.split_at(1);
            match escaped {
                "\"" => self.push("\\\"")?,
                "\\" => self.push("\\\\")?,
                "\n" => self.push("\\n")?,
                "\r" => self.push("\\r")?,
                "\t" => self.push("\\t")?,
                "\u{8}" => self.push("\\b")?,
                "\u{c}" => self.push("\\f")?,
                control => {
                    let byte = control.bytes().next().unwrap_or(0);
                    self.push(&format!("\\u{byte:04x}"))?;
                }
            }
            rest = after;
        }
        self.push(rest)?;
        self.push_char('"')
    }

    fn push_char(&mut self, char: char) -> Res<()> {
        self.push(char.encode_utf8(&mut [0; 4]))
    }

    fn push(&mut self, text: &str) -> Res<()> {
        self.spend(text.len())?;
        print::push(&mut self.out, text)
    }

    fn spend(&mut self, bytes: usize) -> Res<()> {
        let Some(left) = self.room.checked_sub(bytes) else {
            return Err(Fault::new(Code::L0002, "Memory limit reached"));
        };
        self.room = left;
        Ok(())
    }
}

/// What stands before a value in an object.
enum Name<'n> {
    Key(Value),
    Text(&'n str),
}

/// The value at a position, which moves on.
fn step(at: &mut usize, value: impl FnOnce(usize) -> Option<Value>) -> Option<Value> {
    let value = value(*at);
    if value.is_some() {
        *at += 1;
    }
    value
}
