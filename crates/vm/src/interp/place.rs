//! Places: assignment inside variables, and methods that change the place they are called on.

use super::access::{cached_field, element, learn, replace_field, replace_item};
use super::arguments::{clear_spread, spread};
use super::call::{make_room, not_callable, registers};
use super::method::{
    Target, call_method, check_arguments, enter_in_place, find_method, run_native,
};
use super::object::OnPath;
use super::{object, retain, set, slow};
use crate::builtins::MethodHow;
use crate::fault::Res;
use crate::frame::{Frame, flags};
use crate::limits::Free;
use crate::lower::op::{Ins, Op};
use crate::lower::{LoweredPath, LoweredRoot, LoweredStep};
use crate::ops::path::{self, Step};
use crate::registers::{Current, Registers, Running, program};
use crate::shape::Receiver;
use crate::value::Value;
use crate::vm::{Vm, WriteBack};

/// Steps with their keys: few are kept in place.
enum Steps {
    Few([Step; 4], usize),
    Many(Vec<Step>),
}

impl Steps {
    #[inline(always)]
    fn new(path: &LoweredPath, running: Running, regs: Registers, mut key: u16) -> Self {
        let mut step = |it: &LoweredStep| match it {
            LoweredStep::Field(name) => Step::Field(running.constant(*name)),
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

/// The path of that number in the running function.
fn path_of(vm: &Vm, at: u32) -> &'static LoweredPath {
    &program(vm).function(vm.frames.top().function).paths[at as usize]
}

/// The place of path `at`, with keys from `b` on, gets what is in `a`.
#[inline(never)]
pub(super) fn store(vm: &mut Vm, regs: Registers, running: Running, ins: Ins, at: u32) -> Res<()> {
    let path = path_of(vm, at);
    if let LoweredRoot::Local(local) = path.root {
        if let Some(old) =
            store_owned(vm, running, path, regs.get(local), (regs, ins.b), regs.get(ins.a))
        {
            regs.put(ins.a, Value::NULL);
            if old.is_heap() {
                vm.heap.release(old);
            }
            release_keys(vm, regs, ins.b, path.n_keys);
            return Ok(());
        }
        let steps = Steps::new(path, running, regs, ins.b);
        if let Some(done) = store_in_object(vm, regs, path, (ins.a, ins.b), steps.as_slice()) {
            return done;
        }
        let value = regs.take(ins.a);
        path::store(&mut vm.heap, regs.place(local), steps.as_slice(), value, &mut vm.fuel)?;
        learn_path(vm, running, path, regs.get(local), (regs, ins.b));
        release_keys(vm, regs, ins.b, path.n_keys);
        return Ok(());
    }
    let steps = Steps::new(path, running, regs, ins.b);
    if let Some(done) = store_in_object(vm, regs, path, (ins.a, ins.b), steps.as_slice()) {
        return done;
    }
    let mut root = take_root(vm, regs, path.root)?;
    let value = regs.take(ins.a);
    let done = path::store(&mut vm.heap, &mut root, steps.as_slice(), value, &mut vm.fuel);
    put_root(vm, regs, path.root, root);
    done?;
    release_keys(vm, regs, ins.b, path.n_keys);
    Ok(())
}

/// Puts the value in `a` into the field `c` of the element at the int in `b` of an array; gives the old value. `None`, and
/// nothing has happened, unless array and struct have one owner and the struct's type was seen here before.
#[inline(always)]
pub(super) fn replace_item_field(
    vm: &mut Vm,
    regs: Registers,
    running: Running,
    ins: Current,
    array: Value,
) -> Option<Value> {
    if !vm.heap.is_unique(array) {
        return None;
    }
    let item = element(vm, array, regs.get(ins.b()))?;
    replace_field(vm, running, item, ins.c(), regs.get(ins.a()))
}

/// The long way of the same: a store to path `at`, whose key is wanted in the register below the value's.
#[inline(never)]
pub(super) fn store_item_attr(
    vm: &mut Vm,
    regs: Registers,
    running: Running,
    ins: Ins,
    at: u32,
) -> Res<()> {
    let key = ins.a.saturating_sub(1);
    if ins.b != key {
        let value = regs.get(ins.b);
        retain(value);
        regs.put(key, value);
    }
    store(vm, regs, running, Ins::new(Op::StorePath, ins.a, key, 1), at)
}

/// The same where the path goes through an object of the host; nothing, and nothing has happened, if it does not.
fn store_in_object(
    vm: &mut Vm,
    regs: Registers,
    path: &LoweredPath,
    (value, keys): (u16, u16),
    steps: &[Step],
) -> Option<Res<()>> {
    if program(vm).types.objects.is_empty() {
        return None;
    }
    let root = match take_root(vm, regs, path.root) {
        Ok(root) => root,
        Err(fault) => return Some(Err(fault)),
    };
    let found = object::last_on(vm, root, steps);
    put_root(vm, regs, path.root, root);
    let found = match found {
        Ok(found) => found?,
        Err(fault) => return Some(Err(fault)),
    };
    let value = regs.take(value);
    let done = object::store(vm, found, steps, value);
    release_keys(vm, regs, keys, path.n_keys);
    Some(done)
}

/// The usual case of a store: every level has one owner, every field was seen here before, every index is an int that is
/// there. Gives the old value; `None`, and nothing has happened, in any other case.
#[inline(always)]
fn store_owned(
    vm: &mut Vm,
    running: Running,
    path: &LoweredPath,
    root: Value,
    (regs, mut key): (Registers, u16),
    value: Value,
) -> Option<Value> {
    let (last, before) = path.steps.split_last()?;
    let mut at = root;
    for step in before {
        if !vm.heap.is_unique(at) {
            return None;
        }
        at = match step {
            LoweredStep::Field(name) => cached_field(vm, running, at, *name)?,
            LoweredStep::Index => {
                key += 1;
                element(vm, at, regs.get(key - 1))?
            }
        };
    }
    match last {
        LoweredStep::Field(name) => replace_field(vm, running, at, *name, value),
        LoweredStep::Index => replace_item(vm, at, regs.get(key), value),
    }
}

/// Remembers the fields of a path that was just stored to.
#[cold]
fn learn_path(
    vm: &Vm,
    running: Running,
    path: &LoweredPath,
    root: Value,
    (regs, mut key): (Registers, u16),
) {
    let mut at = root;
    for step in &path.steps {
        let next = match step {
            LoweredStep::Field(name) => {
                learn(vm, running, at, *name);
                cached_field(vm, running, at, *name)
            }
            LoweredStep::Index => {
                key += 1;
                element(vm, at, regs.get(key - 1))
            }
        };
        let Some(next) = next else { return };
        at = next;
    }
}

#[inline(always)]
fn release_keys(vm: &mut Vm, regs: Registers, first: u16, n: u16) {
    for key in first..first + n {
        slow::consume(vm, regs, key);
    }
}

/// Calls a method on a place, with its keys and the arguments in a row from `a` on.
#[inline(never)]
pub(super) fn call(vm: &mut Vm, ins: Ins, at: u32) -> Res<()> {
    let function = vm.frames.top().function;
    let site = &program(vm).function(function).sites[at as usize];
    let Some(place) = site.place else { return Ok(()) };
    let path = path_of(vm, place.into());
    let regs = registers(vm);
    let running = Running::new(&vm.units, function.0);
    let steps = Steps::new(path, running, regs, ins.a);
    let args = ins.a + path.n_keys;

    // Look first: only methods that change need the place itself.
    let root = take_root(vm, regs, path.root)?;
    let receiver = object::load(vm, root, steps.as_slice());
    put_root(vm, regs, path.root, root);
    let receiver = receiver?;
    let target = find_method(vm, receiver, at);
    let (Ok(Target::Script(_, Receiver::Mutating))
    | Ok(Target::Builtin(_, MethodHow::InPlace(_) | MethodHow::ScriptInPlace(_)))) = target
    else {
        return match target {
            Ok(target) => {
                if let Target::Field(field) = target {
                    vm.heap.release(field);
                }
                // Called on a copy, which costs nothing.
                release_keys(vm, regs, ins.a, path.n_keys);
                move_run(regs, args, args + 1, ins.c);
                regs.put(args, receiver);
                call_method(vm, Ins { a: args, ..ins }, at)
            }
            Err(fault) => {
                vm.heap.release(receiver);
                Err(fault)
            }
        };
    };
    let target = target?;
    let n = if site.spread {
        match spread(vm, args) {
            Ok(n) => n,
            Err(fault) => {
                vm.heap.release(receiver);
                return Err(fault);
            }
        }
    } else {
        ins.c
    };
    let object = match take_root(vm, regs, path.root) {
        Ok(root) => {
            let found = object::last_on(vm, root, steps.as_slice());
            put_root(vm, regs, path.root, root);
            found
        }
        Err(_) => Ok(None),
    };
    let done = match object {
        Ok(Some(found)) => {
            let within = (found, steps.as_slice());
            let done = change_in_object(vm, ins, target, within, receiver, (args, n));
            release_keys(vm, regs, ins.a, path.n_keys);
            done
        }
        Ok(None) => {
            vm.heap.release(receiver);
            change(vm, ins, at, target, (args, n))
        }
        Err(fault) => {
            vm.heap.release(receiver);
            Err(fault)
        }
    };
    if site.spread { clear_spread(vm, args, n, done) } else { done }
}

/// Calls a method that changes its receiver, which an object of the host gives and gets back. The receiver is taken over.
fn change_in_object(
    vm: &mut Vm,
    ins: Ins,
    target: Target,
    (found, steps): (OnPath, &[Step]),
    mut receiver: Value,
    (args, n): (u16, u16),
) -> Res<()> {
    let Target::Builtin(builtin, MethodHow::InPlace(change)) = target else {
        found.release(vm);
        vm.heap.release(receiver);
        return Err(object::not_in_place());
    };
    let regs = registers(vm);
    let made = check_arguments(vm, builtin, n).and_then(|()| {
        run_native(vm, regs, builtin, args, n, |cx, args| change(cx, &mut receiver, args))
    });
    let made = match made {
        Ok(made) => made,
        Err(fault) => {
            found.release(vm);
            vm.heap.release(receiver);
            return Err(fault);
        }
    };
    if let Err(fault) = object::store(vm, found, steps, receiver) {
        vm.heap.release(made);
        return Err(fault);
    }
    set(vm, regs, ins.b, made);
    Ok(())
}

/// Calls a method that changes its receiver, with `n` arguments from `args` on.
fn change(vm: &mut Vm, ins: Ins, at: u32, target: Target, (args, n): (u16, u16)) -> Res<()> {
    let function = vm.frames.top().function;
    let site = &program(vm).function(function).sites[at as usize];
    let place = site.place.unwrap_or(0);
    let path = path_of(vm, place.into());
    let regs = registers(vm);
    let running = Running::new(&vm.units, function.0);
    let steps = Steps::new(path, running, regs, ins.a);
    let id = match target {
        Target::Builtin(builtin, MethodHow::InPlace(change)) => {
            check_arguments(vm, builtin, n)?;
            let mut root = take_root(vm, regs, path.root)?;
            let done = take_receiver(vm, &mut root, steps.as_slice()).and_then(|mut receiver| {
                let made = run_native(vm, regs, builtin, args, n, |cx, args| {
                    change(cx, &mut receiver, args)
                });
                give_receiver(vm, &mut root, steps.as_slice(), receiver);
                made
            });
            put_root(vm, regs, path.root, root);
            let made = done?;
            release_keys(vm, regs, ins.a, path.n_keys);
            set(vm, regs, ins.b, made);
            return Ok(());
        }
        Target::Builtin(_, MethodHow::ScriptInPlace(name)) => vm.loaded.prelude.find(name),
        Target::Script(id, _) => Some(id),
        Target::Builtin(..) | Target::Later(_) | Target::Field(_) | Target::Slot(_) => None,
    };
    let Some(id) = id else { return Err(not_callable(Value::NULL)) };
    let mut root = take_root(vm, regs, path.root)?;
    let receiver = match take_receiver(vm, &mut root, steps.as_slice()) {
        Ok(receiver) => receiver,
        Err(fault) => {
            put_root(vm, regs, path.root, root);
            return Err(fault);
        }
    };
    // What is left of a local's value stays in it; that of any other variable waits with the frame, and the variable is
    // marked as away.
    let is_local = matches!(path.root, LoweredRoot::Local(_));
    let kept = if path.steps.is_empty() || is_local { Value::NULL } else { root };
    if is_local && !path.steps.is_empty() {
        put_root(vm, regs, path.root, root);
    }
    make_room(vm, vm.frames.top().base as usize + usize::from(args) + 2 * usize::from(n) + 1)?;
    let regs = registers(vm);
    let window = args + n;
    regs.put(window, receiver);
    move_run(regs, args, window + 1, n);
    vm.write_backs.push(WriteBack { path: place, keys: ins.a, root: kept });
    let frame = Frame { result: ins.b, flags: flags::WRITE_BACK, ..Frame::NEW };
    let entered = enter_in_place(vm, id, window, n, at, frame);
    if entered.is_err() {
        let regs = registers(vm);
        let receiver = regs.take(window);
        put_back(vm, receiver);
        return clear_spread(vm, window + 1, n, entered);
    }
    Ok(())
}

/// Moves registers in a row upwards.
fn move_run(regs: Registers, from: u16, to: u16, n: u16) {
    for nth in (0..n).rev() {
        let value = regs.take(from + nth);
        regs.put(to + nth, value);
    }
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
    let path = path_of(vm, away.path.into());
    let regs = registers(vm);
    let running = Running::new(&vm.units, vm.frames.top().function.0);
    let steps = Steps::new(path, running, regs, away.keys);
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
