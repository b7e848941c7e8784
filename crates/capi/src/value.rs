//! Values between C and scripts: numbers stand in the value itself, texts and collections behind a handle that C releases.
#![expect(unsafe_code, reason = "exports functions to C")]

use core::ffi::c_char;
use std::sync::{Arc, Mutex};

use remora::Value;

use crate::handles::{self, Held, hold, lock};
use crate::raw;
use crate::status::{Fail, RemoraStatus, guard, misuse};

/// What kind of value it is.
#[repr(C)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RemoraKind {
    /// Null.
    Null = 0,
    /// A bool: `integer` is 0 or 1.
    Bool = 1,
    /// An int: `integer`.
    Int = 2,
    /// A float: `number`.
    Float = 3,
    /// Text: `text` and `length`, in UTF-8.
    String = 4,
    /// Bytes: `text` and `length`.
    Bytes = 5,
    /// An array: `length`, `remora_at`.
    Array = 6,
    /// A dict: `length`, `remora_field`, `remora_key`, `remora_at`.
    Dict = 7,
    /// Anything else, such as a function or a struct: it can be shown, and given back to its VM.
    Other = 8,
}

/// A value. Whoever is given one with a `handle` that is not 0 releases it with `remora_release`; arguments of functions of
/// the host are released by Remora. What `text` points to is good as long as the handle.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct RemoraValue {
    /// The kind: one of `RemoraKind`.
    pub kind: u32,
    /// What is behind it; 0 if everything stands here.
    pub handle: u64,
    /// The int, or 0 or 1 for a bool.
    pub integer: i64,
    /// The float.
    pub number: f64,
    /// The text or the bytes.
    pub text: *const c_char,
    /// How many bytes, elements or entries.
    pub length: usize,
}

impl RemoraValue {
    pub(crate) const NULL: Self = Self::plain(RemoraKind::Null);

    const fn plain(kind: RemoraKind) -> Self {
        Self {
            kind: kind as u32,
            handle: 0,
            integer: 0,
            number: 0.0,
            text: core::ptr::null(),
            length: 0,
        }
    }

    /// A value for C, which releases it.
    pub(crate) fn of(value: Value) -> Self {
        let (kind, text, length) = match &value {
            Value::Null => return Self::NULL,
            Value::Bool(it) => {
                return Self { integer: i64::from(*it), ..Self::plain(RemoraKind::Bool) };
            }
            Value::Int(it) => return Self { integer: *it, ..Self::plain(RemoraKind::Int) },
            Value::Float(it) => return Self { number: *it, ..Self::plain(RemoraKind::Float) },
            // What they point to stays where it is: it is behind the handle, and nobody changes it.
            Value::Str(it) => (RemoraKind::String, it.as_ptr(), it.len()),
            Value::Bytes(it) => (RemoraKind::Bytes, it.as_ptr(), it.len()),
            Value::Array(it) => (RemoraKind::Array, core::ptr::null(), it.len()),
            Value::Dict(it) => (RemoraKind::Dict, core::ptr::null(), it.len()),
            _ => (RemoraKind::Other, core::ptr::null(), 0),
        };
        let handle = hold(Held::Value(Arc::new(Mutex::new(value))));
        Self { handle, text: text.cast(), length, ..Self::plain(kind) }
    }

    /// The value that C means.
    pub(crate) fn value(&self) -> Result<Value, Fail> {
        if self.handle != 0 {
            return Ok(lock(&*handles::value(self.handle)?).clone());
        }
        match self.kind {
            it if it == RemoraKind::Null as u32 => Ok(Value::Null),
            it if it == RemoraKind::Bool as u32 => Ok(Value::Bool(self.integer != 0)),
            it if it == RemoraKind::Int as u32 => Ok(Value::Int(self.integer)),
            it if it == RemoraKind::Float as u32 => Ok(Value::Float(self.number)),
            it if it == RemoraKind::String as u32 => {
                Ok(Value::Str(raw::text(self.text, self.length, "the text of a value")?.to_owned()))
            }
            it if it == RemoraKind::Bytes as u32 => {
                let bytes = raw::slice(self.text.cast(), self.length, "the bytes of a value")?;
                Ok(Value::Bytes(bytes.to_vec()))
            }
            it => Err(misuse(format!("a value of kind {it} needs a handle"))),
        }
    }

    /// The value that C means, and gives up.
    pub(crate) fn take(self) -> Result<Value, Fail> {
        let made = self.value();
        self.release();
        made
    }

    pub(crate) fn release(self) {
        // One that was given back already is gone all the same.
        drop(handles::release(self.handle, "a value"));
    }
}

/// The values of arguments.
pub(crate) fn values(at: *const RemoraValue, n: usize) -> Result<Vec<Value>, Fail> {
    raw::slice(at, n, "arguments")?.iter().map(RemoraValue::value).collect()
}

/// Null.
#[unsafe(no_mangle)]
pub extern "C" fn remora_null() -> RemoraValue {
    RemoraValue::NULL
}

/// A bool: false for 0.
#[unsafe(no_mangle)]
pub extern "C" fn remora_bool(it: i32) -> RemoraValue {
    RemoraValue::of(Value::Bool(it != 0))
}

