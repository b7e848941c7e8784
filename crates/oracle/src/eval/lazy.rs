//! Steps of iterators.

use std::rc::Rc;

use remora_diagnostics::{Code, Span};

use super::{Interp, Iteration};
use crate::stop::{Args, Eval};
use crate::value::{Chain, Lazy, Value};

/// What a step gives: an element, or `None` at the end.
type Step<'p> = Eval<'p, Option<Value<'p>>>;

impl<'p> Interp<'_, 'p> {
    /// The next element of what is gone through.
    pub(crate) fn next_of(&mut self, items: &mut Iteration<'p>, span: Span) -> Step<'p> {
        match items {
            Iteration::Lazy(value) => {
                let value = value.clone();
                self.next_lazy(&value, span)
            }
            plain => Ok(plain.next_plain()),
        }
    }

    /// The next element of a generator, iterator or channel.
    pub(crate) fn next_lazy(&mut self, value: &Value<'p>, span: Span) -> Step<'p> {
        match value {
            Value::Generator(it) => self.step_generator(it, span),
            Value::Iterator(it) => self.step_iterator(it, span),
            Value::Channel(it) => self.receive(it, span),
            _ => Ok(None),
        }
    }

    /// An iterator that has ended, or failed, gives nothing any more.
    fn step_iterator(&mut self, it: &Rc<Lazy<'p>>, span: Span) -> Step<'p> {
        self.charge(span, 1)?;
        self.check_depth("next", span)?;
        let mut chain = it.begin();
        if let Chain::Running = chain {
            return self.fail(span, Code::R0024, "Iterator is already running");
        }
        let what = self.advance(&mut chain, span);
        it.put_back(if let Ok(Some(_)) = what { chain } else { Chain::Ended });
        what
    }

    fn advance(&mut self, chain: &mut Chain<'p>, span: Span) -> Step<'p> {
        match chain {
            Chain::Over(items) => self.next_of(items, span),
            Chain::Map(of, f) => match self.next_lazy(of, span)? {
                Some(item) => self.apply(f, item, span).map(Some),
                None => Ok(None),
            },
            Chain::Filter(of, f) => {
                while let Some(item) = self.next_lazy(of, span)? {
                    if self.apply(f, item.clone(), span)?.is_truthy() {
                        return Ok(Some(item));
                    }
                }
                Ok(None)
            }
            Chain::Take(_, 0) => Ok(None),
            Chain::Take(of, left) => {
                *left -= 1;
                self.next_lazy(of, span)
            }
            Chain::Skip(of, n) => {
                for _ in 0..std::mem::take(n) {
                    if self.next_lazy(of, span)?.is_none() {
                        return Ok(None);
                    }
                }
                self.next_lazy(of, span)
            }
            Chain::TakeWhile(of, f) => match self.next_lazy(of, span)? {
                Some(item) if self.apply(f, item.clone(), span)?.is_truthy() => Ok(Some(item)),
                _ => Ok(None),
            },
            Chain::SkipWhile(of, f) => {
                let Some(test) = f.take() else { return self.next_lazy(of, span) };
                while let Some(item) = self.next_lazy(of, span)? {
                    if !self.apply(&test, item.clone(), span)?.is_truthy() {
                        return Ok(Some(item));
                    }
                }
                Ok(None)
            }
            Chain::Enumerate(of, n) => {
                let Some(item) = self.next_lazy(of, span)? else { return Ok(None) };
                let nth = *n;
                *n = n.saturating_add(1);
                Ok(Some(Value::array(vec![Value::Int(nth), item])))
            }
            Chain::Zip(of, others) => {
                let Some(first) = self.next_lazy(of, span)? else { return Ok(None) };
                let mut tuple = vec![first];
                for other in others {
                    let Some(item) = self.next_of(other, span)? else { return Ok(None) };
                    tuple.push(item);
                }
                Ok(Some(Value::array(tuple)))
            }
            Chain::Then(of, rest) => {
                if let Some(first) = of {
                    let item = self.next_lazy(first, span)?;
                    if item.is_some() {
                        return Ok(item);
                    }
                    *of = None;
                }
                self.next_of(rest, span)
            }
            Chain::FlatMap(of, f, inner) => loop {
                if let Some(items) = inner
                    && let Some(item) = self.next_of(items, span)?
                {
                    return Ok(Some(item));
                }
                *inner = None;
                let Some(item) = self.next_lazy(of, span)? else { return Ok(None) };
                let items = self.apply(f, item, span)?;
                *inner = Some(self.iterate(&items, span)?);
            },
            Chain::Chunk(of, size) => {
                let mut items = Vec::new();
                while items.len() < *size {
                    let Some(item) = self.next_lazy(of, span)? else { break };
                    items.push(item);
                }
                Ok((!items.is_empty()).then(|| Value::array(items)))
            }
            Chain::Running | Chain::Ended => Ok(None),
        }
    }

    fn apply(&mut self, f: &Value<'p>, item: Value<'p>, span: Span) -> Eval<'p> {
        self.call(f.clone(), Args::of(vec![item]), span)
    }
}
