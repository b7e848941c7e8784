//! A caught error, as a script sees it.

use crate::fault::Fault;
use crate::limits::memory::Account;
use crate::value::Value;

/// What is behind a value of kind `error`. It owns one count of each of its values.
#[derive(Debug)]
pub struct ErrorObject {
    /// In the order of [`ErrorObject::MESSAGE`] and its neighbours.
    pub values: [Value; 5],
    /// `e.line`, from 1.
    pub line: u32,
    /// The fault it was made of, to throw it again as it was. Values in there are no counts of their own. Its bytes are on
    /// the heap's book while the object lives, so nothing may grow in it.
    pub origin: Option<Box<Fault>>,
}

impl ErrorObject {
    /// `e.message`, a string.
    pub const MESSAGE: usize = 0;
    /// `e.code`: a string, or what a thrown struct or dict has under that name.
    pub const CODE: usize = 1;
    /// `e.value`: what was thrown; the message for errors of the engine.
    pub const VALUE: usize = 2;
    /// `e.cause`: null, or the error that was being handled.
    pub const CAUSE: usize = 3;
    /// `e.stack`: an array of function names, outermost first.
    pub const STACK: usize = 4;

    /// What the fault it was made of takes.
    pub(crate) fn n_bytes_of_origin(&self) -> usize {
        self.origin.as_ref().map_or(0, |it| it.n_bytes())
    }

    /// Gives back room that nothing is in.
    pub(crate) fn shrink(&mut self) {
        if let Some(origin) = &mut self.origin {
            origin.shrink();
        }
    }

    /// Drops the fault it was made of.
    pub(crate) fn free(&mut self, account: &mut Account) {
        account.unbook(self.n_bytes_of_origin());
        self.origin = None;
    }

    /// `e.message`.
    #[must_use]
    pub const fn message(&self) -> Value {
        self.values[Self::MESSAGE]
    }

    /// `e.code`.
    #[must_use]
    pub const fn code(&self) -> Value {
        self.values[Self::CODE]
    }

    /// `e.value`.
    #[must_use]
    pub const fn value(&self) -> Value {
        self.values[Self::VALUE]
    }

    /// `e.cause`.
    #[must_use]
    pub const fn cause(&self) -> Value {
        self.values[Self::CAUSE]
    }

    /// `e.stack`.
    #[must_use]
    pub const fn stack(&self) -> Value {
        self.values[Self::STACK]
    }

    /// The property of that name; it keeps its count.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Value> {
        Some(match name {
            "message" => self.message(),
            "code" => self.code(),
            "value" => self.value(),
            "cause" => self.cause(),
            "stack" => self.stack(),
            "line" => Value::int(i64::from(self.line)),
            _ => return None,
        })
    }
}
