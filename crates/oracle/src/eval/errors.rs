//! Throwing and handling.

use std::rc::Rc;

use remora_diagnostics::{Code, Span};
use remora_syntax::ast::{Block, Ident};

use super::{Frame, Interp};
use crate::print;
use crate::stop::{Eval, Stop};
use crate::value::{ErrorValue, Key, Value};

impl<'p> Interp<'_, 'p> {
    /// `throw(value)`. An error that is thrown again stays the same error.
    pub(crate) fn throw(&self, span: Span, value: Value<'p>) -> Stop<'p> {
        if let Value::Error(error) = value {
            return Stop::Throw(error);
        }
        let message = match own_field(&value, "message") {
            Some(message) => print::display(&message),
            None => print::display(&value),
        };
        self.throw_new(span, Code::R0001, message.into(), value)
    }

    /// Runs an `except` block. An error that leaves it has the handled one as its cause.
    pub(super) fn handle(
        &mut self,
        frame: &mut Frame<'p>,
        name: Option<&'p Ident>,
        handler: &'p Block,
        error: Rc<ErrorValue<'p>>,
    ) -> Eval<'p> {
        let end = self.scoped(frame, |this, frame| {
            if let Some(name) = name {
                this.declare(frame, &name.name, true, Value::Error(Rc::clone(&error)));
            }
            this.block(frame, handler)
        });
        match end {
            Err(Stop::Throw(mut next)) if !Rc::ptr_eq(&next, &error) && next.cause.is_none() => {
                Rc::make_mut(&mut next).cause = Some(error);
                Err(Stop::Throw(next))
            }
            end => end,
        }
    }
}

/// The field or key of a thrown struct or dict.
fn own_field<'p>(value: &Value<'p>, name: &str) -> Option<Value<'p>> {
    match value {
        Value::Struct(it) => it.field(name).cloned(),
        Value::Dict(it) => it.find(&Key::str(name)).cloned(),
        _ => None,
    }
}

/// What `e.name` is.
pub(super) fn property<'p>(error: &ErrorValue<'p>, name: &str) -> Option<Value<'p>> {
    Some(match name {
        "message" => Value::Str(Rc::clone(&error.message)),
        "code" => {
            own_field(&error.thrown.0, "code").unwrap_or_else(|| Value::str(error.code.as_str()))
        }
        "line" => Value::Int(error.line),
        "stack" => Value::array(error.stack.iter().map(|it| Value::str(it.0)).collect()),
        "cause" => own_field(&error.thrown.0, "cause").unwrap_or_else(|| {
            error.cause.as_ref().map_or(Value::Null, |it| Value::Error(Rc::clone(it)))
        }),
        "value" if error.code == Code::R0001 => error.thrown.0.clone(),
        "value" => Value::Str(Rc::clone(&error.message)),
        _ => return own_field(&error.thrown.0, name),
    })
}
