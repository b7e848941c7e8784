//! Engines and modules.
#![expect(unsafe_code, reason = "exports functions to C")]

use core::ffi::c_char;

use remora::{Engine, Value};

use crate::handles::{self, Held, hold};
use crate::host::{self, RemoraHostFunction};
use crate::raw;
use crate::status::{RemoraStatus, guard};
use crate::value::RemoraValue;

/// Makes an engine with all builtins and these functions of the host. `functions` may be null if there are none.
///
/// Names are those that a script can say, also `module.name`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_engine_new(
    functions: *const RemoraHostFunction,
    n_functions: usize,
    engine: *mut u64,
) -> RemoraStatus {
    guard(|| {
        raw::check(engine, "engine")?;
        let mut builder = Engine::builder();
        for function in raw::slice(functions, n_functions, "functions")? {
            builder = host::add(builder, function)?;
        }
        raw::put(engine, hold(Held::Engine(builder.build())), "engine")
    })
}

/// Gives an engine back; its modules stay. 0 is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn remora_engine_free(engine: u64) -> RemoraStatus {
    guard(|| handles::release(engine, "an engine"))
}

/// Compiles a program. `name` is what messages call it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_compile(
    engine: u64,
    name: *const c_char,
    text: *const c_char,
    length: usize,
    module: *mut u64,
) -> RemoraStatus {
    guard(|| {
        raw::check(module, "module")?;
        let engine = handles::engine(engine)?;
        let made = engine.compile(raw::name(name, "name")?, raw::text(text, length, "text")?)?;
        raw::put(module, hold(Held::Module(made)), "module")
    })
}

/// Loads a module from bytes, as `remora_module_bytes` or `remora build` write them. They are checked first: bytes of
/// strangers do no harm.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_load(
    engine: u64,
    name: *const c_char,
    bytes: *const u8,
    length: usize,
    module: *mut u64,
) -> RemoraStatus {
    guard(|| {
        raw::check(module, "module")?;
        let engine = handles::engine(engine)?;
        let made = engine.load(raw::name(name, "name")?, raw::slice(bytes, length, "bytes")?)?;
        raw::put(module, hold(Held::Module(made)), "module")
    })
}

/// The bytes of a module, as a value of the kind `REMORA_BYTES`, which is to be released.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_module_bytes(module: u64, bytes: *mut RemoraValue) -> RemoraStatus {
    guard(|| {
        raw::check(bytes, "bytes")?;
        let made = Value::Bytes(handles::module(module)?.to_bytes(false));
        raw::put(bytes, RemoraValue::of(made), "bytes")
    })
}

/// Gives a module back; its VMs stay. 0 is nothing.
#[unsafe(no_mangle)]
pub extern "C" fn remora_module_free(module: u64) -> RemoraStatus {
    guard(|| handles::release(module, "a module"))
}
