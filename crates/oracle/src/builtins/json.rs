//! JSON: read by `serde_json` into values, written by hand; both bounded in depth.

use std::fmt::{self, Write as _};
use std::marker::PhantomData;

use remora_diagnostics::Code;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::input::Read;
use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::ops::MAX_SIZE;
use crate::print;
use crate::stop::{Eval, Raise};
use crate::value::{Dict, Key, Payload, Value, Wrap};

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("parse_json", 1, 1, parse_json),
    function("to_json", 1, 1, |cx, input| to_json(cx, &input, None)),
    function("to_json_pretty", 1, 2, |cx, input| {
        let indent = cx.arg(&input, input.int_or(1, 2))?;
        match usize::try_from(indent) {
            Ok(indent) if indent <= 16 => to_json(cx, &input, Some(indent)),
            _ => {
                let raise = input.invalid(format_args!("an indent from 0 to 16, got {indent}"));
                cx.arg(&input, Err(raise))
            }
        }
    }),
];

/// How many arrays and objects are inside each other at most; `serde_json` reads as many.
const MAX_DEPTH: usize = 127;

fn parse_json<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    cx.charge(input.span, text.len() / 64)?;
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let read = Reader(PhantomData).deserialize(&mut deserializer);
    let read = read.and_then(|value| deserializer.end().map(|()| value));
    let read = read
        .map_err(|error| Raise::new(Code::R0020, format!("Cannot parse text as JSON: {error}")));
    cx.arg(&input, read)
}

/// Makes values of what is read.
struct Reader<'p>(PhantomData<Value<'p>>);

impl<'de, 'p> DeserializeSeed<'de> for Reader<'p> {
    type Value = Value<'p>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'p>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, 'p> Visitor<'de> for Reader<'p> {
    type Value = Value<'p>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'p>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<Value<'p>, E> {
        Ok(Value::Bool(bool))
    }

    fn visit_i64<E: Error>(self, int: i64) -> Result<Value<'p>, E> {
        Ok(Value::Int(int))
    }

    fn visit_u64<E: Error>(self, int: u64) -> Result<Value<'p>, E> {
        #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is promised")]
        Ok(i64::try_from(int).map_or(Value::Float(int as f64), Value::Int))
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Value<'p>, E> {
        Ok(Value::Float(float))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'p>, E> {
        Ok(Value::str(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value<'p>, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(Reader(PhantomData))? {
            array.push(item);
        }
        Ok(Value::array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value<'p>, A::Error> {
        let mut dict = Dict::default();
        while let Some(name) = entries.next_key::<String>()? {
            dict.insert(Key::str(&name), entries.next_value_seed(Reader(PhantomData))?);
        }
        Ok(Value::dict(dict))
    }
}

fn to_json<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, indent: Option<usize>) -> Eval<'p> {
    let mut writer = Writer { out: String::new(), indent, depth: 0, input };
    let written = writer.value(input.value(0));
    let out = writer.out;
    if out.len() > MAX_SIZE {
        return cx.fail(input.span, Code::L0002, "Memory limit reached");
    }
    cx.charge(input.span, out.len() / 64)?;
    cx.arg(input, written)?;
    Ok(Value::str(out))
}

struct Writer<'w, 'p> {
    out: String,
    indent: Option<usize>,
    depth: usize,
    input: &'w Input<'p>,
}

