//! What a host must be able to say: the one trait between probes and a running program.
//!
//! A host may answer whatever it likes: an error, another answer each time, an answer that does not fit what it said
//! before. It may even panic. A predicate that meets such an answer does not hold, a capture records it.

use std::sync::Arc;
use std::time::Duration;

use crate::value::{Fault, Value};

/// The kind of host that closures are compiled for.
pub trait Host: 'static {
    /// A handle of an object: cheap to copy, valid for the hit that it was given in.
    type Object: Clone + 'static;
    /// What answers during one hit; it borrows the arguments of the function at hand.
    type Dispatcher<'h>: Dispatcher<Object = Self::Object>;
}

/// What a host answers.
pub type Answer<O> = Result<Value<O>, Fault>;

/// What a host without objects says of one.
const NO_OBJECTS: Fault = Fault::host("this host has no objects");

/// Answers for one hit of a probe. A host that gives nothing but immediate values has [`Dispatcher::variable`] to write; what
/// asks about objects has answers that refuse.
pub trait Dispatcher {
    /// A handle of an object.
    type Object: Clone + 'static;

    /// The value of a variable. Immediate values (`None`, bools, ints, floats) are given as such, anything else as a handle.
    ///
    /// # Errors
    /// If there is none of that name here.
    fn variable(&mut self, variable: &Variable) -> Answer<Self::Object>;

    /// The attribute of that name.
    ///
    /// # Errors
    /// If the object has none.
    fn attribute(&mut self, _object: &Self::Object, _name: &str) -> Answer<Self::Object> {
        Err(NO_OBJECTS)
    }

    /// The element at an index, or the value of a key.
    ///
    /// # Errors
    /// If the object has none.
    fn item(&mut self, _object: &Self::Object, _key: &Value<Self::Object>) -> Answer<Self::Object> {
        Err(NO_OBJECTS)
    }

    /// What an object is made of.
    ///
    /// # Errors
    /// If it cannot be said.
    fn shape<'a>(&'a self, _object: &'a Self::Object) -> Result<Shape<'a>, Fault> {
        Err(NO_OBJECTS)
    }

    /// An element of an object that is a [`Shape::List`].
    ///
    /// # Errors
    /// If there is none.
    fn element(&mut self, _object: &Self::Object, _nth: usize) -> Answer<Self::Object> {
        Err(NO_OBJECTS)
    }

    /// A key of an object that is a [`Shape::Map`], as text, with its value.
    ///
    /// # Errors
    /// If there is none.
    fn entry(
        &mut self,
        _object: &Self::Object,
        _nth: usize,
    ) -> Result<(Arc<str>, Value<Self::Object>), Fault> {
        Err(NO_OBJECTS)
    }

    /// Whether two objects that are no texts are equal.
    ///
    /// # Errors
    /// If they cannot be compared.
    fn equal(&mut self, _left: &Self::Object, _right: &Self::Object) -> Result<bool, Fault> {
        Err(Fault::host("objects of this host cannot be compared"))
    }

    /// The name of the nth argument, where the host knows it: rules of redaction look at it.
    fn argument_name(&self, _nth: usize) -> Option<&str> {
        None
    }

    /// How long ago the function at hand was entered, at its exit.
    fn elapsed(&mut self) -> Option<Duration> {
        None
    }

    /// The name of the nth function that waits for the one at hand; 0 is that one.
    fn caller(&mut self, _nth: usize) -> Option<Arc<str>> {
        None
    }
}

/// What an object is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape<'a> {
    /// A text.
    Text(&'a str),
    /// That many elements.
    List(usize),
    /// That many keys with values.
    Map(usize),
    /// Something else, with a name for it.
    Opaque(&'a str),
}

/// Which variable is asked for. Made once, when a probe is compiled.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Variable {
    /// `args`
    Args,
    /// `arg0`, `arg1`, …
    Arg(usize),
    /// `kwargs`
    Kwargs,
    /// `self`
    Itself,
    /// `locals`
    Locals,
    /// `globals`
    Globals,
    /// `retval`
    Retval,
    /// `exception`
    Exception,
    /// An argument by its own name.
    Named(Arc<str>),
    /// `entry.x`: another variable as it was when the function was entered, at its exit.
    AtEntry(Box<Self>),
}

/// What the name of a variable begins with that is asked for as it was at the entry.
pub(crate) const ENTRY: &str = "entry.";

impl Variable {
    /// The variable that is written so.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        if let Some(name) = name.strip_prefix(ENTRY) {
            return Self::AtEntry(Box::new(Self::plain(name)));
        }
        Self::plain(name)
    }

    /// The same variable, as it is at the hit.
    #[must_use]
    pub fn now(&self) -> &Self {
        if let Self::AtEntry(it) = self { it } else { self }
    }

    fn plain(name: &str) -> Self {
        match name {
            "args" => Self::Args,
            "kwargs" => Self::Kwargs,
            "self" => Self::Itself,
            "locals" => Self::Locals,
            "globals" => Self::Globals,
            "retval" => Self::Retval,
            "exception" => Self::Exception,
            _ => {
                let number = name.strip_prefix("arg").filter(|it| {
                    it.bytes().all(|it| it.is_ascii_digit())
                        && (it.len() == 1 || !it.starts_with('0'))
                });
                match number.and_then(|it| it.parse().ok()) {
                    Some(nth) => Self::Arg(nth),
                    None => Self::Named(name.into()),
                }
            }
        }
    }
}
