//! The printed forms of values: what `print` shows, and what `debug` shows.
//!
//! Bounded: containers deeper than [`MAX_DEPTH`] print as `...`, and the form of a container ends with `...` when it is
//! longer than [`MAX_BYTES`]. A string by itself is printed whole. Written with a worklist, never by recursion; dict keys
//! and struct fields are sorted, so that the same value always prints the same.

use core::cmp::Ordering;
use core::fmt::Write;
use std::sync::Arc;

use remora_bytecode::scalar;

use super::{bulk_units, object};
use crate::fault::Res;
use crate::heap::Heap;
use crate::limits::Charge;
use crate::limits::memory::allocation_failed;
use crate::object::table::Entry;
use crate::object::{Array, ErrorObject, Queue};
use crate::value::{Tag, Value, View};

/// Containers inside more than that many others are not opened.
pub const MAX_DEPTH: usize = 128;
/// The printed form of a container is cut at about that length.
pub const MAX_BYTES: usize = 1 << 20;

/// So many bytes may be printed however little memory is left.
const ALWAYS: usize = 16 << 10;

/// Which of the two forms.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Style {
    /// `[1, a, 2.5]`
    Display,
    /// `Array[Int(1), String("a"), Float(2.5)]`
    Debug,
}

/// Appends what `print` shows of a value.
///
/// # Errors
/// L0001; L0002 for more text than memory has room for, L0009 if the text cannot grow.
pub fn display_to(
    out: &mut String,
    heap: &Heap,
    value: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<()> {
    check_room(out, heap, 0)?;
    match value.tag() {
        Tag::String => {
            let text = heap.str(value).unwrap_or_default();
            charge.charge(bulk_units(text.len()))?;
            check_room(out, heap, text.len())?;
            push(out, text)
        }
        Tag::Int => write_short(out, value.as_int()),
        _ => Printer::new(out, heap, Style::Display).run(value, &mut |units| charge.charge(units)),
    }
}

/// What `print` shows of a value.
///
/// # Errors
/// As [`display_to`].
pub fn display(heap: &Heap, value: Value, charge: &mut (impl Charge + ?Sized)) -> Res<String> {
    let mut out = String::new();
    display_to(&mut out, heap, value, charge)?;
    Ok(out)
}

/// Appends what `debug` shows of a value: kinds named, strings quoted.
///
/// # Errors
/// As [`display_to`].
pub fn debug_to(
    out: &mut String,
    heap: &Heap,
    value: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<()> {
    check_room(out, heap, 0)?;
    Printer::new(out, heap, Style::Debug).run(value, &mut |units| charge.charge(units))
}

/// Text on its way is not on the heap's book, and may become a string: so of what the limit leaves, it may take a half.
/// Some is always left, to say what is wrong.
fn check_room(out: &str, heap: &Heap, more: usize) -> Res<()> {
    let account = heap.memory().account();
    if out.len().saturating_add(more) > (account.remaining() / 2).max(ALWAYS) {
        return Err(account.exceeded(more));
    }
    Ok(())
}

/// What `debug` shows of a value.
///
/// # Errors
/// As [`display_to`].
pub fn debug(heap: &Heap, value: Value, charge: &mut (impl Charge + ?Sized)) -> Res<String> {
    let mut out = String::new();
    debug_to(&mut out, heap, value, charge)?;
    Ok(out)
}

/// Appends a float: the shortest digits that read back as the same, never an exponent, no fraction if it is whole.
///
/// # Errors
/// L0009.
pub fn float_to(out: &mut String, float: f64) -> Res<()> {
    // `Display` of floats does exactly this; the longest is that of the smallest subnormal.
    reserve(out, 24)?;
    if float.abs() < 1e17 && float.abs() >= 1e-5 || float == 0.0 {
        return write_short(out, float);
    }
    reserve(out, 1100)?;
    write_short(out, float)
}

fn write_short(out: &mut String, value: impl core::fmt::Display) -> Res<()> {
    reserve(out, 24)?;
    // Writing to a string fails only if a `Display` says so; those of numbers do not.
    let _ = write!(out, "{value}");
    Ok(())
}

/// Appends to a text whose size a script decides.
///
/// # Errors
/// L0009.
pub fn push(out: &mut String, text: &str) -> Res<()> {
    reserve(out, text.len())?;
    out.push_str(text);
    Ok(())
}

fn reserve(out: &mut String, bytes: usize) -> Res<()> {
    out.try_reserve(bytes).map_err(|_| allocation_failed(bytes))
}

/// Pays for what is printed. A pointer, so that there is one printer for whoever pays.
type Charging<'c> = &'c mut dyn FnMut(u64) -> Res<()>;

/// What is still to be written; the last comes first.
enum Work<'h> {
    Value(Value),
    /// The end of a container.
    Close(&'static str),
    Array(&'h Array, usize),
    Queue(&'h Queue, usize),
    Values(&'h [Value], usize),
    Entries(Vec<Entry<Value>>, usize),
    /// Named values: names, their order, values.
    Fields(&'h [Arc<str>], &'h [u32], &'h [Value], usize),
    Error(&'h ErrorObject, usize),
}

struct Printer<'h, 'o> {
    out: &'o mut String,
    heap: &'h Heap,
    style: Style,
    work: Vec<Work<'h>>,
    depth: usize,
    /// The length at which the text is cut.
    end: usize,
}

impl<'h, 'o> Printer<'h, 'o> {
    fn new(out: &'o mut String, heap: &'h Heap, style: Style) -> Self {
        let end = out.len().saturating_add(MAX_BYTES);
        Self { out, heap, style, work: Vec::new(), depth: 0, end }
    }

    fn run(&mut self, value: Value, charge: Charging<'_>) -> Res<()> {
        self.later(Work::Value(value))?;
        while let Some(work) = self.work.pop() {
            if self.out.len() > self.end {
                break;
            }
            match work {
                Work::Value(value) => {
                    charge(1)?;
                    self.open(value, charge)?;
                }
                Work::Close(end) => {
                    self.depth -= 1;
                    push(self.out, end)?;
                }
                unfinished => self.step(unfinished)?,
            }
        }
        self.cut()
    }

    /// Cuts what has become too long.
    fn cut(&mut self) -> Res<()> {
        if self.out.len() <= self.end {
            return Ok(());
        }
        self.out.truncate(self.out.floor_char_boundary(self.end));
        push(self.out, "...")
    }

    fn later(&mut self, work: Work<'h>) -> Res<()> {
        self.work.try_reserve(1).map_err(|_| allocation_failed(size_of::<Work<'_>>()))?;
        self.work.push(work);
        Ok(())
    }

    /// Writes the next element of a container, or nothing if it has no more.
    fn step(&mut self, work: Work<'h>) -> Res<()> {
        let (at, next, rest) = match work {
            Work::Array(array, at) => (at, array.get(at), Work::Array(array, at + 1)),
            Work::Queue(queue, at) => (at, queue.get(at), Work::Queue(queue, at + 1)),
            Work::Values(values, at) => (at, values.get(at).copied(), Work::Values(values, at + 1)),
            Work::Entries(entries, at) => {
                let Some(entry) = entries.get(at).copied() else { return Ok(()) };
                self.comma(at)?;
                self.key(entry.key)?;
                push(self.out, ": ")?;
                self.later(Work::Entries(entries, at + 1))?;
                return self.later(Work::Value(entry.value));
            }
            Work::Fields(names, order, values, at) => {
                let place = order.get(at).and_then(|&place| usize::try_from(place).ok());
                let Some(place) = place else { return Ok(()) };
                self.comma(at)?;
                push(self.out, names.get(place).map_or("?", |name| name))?;
                push(self.out, ": ")?;
                self.later(Work::Fields(names, order, values, at + 1))?;
                return self.later(Work::Value(values.get(place).copied().unwrap_or_default()));
            }
            Work::Error(error, at) => return self.error(error, at),
            Work::Value(_) | Work::Close(_) => return Ok(()),
        };
        let Some(next) = next else { return Ok(()) };
        self.comma(at)?;
        self.later(rest)?;
        self.later(Work::Value(next))
    }

    fn error(&mut self, error: &'h ErrorObject, at: usize) -> Res<()> {
        let (label, value) = match at {
            0 => ("line: ", Value::int(i64::from(error.line))),
            1 => (", message: ", error.message()),
            2 => (", stack: ", error.stack()),
            _ => return Ok(()),
        };
        push(self.out, label)?;
        self.later(Work::Error(error, at + 1))?;
        self.later(Work::Value(value))
    }

    fn comma(&mut self, at: usize) -> Res<()> {
        if at > 0 { push(self.out, ", ") } else { Ok(()) }
    }

    /// Writes a leaf, or begins with a container.
    fn open(&mut self, value: Value, charge: Charging<'_>) -> Res<()> {
        let heap = self.heap;
        let types = heap.types();
        match heap.view(value) {
            View::Null => self.plain("null", "Null"),
            View::None => self.plain("None", "None"),
            View::Bool(it) => {
                self.number("Bool", |out| push(out, if it { "true" } else { "false" }))
            }
            View::Int(it) => self.number("Int", |out| write_short(out, it)),
            View::Float(it) => self.number("Float", |out| float_to(out, it)),
            View::String(it) => {
                charge(bulk_units(it.as_str().len()))?;
                self.string(it.as_str())
            }
            View::Function(id) => {
                let before = if types.is_prelude(id) { "<native function: " } else { "<function " };
                self.name(before, types.function_name(id), ">")
            }
            View::Closure(it) => self.name("<function ", types.function_name(it.function), ">"),
            View::Generator(id) => self.name("<generator ", types.function_name(id), ">"),
            View::Iterator => push(self.out, "<iterator>"),
            View::Task => push(self.out, "<task>"),
            View::Promise(id) => self.name("<promise ", types.function_name(id), ">"),
            View::Channel => push(self.out, "<channel>"),
            View::Object(it) => {
                let text = object::display(heap, it)?;
                charge(bulk_units(text.len()))?;
                push(self.out, &text)
            }
            View::Builtin(id) => self.name("<native function: ", types.builtin_name(id), ">"),
            View::Type(id) => {
                let is_struct = types.structure(id).is_some();
                let before = if is_struct { "<struct " } else { "<enum " };
                self.name(before, types.type_name(id), ">")
            }
            View::Range(range) => {
                reserve(self.out, 80)?;
                let _ = write!(self.out, "{range}");
                Ok(())
            }
            View::Cell(inner) => self.later(Work::Value(inner)),
            _ if self.depth >= MAX_DEPTH => push(self.out, "..."),
            View::Bytes(bytes) => self.bytes(bytes, charge),
            View::Array(it) if it.is_packed() => self.packed(it, charge),
            View::Array(it) => self.begin("[", "Array[", "]", Work::Array(it, 0)),
            View::Set(it) => {
                charge(it.len() as u64)?;
                let entries = it.iter().map(|it| Entry { key: it.key, value: Value::NULL });
                let keys = sorted_entries(heap, entries, it.len())?;
                self.set(&keys)
            }
            View::Queue(it) => self.begin("Queue [", "Queue[", "]", Work::Queue(it, 0)),
            View::Stack(it) => self.begin("Stack [", "Stack[", "]", Work::Values(it, 0)),
            View::Dict(it) => {
                charge(it.len() as u64)?;
                let entries = sorted_entries(heap, it.iter(), it.len())?;
                self.begin("{", "Dict{", "}", Work::Entries(entries, 0))
            }
            View::Struct(it) => {
                push(self.out, types.type_name(it.ty))?;
                let shape = types.structure(it.ty);
                let (names, order) =
                    shape.map_or((&[][..], &[][..]), |it| (&it.fields, &it.sorted));
                self.begin(" { ", " { ", " }", Work::Fields(names, order, it.fields, 0))
            }
            View::Variant(it) => {
                push(self.out, types.type_name(it.ty))?;
                push(self.out, "::")?;
                let Some((_, shape)) = types.variant(it.ty, it.variant) else { return Ok(()) };
                push(self.out, &shape.name)?;
                match &shape.fields {
                    Some(names) => {
                        let fields = Work::Fields(names, &shape.sorted, it.payload, 0);
                        self.begin(" { ", " { ", " }", fields)
                    }
                    None if it.payload.is_empty() => Ok(()),
                    None => self.begin("(", "(", ")", Work::Values(it.payload, 0)),
                }
            }
            View::Ok(inner) => self.begin("Ok(", "Ok(", ")", Work::Value(inner)),
            View::Err(inner) => self.begin("Err(", "Err(", ")", Work::Value(inner)),
            View::Some(inner) => self.begin("Some(", "Some(", ")", Work::Value(inner)),
            View::Error(it) => self.begin("Error { ", "Error { ", " }", Work::Error(it, 0)),
        }
    }

    /// An array of numbers or bools: no container inside, so no worklist.
    fn packed(&mut self, array: &Array, charge: Charging<'_>) -> Res<()> {
        self.plain("[", "Array[")?;
        for (at, item) in array.iter().enumerate() {
            if self.out.len() > self.end {
                break;
            }
            charge(1)?;
            self.comma(at)?;
            self.open(item, charge)?;
        }
        push(self.out, "]")
    }

    fn begin(
        &mut self,
        display: &str,
        debug: &str,
        close: &'static str,
        inside: Work<'h>,
    ) -> Res<()> {
        push(self.out, if self.style == Style::Debug { debug } else { display })?;
        self.depth += 1;
        self.later(Work::Close(close))?;
        self.later(inside)
    }

    fn plain(&mut self, display: &str, debug: &str) -> Res<()> {
        push(self.out, if self.style == Style::Debug { debug } else { display })
    }

    fn number(&mut self, kind: &str, write: impl FnOnce(&mut String) -> Res<()>) -> Res<()> {
        if self.style == Style::Display {
            return write(self.out);
        }
        push(self.out, kind)?;
        push(self.out, "(")?;
        write(self.out)?;
        push(self.out, ")")
    }

    fn name(&mut self, before: &str, name: &str, after: &str) -> Res<()> {
        push(self.out, before)?;
        push(self.out, name)?;
        push(self.out, after)
    }

    /// A string inside something, or quoted; no more of it than the cut will leave.
    fn string(&mut self, text: &str) -> Res<()> {
        let room = self.end.saturating_sub(self.out.len()).saturating_add(1);
        let shown = &text[..text.floor_char_boundary(room)];
        if self.style == Style::Display {
            return push(self.out, shown);
        }
        self.name("String(", "", "")?;
        self.quoted(shown)?;
        push(self.out, ")")
    }

    fn quoted(&mut self, text: &str) -> Res<()> {
        push(self.out, "\"")?;
        for char in text.chars() {
            match char {
                '"' => push(self.out, "\\\"")?,
                '\\' => push(self.out, "\\\\")?,
                '\n' => push(self.out, "\\n")?,
                '\t' => push(self.out, "\\t")?,
                '\r' => push(self.out, "\\r")?,
                '\0' => push(self.out, "\\0")?,
                control if control.is_control() => {
                    reserve(self.out, 12)?;
                    let _ = write!(self.out, "\\u{{{:x}}}", u32::from(control));
                }
                other => push(self.out, other.encode_utf8(&mut [0; 4]))?,
            }
        }
        push(self.out, "\"")
    }

    /// A key of a dict: strings in quotes, other kinds as they are; `debug` shows strings bare.
    fn key(&mut self, key: Value) -> Res<()> {
        match self.heap.view(key) {
            View::String(text) if self.style == Style::Display => {
                self.name("\"", text.as_str(), "\"")
            }
            View::String(text) => push(self.out, text.as_str()),
            View::Int(it) => write_short(self.out, it),
            View::Float(it) => float_to(self.out, it),
            View::Bool(it) => push(self.out, if it { "true" } else { "false" }),
            _ => push(self.out, "?"),
        }
    }

    fn set(&mut self, keys: &[Entry<Value>]) -> Res<()> {
        push(self.out, if self.style == Style::Debug { "Set{" } else { "Set {" })?;
        for (at, entry) in keys.iter().enumerate() {
            if self.out.len() > self.end {
                break;
            }
            self.comma(at)?;
            match (self.style, self.heap.str(entry.key)) {
                (Style::Display, Some(text)) => push(self.out, text)?,
                (Style::Debug, Some(text)) => self.string(text)?,
                (_, None) => self.key(entry.key)?,
            }
        }
        push(self.out, "}")
    }

    fn bytes(&mut self, bytes: &[u8], charge: Charging<'_>) -> Res<()> {
        let room = self.end.saturating_sub(self.out.len());
        charge(bulk_units(bytes.len().min(room)))?;
        push(self.out, "bytes [")?;
        for (at, byte) in bytes.iter().enumerate() {
            if self.out.len() > self.end {
                break;
            }
            self.comma(at)?;
            write_short(self.out, byte)?;
        }
        push(self.out, "]")
    }
}

/// Entries in the order in which keys are printed and listed.
///
/// # Errors
/// L0009.
pub fn sorted_entries(
    heap: &Heap,
    entries: impl Iterator<Item = Entry<Value>>,
    len: usize,
) -> Res<Vec<Entry<Value>>> {
    let mut sorted = Vec::new();
    let bytes = len.saturating_mul(size_of::<Entry<Value>>());
    sorted.try_reserve_exact(len).map_err(|_| allocation_failed(bytes))?;
    sorted.extend(entries.take(len));
    sorted.sort_unstable_by(|a, b| key_order(heap, a.key, b.key));
    Ok(sorted)
}

/// The order in which keys are printed: ints and floats by value, then strings by code point, then bools.
#[must_use]
#[inline(never)]
pub fn key_order(heap: &Heap, a: Value, b: Value) -> Ordering {
    let rank = |it: Value| match it.tag() {
        Tag::Int | Tag::Float => 0,
        Tag::String => 1,
        Tag::Bool => 2,
        _ => 3,
    };
    match (a.tag(), b.tag()) {
        (Tag::String, Tag::String) => heap.str(a).cmp(&heap.str(b)),
        (Tag::Bool, Tag::Bool) => a.as_bool().cmp(&b.as_bool()),
        _ => match (a.to_scalar(), b.to_scalar()) {
            (Some(a), Some(b)) => scalar::order(a, b).unwrap_or(Ordering::Equal),
            _ => rank(a).cmp(&rank(b)),
        },
    }
}
