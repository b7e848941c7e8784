//! Going through values.

use std::rc::Rc;

use remora_diagnostics::{Code, Span};
use remora_syntax::ast::Expr;

use super::{Frame, Interp};
use crate::stop::Eval;
use crate::value::{Items, Range, Value, whole};

/// What is left of something that is gone through. But for lazy ones, it was fixed when the loop began: values do not
/// change under it.
#[derive(Debug)]
pub(crate) enum Iteration<'p> {
    Array(Rc<Items<'p>>, usize),
    /// The rest of a text, from that byte on.
    Text(Rc<str>, usize),
    Values(std::vec::IntoIter<Value<'p>>),
    Count(Range),
    /// A generator, iterator or channel, which others may go through at the same time.
    Lazy(Value<'p>),
}

impl<'p> Iteration<'p> {
    /// The next element, if the script has no part in it; see [`Interp::next_of`].
    pub(super) fn next_plain(&mut self) -> Option<Value<'p>> {
        match self {
            Self::Array(items, at) => {
                *at += 1;
                items.0.get(*at - 1).cloned()
            }
            Self::Text(text, at) => {
                let char = text.get(*at..)?.chars().next()?;
                *at += char.len_utf8();
                Some(Value::str(char.to_string()))
            }
            Self::Values(values) => values.next(),
            Self::Count(range) => range.next().map(Value::Int),
            Self::Lazy(_) => None,
        }
    }

    /// `None` for what cannot be gone through.
    pub(crate) fn of(value: &Value<'p>) -> Option<Self> {
        Some(match value {
            Value::Array(items) | Value::Queue(items) | Value::Stack(items) => {
                Self::Array(Rc::clone(items), 0)
            }
            Value::Bytes(bytes) => {
                let bytes: Vec<_> = bytes.iter().map(|it| Value::Int((*it).into())).collect();
                Self::Values(bytes.into_iter())
            }
            Value::Str(text) => Self::Text(Rc::clone(text), 0),
            Value::Dict(dict) | Value::Set(dict) => {
                let keys: Vec<_> = dict.iter().map(|it| it.0.value()).collect();
                Self::Values(keys.into_iter())
            }
            Value::Range(range) => Self::Count(*range),
            Value::Int(n) => Self::Count(Range::new(0, *n, false)),
            // As existing programs have it: as often as the whole part says.
            Value::Float(n) if n.is_finite() && *n < 9_007_199_254_740_992.0 => {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "finite, and small enough to be exact"
                )]
                let whole = n.max(0.0).trunc() as i64;
                Self::Count(Range::new(0, whole, false))
            }
            // Existing programs count to what `floor` and its like give.
            Value::Float(n) => Self::Count(Range::new(0, whole(n.max(0.0).trunc())?, false)),
            Value::Generator(_) | Value::Iterator(_) | Value::Channel(_) => {
                Self::Lazy(value.clone())
            }
            _ => return None,
        })
    }
}

impl<'p> Interp<'_, 'p> {
    /// Evaluates what a `for` goes through.
    pub(super) fn iterated(
        &mut self,
        frame: &mut Frame<'p>,
        iterable: &'p Expr,
    ) -> Eval<'p, Iteration<'p>> {
        let value = self.expr(frame, iterable)?;
        self.iterate(&value, iterable.span)
    }

    /// Begins to go through a value.
    pub(crate) fn iterate(&mut self, value: &Value<'p>, span: Span) -> Eval<'p, Iteration<'p>> {
        let value = self.items_of(value, span)?;
        self.iterate_plain(&value, span)
    }

    /// The same for builtins, which ask no object of the embedder for what it has.
    pub(crate) fn iterate_plain(&self, value: &Value<'p>, span: Span) -> Eval<'p, Iteration<'p>> {
        match Iteration::of(value) {
            Some(items) => Ok(items),
            None => {
                self.fail(span, Code::R0013, format!("Cannot iterate over {}", value.type_name()))
            }
        }
    }

    /// Appends everything in a value, as `...value` does.
    pub(crate) fn extend(
        &mut self,
        items: &mut Vec<Value<'p>>,
        all: &Value<'p>,
        span: Span,
    ) -> Eval<'p, ()> {
        let mut left = self.iterate(all, span)?;
        while let Some(item) = self.next_of(&mut left, span)? {
            self.charge(span, 1)?;
            items.push(item);
        }
        Ok(())
    }
}
