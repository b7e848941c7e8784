//! Calls: entering functions, builtins, closures, tail calls, the way in from the host.

use std::task::Poll;

use remora_bytecode::FunctionKind;
use remora_diagnostics::{Advice, Code};

use super::arguments::arrange;
use super::tasks::{self, Step};
use super::{Exit, generator, operator, set};
use crate::builtins::{Call, Look};
use crate::fault::{Fault, Res};
use crate::frame::{Frame, flags};
use crate::heap::retain;
use crate::hooks;
use crate::host::{Args, HostCx, call_now};
use crate::limits::memory::allocation_failed;
use crate::lower::op::{Ins, Op};
use crate::registers::{Registers, program};
use crate::shape::Operator;
use crate::task::Request;
use crate::value::{BuiltinId, FunctionId, Tag, Value};
use crate::vm::{Stop, Vm};

/// Where the arguments of a call stand.
#[derive(Clone, Copy)]
pub(super) struct Window {
    /// Index of the slot of the first.
    pub(super) base: u32,
    pub(super) n_args: usize,
    /// How many of them the script did not write: the receiver of a method.
    pub(super) hidden: usize,
}

/// Runs a function for the host, which keeps its arguments.
///
/// # Errors
/// As [`super::run`].
pub(crate) fn enter_from_host(vm: &mut Vm, function: FunctionId, args: &[Value]) -> Res<Exit> {
    enter_host_frame(vm, function, args, 0)
}

fn enter_host_frame(vm: &mut Vm, function: FunctionId, args: &[Value], own: u8) -> Res<Exit> {
    debug_assert!(vm.frames.is_empty(), "the host may run one thing at a time");
    hooks::look(vm);
    if tasks::is_generator(vm, function) {
        return generator_for_host(vm, function, args, own).map(Exit::Done);
    }
    let n = args.len();
    make_room(vm, 1 + n)?;
    for (slot, arg) in vm.slots.iter_mut().skip(1).zip(args) {
        retain(*arg);
        *slot = *arg;
    }
    let frame = Frame { flags: flags::ENTRY | flags::OWNS_CALLEE | own, ..Frame::NEW };
    let entered = enter(vm, function, Window { base: 1, n_args: n, hidden: 0 }, frame);
    if let Err(fault) = entered {
        for slot in 0..=n {
            let value = core::mem::take(&mut vm.slots[slot]);
            vm.heap.release(value);
        }
        return Err(fault);
    }
    tasks::run(vm)
}

/// The generator that a call by the host gives; its closure, if it has one, stands in slot 0.
fn generator_for_host(vm: &mut Vm, id: FunctionId, args: &[Value], own: u8) -> Res<Value> {
    make_room(vm, 1 + args.len())?;
    for (slot, arg) in vm.slots.iter_mut().skip(1).zip(args) {
        retain(*arg);
        *slot = *arg;
    }
    let window = Window { base: 1, n_args: args.len(), hidden: 0 };
    let made = arrange(vm, id, window)
        .and_then(|()| generator::make(vm, id, 1, own & flags::CLOSURE != 0));
    if made.is_err() {
        for slot in 0..=args.len() {
            let value = core::mem::take(&mut vm.slots[slot]);
            vm.heap.release(value);
        }
    }
    made
}

/// Runs a function that is a value for the host, which keeps it and its arguments.
///
/// # Errors
/// R0005; else as [`super::run`].
pub(crate) fn enter_value(vm: &mut Vm, function: Value, args: &[Value]) -> Res<Exit> {
    let Some(id) = script_function(vm, function) else {
        return builtin_for_host(vm, function, args);
    };
    make_room(vm, 1)?;
    retain(function);
    vm.slots[0] = if function.is_heap() { function } else { Value::NULL };
    let own = if function.is_heap() { flags::CLOSURE } else { 0 };
    enter_host_frame(vm, id, args, own)
}

/// The same for a builtin.
fn builtin_for_host(vm: &mut Vm, function: Value, args: &[Value]) -> Res<Exit> {
    let Some(id) = function.to_builtin() else { return Err(not_callable(function)) };
    let name = match program(vm).registry.get(id).map(|it| it.row.call) {
        Some(Call::Script(name)) => name,
        Some(Call::Native(_)) => {
            let n = u16::try_from(args.len()).unwrap_or(u16::MAX);
            make_room(vm, 1 + args.len())?;
            for (slot, arg) in vm.slots.iter_mut().skip(1).zip(args) {
                retain(*arg);
                *slot = *arg;
            }
            let regs = Registers::new(&mut vm.slots, 0);
            let ins = Ins::new(crate::lower::op::Op::CallHostAny, 1, 0, n);
            let result = native_checked(vm, regs, id.0, ins);
            // Where it has not come to the call they are still there.
            release_run(vm, regs, 1, n.into());
            return result.map(Exit::Done);
        }
        _ => {
            let text = "Only a script can call an async function of the host";
            return Err(Fault::new(Code::R0026, text));
        }
    };
    match program(vm).prelude.find(name) {
        Some(function) => enter_host_frame(vm, function, args, 0),
        None => Err(not_callable(function)),
    }
}

