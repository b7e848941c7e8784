//! Stacks that can be left and entered again: each generator and each task that has begun runs on one.
//!
//! A fiber never resumes another itself. It asks the [driver](drive), which stands outside of all of them, and gets an
//! answer when it is resumed. So fibers nest natively no deeper than one, however deep generators ask each other, and a
//! task waits with all generators that run inside it.
//!
//! A fiber that has done its job takes another. One that is not needed any more is told so: it leaves everything it is
//! in with [`Stop::Abandoned`], and is free.

mod driver;
mod schedule;

use std::rc::Rc;

use corosensei::Yielder;
use remora_diagnostics::Span;
use remora_syntax::ast::Block;

pub(crate) use self::driver::drive;
pub(crate) use self::schedule::Schedule;
use crate::env::{Cell, Env};
use crate::eval::Interp;
use crate::session::Session;
use crate::stop::{Args, Eval, Stop};
use crate::value::{FuncRef, Generator, Task, Value};

/// How a fiber reaches the driver.
pub(crate) type Link<'p> = Yielder<Reply<'p>, Request<'p>>;

/// Names of the running functions. They travel with the control: a generator has those of who asked it below its own.
pub(crate) type Frames<'p> = Vec<(&'p str, Span, usize)>;

/// What a fiber asks of the driver.
pub(crate) enum Request<'p> {
    /// The next value of a generator. It has not ended and does not run.
    Step(Rc<Generator<'p>>, Frames<'p>),
    /// From a generator: here is a value.
    Yield(Value<'p>, Frames<'p>),
    /// The job is done.
    Done(Eval<'p>, Frames<'p>),
    /// The task waits, and has left word where it will be woken.
    Wait,
}

/// What a fiber is resumed with.
pub(crate) enum Reply<'p> {
    /// A job, for one that has none.
    Start(Job<'p>),
    /// What came of a step.
    Stepped(Eval<'p, Option<Value<'p>>>, Frames<'p>),
    /// To a generator: somebody asks for the next value.
    Resume(Frames<'p>),
    /// The task need not wait any more.
    Woken,
    /// Nothing can ever wake the task.
    Deadlock,
    /// Leave everything.
    Abandon,
    /// There will be no more jobs.
    Quit,
}

/// A job for a fiber.
pub(crate) struct Job<'p> {
    pub(crate) work: Work<'p>,
    pub(crate) task: Rc<Task<'p>>,
    pub(crate) frames: Frames<'p>,
    /// The generator whose body it is.
    pub(crate) generator: Option<Rc<Generator<'p>>>,
}

/// What there is to run.
pub(crate) enum Work<'p> {
    Main,
    /// The body of a generator or an async function.
    Body(Invocation<'p>),
    /// A block of `spawn`, with what it sees.
    Block(&'p Block, Env<'p>, Option<Rc<Cell<'p>>>, usize),
    /// A function that a builtin was given.
    Callback(Value<'p>, Args<'p>, Span, usize),
}

/// A call whose arguments are checked.
pub(crate) struct Invocation<'p> {
    pub(crate) func: FuncRef<'p>,
    pub(crate) env: Env<'p>,
    pub(crate) this: Option<Rc<Cell<'p>>>,
    pub(crate) args: Args<'p>,
    /// Where it was called.
    pub(crate) site: Span,
}

/// What runs on the stack of a fiber: one job after the other.
fn body<'p>(session: &Session<'p>, link: &Link<'p>, limit: usize, first: Reply<'p>) {
    let mut reply = first;
    while let Reply::Start(job) = reply {
        let mut interp = Interp::new(session, link, limit, job.task, job.frames);
        let end = interp.job(job.work);
        let frames = interp.into_frames();
        reply = link.suspend(Request::Done(end, frames));
    }
}

impl<'p> Interp<'_, 'p> {
    fn job(&mut self, work: Work<'p>) -> Eval<'p> {
        let end = match work {
            Work::Main => self.main(),
            Work::Body(call) => self.call_body(call),
            Work::Block(block, env, this, module) => self.spawned(block, env, this, module),
            Work::Callback(callee, args, span, module) => {
                self.enter_module(module);
                self.call(callee, args, span)
            }
        };
        match end {
            Err(Stop::Return(value)) => Ok(value),
            Err(Stop::Break(_) | Stop::Continue(_) | Stop::TailCall(_)) => Ok(Value::Null),
            end => end,
        }
    }
}
