//! Recorded values: copies of what the host had, cut to limits and with secrets left out.

use std::sync::Arc;

use crate::dispatcher::{Dispatcher, Shape};
use crate::redact::Redactor;
use crate::value::Value;

/// A copy of a value of the host.
#[derive(Clone, PartialEq, Debug)]
pub enum Captured {
    /// `None`
    None,
    /// A bool.
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
    /// A text.
    Text(Arc<str>),
    /// A text of which that many bytes are left out.
    CutText(Arc<str>, usize),
    /// Elements.
    List(Vec<Self>),
    /// Keys with their values.
    Map(Vec<(Arc<str>, Self)>),
    /// Something that is no data, by a name for it.
    Opaque(Arc<str>),
    /// Left out because of a limit; stands for that many elements.
    Cut(usize),
    /// Left out because of the rules of redaction.
    Redacted,
    /// Why there is no value.
    Error(Arc<str>),
}

/// How much of one value is recorded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CaptureLimits {
    /// How deep collections are followed.
    pub depth: usize,
    /// Elements of one collection.
    pub elements: usize,
    /// Values in all.
    pub nodes: usize,
    /// Bytes of one text.
    pub text: usize,
    /// Bytes in all.
    pub bytes: usize,
}

impl Default for CaptureLimits {
    fn default() -> Self {
        Self { depth: 4, elements: 32, nodes: 256, text: 1_024, bytes: 8_192 }
    }
}

impl CaptureLimits {
    /// How often the host is asked at most while one value is recorded.
    pub(crate) const fn max_host_calls(&self) -> u64 {
        2 * self.nodes as u64 + 2
    }
}

/// What one value counts beside its text.
const NODE: usize = 16;

/// What is left of the limits while one value is recorded, and what it has cost.
#[derive(Debug)]
pub(crate) struct Capturer<'a> {
    limits: &'a CaptureLimits,
    redactor: &'a Redactor,
    nodes: usize,
    bytes: usize,
    /// How often the host was asked.
    pub(crate) host_calls: u64,
}

impl<'a> Capturer<'a> {
    pub(crate) const fn new(limits: &'a CaptureLimits, redactor: &'a Redactor) -> Self {
        Self { limits, redactor, nodes: limits.nodes, bytes: limits.bytes, host_calls: 0 }
    }

    /// Bytes that were recorded.
    pub(crate) const fn spent(&self) -> usize {
        self.limits.bytes - self.bytes
    }

    fn charge(&mut self, bytes: usize) -> bool {
        match self.bytes.checked_sub(bytes) {
            Some(left) => {
                self.bytes = left;
                true
            }
            None => false,
        }
    }

    /// A copy of the value. Never fails: what cannot be had is recorded as an error.
    pub(crate) fn value<D: Dispatcher>(
        &mut self,
        host: &mut D,
        value: Value<D::Object>,
    ) -> Captured {
        self.at_depth(host, value, 0)
    }

    fn at_depth<D: Dispatcher>(
        &mut self,
        host: &mut D,
        value: Value<D::Object>,
        depth: usize,
    ) -> Captured {
        let Some(nodes) = self.nodes.checked_sub(1).filter(|_| self.bytes >= NODE) else {
            return Captured::Cut(1);
        };
        self.nodes = nodes;
        self.bytes -= NODE;
        match value {
            Value::None => Captured::None,
            Value::Bool(value) => Captured::Bool(value),
            Value::Int(value) => Captured::Int(value),
            Value::Float(value) => Captured::Float(value),
            Value::Text(text) => self.text(&text, Captured::Text),
            Value::Kept(kept) => self.kept(&kept),
            Value::Request => Captured::Opaque("request".into()),
            Value::Redacted => Captured::Redacted,
            Value::Failed(message) => self.text(&message, Captured::Error),
            Value::Object(object) => self.object(host, &object, depth),
        }
    }