/// The registers of the topmost frame.
pub(super) fn registers(vm: &mut Vm) -> Registers {
    let base = vm.frames.top().base;
    Registers::new(&mut vm.slots, base)
}

/// Makes sure that there are that many slots.
#[inline(always)]
pub(crate) fn make_room(vm: &mut Vm, n_slots: usize) -> Res<()> {
    if n_slots <= vm.slots.len() { Ok(()) } else { grow(vm, n_slots) }
}

/// How many slots there are as soon as there are any: few, because there may be thousands of VMs that run little.
const FIRST_SLOTS: usize = 32;

#[cold]
#[inline(never)]
fn grow(vm: &mut Vm, n_slots: usize) -> Res<()> {
    let wanted = n_slots.max(vm.slots.len() * 2).max(FIRST_SLOTS);
    let more = wanted - vm.slots.len();
    let bytes = more * size_of::<Value>();
    vm.heap.memory_mut().account_mut().book(bytes)?;
    if vm.slots.try_reserve_exact(more).is_err() {
        vm.heap.memory_mut().account_mut().unbook(bytes);
        return Err(allocation_failed(bytes));
    }
    vm.slots.resize(wanted, Value::NULL);
    Ok(())
}

/// Opens a frame on arguments that stand in a row. The caller's place has been saved.
pub(super) fn enter(vm: &mut Vm, id: FunctionId, window: Window, frame: Frame) -> Res<()> {
    let function = program(vm).function(id);
    if !function.exact || window.n_args != function.params.len() {
        arrange(vm, id, window)?;
        if function.kind != FunctionKind::Plain && frame.flags & flags::ENTRY == 0 {
            return enter_later(vm, id, window.base, frame);
        }
    }
    make_room(vm, window.base as usize + function.window as usize)?;
    if !vm.frames.has_room() {
        let types = &program(vm).types;
        vm.frames
            .grow(vm.heap.memory_mut().account_mut(), || types.function_name(id).to_owned())?;
    }
    if !vm.fuel.take() {
        crate::profile::look_up(vm, Some(id))?;
    }
    let is_watched = vm.prepare(id)?;
    vm.frames.push(Frame {
        function: id,
        base: window.base,
        first_temp: function.first_temp,
        ..frame
    });
    if is_watched {
        hooks::entered(vm);
    }
    Ok(())
}

/// A call of a generator or async function: what it gives runs later. The arguments are arranged.
#[cold]
#[inline(never)]
fn enter_later(vm: &mut Vm, id: FunctionId, base: u32, frame: Frame) -> Res<()> {
    // What it does to its receiver comes too late for the place that this is in: it has a copy.
    let is_away = frame.flags & (flags::HOME | flags::WRITE_BACK) != 0;
    let receiver = if is_away { vm.slots[base as usize] } else { Value::NULL };
    let closure = frame.flags & flags::CLOSURE != 0;
    let made = match program(vm).function(id).kind {
        FunctionKind::Async => tasks::start(vm, id, base as usize, closure, Tag::Promise)?,
        _ => generator::make(vm, id, base as usize, closure)?,
    };
    retain(receiver);
    if frame.flags & flags::WRITE_BACK != 0 {
        super::place::put_back(vm, receiver);
    } else if frame.flags & flags::HOME != 0 {
        registers(vm).put(frame.home, receiver);
    }
    if frame.flags & flags::DELIVERS != 0 {
        operator::deliver(vm, frame, made);
    } else {
        let regs = registers(vm);
        set(vm, regs, frame.result, made);
    }
    Ok(())
}

/// The cell of a captured variable of the running function.
#[inline(always)]
pub(crate) fn captured(vm: &Vm, regs: Registers, at: u16) -> Value {
    match vm.heap.closure(regs.callee()).and_then(|it| it.cells.get(usize::from(at))) {
        Some(cell) => *cell,
        None => unreachable!("a function that captures is called through its closure"),
    }
}

#[inline(never)]
pub(super) fn make_cell(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let cell = vm.heap.new_cell(Value::UNDEFINED)?;
    set(vm, regs, ins.a, cell);
    Ok(())
}

