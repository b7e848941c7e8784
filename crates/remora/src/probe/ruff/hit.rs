//! What probes see of values of a Ruff program: they stay where they are, and nothing is counted or copied.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use remora_probe::{Answer, Captured, Dispatcher, Fault, Shape, Value, Variable};
use remora_vm::Value as Raw;
use remora_vm::hooks::{End, Hit};
use remora_vm::value::{FunctionId, View};

use super::tracer::Entered;

/// Something of a Ruff program, during one hit.
#[derive(Clone, Debug)]
pub enum Object {
    /// A value.
    Value(Raw),
    /// `args`
    Args,
    /// `locals`
    Locals,
    /// `globals`
    Globals,
    /// `kwargs`: arguments that are given by name stand in their places.
    Kwargs,
    /// The error that ends the call.
    Exception,
}

/// One hit, for probes.
pub struct RuffHit<'h> {
    hit: &'h Hit<'h>,
    end: Option<(&'h Entered, End<'h>)>,
    names: &'h HashMap<FunctionId, Arc<str>>,
}

impl std::fmt::Debug for RuffHit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.hit.fmt(f)
    }
}

const NO_ARGUMENT: Fault = Fault::host("the function has no such argument");
const NO_VARIABLE: Fault = Fault::host("there is no such variable here");
const NO_FIELD: Fault = Fault::host("the value has no such field");
const NO_ITEM: Fault = Fault::host("there is no such item");
const WENT_ON: Fault = Fault::host("the function went on in a tail call");
const NOT_KEPT: Fault = Fault::host("nothing was kept of it at the entry");
const NO_ORDER: Fault = Fault::host("only plain values can be compared");

impl<'h> RuffHit<'h> {
    pub(super) const fn new(
        hit: &'h Hit<'h>,
        end: Option<(&'h Entered, End<'h>)>,
        names: &'h HashMap<FunctionId, Arc<str>>,
    ) -> Self {
        Self { hit, end, names }
    }

    /// Whether a variable is one that is known from the entry on.
    pub(super) fn is_argument(&self, variable: &Variable) -> bool {
        match variable {
            Variable::Args | Variable::Arg(_) | Variable::Itself => true,
            Variable::Named(name) => self.parameter(name).is_some(),
            _ => false,
        }
    }

    fn parameter(&self, name: &str) -> Option<usize> {
        self.hit.parameters().position(|it| **it == *name)
    }

    fn argument(&self, nth: usize) -> Answer<Object> {
        self.hit.argument(nth).map(|it| self.give(it)).ok_or(NO_ARGUMENT)
    }

    fn named(&self, name: &str) -> Answer<Object> {
        let mut all = self.hit.locals().chain(self.hit.globals());
        let found = all.find(|it| **it.0 == *name);
        found.map(|it| self.give(it.1)).ok_or(NO_VARIABLE)
    }

    /// Values that need no handle are given as they are.
    fn give(&self, raw: Raw) -> Value<Object> {
        match self.hit.heap().view(raw) {
            View::Null | View::None => Value::None,
            View::Bool(value) => Value::Bool(value),
            View::Int(value) => Value::Int(value),
            View::Float(value) => Value::Float(value),
            View::Some(inner) => match self.hit.heap().view(inner) {
                // What is nested deeper is seen when it is looked into.
                View::Some(_) => Value::Object(Object::Value(inner)),
                _ => self.give(inner),
            },
            _ => Value::Object(Object::Value(raw)),
        }
    }

    fn field(&self, raw: Raw, name: &str) -> Option<Raw> {
        let heap = self.hit.heap();
        match heap.view(raw) {
            View::Struct(record) => {
                let shape = heap.types().structure(record.ty)?;
                let at = shape.fields.iter().position(|it| **it == *name)?;
                record.fields.get(at).copied()
            }
            View::Dict(dict) => {
                let mut entries = dict.iter();
                entries.find(|it| heap.str(it.key) == Some(name)).map(|it| it.value)
            }
            View::Error(error) => error.property(name),
            View::Ok(inner) if name == "Ok" => Some(inner),
            View::Err(inner) if name == "Err" => Some(inner),
            View::Some(inner) if name == "Some" => Some(inner),
            _ => None,
        }
    }

    fn nth(&self, raw: Raw, nth: usize) -> Option<Raw> {
        match self.hit.heap().view(raw) {
            View::Array(array) => array.iter().nth(nth),
            View::Set(set) => set.keys().nth(nth),
            View::Queue(queue) => queue.iter().nth(nth),
            View::Stack(items) => items.get(nth).copied(),
            View::Variant(variant) => variant.payload.get(nth).copied(),
            _ => None,
        }
    }

