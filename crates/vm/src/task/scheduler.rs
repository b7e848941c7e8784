//! The tasks of a VM: who runs, who can go on, who waits for what.
//!
//! One runs at a time, until it waits or ends: so nothing a script does is interrupted by another of its tasks, and the
//! same program always runs in the same order. Whoever can go on goes to the end of one queue. The program itself is task 0.
//! A task that does not run is data: its frames and registers, moved out of the VM and back.
//!
//! Time is a number that the host moves on when nothing is ready: a task that computes does not make others late, and a host
//! that does not really wait makes a program's sleeps take no time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, VecDeque};

use super::Request;
use crate::fault::{Fault, Res};
use crate::frame::Frames;
use crate::limits::memory::{Account, allocation_failed};
use crate::object::TaskId;
use crate::value::{FunctionId, Value};
use crate::vm::{Vm, WriteBack};

/// The program itself.
pub(crate) const MAIN: TaskId = 0;

/// In place of an alarm: it has rung.
const RANG: u64 = u64::MAX;

/// Stacks kept for the next task.
const SPARE: usize = 16;

/// What a task runs with.
pub(crate) struct Stack {
    pub(crate) frames: Frames,
    pub(crate) slots: Vec<Value>,
    pub(crate) write_backs: Vec<WriteBack>,
}

impl Stack {
    fn new(most: usize) -> Self {
        Self { frames: Frames::new(most), slots: Vec::new(), write_backs: Vec::new() }
    }

    /// Gives the room back. Nothing may be in it.
    fn free(mut self, account: &mut Account) {
        self.frames.free(account);
        account.unbook(self.slots.len() * size_of::<Value>());
    }
}

/// A task that does not run.
pub(crate) struct Stopped {
    pub(crate) stack: Stack,
    /// The value that stands for it; null for the program itself.
    pub(crate) value: Value,
    /// It stands in the queue of those who can go on.
    ready: bool,
    /// The alarm that may wake it; others are left from earlier.
    alarm: u64,
    /// What is thrown where it waits, instead of going on.
    pub(crate) fault: Option<Box<Fault>>,
}

/// A moment at which a task goes on: milliseconds, then who asked first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Alarm {
    /// Bits of a float that is not negative, which have the same order as the float.
    at: u64,
    nth: u64,
    task: TaskId,
}

/// One thing for each of some tasks. The program itself, which is most often the only one, has a place of its own.
pub(crate) struct ByTask<T> {
    main: Option<T>,
    others: BTreeMap<TaskId, T>,
}

impl<T> ByTask<T> {
    const fn new() -> Self {
        Self { main: None, others: BTreeMap::new() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.main.is_none() && self.others.is_empty()
    }

    fn find(&self, id: TaskId) -> Option<&T> {
        if id == MAIN { self.main.as_ref() } else { self.others.get(&id) }
    }

    fn find_mut(&mut self, id: TaskId) -> Option<&mut T> {
        if id == MAIN { self.main.as_mut() } else { self.others.get_mut(&id) }
    }

    pub(crate) fn insert(&mut self, id: TaskId, it: T) {
        if id == MAIN {
            self.main = Some(it);
        } else {
            self.others.insert(id, it);
        }
    }

    pub(crate) fn remove(&mut self, id: TaskId) -> Option<T> {
        if id == MAIN { self.main.take() } else { self.others.remove(&id) }
    }

    /// All of them, by the numbers of their tasks.
    fn iter(&self) -> impl Iterator<Item = (TaskId, &T)> {
        let main = self.main.iter().map(|it| (MAIN, it));
        main.chain(self.others.iter().map(|(id, it)| (*id, it)))
    }

    fn clear(&mut self) {
        self.main = None;
        self.others.clear();
    }
}

/// All tasks of a VM, and the time.
pub(crate) struct Tasks {
    /// Who runs.
    current: TaskId,
    /// The value that stands for it.
    value: Value,
    last_id: TaskId,
    most_frames: usize,
    stopped: ByTask<Stopped>,
    ready: VecDeque<TaskId>,
    alarms: BinaryHeap<Reverse<Alarm>>,
    n_alarms: u64,
    /// The alarm that the running task has set for the wait that it is about to begin; 0 for none.
    alarm: u64,
    /// The running task has just been woken by its alarm.
    rang: bool,
    /// Milliseconds since the VM was made.
    now: f64,
    /// Those that ended with an error that nobody has seen yet, counted.
    failed: Vec<Value>,
    /// What the host has to do, and for whom; the oldest first.
    pub(crate) requests: VecDeque<(TaskId, Request)>,
    /// The one that calls a function whose code has not come; it goes on before all others, as if nothing had been.
    awaits_code: Option<TaskId>,
    /// Whose calls the host has begun, and the registers that take the results.
    pub(crate) away: ByTask<u16>,
    /// Those of them that were cancelled.
    pub(crate) cancelled: Vec<TaskId>,
    /// The program has ended with this; others go on.
    pub(crate) result: Option<Value>,
    spare: Vec<Stack>,
    /// Empty: room for the arguments of the next request.
    pub(crate) spare_args: Vec<Value>,
}

/// What a VM does next.
pub(crate) enum Next {
    /// The task that is in the VM now goes on.
    Run,
    /// The same, after throwing this where it waits.
    Throw(Box<Fault>),
    /// The host has to do something first.
    Host,
    /// Nobody can go on for so many milliseconds.
    Sleep(f64),
    /// Nobody can go on any more.
    Stuck,
}

impl Tasks {
    pub(crate) const fn new(most_frames: usize) -> Self {
        Self {
            current: MAIN,
            value: Value::NULL,
            last_id: MAIN,
            most_frames,
            stopped: ByTask::new(),
            ready: VecDeque::new(),
            alarms: BinaryHeap::new(),
            n_alarms: 0,
            alarm: 0,
            rang: false,
            now: 0.0,
            failed: Vec::new(),
            requests: VecDeque::new(),
            awaits_code: None,
            away: ByTask::new(),
            cancelled: Vec::new(),
            result: None,
            spare: Vec::new(),
            spare_args: Vec::new(),
        }
    }

