//! Functions of Ruff programs, as probes see them: `fn:main.create:entry`.
//!
//! A function is called by its module and its name: `main` is the program itself, `lib.orders` the file `lib/orders.ruff`
//! beside it, `main.Point.norm` a method, `main.<main>` the top level, `main.<lambda>` a function without a name. A VM whose
//! functions nobody looks at pays nothing for it.
//!
//! Arguments are known at the exit as they were at the entry; `locals` is what the variables hold that are still needed. A
//! generator or async function is entered when it is called, and left when its body ends.

mod hit;
mod names;
mod tracer;

use std::sync::{Arc, OnceLock};

pub use hit::{Object, RuffHit};
use tracer::Tracing;

use crate::Vm;
use remora_probe::{Host, Registry};

/// Values of Ruff programs.
#[derive(Debug)]
pub struct Ruff;

impl Host for Ruff {
    type Object = Object;
    type Dispatcher<'h> = RuffHit<'h>;
}

/// The registry of the functions of all traced VMs of this process. Made at the first use, with default settings.
pub fn registry() -> &'static Arc<Registry<Ruff>> {
    static REGISTRY: OnceLock<Arc<Registry<Ruff>>> = OnceLock::new();
    REGISTRY.get_or_init(Arc::default)
}

impl Vm {
    /// Lets the probes look at this VM that are attached to [`registry`], now or later, while it runs or not. Its functions
    /// are known there until the VM is dropped.
    ///
    /// # Cost
    /// Linear in the functions of the program. While no probe fits any of them, a run costs the same as without; a program
    /// that is attached or detached while it runs is noticed within some ten microseconds of its work.
    pub fn trace(&mut self) {
        self.trace_with(registry());
    }

    /// The same with a registry of the host's own.
    pub fn trace_with(&mut self, registry: &Arc<Registry<Ruff>>) {
        let tracing = Tracing::new(Arc::clone(registry), &self.inner.functions());
        self.inner.set_tracer(Some(Box::new(tracing)));
    }
}