    fn len(&self, raw: Raw) -> Option<usize> {
        Some(match self.hit.heap().view(raw) {
            View::Array(array) => array.len(),
            View::Set(set) => set.keys().count(),
            View::Queue(queue) => queue.iter().count(),
            View::Stack(items) => items.len(),
            View::Variant(variant) => variant.payload.len(),
            _ => return None,
        })
    }

    fn shape_of(&self, raw: Raw) -> Shape<'_> {
        let heap = self.hit.heap();
        if let Some(text) = heap.str(raw) {
            return Shape::Text(text);
        }
        match heap.view(raw) {
            View::Dict(dict) => Shape::Map(dict.len()),
            View::Struct(record) => Shape::Map(record.fields.len()),
            View::Error(_) => Shape::Map(ERROR.len()),
            View::Ok(_) | View::Err(_) | View::Some(_) => Shape::Map(1),
            View::Variant(variant) if variant.payload.is_empty() => {
                Shape::Opaque(heap.types().type_name(variant.ty))
            }
            _ => self.len(raw).map_or(Shape::Opaque(raw.type_name()), Shape::List),
        }
    }

    fn entry_of(&self, raw: Raw, nth: usize) -> Option<(Arc<str>, Raw)> {
        let heap = self.hit.heap();
        Some(match heap.view(raw) {
            View::Dict(dict) => {
                let entry = dict.iter().nth(nth)?;
                let key = match heap.str(entry.key) {
                    Some(text) => text.into(),
                    None => match self.give(entry.key) {
                        Value::Int(value) => value.to_string().into(),
                        Value::Float(value) => format!("{value:?}").into(),
                        Value::Bool(value) => value.to_string().into(),
                        other => other.kind().into(),
                    },
                };
                (key, entry.value)
            }
            View::Struct(record) => {
                let name = heap.types().structure(record.ty)?.fields.get(nth)?;
                (Arc::clone(name), *record.fields.get(nth)?)
            }
            View::Error(error) => {
                let name = *ERROR.get(nth)?;
                (name.into(), error.property(name)?)
            }
            View::Ok(inner) if nth == 0 => ("Ok".into(), inner),
            View::Err(inner) if nth == 0 => ("Err".into(), inner),
            View::Some(inner) if nth == 0 => ("Some".into(), inner),
            _ => return None,
        })
    }

    fn exception(&self, name: &str) -> Answer<Object> {
        let Some((_, End::Fault(fault))) = &self.end else { return Err(NO_FIELD) };
        match name {
            "message" => Ok(Value::Text(fault.message.as_str().into())),
            "code" => Ok(Value::Text(fault.code.as_str().into())),
            "value" => Ok(fault.thrown.map_or(Value::None, |it| self.give(it))),
            _ => Err(NO_FIELD),
        }
    }

    /// Looks for it in what was kept at the entry.
    fn kept(&self, variable: &Variable) -> Option<&Arc<Captured>> {
        let (entered, _) = self.end.as_ref()?;
        entered.kept.iter().find(|it| it.0 == *variable).map(|it| &it.1)
    }

    fn now(&self, variable: &Variable) -> Answer<Object> {
        match variable {
            Variable::Args => Ok(Value::Object(Object::Args)),
            Variable::Arg(nth) => self.argument(*nth),
            Variable::Kwargs => Ok(Value::Object(Object::Kwargs)),
            Variable::Itself => self.argument(self.parameter("self").ok_or(NO_ARGUMENT)?),
            Variable::Locals => Ok(Value::Object(Object::Locals)),
            Variable::Globals => Ok(Value::Object(Object::Globals)),
            Variable::Retval => match &self.end {
                Some((_, End::Value(raw))) => Ok(self.give(*raw)),
                Some((_, End::WentOn)) => Err(WENT_ON),
                _ => Ok(Value::None),
            },
            Variable::Exception => match &self.end {
                Some((_, End::Fault(_))) => Ok(Value::Object(Object::Exception)),
                _ => Ok(Value::None),
            },
            Variable::Named(name) => match self.parameter(name) {
                Some(nth) => match self.argument(nth)? {
                    // Its variable may be a captured one by now.
                    Value::None => self.named(name).or(Ok(Value::None)),
                    value => Ok(value),
                },
                None => self.named(name),
            },
            Variable::AtEntry(_) => Err(NOT_KEPT),
        }
    }

    fn list(&self, object: &Object) -> Vec<(Arc<str>, Raw)> {
        let copied = |it: (&Arc<str>, Raw)| (Arc::clone(it.0), it.1);
        match object {
            Object::Locals => self.hit.locals().map(copied).collect(),
            Object::Globals => self.hit.globals().map(copied).collect(),
            _ => Vec::new(),
        }
    }
}

/// What an error is made of.
const ERROR: [&str; 4] = ["message", "code", "value", "line"];
/// What the error is made of that ends a call.
const EXCEPTION: [&str; 3] = ["code", "message", "value"];