#[inline(never)]
pub(super) fn make_closure(vm: &mut Vm, regs: Registers, to: u16, function: u32) -> Res<()> {
    let id = FunctionId(function);
    let maker = program(vm).function(vm.frames.top().function);
    let captures = &program(vm).function(id).captures;
    if captures.is_empty() {
        set(vm, regs, to, Value::function(id));
        return Ok(());
    }
    let mut few = [Value::NULL; 8];
    let mut many = Vec::new();
    let cells = match few.get_mut(..captures.len()) {
        Some(cells) => cells,
        None => {
            many.try_reserve_exact(captures.len())
                .map_err(|_| allocation_failed(captures.len() * 16))?;
            many.resize(captures.len(), Value::NULL);
            &mut many[..]
        }
    };
    for (cell, (own, at)) in cells.iter_mut().zip(captures) {
        *cell = if *own { regs.get(maker.n_locals + at) } else { captured(vm, regs, *at) };
    }
    let made = vm.heap.new_closure(id, cells)?;
    cells.iter().copied().for_each(retain);
    set(vm, regs, to, made);
    Ok(())
}

/// A call of a function that was known when the program was loaded.
#[inline(never)]
pub(super) fn enter_known(vm: &mut Vm, ins: Ins, function: u32) -> Res<()> {
    let base = vm.frames.top().base + u32::from(ins.a) + 1;
    let frame = Frame { result: ins.b, flags: flags::OWNS_CALLEE, ..Frame::NEW };
    enter(vm, FunctionId(function), Window { base, n_args: ins.c.into(), hidden: 0 }, frame)
}

/// The function behind a callee that takes exactly so many arguments, and what its frame owns.
#[inline(always)]
pub(super) fn exact_callee(vm: &Vm, callee: Value, n: u16) -> Option<(u32, u8)> {
    let (id, own) = match callee.tag() {
        Tag::Closure => (vm.heap.closure(callee)?.function, flags::OWNS_CALLEE | flags::CLOSURE),
        Tag::Function => (callee.to_function()?, flags::OWNS_CALLEE),
        _ => return None,
    };
    let function = program(vm).function(id);
    (function.exact && function.n_required == n).then_some((id.0, own))
}

/// The script function behind a callee.
pub(super) fn script_function(vm: &Vm, callee: Value) -> Option<FunctionId> {
    callee.to_function().or_else(|| vm.heap.closure(callee).map(|it| it.function))
}

/// Calls what is in register `callee` with the `n` arguments behind it.
#[inline(never)]
pub(super) fn call_value(vm: &mut Vm, callee: u16, n: u16, result: u16) -> Res<()> {
    let regs = registers(vm);
    let value = regs.get(callee);
    let window =
        Window { base: vm.frames.top().base + u32::from(callee) + 1, n_args: n.into(), hidden: 0 };
    let frame = Frame { result, flags: flags::OWNS_CALLEE, ..Frame::NEW };
    if let Some(id) = script_function(vm, value) {
        let own = if value.is_heap() { flags::CLOSURE } else { 0 };
        return enter(vm, id, window, Frame { flags: frame.flags | own, ..frame });
    }
    if let Some(id) = operator::callable(vm, value) {
        let base = vm.frames.top().base + u32::from(callee);
        let window = Window { base, n_args: usize::from(n) + 1, hidden: 1 };
        return enter(vm, id, window, Frame { result, ..Frame::NEW });
    }
    if value.tag() == Tag::Object
        && let Some(id) = super::object::operator(vm, value, Operator::Call)
    {
        super::method::check_arguments(vm, id, n)?;
        let made = super::method::run_native(vm, regs, id, callee, n + 1, call_now)?;
        set(vm, regs, result, made);
        return Ok(());
    }
    let Some(id) = value.to_builtin() else { return Err(not_callable(value)) };
    let row = program(vm).registry.get(id).map(|it| it.row.call);
    if let Some(Call::Script(name)) = row {
        let Some(function) = program(vm).prelude.find(name) else {
            return Err(not_callable(value));
        };
        return enter(vm, function, window, frame);
    }
    let ins = Ins::new(crate::lower::op::Op::CallHostAny, callee + 1, result, n);
    if n > 0 && generator::is_lazy(regs.get(callee + 1)) {
        return super::method::call_lazy(vm, ins, id.0);
    }
    let made = native_checked(vm, regs, id.0, ins)?;
    set(vm, regs, result, made);
    Ok(())
}

#[cold]
pub(super) fn not_callable(value: Value) -> Box<Fault> {
    let kind = value.type_name();
    Fault::new(Code::R0005, format!("Cannot call non-function; {kind} is not callable"))
        .with_advice(Advice::not_callable(&crate::ops::arith::operand(value, None)))
}

