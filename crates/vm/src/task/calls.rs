//! The calls of async functions of the host that a run has open: several at once, one for each task that waits.
//!
//! A call is asked once where it is made: what is ready at once costs no suspension. Each of the others has a waker of its
//! own, so that an executor that wakes the run says which of them can go on: with two thousand open calls one wake costs one
//! poll, not two thousand. Wakers are kept for the next call in the same place.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use crate::fault::Res;
use crate::host::{Args, HostCx, HostFuture, Opened, dropped, poll};
use crate::object::TaskId;
use crate::value::{BuiltinId, Value};
use crate::vm::Vm;

/// Which calls have been woken, and who wakes the run.
#[derive(Debug, Default)]
struct Woken {
    places: Mutex<Vec<usize>>,
    /// Whether there are any, so that nobody takes the lock for nothing.
    any: AtomicBool,
    run: Mutex<Option<Waker>>,
}

/// What a mutex holds is whole at any moment here, so a panic elsewhere does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The waker of one place.
#[derive(Debug)]
struct Place {
    at: usize,
    is_woken: AtomicBool,
    woken: Arc<Woken>,
}

impl Wake for Place {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.is_woken.swap(true, Ordering::AcqRel) {
            lock(&self.woken.places).push(self.at);
            self.woken.any.store(true, Ordering::Release);
            let run = lock(&self.woken.run).clone();
            if let Some(run) = run {
                run.wake();
            }
        }
    }
}

/// A call that is open.
struct Open {
    task: TaskId,
    function: BuiltinId,
    future: Pin<Box<dyn HostFuture>>,
}

/// All that are.
#[derive(Default)]
pub(crate) struct Calls {
    open: Vec<Option<Open>>,
    places: Vec<(Arc<Place>, Waker)>,
    free: Vec<usize>,
    woken: Arc<Woken>,
    /// Empty: room for a list of the woken.
    spare: Vec<usize>,
}

impl Calls {
    /// Begins a call for a task, and asks it once: its result, or the task waits. Looks at the arguments.
    pub(crate) fn begin(
        &mut self,
        task: TaskId,
        function: BuiltinId,
        cx: &mut HostCx<'_>,
        args: Args<'_>,
    ) -> Poll<Res<Value>> {
        let at = match self.free.last() {
            Some(at) => *at,
            None => self.new_place(),
        };
        match cx.open(args, &mut Context::from_waker(&self.places[at].1)) {
            Ok(Opened::Ready(value)) => Poll::Ready(Ok(value)),
            Ok(Opened::Pending(future)) => {
                self.free.pop();
                self.open[at] = Some(Open { task, function, future });
                Poll::Pending
            }
            Err(fault) => Poll::Ready(Err(fault)),
        }
    }

    /// Makes a place that is free.
    #[cold]
    fn new_place(&mut self) -> usize {
        let at = self.open.len();
        let woken = Arc::clone(&self.woken);
        let place = Arc::new(Place { at, is_woken: AtomicBool::new(false), woken });
        self.places.push((Arc::clone(&place), Waker::from(place)));
        self.open.push(None);
        self.free.push(at);
        at
    }

    /// Gives up a call. A panic while its future drops is nobody's result, and goes no further.
    fn close(&mut self, at: usize) {
        let open = self.open[at].take();
        self.free.push(at);
        dropped(open);
    }
}

/// A run that somebody polls: async functions of the host are begun where they are called, and asked here.
impl Vm {
    /// From now on whoever runs this VM polls it, and is woken by that.
    pub fn poll_calls(&mut self, waker: &Waker) {
        let calls = self.calls.get_or_insert_default();
        let mut run = lock(&calls.woken.run);
        match &mut *run {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    /// Nobody polls it any more: what is still open is dropped.
    pub fn drop_calls(&mut self) {
        if let Some(mut calls) = self.calls.take() {
            for at in 0..calls.open.len() {
                if calls.open[at].is_some() {
                    calls.close(at);
                }
            }
        }
    }

    /// Whether an async function of the host has not answered yet.
    #[must_use]
    pub fn has_open_calls(&self) -> bool {
        self.calls.as_ref().is_some_and(|it| it.open.len() != it.free.len())
    }

    /// Drops the open calls of tasks that were cancelled.
    pub fn drop_cancelled(&mut self) {
        let Some(calls) = &mut self.calls else { return };
        for task in self.tasks.cancelled.drain(..) {
            let at = calls.open.iter().position(|it| it.as_ref().is_some_and(|it| it.task == task));
            if let Some(at) = at {
                calls.close(at);
            }
        }
    }

    /// Asks the open calls that were woken, each once: one that wakes itself again has also asked for another poll. The tasks of those that answer can go on with [`Vm::go_on`].
    pub fn poll_woken(&mut self) {
        let Some(mut calls) = self.calls.take() else { return };
        // Before the list is taken: one that is woken meanwhile says so again.
        if calls.woken.any.load(Ordering::Relaxed) && calls.woken.any.swap(false, Ordering::Acquire)
        {
            let mut woken = std::mem::take(&mut calls.spare);
            std::mem::swap(&mut woken, &mut *lock(&calls.woken.places));
            for at in woken.drain(..) {
                // Before it is polled: it may be woken again at once.
                calls.places[at].0.is_woken.store(false, Ordering::Release);
                self.poll_call(&mut calls, at);
            }
            calls.spare = woken;
        }
        self.calls = Some(calls);
    }

    /// Asks one whether it is ready; then its task goes on.
    fn poll_call(&mut self, calls: &mut Calls, at: usize) {
        let Some(Some(call)) = calls.open.get_mut(at) else { return };
        let mut context = Context::from_waker(&calls.places[at].1);
        let Some(mut cx) = self.host_cx(call.function) else { return };
        if let Poll::Ready(result) = poll(call.future.as_mut(), &mut context, &mut cx) {
            let task = call.task;
            calls.close(at);
            self.answer(task, result);
        }
    }
}

const _: () = {
    const fn assert_send<T: Send>() {}
    assert_send::<Calls>();
};
