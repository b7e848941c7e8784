//! Functions of the host: any closure or `fn` with typed parameters and result.
//!
//! What a closure takes is read off its type: see [`Param`]. Up to eight parameters; before them one for [`Ctx`], if the
//! function wants it. Each closure becomes one function without any allocation of its own for a call.

/// Hands a macro the parameters of functions, with their places: from none to eight.
macro_rules! for_arities {
    ($implement:ident) => {
        $implement! {
            ;
            A 0;
            A 0, B 1;
            A 0, B 1, C 2;
            A 0, B 1, C 2, D 3;
            A 0, B 1, C 2, D 3, E 4;
            A 0, B 1, C 2, D 3, E 4, F 5;
            A 0, B 1, C 2, D 3, E 4, F 5, G 6;
            A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7;
        }
    };
}

mod later;
mod param;
mod reply;

use remora_vm::Res;
use remora_vm::Value as Raw;
use remora_vm::host::{Args, HostCall, HostCx};

pub use self::later::AsyncHostFunction;
#[doc(hidden)]
pub use self::param::ParamShape;
pub use self::param::{Param, Rest};
pub(crate) use self::param::{argument, describe};
pub use self::reply::IntoReply;
use crate::ctx::Ctx;

/// A closure or `fn` of the host that a script can call; `Marker` is found by the compiler.
///
/// Implemented for `Fn(A, B, …) -> R` and `Fn(&mut Ctx, A, B, …) -> R` where the parameters are [`Param`]s and the result
/// is an [`IntoReply`].
pub trait HostFunction<Marker>: Send + Sync + 'static {
    /// What stands behind the name in its signature.
    #[doc(hidden)]
    fn signature() -> String;

    #[doc(hidden)]
    fn into_call(self) -> HostCall;
}

/// Marks functions that take a [`Ctx`] first.
#[derive(Debug)]
pub struct WithCtx;

macro_rules! functions {
    ($($($name:ident $at:literal),*;)*) => {$(
        impl<Func, R, $($name,)*> HostFunction<(R, $($name,)*)> for Func
        where
            $($name: Param,)*
            R: IntoReply,
            Func: Fn($($name),*) -> R + Send + Sync + 'static,
            Func: for<'a> Fn($($name::Item<'a>),*) -> R,
        {
            fn signature() -> String {
                describe(&[$(ParamShape::of::<$name>()),*], R::TYPE)
            }

            #[allow(unused_variables, reason = "functions without parameters read none")]
            #[allow(non_snake_case, reason = "parameters are called like their types")]
            fn into_call(self) -> HostCall {
                HostCall::Now(Box::new(move |cx: &mut HostCx<'_>, args: Args<'_>| -> Res<Raw> {
                    $(let mut $name = hold::<$name>(&args, $at, cx)?;)*
                    let reply = self($($name::lend(&mut $name)),*);
                    finish(reply, cx)
                }))
            }
        }

        impl<Func, R, $($name,)*> HostFunction<(WithCtx, R, $($name,)*)> for Func
        where
            $($name: Param,)*
            R: IntoReply,
            Func: Fn(&mut Ctx<'_>, $($name),*) -> R + Send + Sync + 'static,
            Func: for<'a, 'b, 'c> Fn(&'b mut Ctx<'c>, $($name::Item<'a>),*) -> R,
        {
            fn signature() -> String {
                describe(&[$(ParamShape::of::<$name>()),*], R::TYPE)
            }

            #[allow(unused_variables, reason = "functions without parameters read none")]
            #[allow(non_snake_case, reason = "parameters are called like their types")]
            fn into_call(self) -> HostCall {
                HostCall::Now(Box::new(move |cx: &mut HostCx<'_>, args: Args<'_>| -> Res<Raw> {
                    $(let mut $name = hold::<$name>(&args, $at, cx)?;)*
                    let reply = self(&mut Ctx::new(cx.lend()), $($name::lend(&mut $name)),*);
                    finish(reply, cx)
                }))
            }
        }
    )*};
}

/// What an argument is held as during a call.
#[doc(hidden)]
#[inline]
pub fn hold<'a, P: Param>(args: &'a Args<'_>, at: usize, cx: &HostCx<'_>) -> Res<P::Held<'a>> {
    P::hold(args, at, cx).map_err(|it| it.argument(cx, at))
}

/// Makes a value of what a function has given, and gives up the handles that it has dropped.
#[doc(hidden)]
#[inline]
pub fn finish<R: IntoReply>(reply: R, cx: &mut HostCx<'_>) -> Res<Raw> {
    let made = reply.into_reply(&mut Ctx::new(cx.lend()));
    cx.host.handles.sweep(cx.heap);
    made
}

for_arities!(functions);
