//! Methods: what a name means for a receiver, and calling it.

use remora_diagnostics::{Advice, Code};

use super::arguments::{clear_spread, name_arguments, spread};
use super::call::{
    Window, begin_or_stop, call_value, enter, native_checked, not_callable, registers, release_run,
    script_function,
};
use super::{object, set};
use crate::builtins::MethodHow;
use crate::cache::Cache;
use crate::fault::{Fault, Res};
use crate::frame::{Frame, flags};
use crate::heap::{object_of, retain};
use crate::host::{Args, HostCx, call_now};
use crate::lower::LoweredSite;
use crate::lower::op::{Ins, Op};
use crate::registers::{Registers, Running, program};
use crate::shape::{Method, Receiver};
use crate::value::{BuiltinId, FunctionId, Tag, Value};
use crate::vm::Vm;

/// What a method's name means for a receiver.
#[derive(Clone, Copy)]
pub(super) enum Target {
    /// A method of a struct.
    Script(FunctionId, Receiver),
    /// A method of a builtin kind.
    Builtin(BuiltinId, MethodHow),
    /// An async method of an object of the host.
    Later(BuiltinId),
    /// A callable field, counted.
    Field(Value),
    /// The field in that slot of an object of the host, which is asked when all else is there.
    Slot(usize),
}

/// What is remembered of a method: its number eight times, what it does with its receiver, and whether a call of the site
/// needs nothing but the arguments that stand there.
mod known {
    pub(super) const VALUE: u32 = 0;
    pub(super) const MUTATING: u32 = 1;
    pub(super) const STATIC: u32 = 2;
    /// Of an object of the host.
    pub(super) const ASYNC: u32 = 1;
    pub(super) const KIND: u32 = 3;
    pub(super) const EXACT: u32 = 4;
    pub(super) const SHIFT: u32 = 3;
}

/// The method of a struct that was seen at this site before, if the arguments are exactly its parameters; and whether it
/// changes its receiver.
#[inline(always)]
pub(super) fn exact(vm: &Vm, running: Running, receiver: Value, site: u32) -> Option<(u32, bool)> {
    let record = vm.heap.record(receiver)?;
    let cache = running.site(site).get();
    if cache.ty != record.ty || cache.found & known::EXACT == 0 {
        return None;
    }
    Some((cache.found >> known::SHIFT, cache.found & known::KIND == known::MUTATING))
}

fn site_of(vm: &Vm, at: u32) -> &'static LoweredSite {
    &program(vm).function(vm.frames.top().function).sites[at as usize]
}

/// Finds a method.
pub(super) fn find_method(vm: &Vm, receiver: Value, at: u32) -> Res<Target> {
    if let Some(record) = vm.heap.record(receiver) {
        let cache = Running::new(&vm.units, vm.frames.top().function.0).site(at).get();
        if cache.ty == record.ty {
            return Ok(remembered(cache));
        }
    } else if receiver.tag() == Tag::Object
        && let Some(found) = find_of_object(vm, receiver, at)
    {
        return Ok(found);
    } else if let Some(known) = site_of(vm, at).builtin.and_then(|it| it.find(receiver.tag()))
        && let Some(entry) = program(vm).registry.method(known)
    {
        return Ok(Target::Builtin(entry.builtin, entry.how));
    }
    find_uncached(vm, receiver, at)
}

/// The method of an object of the host, remembered for the site.
fn find_of_object(vm: &Vm, receiver: Value, at: u32) -> Option<Target> {
    let target = |found: u32| {
        let id = BuiltinId(found >> known::SHIFT);
        match found & known::KIND {
            known::ASYNC => Target::Later(id),
            _ => Target::Builtin(id, MethodHow::Native(call_now)),
        }
    };
    let ty = object_of(&receiver)?.ty();
    let site = Running::new(&vm.units, vm.frames.top().function.0).site(at);
    let cache = site.get();
    if cache.ty == ty {
        return Some(target(cache.found));
    }
    let method = object::method(vm, receiver, &site_of(vm, at).method)?;
    let called = site_of(vm, at);
    let kind = if method.is_async { known::ASYNC } else { known::VALUE };
    let fits = !method.is_async && called.named.is_empty() && !called.spread;
    let fits = fits && check_arguments(vm, method.function, called.args).is_ok();
    let exact = if fits { known::EXACT } else { 0 };
    let found = method.function.0 << known::SHIFT | exact | kind;
    site.set(Cache { ty, found });
    Some(target(found))
}

