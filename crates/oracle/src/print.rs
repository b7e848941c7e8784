//! The printed forms of values: what `print` shows and what `debug` shows.
//!
//! Bounded, so recursion is too: containers inside [`MAX_DEPTH`] others print as `...`, and the form of a container is cut
//! at [`MAX_BYTES`]. Keys of dicts and fields of structs are listed sorted.

use std::fmt::Write as _;

use crate::value::{EnumValue, Key, Payload, Value};

/// How many containers are shown inside each other.
const MAX_DEPTH: usize = 128;
/// At what length the form of a container is cut.
const MAX_BYTES: usize = 1 << 20;

/// What `print` shows.
pub(crate) fn display(value: &Value<'_>) -> String {
    if let Value::Str(text) = value {
        return text.to_string();
    }
    Printer::print(value, Style::Display)
}

/// What `debug` shows: kinds named, strings quoted.
pub(crate) fn debug(value: &Value<'_>) -> String {
    Printer::print(value, Style::Debug)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Display,
    Debug,
}

struct Printer {
    out: String,
    style: Style,
    depth: usize,
}

impl Printer {
    fn print(value: &Value<'_>, style: Style) -> String {
        let mut printer = Self { out: String::new(), style, depth: 0 };
        printer.value(value);
        let mut out = printer.out;
        if out.len() > MAX_BYTES {
            out.truncate(out.floor_char_boundary(MAX_BYTES));
            out.push_str("...");
        }
        out
    }

    fn is_full(&self) -> bool {
        self.out.len() > MAX_BYTES
    }

    /// The text for one style or the other.
    fn put(&mut self, display: &str, debug: &str) {
        self.out.push_str(if self.style == Style::Debug { debug } else { display });
    }

    /// `42`, or `Int(42)`.
    fn tagged(&mut self, tag: &str, text: impl std::fmt::Display) {
        // Writing to a string cannot fail.
        let _ = match self.style {
            Style::Display => write!(self.out, "{text}"),
            Style::Debug => write!(self.out, "{tag}({text})"),
        };
    }

    fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Null => self.put("null", "Null"),
            Value::Nothing => self.out.push_str("None"),
            Value::Bool(it) => self.tagged("Bool", it),
            Value::Int(it) => self.tagged("Int", it),
            Value::Float(it) => self.tagged("Float", it),
            Value::Str(text) => match self.style {
                Style::Display => self.out.push_str(text),
                Style::Debug => self.tagged("String", quoted(text)),
            },
            Value::Function(it) => self.named("<function ", it.func.name),
            Value::Builtin(it) => self.named("<native function: ", it.name),
            Value::Foreign(it) => self.named("<native function: ", it.name),
            Value::Object(it) => self.out.push_str(&it.shown()),
            Value::StructType(it) => self.named("<struct ", &it.decl.name.name),
            Value::EnumType(it) => self.named("<enum ", &it.decl.name.name),
            Value::Generator(it) => self.named("<generator ", it.name),
            Value::Iterator(_) => self.out.push_str("<iterator>"),
            Value::Task(it) => match it.promise_of {
                Some(name) => self.named("<promise ", name),
                None => self.out.push_str("<task>"),
            },
            Value::Channel(_) => self.out.push_str("<channel>"),
            Value::Range(it) => {
                let (start, end, step) = (it.start, it.end, it.step);
                let _ = match step {
                    1 => write!(self.out, "{start}..{end}"),
                    _ => write!(self.out, "range({start}, {end}, {step})"),
                };
            }
            _ if self.depth >= MAX_DEPTH => self.out.push_str("..."),
            container => {
                self.depth += 1;
                self.container(container);
                self.depth -= 1;
            }
        }
    }

    fn named(&mut self, before: &str, name: &str) {
        let _ = write!(self.out, "{before}{name}>");
    }

    fn container(&mut self, value: &Value<'_>) {
        match value {
            Value::Bytes(bytes) => {
                self.out.push_str("bytes [");
                self.list(bytes.iter(), |this, byte| {
                    let _ = write!(this.out, "{byte}");
                });
                self.out.push(']');
            }
            Value::Array(items) => {
                self.put("[", "Array[");
                self.list(&items.0, Self::value);
                self.out.push(']');
            }
            Value::Queue(items) => {
                self.put("Queue [", "Queue[");
                self.list(&items.0, Self::value);
                self.out.push(']');
            }
            Value::Stack(items) => {
                self.put("Stack [", "Stack[");
                self.list(&items.0, Self::value);
                self.out.push(']');
            }
            Value::Set(set) => {
                self.put("Set {", "Set{");
                self.list(set.sorted(), |this, (key, _)| this.member(key));
                self.out.push('}');
            }
            Value::Dict(dict) => {
                self.put("{", "Dict{");
                self.list(dict.sorted(), |this, (key, value)| {
                    this.key(key);
                    this.out.push_str(": ");
                    this.value(value);
                });
                self.out.push('}');
            }
            Value::Struct(it) => {
                self.out.push_str(&it.ty.decl.name.name);
                self.fields(it.sorted());
            }
            Value::Enum(it) => self.variant(it),
            Value::Wrapped(wrap, inner) => {
                self.out.push_str(wrap.name());
                self.out.push('(');
                self.value(&inner.0);
                self.out.push(')');
            }
            Value::Error(it) => {
                let stack = Value::array(it.stack.iter().map(|it| Value::str(it.0)).collect());
                let message = Value::Str(it.message.clone());
                self.out.push_str("Error");
                self.fields(vec![
                    ("line", &Value::Int(it.line)),
                    ("message", &message),
                    ("stack", &stack),
                ]);
            }
            _ => {}
        }
    }

    fn variant(&mut self, it: &EnumValue<'_>) {
        let _ = write!(self.out, "{}::{}", it.ty.decl.name.name, it.tag());
        match &it.payload {
            Payload::Tuple(values) if values.is_empty() => {}
            Payload::Tuple(values) => {
                self.out.push('(');
                self.list(values, Self::value);
                self.out.push(')');
            }
            Payload::Struct(fields) => {
                let mut fields: Vec<_> = fields.iter().map(|it| (it.0, &it.1)).collect();
                fields.sort_by_key(|it| it.0);
                self.fields(fields);
            }
        }
    }

    fn fields(&mut self, fields: Vec<(&str, &Value<'_>)>) {
        self.out.push_str(" { ");
        self.list(fields, |this, (name, value)| {
            this.out.push_str(name);
            this.out.push_str(": ");
            this.value(value);
        });
        self.out.push_str(" }");
    }

    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, mut show: impl FnMut(&mut Self, T)) {
        for (nth, item) in items.into_iter().enumerate() {
            if self.is_full() {
                return;
            }
            if nth > 0 {
                self.out.push_str(", ");
            }
            show(self, item);
        }
    }

    /// A key of a dict: `print` quotes strings, `debug` does not.
    fn key(&mut self, key: &Key) {
        let _ = match (key, self.style) {
            (Key::Str(text), Style::Display) => write!(self.out, "\"{text}\""),
            (key, _) => write!(self.out, "{}", display(&key.value())),
        };
    }

    /// A member of a set: only strings are shown as the values they are.
    fn member(&mut self, key: &Key) {
        match key {
            Key::Str(_) => self.value(&key.value()),
            _ => self.key(key),
        }
    }
}

/// A string as it is written in source.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for char in text.chars() {
        match char {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            control if control.is_control() => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(control));
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
