//! Values on their way from task to task.

use std::collections::VecDeque;

use super::{Queue, TaskId};
use crate::heap::Memory;
use crate::value::Value;

/// What is behind a channel.
#[derive(Debug)]
pub(crate) struct Channel {
    /// What was sent and not received, counted.
    pub(crate) items: Queue,
    /// How many it holds before a sender waits.
    pub(crate) capacity: usize,
    pub(crate) closed: bool,
    /// Tasks that wait for a value, in that order.
    pub(crate) receivers: VecDeque<TaskId>,
    /// Values for tasks that waited and have not gone on yet, so that nobody overtakes them; counted.
    pub(crate) handed: VecDeque<(TaskId, Value)>,
    /// Tasks that wait for room, in that order, and what they send; counted.
    pub(crate) senders: VecDeque<(TaskId, Value)>,
    /// Senders whose values have gone in, and who have not gone on yet.
    pub(crate) accepted: Vec<TaskId>,
}

impl Channel {
    /// An empty one.
    pub(crate) const fn new(capacity: usize) -> Self {
        Self {
            items: Queue::new(),
            capacity,
            closed: false,
            receivers: VecDeque::new(),
            handed: VecDeque::new(),
            senders: VecDeque::new(),
            accepted: Vec::new(),
        }
    }

    /// All values that it counts.
    pub(crate) fn values(&self) -> impl Iterator<Item = Value> {
        let away = self.handed.iter().chain(&self.senders).map(|(_, value)| *value);
        self.items.iter().chain(away)
    }

    /// Gives the memory back; the counts of the items are somebody else's.
    pub(crate) fn free(&mut self, mem: &mut Memory) {
        self.items.free(mem);
        self.receivers = VecDeque::new();
        self.handed = VecDeque::new();
        self.senders = VecDeque::new();
        self.accepted = Vec::new();
    }
}
