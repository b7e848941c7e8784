//! Functions of the host, written in C.
#![expect(unsafe_code, reason = "calls functions of C")]

use core::ffi::{c_char, c_void};
use std::cell::RefCell;

use remora::{EngineBuilder, Error, Rest, Value};

use crate::raw;
use crate::status::{Fail, RemoraStatus, guard, misuse};
use crate::value::RemoraValue;

/// A function of the host: looks at its arguments and writes its result, which is null unless it does. Gives 0, or anything
/// else if it fails, after `remora_fail`. It may be called on any thread that runs a VM of its engine, and cannot run that VM.
pub type RemoraFunction = Option<
    unsafe extern "C" fn(
        user_data: *mut c_void,
        arguments: *const RemoraValue,
        n_arguments: usize,
        result: *mut RemoraValue,
    ) -> i32,
>;

/// A function of the host, as an engine is told of it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RemoraHostFunction {
    /// What scripts call it: `name`, or `module.name`.
    pub name: *const c_char,
    /// How many arguments it takes; below 0 for any number.
    pub n_parameters: i32,
    /// What is called.
    pub function: RemoraFunction,
    /// What it is given with each call. It must be good as long as the engine and its modules and VMs.
    pub user_data: *mut c_void,
}

thread_local! {
    /// What the function that runs on this thread says of its failure.
    static SAID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// What a function of C is called with.
#[derive(Clone, Copy)]
struct UserData(*mut c_void);

// SAFETY: the header asks that a function of the host can be called on any thread that runs a VM, with its data.
unsafe impl Send for UserData {}
// SAFETY: as above: VMs of one engine may run at the same time.
unsafe impl Sync for UserData {}

impl UserData {
    /// All of it, so that a closure takes it as it is.
    const fn pointer(self) -> *mut c_void {
        self.0
    }
}

/// Adds a function to an engine.
pub(crate) fn add(
    builder: EngineBuilder,
    function: &RemoraHostFunction,
) -> Result<EngineBuilder, Fail> {
    let name = raw::name(function.name, "the name of a function")?;
    let Some(call) = function.function else {
        return Err(misuse(format!("the function `{name}` is null")));
    };
    let is_word = |it: &str| {
        let letters = it.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
        letters && it.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
    };
    let (module, word) = match name.split_once('.') {
        Some((module, word)) => (Some(module), word),
        None => (None, name),
    };
    if !is_word(word) || !module.is_none_or(is_word) {
        return Err(misuse(format!("`{name}` is no name that a script can say")));
    }
    let (user_data, n_parameters) = (UserData(function.user_data), function.n_parameters);
    let own_name = name.to_owned();
    let run = move |given: Rest<Value>| -> Result<Value, Error> {
        if usize::try_from(n_parameters).is_ok_and(|it| it != given.len()) {
            let n = given.len();
            return Err(Error::host(format!(
                "{own_name} expects {n_parameters} arguments, got {n}"
            )));
        }
        let arguments: Vec<RemoraValue> = given.0.into_iter().map(RemoraValue::of).collect();
        let mut result = RemoraValue::NULL;
        SAID.with(|said| said.borrow_mut().clear());
        // SAFETY: the header asks for a function that can be called so; arguments and result are good during the call.
        let failed = unsafe {
            call(user_data.pointer(), arguments.as_ptr(), arguments.len(), &raw mut result)
        };
        for argument in arguments {
            argument.release();
        }
        let made = result.take();
        if failed == 0 {
            return made.map_err(|_| Error::host(format!("{own_name} has given no value")));
        }
        let said = SAID.with(|said| std::mem::take(&mut *said.borrow_mut()));
        Err(Error::host(if said.is_empty() { format!("{own_name} failed") } else { said }))
    };
    Ok(match module {
        Some(module) => builder.module(module, |it| it.function(word, run)),
        None => builder.function(name, run),
    })
}

/// Says why the function of the host that runs on this thread is about to fail. The script sees it as `e.message`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn remora_fail(message: *const c_char) -> RemoraStatus {
    guard(|| {
        let message = raw::name(message, "message")?.to_owned();
        SAID.with(|said| *said.borrow_mut() = message);
        Ok(())
    })
}