    fn text(&mut self, text: &str, make: impl FnOnce(Arc<str>) -> Captured) -> Captured {
        if self.redactor.hides_text(text) {
            return Captured::Redacted;
        }
        let most = self.limits.text.min(self.bytes);
        let end = text.floor_char_boundary(most.min(text.len()));
        self.bytes -= end;
        if end == text.len() {
            make(text.into())
        } else {
            Captured::CutText(text[..end].into(), text.len() - end)
        }
    }

    /// A recorded value again: it was within limits once, so only its size counts.
    fn kept(&mut self, kept: &Captured) -> Captured {
        match kept {
            Captured::Text(text) => self.text(text, Captured::Text),
            other if self.charge(other.size()) => other.clone(),
            _ => Captured::Cut(1),
        }
    }

    fn object<D: Dispatcher>(
        &mut self,
        host: &mut D,
        object: &D::Object,
        depth: usize,
    ) -> Captured {
        self.host_calls += 1;
        let shape = match host.shape(object) {
            Ok(Shape::Text(text)) => return self.text(text, Captured::Text),
            Ok(Shape::Opaque(name)) => return self.text(name, Captured::Opaque),
            Ok(shape @ (Shape::List(_) | Shape::Map(_))) => shape,
            Err(fault) => return self.text(&fault.to_string(), Captured::Error),
        };
        let (len, is_map) = match shape {
            Shape::Map(len) => (len, true),
            Shape::List(len) => (len, false),
            Shape::Text(_) | Shape::Opaque(_) => (0, false),
        };
        if depth >= self.limits.depth {
            return Captured::Cut(len);
        }
        let taken = len.min(self.limits.elements).min(self.nodes);
        if is_map {
            return self.map(host, object, depth, (len, taken));
        }
        let mut list = Vec::with_capacity(taken);
        for nth in 0..taken {
            if self.nodes == 0 || self.bytes < NODE {
                break;
            }
            self.host_calls += 1;
            let item = match host.element(object, nth) {
                Ok(item) => item,
                Err(fault) => Value::Failed(fault.to_string().into()),
            };
            list.push(self.at_depth(host, item, depth + 1));
        }
        if list.len() < len {
            list.push(Captured::Cut(len - list.len()));
        }
        Captured::List(list)
    }

    fn map<D: Dispatcher>(
        &mut self,
        host: &mut D,
        object: &D::Object,
        depth: usize,
        (len, taken): (usize, usize),
    ) -> Captured {
        let mut map = Vec::with_capacity(taken);
        for nth in 0..taken {
            if self.nodes == 0 || self.bytes < NODE {
                break;
            }
            self.host_calls += 1;
            let (key, value) = match host.entry(object, nth) {
                Ok(entry) => entry,
                Err(fault) => ("?".into(), Value::Failed(fault.to_string().into())),
            };
            let end = key.floor_char_boundary(key.len().min(self.limits.text));
            if !self.charge(end) {
                break;
            }
            let hidden = self.redactor.hides_name(&key);
            let value = if hidden { Value::Redacted } else { value };
            let key = if end == key.len() { key } else { key[..end].into() };
            map.push((key, self.at_depth(host, value, depth + 1)));
        }
        if map.len() < len {
            map.push(("…".into(), Captured::Cut(len - map.len())));
        }
        Captured::Map(map)
    }
}

impl Captured {
    /// What a probe sees of it.
    #[must_use]
    pub fn to_value<O>(self: &Arc<Self>) -> Value<O> {
        crate::places::from_kept(self)
    }

    /// Bytes that it counts.
    fn size(&self) -> usize {
        NODE + match self {
            Self::None | Self::Bool(_) | Self::Int(_) | Self::Float(_) => 0,
            Self::Cut(_) | Self::Redacted => 0,
            Self::Text(text) | Self::CutText(text, _) | Self::Opaque(text) | Self::Error(text) => {
                text.len()
            }
            Self::List(items) => items.iter().map(Self::size).sum(),
            Self::Map(items) => items.iter().map(|it| it.0.len() + it.1.size()).sum(),
        }
    }
}
