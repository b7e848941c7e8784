//! Iterators: a value that is gone through step by step, and what is done to each element on the way.

use std::cell::RefCell;
use std::rc::Rc;

use super::Value;
use super::teardown::{Garbage, teardown};
use crate::eval::Iteration;

/// An iterator, shared by all who refer to it.
#[derive(Debug)]
pub(crate) struct Lazy<'p>(RefCell<Chain<'p>>);

/// How the next element comes about. The value in front is a generator, iterator or channel.
#[derive(Debug)]
pub(crate) enum Chain<'p> {
    Over(Iteration<'p>),
    Map(Value<'p>, Value<'p>),
    Filter(Value<'p>, Value<'p>),
    Take(Value<'p>, usize),
    Skip(Value<'p>, usize),
    TakeWhile(Value<'p>, Value<'p>),
    /// The function goes once it has said no.
    SkipWhile(Value<'p>, Option<Value<'p>>),
    /// The number of the next element.
    Enumerate(Value<'p>, i64),
    Zip(Value<'p>, Vec<Iteration<'p>>),
    /// The first goes once it has ended.
    Then(Option<Value<'p>>, Iteration<'p>),
    FlatMap(Value<'p>, Value<'p>, Option<Iteration<'p>>),
    Chunk(Value<'p>, usize),
    /// Somebody takes a step right now.
    Running,
    Ended,
}

impl<'p> Lazy<'p> {
    pub(crate) fn new(chain: Chain<'p>) -> Rc<Self> {
        Rc::new(Self(RefCell::new(chain)))
    }

    /// Takes the state out for a step.
    pub(crate) fn begin(&self) -> Chain<'p> {
        self.0.replace(Chain::Running)
    }

    pub(crate) fn put_back(&self, chain: Chain<'p>) {
        drop(self.0.replace(chain));
    }

    pub(super) fn take_values(&mut self) -> Vec<Garbage<'p>> {
        let mut values = Vec::new();
        let mut iterations = Vec::new();
        match std::mem::replace(self.0.get_mut(), Chain::Ended) {
            Chain::Over(items) => iterations.push(items),
            Chain::Map(a, b) | Chain::Filter(a, b) | Chain::TakeWhile(a, b) => {
                values.extend([a, b]);
            }
            Chain::Take(a, _) | Chain::Skip(a, _) | Chain::Enumerate(a, _) | Chain::Chunk(a, _) => {
                values.push(a);
            }
            Chain::SkipWhile(a, b) => values.extend([Some(a), b].into_iter().flatten()),
            Chain::Zip(a, others) => {
                values.push(a);
                iterations.extend(others);
            }
            Chain::Then(a, next) => {
                values.extend(a);
                iterations.push(next);
            }
            Chain::FlatMap(a, b, inner) => {
                values.extend([a, b]);
                iterations.extend(inner);
            }
            Chain::Running | Chain::Ended => {}
        }
        for items in iterations {
            match items {
                Iteration::Array(items, _) => values.push(Value::Array(items)),
                Iteration::Lazy(value) => values.push(value),
                Iteration::Values(items) => values.extend(items),
                Iteration::Text(..) | Iteration::Count(_) => {}
            }
        }
        values.into_iter().map(Garbage::Value).collect()
    }
}

impl Drop for Lazy<'_> {
    fn drop(&mut self) {
        teardown(self.take_values());
    }
}
