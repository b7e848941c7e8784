//! Places: assignment inside variables, and methods that change the place they are called on.

use std::sync::Arc;

use super::call::{clear_spread, spread};
use super::method::{
    Target, call_on_value, check_method_arguments, enter_in_place, find_method, native_method,
};
use super::{set, slow};
use crate::builtins::MethodHow;
use crate::fault::Res;
use crate::limits::Free;
use crate::lower::op::Ins;
use crate::lower::{LoweredFunction, LoweredPath, LoweredRoot, LoweredStep};
use crate::ops::path::{self, Step};
use crate::registers::{Constants, Registers};
use crate::shape::Receiver;
use crate::value::Value;
use crate::vm::{Vm, WriteBack};

/// Steps with their keys: few are kept in place.
enum Steps {
    Few([Step; 4], usize),
    Many(Vec<Step>),
}

impl Steps {
    fn new(path: &LoweredPath, consts: Constants, regs: Registers, mut key: u16) -> Self {
        let mut step = |it: &LoweredStep| match it {
            LoweredStep::Field(name) => Step::Field(consts.get(*name)),
            LoweredStep::Index => {
                key += 1;
                Step::Index(regs.get(key - 1))
            }
        };
        if path.steps.len() > 4 {
            return Self::Many(path.steps.iter().map(step).collect());
        }
        let mut few = [Step::Index(Value::NULL); 4];
        for (slot, it) in few.iter_mut().zip(&path.steps) {
            *slot = step(it);
        }
        Self::Few(few, path.steps.len())
    }

    fn as_slice(&self) -> &[Step] {
        match self {
            Self::Few(steps, n) => steps.get(..*n).unwrap_or_default(),
            Self::Many(steps) => steps,
        }
    }
}

fn running(vm: &Vm) -> (Arc<crate::loaded::Loaded>, crate::value::FunctionId, u32) {
    match vm.frames.last() {
        Some(frame) => (Arc::clone(&vm.loaded), frame.function, frame.base),
        None => unreachable!("places are named by a frame"),
    }
}

/// Moves the value of a variable out, and marks it as away. Locals are left null: nobody else sees them.
fn take_root(vm: &mut Vm, regs: Registers, root: LoweredRoot) -> Res<Value> {
    let (value, fault): (Value, Option<_>) = match root {
        LoweredRoot::Local(local) => return Ok(regs.take(local)),
        LoweredRoot::Cell(register) => {
            let value = vm.heap.cell(regs.get(register));
            (value, (!value.is_defined()).then(|| slow::undefined_cell(vm, register, value)))
        }
        LoweredRoot::Free(at) => {
            let value = vm.heap.cell(super::call::captured(vm, regs, at));
            (value, (!value.is_defined()).then(|| slow::undefined_free(vm, at, value)))
        }
        LoweredRoot::Global(at) => {
            let value = vm.globals[at as usize];
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            (value, (!value.is_defined()).then(|| slow::undefined_global(vm, at, value)))
        }
    };
    if let Some(fault) = fault {
        return Err(fault);
    }
    put_root(vm, regs, root, Value::MOVED);
    Ok(value)
}

/// Puts a value into a variable whose own is away; takes it over.
fn put_root(vm: &mut Vm, regs: Registers, root: LoweredRoot, value: Value) {
    match root {
        LoweredRoot::Local(local) => regs.put(local, value),
        LoweredRoot::Cell(register) => {
            let _away = vm.heap.cell_replace(regs.get(register), value);
        }
        LoweredRoot::Free(at) => {
            let cell = super::call::captured(vm, regs, at);
            let _away = vm.heap.cell_replace(cell, value);
        }
        LoweredRoot::Global(at) => vm.globals[at as usize] = value,
    }
}

