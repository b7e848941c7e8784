//! What a wrong caller is told, and that no panic gets out.
#![expect(unsafe_code, reason = "calls the interface as C does")]

use core::ffi::{CStr, c_void};
use core::ptr;

use remora_capi::*;

fn last() -> (RemoraStatus, String, String) {
    let mut error = core::mem::MaybeUninit::<RemoraError>::uninit();
    // SAFETY: there is room for one.
    assert_eq!(unsafe { remora_last_error(error.as_mut_ptr()) }, RemoraStatus::Ok);
    // SAFETY: it was written.
    let error = unsafe { error.assume_init() };
    // SAFETY: the texts end with a zero and are good until the next call.
    let text = |it| unsafe { CStr::from_ptr(it) }.to_str().expect("UTF-8").to_owned();
    (error.status, text(error.code), text(error.message))
}

fn engine(functions: &[RemoraHostFunction]) -> u64 {
    let mut engine = 0;
    // SAFETY: the pointers are good.
    let made = unsafe { remora_engine_new(functions.as_ptr(), functions.len(), &raw mut engine) };
    assert_eq!(made, RemoraStatus::Ok, "{:?}", last());
    engine
}

fn vm(engine: u64, text: &str) -> u64 {
    let (mut module, mut vm) = (0, 0);
    // SAFETY: the pointers are good.
    let made = unsafe {
        remora_compile(
            engine,
            c"t.ruff".as_ptr(),
            text.as_ptr().cast(),
            text.len(),
            &raw mut module,
        )
    };
    assert_eq!(made, RemoraStatus::Ok, "{:?}", last());
    // SAFETY: the pointers are good.
    let made = unsafe { remora_vm_new(module, ptr::null(), &raw mut vm) };
    assert_eq!(made, RemoraStatus::Ok, "{:?}", last());
    assert_eq!(remora_module_free(module), RemoraStatus::Ok, "its VM stays");
    vm
}

fn call(vm: u64, name: &CStr, arguments: &[RemoraValue]) -> (RemoraStatus, RemoraValue) {
    let mut result = remora_null();
    // SAFETY: the pointers are good.
    let status = unsafe {
        remora_call(vm, name.as_ptr(), arguments.as_ptr(), arguments.len(), &raw mut result)
    };
    (status, result)
}

#[test]
fn null_pointers_and_wrong_handles_are_errors() {
    let engine = engine(&[]);
    // SAFETY: null is what is tried.
    assert_eq!(unsafe { remora_engine_new(ptr::null(), 0, ptr::null_mut()) }, RemoraStatus::Misuse);
    let mut other = 0;
    // SAFETY: null is what is tried.
    let status = unsafe { remora_engine_new(ptr::null(), 1, &raw mut other) };
    assert_eq!(status, RemoraStatus::Misuse);
    assert_eq!(last().2, "functions is null");
    for wrong in [0, engine + 1_000_000, u64::MAX] {
        assert_eq!(call(wrong, c"f", &[]).0, RemoraStatus::Misuse);
        assert_eq!(remora_interrupt(wrong), RemoraStatus::Misuse);
    }
    assert_eq!(remora_module_free(engine), RemoraStatus::Misuse);
    assert_eq!(last().2, format!("handle {engine} is an engine, not a module"));
    let vm = vm(engine, "func f(x) { return x }");
    // SAFETY: null is what is tried.
    let status = unsafe { remora_call(vm, ptr::null(), ptr::null(), 0, ptr::null_mut()) };
    assert_eq!(status, RemoraStatus::Misuse);
    // SAFETY: null is what is tried.
    assert_eq!(unsafe { remora_last_error(ptr::null_mut()) }, RemoraStatus::Misuse);
    // SAFETY: null is what is tried.
    assert_eq!(unsafe { remora_release(ptr::null_mut()) }, RemoraStatus::Misuse);
    let bad = RemoraValue { kind: RemoraKind::Array as u32, ..remora_null() };
    assert_eq!(call(vm, c"f", &[bad]).0, RemoraStatus::Misuse, "an array without a handle");
    let bad = RemoraValue { kind: 77, ..remora_null() };
    assert_eq!(call(vm, c"f", &[bad]).0, RemoraStatus::Misuse);
    let bad = RemoraValue { handle: vm, ..remora_null() };
    assert_eq!(call(vm, c"f", &[bad]).0, RemoraStatus::Misuse, "a VM is no value");
    let bad = RemoraValue {
        kind: RemoraKind::String as u32,
        text: b"\xff".as_ptr().cast(),
        length: 1,
        ..remora_null()
    };
    assert_eq!(call(vm, c"f", &[bad]).0, RemoraStatus::Misuse, "not UTF-8");
    let (status, given) = call(vm, c"f", &[remora_int(7)]);
    assert_eq!((status, given.integer), (RemoraStatus::Ok, 7), "it can be used still");
    assert_eq!(remora_vm_free(vm), RemoraStatus::Ok);
    assert_eq!(remora_vm_free(vm), RemoraStatus::Misuse, "twice");
    assert_eq!(remora_engine_free(0), RemoraStatus::Ok);
    assert_eq!(remora_engine_free(engine), RemoraStatus::Ok);
}