const fn remembered(cache: Cache) -> Target {
    let receiver = match cache.found & known::KIND {
        known::VALUE => Receiver::Value,
        known::MUTATING => Receiver::Mutating,
        _ => Receiver::Static,
    };
    Target::Script(FunctionId(cache.found >> known::SHIFT), receiver)
}

#[cold]
#[inline(never)]
fn find_uncached(vm: &Vm, receiver: Value, at: u32) -> Res<Target> {
    let loaded = program(vm);
    let site = site_of(vm, at);
    let ty = match receiver.tag() {
        Tag::Struct => vm.heap.record(receiver).map(|it| it.ty),
        Tag::Type => receiver.to_type(),
        _ => None,
    };
    // A type has only the static ones: the others want a value of it.
    let is_type = receiver.tag() == Tag::Type;
    let fits_receiver = |it: &&Method| !is_type || matches!(it.receiver, Receiver::Static);
    let shape = ty.and_then(|ty| loaded.types.structure(ty));
    if let Some(ty) = ty
        && let Some(method) = shape.and_then(|it| it.method(&site.method)).filter(fits_receiver)
    {
        let kind = match method.receiver {
            Receiver::Value => known::VALUE,
            Receiver::Mutating => known::MUTATING,
            Receiver::Static => known::STATIC,
        };
        let function = loaded.function(method.function);
        let fits = function.exact && usize::from(function.n_required) == usize::from(site.args) + 1;
        let allowed = kind == known::VALUE || (kind == known::MUTATING && site.immutable.is_none());
        let exact =
            if fits && allowed && site.named.is_empty() && !site.spread { known::EXACT } else { 0 };
        let cache = Cache { ty, found: method.function.0 << known::SHIFT | exact | kind };
        if receiver.tag() == Tag::Struct {
            Running::new(&vm.units, vm.frames.top().function.0).site(at).set(cache);
        }
        return Ok(remembered(cache));
    }
    if receiver.tag() == Tag::Object {
        let slot = object::callable_slot(vm, receiver, &site.method);
        return slot.map(Target::Slot).ok_or_else(|| no_method(vm, receiver, &site.method));
    }
    let name = Running::new(&vm.units, vm.frames.top().function.0).constant(site.name);
    if let Ok(field) = crate::ops::field::get(&vm.heap, receiver, name) {
        return Ok(Target::Field(field));
    }
    Err(no_method(vm, receiver, &site.method))
}

#[cold]
fn no_method(vm: &Vm, receiver: Value, name: &str) -> Box<Fault> {
    if let Some(fault) = object::no_method(vm, receiver, name) {
        return fault;
    }
    let types = &vm.loaded.types;
    let ty = vm.heap.record(receiver).map(|it| it.ty).or_else(|| receiver.to_type());
    let shape = ty.and_then(|ty| types.structure(ty));
    let advice = match shape {
        Some(shape) => {
            let names = shape.methods.iter().map(|it| &*it.name).filter(|it| *it != name);
            Advice::no_method(&shape.name, name, names)
        }
        None => {
            let methods = vm.loaded.registry.methods_of(receiver.tag());
            Advice::no_method(receiver.type_name(), name, methods)
        }
    };
    let message = if shape.is_some() {
        format!("Unknown method: {name}")
    } else {
        format!("Cannot access field or method '{name}' on non-struct value")
    };
    Fault::new(Code::R0010, message).with_advice(advice)
}

/// Calls a method on the value in a register, with the arguments behind it. What it does to the value is lost.
#[inline(never)]
pub(super) fn call_method(vm: &mut Vm, ins: Ins, at: u32) -> Res<()> {
    let site = site_of(vm, at);
    if !site.spread {
        return call_on_value(vm, ins.a, ins.b, at, site.args);
    }
    let n = spread(vm, ins.a + 1)?;
    let done = call_on_value(vm, ins.a, ins.b, at, n);
    clear_spread(vm, ins.a + 1, n, done)
}