/// The place of path `at`, with keys from `b` on, gets what is in `a`.
pub(super) fn store(vm: &mut Vm, regs: Registers, consts: Constants, ins: Ins, at: u16) -> Res<()> {
    let (loaded, function, _) = running(vm);
    let path = &loaded.function(function).paths[usize::from(at)];
    let steps = Steps::new(path, consts, regs, ins.b);
    let mut root = take_root(vm, regs, path.root)?;
    let value = regs.take(ins.a);
    let done = path::store(&mut vm.heap, &mut root, steps.as_slice(), value, &mut vm.fuel);
    put_root(vm, regs, path.root, root);
    done?;
    release_keys(vm, regs, ins.b, path.n_keys);
    Ok(())
}

fn release_keys(vm: &mut Vm, regs: Registers, first: u16, n: u16) {
    for key in first..first + n {
        slow::consume(vm, regs, key);
    }
}

/// Calls a method on a place, with its keys and the arguments in a row from `a` on.
pub(super) fn call(vm: &mut Vm, ins: Ins, at: u16) -> Res<()> {
    let (loaded, id, _) = running(vm);
    let function = loaded.function(id);
    let site = &function.sites[usize::from(at)];
    let Some(place) = site.place else { return Ok(()) };
    let path = &function.paths[usize::from(place)];
    let args = ins.a + path.n_keys;
    if !site.spread {
        return call_with(vm, ins, at, place, (args, ins.c));
    }
    let n = spread(vm, args)?;
    let done = call_with(vm, ins, at, place, (args, n));
    clear_spread(vm, args, n, done)
}

fn call_with(vm: &mut Vm, ins: Ins, at: u16, place: u16, (args, n): (u16, u16)) -> Res<()> {
    let (loaded, id, base) = running(vm);
    let function = loaded.function(id);
    let site = &function.sites[usize::from(at)];
    let path = &function.paths[usize::from(place)];
    let regs = Registers::new(&mut vm.slots, base);
    let consts = Constants::new(&vm.units[id.0 as usize].consts);
    let steps = Steps::new(path, consts, regs, ins.a);

    // Look first: only methods that change need the place itself.
    let mut root = take_root(vm, regs, path.root)?;
    let receiver = path::load(&mut vm.heap, root, steps.as_slice(), &mut vm.fuel);
    put_root(vm, regs, path.root, root);
    let receiver = receiver?;
    let target = find_method(vm, receiver, at);
    vm.heap.release(receiver);
    let target = target?;
    let changes = match target {
        Target::Script(_, kind) => kind == Receiver::Mutating,
        Target::Builtin(_, how) => how.changes(),
        Target::Field(field) => {
            vm.heap.release(field);
            false
        }
    };
    if !changes {
        return call_unchanged(vm, function, ins, at, (args, n));
    }

    root = take_root(vm, regs, path.root)?;
    match target {
        Target::Builtin(builtin, MethodHow::InPlace(change)) => {
            let done = check_method_arguments(vm, builtin, n)
                .and_then(|()| take_receiver(vm, &mut root, steps.as_slice()))
                .and_then(|mut receiver| {
                    let made = native_method(vm, regs, builtin, args, n, |cx, args| {
                        change(cx, &mut receiver, args)
                    });
                    give_receiver(vm, &mut root, steps.as_slice(), receiver);
                    made
                });
            put_root(vm, regs, path.root, root);
            release_keys(vm, regs, ins.a, path.n_keys);
            set(vm, regs, ins.b, done?);
            Ok(())
        }
        _ => {
            let receiver = match take_receiver(vm, &mut root, steps.as_slice()) {
                Ok(receiver) => receiver,
                Err(fault) => {
                    put_root(vm, regs, path.root, root);
                    return Err(fault);
                }
            };
            // A local's value stays in it, less the receiver; that of any other variable waits with the frame.
            let is_local = matches!(path.root, LoweredRoot::Local(_));
            let kept = match (is_local, path.steps.is_empty()) {
                (true, false) => {
                    put_root(vm, regs, path.root, root);
                    Value::NULL
                }
                (_, true) => Value::NULL,
                (false, false) => root,
            };
            let window = args + n;
            regs.put(window, receiver);
            move_run(regs, args, window + 1, n);
            vm.write_backs.push(WriteBack { path: place, keys: ins.a, root: kept });
            let entered = match target {
                Target::Script(method, _) => {
                    let positional = n - u16::try_from(site.named.len()).unwrap_or(0);
                    enter_in_place(
                        vm,
                        method,
                        window,
                        positional,
                        ins.b,
                        at,
                        !site.named.is_empty(),
                    )
                }
                Target::Builtin(_, MethodHow::ScriptInPlace(name)) => {
                    match vm.loaded.prelude.find(name) {
                        Some(method) => enter_in_place(vm, method, window, n, ins.b, at, false),
                        None => Ok(()),
                    }
                }
                Target::Builtin(..) | Target::Field(_) => Ok(()),
            };
            if entered.is_err() {
                let regs = Registers::new(&mut vm.slots, base);
                let receiver = regs.take(window);
                put_back(vm, receiver);
            }
            entered
        }
    }
}

