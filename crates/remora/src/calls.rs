//! The calls of async functions that a run has open: several at once, one for each task that waits.
//!
//! Each has a waker of its own, so that an executor that wakes the run says which of them can go on: with two thousand open
//! calls one wake costs one poll, not two thousand. Wakers are kept for the next call in the same place.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use remora_vm::host::{Args, HostFuture, poll};
use remora_vm::object::TaskId;
use remora_vm::value::BuiltinId;
use remora_vm::{Request, Res};

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
    /// Whether none is open.
    pub(crate) const fn is_empty(&self) -> bool {
        self.open.len() == self.free.len()
    }

    /// Whom to wake from now on.
    pub(crate) fn set_waker(&self, waker: &Waker) {
        let mut run = lock(&self.woken.run);
        match &mut *run {
            Some(known) => known.clone_from(waker),
            none => *none = Some(waker.clone()),
        }
    }

    /// Begins what a task asks for. The arguments are the request's, and released.
    pub(crate) fn begin(&mut self, vm: &mut remora_vm::Vm, request: Request) {
        let Request { id: task, function, mut args, .. } = request;
        let begun = vm.host_cx(function).and_then(|mut cx| {
            let own = cx.function()?;
            Some(own.begin(&mut cx, Args::new(&mut args)))
        });
        vm.give_up_args(args);
        match begun {
            Some(Ok(future)) => {
                let at = self.free.pop().unwrap_or_else(|| self.new_place());
                self.open[at] = Some(Open { task, function, future });
                self.poll(vm, at);
            }
            Some(Err(fault)) => vm.answer(task, Err(fault)),
            None => vm.refuse(task),
        }
    }

    fn new_place(&mut self) -> usize {
        let at = self.open.len();
        let woken = Arc::clone(&self.woken);
        let place = Arc::new(Place { at, is_woken: AtomicBool::new(false), woken });
        self.places.push((Arc::clone(&place), Waker::from(place)));
        self.open.push(None);
        at
    }

    /// Asks one whether it is ready; then its task goes on.
    fn poll(&mut self, vm: &mut remora_vm::Vm, at: usize) {
        let Some(Some(call)) = self.open.get_mut(at) else { return };
        let mut context = Context::from_waker(&self.places[at].1);
        let polled: Poll<Res<_>> = match vm.host_cx(call.function) {
            Some(mut cx) => poll(call.future.as_mut(), &mut context, &mut cx),
            None => Poll::Pending,
        };
        if let Poll::Ready(result) = polled {
            let task = call.task;
            self.close(at);
            vm.answer(task, result);
        }
    }

    fn close(&mut self, at: usize) {
        self.open[at] = None;
        self.free.push(at);
    }

    /// Asks those that were woken, each once: one that wakes itself again has also asked for another poll of the run.
    pub(crate) fn poll_woken(&mut self, vm: &mut remora_vm::Vm) {
        // Before the list is taken: one that is woken meanwhile says so again.
        if !self.woken.any.load(Ordering::Relaxed) || !self.woken.any.swap(false, Ordering::Acquire)
        {
            return;
        }
        let mut woken = std::mem::take(&mut self.spare);
        std::mem::swap(&mut woken, &mut *lock(&self.woken.places));
        for at in woken.drain(..) {
            // Before it is polled: it may be woken again at once.
            self.places[at].0.is_woken.store(false, Ordering::Release);
            self.poll(vm, at);
        }
        self.spare = woken;
    }

    /// Drops those of tasks that were cancelled.
    pub(crate) fn drop_cancelled(&mut self, tasks: &[TaskId]) {
        if tasks.is_empty() {
            return;
        }
        for at in 0..self.open.len() {
            if self.open[at].as_ref().is_some_and(|it| tasks.contains(&it.task)) {
                self.close(at);
            }
        }
    }
}

const _: () = {
    const fn assert_send<T: Send>() {}
    assert_send::<Calls>();
};
