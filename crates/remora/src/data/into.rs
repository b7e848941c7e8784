//! Data becomes a value.

use ::serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use remora_diagnostics::Code;
use remora_vm::Fault;

use crate::value::MAX_DEPTH;
use crate::{Error, Value};

/// Takes down data, at most so many levels more.
#[derive(Clone, Copy)]
pub(super) struct IntoData {
    pub(super) depth: usize,
}

impl IntoData {
    fn inside(self) -> Result<Self, Error> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(Self { depth }),
            None => Err(Error::custom(format_args!(
                "Values from the host are nested at most {MAX_DEPTH} deep"
            ))),
        }
    }

    fn items(self, len: Option<usize>, variant: Option<&'static str>) -> Result<Items, Error> {
        let inside = if variant.is_some() { self.inside()?.inside()? } else { self.inside()? };
        // The length is what the data says, and may be wrong.
        let items = Vec::with_capacity(len.unwrap_or(0).min(1024));
        Ok(Items { items, inside, variant })
    }

    fn entries(self, len: Option<usize>, variant: Option<&'static str>) -> Result<Entries, Error> {
        let inside = if variant.is_some() { self.inside()?.inside()? } else { self.inside()? };
        let entries = Vec::with_capacity(len.unwrap_or(0).min(1024));
        Ok(Entries { entries, key: None, inside, variant })
    }
}

/// A variant that carries something: a dict of one entry.
fn tagged(variant: Option<&'static str>, inside: Value) -> Value {
    match variant {
        Some(variant) => Value::Dict(vec![(Value::from(variant), inside)]),
        None => inside,
    }
}

/// Elements of an array.
pub(super) struct Items {
    items: Vec<Value>,
    inside: IntoData,
    variant: Option<&'static str>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
        self.items.push(item.serialize(self.inside)?);
        Ok(())
    }

    fn finish(self) -> Value {
        tagged(self.variant, Value::Array(self.items))
    }
}

/// Entries of a dict.
pub(super) struct Entries {
    entries: Vec<(Value, Value)>,
    key: Option<Value>,
    inside: IntoData,
    variant: Option<&'static str>,
}

impl Entries {
    fn set<T: Serialize + ?Sized>(&mut self, key: Value, value: &T) -> Result<(), Error> {
        self.entries.push((key, value.serialize(self.inside)?));
        Ok(())
    }

    fn finish(self) -> Value {
        tagged(self.variant, Value::Dict(self.entries))
    }
}

/// What can be a key of a dict.
fn check_key(key: Value) -> Result<Value, Error> {
    let kind = match &key {
        Value::Bool(_) | Value::Int(_) | Value::Str(_) => return Ok(key),
        Value::Float(it) if !it.is_nan() => return Ok(key),
        Value::Float(_) => "NaN",
        other => other.kind(),
    };
    Err(Error::new(Fault::new(Code::R0021, format!("Cannot use {kind} as a key"))))
}

macro_rules! ints {
    ($($name:ident $ty:ty),*) => {$(
        fn $name(self, it: $ty) -> Result<Value, Error> {
            i64::try_from(it)
                .map(Value::Int)
                .map_err(|_| Error::custom(format_args!("{it} does not fit into an int")))
        }
    )*};
}

impl Serializer for IntoData {
    type Ok = Value;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    ints!(serialize_u64 u64, serialize_i128 i128, serialize_u128 u128);

    fn serialize_bool(self, it: bool) -> Result<Value, Error> {
        Ok(Value::Bool(it))
    }

    fn serialize_i8(self, it: i8) -> Result<Value, Error> {
        Ok(Value::Int(it.into()))
    }

    fn serialize_i16(self, it: i16) -> Result<Value, Error> {
        Ok(Value::Int(it.into()))
    }

    fn serialize_i32(self, it: i32) -> Result<Value, Error> {
        Ok(Value::Int(it.into()))
    }

    fn serialize_i64(self, it: i64) -> Result<Value, Error> {
        Ok(Value::Int(it))
    }

    fn serialize_u8(self, it: u8) -> Result<Value, Error> {
        Ok(Value::Int(it.into()))
    }

    fn serialize_u16(self, it: u16) -> Result<Value, Error> {
        Ok(Value::Int(it.into()))
    }

    fn serialize_u32(self, it: u32) -> Result<Value, Error> {
        Ok(Value::Int(it.into()))
    }

    fn serialize_f32(self, it: f32) -> Result<Value, Error> {
        Ok(Value::Float(it.into()))
    }

    fn serialize_f64(self, it: f64) -> Result<Value, Error> {
        Ok(Value::Float(it))
    }

    fn serialize_char(self, it: char) -> Result<Value, Error> {
        Ok(Value::Str(it.into()))
    }

    fn serialize_str(self, it: &str) -> Result<Value, Error> {
        Ok(Value::from(it))
    }

    fn serialize_bytes(self, it: &[u8]) -> Result<Value, Error> {
        Ok(Value::Bytes(it.to_owned()))
    }

    fn serialize_none(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, it: &T) -> Result<Value, Error> {
        // Counts as a level: an endless chain of them would end the native stack.
        it.serialize(self.inside()?)
    }

    fn serialize_unit(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Error> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, Error> {
        Ok(Value::from(variant))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        it: &T,
    ) -> Result<Value, Error> {
        it.serialize(self.inside()?)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        it: &T,
    ) -> Result<Value, Error> {
        Ok(tagged(Some(variant), it.serialize(self.inside()?)?))
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Items, Error> {
        self.items(len, None)
    }

    fn serialize_tuple(self, len: usize) -> Result<Items, Error> {
        self.items(Some(len), None)
    }

    fn serialize_tuple_struct(self, _: &'static str, len: usize) -> Result<Items, Error> {
        self.items(Some(len), None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Items, Error> {
        self.items(Some(len), Some(variant))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Entries, Error> {
        self.entries(len, None)
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Entries, Error> {
        self.entries(Some(len), None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Entries, Error> {
        self.entries(Some(len), Some(variant))
    }
}

macro_rules! items {
    ($($by:ident $add:ident),*) => {$(
        impl $by for Items {
            type Ok = Value;
            type Error = Error;

            fn $add<T: Serialize + ?Sized>(&mut self, item: &T) -> Result<(), Error> {
                self.push(item)
            }

            fn end(self) -> Result<Value, Error> {
                Ok(self.finish())
            }
        }
    )*};
}

items!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

macro_rules! fields {
    ($($by:ident),*) => {$(
        impl $by for Entries {
            type Ok = Value;
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Error> {
                self.set(Value::from(name), value)
            }

            fn end(self) -> Result<Value, Error> {
                Ok(self.finish())
            }
        }
    )*};
}

fields!(SerializeStruct, SerializeStructVariant);

impl SerializeMap for Entries {
    type Ok = Value;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Some(check_key(key.serialize(self.inside)?)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        match self.key.take() {
            Some(key) => self.set(key, value),
            None => Err(Error::custom("a value of a map without its key")),
        }
    }

    fn end(self) -> Result<Value, Error> {
        Ok(self.finish())
    }
}
