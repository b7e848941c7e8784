//! Futures that the embedder's async functions give: what a program waits for, with the way from its output to a value.
//!
//! One allocation for each call: the future and the conversion stand in one box.
#![expect(unsafe_code, reason = "pins a future where it stands in its box")]

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::HostCx;
use super::call::panicked;
use crate::fault::Res;
use crate::value::Value;

/// A future of the embedder whose output becomes a value.
pub trait HostFuture: Send {
    /// As [`Future::poll`], with what it takes to make a value.
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>, cx: &mut HostCx<'_>) -> Poll<Res<Value>>;
}

/// A future whose output `convert` makes a value of.
pub fn future<F, C>(future: F, convert: C) -> Pin<Box<dyn HostFuture>>
where
    F: Future + Send + 'static,
    C: Fn(F::Output, &mut HostCx<'_>) -> Res<Value> + Send + 'static,
{
    Box::pin(Converted { future, convert })
}

/// Polls such a future; if it panics, that is a fault. It must not be polled again after it is ready.
pub(crate) fn poll(
    future: Pin<&mut dyn HostFuture>,
    task: &mut Context<'_>,
    cx: &mut HostCx<'_>,
) -> Poll<Res<Value>> {
    match catch_unwind(AssertUnwindSafe(|| future.poll(task, cx))) {
        Ok(polled) => polled,
        Err(panic) => Poll::Ready(Err(panicked(cx.name(), &*panic))),
    }
}

struct Converted<F, C> {
    future: F,
    convert: C,
}

impl<F, C> HostFuture for Converted<F, C>
where
    F: Future + Send,
    C: Fn(F::Output, &mut HostCx<'_>) -> Res<Value> + Send,
{
    fn poll(self: Pin<&mut Self>, task: &mut Context<'_>, cx: &mut HostCx<'_>) -> Poll<Res<Value>> {
        // SAFETY: nothing is moved out of it: `future` is only pinned again, `convert` only looked at.
        let this = unsafe { self.get_unchecked_mut() };
        // SAFETY: it is pinned because the whole is, and nothing moves it: there is no `Drop` or `Unpin` of our own.
        let future = unsafe { Pin::new_unchecked(&mut this.future) };
        match future.poll(task) {
            Poll::Ready(output) => Poll::Ready((this.convert)(output, cx)),
            Poll::Pending => Poll::Pending,
        }
    }
}
