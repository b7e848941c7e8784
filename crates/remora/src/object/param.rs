//! Objects as parameters of functions of the host: borrowed for the call.

use std::cell::{Ref, RefMut};

use remora_vm::host::{Args, HostCx};
use remora_vm::object::Refused;

use super::Object;
use crate::convert::Mismatch;
use crate::function::argument;

/// The object that an argument is, to look at.
///
/// # Errors
/// A mismatch, also if it is gone or in use.
#[inline]
pub fn read<'a, T: Object>(
    args: &'a Args<'_>,
    at: usize,
    cx: &HostCx<'_>,
) -> Result<Ref<'a, T>, Mismatch> {
    let found = args.object(at).ok_or(Refused::OtherType).and_then(|it| it.read());
    found.map_err(|why| Mismatch::refused(T::NAME, argument(args, at, cx), why))
}

/// The object that an argument is, to change it.
///
/// # Errors
/// As [`read`].
#[inline]
pub fn write<'a, T: Object>(
    args: &'a Args<'_>,
    at: usize,
    cx: &HostCx<'_>,
) -> Result<RefMut<'a, T>, Mismatch> {
    let found = args.object(at).ok_or(Refused::OtherType).and_then(|it| it.write());
    found.map_err(|why| Mismatch::refused(T::NAME, argument(args, at, cx), why))
}

/// Lets functions of the host take `&T` and `&mut T` for an [`Object`] of one's own, borrowed for the call. Part of
/// `#[derive(remora::Object)]`.
#[macro_export]
macro_rules! object_params {
    ($ty:ty) => {
        impl $crate::function::Param for &$ty {
            type Item<'a> = &'a $ty;
            type Held<'a> = ::std::cell::Ref<'a, $ty>;
            const TYPE: &'static str = <$ty as $crate::Object>::NAME;

            #[inline]
            fn hold<'a>(
                args: &'a $crate::__private::Args<'_>,
                at: usize,
                cx: &$crate::__private::HostCx<'_>,
            ) -> ::std::result::Result<Self::Held<'a>, $crate::Mismatch> {
                $crate::__private::read(args, at, cx)
            }

            #[inline]
            fn lend<'a>(held: &'a mut Self::Held<'_>) -> &'a $ty {
                held
            }
        }

        impl $crate::function::Param for &mut $ty {
            type Item<'a> = &'a mut $ty;
            type Held<'a> = ::std::cell::RefMut<'a, $ty>;
            const TYPE: &'static str = <$ty as $crate::Object>::NAME;

            #[inline]
            fn hold<'a>(
                args: &'a $crate::__private::Args<'_>,
                at: usize,
                cx: &$crate::__private::HostCx<'_>,
            ) -> ::std::result::Result<Self::Held<'a>, $crate::Mismatch> {
                $crate::__private::write(args, at, cx)
            }

            #[inline]
            fn lend<'a>(held: &'a mut Self::Held<'_>) -> &'a mut $ty {
                held
            }
        }
    };
}
