//! Takes values apart without recursion.
//!
//! A script can nest values as deep as memory allows; the ordinary drop of such a value would recurse just as deep.
//! Every type that holds values hands them to [`teardown`] when dropped, which keeps a list of what is left to do and
//! empties each value that nobody else holds before that value's own drop runs.

use std::rc::Rc;

use super::{ErrorValue, Value};
use crate::env::{Cell, Env};

/// The elements of an array, queue or stack.
#[derive(Clone, Default, Debug)]
pub(crate) struct Items<'p>(pub(crate) Vec<Value<'p>>);

impl Drop for Items<'_> {
    fn drop(&mut self) {
        teardown(std::mem::take(&mut self.0).into_iter().map(Garbage::Value).collect());
    }
}

/// A single value on the heap: what is in `Ok`, `Err`, `Some`, or was thrown.
#[derive(Clone, Debug)]
pub(crate) struct Boxed<'p>(pub(crate) Value<'p>);

impl Drop for Boxed<'_> {
    fn drop(&mut self) {
        teardown(vec![Garbage::Value(std::mem::replace(&mut self.0, Value::Null))]);
    }
}

/// What is left to take apart.
pub(crate) enum Garbage<'p> {
    Value(Value<'p>),
    Cell(Rc<Cell<'p>>),
    Env(Env<'p>),
    Error(Rc<ErrorValue<'p>>),
}

/// Drops all of `pending` and everything that only it holds.
pub(crate) fn teardown(mut pending: Vec<Garbage<'_>>) {
    while let Some(garbage) = pending.pop() {
        match garbage {
            Garbage::Value(value) => take_apart(value, &mut pending),
            Garbage::Cell(cell) => {
                if let Some(mut cell) = Rc::into_inner(cell) {
                    pending.extend(cell.take_value().map(Garbage::Value));
                }
            }
            Garbage::Env(mut env) => env.take_apart(&mut pending),
            Garbage::Error(error) => {
                if let Some(mut error) = Rc::into_inner(error) {
                    pending
                        .push(Garbage::Value(std::mem::replace(&mut error.thrown.0, Value::Null)));
                    pending.extend(error.cause.take().map(Garbage::Error));
                }
            }
        }
    }
}

fn take_apart<'p>(value: Value<'p>, pending: &mut Vec<Garbage<'p>>) {
    match value {
        Value::Array(it) | Value::Queue(it) | Value::Stack(it) => {
            if let Some(mut items) = Rc::into_inner(it) {
                pending.extend(std::mem::take(&mut items.0).into_iter().map(Garbage::Value));
            }
        }
        Value::Dict(it) => {
            if let Some(mut dict) = Rc::into_inner(it) {
                pending.extend(dict.take_values().map(Garbage::Value));
            }
        }
        Value::Wrapped(_, it) => {
            if let Some(mut boxed) = Rc::into_inner(it) {
                pending.push(Garbage::Value(std::mem::replace(&mut boxed.0, Value::Null)));
            }
        }
        Value::Struct(it) => {
            if let Some(mut it) = Rc::into_inner(it) {
                pending.extend(std::mem::take(&mut it.fields).into_iter().map(Garbage::Value));
            }
        }
        Value::Enum(it) => {
            if let Some(mut it) = Rc::into_inner(it) {
                match &mut it.payload {
                    super::Payload::Tuple(values) => {
                        pending.extend(std::mem::take(values).into_iter().map(Garbage::Value));
                    }
                    super::Payload::Struct(fields) => {
                        pending.extend(
                            std::mem::take(fields).into_iter().map(|it| Garbage::Value(it.1)),
                        );
                    }
                }
            }
        }
        Value::Function(it) => {
            if let Some(closure) = Rc::into_inner(it) {
                pending.extend(closure.this.map(Garbage::Cell));
                pending.push(Garbage::Env(closure.env));
            }
        }
        Value::Error(it) => pending.push(Garbage::Error(it)),
        Value::Generator(it) => {
            pending.extend(Rc::into_inner(it).into_iter().flat_map(|mut it| it.take_values()));
        }
        Value::Iterator(it) => {
            pending.extend(Rc::into_inner(it).into_iter().flat_map(|mut it| it.take_values()));
        }
        Value::Task(it) => {
            pending.extend(Rc::into_inner(it).into_iter().flat_map(|mut it| it.take_values()));
        }
        Value::Channel(it) => {
            pending.extend(Rc::into_inner(it).into_iter().flat_map(|mut it| it.take_values()));
        }
        _ => {}
    }
}
