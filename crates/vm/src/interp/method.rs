//! Methods: finding what a name means for a receiver, and calling it.

use remora_diagnostics::Code;

use super::call::{
    Window, call_value, clear_spread, enter, name_arguments, not_callable, registers, release_run,
    spread, top,
};
use super::set;
use crate::builtins::MethodHow;
use crate::fault::{Fault, Res};
use crate::frame::flags;
use crate::host::{Args, HostCx};
use crate::lower::LoweredSite;
use crate::lower::op::Ins;
use crate::registers::Registers;
use crate::shape::Receiver;
use crate::value::{BuiltinId, FunctionId, Tag, Value};
use crate::vm::{Cache, Vm};

/// What a method's name means for a receiver.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// A method of a struct.
    Script(FunctionId, Receiver),
    /// A method of a builtin kind.
    Builtin(BuiltinId, MethodHow),
    /// A callable field, counted.
    Field(Value),
}

/// Finds a method.
pub(super) fn find_method(vm: &mut Vm, receiver: Value, at: u16) -> Res<Target> {
    let function = top(vm).function;
    if let Some(record) = vm.heap.record(receiver) {
        let cache = vm.units[function.0 as usize].sites[usize::from(at)];
        if cache.ty == record.ty {
            return Ok(cached(cache));
        }
    }
    find_uncached(vm, receiver, at)
}

/// Methods in caches: the function's number four times, and what it does with its receiver.
const fn cached(cache: Cache) -> Target {
    let receiver = match cache.found & 3 {
        0 => Receiver::Value,
        1 => Receiver::Mutating,
        _ => Receiver::Static,
    };
    Target::Script(FunctionId(cache.found >> 2), receiver)
}

#[cold]
#[inline(never)]
fn find_uncached(vm: &mut Vm, receiver: Value, at: u16) -> Res<Target> {
    let loaded = std::sync::Arc::clone(&vm.loaded);
    let function = top(vm).function;
    let site = &loaded.function(function).sites[usize::from(at)];
    let ty = match receiver.tag() {
        Tag::Struct => vm.heap.record(receiver).map(|it| it.ty),
        Tag::Type => receiver.to_type(),
        _ => None,
    };
    if let Some(method) =
        ty.and_then(|ty| loaded.types.structure(ty)).and_then(|it| it.method(&site.method))
    {
        let kind = match method.receiver {
            Receiver::Value => 0,
            Receiver::Mutating => 1,
            Receiver::Static => 2,
        };
        let cache =
            Cache { ty: ty.unwrap_or(Cache::EMPTY.ty), found: method.function.0 << 2 | kind };
        if receiver.tag() == Tag::Struct {
            vm.units[function.0 as usize].sites[usize::from(at)] = cache;
        }
        return Ok(cached(cache));
    }
    if let Some(entry) = site
        .builtin
        .and_then(|it| it.find(receiver.tag()))
        .and_then(|it| loaded.registry.method(it))
    {
        return Ok(Target::Builtin(entry.builtin, entry.how));
    }
    let name = vm.units[function.0 as usize].consts[usize::from(site.name)];
    if let Ok(field) = crate::ops::field::get(&vm.heap, receiver, name) {
        return Ok(Target::Field(field));
    }
    Err(no_method(vm, receiver, &site.method))
}

#[cold]
fn no_method(vm: &Vm, receiver: Value, name: &str) -> Box<Fault> {
    let types = &vm.loaded.types;
    let ty = vm.heap.record(receiver).map(|it| it.ty).or_else(|| receiver.to_type());
    let shape = ty.and_then(|ty| types.structure(ty));
    let near = match shape {
        Some(shape) => remora_diagnostics::closest(name, shape.methods.iter().map(|it| &*it.name))
            .map(str::to_owned),
        None => remora_diagnostics::closest(name, vm.loaded.registry.methods_of(receiver.tag()))
            .map(str::to_owned),
    };
    let message = if shape.is_some() {
        format!("Unknown method: {name}")
    } else {
        format!("Cannot access field or method '{name}' on non-struct value")
    };
    let fault = Fault::new(Code::R0010, message)
        .with_label(format!("{} has no method `{name}`", receiver.type_name()));
    match near {
        Some(near) => fault.with_help(format!("did you mean `{near}`?")),
        None => fault,
    }
}

/// Calls a method on the value in a register, with the arguments behind it. What it does to the value is lost.
pub(super) fn call_method(vm: &mut Vm, ins: Ins, at: u16) -> Res<()> {
    let loaded = std::sync::Arc::clone(&vm.loaded);
    let site = &loaded.function(top(vm).function).sites[usize::from(at)];
    if !site.spread {
        return call_on_value(vm, ins.a, ins.b, at, site, site.args);
    }
    let n = spread(vm, ins.a + 1)?;
    let done = call_on_value(vm, ins.a, ins.b, at, site, n);
    clear_spread(vm, ins.a + 1, n, done)
}

