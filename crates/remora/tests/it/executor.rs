//! The smallest executor, and futures to try it with: no runtime is needed.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// Notes that it was woken.
#[derive(Default)]
pub(crate) struct Flag(AtomicBool);

impl Flag {
    pub(crate) fn take(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// Polls a future to its end; it must wake itself.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(Arc::clone(&flag));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        assert!(flag.take(), "nobody will wake it");
    }
}

/// Polls a future at most so often; its output if it came.
pub(crate) fn poll_times<F: Future>(future: F, times: usize) -> (Option<F::Output>, usize) {
    let mut context = Context::from_waker(Waker::noop());
    let mut future = pin!(future);
    for nth in 1..=times {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return (Some(output), nth);
        }
    }
    (None, times)
}

/// Is ready when it is polled so often, and counts those that live.
pub(crate) struct After {
    left: usize,
    alive: Arc<AtomicUsize>,
}

impl After {
    pub(crate) fn new(polls: usize, alive: &Arc<AtomicUsize>) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Self { left: polls, alive: Arc::clone(alive) }
    }
}

impl Drop for After {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Future for After {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<()> {
        if self.left == 0 {
            return Poll::Ready(());
        }
        self.left -= 1;
        task.waker().wake_by_ref();
        Poll::Pending
    }
}
