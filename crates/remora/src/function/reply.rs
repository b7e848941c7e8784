//! What functions of the host give.

use remora_vm::{Fault, Res, Value as Raw};

use crate::Error;
use crate::convert::IntoValue;
use crate::ctx::Ctx;

/// What a function of the host may give: a value, or a `Result` whose error becomes one of the script.
///
/// The script sees the error's text as `e.message`, with the code R0026; who calls the script finds the error itself as
/// [`std::error::Error::source`] of [`Error`], with all that it has behind it.
pub trait IntoReply {
    #[doc(hidden)]
    const TYPE: &'static str;

    #[doc(hidden)]
    fn into_reply(self, ctx: &mut Ctx<'_>) -> Res<Raw>;
}

impl<T: IntoValue> IntoReply for T {
    const TYPE: &'static str = T::TYPE;

    #[inline]
    fn into_reply(self, ctx: &mut Ctx<'_>) -> Res<Raw> {
        self.into_raw(ctx)
    }
}

impl<T, E> IntoReply for Result<T, E>
where
    T: IntoValue,
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    const TYPE: &'static str = T::TYPE;

    #[inline]
    fn into_reply(self, ctx: &mut Ctx<'_>) -> Res<Raw> {
        match self {
            Ok(value) => value.into_raw(ctx),
            Err(error) => Err(fault(error.into())),
        }
    }
}

/// An error of the host; one of ours stays what it is.
#[cold]
fn fault(error: Box<dyn std::error::Error + Send + Sync>) -> Box<Fault> {
    match error.downcast::<Error>() {
        Ok(own) => own.into_fault(),
        Err(error) => Fault::of_host(error),
    }
}
