//! From JSON text to values, built in the heap while it is read.
//!
//! `serde_json` reads, with its limit on nesting (so its recursion is bounded); the visitor here makes values right away, so
//! that there is never a tree beside them. A limit that is hit ends the reading through an error of the library, and is
//! then reported as itself.

use core::fmt;

use remora_diagnostics::Code;
use remora_vm::host::{Args, HostCx};
use remora_vm::value::Value;
use remora_vm::{Fault, Res};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::{arg, make};

pub(super) fn parse_json(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let len = cx.heap.str(args.peek(0)).map_or(0, str::len);
    cx.charge(len as u64 / 64)?;
    // A copy of the text, and as much for strings with escapes.
    make::booked(cx, len.saturating_mul(2), |cx| {
        let text = arg::text(cx, &args, 0)?;
        read(cx, &text)
    })
}

fn read(cx: &mut HostCx<'_>, text: &str) -> Res<Value> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let mut stopped = None;
    let read = Reader { cx, stopped: &mut stopped }.deserialize(&mut deserializer);
    let error = match read {
        Ok(value) => match deserializer.end() {
            Ok(()) => return Ok(value),
            Err(error) => {
                cx.heap.release(value);
                error
            }
        },
        Err(error) => error,
    };
    Err(stopped
        .unwrap_or_else(|| Fault::new(Code::R0020, format!("Cannot parse text as JSON: {error}"))))
}

/// Makes one value, and those in it.
struct Reader<'r, 'c> {
    cx: &'r mut HostCx<'c>,
    /// The limit that was hit.
    stopped: &'r mut Option<Box<Fault>>,
}

impl<'c> Reader<'_, 'c> {
    fn inner(&mut self) -> Reader<'_, 'c> {
        Reader { cx: self.cx, stopped: self.stopped }
    }

    /// Pays for a value and makes it.
    fn make<E: Error>(
        &mut self,
        make: impl FnOnce(&mut HostCx<'c>) -> Res<Value>,
    ) -> Result<Value, E> {
        self.attempt(|cx| cx.charge(1))?;
        self.attempt(make)
    }

    /// Does something; a limit becomes an error of the library.
    fn attempt<T, E: Error>(
        &mut self,
        work: impl FnOnce(&mut HostCx<'c>) -> Res<T>,
    ) -> Result<T, E> {
        work(self.cx).map_err(|fault| {
            *self.stopped = Some(fault);
            E::custom("stopped")
        })
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(mut self) -> Result<Value, E> {
        self.make(|_| Ok(Value::NULL))
    }

    fn visit_bool<E: Error>(mut self, bool: bool) -> Result<Value, E> {
        self.make(|_| Ok(Value::bool(bool)))
    }

    fn visit_i64<E: Error>(mut self, int: i64) -> Result<Value, E> {
        self.make(|_| Ok(Value::int(int)))
    }

    fn visit_u64<E: Error>(mut self, int: u64) -> Result<Value, E> {
        #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is promised")]
        self.make(|_| Ok(i64::try_from(int).map_or(Value::float(int as f64), Value::int)))
    }

    fn visit_f64<E: Error>(mut self, float: f64) -> Result<Value, E> {
        self.make(|_| Ok(Value::float(float)))
    }

    fn visit_str<E: Error>(mut self, text: &str) -> Result<Value, E> {
        self.make(|cx| cx.heap.new_string(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut items: A) -> Result<Value, A::Error> {
        let array = self.make(|cx| make::array(cx, |_, _| Ok(())))?;
        let filled = loop {
            match items.next_element_seed(self.inner()) {
                Ok(Some(item)) => {
                    if let Err(error) = self.attempt(|cx| make::push(cx, array, item)) {
                        break Err(error);
                    }
                }
                Ok(None) => break Ok(array),
                Err(error) => break Err(error),
            }
        };
        if filled.is_err() {
            self.cx.heap.release(array);
        }
        filled
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut entries: A) -> Result<Value, A::Error> {
        let dict = self.make(|cx| make::dict(cx, |_, _| Ok(())))?;
        let filled = loop {
            let name = match entries.next_key::<String>() {
                Ok(Some(name)) => name,
                Ok(None) => break Ok(dict),
                Err(error) => break Err(error),
            };
            let put = match entries.next_value_seed(self.inner()) {
                Ok(value) => self.attempt(|cx| make::put(cx, dict, &name, value)),
                Err(error) => Err(error),
            };
            if let Err(error) = put {
                break Err(error);
            }
        };
        if filled.is_err() {
            self.cx.heap.release(dict);
        }
        filled
    }
}
