//! Errors: what is thrown, travels up the calls, and is caught as a value.

use std::rc::Rc;

use remora_diagnostics::{Advice, Code, Span};

use super::Boxed;

/// A thrown error with all that is known of it.
#[derive(Clone, Debug)]
pub(crate) struct ErrorValue<'p> {
    pub(crate) code: Code,
    pub(crate) message: Rc<str>,
    /// The module where it was thrown, and where in it.
    pub(crate) module: usize,
    pub(crate) span: Span,
    /// The line of `span`, from 1.
    pub(crate) line: i64,
    /// Names of the functions that were running, and where each was called, outermost first.
    pub(crate) stack: Vec<(&'p str, Span, usize)>,
    /// What people are told besides the message.
    pub(crate) advice: Advice,
    /// What was given to `throw`; null for errors of the language itself.
    pub(crate) thrown: Boxed<'p>,
    /// The error that was being handled when this one was thrown.
    pub(crate) cause: Option<Rc<ErrorValue<'p>>>,
}
