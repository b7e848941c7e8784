//! Values become types of the host.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use super::{FromValue, Mismatch};
use crate::{Handle, Value, ValueRef};

impl FromValue for Value {
    const TYPE: &'static str = "any";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        Ok(value.to_value())
    }
}

impl FromValue for Handle {
    const TYPE: &'static str = "any";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        Ok(value.handle())
    }
}

/// Null, or what a function gives that returns nothing.
impl FromValue for () {
    const TYPE: &'static str = "null";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        if value.is_null() { Ok(()) } else { Err(Mismatch::new("null", value)) }
    }
}

impl FromValue for bool {
    const TYPE: &'static str = "bool";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        value.as_bool().ok_or_else(|| Mismatch::of::<Self>(value))
    }
}

impl FromValue for i64 {
    const TYPE: &'static str = "int";

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        value.as_int().ok_or_else(|| Mismatch::of::<Self>(value))
    }
}

macro_rules! ints {
    ($($ty:ty),*) => {$(
        impl FromValue for $ty {
            const TYPE: &'static str = "int";

            fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
                let int = i64::from_value(value)?;
                Self::try_from(int).map_err(|_| {
                    let range = format!("an int from {} to {}", Self::MIN, Self::MAX);
                    Mismatch::value(&range, int)
                })
            }
        }
    )*};
}

ints!(i8, i16, i32, u8, u16, u32, u64, isize, usize);

/// Ints become floats.
impl FromValue for f64 {
    const TYPE: &'static str = "number";

    #[inline]
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        value.as_number().ok_or_else(|| Mismatch::of::<Self>(value))
    }
}

/// Rounded to the nearest.
impl FromValue for f32 {
    const TYPE: &'static str = "number";

    #[expect(clippy::cast_possible_truncation, reason = "rounding is what is asked for")]
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        f64::from_value(value).map(|it| it as Self)
    }
}

impl FromValue for String {
    const TYPE: &'static str = "string";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        value.as_str().map(str::to_owned).ok_or_else(|| Mismatch::of::<Self>(value))
    }
}

/// Null and `None` are nothing; `Some(x)` and `x` are something.
impl<T: FromValue> FromValue for Option<T> {
    const TYPE: &'static str = T::TYPE;
    const OPTIONAL: bool = true;

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value.option() {
            Some(None) => Ok(None),
            Some(Some(inner)) => T::from_value(inner).map(Some),
            None if value.is_null() => Ok(None),
            None => T::from_value(value).map(Some),
        }
    }
}

/// `Ok(x)` and `Err(e)`.
impl<T: FromValue, E: FromValue> FromValue for Result<T, E> {
    const TYPE: &'static str = "result";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        match value.result() {
            Some(Ok(it)) => T::from_value(it).map(Ok),
            Some(Err(it)) => E::from_value(it).map(Err),
            None => Err(Mismatch::of::<Self>(value)),
        }
    }
}

/// The elements of an array, set, queue or stack; the bytes of bytes.
impl<T: FromValue> FromValue for Vec<T> {
    const TYPE: &'static str = "array";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        let Some(items) = value.items() else { return Err(Mismatch::of::<Self>(value)) };
        let item = |(at, it)| {
            T::from_value(it).map_err(|mismatch| mismatch.within(&format!("element {at}")))
        };
        items.enumerate().map(item).collect()
    }
}

fn pairs<'a, K: FromValue, V: FromValue>(
    value: ValueRef<'a>,
) -> Result<impl Iterator<Item = Result<(K, V), Mismatch>> + 'a, Mismatch> {
    let Some(entries) = value.entries() else { return Err(Mismatch::new("a dict", value)) };
    Ok(entries.map(|(key, it)| {
        let found = K::from_value(key).map_err(|mismatch| mismatch.within("a key"))?;
        let it = V::from_value(it);
        Ok((found, it.map_err(|mismatch| mismatch.within(&format!("value of {key:?}")))?))
    }))
}

impl<K: FromValue + Eq + Hash, V: FromValue, S: BuildHasher + Default> FromValue
    for HashMap<K, V, S>
{
    const TYPE: &'static str = "dict";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        pairs(value)?.collect()
    }
}

impl<K: FromValue + Ord, V: FromValue> FromValue for BTreeMap<K, V> {
    const TYPE: &'static str = "dict";

    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
        pairs(value)?.collect()
    }
}

macro_rules! tuples {
    ($($n:literal: $($name:ident $at:literal),+;)*) => {$(
        /// An array of exactly so many elements.
        impl<$($name: FromValue),+> FromValue for ($($name,)+) {
            const TYPE: &'static str = "array";

            fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch> {
                let items: Vec<_> = match value.items() {
                    Some(items) => items.collect(),
                    None => return Err(Mismatch::of::<Self>(value)),
                };
                if items.len() != $n {
                    let expected = format!("an array of {} elements", $n);
                    return Err(Mismatch::value(&expected, items.len()));
                }
                Ok(($(
                    $name::from_value(items[$at])
                        .map_err(|mismatch| mismatch.within(concat!("element ", $at)))?,
                )+))
            }
        }
    )*};
}

tuples! {
    1: A 0;
    2: A 0, B 1;
    3: A 0, B 1, C 2;
    4: A 0, B 1, C 2, D 3;
}
