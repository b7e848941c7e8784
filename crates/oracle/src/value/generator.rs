//! Generators: a call that stops at each `yield`.

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;

use super::teardown::{Garbage, teardown};
use crate::fiber::Invocation;

/// Which fiber, in the driver's list.
pub(crate) type FiberId = usize;

/// A generator, shared by all who refer to it.
pub(crate) struct Generator<'p> {
    pub(crate) name: &'p str,
    state: RefCell<State<'p>>,
    /// Where the fiber of a generator that nobody refers to any more is left.
    abandoned: Rc<RefCell<Vec<FiberId>>>,
}

enum State<'p> {
    Fresh(Box<Invocation<'p>>),
    Suspended(FiberId),
    Running,
    Ended,
}

/// What is to be done for the next value.
pub(crate) enum Begin<'p> {
    Fresh(Box<Invocation<'p>>),
    GoOn(FiberId),
    Running,
    Ended,
}

impl<'p> Generator<'p> {
    pub(crate) fn new(call: Invocation<'p>, abandoned: Rc<RefCell<Vec<FiberId>>>) -> Rc<Self> {
        let (name, state) = (call.func.name, RefCell::new(State::Fresh(Box::new(call))));
        Rc::new(Self { name, state, abandoned })
    }

    pub(crate) fn is_running(&self) -> bool {
        matches!(*self.state.borrow(), State::Running)
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(*self.state.borrow(), State::Ended)
    }

    /// It runs from now on, if it can.
    pub(crate) fn begin(&self) -> Begin<'p> {
        match self.state.replace(State::Running) {
            State::Fresh(call) => Begin::Fresh(call),
            State::Suspended(fiber) => Begin::GoOn(fiber),
            State::Running => Begin::Running,
            State::Ended => {
                self.end();
                Begin::Ended
            }
        }
    }

    pub(crate) fn suspend(&self, fiber: FiberId) {
        self.state.replace(State::Suspended(fiber));
    }

    pub(crate) fn end(&self) {
        self.state.replace(State::Ended);
    }

    /// What it refers to, for taking it apart.
    pub(super) fn take_values(&mut self) -> Vec<Garbage<'p>> {
        match std::mem::replace(self.state.get_mut(), State::Ended) {
            State::Fresh(call) => {
                let args = call.args.positional.into_iter();
                let args = args.chain(call.args.named.into_iter().map(|it| it.1));
                let mut garbage: Vec<_> = args.map(Garbage::Value).collect();
                garbage.extend(call.this.map(Garbage::Cell));
                garbage.push(Garbage::Env(call.env));
                garbage
            }
            State::Suspended(fiber) => {
                self.abandoned.borrow_mut().push(fiber);
                Vec::new()
            }
            State::Running | State::Ended => Vec::new(),
        }
    }
}

impl Drop for Generator<'_> {
    fn drop(&mut self) {
        teardown(self.take_values());
    }
}

impl fmt::Debug for Generator<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Generator({})", self.name)
    }
}
