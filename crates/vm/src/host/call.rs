//! Functions that the embedder adds: closures of its own behind the one way in that all builtins have.
//!
//! What runs here is not ours and may panic. It is stopped at this gate, where nothing of the VM is half changed: a function
//! of the host sees values only through its arguments and [`HostCx`], whose operations are whole. A panic is an error of the
//! script with the code R0032, which it can catch.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use remora_diagnostics::Code;

use super::{Args, HostCx, HostFuture};
use crate::builtins::{Call, Entry, Look, NativeFn};
use crate::fault::{Fault, Res};
use crate::value::Value;

/// A builtin as a call needs it.
#[derive(Clone, Debug)]
pub(crate) struct Native {
    pub(crate) call: NativeFn,
    pub(crate) name: &'static str,
    /// How it is called without taking its arguments, if it can be.
    pub(crate) look: Option<Look>,
    pub(crate) function: Option<Arc<HostFunction>>,
}

impl Native {
    /// What runs for a row of the registry.
    pub(crate) fn of(entry: &Entry) -> Self {
        let call = if let Call::Native(call) = entry.row.call { call } else { not_native };
        Self { call, name: entry.name, look: entry.row.look, function: entry.function.clone() }
    }

    /// Nothing but a name, for tests.
    #[cfg(test)]
    pub(crate) fn named(name: &'static str) -> Self {
        Self { call: not_native, name, look: None, function: None }
    }
}

/// The embedder itself.
pub(crate) static NOBODY: Native =
    Native { call: not_native, name: "host", look: None, function: None };

/// Stands for builtins that do not run here; lowering never names them as such.
fn not_native(_: &mut HostCx<'_>, _: Args<'_>) -> Res<Value> {
    Ok(Value::NULL)
}

/// A function of the embedder.
pub struct HostFunction {
    /// What is called.
    pub call: HostCall,
    /// How many arguments, the first, a script does not write as such: the object of a method.
    pub n_hidden: usize,
}

/// How a function of the embedder is called.
pub enum HostCall {
    /// It gives its result at once.
    Now(Box<Run>),
    /// It gives a future of its result; the program waits for that.
    Later(Box<Begin>),
}

/// Runs at once.
pub type Run = dyn Fn(&mut HostCx<'_>, Args<'_>) -> Res<Value> + Send + Sync;

/// Begins what a program then waits for.
pub type Begin = dyn Fn(&mut HostCx<'_>, Args<'_>) -> Res<Pin<Box<dyn HostFuture>>> + Send + Sync;

impl std::fmt::Debug for HostFunction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.call {
            HostCall::Now(_) => "HostFunction::Now",
            HostCall::Later(_) => "HostFunction::Later",
        })
    }
}

/// How an async function stands after it was asked for the first time.
pub(crate) enum Opened {
    /// It has given this.
    Ready(Value),
    /// It is to be asked again.
    Pending(Pin<Box<dyn HostFuture>>),
}

impl HostCx<'_> {
    /// Begins the async function that this is for, and asks it once; whatever panics is a fault.
    ///
    /// # Errors
    /// What the function says; R0032; R0026 for one that is not async.
    pub(crate) fn open(&mut self, args: Args<'_>, task: &mut Context<'_>) -> Res<Opened> {
        let Some(HostFunction { call: HostCall::Later(begin), .. }) = self.function() else {
            return Err(Fault::new(Code::R0026, format!("{} is not async", self.name())));
        };
        caught(self.name(), || {
            let mut future = begin(self, args)?;
            match future.as_mut().poll(task, self) {
                Poll::Ready(result) => result.map(Opened::Ready),
                Poll::Pending => Ok(Opened::Pending(future)),
            }
        })
    }
}

/// Runs code of the embedder; if it panics, that is a fault of `name`.
pub(crate) fn caught<T>(name: &str, run: impl FnOnce() -> Res<T>) -> Res<T> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(result) => result,
        Err(panic) => {
            let fault = panicked(name, &*panic);
            dismiss(panic);
            Err(fault)
        }
    }
}

/// Drops something of the embedder; a panic of that goes no further.
pub(crate) fn dropped<T>(it: T) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop(it))) {
        dismiss(panic);
    }
}

/// Drops what a panic said. That may panic itself, and say something that does so again: then it stays.
#[cold]
fn dismiss(panic: Box<dyn Any + Send>) {
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
}

/// What all functions of the embedder that are not async run as.
pub(crate) fn call_now(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let Some(HostFunction { call: HostCall::Now(call), .. }) = cx.function() else {
        return Err(Fault::new(Code::R0026, format!("{} is async", cx.name())));
    };
    caught(cx.name(), || call(cx, args))
}

/// The fault of a panic.
#[cold]
pub(super) fn panicked(name: &str, panic: &(dyn Any + Send)) -> Box<Fault> {
    let said = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message");
    Fault::new(Code::R0032, format!("{name} panicked: {said}"))
        .with_help("this is a mistake in the host, not in the script")
}
