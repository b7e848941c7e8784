//! A run as the host sees it: it ends, or it waits for the host and can be taken up again, on any thread, at any time.
//!
//! Script calls never use the native stack, so a program that waits is data: its frames, its registers, and what it waits
//! for. Nothing runs meanwhile and nothing needs to be polled.

mod calls;
mod scheduler;

use std::sync::Arc;

use remora_diagnostics::Code;

pub(crate) use self::calls::Calls;
pub(crate) use self::scheduler::{MAIN, Next, Stack, Tasks};
use crate::fault::{Fault, Res};
use crate::host::{HostCx, NOBODY};
use crate::interp::{self, Exit};
use crate::object::TaskId;
use crate::value::{BuiltinId, FunctionId, Value};
use crate::vm::Vm;

/// How a run stands.
#[derive(Debug)]
pub enum Outcome {
    /// It has ended with this value, counted for the caller.
    Done(Value),
    /// It waits for the host: [`Vm::request`] says for what, [`Vm::resume`] goes on.
    Suspended,
    /// Nothing goes on for so many milliseconds; [`Vm::resume_after`] goes on.
    Sleeping(f64),
    /// It calls a function whose code has not come: [`Vm::awaited_function`] says which, [`Vm::go_on`] goes on.
    AwaitsCode,
    /// It has used up its round of fuel ([`Fuel::pause_after`](crate::limits::fuel::Fuel::pause_after)); [`Vm::go_on`] goes on.
    Paused,
}

/// What a program waits for: the result of an async function of the host.
#[derive(Debug)]
pub struct Request {
    /// For which task.
    pub id: TaskId,
    /// Which function.
    pub function: BuiltinId,
    /// Its name.
    pub name: &'static str,
    /// Its arguments, which the VM owns until it is resumed.
    pub args: Vec<Value>,
    /// The register that takes the result.
    pub(crate) result: u16,
}

impl Vm {
    /// Begins to run the start function; its result is null if there is none.
    ///
    /// # Errors
    /// What the program did not catch, or a limit. The VM can be used again. R0026 if it waits for something.
    pub fn start(&mut self) -> Res<Outcome> {
        let Some(start) = self.loaded.module().start else { return Ok(Outcome::Done(Value::NULL)) };
        self.begin(FunctionId(self.loaded.first_function + start.0), &[])
    }

    /// Begins to call a top-level function by its name; looks at the arguments.
    ///
    /// # Errors
    /// R0010 if there is no such function; else as [`Vm::start`].
    pub fn start_call(&mut self, name: &str, args: &[Value]) -> Res<Outcome> {
        let Some((_, function)) = self.loaded.find_function(name) else {
            return Err(Fault::new(Code::R0010, format!("No such function: {name}")));
        };
        self.begin(function, args)
    }

    /// Runs the start function to its end.
    ///
    /// # Errors
    /// As [`Vm::start`]; R0026, and the run is given up, if it waits for the host.
    pub fn run(&mut self) -> Res<Value> {
        let outcome = self.start()?;
        self.finished(outcome)
    }

    /// Calls a top-level function by its name, to its end; looks at the arguments.
    ///
    /// # Errors
    /// As [`Vm::start_call`]; R0026, and the call is given up, if it waits for the host.
    pub fn call(&mut self, name: &str, args: &[Value]) -> Res<Value> {
        let outcome = self.start_call(name, args)?;
        self.finished(outcome)
    }

    /// Calls a function that is a value: one of the script, not of the host. Looks at the arguments.
    ///
    /// # Errors
    /// R0005 if it is none; else as [`Vm::start`].
    pub fn start_value(&mut self, function: Value, args: &[Value]) -> Res<Outcome> {
        self.check_idle()?;
        let exit = interp::enter_value(self, function, args)?;
        Ok(outcome(exit))
    }

    /// What the program waits for: of several things, the one asked for first.
    #[must_use]
    pub fn request(&self) -> Option<&Request> {
        self.tasks.requests.front().map(|(_, request)| request)
    }

    /// Goes on with the result of what [`Vm::request`] names, which is taken over; a fault is thrown where the program waits
    /// for it, and can be caught there.
    ///
    /// # Errors
    /// As [`Vm::start`]; R0026 if it does not wait.
    pub fn resume(&mut self, result: Res<Value>) -> Res<Outcome> {
        let Some((id, request)) = self.tasks.requests.pop_front() else {
            self.give_back(result);
            return Err(Fault::new(Code::R0026, "The program does not wait for anything"));
        };
        self.give_up_args(request.args);
        self.deliver(id, request.result, result);
        interp::proceed(self).map(outcome)
    }

    /// Goes on after so many milliseconds have gone by: those of [`Outcome::Sleeping`], or more. A host that has not really
    /// waited may say so as well; then the program's sleeps take no time.
    ///
    /// # Errors
    /// As [`Vm::start`]; R0026 if no program sleeps.
    pub fn resume_after(&mut self, milliseconds: f64) -> Res<Outcome> {
        if !self.frames.is_empty() || !self.waits() {
            return Err(Fault::new(Code::R0026, "The program does not wait for anything"));
        }
        self.tasks.advance(milliseconds);
        interp::proceed(self).map(outcome)
    }

    /// Releases the arguments of a request. Their room serves the next request.
    fn give_up_args(&mut self, mut args: Vec<Value>) {
        /// Most places that are kept.
        const MOST: usize = 32;
        self.heap.release_all(args.drain(..));
        if args.capacity() <= MOST {
            self.tasks.spare_args = args;
        }
    }

