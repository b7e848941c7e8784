//! Values as the host owns them.

use remora_diagnostics::Code;
use remora_vm::heap::{Buf, Heap};
use remora_vm::host::Handles;
use remora_vm::object::{Array, Dict};
use remora_vm::{Fault, Res, Value as Raw, ops};

use crate::ctx::Ctx;
use crate::{Error, Handle, ValueRef};

/// A script value outside of its VM: plain data is copied; everything else is a [`Handle`].
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Value {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
    /// Text.
    Str(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An array.
    Array(Vec<Value>),
    /// A dict, in insertion order.
    Dict(Vec<(Value, Value)>),
    /// Anything else, which stays where it is: a function, a struct, a set, an error, an object of the host.
    Other(Handle),
}

/// Deepest nesting that is copied: what is deeper comes out as a handle, and is refused on its way in.
pub(crate) const MAX_DEPTH: usize = 64;

impl Value {
    /// What `type(x)` calls it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Array(_) => "array",
            Self::Dict(_) => "dict",
            Self::Other(handle) => handle.kind(),
        }
    }

    /// Whether it is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The int, if it is one.
    #[must_use]
    pub const fn as_int(&self) -> Option<i64> {
        if let Self::Int(it) = self { Some(*it) } else { None }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Str(it) = self { Some(it) } else { None }
    }

    /// What stands in a dict under a text.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        let Self::Dict(entries) = self else { return None };
        entries.iter().find(|(key, _)| key.as_str() == Some(name)).map(|(_, it)| it)
    }

    /// Copies a value out; looks at it.
    pub(crate) fn from_raw(heap: &Heap, handles: &Handles, raw: Raw) -> Self {
        Self::copy_of(ValueRef::new(heap, handles, raw), MAX_DEPTH)
    }

    pub(crate) fn copy_of(value: ValueRef<'_>, depth: usize) -> Self {
        if value.is_null() {
            Self::Null
        } else if let Some(it) = value.as_bool() {
            Self::Bool(it)
        } else if let Some(it) = value.as_int() {
            Self::Int(it)
        } else if let Some(it) = value.as_float() {
            Self::Float(it)
        } else if let Some(it) = value.as_str() {
            Self::Str(it.to_owned())
        } else if let Some(it) = value.as_bytes() {
            Self::Bytes(it.to_owned())
        } else if depth > 0
            && value.is_array()
            && let Some(items) = value.items()
        {
            Self::Array(items.map(|it| Self::copy_of(it, depth - 1)).collect())
        } else if depth > 0
            && value.is_dict()
            && let Some(entries) = value.entries()
        {
            let copy = |it| Self::copy_of(it, depth - 1);
            Self::Dict(entries.map(|(key, it)| (copy(key), copy(it))).collect())
        } else {
            Self::Other(value.handle())
        }
    }

    /// Copies a value in; counted for the caller.
    pub(crate) fn to_raw(&self, cx: &mut Ctx<'_>) -> Res<Raw> {
        self.at_depth(cx, MAX_DEPTH)
    }

    fn at_depth(&self, cx: &mut Ctx<'_>, depth: usize) -> Res<Raw> {
        let heap = &mut *cx.cx.heap;
        match self {
            Self::Null => Ok(Raw::NULL),
            Self::Bool(value) => Ok(Raw::bool(*value)),
            Self::Int(value) => Ok(Raw::int(*value)),
            Self::Float(value) => Ok(Raw::float(*value)),
            Self::Str(text) => heap.new_string(text),
            Self::Bytes(bytes) => {
                let bytes = Buf::copy_of(heap.memory_mut(), bytes)?;
                heap.new_bytes(bytes)
            }
            Self::Other(handle) => handle.to_raw(cx),
            Self::Array(_) | Self::Dict(_) if depth == 0 => {
                let what = format!("Values from the host are nested at most {MAX_DEPTH} deep");
                Err(Fault::new(Code::R0020, what))
            }
            Self::Array(items) => new_array(cx, items.iter(), |cx, it| it.at_depth(cx, depth - 1)),
            Self::Dict(entries) => new_dict(cx, entries.iter(), |cx, (key, value)| {
                let key = key.at_depth(cx, depth - 1)?;
                match value.at_depth(cx, depth - 1) {
                    Ok(value) => Ok((key, value)),
                    Err(fault) => {
                        cx.cx.heap.release(key);
                        Err(fault)
                    }
                }
            }),
        }
    }
}

/// A new array of what `make` makes of each; counted for the caller.
pub(crate) fn new_array<T>(
    cx: &mut Ctx<'_>,
    items: impl Iterator<Item = T>,
    mut make: impl FnMut(&mut Ctx<'_>, T) -> Res<Raw>,
) -> Res<Raw> {
    let mut raws = Vec::with_capacity(items.size_hint().0);
    for item in items {
        match make(cx, item) {
            Ok(raw) => raws.push(raw),
            Err(fault) => {
                cx.cx.heap.release_all(raws);
                return Err(fault);
            }
        }
    }
    let heap = &mut *cx.cx.heap;
    match Array::from_values(heap.memory_mut(), &raws).and_then(|body| heap.new_array(body)) {
        Ok(array) => Ok(array),
        Err(fault) => {
            heap.release_all(raws);
            Err(fault)
        }
    }
}

/// A new dict of the keys and values that `make` makes of each; counted for the caller.
pub(crate) fn new_dict<T>(
    cx: &mut Ctx<'_>,
    entries: impl Iterator<Item = T>,
    mut make: impl FnMut(&mut Ctx<'_>, T) -> Res<(Raw, Raw)>,
) -> Res<Raw> {
    let mut dict = cx.cx.heap.new_dict(Dict::new())?;
    for entry in entries {
        let put = make(cx, entry).and_then(|(key, value)| {
            let heap = &mut *cx.cx.heap;
            let put = ops::index::set(heap, &mut dict, key, value, cx.cx.fuel);
            heap.release(key);
            if put.is_err() {
                heap.release(value);
            }
            put
        });
        if let Err(fault) = put {
            cx.cx.heap.release(dict);
            return Err(fault);
        }
    }
    Ok(dict)
}

impl TryFrom<ValueRef<'_>> for Value {
    type Error = Error;

    fn try_from(value: ValueRef<'_>) -> Result<Self, Error> {
        Ok(value.to_value())
    }
}

macro_rules! from {
    ($($ty:ty => $variant:ident),* $(,)?) => {$(
        impl From<$ty> for Value {
            fn from(value: $ty) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from!(bool => Bool, i64 => Int, i32 => Int, u32 => Int, f64 => Float, String => Str, &str => Str);

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::Array(items.into_iter().map(Into::into).collect())
    }
}