/// Calls a builtin with a number of arguments that it takes. It may take them; what it leaves is released.
#[inline(never)]
pub(super) fn native(vm: &mut Vm, regs: Registers, id: u32, ins: Ins) -> Res<Value> {
    let Vm { loaded, heap, fuel, host, .. } = &mut *vm;
    let Some(entry) = loaded.natives.get(id as usize) else {
        return Err(not_callable(Value::builtin(BuiltinId(id))));
    };
    if !fuel.take() {
        fuel.one()?;
    }
    let result = (entry.call)(
        &mut HostCx::new(heap, fuel, host, entry),
        Args::new(regs.run(ins.a, ins.c.into())),
    );
    release_run(vm, regs, ins.a, ins.c.into());
    result
}

/// What a builtin gives that only looks at an argument, if it takes the short way.
#[inline(always)]
pub(crate) fn look_one(vm: &mut Vm, id: u32, value: Value) -> Option<Value> {
    let Some(Look::One(look)) = vm.loaded.natives.get(id as usize)?.look else { return None };
    look(&vm.heap, value).filter(|_| vm.fuel.take())
}

/// The ordinary call for a look that did not take the short way: its arguments are put in a row.
#[cold]
#[inline(never)]
pub(super) fn look_long(vm: &mut Vm, regs: Registers, ins: Ins, first: u16, n: u16) -> Ins {
    for (nth, from) in (0..n).zip([ins.b, ins.c]) {
        if from != first + nth {
            let value = regs.get(from);
            retain(value);
            set(vm, regs, first + nth, value);
        }
    }
    Ins::new(Op::CallHost, first, ins.a, n)
}

/// Calls a builtin with any number of arguments.
#[inline(never)]
pub(super) fn native_checked(vm: &mut Vm, regs: Registers, id: u32, ins: Ins) -> Res<Value> {
    let value = Value::builtin(BuiltinId(id));
    let Some(entry) = program(vm).registry.get(BuiltinId(id)) else {
        return Err(not_callable(value));
    };
    if !entry.signature.accepts(ins.c.into()) {
        let (name, wants, n) = (entry.name, entry.signature.wants(0), ins.c);
        return Err(Fault::new(Code::R0006, format!("{name} expects {wants} arguments, got {n}")));
    }
    match entry.row.call {
        Call::Native(_) => native(vm, regs, id, ins),
        Call::Async => begin_or_stop(vm, regs, BuiltinId(id), ins),
        Call::Task(_) => {
            Err(Fault::new(Code::R0026, format!("{} can only be called by its name", entry.name)))
        }
        Call::Script(_) | Call::Never => Err(not_callable(value)),
    }
}

/// Releases what registers in a row hold.
#[inline(always)]
pub(super) fn release_run(vm: &mut Vm, regs: Registers, first: u16, n: usize) {
    for slot in regs.run(first, n) {
        if slot.is_heap() {
            let left = core::mem::take(slot);
            super::release(vm, left);
        }
    }
}

/// A call of an async function: of the host, which is handed over to it, or of the scheduler. The result goes into `b`. The
/// frame's place has been saved behind the call.
#[inline(never)]
pub(super) fn call_async(vm: &mut Vm, regs: Registers, ins: Ins, word: Ins) -> Res<Exit> {
    let id = BuiltinId(word.wide_operand().cast_unsigned());
    let Some(entry) = program(vm).registry.get(id) else {
        return Err(not_callable(Value::builtin(id)));
    };
    if !entry.signature.accepts(ins.c.into()) {
        let (name, wants, n) = (entry.name, entry.signature.wants(0), ins.c);
        return Err(Fault::new(Code::R0006, format!("{name} expects {wants} arguments, got {n}")));
    }
    if let Call::Task(op) = entry.row.call {
        return match tasks::operation(vm, op, regs, ins.a, ins.b)? {
            Step::Value(value) => {
                release_run(vm, regs, ins.a, ins.c.into());
                set(vm, regs, ins.b, value);
                Ok(Exit::Done(Value::NULL))
            }
            Step::Entered => Ok(Exit::Done(Value::NULL)),
            Step::Wait => {
                vm.frames.top_mut().pc -= 2;
                Ok(Exit::Waits)
            }
        };
    }
    match begin(vm, regs, id, ins)? {
        Some(value) => {
            set(vm, regs, ins.b, value);
            Ok(Exit::Done(Value::NULL))
        }
        None => Ok(Exit::Waits),
    }
}