/// Calls the VM that it is called from.
unsafe extern "C" fn reenters(
    user_data: *mut c_void,
    _: *const RemoraValue,
    _: usize,
    result: *mut RemoraValue,
) -> i32 {
    // SAFETY: the test gives a number that outlives the VM.
    let vm = unsafe { *user_data.cast::<u64>() };
    let status = call(vm, c"f", &[]).0;
    // SAFETY: there is room for the result.
    unsafe { *result = remora_int(status as i64) };
    0
}

#[test]
fn a_vm_that_runs_is_not_entered_again() {
    let own = Box::into_raw(Box::new(0_u64));
    let function = RemoraHostFunction {
        name: c"host.reenter".as_ptr(),
        n_parameters: 0,
        function: Some(reenters),
        user_data: own.cast(),
    };
    let engine = engine(&[function]);
    let vm = vm(engine, "func f() { return host.reenter() }");
    // SAFETY: nobody looks at it now.
    unsafe { *own = vm };
    let (status, given) = call(vm, c"f", &[]);
    assert_eq!((status, given.integer), (RemoraStatus::Ok, RemoraStatus::Misuse as i64));
    remora_vm_free(vm);
    remora_engine_free(engine);
    // SAFETY: made from a box above; the function is never called again.
    drop(unsafe { Box::from_raw(own) });
}

#[test]
fn values_go_in_and_out() {
    let engine = engine(&[]);
    let vm = vm(engine, "func swap(pair) { return {\"a\": pair[1], \"b\": pair[0]} }");
    let (mut pair, mut text, mut item) = (remora_null(), remora_null(), remora_null());
    // SAFETY: the pointers are good.
    unsafe {
        remora_array(&raw mut pair);
    }
    // SAFETY: the pointers are good.
    unsafe {
        remora_string(c"t\xc3\xa4g".as_ptr(), 4, &raw mut text);
    }
    for it in [text, remora_float(0.5)] {
        // SAFETY: the pointers are good.
        let pushed = unsafe { remora_array_push(&raw mut pair, &raw const it) };
        assert_eq!(pushed, RemoraStatus::Ok, "{:?}", last());
    }
    assert_eq!(pair.length, 2);
    let (status, mut swapped) = call(vm, c"swap", &[pair]);
    assert_eq!(status, RemoraStatus::Ok, "{:?}", last());
    assert_eq!((swapped.kind, swapped.length), (RemoraKind::Dict as u32, 2));
    // SAFETY: the pointers are good.
    let found = unsafe { remora_field(&raw const swapped, c"a".as_ptr(), &raw mut item) };
    assert_eq!((found, item.number), (RemoraStatus::Ok, 0.5));
    // SAFETY: the pointers are good.
    let found = unsafe { remora_field(&raw const swapped, c"c".as_ptr(), &raw mut item) };
    assert_eq!(found, RemoraStatus::Misuse);
    // SAFETY: the pointers are good.
    let shown = unsafe { remora_show(vm, &raw const swapped, &raw mut item) };
    assert_eq!((shown, item.length), (RemoraStatus::Ok, "{\"a\": 0.5, \"b\": täg}".len()));
    for mut it in [pair, text, item, swapped] {
        // SAFETY: the pointers are good.
        assert_eq!(unsafe { remora_release(&raw mut it) }, RemoraStatus::Ok);
    }
    // SAFETY: the pointers are good.
    let again = unsafe { remora_release(&raw mut swapped) };
    assert_eq!(again, RemoraStatus::Misuse, "it was given back");
    remora_vm_free(vm);
    remora_engine_free(engine);
}
