//! Values as the oracle sees them: a plain enum with reference counts and copy-on-write.
//!
//! Promise: a copy of a value never sees a change made to the original. Collections sit behind an `Rc` and are changed
//! only through `Rc::make_mut`, so nobody has to think about who else holds them. Values nest without bound, but taking
//! them apart never recurses: see [`drop`](self::teardown).

mod channel;
mod dict;
mod error;
mod function;
mod generator;
mod iterator;
mod key;
mod range;
mod structs;
mod task;
mod teardown;

use std::rc::Rc;

pub(crate) use channel::{Channel, Received, Sent};
pub(crate) use dict::Dict;
pub(crate) use error::ErrorValue;
pub(crate) use function::{Closure, FuncRef};
pub(crate) use generator::{Begin, FiberId, Generator};
pub(crate) use iterator::{Chain, Lazy};
pub(crate) use key::{Key, whole};
pub(crate) use range::Range;
pub(crate) use structs::{EnumType, EnumValue, MethodKind, Payload, StructType, StructValue};
pub(crate) use task::{Outcome, Running, Start, Task, Waiter};
pub(crate) use teardown::{Boxed, Garbage, Items, teardown};

use crate::builtins::Builtin;
use crate::foreign::{ForeignFunction, Object};

/// Any value a script can hold. `'p` is the program: functions and types refer to its tree.
#[derive(Clone, Debug)]
pub(crate) enum Value<'p> {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Rc<str>),
    Bytes(Rc<[u8]>),
    Array(Rc<Items<'p>>),
    Queue(Rc<Items<'p>>),
    Stack(Rc<Items<'p>>),
    Dict(Rc<Dict<'p>>),
    /// A dict whose values are null.
    Set(Rc<Dict<'p>>),
    Range(Range),
    Wrapped(Wrap, Rc<Boxed<'p>>),
    /// `None`.
    Nothing,
    Struct(Rc<StructValue<'p>>),
    Enum(Rc<EnumValue<'p>>),
    StructType(Rc<StructType<'p>>),
    EnumType(Rc<EnumType<'p>>),
    Function(Rc<Closure<'p>>),
    Builtin(&'static Builtin),
    /// A function of the embedder.
    Foreign(&'static ForeignFunction),
    /// An object of the embedder.
    Object(Rc<Object>),
    Error(Rc<ErrorValue<'p>>),
    Generator(Rc<Generator<'p>>),
    Iterator(Rc<Lazy<'p>>),
    Task(Rc<Task<'p>>),
    Channel(Rc<Channel<'p>>),
}

/// Which of the three wrappers a value is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Wrap {
    Ok,
    Err,
    Some,
}

impl Wrap {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "Ok",
            Self::Err => "Err",
            Self::Some => "Some",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        match name {
            "Ok" => Some(Self::Ok),
            "Err" => Some(Self::Err),
            "Some" => Some(Self::Some),
            _ => None,
        }
    }
}

impl<'p> Value<'p> {
    pub(crate) fn str(text: impl Into<Rc<str>>) -> Self {
        Self::Str(text.into())
    }

    pub(crate) fn array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(Items(items)))
    }

    pub(crate) fn dict(dict: Dict<'p>) -> Self {
        Self::Dict(Rc::new(dict))
    }

    pub(crate) fn set(dict: Dict<'p>) -> Self {
        Self::Set(Rc::new(dict))
    }

    pub(crate) fn wrap(wrap: Wrap, inner: Self) -> Self {
        Self::Wrapped(wrap, Rc::new(Boxed(inner)))
    }

    /// 1 or 0, as `contains` and its like give in their function form.
    pub(crate) fn one_or_zero(holds: bool) -> Self {
        Self::Int(i64::from(holds))
    }

    /// A length as an int.
    pub(crate) fn len(n: usize) -> Self {
        Self::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }

    /// What `type(x)` says and error messages name.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Str(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::Array(_) => "array",
            Self::Queue(_) => "queue",
            Self::Stack(_) => "stack",
            Self::Dict(_) => "dict",
            Self::Set(_) => "set",
            Self::Range(_) => "range",
            Self::Wrapped(Wrap::Ok | Wrap::Err, _) => "result",
            Self::Wrapped(Wrap::Some, _) | Self::Nothing => "option",
            Self::Struct(_) => "struct",
            Self::Enum(_) => "enum",
            Self::StructType(_) | Self::EnumType(_) => "type",
            Self::Function(_) | Self::Builtin(_) | Self::Foreign(_) => "function",
            Self::Object(it) => it.ty.name,
            Self::Error(_) => "error",
            Self::Generator(_) => "generator",
            Self::Iterator(_) => "iterator",
            Self::Task(it) if it.promise_of.is_some() => "promise",
            Self::Task(_) => "task",
            Self::Channel(_) => "channel",
        }
    }

    /// Whether a condition takes the value for true.
    pub(crate) fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(it) => *it,
            Self::Int(it) => *it != 0,
            Self::Float(it) => *it != 0.0,
            Self::Str(it) => !it.is_empty(),
            Self::Array(it) => !it.0.is_empty(),
            Self::Dict(it) | Self::Set(it) => !it.is_empty(),
            _ => true,
        }
    }
}
