//! Between the types of the host and the values of a script.
//!
//! [`FromValue`] looks at a value and makes something of it; [`IntoValue`] makes a value. Numbers are checked, never cut off;
//! what does not fit is an error that says what was expected and what came.

mod args;
mod from;
mod into;

use remora_diagnostics::Code;
use remora_vm::host::{self, HostCx};
use remora_vm::object::Refused;
use remora_vm::{Fault, Res, Value as Raw};

pub use self::args::IntoArgs;
use crate::ctx::Ctx;
use crate::{Error, Value, ValueRef};

/// A type of the host that values of a script become.
pub trait FromValue: Sized {
    /// What a script calls it, for messages and signatures: `int`, `string`, `array`.
    const TYPE: &'static str;

    /// Whether there is one where a script gives none: `Option`.
    const OPTIONAL: bool = false;

    /// Looks at a value.
    ///
    /// # Errors
    /// A mismatch that says what does not fit.
    fn from_value(value: ValueRef<'_>) -> Result<Self, Mismatch>;
}

/// A type of the host that becomes a value of a script.
pub trait IntoValue: Sized {
    /// What a script calls it.
    const TYPE: &'static str = "any";

    /// Makes the value.
    ///
    /// # Errors
    /// R0020 for what no value can be, L0002 without memory for it.
    fn into_value(self, ctx: &mut Ctx<'_>) -> Result<Value, Error>;

    /// The same without a detour; counted for the caller.
    #[doc(hidden)]
    fn into_raw(self, ctx: &mut Ctx<'_>) -> Res<Raw> {
        self.into_value(ctx).map_err(Error::into_fault)?.to_raw(ctx)
    }

    /// Whether [`IntoValue::raw_of`] runs no code that could panic.
    #[doc(hidden)]
    const IS_PLAIN: bool = false;

    /// The same of one that stays where it is: a field that is read.
    #[doc(hidden)]
    fn raw_of(&self, ctx: &mut Ctx<'_>) -> Res<Raw>
    where
        Self: Clone,
    {
        self.clone().into_raw(ctx)
    }
}

/// A value that is not what was expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mismatch {
    expected: String,
    got: String,
    /// Which argument it is, if not the one that was asked for.
    place: Option<usize>,
    /// It would fit, but it cannot be looked at now.
    refused: Option<Refused>,
}

impl Mismatch {
    /// Expected that, in words, and got something of another kind.
    #[must_use]
    pub fn new(expected: &str, got: ValueRef<'_>) -> Self {
        Self {
            expected: expected.to_owned(),
            got: got.kind().to_owned(),
            place: None,
            refused: None,
        }
    }

    /// Expected something of that type, and got something of another kind.
    #[must_use]
    pub fn of<T: FromValue>(got: ValueRef<'_>) -> Self {
        Self::new(&with_article(T::TYPE), got)
    }

    /// Right in kind, but no such value.
    #[must_use]
    pub fn value(expected: &str, got: impl std::fmt::Display) -> Self {
        Self { expected: expected.to_owned(), got: got.to_string(), place: None, refused: None }
    }

    /// An object of the host that cannot be looked at.
    #[cold]
    pub(crate) fn refused(ty: &str, got: ValueRef<'_>, why: Refused) -> Self {
        let refused = Some(why).filter(|it| *it != Refused::OtherType);
        let expected = with_article(ty);
        Self { expected, got: got.kind().to_owned(), place: None, refused }
    }

    /// The same, said of a part: `element 3`, `field x`.
    #[must_use]
    pub fn within(self, part: &str) -> Self {
        Self { expected: format!("{} as {part}", self.expected), ..self }
    }

    /// The same, said of an argument that is one of the rest.
    pub(crate) fn of_rest(self, at: usize) -> Self {
        Self { place: Some(at), ..self }
    }

    /// The error for argument number `at`, from 0, of a function.
    #[cold]
    pub(crate) fn argument(self, cx: &HostCx<'_>, at: usize) -> Box<Fault> {
        let function = cx.name();
        let Self { expected, got, place, refused } = self;
        if let Some(why) = refused {
            return host::refused(&got, why);
        }
        let at = place.unwrap_or(at);
        let message = match (at + 1).checked_sub(cx.n_hidden()) {
            Some(0) => format!("{function} is a method of {expected}, not of {got}"),
            place => {
                let place = place.unwrap_or(at + 1);
                format!("{function} expects {expected} as argument {place}, got {got}")
            }
        };
        Fault::new(Code::R0004, message)
    }

    /// The error for a value that is assigned to a field.
    #[cold]
    pub(crate) fn field(self, ty: &str, field: &str) -> Box<Fault> {
        let Self { expected, got, refused, .. } = self;
        if let Some(why) = refused {
            return host::refused(&got, why);
        }
        Fault::new(Code::R0004, format!("{ty}.{field} expects {expected}, got {got}"))
    }

    /// The error for a result.
    #[cold]
    pub(crate) fn result(self, function: &str) -> Box<Fault> {
        let Self { expected, got, refused, .. } = self;
        if let Some(why) = refused {
            return host::refused(&got, why);
        }
        Fault::new(Code::R0004, format!("The host expects {expected} from {function}, got {got}"))
    }
}

impl std::fmt::Display for Mismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "expected {}, got {}", self.expected, self.got)
    }
}

impl std::error::Error for Mismatch {}

/// `an int`, `a string`; nothing before `any value`.
pub(crate) fn with_article(ty: &str) -> String {
    match ty.chars().next() {
        _ if ty == "any" => "a value".to_owned(),
        Some('a' | 'e' | 'i' | 'o' | 'u') => format!("an {ty}"),
        _ => format!("a {ty}"),
    }
}
