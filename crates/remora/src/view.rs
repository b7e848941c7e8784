//! Values as the host looks at them while they stay where they are.

use remora_vm::heap::Heap;
use remora_vm::host::Handles;
use remora_vm::object::HostObject;
use remora_vm::value::{Tag, View};
use remora_vm::{Res, Value as Raw, ops};

use crate::value::MAX_DEPTH;
use crate::{Error, Handle, Value};

/// A value of a VM, looked at in place: nothing is copied until asked for.
#[derive(Clone, Copy)]
pub struct ValueRef<'a> {
    heap: &'a Heap,
    handles: &'a Handles,
    raw: Raw,
}

impl<'a> ValueRef<'a> {
    pub(crate) const fn new(heap: &'a Heap, handles: &'a Handles, raw: Raw) -> Self {
        Self { heap, handles, raw }
    }

    const fn other(self, raw: Raw) -> Self {
        Self { raw, ..self }
    }

    /// What `type(x)` calls it; for an object of the host the name of its type.
    #[must_use]
    pub fn kind(self) -> &'static str {
        self.heap.type_name(self.raw)
    }

    /// The object of the host behind it.
    pub(crate) fn object(self) -> Option<&'a HostObject> {
        self.heap.object(self.raw)
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(self) -> bool {
        self.raw.is_null() || !self.raw.is_defined()
    }

    /// The bool, if it is one.
    #[must_use]
    pub const fn as_bool(self) -> Option<bool> {
        self.raw.to_bool()
    }

    /// The int, if it is one.
    #[must_use]
    pub const fn as_int(self) -> Option<i64> {
        self.raw.to_int()
    }

    /// The float, if it is one.
    #[must_use]
    pub const fn as_float(self) -> Option<f64> {
        self.raw.to_float()
    }

    /// The int or float, as a float.
    #[must_use]
    pub const fn as_number(self) -> Option<f64> {
        self.raw.to_number()
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn as_str(self) -> Option<&'a str> {
        self.heap.str(self.raw)
    }

    /// The bytes, if it is bytes.
    #[must_use]
    pub fn as_bytes(self) -> Option<&'a [u8]> {
        self.heap.bytes(self.raw).map(|it| it.as_slice())
    }

    /// Whether it is an array.
    #[must_use]
    pub const fn is_array(self) -> bool {
        matches!(self.raw.tag(), Tag::Array)
    }

    /// Whether it is a dict.
    #[must_use]
    pub const fn is_dict(self) -> bool {
        matches!(self.raw.tag(), Tag::Dict)
    }

    /// Whether it can be called.
    #[must_use]
    pub const fn is_function(self) -> bool {
        self.raw.is_function()
    }

    /// The elements, if it is an array, set, queue or stack.
    #[must_use]
    pub fn items(self) -> Option<Box<dyn Iterator<Item = ValueRef<'a>> + 'a>> {
        let wrap = move |raw| self.other(raw);
        Some(match self.heap.view(self.raw) {
            View::Array(array) => Box::new(array.iter().map(wrap)),
            View::Set(set) => Box::new(set.keys().map(wrap)),
            View::Queue(queue) => Box::new(queue.iter().map(wrap)),
            View::Stack(items) => Box::new(items.iter().copied().map(wrap)),
            _ => return None,
        })
    }

    /// The keys and values, if it is a dict, in insertion order.
    #[must_use]
    pub fn entries(self) -> Option<Box<dyn Iterator<Item = (ValueRef<'a>, ValueRef<'a>)> + 'a>> {
        let dict = self.heap.dict(self.raw)?;
        Some(Box::new(dict.iter().map(move |it| (self.other(it.key), self.other(it.value)))))
    }

    /// The names and values of the fields, if it is a value of a struct.
    #[must_use]
    pub fn fields(self) -> Option<Box<dyn Iterator<Item = (&'a str, ValueRef<'a>)> + 'a>> {
        let record = self.heap.record(self.raw)?;
        let shape = self.heap.types().structure(record.ty)?;
        let names = shape.fields.iter().map(|it| &**it);
        Some(Box::new(names.zip(record.fields.iter().map(move |it| self.other(*it)))))
    }

    /// The name of the struct or enum that it is a value of.
    #[must_use]
    pub fn type_name(self) -> Option<&'a str> {
        match self.heap.view(self.raw) {
            View::Struct(record) => Some(self.heap.types().type_name(record.ty)),
            View::Variant(variant) => Some(self.heap.types().type_name(variant.ty)),
            _ => None,
        }
    }

    /// What an Option holds; the outer `None` if it is no Option.
    #[must_use]
    pub fn option(self) -> Option<Option<Self>> {
        match self.raw.tag() {
            Tag::None => Some(None),
            Tag::Some => Some(self.heap.inner(self.raw).map(|it| self.other(it))),
            _ => None,
        }
    }

    /// What a Result holds, if it is one.
    #[must_use]
    pub fn result(self) -> Option<Result<Self, Self>> {
        let inner = self.heap.inner(self.raw).map(|it| self.other(it))?;
        match self.raw.tag() {
            Tag::Ok => Some(Ok(inner)),
            Tag::Err => Some(Err(inner)),
            _ => None,
        }
    }

    /// A copy for the host.
    #[must_use]
    pub fn to_value(self) -> Value {
        Value::copy_of(self, MAX_DEPTH)
    }

    /// A handle, which keeps it alive.
    #[must_use]
    pub fn handle(self) -> Handle {
        Handle::new(self.handles.keep(self.heap, self.raw))
    }

    /// What `print` shows of it.
    ///
    /// # Errors
    /// L0009 if there is no memory for it.
    pub fn display(self) -> Result<String, Error> {
        self.shown().map_err(Error::new)
    }

    pub(crate) fn shown(self) -> Res<String> {
        ops::print::display(self.heap, self.raw, &mut remora_vm::limits::Free)
    }
}

impl std::fmt::Debug for ValueRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.shown() {
            Ok(text) => f.write_str(&text),
            Err(_) => f.write_str(self.kind()),
        }
    }
}
