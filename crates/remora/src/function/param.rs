//! Parameters of functions of the host.

use std::borrow::Cow;
use std::ops::Deref;

use remora_vm::host::{Args, HostCx};

use crate::ValueRef;
use crate::convert::{FromValue, Mismatch};

/// A parameter of a function of the host: whatever is [`FromValue`], `&str` and `&[u8]` borrowed for the call, and [`Rest`].
///
/// An `Option` may be left out by the script; so may only what follows it be.
pub trait Param {
    /// The type, borrowed for as long as the call.
    type Item<'a>;

    #[doc(hidden)]
    const TYPE: &'static str;

    #[doc(hidden)]
    const KIND: ParamKind = ParamKind::Required;

    /// What is held during the call, so that the item can be lent from it.
    #[doc(hidden)]
    type Held<'a>;

    #[doc(hidden)]
    fn hold<'a>(args: &'a Args<'_>, at: usize, cx: &HostCx<'_>)
    -> Result<Self::Held<'a>, Mismatch>;

    #[doc(hidden)]
    fn lend<'a>(held: &'a mut Self::Held<'_>) -> Self::Item<'a>;
}

/// How many arguments a parameter takes.
#[doc(hidden)]
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParamKind {
    Required,
    Optional,
    Rest,
}

/// All arguments that are left: the last parameter of a function.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Rest<T>(pub Vec<T>);

impl<T> Deref for Rest<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T> IntoIterator for Rest<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[inline]
pub(crate) fn argument<'a>(args: &Args<'_>, at: usize, cx: &'a HostCx<'_>) -> ValueRef<'a> {
    ValueRef::new(cx.heap, &cx.host.handles, args.peek(at))
}

impl<T: FromValue> Param for T {
    type Item<'a> = T;
    type Held<'a> = Option<T>;
    const TYPE: &'static str = T::TYPE;
    const KIND: ParamKind = if T::OPTIONAL { ParamKind::Optional } else { ParamKind::Required };

    #[inline]
    fn hold(args: &Args<'_>, at: usize, cx: &HostCx<'_>) -> Result<Option<T>, Mismatch> {
        T::from_value(argument(args, at, cx)).map(Some)
    }

    #[inline]
    fn lend(held: &mut Option<T>) -> T {
        match held.take() {
            Some(it) => it,
            None => unreachable!("lent once"),
        }
    }
}

impl Param for &str {
    type Item<'a> = &'a str;
    type Held<'a> = &'a str;
    const TYPE: &'static str = "string";

    #[inline]
    fn lend<'a>(held: &'a mut &str) -> &'a str {
        held
    }

    #[inline]
    fn hold<'a>(args: &'a Args<'_>, at: usize, cx: &HostCx<'_>) -> Result<&'a str, Mismatch> {
        args.str(at).ok_or_else(|| Mismatch::new("a string", argument(args, at, cx)))
    }
}

/// Null and `None` are nothing; `Some(text)`, which is copied, and a text are something.
impl Param for Option<&str> {
    type Item<'a> = Option<&'a str>;
    type Held<'a> = Option<Cow<'a, str>>;
    const TYPE: &'static str = "string";
    const KIND: ParamKind = ParamKind::Optional;

    fn lend<'a>(held: &'a mut Option<Cow<'_, str>>) -> Option<&'a str> {
        held.as_deref()
    }

    fn hold<'a>(
        args: &'a Args<'_>,
        at: usize,
        cx: &HostCx<'_>,
    ) -> Result<Option<Cow<'a, str>>, Mismatch> {
        match args.str(at) {
            Some(text) => Ok(Some(Cow::Borrowed(text))),
            None => Ok(Option::<String>::from_value(argument(args, at, cx))?.map(Cow::Owned)),
        }
    }
}

impl Param for &[u8] {
    type Item<'a> = &'a [u8];
    type Held<'a> = &'a [u8];
    const TYPE: &'static str = "bytes";

    fn lend<'a>(held: &'a mut &[u8]) -> &'a [u8] {
        held
    }

    fn hold<'a>(args: &'a Args<'_>, at: usize, cx: &HostCx<'_>) -> Result<&'a [u8], Mismatch> {
        args.bytes(at).ok_or_else(|| Mismatch::new("bytes", argument(args, at, cx)))
    }
}

impl<T: FromValue> Param for Rest<T> {
    type Item<'a> = Rest<T>;
    type Held<'a> = Rest<T>;
    const TYPE: &'static str = T::TYPE;
    const KIND: ParamKind = ParamKind::Rest;

    fn lend(held: &mut Self) -> Self {
        Self(std::mem::take(&mut held.0))
    }

    fn hold(args: &Args<'_>, at: usize, cx: &HostCx<'_>) -> Result<Self, Mismatch> {
        let rest = at..args.len().max(at);
        let read = |nth| T::from_value(argument(args, nth, cx)).map_err(|it| it.of_rest(nth));
        rest.map(read).collect::<Result<_, _>>().map(Rest)
    }
}

/// A parameter, as a signature shows it.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct ParamShape {
    kind: ParamKind,
    ty: &'static str,
}

impl ParamShape {
    /// That of a type.
    #[must_use]
    pub const fn of<P: Param>() -> Self {
        Self { kind: P::KIND, ty: P::TYPE }
    }
}

/// What stands behind the name in a signature.
pub(crate) fn describe(params: &[ParamShape], result: &str) -> String {
    // What is required makes all before it required.
    let last = params.iter().rposition(|it| it.kind == ParamKind::Required);
    let one = |(at, param): (usize, &ParamShape)| {
        let (name, ty) = (char::from(b'a' + u8::try_from(at).unwrap_or(25)), param.ty);
        match param.kind {
            ParamKind::Rest => format!("...{name}: {ty}"),
            ParamKind::Optional if last.is_none_or(|last| at > last) => format!("{name}?: {ty}"),
            ParamKind::Optional | ParamKind::Required => format!("{name}: {ty}"),
        }
    };
    let params: Vec<String> = params.iter().enumerate().map(one).collect();
    format!("({}) -> {result}", params.join(", "))
}
