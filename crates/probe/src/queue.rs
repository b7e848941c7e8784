//! What probes have recorded, until somebody takes it: bounded, and what finds no room is counted.

use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::registry::AttachId;
use crate::run::Record;
use crate::sync::{AtomicU64, Mutex, MutexGuard};

/// Something that a probe recorded.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// Which program, as it was attached.
    pub program: AttachId,
    /// Which of its probes.
    pub probe: Arc<str>,
    /// Where: the name of the function or point; empty for `begin`, `end` and `interval`.
    pub site: Arc<str>,
    /// When, in seconds since the epoch.
    pub at: f64,
    /// What.
    pub record: Record,
}

/// Seconds since the epoch.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |it| it.as_secs_f64())
}

#[derive(Debug)]
pub(crate) struct Queue {
    events: Mutex<VecDeque<Event>>,
    room: usize,
    dropped: AtomicU64,
}

impl Queue {
    pub(crate) fn new(room: usize) -> Self {
        Self { events: Mutex::default(), room, dropped: AtomicU64::new(0) }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds events, if `may` still holds once nobody else can change the queue.
    pub(crate) fn push(&self, may: impl FnOnce() -> bool, events: impl Iterator<Item = Event>) {
        let mut queue = self.lock();
        if !may() {
            return;
        }
        for event in events {
            if queue.len() < self.room {
                queue.push_back(event);
            } else {
                self.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Runs something between two pushes: what it forbids is not pushed afterwards.
    pub(crate) fn between(&self, change: impl FnOnce()) {
        let _queue = self.lock();
        change();
    }

    /// Everything there is, and how many found no room since the last time.
    pub(crate) fn drain(&self) -> (Vec<Event>, u64) {
        let events = std::mem::take(&mut *self.lock());
        (events.into(), self.dropped.swap(0, Ordering::Relaxed))
    }
}
