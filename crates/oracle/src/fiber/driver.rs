//! The driver: resumes fibers, and carries values and errors between them.
//!
//! It keeps all fibers in scopes of its own native stack, one inside the other, so that they may hold references to the
//! program without outliving it. A fiber costs a few hundred bytes there; finished ones are used again.

use std::rc::Rc;

use corosensei::stack::DefaultStack;
use corosensei::{CoroutineResult, ScopedCoroutine, ScopedCoroutineRef};

use super::{Frames, Job, Reply, Request, Work, body};
use crate::eval::stack_address;
use crate::session::Session;
use crate::stop::{Eval, Stop};
use crate::value::{Begin, FiberId, Generator, Running, Start, Task, Value};

/// Stack of a generator or task, and how much of it calls may use up: expressions between two calls need the rest.
const STACK: usize = 1 << 20;
const STACK_FOR_CALLS: usize = STACK / 2;
/// Most fibers at a time.
const MAX_FIBERS: usize = 10_000;

type FiberRef<'a, 'p> = ScopedCoroutineRef<'a, Reply<'p>, Request<'p>, (), DefaultStack>;

/// How the program ended: the value of its last statement, or what stopped it.
pub(crate) type End<'p> = Eval<'p>;

struct Driver<'a, 's, 'p> {
    session: &'s Session<'p>,
    fibers: Vec<FiberRef<'a, 'p>>,
    idle: Vec<FiberId>,
    main: Rc<Task<'p>>,
    /// The value of the main program, once it has ended.
    value: Option<Value<'p>>,
    /// The task that runs.
    current: Rc<Task<'p>>,
    next: Next<'p>,
    /// Where the native stack of the driver begins.
    base: usize,
}

enum Next<'p> {
    Resume(FiberId, Reply<'p>),
    /// On a fiber that has nothing to do.
    Start(Job<'p>),
    /// The task waits, or has ended: another one.
    Pick,
}

enum Turn<'p> {
    NeedsFiber,
    End(End<'p>),
}

/// Runs the main program and all tasks it starts.
pub(crate) fn drive<'p>(session: &Session<'p>) -> End<'p> {
    let main = Task::main();
    let job = Job { work: Work::Main, task: Rc::clone(&main), frames: Vec::new(), generator: None };
    let driver = Driver {
        session,
        fibers: Vec::new(),
        idle: Vec::new(),
        current: Rc::clone(&main),
        main,
        value: None,
        next: Next::Start(job),
        base: stack_address(),
    };
    with_more_fibers(driver)
}

/// Goes on until the program ends, in one more scope for each further fiber.
fn with_more_fibers<'p>(mut driver: Driver<'_, '_, 'p>) -> End<'p> {
    if let Turn::End(end) = driver.turn() {
        driver.shut_down();
        return end;
    }
    let session = driver.session;
    let Some((stack, limit)) = driver.stack() else {
        driver.shut_down();
        return Err(Stop::Throw(session.out_of_stacks()));
    };
    let fiber = ScopedCoroutine::with_stack(stack, move |link, first| {
        body(session, link, limit, first);
    });
    fiber.scope(move |fiber| {
        let mut driver = driver;
        driver.idle.push(driver.fibers.len());
        driver.fibers.push(fiber);
        with_more_fibers(driver)
    })
}

impl<'p> Driver<'_, '_, 'p> {
    /// A stack for one more fiber, and how much of it calls may use up. `None` if there are too many.
    fn stack(&self) -> Option<(DefaultStack, usize)> {
        let used_by_scopes = self.base.abs_diff(stack_address());
        if self.fibers.len() >= MAX_FIBERS || used_by_scopes > self.session.native_stack / 2 {
            return None;
        }
        // The main program has as much as the caller allows.
        let (size, limit) = match self.fibers.len() {
            0 => (self.session.native_stack.saturating_add(STACK), self.session.native_stack),
            _ => (STACK, STACK_FOR_CALLS),
        };
        Some((DefaultStack::new(size).ok()?, limit))
    }

