//! Who runs next: one task at a time, in an order that depends on nothing but the program.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::value::{Task, Waiter};

#[derive(Default)]
pub(crate) struct Schedule<'p> {
    /// Who can run, in the order in which it came to be so.
    pub(crate) ready: VecDeque<Rc<Task<'p>>>,
    sleepers: Vec<Sleeper<'p>>,
    /// Milliseconds. It passes only while all sleep.
    clock: f64,
    /// Tasks that have failed, the first first.
    pub(crate) failed: Vec<Rc<Task<'p>>>,
}

struct Sleeper<'p> {
    until: f64,
    waiter: Waiter<'p>,
}

impl<'p> Schedule<'p> {
    pub(crate) fn wake(&mut self, waiter: &Waiter<'p>) {
        if waiter.is_waiting() {
            waiter.task.forget_waits();
            self.ready.push_back(Rc::clone(&waiter.task));
        }
    }

    pub(crate) fn sleep(&mut self, milliseconds: f64, waiter: Waiter<'p>) {
        self.sleepers.push(Sleeper { until: self.clock + milliseconds, waiter });
    }

    pub(crate) fn clock(&self) -> f64 {
        self.clock
    }

    /// When the first sleeper is to be woken; `None` if nobody sleeps.
    pub(crate) fn next_wake(&mut self) -> Option<f64> {
        self.sleepers.retain(|it| it.waiter.is_waiting());
        self.sleepers.iter().map(|it| it.until).min_by(f64::total_cmp)
    }

    /// Lets time pass and wakes whose time has come, the earliest first; of two at the same time, who slept first.
    pub(crate) fn pass(&mut self, clock: f64) {
        self.clock = clock;
        let (mut due, rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.sleepers).into_iter().partition(|it| it.until <= clock);
        self.sleepers = rest;
        due.sort_by(|a, b| a.until.total_cmp(&b.until));
        due.iter().for_each(|it| self.wake(&it.waiter));
    }
}
