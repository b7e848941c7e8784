//! Keys of dicts and members of sets.

use std::cmp::Ordering;
use std::rc::Rc;

use super::Value;

/// A value that can be a key. An int and the float of the same value are one key.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Key {
    Bool(bool),
    Int(i64),
    /// The bits of a float that is no int.
    Float(u64),
    Str(Rc<str>),
}

impl Key {
    /// The key that a value is, if it can be one.
    pub(crate) fn of(value: &Value<'_>) -> Option<Self> {
        match value {
            Value::Bool(it) => Some(Self::Bool(*it)),
            Value::Int(it) => Some(Self::Int(*it)),
            Value::Float(it) if it.is_nan() => None,
            Value::Float(it) => {
                Some(whole(*it).map_or_else(|| Self::Float(it.to_bits()), Self::Int))
            }
            Value::Str(it) => Some(Self::Str(Rc::clone(it))),
            _ => None,
        }
    }

    pub(crate) fn str(text: &str) -> Self {
        Self::Str(text.into())
    }

    pub(crate) fn value<'p>(&self) -> Value<'p> {
        match self {
            Self::Bool(it) => Value::Bool(*it),
            Self::Int(it) => Value::Int(*it),
            Self::Float(it) => Value::Float(f64::from_bits(*it)),
            Self::Str(it) => Value::Str(Rc::clone(it)),
        }
    }

    /// The order in which keys are listed: numbers by value, then strings by code point, then bools.
    pub(crate) fn listing_order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Str(a), Self::Str(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Int(_) | Self::Float(_), Self::Int(_) | Self::Float(_)) => {
                crate::ops::compare_numbers(&self.value(), &other.value())
                    .unwrap_or(Ordering::Equal)
            }
            _ => self.rank().cmp(&other.rank()),
        }
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Int(_) | Self::Float(_) => 0,
            Self::Str(_) => 1,
            Self::Bool(_) => 2,
        }
    }
}

/// The int that a float equals exactly.
pub(crate) fn whole(value: f64) -> Option<i64> {
    // 2^63 is the first float past the ints; -2^63 is an int.
    let fits = value.fract() == 0.0
        && (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&value);
    #[expect(clippy::cast_possible_truncation, reason = "whole and in the range of i64, as tested")]
    fits.then_some(value as i64)
}
