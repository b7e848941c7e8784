//! A run as a future.
//!
//! No runtime is needed: the future asks to be polled when one of the host's own futures can go on. While it waits the
//! program is data; nothing of it is on the native stack.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use remora_vm::{Outcome, Res, Value as Raw};

use crate::timer::Sleep;
use crate::{Error, FromValue, Function, Handle, IntoArgs, Value, Vm};

/// Units of fuel after which a run lets others use the thread: some milliseconds.
const TURN: u64 = 400_000;

/// A run of a program or function, as a future: `Send`, for any executor. It does nothing until it is polled.
///
/// Dropping it gives the run up, wherever it is: what it held is released, the futures that it waits for are dropped, and
/// the VM can be used again.
#[must_use = "it does nothing until it is polled"]
pub struct Running<'vm, T> {
    vm: &'vm mut Vm,
    stage: Stage,
    /// The time up to which the program's clock goes.
    clock: Option<Instant>,
    sleep: Option<(Sleep, Instant)>,
    gives: PhantomData<fn() -> T>,
}

enum Stage {
    /// It has not begun; the arguments are counted.
    New(Target, Vec<Raw>),
    /// It has not begun, and will not.
    Refused(Error),
    Going,
    Ended,
}

enum Target {
    Program,
    Named(Box<str>),
    Held(Handle),
}

impl Vm {
    /// As [`Vm::run`], for programs that wait for async functions of the host.
    pub fn run_async(&mut self) -> Running<'_, Value> {
        Running::new(self, Target::Program, ())
    }

    /// As [`Vm::call`], for functions that wait for async functions of the host.
    pub fn call_async(&mut self, name: &str, args: impl IntoArgs) -> Running<'_, Value> {
        Running::new(self, Target::Named(name.into()), args)
    }

    /// The same with a result of that type.
    pub fn call_async_as<T: FromValue>(
        &mut self,
        name: &str,
        args: impl IntoArgs,
    ) -> Running<'_, T> {
        Running::new(self, Target::Named(name.into()), args)
    }
}

impl<Args: IntoArgs, Ret: FromValue> Function<Args, Ret> {
    /// As [`Function::call`], for functions that wait for async functions of the host.
    pub fn call_async<'vm>(&self, vm: &'vm mut Vm, args: Args) -> Running<'vm, Ret> {
        Running::new(vm, Target::Held(self.handle().clone()), args)
    }
}

impl<'vm, T: FromValue> Running<'vm, T> {
    fn new(vm: &'vm mut Vm, target: Target, args: impl IntoArgs) -> Self {
        let stage = match args.into_raws(&mut vm.ctx()) {
            Ok(raws) => Stage::New(target, raws.as_ref().to_vec()),
            Err(fault) => Stage::Refused(vm.error(fault)),
        };
        Self { vm, stage, clock: None, sleep: None, gives: PhantomData }
    }

    fn begin(&mut self, target: &Target, args: Vec<Raw>) -> Res<Outcome> {
        let vm = &mut *self.vm;
        let started = match target {
            Target::Program => vm.inner.start(),
            Target::Named(name) => vm.inner.start_call(name, &args),
            Target::Held(handle) => match handle.find(&vm.inner.cx().host.handles) {
                Ok(function) => vm.inner.start_value(function, &args),
                Err(fault) => Err(fault),
            },
        };
        vm.inner.heap_mut().release_all(args);
        started
    }

    /// Lets the program's clock catch up with the real one.
    fn catch_up(&mut self) {
        let now = Instant::now();
        if let Some(before) = self.clock.replace(now) {
            let gone = now.duration_since(before);
            self.vm.inner.advance(gone.as_secs_f64() * 1000.0);
        }
    }

