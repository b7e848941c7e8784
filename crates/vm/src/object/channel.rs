//! Values on their way from task to task.

use std::collections::VecDeque;

use super::{Queue, TaskId};
use crate::heap::Memory;

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
    /// Tasks that wait for room, in that order.
    pub(crate) senders: VecDeque<TaskId>,
}

impl Channel {
    /// An empty one.
    pub(crate) const fn new(capacity: usize) -> Self {
        Self {
            items: Queue::new(),
            capacity,
            closed: false,
            receivers: VecDeque::new(),
            senders: VecDeque::new(),
        }
    }

    /// Gives the memory back; the counts of the items are somebody else's.
    pub(crate) fn free(&mut self, mem: &mut Memory) {
        self.items.free(mem);
        self.receivers = VecDeque::new();
        self.senders = VecDeque::new();
    }
}
