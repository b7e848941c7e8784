//! Runs that the host takes up again by hand: for event loops, games, and limits on steps.
//!
//! What a suspended run is stays in its VM; [`Suspended`] is only the way to it, and can be asked for again.

use std::time::Duration;

use remora_diagnostics::Code;
use remora_vm::{Fault, Outcome, Res};

use crate::function::IntoReply;
use crate::{Ctx, Error, IntoArgs, Value, ValueRef, Vm};

/// How far a run has come.
#[derive(Debug)]
pub enum Step<'vm> {
    /// It has ended, with this.
    Done(Value),
    /// It waits for the host.
    Suspended(Suspended<'vm>),
}

/// A run that waits for the host. Dropping this leaves it so: [`Vm::suspended`] gives it again, [`Vm::cancel`] ends it.
#[derive(Debug)]
pub struct Suspended<'vm> {
    vm: &'vm mut Vm,
}

/// What a run waits for.
#[derive(Clone, PartialEq, Debug)]
#[non_exhaustive]
pub enum Waits {
    /// The result of an async function with these arguments: [`Suspended::resume`].
    Call(String, Vec<Value>),
    /// A time: [`Suspended::resume_after`].
    Time(Duration),
    /// More fuel: [`Suspended::resume_with_fuel`].
    Fuel,
}

impl Vm {
    /// Begins to call a top-level function by its name. It comes back when it has ended, or waits for the host.
    ///
    /// # Errors
    /// As [`Vm::call`].
    pub fn start(&mut self, name: &str, args: impl IntoArgs) -> Result<Step<'_>, Error> {
        self.start_with(name, args, None)
    }

    /// The same, and it comes back as well when it has used that much fuel: about a unit for a turn of a loop or a call. It
    /// may be more by what one builtin does.
    ///
    /// # Errors
    /// As [`Vm::call`].
    pub fn start_with_fuel(
        &mut self,
        name: &str,
        args: impl IntoArgs,
        fuel: u64,
    ) -> Result<Step<'_>, Error> {
        self.start_with(name, args, Some(fuel))
    }

    fn start_with(
        &mut self,
        name: &str,
        args: impl IntoArgs,
        fuel: Option<u64>,
    ) -> Result<Step<'_>, Error> {
        let raws = args.into_raws(&mut self.ctx()).map_err(|it| self.error(it))?;
        self.inner.fuel_mut().pause_after(fuel);
        let started = self.inner.start_call(name, raws.as_ref());
        self.inner.heap_mut().release_all(raws.as_ref().iter().copied());
        self.step(started)
    }

    /// The run that waits, if one does.
    pub fn suspended(&mut self) -> Option<Suspended<'_>> {
        self.inner.is_waiting().then_some(Suspended { vm: self })
    }

    /// Gives up the run that waits, if one does, and releases all that it holds.
    pub fn cancel(&mut self) {
        self.inner.cancel();
    }

    fn step(&mut self, outcome: Res<Outcome>) -> Result<Step<'_>, Error> {
        match outcome {
            Ok(Outcome::Done(raw)) => self.result("the function", raw).map(Step::Done),
            Ok(Outcome::Suspended | Outcome::Sleeping(_) | Outcome::Paused) => {
                Ok(Step::Suspended(Suspended { vm: self }))
            }
            Err(fault) => Err(self.error(fault)),
        }
    }
}

impl<'vm> Suspended<'vm> {
    /// What it waits for.
    pub fn waits_for(&mut self) -> Waits {
        let inner = &mut self.vm.inner;
        if inner.can_go_on() {
            return Waits::Fuel;
        }
        let Some(request) = inner.request() else {
            let milliseconds = inner.next_alarm().unwrap_or_default();
            let time = Duration::try_from_secs_f64(milliseconds / 1000.0);
            return Waits::Time(time.unwrap_or(Duration::MAX));
        };
        let (name, raws) = (request.name.to_owned(), request.args.clone());
        let cx = inner.cx();
        let args = raws.iter().map(|it| ValueRef::new(cx.heap, &cx.host.handles, *it).to_value());
        Waits::Call(name, args.collect())
    }

    /// Goes on with the result of the function that it waits for; an error is thrown there, and can be caught.
    ///
    /// # Errors
    /// What the program does not catch, or a limit; R0026 if it does not wait for a function.
    pub fn resume(self, result: impl IntoReply) -> Result<Step<'vm>, Error> {
        let made = result.into_reply(&mut Ctx::new(self.vm.inner.cx()));
        let outcome = self.vm.inner.resume(made);
        self.vm.step(outcome)
    }

    /// Goes on when so much time has gone by, whether it really has or not.
    ///
    /// # Errors
    /// What the program does not catch, or a limit.
    pub fn resume_after(self, time: Duration) -> Result<Step<'vm>, Error> {
        self.vm.inner.advance(time.as_secs_f64() * 1000.0);
        let outcome = self.vm.inner.go_on();
        self.vm.step(outcome)
    }

    /// Goes on until it has used that much fuel. It must be more than none.
    ///
    /// # Errors
    /// What the program does not catch, or a limit; R0012 for no fuel at all.
    pub fn resume_with_fuel(self, fuel: u64) -> Result<Step<'vm>, Error> {
        if fuel == 0 {
            let fault = Fault::new(Code::R0012, "A run cannot go on without fuel");
            return Err(self.vm.error(fault));
        }
        self.vm.inner.fuel_mut().pause_after(Some(fuel));
        let outcome = self.vm.inner.go_on();
        self.vm.step(outcome)
    }
}