    /// Takes over the result of a call that was open; the task goes on when it is its turn. Nothing happens if it has been
    /// cancelled.
    fn answer(&mut self, id: TaskId, result: Res<Value>) {
        match self.tasks.away.remove(id) {
            Some(register) => self.deliver(id, register, result),
            None => self.give_back(result),
        }
    }

    /// Lets those go on that can: after [`Vm::poll_woken`], [`Vm::advance`], a pause, or when code has come.
    ///
    /// # Errors
    /// As [`Vm::start`]; R0026 if nothing waits.
    pub fn go_on(&mut self) -> Res<Outcome> {
        if !self.waits() {
            return Err(Fault::new(Code::R0026, "The program does not wait for anything"));
        }
        interp::proceed(self).map(outcome)
    }

    /// The same for a run that has paused; nothing if it has not.
    ///
    /// # Errors
    /// As [`Vm::start`].
    pub fn go_on_if_paused(&mut self) -> Res<Option<Outcome>> {
        if self.can_go_on() { self.go_on().map(Some) } else { Ok(None) }
    }

    /// Whether a task can go on now.
    pub fn can_go_on(&mut self) -> bool {
        self.tasks.has_ready()
    }

    /// Whether a run has begun that waits for the host, for a time or for fuel.
    pub fn is_waiting(&mut self) -> bool {
        self.waits()
    }

    /// Lets so many milliseconds go by.
    pub fn advance(&mut self, milliseconds: f64) {
        self.tasks.advance(milliseconds);
    }

    /// In how many milliseconds a task wants to go on, if any waits for a time.
    pub fn next_alarm(&mut self) -> Option<f64> {
        self.tasks.until_alarm()
    }

    /// What a function of the host is called with: to make values for it, or to look at them.
    fn host_cx(&mut self, function: BuiltinId) -> Option<HostCx<'_>> {
        let Self { loaded, heap, fuel, host, .. } = self;
        let native = loaded.natives.get(function.0 as usize)?;
        Some(HostCx::new(heap, fuel, host, native))
    }

    /// The same when none runs.
    pub fn cx(&mut self) -> HostCx<'_> {
        HostCx::new(&mut self.heap, &mut self.fuel, &mut self.host, &NOBODY)
    }

    fn deliver(&mut self, id: TaskId, register: u16, result: Res<Value>) {
        let Some(task) = self.tasks.stopped_mut(id) else { return self.give_back(result) };
        match result {
            Ok(value) => {
                let base = task.stack.frames.top().base as usize;
                let slot = &mut task.stack.slots[base + usize::from(register)];
                let old = std::mem::replace(slot, value);
                self.heap.release(old);
            }
            Err(fault) => task.fault = Some(fault),
        }
        self.tasks.wake(id);
    }

    fn give_back(&mut self, result: Res<Value>) {
        if let Ok(value) = result {
            self.heap.release(value);
        }
    }

    /// Gives up a run that waits, and releases all that it holds.
    pub fn cancel(&mut self) {
        self.drop_calls();
        interp::cancel_all(self);
    }

    fn begin(&mut self, function: FunctionId, args: &[Value]) -> Res<Outcome> {
        self.check_idle()?;
        interp::enter_from_host(self, function, args).map(outcome)
    }

    /// Whether a run has begun that waits for the host.
    pub(crate) fn waits(&mut self) -> bool {
        self.tasks.stopped_mut(MAIN).is_some() || self.tasks.result.is_some()
    }

    fn check_idle(&mut self) -> Res<()> {
        if !self.waits() {
            self.stop = None;
            return Ok(());
        }
        let awaited = self.awaited_function();
        let request = self.request().map_or("a time", |it| it.name);
        let what = awaited.as_deref().unwrap_or(request);
        Err(Fault::new(Code::R0026, format!("The program waits for {what}")))
    }

    fn finished(&mut self, outcome: Outcome) -> Res<Value> {
        match outcome {
            Outcome::Done(value) => Ok(value),
            Outcome::Suspended | Outcome::Sleeping(_) | Outcome::AwaitsCode | Outcome::Paused => {
                self.give_up()
            }
        }
    }

    /// Gives up a run that waits for a host that will not wait with it.
    ///
    /// # Errors
    /// R0026, always.
    pub fn give_up(&mut self) -> Res<Value> {
        let awaited = self.awaited_function();
        let message = match self.request() {
            _ if awaited.is_some() => {
                format!("The function {} has not come", awaited.unwrap_or_default())
            }
            Some(request) => format!("{} needs a host that waits for it", request.name),
            None => "Sleeping needs a host that waits".to_owned(),
        };
        let mut fault = Fault::new(Code::R0026, message);
        self.bring_back(MAIN);
        interp::trace(self, &mut fault);
        self.cancel();
        Err(fault)
    }

    /// The program.
    #[must_use]
    pub fn loaded(&self) -> &Arc<crate::loaded::Loaded> {
        &self.loaded
    }
}

fn outcome(exit: Exit) -> Outcome {
    match exit {
        Exit::Done(value) => Outcome::Done(value),
        Exit::Host | Exit::Waits => Outcome::Suspended,
        Exit::Sleeping(milliseconds) => Outcome::Sleeping(milliseconds),
        Exit::AwaitsCode => Outcome::AwaitsCode,
        Exit::Paused => Outcome::Paused,
    }
}