/// Begins an async function of the host, and takes the arguments: its result if it is ready at once, nothing if the task has
/// to wait; then the result goes into `b`.
fn begin(vm: &mut Vm, regs: Registers, function: BuiltinId, ins: Ins) -> Res<Option<Value>> {
    let Vm { loaded, heap, fuel, host, calls, tasks, .. } = &mut *vm;
    let Some(native) = loaded.natives.get(function.0 as usize) else {
        return Err(not_callable(Value::builtin(function)));
    };
    let Some(calls) = calls else {
        let name = native.name;
        return request(vm, regs, function, name, ins).map(|()| None);
    };
    let polled = calls.begin(
        tasks.current(),
        function,
        &mut HostCx::new(heap, fuel, host, native),
        Args::new(regs.run(ins.a, ins.c.into())),
    );
    if polled.is_pending() {
        tasks.away.insert(tasks.current(), ins.b);
    }
    release_run(vm, regs, ins.a, ins.c.into());
    match polled {
        Poll::Ready(result) => result.map(Some),
        Poll::Pending => Ok(None),
    }
}

/// The same for a call after which the loop looks whether it is to end: null where the task waits.
pub(super) fn begin_or_stop(
    vm: &mut Vm,
    regs: Registers,
    function: BuiltinId,
    ins: Ins,
) -> Res<Value> {
    let made = begin(vm, regs, function, ins)?;
    if made.is_none() {
        vm.stop = Some(Stop::Wait);
    }
    Ok(made.unwrap_or_default())
}

/// Asks whoever takes the run up again for what an async function gives.
fn request(
    vm: &mut Vm,
    regs: Registers,
    function: BuiltinId,
    name: &'static str,
    ins: Ins,
) -> Res<()> {
    let mut args = core::mem::take(&mut vm.tasks.spare_args);
    args.try_reserve_exact(ins.c.into()).map_err(|_| allocation_failed(usize::from(ins.c) * 16))?;
    args.extend(regs.run(ins.a, ins.c.into()).iter_mut().map(core::mem::take));
    let id = vm.tasks.current();
    vm.tasks.requests.push_back((id, Request { id, function, name, args, result: ins.b }));
    Ok(())
}

/// `return f(…)`: the frame is used again, where it can be.
#[inline(never)]
pub(super) fn tail_call(vm: &mut Vm, ins: Ins) -> Res<()> {
    let frame = *vm.frames.top();
    let regs = registers(vm);
    let callee = regs.get(ins.a);
    let reusable = frame.flags & flags::OWNS_CALLEE != 0
        && frame.flags & (flags::WRITE_BACK | flags::HOME | flags::GENERATOR) == 0;
    let plain = |id: &FunctionId| program(vm).function(*id).kind == FunctionKind::Plain;
    let Some(id) = script_function(vm, callee).filter(|id| reusable && plain(id)) else {
        return call_value(vm, ins.a, ins.c, ins.a);
    };
    let n = usize::from(ins.c);
    let function = program(vm).function(id);
    if !function.exact || n != function.params.len() {
        let base = frame.base + u32::from(ins.a) + 1;
        arrange(vm, id, Window { base, n_args: n, hidden: 0 })?;
    }
    make_room(vm, frame.base as usize + function.window as usize)?;
    if !vm.fuel.take() {
        crate::profile::look_up(vm, Some(id))?;
    }
    let is_watched = vm.prepare(id)?;
    // Nothing fails from here on. What the frame held is given up, then callee and arguments move down.
    let regs = registers(vm);
    release_run(vm, regs, 0, frame.first_temp.into());
    if frame.flags & flags::CLOSURE != 0 {
        let old = regs.take_callee();
        vm.heap.release(old);
    }
    let base = frame.base as usize;
    let from = base + usize::from(ins.a);
    let callee = core::mem::take(&mut vm.slots[from]);
    vm.slots[base - 1] = if callee.is_heap() { callee } else { Value::NULL };
    for nth in 0..function.params.len() {
        vm.slots[base + nth] = core::mem::take(&mut vm.slots[from + 1 + nth]);
    }
    let closure = if callee.is_heap() { flags::CLOSURE } else { 0 };
    let kept = frame.flags & (flags::ENTRY | flags::OWNS_CALLEE | flags::DELIVERS | flags::WATCHED);
    *vm.frames.top_mut() = Frame {
        function: id,
        pc: 0,
        flags: kept | closure,
        first_temp: function.first_temp,
        ..frame
    };
    let was_marked = frame.flags & flags::WATCHED != 0;
    if is_watched || was_marked {
        hooks::went_on(vm, was_marked, is_watched);
    }
    Ok(())
}
