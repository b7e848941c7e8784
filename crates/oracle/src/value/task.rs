//! Tasks, as those who refer to them and the driver see them.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

use super::teardown::{Garbage, teardown};
use super::{ErrorValue, FiberId, Generator, Value};
use crate::fiber::Work;

/// A task. Scripts see it as a value, but for that of the main program.
pub(crate) struct Task<'p> {
    /// The async function's name; none for a block of `spawn`.
    pub(crate) promise_of: Option<&'p str>,
    progress: RefCell<Progress<'p>>,
    /// What runs in it: its own fiber, then those of the generators that are asked inside each other.
    running: RefCell<Vec<Running<'p>>>,
    /// How often it has stopped waiting.
    ticket: Cell<u64>,
    waiters: RefCell<Vec<Waiter<'p>>>,
    awaited: Cell<bool>,
}

enum Progress<'p> {
    Fresh(Work<'p>),
    Going,
    Ended(Result<Value<'p>, Rc<ErrorValue<'p>>>),
    Cancelled,
}

/// A fiber that runs, or has asked the next one for a value.
pub(crate) struct Running<'p> {
    pub(crate) fiber: FiberId,
    pub(crate) generator: Option<Rc<Generator<'p>>>,
}

/// What the driver has to do to let a task go on.
pub(crate) enum Start<'p> {
    Work(Work<'p>),
    GoOn(FiberId),
    /// It has ended or was cancelled.
    Gone,
}

/// What has become of a task.
pub(crate) enum Outcome<'p> {
    Value(Value<'p>),
    Error(Rc<ErrorValue<'p>>),
    Cancelled,
    Unfinished,
}

/// A task that waits for something. Once it waits for something else it is not woken by this any more.
#[derive(Clone)]
pub(crate) struct Waiter<'p> {
    pub(crate) task: Rc<Task<'p>>,
    ticket: u64,
}

impl Waiter<'_> {
    pub(crate) fn is_waiting(&self) -> bool {
        self.ticket == self.task.ticket.get() && !self.task.is_over()
    }
}

impl<'p> Task<'p> {
    pub(crate) fn main() -> Rc<Self> {
        Self::with(None, Progress::Going)
    }

    pub(crate) fn new(promise_of: Option<&'p str>, work: Work<'p>) -> Rc<Self> {
        Self::with(promise_of, Progress::Fresh(work))
    }

    fn with(promise_of: Option<&'p str>, progress: Progress<'p>) -> Rc<Self> {
        Rc::new(Self {
            promise_of,
            progress: RefCell::new(progress),
            running: RefCell::default(),
            ticket: Cell::new(0),
            waiters: RefCell::default(),
            awaited: Cell::new(false),
        })
    }

    pub(crate) fn is_over(&self) -> bool {
        matches!(*self.progress.borrow(), Progress::Ended(_) | Progress::Cancelled)
    }

    pub(crate) fn outcome(&self) -> Outcome<'p> {
        match &*self.progress.borrow() {
            Progress::Ended(Ok(value)) => Outcome::Value(value.clone()),
            Progress::Ended(Err(error)) => Outcome::Error(Rc::clone(error)),
            Progress::Cancelled => Outcome::Cancelled,
            Progress::Fresh(_) | Progress::Going => Outcome::Unfinished,
        }
    }

    pub(crate) fn start(&self) -> Start<'p> {
        let progress = &mut *self.progress.borrow_mut();
        match progress {
            Progress::Going => self.top().map_or(Start::Gone, Start::GoOn),
            Progress::Fresh(_) => match std::mem::replace(progress, Progress::Going) {
                Progress::Fresh(work) => Start::Work(work),
                _ => Start::Gone,
            },
            Progress::Ended(_) | Progress::Cancelled => Start::Gone,
        }
    }

    /// Gives who is to be woken.
    pub(crate) fn finish(&self, result: Result<Value<'p>, Rc<ErrorValue<'p>>>) -> Vec<Waiter<'p>> {
        if !self.is_over() {
            self.progress.replace(Progress::Ended(result));
        }
        self.waiters.take()
    }

    /// Never lets it go on. Gives who is to be woken, and the fibers it leaves, the innermost last.
    pub(crate) fn cancel(&self) -> (Vec<Waiter<'p>>, Vec<FiberId>) {
        if self.is_over() {
            return (Vec::new(), Vec::new());
        }
        drop(self.progress.replace(Progress::Cancelled));
        let running = self.running.take();
        for generator in running.iter().filter_map(|it| it.generator.as_ref()) {
            generator.end();
        }
        (self.waiters.take(), running.iter().map(|it| it.fiber).collect())
    }

    /// It is somebody's concern from now on how it ends.
    pub(crate) fn is_awaited(&self) {
        self.awaited.set(true);
    }

    pub(crate) fn add_waiter(&self, waiter: Waiter<'p>) {
        self.waiters.borrow_mut().push(waiter);
    }

    pub(crate) fn unheard_error(&self) -> Option<Rc<ErrorValue<'p>>> {
        match (self.outcome(), self.awaited.get()) {
            (Outcome::Error(error), false) => Some(error),
            _ => None,
        }
    }

    /// This task, for the wait that it begins now.
    pub(crate) fn waiter(self: &Rc<Self>) -> Waiter<'p> {
        Waiter { task: Rc::clone(self), ticket: self.ticket.get() }
    }

    /// It does not wait any more for what it waited for.
    pub(crate) fn forget_waits(&self) {
        self.ticket.set(self.ticket.get() + 1);
    }

    pub(crate) fn runs_on(&self, running: Running<'p>) {
        self.running.borrow_mut().push(running);
    }

    pub(crate) fn leave(&self) -> Option<Running<'p>> {
        self.running.borrow_mut().pop()
    }

    /// The fiber that runs or waits.
    pub(crate) fn top(&self) -> Option<FiberId> {
        self.running.borrow().last().map(|it| it.fiber)
    }

    pub(super) fn take_values(&mut self) -> Vec<Garbage<'p>> {
        match std::mem::replace(self.progress.get_mut(), Progress::Cancelled) {
            Progress::Ended(Ok(value)) => vec![Garbage::Value(value)],
            Progress::Ended(Err(error)) => vec![Garbage::Error(error)],
            Progress::Fresh(_) | Progress::Going | Progress::Cancelled => Vec::new(),
        }
    }
}

impl Drop for Task<'_> {
    fn drop(&mut self) {
        teardown(self.take_values());
    }
}

impl fmt::Debug for Task<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task({:?})", self.promise_of)
    }
}
