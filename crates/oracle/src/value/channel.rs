//! Channels: what one task sends, another receives, in order.
//!
//! Nobody is overtaken. A value that is sent while somebody waits for one goes to whoever waits longest; room that is
//! made in a full channel goes to the value whose sender waits longest.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use super::teardown::{Garbage, teardown};
use super::{Value, Waiter};

/// A channel, shared by all who refer to it.
pub(crate) struct Channel<'p> {
    /// How many values it holds at most.
    capacity: usize,
    closed: Cell<bool>,
    values: RefCell<VecDeque<Value<'p>>>,
    receivers: RefCell<VecDeque<Receiver<'p>>>,
    senders: RefCell<VecDeque<Sender<'p>>>,
}

/// A task that waits for a value, and where it finds it.
struct Receiver<'p> {
    waiter: Waiter<'p>,
    slot: Rc<RefCell<Option<Value<'p>>>>,
}

/// A task that waits for room, and where it finds that its value was taken.
struct Sender<'p> {
    waiter: Waiter<'p>,
    value: Value<'p>,
    sent: Rc<Cell<bool>>,
}

/// What comes of sending.
pub(crate) enum Sent<'p> {
    /// Done; who waited for it is to be woken.
    Done(Option<Waiter<'p>>),
    Closed,
    /// There is no room: the sender is to wait. When it is woken, the flag says whether the value was taken; if not, the
    /// channel was closed.
    Wait(Rc<Cell<bool>>),
}

/// What comes of receiving.
pub(crate) enum Received<'p> {
    /// A value; who waited for room is to be woken.
    Value(Value<'p>, Option<Waiter<'p>>),
    /// Closed and empty.
    End,
    Empty,
}

impl<'p> Channel<'p> {
    pub(crate) fn new(capacity: usize) -> Rc<Self> {
        Rc::new(Self {
            capacity,
            closed: Cell::new(false),
            values: RefCell::default(),
            receivers: RefCell::default(),
            senders: RefCell::default(),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.values.borrow().len()
    }

    pub(crate) fn send(&self, value: Value<'p>, sender: Waiter<'p>) -> Sent<'p> {
        if self.closed.get() {
            return Sent::Closed;
        }
        while let Some(receiver) = self.receivers.borrow_mut().pop_front() {
            if receiver.waiter.is_waiting() {
                receiver.slot.replace(Some(value));
                return Sent::Done(Some(receiver.waiter));
            }
        }
        if self.len() < self.capacity {
            self.values.borrow_mut().push_back(value);
            return Sent::Done(None);
        }
        let sent = Rc::new(Cell::new(false));
        let waiting = Sender { waiter: sender, value, sent: Rc::clone(&sent) };
        self.senders.borrow_mut().push_back(waiting);
        Sent::Wait(sent)
    }

    pub(crate) fn receive(&self) -> Received<'p> {
        let Some(value) = self.values.borrow_mut().pop_front() else {
            return if self.closed.get() { Received::End } else { Received::Empty };
        };
        while let Some(sender) = self.senders.borrow_mut().pop_front() {
            if sender.waiter.is_waiting() {
                self.values.borrow_mut().push_back(sender.value);
                sender.sent.set(true);
                return Received::Value(value, Some(sender.waiter));
            }
        }
        Received::Value(value, None)
    }

    /// Where a task that waits will find a value; none when it is woken because the channel was closed.
    pub(crate) fn wait_for_value(&self, waiter: Waiter<'p>) -> Rc<RefCell<Option<Value<'p>>>> {
        let slot = Rc::default();
        self.receivers.borrow_mut().push_back(Receiver { waiter, slot: Rc::clone(&slot) });
        slot
    }

    /// Gives who is to be woken.
    pub(crate) fn close(&self) -> Vec<Waiter<'p>> {
        self.closed.set(true);
        let receivers = self.receivers.take().into_iter().map(|it| it.waiter);
        let senders = self.senders.take().into_iter().map(|it| it.waiter);
        receivers.chain(senders).collect()
    }

    pub(super) fn take_values(&mut self) -> Vec<Garbage<'p>> {
        let values = std::mem::take(self.values.get_mut()).into_iter();
        let waiting = std::mem::take(self.senders.get_mut()).into_iter().map(|it| it.value);
        values.chain(waiting).map(Garbage::Value).collect()
    }
}

impl Drop for Channel<'_> {
    fn drop(&mut self) {
        teardown(self.take_values());
    }
}

impl fmt::Debug for Channel<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Channel({})", self.len())
    }
}
