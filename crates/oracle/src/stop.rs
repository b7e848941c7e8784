//! Why evaluation does not go on with the next statement.

use std::rc::Rc;

use remora_diagnostics::{Advice, Code, CodeFamily, Span};

use crate::value::{Closure, ErrorValue, Value};

/// A result of evaluating something.
pub(crate) type Eval<'p, T = Value<'p>> = Result<T, Stop<'p>>;

/// What leaves the current statement early.
#[derive(Debug)]
pub(crate) enum Stop<'p> {
    /// `break`, to the loop of that label.
    Break(Option<&'p str>),
    /// `continue`, to the loop of that label.
    Continue(Option<&'p str>),
    /// `return`, and `?` on an Err or None.
    Return(Value<'p>),
    /// `return f(x)`: the caller of this function makes the call in its place.
    TailCall(Box<TailCall<'p>>),
    /// A thrown error, or a limit.
    Throw(Rc<ErrorValue<'p>>),
    /// `exit(n)`.
    Exit(i32),
    /// Nobody can resume what runs here: it is left without running anything more.
    Abandoned,
}

/// A call that replaces the one that asks for it.
#[derive(Debug)]
pub(crate) struct TailCall<'p> {
    pub(crate) callee: Rc<Closure<'p>>,
    pub(crate) args: Args<'p>,
    pub(crate) span: Span,
}

impl<'p> Stop<'p> {
    /// The error, if it is one that `except` catches.
    pub(crate) fn caught(&self) -> Option<&Rc<ErrorValue<'p>>> {
        match self {
            Self::Throw(error) if error.code.family() != CodeFamily::Limit => Some(error),
            _ => None,
        }
    }

    /// Limits, `exit`, and being abandoned: nothing more is run on the way out.
    pub(crate) fn ends_program(&self) -> bool {
        match self {
            Self::Throw(error) => error.code.family() == CodeFamily::Limit,
            Self::Exit(_) | Self::Abandoned => true,
            _ => false,
        }
    }
}

/// Evaluated arguments of a call.
#[derive(Clone, Default, Debug)]
pub(crate) struct Args<'p> {
    pub(crate) positional: Vec<Value<'p>>,
    pub(crate) named: Vec<(&'p str, Value<'p>)>,
}

impl<'p> Args<'p> {
    pub(crate) fn of(positional: Vec<Value<'p>>) -> Self {
        Self { positional, named: Vec::new() }
    }
}

/// An error that does not know yet where it happened.
#[derive(Debug)]
pub(crate) struct Raise {
    pub(crate) code: Code,
    pub(crate) message: String,
    /// What people are told besides.
    pub(crate) advice: Advice,
}

impl Raise {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), advice: Advice::default() }
    }

    pub(crate) fn advised(self, advice: Advice) -> Self {
        Self { advice, ..self }
    }
}
