//! How async runs wait for a time.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

/// A future that is ready when a time has gone by.
pub(crate) type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Makes futures that are ready when a time has gone by: those of the runtime that the host uses, such as
/// `Timer::new(tokio::time::sleep)`. Goes into [`crate::Settings::timer`].
///
/// Without one, a run that sleeps keeps its executor awake: it blocks the thread for up to a millisecond each time that it
/// is polled, and asks to be polled again. That is right for tests and small tools, and wasteful for servers.
#[derive(Clone)]
pub struct Timer(Arc<dyn Fn(Duration) -> Sleep + Send + Sync>);

impl Timer {
    /// A timer that uses such futures.
    #[must_use]
    pub fn new<F>(sleep: impl Fn(Duration) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self(Arc::new(move |time| Box::pin(sleep(time))))
    }

    pub(crate) fn sleep(&self, time: Duration) -> Sleep {
        (self.0)(time)
    }
}

impl std::fmt::Debug for Timer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Timer").finish_non_exhaustive()
    }
}