    pub(crate) const fn current(&self) -> TaskId {
        self.current
    }

    /// The task that ran has ended.
    pub(crate) const fn nobody_runs(&mut self) {
        self.current = MAIN;
    }

    pub(crate) const fn now(&self) -> f64 {
        self.now
    }

    /// Lets time go by.
    pub(crate) fn advance(&mut self, milliseconds: f64) {
        self.now += milliseconds.max(0.0);
    }

    /// The number of a task that is about to be made.
    pub(crate) const fn next_id(&mut self) -> TaskId {
        self.last_id += 1;
        self.last_id
    }

    /// An empty stack for a task.
    pub(crate) fn new_stack(&mut self) -> Stack {
        self.spare.pop().unwrap_or_else(|| Stack::new(self.most_frames))
    }

    /// Keeps an empty stack for another task, or gives its room back.
    pub(crate) fn give_back(&mut self, stack: Stack, account: &mut Account) {
        if stack.slots.is_empty() {
            return stack.free(account);
        }
        if self.spare.len() < SPARE && stack.slots.len() <= 1024 {
            self.spare.push(stack);
        } else {
            stack.free(account);
        }
    }

    /// Which function each task that does not run is in.
    pub(crate) fn innermost(&self) -> impl Iterator<Item = (TaskId, FunctionId)> {
        let top = |it: &Stopped| it.stack.frames.iter().next_back().map(|it| it.function);
        self.stopped.iter().filter_map(move |(id, it)| Some((id, top(it)?)))
    }

    /// The function that a call waits for.
    pub(crate) fn awaited_code(&self) -> Option<FunctionId> {
        let task = self.stopped.find(self.awaits_code?)?;
        task.stack.frames.iter().next_back().map(|it| it.function)
    }

    /// Adds a task that can go on. The value is taken over.
    ///
    /// # Errors
    /// L0009; the stack is lost then, and what is in it leaks until the VM ends.
    pub(crate) fn add(&mut self, id: TaskId, stack: Stack, value: Value) -> Res<()> {
        self.ready.try_reserve(1).map_err(|_| allocation_failed(8))?;
        self.stopped.insert(id, Stopped { stack, value, ready: true, alarm: 0, fault: None });
        self.ready.push_back(id);
        Ok(())
    }

    /// Lets a task that waits go on, when it is its turn.
    pub(crate) fn wake(&mut self, id: TaskId) {
        if let Some(task) = self.stopped.find_mut(id)
            && !task.ready
        {
            task.ready = true;
            self.ready.push_back(id);
        }
    }

    /// Lets a task go on before all others: it has not waited, only paused.
    pub(crate) fn goes_first(&mut self, id: TaskId) {
        if let Some(task) = self.stopped.find_mut(id) {
            task.ready = true;
            self.ready.push_front(id);
        }
    }

    /// Wakes the running task, which is about to wait, at that time.
    pub(crate) fn wake_at(&mut self, at: f64) {
        self.n_alarms += 1;
        self.alarm = self.n_alarms;
        let alarm = Alarm { at: at.max(0.0).to_bits(), nth: self.n_alarms, task: self.current };
        self.alarms.push(Reverse(alarm));
    }

    /// The next alarm of a task that still waits.
    fn next_alarm(&mut self) -> Option<(f64, TaskId)> {
        while let Some(Reverse(alarm)) = self.alarms.peek() {
            if self.stopped.find(alarm.task).is_some_and(|it| !it.ready && it.alarm == alarm.nth) {
                return Some((f64::from_bits(alarm.at), alarm.task));
            }
            self.alarms.pop();
        }
        None
    }

    /// Whether somebody can go on: also those whose time has come.
    pub(crate) fn has_ready(&mut self) -> bool {
        !self.ready.is_empty() || self.next_alarm().is_some_and(|(at, _)| at <= self.now)
    }