/// The same with `n` positional arguments.
pub(super) fn call_on_value(vm: &mut Vm, receiver: u16, result: u16, at: u32, n: u16) -> Res<()> {
    let site = site_of(vm, at);
    let regs = registers(vm);
    let value = regs.get(receiver);
    let base = vm.frames.top().base + u32::from(receiver);
    let frame = Frame { result, ..Frame::NEW };
    let target = match find_method(vm, value, at)? {
        Target::Slot(slot) => Target::Field(object::callee(vm, value, slot)?),
        target => target,
    };
    match target {
        Target::Script(id, Receiver::Static) => {
            let n = if site.named.is_empty() {
                n
            } else {
                name_arguments(vm, id, at, receiver + 1, 0)?
            };
            let old = registers(vm).take(receiver);
            vm.heap.release(old);
            let window = Window { base: base + 1, n_args: n.into(), hidden: 0 };
            enter(vm, id, window, Frame { flags: flags::OWNS_CALLEE, ..frame })
        }
        Target::Script(id, kind) => {
            if kind == Receiver::Mutating
                && let Some(name) = &site.immutable
            {
                return Err(immutable(name));
            }
            let n = if site.named.is_empty() {
                n + 1
            } else {
                name_arguments(vm, id, at, receiver, 1)?
            };
            enter(vm, id, Window { base, n_args: n.into(), hidden: 1 }, frame)
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
            check_arguments(vm, id, n)?;
            match how {
                MethodHow::Native(native) => {
                    let made = run_native(vm, regs, id, receiver, n + 1, native)?;
                    set(vm, regs, result, made);
                    Ok(())
                }
                MethodHow::InPlace(change) => {
                    let mut place = regs.take(receiver);
                    let made = run_native(vm, regs, id, receiver + 1, n, |cx, args| {
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
                    enter(
                        vm,
                        function,
                        Window { base, n_args: usize::from(n) + 1, hidden: 1 },
                        frame,
                    )
                }
            }
        }
        Target::Later(id) => {
            if let Some(name) = site.named.first() {
                return Err(Fault::new(Code::R0023, format!("Unknown argument: {name}")));
            }
            check_arguments(vm, id, n)?;
            let ins = Ins::new(Op::CallHostAny, receiver, result, n + 1);
            let made = begin_or_stop(vm, regs, id, ins)?;
            set(vm, regs, result, made);
            Ok(())
        }
        Target::Slot(_) => Err(not_callable(value)),
        Target::Field(callee) => {
            set(vm, regs, receiver, callee);
            if site.named.is_empty() {
                return call_value(vm, receiver, n, result);
            }
            let Some(id) = script_function(vm, callee) else { return Err(not_callable(callee)) };
            let n = name_arguments(vm, id, at, receiver + 1, 0)?;
            call_value(vm, receiver, n, result)
        }
    }
}

#[cold]
pub(super) fn immutable(name: &str) -> Box<Fault> {
    Fault::new(Code::R0019, format!("Cannot change immutable '{name}'"))
        .with_advice(Advice::immutable(name))
}

/// A method's signature begins with its receiver, which the script does not count.
pub(super) fn check_arguments(vm: &Vm, id: BuiltinId, n: u16) -> Res<()> {
    let Some(entry) = vm.loaded.registry.get(id) else { return Ok(()) };
    if entry.signature.accepts(usize::from(n) + 1) {
        return Ok(());
    }
    let (name, wants) = (entry.name, entry.signature.wants(1));
    Err(Fault::new(Code::R0006, format!("{name} expects {wants} arguments, got {n}")))
}

/// Runs a native method on arguments in a row of registers; what it leaves is released.
#[inline(always)]
pub(super) fn run_native(
    vm: &mut Vm,
    regs: Registers,
    id: BuiltinId,
    first: u16,
    n: u16,
    run: impl FnOnce(&mut HostCx<'_>, Args<'_>) -> Res<Value>,
) -> Res<Value> {
    let Vm { loaded, heap, fuel, host, .. } = &mut *vm;
    if !fuel.take() {
        fuel.one()?;
    }
    let Some(native) = loaded.natives.get(id.0 as usize) else {
        return Err(not_callable(Value::builtin(id)));
    };
    let result =
        run(&mut HostCx::new(heap, fuel, host, native), Args::new(regs.run(first, n.into())));
    release_run(vm, regs, first, n.into());
    result
}

/// Calls a builtin on a generator or iterator: lazily, if it has a method of that name.
#[cold]
#[inline(never)]
pub(super) fn call_lazy(vm: &mut Vm, ins: Ins, native: u32) -> Res<()> {
    let loaded = program(vm);
    let id = BuiltinId(native);
    let table = loaded.registry.get(id).and_then(|it| loaded.registry.methods_named(it.name));
    let found =
        table.and_then(|it| it.find(Tag::Generator)).and_then(|it| loaded.registry.method(it));
    if let Some(entry) = found
        && let MethodHow::Script(name) = entry.how
        && let Some(function) = loaded.prelude.find(name)
    {
        check_arguments(vm, entry.builtin, ins.c - 1)?;
        let base = vm.frames.top().base + u32::from(ins.a);
        let window = Window { base, n_args: ins.c.into(), hidden: 0 };
        return enter(vm, function, window, Frame { result: ins.b, ..Frame::NEW });
    }
    let regs = registers(vm);
    let made = native_checked(vm, regs, native, ins)?;
    set(vm, regs, ins.b, made);
    Ok(())
}

/// Moves `n` arguments one register up, and puts the receiver before them.
#[inline(always)]
pub(super) fn put_before(regs: Registers, receiver: Value, n: u16) {
    for nth in (0..n).rev() {
        regs.put(nth + 1, regs.get(nth));
    }
    regs.put(0, receiver);
}

/// The method of an object of the host that was seen at this site before, if the arguments that stand there fit.
#[inline]
fn exact_of_object(vm: &Vm, receiver: Value, at: u32) -> Option<BuiltinId> {
    let ty = object_of(&receiver)?.ty();
    let cache = Running::new(&vm.units, vm.frames.top().function.0).site(at).get();
    let exact = cache.ty == ty && cache.found & known::EXACT != 0;
    exact.then_some(BuiltinId(cache.found >> known::SHIFT))
}

/// Calls a method on a local, with the arguments in a row from `a` on.
#[inline(never)]
pub(super) fn call_on(vm: &mut Vm, ins: Ins, word: Ins) -> Res<()> {
    let (local, at) = (word.a, word.wide_operand().cast_unsigned());
    let receiver = registers(vm).get(local);
    if let Some(id) = exact_of_object(vm, receiver, at) {
        retain(receiver);
        let regs = registers(vm);
        put_before(regs.window(ins.a), receiver, ins.c);
        let made = run_native(vm, regs, id, ins.a, ins.c + 1, call_now)?;
        set(vm, regs, ins.b, made);
        return Ok(());
    }
    let site = site_of(vm, at);
    match find_method(vm, receiver, at)? {
        Target::Builtin(id, MethodHow::InPlace(change)) if site.named.is_empty() => {
            let n = if site.spread { spread(vm, ins.a)? } else { ins.c };
            let regs = registers(vm);
            let made = check_arguments(vm, id, n).and_then(|()| {
                run_native(vm, regs, id, ins.a, n, |cx, args| change(cx, regs.place(local), args))
            });
            let made = if site.spread { clear_spread(vm, ins.a, n, made)? } else { made? };
            set(vm, regs, ins.b, made);
            Ok(())
        }
        Target::Script(id, Receiver::Mutating) => call_in_place(vm, id, ins, at, local),
        Target::Builtin(_, MethodHow::ScriptInPlace(name)) => {
            let Some(id) = vm.loaded.prelude.find(name) else { return Err(not_callable(receiver)) };
            call_in_place(vm, id, ins, at, local)
        }
        target => {
            if let Target::Field(field) = target {
                vm.heap.release(field);
            }
            retain(receiver);
            put_before(registers(vm).window(ins.a), receiver, ins.c);
            call_method(vm, ins, at)
        }
    }
}

/// A script method on a local, which it takes over until it ends.
fn call_in_place(vm: &mut Vm, id: FunctionId, ins: Ins, at: u32, local: u16) -> Res<()> {
    let site = site_of(vm, at);
    let n = if site.spread { spread(vm, ins.a)? } else { ins.c };
    let regs = registers(vm);
    put_before(regs.window(ins.a), regs.take(local), n);
    let frame = Frame { result: ins.b, home: local, flags: flags::HOME, ..Frame::NEW };
    let entered = enter_in_place(vm, id, ins.a, n, at, frame);
    if entered.is_err() {
        let regs = registers(vm);
        let receiver = regs.take(ins.a);
        regs.put(local, receiver);
    }
    if site.spread { clear_spread(vm, ins.a + 1, n, entered) } else { entered }
}

/// Enters a script method whose receiver was moved into a register, with `n` arguments behind it; the frame's end brings it
/// back.
pub(super) fn enter_in_place(
    vm: &mut Vm,
    id: FunctionId,
    receiver: u16,
    n: u16,
    at: u32,
    frame: Frame,
) -> Res<()> {
    let n = if site_of(vm, at).named.is_empty() {
        n + 1
    } else {
        name_arguments(vm, id, at, receiver, 1)?
    };
    let base = vm.frames.top().base + u32::from(receiver);
    enter(vm, id, Window { base, n_args: n.into(), hidden: 1 }, frame)
}
