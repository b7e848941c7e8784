//! The arguments of a builtin, and reading them as the kinds it wants.

use std::rc::Rc;

use remora_diagnostics::{Code, Span};

use crate::eval::{Interp, Iteration};
use crate::ops;
use crate::stop::{Eval, Raise};
use crate::value::{Dict, Items, Value};

/// What a builtin is called with.
#[derive(Debug)]
pub(crate) struct Input<'p> {
    /// The builtin's name, for messages.
    pub(crate) name: &'static str,
    /// The call.
    pub(crate) span: Span,
    /// The arguments; their number has been checked.
    pub(crate) values: Vec<Value<'p>>,
}

/// What messages call an argument that can be gone through.
pub(super) const ELEMENTS: &str = "an array or something else to go through";

/// What reading an argument gives.
pub(super) type Read<T> = Result<T, Raise>;

impl<'p> Input<'p> {
    pub(super) fn value(&self, at: usize) -> &Value<'p> {
        self.values.get(at).unwrap_or(&Value::Null)
    }

    /// Takes an argument out.
    pub(super) fn take(&mut self, at: usize) -> Value<'p> {
        self.values.get_mut(at).map_or(Value::Null, |it| std::mem::replace(it, Value::Null))
    }

    /// Whether there is such an argument that is not null.
    pub(super) fn is_given(&self, at: usize) -> bool {
        !matches!(self.value(at), Value::Null)
    }

    /// R0004 for an argument of the wrong kind.
    pub(super) fn wrong(&self, at: usize, wanted: &str) -> Raise {
        let (name, place, got) = (self.name, at + 1, self.value(at).type_name());
        Raise::new(Code::R0004, format!("{name} expects {wanted} as argument {place}, got {got}"))
    }

    /// R0012 for an argument of the right kind that makes no sense.
    pub(super) fn invalid(&self, wanted: impl std::fmt::Display) -> Raise {
        Raise::new(Code::R0012, format!("{} expects {wanted}", self.name))
    }

    pub(super) fn int(&self, at: usize) -> Read<i64> {
        match self.value(at) {
            Value::Int(it) => Ok(*it),
            _ => Err(self.wrong(at, "an int")),
        }
    }

    /// As [`Input::wrong`] where the receiver, which counts as the first argument, stands elsewhere.
    pub(super) fn wrong_after_receiver(&self, at: usize, wanted: &str) -> Raise {
        let (name, place, got) = (self.name, at + 2, self.value(at).type_name());
        Raise::new(Code::R0004, format!("{name} expects {wanted} as argument {place}, got {got}"))
    }

    pub(super) fn int_after_receiver(&self, at: usize) -> Read<i64> {
        match self.value(at) {
            Value::Int(it) => Ok(*it),
            _ => Err(self.wrong_after_receiver(at, "an int")),
        }
    }

    pub(super) fn int_or(&self, at: usize, default: i64) -> Read<i64> {
        if self.is_given(at) { self.int(at) } else { Ok(default) }
    }

    /// A number of things; below zero counts as zero.
    pub(super) fn count(&self, at: usize) -> Read<usize> {
        self.int(at).map(|it| usize::try_from(it.max(0)).unwrap_or(usize::MAX))
    }

    /// An int that is at least 1.
    pub(super) fn size(&self, at: usize) -> Read<usize> {
        let size = self.int(at)?;
        match usize::try_from(size) {
            Ok(size) if size > 0 => Ok(size),
            _ => Err(self.invalid(format_args!("a size of at least 1, got {size}"))),
        }
    }

    pub(super) fn number(&self, at: usize) -> Read<f64> {
        ops::number(self.value(at)).ok_or_else(|| self.wrong(at, "a number"))
    }

    pub(super) fn text(&self, at: usize) -> Read<Rc<str>> {
        match self.value(at) {
            Value::Str(it) => Ok(Rc::clone(it)),
            _ => Err(self.wrong(at, "a string")),
        }
    }

    pub(super) fn text_or(&self, at: usize, default: &str) -> Read<Rc<str>> {
        if self.is_given(at) { self.text(at) } else { Ok(default.into()) }
    }

    pub(super) fn array(&self, at: usize) -> Read<Rc<Items<'p>>> {
        match self.value(at) {
            Value::Array(it) => Ok(Rc::clone(it)),
            _ => Err(self.wrong(at, "an array")),
        }
    }

    pub(super) fn dict(&self, at: usize) -> Read<Rc<Dict<'p>>> {
        match self.value(at) {
            Value::Dict(it) => Ok(Rc::clone(it)),
            _ => Err(self.wrong(at, "a dict")),
        }
    }

    pub(super) fn set(&self, at: usize) -> Read<Rc<Dict<'p>>> {
        match self.value(at) {
            Value::Set(it) => Ok(Rc::clone(it)),
            _ => Err(self.wrong(at, "a set")),
        }
    }

    pub(super) fn queue(&self, at: usize) -> Read<Rc<Items<'p>>> {
        match self.value(at) {
            Value::Queue(it) => Ok(Rc::clone(it)),
            _ => Err(self.wrong(at, "a queue")),
        }
    }

    pub(super) fn stack(&self, at: usize) -> Read<Rc<Items<'p>>> {
        match self.value(at) {
            Value::Stack(it) => Ok(Rc::clone(it)),
            _ => Err(self.wrong(at, "a stack")),
        }
    }
}