fn move_run(regs: Registers, from: u16, to: u16, n: u16) {
    for nth in (0..n).rev() {
        let value = regs.take(from + nth);
        regs.put(to + nth, value);
    }
}

/// A method that changes nothing is called on a copy, which costs nothing.
fn call_unchanged(
    vm: &mut Vm,
    function: &LoweredFunction,
    ins: Ins,
    at: u16,
    (args, n): (u16, u16),
) -> Res<()> {
    let (_, id, base) = running(vm);
    let site = &function.sites[usize::from(at)];
    let path = &function.paths[usize::from(site.place.unwrap_or(0))];
    let regs = Registers::new(&mut vm.slots, base);
    let consts = Constants::new(&vm.units[id.0 as usize].consts);
    let steps = Steps::new(path, consts, regs, ins.a);
    let root = take_root(vm, regs, path.root)?;
    let copy = path::load(&mut vm.heap, root, steps.as_slice(), &mut vm.fuel);
    put_root(vm, regs, path.root, root);
    let copy = copy?;
    release_keys(vm, regs, ins.a, path.n_keys);
    let window = args + n;
    regs.put(window, copy);
    move_run(regs, args, window + 1, n);
    let positional = n - u16::try_from(site.named.len()).unwrap_or(0);
    call_on_value(vm, window, ins.b, at, site, positional)
}

/// Moves the value out of the end of a path, and leaves null.
fn take_receiver(vm: &mut Vm, root: &mut Value, steps: &[Step]) -> Res<Value> {
    path::with_place(&mut vm.heap, root, steps, &mut vm.fuel, |_, place| Ok(core::mem::take(place)))
}

/// Puts it back. The way there was just walked, so it can only fail for lack of memory; then the value is lost.
fn give_receiver(vm: &mut Vm, root: &mut Value, steps: &[Step], value: Value) {
    drop(path::store(&mut vm.heap, root, steps, value, &mut Free));
}

/// Puts the receiver of a method that has ended back into its place. The frame of the caller is on top.
pub(super) fn put_back(vm: &mut Vm, receiver: Value) {
    let Some(away) = vm.write_backs.pop() else { return vm.heap.release(receiver) };
    let (loaded, id, base) = running(vm);
    let path = &loaded.function(id).paths[usize::from(away.path)];
    let regs = Registers::new(&mut vm.slots, base);
    let consts = Constants::new(&vm.units[id.0 as usize].consts);
    let steps = Steps::new(path, consts, regs, away.keys);
    if path.steps.is_empty() {
        put_root(vm, regs, path.root, receiver);
    } else if let LoweredRoot::Local(local) = path.root {
        let mut root = regs.take(local);
        give_receiver(vm, &mut root, steps.as_slice(), receiver);
        regs.put(local, root);
    } else {
        let mut root = away.root;
        give_receiver(vm, &mut root, steps.as_slice(), receiver);
        put_root(vm, regs, path.root, root);
    }
    release_keys(vm, regs, away.keys, path.n_keys);
}
