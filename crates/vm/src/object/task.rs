//! A task, as those see it who wait for it. What it runs with is kept by the scheduler.

use crate::limits::memory::Account;
use crate::value::{FunctionId, Value};

/// Which task; never used again within a VM. 0 is the program itself.
pub type TaskId = u64;

/// How a task has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ended {
    /// Not yet.
    No,
    /// With a value.
    Value,
    /// With an error, which is its result.
    Error,
    /// Somebody cancelled it.
    Cancelled,
}

/// What is behind a task or promise.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) id: TaskId,
    /// What it runs.
    pub(crate) function: FunctionId,
    pub(crate) ended: Ended,
    /// Somebody has seen how it ended.
    pub(crate) seen: bool,
    /// Its value or error; null before.
    pub(crate) result: Value,
    /// Who waits for it, in that order.
    pub(crate) waiting: Vec<TaskId>,
}

impl Task {
    /// What the scheduler keeps for a task beside its stack: a place among those that do not run, in the queue, and for an
    /// alarm. On the heap's book for as long as the value of the task lives, which is at least as long as the task.
    pub(crate) const SCHEDULED: usize = 256;

    /// Gives back what is not on the heap of values.
    pub(crate) fn free(&mut self, account: &mut Account) {
        account.unbook(Self::SCHEDULED);
        self.waiting = Vec::new();
    }
}