/// The part that a start and an end mean in something of that length: negative ones count from the end, what is beyond is
/// cut off.
pub(super) fn bounds(len: usize, start: i64, end: i64) -> std::ops::Range<usize> {
    let place = |at: i64| {
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        let at = if at < 0 { len.saturating_add(at).max(0) } else { at.min(len) };
        usize::try_from(at).unwrap_or(0)
    };
    let (start, end) = (place(start), place(end));
    start..end.max(start)
}

/// How many elements, entries or characters a value has.
pub(super) fn length(value: &Value<'_>) -> Option<usize> {
    Some(match value {
        Value::Str(it) => it.chars().count(),
        Value::Bytes(it) => it.len(),
        Value::Array(it) | Value::Queue(it) | Value::Stack(it) => it.0.len(),
        Value::Dict(it) | Value::Set(it) => it.len(),
        Value::Channel(it) => it.len(),
        Value::Range(it) => usize::try_from(it.len()).unwrap_or(usize::MAX),
        _ => return None,
    })
}

/// The same for `len` and its like, which ask an object of the embedder as well.
pub(super) fn length_of(value: &Value<'_>) -> Option<usize> {
    if let Value::Object(it) = value { it.len() } else { length(value) }
}

impl<'p> Interp<'_, 'p> {
    /// The elements of an argument, as `for` gives them.
    pub(super) fn elements(&mut self, input: &Input<'p>, at: usize) -> Eval<'p, Vec<Value<'p>>> {
        self.elements_or(input, at, |input| input.wrong(at, ELEMENTS))
    }

    /// The same in a method, whose receiver counts as the first argument in messages.
    pub(super) fn elements_after_receiver(
        &mut self,
        input: &Input<'p>,
        at: usize,
    ) -> Eval<'p, Vec<Value<'p>>> {
        self.elements_or(input, at, |input| input.wrong_after_receiver(at, ELEMENTS))
    }

    fn elements_or(
        &mut self,
        input: &Input<'p>,
        at: usize,
        wrong: impl FnOnce(&Input<'p>) -> Raise,
    ) -> Eval<'p, Vec<Value<'p>>> {
        self.make_room(input, length(input.value(at)).unwrap_or(0))?;
        // A number has no elements, though `for` counts to it.
        let items = match input.value(at) {
            Value::Int(_) | Value::Float(_) => None,
            value => Iteration::of(value),
        };
        let mut items = self.arg(input, items.ok_or_else(|| wrong(input)))?;
        let mut found = Vec::new();
        while let Some(item) = self.next_of(&mut items, input.span)? {
            found.push(item);
        }
        Ok(found)
    }

    /// Gives what a builtin raises the place of its call.
    pub(super) fn arg<T>(&self, input: &Input<'p>, read: Read<T>) -> Eval<'p, T> {
        self.at(input.span, read)
    }
}
