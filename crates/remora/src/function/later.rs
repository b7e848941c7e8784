//! Async functions of the host: the arguments are read at once, the future owns what it needs, the result is made when it
//! is ready.

use std::future::Future;

use remora_vm::Res;
use remora_vm::host::{Args, HostCall, HostCx, future};

use super::IntoReply;
use super::finish;
use super::param::{ParamShape, argument, describe};
use crate::convert::FromValue;

/// A closure or `async fn` of the host that a script waits for; `Marker` is found by the compiler.
///
/// Implemented for `Fn(A, B, …) -> impl Future<Output = R> + Send` where the parameters are owned: a program that waits may
/// be moved to another thread, or dropped.
pub trait AsyncHostFunction<Marker>: Send + Sync + 'static {
    /// What stands behind the name in its signature.
    #[doc(hidden)]
    fn signature() -> String;

    #[doc(hidden)]
    fn into_call(self) -> HostCall;
}

macro_rules! functions {
    ($($($name:ident $at:literal),*;)*) => {$(
        impl<Func, Fut, $($name,)*> AsyncHostFunction<(Fut, $($name,)*)> for Func
        where
            $($name: FromValue,)*
            Fut: Future + Send + 'static,
            Fut::Output: IntoReply,
            Func: Fn($($name),*) -> Fut + Send + Sync + 'static,
        {
            fn signature() -> String {
                describe(&[$(ParamShape::of::<$name>()),*], Fut::Output::TYPE)
            }

            #[allow(unused_variables, reason = "functions without parameters read none")]
            #[allow(non_snake_case, reason = "parameters are called like their types")]
            fn into_call(self) -> HostCall {
                HostCall::Later(Box::new(move |cx: &mut HostCx<'_>, args: Args<'_>| -> Res<_> {
                    $(let $name = $name::from_value(argument(&args, $at, cx))
                        .map_err(|it| it.argument(cx, $at))?;)*
                    Ok(future(self($($name),*), finish))
                }))
            }
        }
    )*};
}

for_arities!(functions);