/// The same with `n` positional arguments.
pub(super) fn call_on_value(
    vm: &mut Vm,
    receiver: u16,
    result: u16,
    at: u16,
    site: &LoweredSite,
    n: u16,
) -> Res<()> {
    let regs = registers(vm);
    let value = regs.get(receiver);
    let base = top(vm).base + u32::from(receiver);
    let n_named = u16::try_from(site.named.len()).unwrap_or(u16::MAX);
    match find_method(vm, value, at)? {
        Target::Script(id, kind) => {
            if kind == Receiver::Static {
                let mut n = n;
                if n_named > 0 {
                    n = name_arguments(vm, id, at, receiver + 1, 0)?;
                }
                let regs = registers(vm);
                let old = regs.take(receiver);
                vm.heap.release(old);
                return enter(
                    vm,
                    id,
                    Window { base: base + 1, n_args: n.into(), hidden: 0 },
                    result,
                    0,
                    true,
                );
            }
            if kind == Receiver::Mutating
                && let Some(name) = &site.immutable
            {
                return Err(immutable(name));
            }
            let mut n = n + 1;
            if n_named > 0 {
                n = name_arguments(vm, id, at, receiver, 1)?;
            }
            enter(vm, id, Window { base, n_args: n.into(), hidden: 1 }, result, 0, false)
        }
        Target::Builtin(id, how) => {
            if let Some(name) = site.named.first() {
                return Err(Fault::new(Code::R0023, format!("Unknown argument: {name}")));
            }
            if how.changes()
                && let Some(name) = &site.immutable
            {
                return Err(immutable(name));
            }
            check_method_arguments(vm, id, n)?;
            match how {
                MethodHow::Native(native) => {
                    let made = native_method(vm, regs, id, receiver, n + 1, native)?;
                    set(vm, regs, result, made);
                    Ok(())
                }
                MethodHow::InPlace(change) => {
                    let mut place = regs.take(receiver);
                    let made = native_method(vm, regs, id, receiver + 1, n, |cx, args| {
                        change(cx, &mut place, args)
                    });
                    vm.heap.release(place);
                    set(vm, regs, result, made?);
                    Ok(())
                }
                MethodHow::Script(name) | MethodHow::ScriptInPlace(name) => {
                    let Some(function) = vm.loaded.prelude.find(name) else {
                        return Err(not_callable(value));
                    };
                    let window = Window { base, n_args: usize::from(n) + 1, hidden: 1 };
                    enter(vm, function, window, result, 0, false)
                }
            }
        }
        Target::Field(callee) => {
            let regs = registers(vm);
            set(vm, regs, receiver, callee);
            if n_named > 0 {
                let Some(id) =
                    callee.to_function().or_else(|| vm.heap.closure(callee).map(|it| it.function))
                else {
                    return Err(not_callable(callee));
                };
                let n = name_arguments(vm, id, at, receiver + 1, 0)?;
                return call_value(vm, receiver, n, result);
            }
            call_value(vm, receiver, n, result)
        }
    }
}

#[cold]
pub(super) fn immutable(name: &str) -> Box<Fault> {
    Fault::new(Code::R0019, format!("Cannot change immutable '{name}'"))
        .with_help(format!("declare it with `mut {name} := …`"))
}

/// A method's signature begins with its receiver, which the script does not count.
pub(super) fn check_method_arguments(vm: &Vm, id: BuiltinId, n: u16) -> Res<()> {
    let Some(entry) = vm.loaded.registry.get(id) else { return Ok(()) };
    if entry.signature.accepts(usize::from(n) + 1) {
        return Ok(());
    }
    let (name, wants) = (entry.name, entry.signature.wants(1));
    Err(Fault::new(Code::R0006, format!("{name} expects {wants} arguments, got {n}")))
}

/// Runs a native method on arguments in a row of registers; what it leaves is released.
pub(super) fn native_method(
    vm: &mut Vm,
    regs: Registers,
    id: BuiltinId,
    first: u16,
    n: u16,
    run: impl FnOnce(&mut HostCx<'_>, Args<'_>) -> Res<Value>,
) -> Res<Value> {
    let Vm { loaded, heap, fuel, host, .. } = &mut *vm;
    if !fuel.tick() {
        fuel.next_slice()?;
    }
    let name = loaded.registry.get(id).map_or("?", |it| it.name);
    let result =
        run(&mut HostCx::new(heap, fuel, host, name), Args::new(regs.run(first, n.into())));
    release_run(vm, regs, first, n.into());
    result
}

/// Enters a script method whose receiver was moved out of its place; the frame's end brings it back.
pub(super) fn enter_in_place(
    vm: &mut Vm,
    id: FunctionId,
    register: u16,
    n: u16,
    result: u16,
    site: u16,
    named: bool,
) -> Res<()> {
    let mut n = n + 1;
    if named {
        n = name_arguments(vm, id, site, register, 1)?;
    }
    let base = top(vm).base + u32::from(register);
    enter(vm, id, Window { base, n_args: n.into(), hidden: 1 }, result, flags::WRITE_BACK, false)
}