/// An int.
#[unsafe(no_mangle)]
pub extern "C" fn remora_int(it: i64) -> RemoraValue {
    RemoraValue::of(Value::Int(it))
}

/// A float.
#[unsafe(no_mangle)]
pub extern "C" fn remora_float(it: f64) -> RemoraValue {
    RemoraValue::of(Value::Float(it))
}

/// Copies a text in UTF-8, which need not end with a zero. The value is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_string(
    text: *const c_char,
    length: usize,
    value: *mut RemoraValue,
) -> RemoraStatus {
    guard(|| {
        raw::check(value, "value")?;
        let made = Value::Str(raw::text(text, length, "text")?.to_owned());
        raw::put(value, RemoraValue::of(made), "value")
    })
}

/// Makes an empty array, which is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_array(value: *mut RemoraValue) -> RemoraStatus {
    guard(|| {
        raw::check(value, "value")?;
        raw::put(value, RemoraValue::of(Value::Array(Vec::new())), "value")
    })
}

/// Appends a copy of an item to an array.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_array_push(
    array: *mut RemoraValue,
    item: *const RemoraValue,
) -> RemoraStatus {
    guard(|| {
        let item = raw::one(item, "item")?.value()?;
        change(array, |value| match value {
            Value::Array(items) => {
                items.push(item);
                Ok(items.len())
            }
            other => Err(misuse(format!("{} is no array", other.kind()))),
        })
    })
}

/// Makes an empty dict, which is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_dict(value: *mut RemoraValue) -> RemoraStatus {
    guard(|| {
        raw::check(value, "value")?;
        raw::put(value, RemoraValue::of(Value::Dict(Vec::new())), "value")
    })
}

/// Adds an entry with copies of key and item to a dict. Of two entries with the same key the later one counts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_dict_set(
    dict: *mut RemoraValue,
    key: *const RemoraValue,
    item: *const RemoraValue,
) -> RemoraStatus {
    guard(|| {
        let entry = (raw::one(key, "key")?.value()?, raw::one(item, "item")?.value()?);
        change(dict, |value| match value {
            Value::Dict(entries) => {
                entries.push(entry);
                Ok(entries.len())
            }
            other => Err(misuse(format!("{} is no dict", other.kind()))),
        })
    })
}

/// Changes a collection, and notes its new length.
fn change(
    at: *mut RemoraValue,
    work: impl FnOnce(&mut Value) -> Result<usize, Fail>,
) -> Result<(), Fail> {
    let known = *raw::one(at, "the collection")?;
    let held = handles::value(known.handle)?;
    let length = work(&mut lock(&held))?;
    raw::put(at, RemoraValue { length, ..known }, "the collection")
}

/// How many elements or entries a collection has, or bytes a text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_length(
    value: *const RemoraValue,
    length: *mut usize,
) -> RemoraStatus {
    guard(|| {
        let known = raw::one(value, "value")?;
        let n = if known.handle == 0 {
            known.length
        } else {
            match &*lock(&*handles::value(known.handle)?) {
                Value::Str(it) => it.len(),
                Value::Bytes(it) => it.len(),
                Value::Array(it) => it.len(),
                Value::Dict(it) => it.len(),
                other => return Err(misuse(format!("{} has no length", other.kind()))),
            }
        };
        raw::put(length, n, "length")
    })
}

/// Copies an element of an array, or the value of an entry of a dict, counted from 0. The copy is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_at(
    value: *const RemoraValue,
    index: usize,
    item: *mut RemoraValue,
) -> RemoraStatus {
    find(value, item, |value| match value {
        Value::Array(items) => items.get(index),
        Value::Dict(entries) => entries.get(index).map(|(_, it)| it),
        _ => None,
    })
}

/// Copies the key of an entry of a dict, counted from 0. The copy is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_key(
    value: *const RemoraValue,
    index: usize,
    key: *mut RemoraValue,
) -> RemoraStatus {
    find(value, key, |value| match value {
        Value::Dict(entries) => entries.get(index).map(|(key, _)| key),
        _ => None,
    })
}

/// Copies what a dict holds under a text, which ends with a zero. The copy is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_field(
    value: *const RemoraValue,
    name: *const c_char,
    item: *mut RemoraValue,
) -> RemoraStatus {
    match raw::name(name, "name") {
        Ok(name) => find(value, item, |value| value.field(name)),
        Err(fail) => guard(|| Err(fail)),
    }
}

fn find(
    value: *const RemoraValue,
    to: *mut RemoraValue,
    look: impl FnOnce(&Value) -> Option<&Value>,
) -> RemoraStatus {
    guard(|| {
        raw::check(to, "the place for the result")?;
        let held = handles::value(raw::one(value, "value")?.handle)?;
        let held = lock(&held);
        let kind = held.kind();
        let found = look(&held).cloned();
        drop(held);
        let found = found.ok_or_else(|| misuse(format!("there is no such item in this {kind}")))?;
        raw::put(to, RemoraValue::of(found), "the place for the result")
    })
}

/// Gives a value back, and makes it null. Nothing happens to one without a handle.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_release(value: *mut RemoraValue) -> RemoraStatus {
    guard(|| {
        let known = *raw::one(value, "value")?;
        raw::put(value, RemoraValue::NULL, "value")?;
        handles::release(known.handle, "a value")
    })
}
