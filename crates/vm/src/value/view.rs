//! A value taken apart, for code that is not in a hurry.

use crate::heap::Heap;
use crate::object::{
    Array, Closure, Dict, ErrorObject, HostObject, Queue, Range, Record, Set, Str, Variant,
};
use crate::value::{BuiltinId, FunctionId, Tag, TypeId, Value};

/// What a value is, with what is behind it.
#[derive(Clone, Copy, Debug)]
pub enum View<'h> {
    /// `null`, and what a script never sees: unassigned, away.
    Null,
    /// A bool.
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
    /// The Option that holds nothing.
    None,
    /// A script function that captures nothing.
    Function(FunctionId),
    /// A builtin or host function.
    Builtin(BuiltinId),
    /// A struct or enum as such.
    Type(TypeId),
    /// A string.
    String(Str<'h>),
    /// Bytes.
    Bytes(&'h [u8]),
    /// An array.
    Array(&'h Array),
    /// A dict.
    Dict(&'h Dict),
    /// A set.
    Set(&'h Set),
    /// A queue.
    Queue(&'h Queue),
    /// A stack, the top last.
    Stack(&'h [Value]),
    /// A value of a struct.
    Struct(Record<'h>),
    /// A value of an enum.
    Variant(Variant<'h>),
    /// Ok of a value.
    Ok(Value),
    /// Err of a value.
    Err(Value),
    /// Some value.
    Some(Value),
    /// A closure.
    Closure(Closure<'h>),
    /// A captured variable; no value of a script.
    Cell(Value),
    /// A range.
    Range(Range),
    /// An error object.
    Error(&'h ErrorObject),
    /// A generator of that function.
    Generator(FunctionId),
    /// An iterator that a builtin made.
    Iterator,
    /// A task.
    Task,
    /// What an async function of that name will give.
    Promise(FunctionId),
    /// A channel.
    Channel,
    /// An object of the host.
    Object(&'h HostObject),
}

impl Heap {
    /// A value taken apart.
    #[must_use]
    pub fn view(&self, value: Value) -> View<'_> {
        self.view_object(value).unwrap_or(View::Null)
    }

    fn view_object(&self, value: Value) -> Option<View<'_>> {
        Some(match value.tag() {
            Tag::Null | Tag::Undefined | Tag::Moved => View::Null,
            Tag::Bool => View::Bool(value.as_bool()),
            Tag::Int => View::Int(value.as_int()),
            Tag::Float => View::Float(value.as_float()),
            Tag::None => View::None,
            Tag::Function => View::Function(value.to_function()?),
            Tag::Builtin => View::Builtin(value.to_builtin()?),
            Tag::Type => View::Type(value.to_type()?),
            Tag::String => View::String(self.string(value)?),
            Tag::Bytes => View::Bytes(self.bytes(value)?.as_slice()),
            Tag::Array => View::Array(self.array(value)?),
            Tag::Dict => View::Dict(self.dict(value)?),
            Tag::Set => View::Set(self.set(value)?),
            Tag::Queue => View::Queue(self.queue(value)?),
            Tag::Stack => View::Stack(self.stack(value)?.as_slice()),
            Tag::Struct => View::Struct(self.record(value)?),
            Tag::Variant => View::Variant(self.variant(value)?),
            Tag::Ok => View::Ok(self.inner(value)?),
            Tag::Err => View::Err(self.inner(value)?),
            Tag::Some => View::Some(self.inner(value)?),
            Tag::Closure => View::Closure(self.closure(value)?),
            Tag::Cell => View::Cell(self.cell(value)),
            Tag::Range => View::Range(*self.range(value)?),
            Tag::Error => View::Error(self.error(value)?),
            Tag::Generator => View::Generator(self.generator(value)?.function),
            Tag::Iterator => View::Iterator,
            Tag::Task => View::Task,
            Tag::Promise => View::Promise(self.task(value)?.function),
            Tag::Channel => View::Channel,
            Tag::Object => View::Object(self.object(value)?),
        })
    }
}
