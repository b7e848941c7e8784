//! A VM: one execution of a loaded program, with its own heap, globals, registers and limits. Moves between threads as a
//! whole.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use remora_bytecode::Constant;

use crate::fault::Res;
use crate::frame::Frames;
use crate::heap::Heap;
use crate::hooks::{self, Hooked};
use crate::host::Host;
use crate::limits::fuel::{Fuel, Watch};
use crate::limits::memory::allocation_failed;
use crate::loaded::Loaded;
use crate::lower::Const;
use crate::profile::Profile;
use crate::task::{Calls, Tasks};
use crate::units::{Units, WATCHED};
use crate::value::{FunctionId, TypeId, Value};

/// What a run may use.
pub struct Limits {
    /// Units of work; `u64::MAX` is without limit.
    pub fuel: u64,
    /// Live bytes of values.
    pub memory: usize,
    /// Calls that may be open at once.
    pub frames: u32,
    /// Asked now and then whether to go on: for deadlines.
    pub watch: Option<Watch>,
}

impl Default for Limits {
    /// No limit on fuel and time, 1 GiB of values, 200000 calls.
    fn default() -> Self {
        Self { fuel: u64::MAX, memory: 1 << 30, frames: 200_000, watch: None }
    }
}

/// A receiver that is away from its place while a method changes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WriteBack {
    /// The path in the caller's function.
    pub(crate) path: u16,
    /// The caller's register where the keys of the path begin.
    pub(crate) keys: u16,
    /// The root variable's value, for a path into a cell, captured variable or global: the variable is marked as away.
    pub(crate) root: Value,
}

/// Why the loop is to end after a call that has just been made, with all in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    /// The round of fuel is used up.
    Pause,
    /// An async function was called as a value: the task waits for it.
    Wait,
}

/// One execution.
pub struct Vm {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) heap: Heap,
    pub(crate) fuel: Fuel,
    pub(crate) host: Host,
    pub(crate) slots: Vec<Value>,
    pub(crate) frames: Frames,
    pub(crate) globals: Vec<Value>,
    pub(crate) units: Units,
    pub(crate) write_backs: Vec<WriteBack>,
    /// All tasks but the one that runs, which is in the fields above.
    pub(crate) tasks: Tasks,
    /// Async functions of the host that have not answered; none if nobody polls the run.
    pub(crate) calls: Option<Box<Calls>>,
    /// How many errors there were; the last one's serial number.
    pub(crate) n_faults: u64,
    /// Why the loop is to end after a call that has just been made.
    pub(crate) stop: Option<Stop>,
    /// Where fuel is spent, if somebody wants to know.
    pub(crate) profile: Option<Box<Profile>>,
    /// What somebody who looks at its calls has of it.
    pub(crate) hooks: Option<Hooked>,
}

/// Stops a run from another thread.
#[derive(Clone, Debug)]
pub struct InterruptHandle(Arc<AtomicBool>);

impl InterruptHandle {
    /// Ends the run at its next look up, with L0007. Without effect on a VM that does not run, until it does.
    pub fn interrupt(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Vm {
    /// A VM for a program. Allocates for its globals; registers, frames and constants come when something runs.
    #[must_use]
    pub fn new(loaded: Arc<Loaded>, limits: Limits, host: Host, seed: u64) -> Self {
        let heap = Heap::new(limits.memory, seed, Arc::clone(&loaded.types));
        let globals = vec![Value::UNDEFINED; loaded.module().globals.len()];
        Self {
            heap,
            fuel: Fuel::new(limits.fuel, limits.watch),
            host,
            slots: Vec::new(),
            frames: Frames::new(limits.frames as usize),
            globals,
            units: Units::new(),
            write_backs: Vec::new(),
            tasks: Tasks::new(limits.frames as usize),
            calls: None,
            n_faults: 0,
            stop: None,
            profile: None,
            hooks: None,
            loaded,
        }
    }

    /// The heap, to read results.
    #[must_use]
    pub const fn heap(&self) -> &Heap {
        &self.heap
    }

    /// The heap, to make arguments and to release results.
    pub const fn heap_mut(&mut self) -> &mut Heap {
        &mut self.heap
    }

    /// What the host gave.
    pub const fn host_mut(&mut self) -> &mut Host {
        &mut self.host
    }

    /// What is left to use.
    pub const fn fuel_mut(&mut self) -> &mut Fuel {
        &mut self.fuel
    }

    /// Stops the run from another thread.
    #[must_use]
    pub fn interrupt_handle(&self) -> InterruptHandle {
        InterruptHandle(self.fuel.interrupt_flag())
    }

    /// Releases all that the program holds: what waits, globals, constants, caches. For tests of leaks.
    pub fn clear(&mut self) {
        self.cancel();
        for global in &mut self.globals {
            let old = std::mem::replace(global, Value::UNDEFINED);
            self.heap.release(old);
        }
        for function in self.units.functions() {
            self.heap.release_all(self.units.remove(function));
        }
        self.heap.clear_caches();
        self.heap.collect_cycles();
    }

    /// Makes the constants and caches of a function, unless they are there. Gives whether somebody looks at its calls.
    #[inline]
    pub(crate) fn prepare(&mut self, function: FunctionId) -> Res<bool> {
        match self.units.get(function) {
            Some(unit) => Ok(unit.window.get() == WATCHED),
            None => self.make_ready(function),
        }
    }

    #[cold]
    #[inline(never)]
    fn make_ready(&mut self, function: FunctionId) -> Res<bool> {
        let loaded = Arc::clone(&self.loaded);
        let lowered = loaded.function(function);
        let mut consts: Vec<Value> = Vec::new();
        consts
            .try_reserve_exact(lowered.consts.len())
            .map_err(|_| allocation_failed(lowered.consts.len() * 16))?;
        for constant in &lowered.consts {
            match self.materialise(constant) {
                Ok(value) => consts.push(value),
                Err(fault) => {
                    self.heap.release_all(consts);
                    return Err(fault);
                }
            }
        }
        let added = self.units.add(function, loaded.functions.len(), lowered, consts);
        if let Err((fault, consts)) = added {
            self.heap.release_all(consts);
            return Err(fault);
        }
        Ok(hooks::made_ready(self, function))
    }

    fn materialise(&mut self, constant: &Const) -> Res<Value> {
        Ok(match constant {
            Const::Plain(Constant::Null) => Value::NULL,
            Const::Plain(Constant::Bool(value)) => Value::bool(*value),
            Const::Plain(Constant::Int(value)) => Value::int(*value),
            Const::Plain(Constant::Float(bits)) => Value::float(f64::from_bits(*bits)),
            Const::Plain(Constant::Str(text)) => self.heap.new_string(text)?,
            Const::Plain(Constant::Bytes(bytes)) => {
                let buffer = crate::heap::Buf::copy_of(self.heap.memory_mut(), bytes)?;
                self.heap.new_bytes(buffer)?
            }
            Const::Function(id) => Value::function(*id),
            Const::Builtin(id) => Value::builtin(*id),
            Const::Type(at) => Value::type_ref(TypeId(*at)),
            Const::None => Value::NONE,
        })
    }
}

impl std::fmt::Debug for Vm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vm")
            .field("module", &self.loaded.module().name)
            .field("frames", &self.frames.len())
            .finish_non_exhaustive()
    }
}

const _: () = {
    const fn assert_send<T: Send>() {}
    assert_send::<Vm>();
};
