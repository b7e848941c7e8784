//! Request variables: what probes of one request tell each other.
//!
//! Each task or thread has one ambient request. Values are shared and copied on the first write, so a task that was given
//! a copy of its parent's request sees what was there and never what is written elsewhere: tasks cannot race.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::capture::Captured;
use crate::sample;
use crate::sync::thread_local;

/// A name and what was kept under it.
type Variable = (Arc<str>, Arc<Captured>);

/// Most variables of one request.
const MAX_VARIABLES: usize = 64;

thread_local! {
    static AMBIENT: RefCell<Request> = const { RefCell::new(Request::none()) };
}

/// The variables of a request, and the number that decides about its sampling.
#[derive(Clone, Debug, Default)]
pub struct Request {
    #[expect(clippy::rc_buffer, reason = "it is copied on the first write, and then grows")]
    variables: Option<Arc<Vec<Variable>>>,
    lot: Option<u64>,
}

impl Request {
    /// No request: sampling is decided for each hit.
    #[must_use]
    pub const fn none() -> Self {
        Self { variables: None, lot: None }
    }

    /// A new request. Its lot is drawn once: all probes that it meets agree whether it is sampled.
    #[must_use]
    pub fn new() -> Self {
        Self { variables: None, lot: Some(sample::random()) }
    }

    /// A request whose lot follows from a number, such as a trace id: the same in each process that it passes.
    #[must_use]
    pub fn with_id(id: u64) -> Self {
        Self { variables: None, lot: Some(sample::mix(id)) }
    }

    /// The request of this thread or task.
    #[must_use]
    pub fn current() -> Self {
        AMBIENT.with(|it| it.borrow().clone())
    }

    /// Runs `body` within this request; the one before is back afterwards, also if it panics.
    pub fn scope<R>(self, body: impl FnOnce() -> R) -> R {
        let _back = Back(swap(self));
        body()
    }

    /// The future within this request, on whichever thread it is polled.
    pub fn follow<F: Future>(self, future: F) -> Following<F> {
        Following { request: self, future: Box::pin(future) }
    }

    pub(crate) fn lot(&self) -> u64 {
        self.lot.unwrap_or_else(sample::random)
    }

    /// A variable; `None` if it was never set.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<&Arc<Captured>> {
        self.variables.as_ref()?.iter().find(|it| &*it.0 == name).map(|it| &it.1)
    }

    /// Sets a variable. Gives false if there are too many already.
    pub(crate) fn set(&mut self, name: &Arc<str>, value: Captured) -> bool {
        let variables = Arc::make_mut(self.variables.get_or_insert_default());
        let is_full = variables.len() >= MAX_VARIABLES;
        match variables.iter_mut().find(|it| it.0 == *name) {
            Some(known) => known.1 = Arc::new(value),
            None if is_full => return false,
            None => variables.push((Arc::clone(name), Arc::new(value))),
        }
        true
    }
}

/// Puts a request in the place of the ambient one.
pub(crate) fn swap(request: Request) -> Request {
    AMBIENT.try_with(|it| it.replace(request)).unwrap_or_default()
}

/// Puts the request back that was there before.
struct Back(Request);

impl Drop for Back {
    fn drop(&mut self) {
        swap(std::mem::take(&mut self.0));
    }
}

/// A future that runs within a request.
#[derive(Debug)]
pub struct Following<F> {
    request: Request,
    future: Pin<Box<F>>,
}

impl<F: Future> Future for Following<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let outer = swap(std::mem::take(&mut self.request));
        let back = Back(outer);
        let polled = self.future.as_mut().poll(context);
        // What the future has set is kept for its next turn.
        self.request = Request::current();
        drop(back);
        polled
    }
}
