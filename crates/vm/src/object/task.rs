//! A task, as those see it who wait for it. What it runs with is kept by the scheduler.

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
    /// Gives back what is not on the heap of values.
    pub(crate) fn free(&mut self) {
        self.waiting = Vec::new();
    }
}