impl Writer<'_, '_> {
    fn value(&mut self, value: &Value<'_>) -> Read<()> {
        // Writing to a string cannot fail.
        let _ = match value {
            Value::Null | Value::Nothing => write!(self.out, "null"),
            Value::Bool(it) => write!(self.out, "{it}"),
            Value::Int(it) => write!(self.out, "{it}"),
            Value::Float(it) if it.is_finite() => write!(self.out, "{it}"),
            Value::Float(it) => {
                return Err(self.input.invalid(format_args!("finite numbers, got {it}")));
            }
            Value::Str(text) => {
                self.text(text);
                Ok(())
            }
            Value::Wrapped(Wrap::Some, inner) => {
                let mut inner = &inner.0;
                while let Value::Wrapped(Wrap::Some, deeper) = inner {
                    inner = &deeper.0;
                }
                return self.value(inner);
            }
            Value::Wrapped(wrap, inner) => return self.object([(wrap.name(), &inner.0)]),
            Value::Array(items) | Value::Queue(items) | Value::Stack(items) => {
                return self.list(items.0.iter().cloned());
            }
            Value::Bytes(bytes) => {
                return self.list(bytes.iter().map(|it| Value::Int(i64::from(*it))));
            }
            Value::Range(range) => return self.list((*range).map(Value::Int)),
            Value::Set(set) => return self.list(set.sorted().into_iter().map(|it| it.0.value())),
            Value::Dict(dict) => {
                let entries = dict.sorted().into_iter();
                let entries: Vec<_> =
                    entries.map(|(key, value)| (print::display(&key.value()), value)).collect();
                return self.object(entries.iter().map(|it| (&*it.0, it.1)));
            }
            Value::Struct(it) => return self.object(it.sorted()),
            Value::Enum(it) => match &it.payload {
                Payload::Tuple(values) => match &**values {
                    [] => {
                        self.text(it.tag());
                        Ok(())
                    }
                    [one] => return self.object([(it.tag(), one)]),
                    several => {
                        return self.under(it.tag(), |this| this.list(several.iter().cloned()));
                    }
                },
                Payload::Struct(fields) => {
                    let mut fields: Vec<_> = fields.iter().map(|it| (it.0, &it.1)).collect();
                    fields.sort_by_key(|it| it.0);
                    return self.under(it.tag(), |this| this.object(fields));
                }
            },
            other => {
                let (name, got) = (self.input.name, other.type_name());
                let message = format!("{name} expects values that JSON has, got {got}");
                return Err(Raise::new(Code::R0004, message));
            }
        };
        Ok(())
    }

    fn list<'p>(&mut self, items: impl IntoIterator<Item = Value<'p>>) -> Read<()> {
        self.bracketed('[', ']', items, |this, item| this.value(&item))
    }

    fn object<'v, 'p: 'v>(
        &mut self,
        entries: impl IntoIterator<Item = (&'v str, &'v Value<'p>)>,
    ) -> Read<()> {
        self.bracketed('{', '}', entries, |this, (name, value)| {
            this.label(name);
            this.value(value)
        })
    }

    /// An object of one name.
    fn under(&mut self, name: &str, write: impl FnOnce(&mut Self) -> Read<()>) -> Read<()> {
        self.bracketed('{', '}', [write], |this, write| {
            this.label(name);
            write(this)
        })
    }

    fn label(&mut self, name: &str) {
        self.text(name);
        self.out.push_str(if self.indent.is_some() { ": " } else { ":" });
    }

    fn bracketed<T>(
        &mut self,
        open: char,
        close: char,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Self, T) -> Read<()>,
    ) -> Read<()> {
        if self.depth >= MAX_DEPTH {
            let wanted = format_args!("at most {MAX_DEPTH} values inside each other");
            return Err(self.input.invalid(wanted));
        }
        self.out.push(open);
        self.depth += 1;
        let mut is_first = true;
        for item in items {
            // Beyond that it fails anyway.
            if self.out.len() > MAX_SIZE {
                return Ok(());
            }
            if !is_first {
                self.out.push(',');
            }
            is_first = false;
            self.new_line();
            write(self, item)?;
        }
        self.depth -= 1;
        if !is_first {
            self.new_line();
        }
        self.out.push(close);
        Ok(())
    }

    fn new_line(&mut self) {
        if let Some(indent) = self.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(' ', indent * self.depth));
        }
    }

    fn text(&mut self, text: &str) {
        // `serde_json` cannot fail to quote a string.
        self.out.push_str(&serde_json::Value::from(text).to_string());
    }
}