impl Dispatcher for RuffHit<'_> {
    type Object = Object;

    fn variable(&mut self, variable: &Variable) -> Answer<Object> {
        if let Some(kept) = self.kept(variable.now()) {
            return Ok(kept.to_value());
        }
        if let Variable::AtEntry(_) = variable {
            return Err(NOT_KEPT);
        }
        self.now(variable)
    }

    fn attribute(&mut self, object: &Object, name: &str) -> Answer<Object> {
        match object {
            Object::Value(raw) => self.field(*raw, name).map(|it| self.give(it)).ok_or(NO_FIELD),
            Object::Args => self.argument(self.parameter(name).ok_or(NO_ARGUMENT)?),
            Object::Locals => {
                let found = self.hit.locals().find(|it| **it.0 == *name);
                found.map(|it| self.give(it.1)).ok_or(NO_VARIABLE)
            }
            Object::Globals => {
                let found = self.hit.globals().find(|it| **it.0 == *name);
                found.map(|it| self.give(it.1)).ok_or(NO_VARIABLE)
            }
            Object::Kwargs => Err(NO_ARGUMENT),
            Object::Exception => self.exception(name),
        }
    }

    fn item(&mut self, object: &Object, key: &Value<Object>) -> Answer<Object> {
        match key {
            Value::Int(nth) => {
                let len = match self.shape(object)? {
                    Shape::List(len) => len,
                    _ => return self.keyed(object, *nth),
                };
                let len = i64::try_from(len).unwrap_or(i64::MAX);
                let nth = if *nth < 0 { nth.saturating_add(len) } else { *nth };
                self.element(object, usize::try_from(nth).map_err(|_| NO_ITEM)?)
            }
            Value::Text(name) => self.attribute(object, name),
            Value::Object(Object::Value(raw)) => match self.hit.heap().str(*raw) {
                Some(name) => self.attribute(object, name),
                None => Err(NO_ITEM),
            },
            _ => Err(NO_ITEM),
        }
    }

    fn shape<'a>(&'a self, object: &'a Object) -> Result<Shape<'a>, Fault> {
        Ok(match object {
            Object::Value(raw) => self.shape_of(*raw),
            Object::Args => Shape::List(self.hit.parameters().len()),
            Object::Locals => Shape::Map(self.hit.locals().count()),
            Object::Globals => Shape::Map(self.hit.globals().count()),
            Object::Kwargs => Shape::Map(0),
            Object::Exception => Shape::Map(EXCEPTION.len()),
        })
    }

    fn element(&mut self, object: &Object, nth: usize) -> Answer<Object> {
        match object {
            Object::Value(raw) => self.nth(*raw, nth).map(|it| self.give(it)).ok_or(NO_ITEM),
            Object::Args => self.argument(nth),
            _ => Err(NO_ITEM),
        }
    }

    fn entry(&mut self, object: &Object, nth: usize) -> Result<(Arc<str>, Value<Object>), Fault> {
        match object {
            Object::Value(raw) => {
                let (key, value) = self.entry_of(*raw, nth).ok_or(NO_ITEM)?;
                Ok((key, self.give(value)))
            }
            Object::Exception => {
                let name = *EXCEPTION.get(nth).ok_or(NO_ITEM)?;
                Ok((name.into(), self.exception(name)?))
            }
            Object::Locals | Object::Globals => {
                let (name, raw) = self.list(object).into_iter().nth(nth).ok_or(NO_ITEM)?;
                Ok((name, self.give(raw)))
            }
            Object::Args | Object::Kwargs => Err(NO_ITEM),
        }
    }

    fn equal(&mut self, left: &Object, right: &Object) -> Result<bool, Fault> {
        match (left, right) {
            (Object::Value(left), Object::Value(right))
                if left.tag() == right.tag() && left.bits() == right.bits() =>
            {
                Ok(true)
            }
            _ => Err(NO_ORDER),
        }
    }

    fn argument_name(&self, nth: usize) -> Option<&str> {
        self.hit.parameters().nth(nth).map(|it| &**it)
    }

    fn elapsed(&mut self) -> Option<Duration> {
        self.end.as_ref().map(|it| it.0.at.elapsed())
    }

    fn caller(&mut self, nth: usize) -> Option<Arc<str>> {
        self.names.get(&self.hit.caller(nth)?).cloned()
    }
}

impl RuffHit<'_> {
    /// The value of a dict under an int.
    fn keyed(&self, object: &Object, key: i64) -> Answer<Object> {
        let Object::Value(raw) = object else { return Err(NO_ITEM) };
        let View::Dict(dict) = self.hit.heap().view(*raw) else { return Err(NO_ITEM) };
        let found = dict.iter().find(|it| it.key.to_int() == Some(key));
        found.map(|it| self.give(it.value)).ok_or(NO_ITEM)
    }
}