    /// Resumes one fiber after the other until the program ends, or there is none for a job.
    fn turn(&mut self) -> Turn<'p> {
        loop {
            self.free_abandoned();
            let (id, reply) = match std::mem::replace(&mut self.next, Next::Pick) {
                Next::Resume(id, reply) => (id, reply),
                Next::Start(job) => match self.idle.pop() {
                    Some(id) => {
                        let mut job = job;
                        // The fiber must not keep its own generator alive.
                        let generator = job.generator.take();
                        self.current.runs_on(Running { fiber: id, generator });
                        (id, Reply::Start(job))
                    }
                    None => {
                        self.next = Next::Start(job);
                        return Turn::NeedsFiber;
                    }
                },
                Next::Pick => match self.pick() {
                    Some(end) => return Turn::End(end),
                    None => continue,
                },
            };
            if let CoroutineResult::Yield(request) = self.fibers[id].resume(reply)
                && let Some(end) = self.answer(id, request)
            {
                return Turn::End(end);
            }
        }
    }

    /// Decides what comes next after a request; gives the end of the program if that is it.
    fn answer(&mut self, id: FiberId, request: Request<'p>) -> Option<End<'p>> {
        match request {
            Request::Step(generator, frames) => self.step(id, generator, frames),
            Request::Yield(value, frames) => {
                if let Some(Running { generator: Some(generator), .. }) = self.current.leave() {
                    generator.suspend(id);
                }
                self.stepped(Ok(Some(value)), frames);
            }
            Request::Done(end, frames) => {
                self.idle.push(id);
                match self.current.leave() {
                    Some(Running { generator: Some(generator), .. }) => {
                        generator.end();
                        self.stepped(end.map(|_| None), frames);
                    }
                    _ => return self.finish(end),
                }
            }
            Request::Wait => {}
        }
        None
    }

    fn step(&mut self, asker: FiberId, generator: Rc<Generator<'p>>, frames: Frames<'p>) {
        self.next = match generator.begin() {
            Begin::Fresh(call) => Next::Start(Job {
                work: Work::Body(*call),
                task: Rc::clone(&self.current),
                frames,
                generator: Some(generator),
            }),
            Begin::GoOn(fiber) => {
                self.current.runs_on(Running { fiber, generator: Some(generator) });
                Next::Resume(fiber, Reply::Resume(frames))
            }
            Begin::Running | Begin::Ended => Next::Resume(asker, Reply::Stepped(Ok(None), frames)),
        };
    }

    /// Tells who asked for a step what came of it.
    fn stepped(&mut self, what: Eval<'p, Option<Value<'p>>>, frames: Frames<'p>) {
        if let Some(asker) = self.current.top() {
            self.next = Next::Resume(asker, Reply::Stepped(what, frames));
        }
    }

    /// The task that runs has ended.
    fn finish(&mut self, end: Eval<'p>) -> Option<End<'p>> {
        let is_main = Rc::ptr_eq(&self.current, &self.main);
        let result = match end {
            Err(stop) if is_main || stop.ends_program() && !matches!(stop, Stop::Abandoned) => {
                return Some(Err(stop));
            }
            Ok(value) if is_main => {
                self.value = Some(value);
                return None;
            }
            Ok(value) => Ok(value),
            Err(Stop::Throw(error)) => Err(error),
            // It was cancelled.
            Err(_) => return None,
        };
        let mut schedule = self.session.schedule.borrow_mut();
        if result.is_err() {
            schedule.failed.push(Rc::clone(&self.current));
        }
        let woken = self.current.finish(result);
        woken.iter().for_each(|it| schedule.wake(it));
        None
    }

    /// Chooses the task that runs next.
    fn pick(&mut self) -> Option<End<'p>> {
        loop {
            let ready = self.session.schedule.borrow_mut().ready.pop_front();
            let Some(task) = ready else {
                if self.pass_time() {
                    continue;
                }
                if let Some(value) = self.value.take() {
                    return Some(self.unheard_error().map_or(Ok(value), Err));
                }
                self.current = Rc::clone(&self.main);
                self.current.forget_waits();
                let top = self.current.top()?;
                self.next = Next::Resume(top, Reply::Deadlock);
                return None;
            };
            match task.start() {
                Start::Work(work) => {
                    let task = Rc::clone(&task);
                    let frames = Vec::new();
                    self.next = Next::Start(Job { work, task, frames, generator: None });
                }
                Start::GoOn(fiber) => self.next = Next::Resume(fiber, Reply::Woken),
                Start::Gone => continue,
            }
            self.current = task;
            return None;
        }
    }

    /// Waits until the first sleeper is to be woken; false if nobody sleeps.
    fn pass_time(&mut self) -> bool {
        let schedule = &self.session.schedule;
        let Some(until) = schedule.borrow_mut().next_wake() else { return false };
        let wait = until - schedule.borrow().clock();
        if wait > 0.0 {
            // A host that cannot wait any more does not keep the program from going on.
            let _ = self.session.host.borrow_mut().sleep(wait);
        }
        schedule.borrow_mut().pass(until);
        true
    }

    /// The error of the first failed task that nobody awaited.
    fn unheard_error(&self) -> Option<Stop<'p>> {
        let schedule = self.session.schedule.borrow();
        schedule.failed.iter().find_map(|it| it.unheard_error()).map(Stop::Throw)
    }

    /// Makes fibers free whose generator or task is gone.
    fn free_abandoned(&mut self) {
        loop {
            let Some(id) = self.session.abandoned.borrow_mut().pop() else { return };
            self.abandon(id);
        }
    }

    fn abandon(&mut self, id: FiberId) {
        if self.idle.contains(&id) {
            return;
        }
        // Whatever else it asks on its way out has the same answer.
        while let CoroutineResult::Yield(request) = self.fibers[id].resume(Reply::Abandon) {
            if let Request::Done(..) = request {
                self.idle.push(id);
                return;
            }
        }
    }

    /// Ends all fibers.
    fn shut_down(&mut self) {
        self.next = Next::Pick;
        self.session.schedule.borrow_mut().ready.clear();
        for id in (0..self.fibers.len()).rev() {
            self.abandon(id);
        }
        for fiber in &mut self.fibers {
            if !fiber.done() {
                fiber.resume(Reply::Quit);
            }
        }
    }
}