    /// How long it is to the next alarm.
    pub(crate) fn until_alarm(&mut self) -> Option<f64> {
        let (at, _) = self.next_alarm()?;
        Some((at - self.now).max(0.0))
    }

    /// Forgets what the host does for a task.
    pub(crate) fn forget_request(&mut self, id: TaskId) {
        if self.away.remove(id).is_some() {
            self.cancelled.push(id);
        }
    }

    /// A task that does not run.
    pub(crate) fn stopped_mut(&mut self, id: TaskId) -> Option<&mut Stopped> {
        self.stopped.find_mut(id)
    }

    /// Whether a task exists and does not run.
    pub(crate) fn is_stopped(&self, id: TaskId) -> bool {
        self.stopped.find(id).is_some()
    }

    /// Takes a task out that does not run.
    pub(crate) fn remove(&mut self, id: TaskId) -> Option<Stopped> {
        self.stopped.remove(id)
    }

    /// The number of any task that does not run.
    pub(crate) fn any_stopped(&self) -> Option<TaskId> {
        self.stopped.iter().next().map(|(id, _)| id)
    }

    /// Whether the running task goes on because its time has come.
    pub(crate) const fn has_slept(&mut self) -> bool {
        std::mem::replace(&mut self.rang, false)
    }

    /// Forgets who was ready, and all alarms.
    pub(crate) fn reset(&mut self) {
        self.awaits_code = None;
        self.ready.clear();
        self.away.clear();
        self.cancelled.clear();
        self.alarms.clear();
    }

    /// Whether there is no other task than the program, nor anything that one has left behind.
    #[inline]
    pub(crate) fn is_alone(&self) -> bool {
        self.current == MAIN && self.stopped.is_empty() && self.failed.is_empty()
    }

    /// Notes that a task has failed, whose value is taken over.
    pub(crate) fn note_failed(&mut self, task: Value) {
        self.failed.push(task);
    }

    /// Those that failed, the first one first; they are the caller's to release.
    pub(crate) fn take_failed(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.failed)
    }
}

impl Vm {
    /// Moves the running task out of the VM: it waits, or can go on later.
    pub(crate) fn set_aside(&mut self) {
        let empty = Stack::new(self.tasks.most_frames);
        let stack = self.swap_stack(empty);
        let (id, value) = (self.tasks.current, std::mem::take(&mut self.tasks.value));
        let alarm = std::mem::take(&mut self.tasks.alarm);
        let stopped = Stopped { stack, value, ready: false, alarm, fault: None };
        self.tasks.stopped.insert(id, stopped);
        self.tasks.current = MAIN;
    }

    /// Moves the running task out of the VM until the code has come that it is about to run.
    pub(crate) fn await_code(&mut self) {
        self.tasks.awaits_code = Some(self.tasks.current);
        self.set_aside();
    }

    /// Puts a stack into the VM and gives the one that was there.
    pub(crate) fn swap_stack(&mut self, stack: Stack) -> Stack {
        Stack {
            frames: std::mem::replace(&mut self.frames, stack.frames),
            slots: std::mem::replace(&mut self.slots, stack.slots),
            write_backs: std::mem::replace(&mut self.write_backs, stack.write_backs),
        }
    }

    /// Moves a task into the VM, in which none is: what is thrown there, if anything.
    pub(crate) fn bring_back(&mut self, id: TaskId) -> Option<Box<Fault>> {
        let task = self.tasks.stopped.remove(id)?;
        let empty = self.swap_stack(task.stack);
        self.tasks.give_back(empty, self.heap.memory_mut().account_mut());
        self.tasks.current = id;
        self.tasks.value = task.value;
        self.tasks.rang = task.alarm == RANG;
        task.fault
    }

    /// The value of the running task, which becomes the caller's; null for the program.
    pub(crate) fn take_running(&mut self) -> Value {
        std::mem::take(&mut self.tasks.value)
    }

    /// Brings in who goes on next. None may be in the VM.
    pub(crate) fn next_task(&mut self) -> Next {
        if let Some(id) = self.tasks.awaits_code.take()
            && self.tasks.stopped.find(id).is_some()
        {
            return self.bring_back(id).map_or(Next::Run, Next::Throw);
        }
        loop {
            while let Some(id) = self.tasks.ready.pop_front() {
                if self.tasks.stopped.find(id).is_some() {
                    return self.bring_back(id).map_or(Next::Run, Next::Throw);
                }
            }
            while let Some((at, id)) = self.tasks.next_alarm()
                && at <= self.tasks.now
            {
                self.tasks.alarms.pop();
                self.tasks.wake(id);
                if let Some(task) = self.tasks.stopped.find_mut(id) {
                    task.alarm = RANG;
                }
            }
            if !self.tasks.ready.is_empty() {
                continue;
            }
            if !self.tasks.requests.is_empty() || !self.tasks.away.is_empty() {
                return Next::Host;
            }
            return match self.tasks.next_alarm() {
                Some((at, _)) => Next::Sleep(at - self.tasks.now),
                None => Next::Stuck,
            };
        }
    }
}
