//! `yield`, `await`, `spawn`, and what a task does that waits.

use std::rc::Rc;

use remora_diagnostics::{Code, Span};
use remora_syntax::ast::{Block, Expr, FuncKind};

use super::hoist::copied;
use super::{Frame, Interp};
use crate::env::{Cell, Env};
use crate::fiber::{Invocation, Reply, Request, Work};
use crate::stop::{Eval, Stop};
use crate::value::{Generator, Outcome, Received, Sent, Task, Value, Waiter};

impl<'p> Interp<'_, 'p> {
    /// What a call of a generator or async function gives: nothing of the body has run yet.
    pub(super) fn begin(&mut self, call: Invocation<'p>) -> Value<'p> {
        if call.func.kind == FuncKind::Generator {
            return Value::Generator(Generator::new(call, Rc::clone(&self.session.abandoned)));
        }
        let name = call.func.name;
        Value::Task(self.start_task(Some(name), Work::Body(call)))
    }

    pub(crate) fn start_task(
        &mut self,
        promise_of: Option<&'p str>,
        work: Work<'p>,
    ) -> Rc<Task<'p>> {
        let task = Task::new(promise_of, work);
        self.session.schedule.borrow_mut().ready.push_back(Rc::clone(&task));
        task
    }

    /// `yield value`
    pub(super) fn yield_value(
        &mut self,
        frame: &mut Frame<'p>,
        value: Option<&'p Expr>,
        span: Span,
    ) -> Eval<'p> {
        let value = match value {
            Some(value) => self.expr(frame, value)?,
            None => Value::Null,
        };
        if !frame.in_generator {
            return self.fail(span, Code::E0112, "yield outside a generator");
        }
        let name = self.frames.pop().unwrap_or_default();
        match self.link.suspend(Request::Yield(value, std::mem::take(&mut self.frames))) {
            Reply::Resume(frames) => {
                self.frames = frames;
                self.frames.push(name);
                Ok(Value::Null)
            }
            _ => Err(Stop::Abandoned),
        }
    }

    /// The next value of a generator; `None` once it has ended.
    pub(super) fn step_generator(
        &mut self,
        generator: &Rc<Generator<'p>>,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        if generator.has_ended() {
            return Ok(None);
        }
        if generator.is_running() {
            let message = format!("Generator is already running: {}", generator.name);
            return self.fail(span, Code::R0024, message);
        }
        self.charge(span, 1)?;
        self.check_depth(generator.name, span)?;
        let frames = std::mem::take(&mut self.frames);
        match self.link.suspend(Request::Step(Rc::clone(generator), frames)) {
            Reply::Stepped(what, frames) => {
                self.frames = frames;
                what
            }
            _ => Err(Stop::Abandoned),
        }
    }

    /// `spawn { … }`
    pub(super) fn spawn(&mut self, frame: &Frame<'p>, block: &'p Block) -> Value<'p> {
        let this = frame.this.as_ref().and_then(copied);
        let work = Work::Block(block, frame.env.copied(), this, self.module);
        Value::Task(self.start_task(None, work))
    }

    /// Runs the block of a `spawn` in its own task.
    pub(crate) fn spawned(
        &mut self,
        block: &'p Block,
        env: Env<'p>,
        this: Option<Rc<Cell<'p>>>,
        module: usize,
    ) -> Eval<'p> {
        self.module = module;
        self.frames.push(("<spawn>", Span::default(), self.module));
        let mut frame = Frame::of_call(env, this);
        let end = self.block(&mut frame, block).map(|_| Value::Null);
        self.frames.pop();
        end
    }

    /// The task that runs, for the wait that it begins now.
    pub(crate) fn waiter(&self) -> Waiter<'p> {
        self.task.waiter()
    }

    pub(crate) fn wake(&self, waiters: impl IntoIterator<Item = Waiter<'p>>) {
        let mut schedule = self.session.schedule.borrow_mut();
        waiters.into_iter().for_each(|it| schedule.wake(&it));
    }

    /// Waits until somebody wakes the task.
    pub(crate) fn wait(&mut self, span: Span) -> Eval<'p, ()> {
        match self.link.suspend(Request::Wait) {
            Reply::Woken => Ok(()),
            Reply::Deadlock => self.fail(span, Code::R0031, "All tasks wait: nothing can go on"),
            _ => Err(Stop::Abandoned),
        }
    }

    /// `await value`: of anything but a task, the value itself.
    pub(crate) fn await_value(&mut self, value: Value<'p>, span: Span) -> Eval<'p> {
        let Value::Task(task) = value else { return Ok(value) };
        task.is_awaited();
        loop {
            if let Some(value) = self.outcome(&task, span)? {
                return Ok(value);
            }
            task.add_waiter(self.waiter());
            self.wait(span)?;
        }
    }

    /// What has become of a task, if it has ended.
    pub(crate) fn outcome(&self, task: &Task<'p>, span: Span) -> Eval<'p, Option<Value<'p>>> {
        match task.outcome() {
            Outcome::Value(value) => Ok(Some(value)),
            Outcome::Error(error) => Err(Stop::Throw(error)),
            Outcome::Cancelled => self.fail(span, Code::R0029, "Task was cancelled"),
            Outcome::Unfinished => Ok(None),
        }
    }

    /// Lets other tasks run for at least that long.
    pub(crate) fn sleep(&mut self, milliseconds: f64, span: Span) -> Eval<'p, ()> {
        let waiter = self.waiter();
        self.session.schedule.borrow_mut().sleep(milliseconds, waiter);
        self.wait(span)
    }

    pub(crate) fn send(
        &mut self,
        channel: &crate::value::Channel<'p>,
        value: Value<'p>,
        span: Span,
    ) -> Eval<'p> {
        let sent = match channel.send(value, self.waiter()) {
            Sent::Done(receiver) => {
                self.wake(receiver);
                true
            }
            Sent::Closed => false,
            Sent::Wait(sent) => {
                self.wait(span)?;
                sent.get()
            }
        };
        if sent { Ok(Value::Null) } else { self.fail(span, Code::R0027, "Channel is closed") }
    }

    /// The next value of a channel; `None` once it is closed and empty.
    pub(crate) fn receive(
        &mut self,
        channel: &crate::value::Channel<'p>,
        span: Span,
    ) -> Eval<'p, Option<Value<'p>>> {
        match channel.receive() {
            Received::Value(value, sender) => {
                self.wake(sender);
                Ok(Some(value))
            }
            Received::End => Ok(None),
            Received::Empty => {
                let slot = channel.wait_for_value(self.waiter());
                self.wait(span)?;
                Ok(slot.take())
            }
        }
    }
}
