//! What C holds on to: numbers that are looked up here, so that no number it makes up leads anywhere.
//!
//! A number is used once: one that was given back is never found again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use remora::{Engine, Handle, Interrupt, Module, Value, Vm};

use crate::status::{Fail, misuse};

/// What stands behind a number.
#[derive(Clone)]
pub(crate) enum Held {
    Engine(Engine),
    Module(Module),
    Vm(Arc<VmCell>),
    Value(Arc<Mutex<Value>>),
}

impl Held {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Engine(_) => "an engine",
            Self::Module(_) => "a module",
            Self::Vm(_) => "a VM",
            Self::Value(_) => "a value",
        }
    }
}

/// A VM, and what stops it while it runs.
pub(crate) struct VmCell {
    pub(crate) vm: Mutex<Vm>,
    pub(crate) interrupt: Interrupt,
}

#[derive(Default)]
struct Table {
    last: u64,
    held: HashMap<u64, Held>,
}

static TABLE: Mutex<Option<Table>> = Mutex::new(None);

/// What a mutex of this crate holds is whole at any moment, so a panic elsewhere does not matter.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A number for something.
pub(crate) fn hold(it: Held) -> u64 {
    let mut table = lock(&TABLE);
    let table = table.get_or_insert_default();
    table.last += 1;
    table.held.insert(table.last, it);
    table.last
}

fn find(handle: u64) -> Result<Held, Fail> {
    let table = lock(&TABLE);
    let found = table.as_ref().and_then(|it| it.held.get(&handle));
    found.cloned().ok_or_else(|| {
        misuse(if handle == 0 {
            "the handle is 0: nothing has been made".to_owned()
        } else {
            format!("there is no handle {handle}: it was given back, or never was")
        })
    })
}

/// Gives something back. Nothing happens for 0.
pub(crate) fn release(handle: u64, wanted: &'static str) -> Result<(), Fail> {
    if handle == 0 {
        return Ok(());
    }
    let found = find(handle)?;
    if found.kind() != wanted {
        return Err(wrong(handle, &found, wanted));
    }
    // What it was may end here, outside of the lock: functions of the host go with an engine.
    let gone = lock(&TABLE).as_mut().and_then(|it| it.held.remove(&handle));
    drop(gone);
    Ok(())
}

fn wrong(handle: u64, found: &Held, wanted: &str) -> Fail {
    misuse(format!("handle {handle} is {}, not {wanted}", found.kind()))
}

pub(crate) fn engine(handle: u64) -> Result<Engine, Fail> {
    match find(handle)? {
        Held::Engine(it) => Ok(it),
        other => Err(wrong(handle, &other, "an engine")),
    }
}

pub(crate) fn module(handle: u64) -> Result<Module, Fail> {
    match find(handle)? {
        Held::Module(it) => Ok(it),
        other => Err(wrong(handle, &other, "a module")),
    }
}

pub(crate) fn vm(handle: u64) -> Result<Arc<VmCell>, Fail> {
    match find(handle)? {
        Held::Vm(it) => Ok(it),
        other => Err(wrong(handle, &other, "a VM")),
    }
}

pub(crate) fn value(handle: u64) -> Result<Arc<Mutex<Value>>, Fail> {
    match find(handle)? {
        Held::Value(it) => Ok(it),
        other => Err(wrong(handle, &other, "a value")),
    }
}

const _: () = {
    const fn assert_send<T: Send>() {}
    assert_send::<Held>();
    assert_send::<Handle>();
};
