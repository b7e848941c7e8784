//! A value becomes data: looked at where it is, nothing is copied but what the data keeps.

use ::serde::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use ::serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer, Unexpected,
    VariantAccess, Visitor,
};
use ::serde::forward_to_deserialize_any;

use crate::value::MAX_DEPTH;
use crate::{Error, ValueRef};

/// A value that data is made of, with at most so many levels more.
#[derive(Clone, Copy)]
pub(super) struct FromData<'a> {
    value: ValueRef<'a>,
    depth: usize,
}

impl<'a> FromData<'a> {
    pub(super) const fn new(value: ValueRef<'a>) -> Self {
        Self { value, depth: MAX_DEPTH }
    }

    /// How what is inside is looked at.
    fn inside(self) -> Result<impl Fn(ValueRef<'a>) -> Self + Copy, Error> {
        match self.depth.checked_sub(1) {
            Some(depth) => Ok(move |value| Self { value, depth }),
            None => Err(<Error as ::serde::ser::Error>::custom(format_args!(
                "Data is nested at most {MAX_DEPTH} deep"
            ))),
        }
    }

    /// The variant that a value of an enum or a Result is, and what it carries.
    fn variant(self) -> Result<Option<Variant<'a>>, Error> {
        let inside = self.inside()?;
        let carried = |it: ValueRef<'a>| Carried::One(inside(it));
        if let Some(result) = self.value.result() {
            return Ok(Some(match result {
                Ok(it) => Variant { name: "Ok", carried: carried(it) },
                Err(it) => Variant { name: "Err", carried: carried(it) },
            }));
        }
        let Some((name, fields, payload)) = self.value.variant() else { return Ok(None) };
        let carried = match fields {
            Some(names) => {
                let values = payload.iter().map(|it| inside(*it));
                Carried::Fields(names.into_iter().zip(values).collect())
            }
            None if payload.is_empty() => Carried::Nothing,
            None => match payload[..] {
                [one] => carried(one),
                _ => Carried::Many(payload.iter().map(|it| inside(*it)).collect()),
            },
        };
        Ok(Some(Variant { name, carried }))
    }

    fn refused<T>(self, visitor: &dyn ::serde::de::Expected) -> Result<T, Error> {
        Err(Error::invalid_type(Unexpected::Other(self.value.kind()), visitor))
    }
}

impl<'a> IntoDeserializer<'a, Error> for FromData<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'a> Deserializer<'a> for FromData<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        let value = self.value;
        if value.is_null() {
            return visitor.visit_unit();
        }
        if let Some(it) = value.as_bool() {
            return visitor.visit_bool(it);
        }
        if let Some(it) = value.as_int() {
            return visitor.visit_i64(it);
        }
        if let Some(it) = value.as_float() {
            return visitor.visit_f64(it);
        }
        if let Some(it) = value.as_str() {
            return visitor.visit_borrowed_str(it);
        }
        if let Some(it) = value.as_bytes() {
            return visitor.visit_borrowed_bytes(it);
        }
        let inside = self.inside()?;
        if let Some(items) = value.items() {
            let mut items = SeqDeserializer::new(items.map(inside));
            let made = visitor.visit_seq(&mut items)?;
            items.end()?;
            return Ok(made);
        }
        if let Some(entries) = value.entries() {
            let entries = entries.map(|(key, it)| (inside(key), inside(it)));
            let mut entries = MapDeserializer::new(entries);
            let made = visitor.visit_map(&mut entries)?;
            entries.end()?;
            return Ok(made);
        }
        if let Some(fields) = value.fields() {
            let mut fields =
                MapDeserializer::new(fields.map(|(name, it)| (Name(name), inside(it))));
            let made = visitor.visit_map(&mut fields)?;
            fields.end()?;
            return Ok(made);
        }
        if let Some(option) = value.option() {
            return match option {
                Some(it) => visitor.visit_some(inside(it)),
                None => visitor.visit_none(),
            };
        }
        match self.variant()? {
            Some(Variant { name, carried: Carried::Nothing }) => visitor.visit_borrowed_str(name),
            Some(variant) => {
                let entry = (Name(variant.name), variant.carried);
                visitor.visit_map(MapDeserializer::new(std::iter::once(entry)))
            }
            None => self.refused(&visitor),
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.option() {
            Some(Some(it)) => visitor.visit_some(self.inside()?(it)),
            Some(None) => visitor.visit_none(),
            None if self.value.is_null() => visitor.visit_none(),
            None => visitor.visit_some(self.inside()?(self.value)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self.inside()?(self.value))
    }

    /// Bytes are a sequence as well.
    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value.as_bytes() {
            Some(bytes) => visitor.visit_seq(SeqDeserializer::new(bytes.iter().copied())),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if let Some(name) = self.value.as_str() {
            return visitor.visit_enum(Variant { name, carried: Carried::Nothing });
        }
        if let Some(mut entries) = self.value.entries() {
            let inside = self.inside()?;
            let (first, more) = (entries.next(), entries.next());
            if let (Some((key, it)), None) = (first, more)
                && let Some(name) = key.as_str()
            {
                return visitor.visit_enum(Variant { name, carried: Carried::One(inside(it)) });
            }
            return Err(Error::invalid_value(
                Unexpected::Map,
                &"a dict of one entry, from the name of a variant",
            ));
        }
        match self.variant()? {
            Some(variant) => visitor.visit_enum(variant),
            None => self.refused(&visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <W: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier
    }
}

/// The name of a field.
struct Name<'a>(&'a str);

impl<'a> IntoDeserializer<'a, Error> for Name<'a> {
    type Deserializer = BorrowedStrDeserializer<'a, Error>;

    fn into_deserializer(self) -> Self::Deserializer {
        BorrowedStrDeserializer::new(self.0)
    }
}

/// A variant, and what it carries.
struct Variant<'a> {
    name: &'a str,
    carried: Carried<'a>,
}

enum Carried<'a> {
    Nothing,
    One(FromData<'a>),
    Many(Vec<FromData<'a>>),
    Fields(Vec<(&'a str, FromData<'a>)>),
}

impl<'a> EnumAccess<'a> for Variant<'a> {
    type Error = Error;
    type Variant = Carried<'a>;

    fn variant_seed<V: DeserializeSeed<'a>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self::Variant), Error> {
        let name = seed.deserialize(Name(self.name).into_deserializer())?;
        Ok((name, self.carried))
    }
}

impl<'a> VariantAccess<'a> for Carried<'a> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self {
            Self::Nothing => Ok(()),
            Self::One(it) if it.value.is_null() => Ok(()),
            _ => {
                Err(Error::invalid_type(Unexpected::Other("more"), &"a variant with nothing in it"))
            }
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'a>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'a>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'a>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_any(visitor)
    }
}

impl<'a> IntoDeserializer<'a, Error> for Carried<'a> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'a> Deserializer<'a> for Carried<'a> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Nothing => visitor.visit_unit(),
            Self::One(it) => it.deserialize_any(visitor),
            Self::Many(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            Self::Fields(fields) => {
                let fields = fields.into_iter().map(|(name, it)| (Name(name), it));
                visitor.visit_map(MapDeserializer::new(fields))
            }
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::One(it) => it.deserialize_option(visitor),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::One(it) => it.deserialize_newtype_struct(name, visitor),
            other => visitor.visit_newtype_struct(other),
        }
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::One(it) => it.deserialize_seq(visitor),
            other => other.deserialize_any(visitor),
        }
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::One(it) => it.deserialize_enum(name, variants, visitor),
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        <W: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct tuple
        tuple_struct map struct identifier ignored_any
    }
}
