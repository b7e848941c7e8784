//! VMs: runs, calls, limits, and what stops them.
#![expect(unsafe_code, reason = "calls what C gives for output")]

use core::ffi::{c_char, c_void};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::Duration;

use remora::{Settings, Stream, Value, Vm};

use crate::handles::{self, Held, VmCell, hold};
use crate::raw;
use crate::status::{Fail, RemoraStatus, guard, misuse};
use crate::value::{RemoraValue, values};

/// Takes what a program prints: `stream` is 1 for standard output, 2 for standard error. Gives 0, or anything else to end the
/// program.
pub type RemoraWrite = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        stream: i32,
        text: *const c_char,
        length: usize,
    ) -> i32,
>;

/// What a VM may use. All zero is what scripts may use unless said otherwise: 1 GiB, 200,000 calls.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RemoraSettings {
    /// Units of work: calls, turns of loops, work of builtins; 0 for no limit.
    pub fuel: u64,
    /// Live bytes of values; 0 for 1 GiB.
    pub memory: u64,
    /// Calls that may be open at once; 0 for 200,000.
    pub frames: u32,
    /// How long the VM may run, in milliseconds from when it is made; 0 for no limit.
    pub timeout: u64,
    /// Most bytes that may be printed; 0 for no limit.
    pub output: u64,
    /// Takes what is printed; null for the process's own streams.
    pub write: RemoraWrite,
    /// What that is given. It must be good as long as the VM, on any thread that uses the VM.
    pub user_data: *mut c_void,
}

/// What takes the output.
#[derive(Clone, Copy)]
struct Sink {
    write: unsafe extern "C" fn(*mut c_void, i32, *const c_char, usize) -> i32,
    user_data: *mut c_void,
}

// SAFETY: the header asks that it can be called, with its data, on any thread that uses the VM; one does at a time.
unsafe impl Send for Sink {}

impl Sink {
    fn take(self, stream: Stream, text: &str) -> Result<(), String> {
        let stream = if stream == Stream::Out { 1 } else { 2 };
        let (text, length) = (text.as_ptr().cast(), text.len());
        // SAFETY: the header asks for a function that can be called so; the text is good during the call.
        let failed = unsafe { (self.write)(self.user_data, stream, text, length) };
        if failed == 0 { Ok(()) } else { Err("the host takes no output".to_owned()) }
    }
}

fn settings(given: Option<&RemoraSettings>) -> Settings {
    let mut settings = Settings::default();
    let Some(given) = given else { return settings };
    let some = |it: u64| (it != 0).then_some(it);
    settings.fuel = some(given.fuel);
    if let Some(bytes) = some(given.memory) {
        settings.memory = usize::try_from(bytes).unwrap_or(usize::MAX);
    }
    if given.frames != 0 {
        settings.frames = given.frames;
    }
    settings.timeout = some(given.timeout).map(Duration::from_millis);
    settings.output_bytes = some(given.output).unwrap_or(u64::MAX);
    if let Some(write) = given.write {
        let sink = Sink { write, user_data: given.user_data };
        settings.output = Some(Box::new(move |stream, text| sink.take(stream, text)));
    }
    settings
}

/// A VM that nobody else uses now.
fn use_vm(cell: &VmCell) -> Result<MutexGuard<'_, Vm>, Fail> {
    match cell.vm.try_lock() {
        Ok(vm) => Ok(vm),
        Err(TryLockError::Poisoned(vm)) => Ok(vm.into_inner()),
        Err(TryLockError::WouldBlock) => {
            Err(misuse("the VM runs: on another thread, or below this call".to_owned()))
        }
    }
}

/// Makes a VM for a module. Nothing runs yet. `settings` may be null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_vm_new(
    module: u64,
    settings: *const RemoraSettings,
    vm: *mut u64,
) -> RemoraStatus {
    guard(|| {
        raw::check(vm, "vm")?;
        let made = Vm::new(&handles::module(module)?, self::settings(raw::optional(settings)));
        let interrupt = made.interrupt();
        let cell = VmCell { vm: Mutex::new(made), interrupt };
        raw::put(vm, hold(Held::Vm(Arc::new(cell))), "vm")
    })
}

/// Gives a VM back; one that runs goes when it has ended. 0 is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn remora_vm_free(vm: u64) -> RemoraStatus {
    guard(|| handles::release(vm, "a VM"))
}

/// Runs the top level of the program. `result` may be null; else it is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_run(vm: u64, result: *mut RemoraValue) -> RemoraStatus {
    guard(|| {
        let cell = handles::vm(vm)?;
        let given = use_vm(&cell)?.run()?;
        give(result, given)
    })
}

/// Calls a function of the program by its name. `result` may be null; else it is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_call(
    vm: u64,
    name: *const c_char,
    arguments: *const RemoraValue,
    n_arguments: usize,
    result: *mut RemoraValue,
) -> RemoraStatus {
    guard(|| {
        let cell = handles::vm(vm)?;
        let arguments = values(arguments, n_arguments)?;
        let given = use_vm(&cell)?.call(raw::name(name, "name")?, arguments)?;
        give(result, given)
    })
}

fn give(result: *mut RemoraValue, given: Value) -> Result<(), Fail> {
    if result.is_null() { Ok(()) } else { raw::put(result, RemoraValue::of(given), "result") }
}

/// What `print` shows of a value, as a value of the kind `REMORA_STRING`, which is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_show(
    vm: u64,
    value: *const RemoraValue,
    text: *mut RemoraValue,
) -> RemoraStatus {
    guard(|| {
        raw::check(text, "text")?;
        let cell = handles::vm(vm)?;
        let shown = use_vm(&cell)?.display(&raw::one(value, "value")?.value()?)?;
        raw::put(text, RemoraValue::of(Value::Str(shown)), "text")
    })
}

/// Stops what the VM runs, from any thread, with `REMORA_LIMIT` and the code L0007. One that does not run stops as soon as it
/// does.
#[unsafe(no_mangle)]
pub extern "C" fn remora_interrupt(vm: u64) -> RemoraStatus {
    guard(|| {
        handles::vm(vm)?.interrupt.interrupt();
        Ok(())
    })
}

/// Units of work that the VM has used.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_vm_fuel_used(vm: u64, fuel: *mut u64) -> RemoraStatus {
    guard(|| {
        let cell = handles::vm(vm)?;
        let used = use_vm(&cell)?.fuel_used();
        raw::put(fuel, used, "fuel")
    })
}

/// Bytes of values that live in the VM.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_vm_live_bytes(vm: u64, bytes: *mut u64) -> RemoraStatus {
    guard(|| {
        let cell = handles::vm(vm)?;
        let live = use_vm(&cell)?.live_bytes();
        raw::put(bytes, u64::try_from(live).unwrap_or(u64::MAX), "bytes")
    })
}
