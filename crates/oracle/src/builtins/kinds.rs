//! Sets of kinds of values: on what a method can be called.

use crate::value::{Value, Wrap};

/// Some kinds, one bit each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kinds(u32);

impl Kinds {
    pub(super) const STRING: Self = Self(1);
    pub(super) const BYTES: Self = Self(1 << 1);
    pub(super) const ARRAY: Self = Self(1 << 2);
    pub(super) const DICT: Self = Self(1 << 3);
    pub(super) const SET: Self = Self(1 << 4);
    pub(super) const QUEUE: Self = Self(1 << 5);
    pub(super) const STACK: Self = Self(1 << 6);
    pub(super) const RANGE: Self = Self(1 << 7);
    pub(super) const INT: Self = Self(1 << 8);
    pub(super) const FLOAT: Self = Self(1 << 9);
    pub(super) const RESULT: Self = Self(1 << 10);
    pub(super) const OPTION: Self = Self(1 << 11);
    const OTHER: Self = Self(1 << 12);
    /// Generators and iterators.
    pub(super) const LAZY: Self = Self(1 << 13);
    pub(super) const TASK: Self = Self(1 << 14);
    pub(super) const CHANNEL: Self = Self(1 << 15);

    pub(super) const NUMBER: Self = Self::INT.or(Self::FLOAT);
    pub(super) const WRAPPER: Self = Self::RESULT.or(Self::OPTION);
    /// Elements in an order, and nothing but elements.
    pub(super) const SEQUENCE: Self = Self::ARRAY.or(Self::RANGE).or(Self::QUEUE).or(Self::STACK);
    /// Whatever has elements.
    pub(super) const ITERABLE: Self =
        Self::SEQUENCE.or(Self::STRING).or(Self::SET).or(Self::DICT).or(Self::BYTES);
    /// Everything but structs, whose methods are their own, and types.
    pub(super) const ANY: Self = Self(u32::MAX);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn has(self, value: &Value<'_>) -> bool {
        let kind = match value {
            Value::Struct(_) | Value::StructType(_) | Value::EnumType(_) => return false,
            Value::Str(_) => Self::STRING,
            Value::Bytes(_) => Self::BYTES,
            Value::Array(_) => Self::ARRAY,
            Value::Dict(_) => Self::DICT,
            Value::Set(_) => Self::SET,
            Value::Queue(_) => Self::QUEUE,
            Value::Stack(_) => Self::STACK,
            Value::Range(_) => Self::RANGE,
            Value::Int(_) => Self::INT,
            Value::Float(_) => Self::FLOAT,
            Value::Wrapped(Wrap::Ok | Wrap::Err, _) => Self::RESULT,
            Value::Wrapped(Wrap::Some, _) | Value::Nothing => Self::OPTION,
            Value::Generator(_) | Value::Iterator(_) => Self::LAZY,
            Value::Task(_) => Self::TASK,
            Value::Channel(_) => Self::CHANNEL,
            Value::Null
            | Value::Bool(_)
            | Value::Enum(_)
            | Value::Function(_)
            | Value::Builtin(_)
            | Value::Foreign(_)
            | Value::Object(_)
            | Value::Error(_) => Self::OTHER,
        };
        self.0 & kind.0 != 0
    }
}
