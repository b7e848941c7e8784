//! Values of a running probe. What is of the host stays a handle: an object that is only compared is never copied.

use std::borrow::Cow;
use std::sync::Arc;

use remora_diagnostics::Code;

use crate::capture::Captured;

/// A value of a running probe; `O` is how the host names its objects.
#[derive(Clone, Debug)]
pub enum Value<O> {
    /// `None`
    None,
    /// `True`, `False`
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
    /// Text of the probe itself.
    Text(Arc<str>),
    /// Anything of the host, its texts included.
    Object(O),
    /// Something recorded earlier: a request variable.
    Kept(Arc<Captured>),
    /// `$req`
    Request,
    /// Something that the rules of redaction withhold.
    Redacted,
    /// What stands for a value that could not be had, in a capture.
    Failed(Arc<str>),
}

impl<O> Value<O> {
    /// What kind of value it is, for messages.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Bool(_) => "a bool",
            Self::Int(_) => "an int",
            Self::Float(_) => "a float",
            Self::Text(_) => "a text",
            Self::Object(_) => "an object",
            Self::Kept(_) => "a recorded value",
            Self::Request => "the request",
            Self::Redacted => "a redacted value",
            Self::Failed(_) => "an error",
        }
    }

    /// None, false, zero, NaN and the empty text are false; anything else is true, also an empty list of the host.
    #[must_use]
    pub fn truth(&self) -> bool {
        match self {
            Self::None | Self::Failed(_) => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0 && !value.is_nan(),
            Self::Text(text) => !text.is_empty(),
            Self::Object(_) | Self::Kept(_) | Self::Request | Self::Redacted => true,
        }
    }
}

/// Why an operation of a probe has no result. A predicate with one does not hold; a capture records it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Which kind of error, one of the language's own where it has one.
    pub code: Code,
    /// What is wrong, in words.
    pub message: Cow<'static, str>,
}

impl Fault {
    /// An error without an allocation.
    #[must_use]
    pub const fn new(code: Code, message: &'static str) -> Self {
        Self { code, message: Cow::Borrowed(message) }
    }

    /// What a host says when it cannot answer.
    #[must_use]
    pub const fn host(message: &'static str) -> Self {
        Self::new(Code::R0026, message)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Fault {}