    /// Goes on as far as it can: the result, or nothing if it waits.
    fn go_on(&mut self, task: &mut Context<'_>, mut outcome: Option<Outcome>) -> Res<Option<Raw>> {
        loop {
            match outcome.take() {
                Some(Outcome::Done(value)) => return Ok(Some(value)),
                Some(Outcome::Paused) => {
                    self.vm.inner.fuel_mut().pause_after(Some(TURN));
                    task.waker().wake_by_ref();
                    return Ok(None);
                }
                Some(Outcome::AwaitsCode) => return self.vm.inner.give_up().map(Some),
                Some(Outcome::Suspended | Outcome::Sleeping(_)) | None => {}
            }
            let inner = &mut self.vm.inner;
            inner.fuel_mut().look_up()?;
            inner.drop_cancelled();
            let alarm = inner.next_alarm();
            if alarm.is_some() {
                self.catch_up();
            }
            let inner = &mut self.vm.inner;
            if inner.can_go_on() {
                outcome = Some(inner.go_on()?);
                continue;
            }
            match inner.next_alarm() {
                Some(milliseconds) => {
                    if !self.wait(task, milliseconds) {
                        return Ok(None);
                    }
                }
                None if !inner.has_open_calls() => outcome = Some(inner.go_on()?),
                None => return Ok(None),
            }
        }
    }

    /// Waits for a time; whether it may have come.
    fn wait(&mut self, task: &mut Context<'_>, milliseconds: f64) -> bool {
        /// Longest that the thread is blocked if there is no timer.
        const MOST: Duration = Duration::from_millis(1);
        let time = Duration::try_from_secs_f64(milliseconds / 1000.0).unwrap_or(Duration::MAX);
        let Some(timer) = &self.vm.timer else {
            std::thread::sleep(time.min(MOST));
            task.waker().wake_by_ref();
            return false;
        };
        // One that is asked for again goes on, unless an earlier moment is wanted now.
        let until = Instant::now().checked_add(time);
        let fits = |at: Instant| until.is_none_or(|it| at <= it + MOST);
        let (sleep, _) = match &mut self.sleep {
            Some(known) if fits(known.1) => known,
            other => other.insert((timer.sleep(time), until.unwrap_or_else(Instant::now))),
        };
        let has_come = sleep.as_mut().poll(task).is_ready();
        if has_come {
            self.sleep = None;
        }
        has_come
    }
}

impl<T: FromValue> Future for Running<'_, T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        this.vm.inner.poll_calls(task.waker());
        let began = match std::mem::replace(&mut this.stage, Stage::Going) {
            Stage::New(target, args) => {
                this.clock = Some(Instant::now());
                this.vm.inner.fuel_mut().pause_after(Some(TURN));
                this.begin(&target, args).map(Some)
            }
            Stage::Going => {
                // Once: what is woken from here on has also asked for another poll.
                this.vm.inner.poll_woken();
                this.vm.inner.go_on_if_paused()
            }
            Stage::Refused(error) => {
                this.stage = Stage::Ended;
                return Poll::Ready(Err(error));
            }
            Stage::Ended => panic!("polled after it was ready"),
        };
        let result = match began.and_then(|outcome| this.go_on(task, outcome)) {
            Ok(None) => return Poll::Pending,
            Ok(Some(raw)) => {
                this.end();
                this.vm.result("the function", raw)
            }
            Err(fault) => {
                this.end();
                Err(this.vm.error(fault))
            }
        };
        Poll::Ready(result)
    }
}

impl<T> Running<'_, T> {
    /// The run is over, in whatever way.
    fn end(&mut self) {
        self.vm.inner.drop_calls();
        self.sleep = None;
        self.vm.inner.fuel_mut().pause_after(None);
        match std::mem::replace(&mut self.stage, Stage::Ended) {
            Stage::New(_, args) => self.vm.inner.heap_mut().release_all(args),
            Stage::Going => self.vm.inner.cancel(),
            Stage::Refused(_) | Stage::Ended => {}
        }
    }
}

impl<T> Drop for Running<'_, T> {
    fn drop(&mut self) {
        self.end();
        // What the dropped futures held on to goes with them.
        self.vm.sweep();
    }
}

impl<T> std::fmt::Debug for Running<'_, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}

const _: () = {
    const fn assert_send<T: Send>() {}
    assert_send::<Running<'static, Value>>();
};
