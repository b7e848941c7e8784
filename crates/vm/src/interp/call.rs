//! Calls: entering functions, arranging arguments, builtins.

use remora_diagnostics::Code;

use super::{iterate, set};
use crate::builtins::Call;
use crate::fault::{Fault, Res};
use crate::frame::{Frame, flags};
use crate::heap::retain;
use crate::host::{Args, HostCx};
use crate::limits::memory::allocation_failed;
use crate::lower::op::Ins;
use crate::lower::{LoweredFunction, LoweredSite};
use crate::object::Array;
use crate::registers::Registers;
use crate::value::{BuiltinId, FunctionId, Tag, Value};
use crate::vm::Vm;

/// Runs a function for the host, which keeps its arguments.
pub(crate) fn enter_from_host(vm: &mut Vm, function: FunctionId, args: &[Value]) -> Res<Value> {
    let n = args.len();
    make_room(vm, 1 + n)?;
    for (slot, arg) in vm.slots.iter_mut().skip(1).zip(args) {
        retain(*arg);
        *slot = *arg;
    }
    let entered =
        enter(vm, function, Window { base: 1, n_args: n, hidden: 0 }, 0, flags::ENTRY, true);
    if let Err(mut fault) = entered {
        for slot in 0..=n {
            let value = core::mem::take(&mut vm.slots[slot]);
            vm.heap.release(value);
        }
        fault.trace.clear();
        return Err(fault);
    }
    super::run(vm)
}

/// Where the arguments of a call stand.
#[derive(Clone, Copy)]
pub(super) struct Window {
    /// Index of the slot of the first.
    pub(super) base: u32,
    pub(super) n_args: usize,
    /// How many of them the script did not write: the receiver of a method.
    pub(super) hidden: usize,
}

/// The topmost frame.
pub(super) fn top(vm: &Vm) -> Frame {
    match vm.frames.last() {
        Some(frame) => *frame,
        None => unreachable!("calls are made by a frame"),
    }
}

pub(super) fn registers(vm: &mut Vm) -> Registers {
    let base = top(vm).base;
    Registers::new(&mut vm.slots, base)
}

/// Makes sure that there are that many slots.
#[inline(always)]
fn make_room(vm: &mut Vm, n_slots: usize) -> Res<()> {
    if n_slots <= vm.slots.len() { Ok(()) } else { grow(vm, n_slots) }
}

#[cold]
#[inline(never)]
fn grow(vm: &mut Vm, n_slots: usize) -> Res<()> {
    let wanted = n_slots.max(vm.slots.len() * 2).max(256);
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
#[inline(always)]
pub(super) fn enter(
    vm: &mut Vm,
    id: FunctionId,
    window: Window,
    result: u16,
    frame_flags: u8,
    owns_callee: bool,
) -> Res<()> {
    let function = vm.loaded.function(id);
    let (needed, first_temp) =
        (window.base as usize + function.window as usize, function.first_temp);
    if !function.exact || window.n_args != function.params.len() {
        arrange(vm, id, window)?;
    }
    make_room(vm, needed)?;
    if vm.frames.len() >= vm.max_frames {
        return Err(too_deep(vm, id));
    }
    if !vm.fuel.tick() {
        vm.fuel.next_slice()?;
    }
    if !vm.units[id.0 as usize].ready {
        vm.prepare(id)?;
    }
    vm.frames.push(Frame {
        function: id,
        base: window.base,
        pc: 0,
        result,
        flags: frame_flags,
        owns_callee,
        first_temp,
    });
    Ok(())
}

#[cold]
fn too_deep(vm: &Vm, id: FunctionId) -> Box<Fault> {
    let (limit, name) = (vm.max_frames, vm.loaded.types.function_name(id));
    Fault::new(
        Code::L0003,
        format!("Maximum call stack depth of {limit} exceeded while calling {name}"),
    )
    .with_help("a recursion may have no end; `return f(x)` does not nest")
}

/// Arguments in the order of parameters: the optional ones that are missing are undefined, the variadic ones an array.
#[cold]
#[inline(never)]
fn arrange(vm: &mut Vm, id: FunctionId, window: Window) -> Res<()> {
    let loaded = std::sync::Arc::clone(&vm.loaded);
    let function = loaded.function(id);
    let n_params = function.params.len();
    let n_plain = n_params - usize::from(function.variadic);
    let n = window.n_args;
    if n < usize::from(function.n_required) || (n > n_plain && !function.variadic) {
        return Err(wrong_count(vm, id, function, window));
    }
    let base = window.base as usize;
    make_room(vm, base + n_params.max(n) + 1)?;
    for slot in &mut vm.slots[base + n..base + n_plain.max(n)] {
        *slot = Value::UNDEFINED;
    }
    if function.variadic {
        let rest = base + n_plain..base + n.max(n_plain);
        let body = Array::from_values(vm.heap.memory_mut(), &vm.slots[rest.clone()])?;
        let array = vm.heap.new_array(body)?;
        vm.slots[rest].fill(Value::NULL);
        vm.slots[base + n_plain] = array;
    }
    Ok(())
}

#[cold]
fn wrong_count(vm: &Vm, id: FunctionId, function: &LoweredFunction, window: Window) -> Box<Fault> {
    let name = vm.loaded.types.function_name(id);
    let (least, most) = (
        usize::from(function.n_required).saturating_sub(window.hidden),
        function.params.len().saturating_sub(window.hidden),
    );
    let wanted = match (function.variadic, least == most) {
        (true, _) => format!("at least {least}"),
        (false, true) => least.to_string(),
        (false, false) => format!("{least} to {most}"),
    };
    let got = window.n_args.saturating_sub(window.hidden);
    Fault::new(Code::R0006, format!("{name} expects {wanted} arguments, got {got}"))
}

/// The cell of a captured variable of the running function.
#[inline(always)]
pub(super) fn captured(vm: &Vm, regs: Registers, at: u16) -> Value {
    match vm.heap.closure(regs.callee()).and_then(|it| it.cells.get(usize::from(at))) {
        Some(cell) => *cell,
        None => unreachable!("a function that captures is called through its closure"),
    }
}

pub(super) fn make_closure(vm: &mut Vm, regs: Registers, function: u32) -> Res<Value> {
    let id = FunctionId(function);
    let loaded = std::sync::Arc::clone(&vm.loaded);
    let maker = loaded.function(top(vm).function);
    let captures = &loaded.function(id).captures;
    let mut cells = Vec::new();
    cells.try_reserve_exact(captures.len()).map_err(|_| allocation_failed(captures.len() * 16))?;
    for (own, at) in captures {
        let cell = if *own { regs.get(maker.n_locals + at) } else { captured(vm, regs, *at) };
        retain(cell);
        cells.push(cell);
    }
    if cells.is_empty() {
        return Ok(Value::function(id));
    }
    let made = vm.heap.new_closure(id, &cells);
    if made.is_err() {
        vm.heap.release_all(cells);
    }
    made
}

/// A call of a function that was known when the program was loaded.
#[inline(always)]
pub(super) fn enter_known(vm: &mut Vm, ins: Ins, function: FunctionId) -> Res<()> {
    let base = top(vm).base + u32::from(ins.a) + 1;
    enter(vm, function, Window { base, n_args: ins.c.into(), hidden: 0 }, ins.b, 0, true)
}

/// Calls what is in register `callee` with the `n` arguments behind it.
pub(super) fn call_value(vm: &mut Vm, callee: u16, n: u16, result: u16) -> Res<()> {
    let regs = registers(vm);
    let value = regs.get(callee);
    let window = Window { base: top(vm).base + u32::from(callee) + 1, n_args: n.into(), hidden: 0 };
    match value.tag() {
        Tag::Function => {
            let Some(id) = value.to_function() else { return Ok(()) };
            enter(vm, id, window, result, 0, true)
        }
        Tag::Closure => {
            let Some(id) = vm.heap.closure(value).map(|it| it.function) else { return Ok(()) };
            enter(vm, id, window, result, flags::CLOSURE, true)
        }
        Tag::Builtin => {
            let Some(id) = value.to_builtin() else { return Ok(()) };
            if let Some(Call::Script(name)) = vm.loaded.registry.get(id).map(|it| it.row.call)
                && let Some(function) = vm.loaded.prelude.find(name)
            {
                return enter(vm, function, window, result, 0, true);
            }
            let made = call_builtin(vm, regs, id, callee + 1, n.into())?;
            set(vm, regs, result, made);
            Ok(())
        }
        _ => Err(not_callable(value)),
    }
}

#[cold]
pub(super) fn not_callable(value: Value) -> Box<Fault> {
    Fault::new(
        Code::R0005,
        format!("Cannot call non-function; {} is not callable", value.type_name()),
    )
}

/// Calls a builtin with arguments in a row of registers, which it may take; what it leaves is released.
#[inline]
pub(super) fn call_builtin(
    vm: &mut Vm,
    regs: Registers,
    id: BuiltinId,
    first: u16,
    n: usize,
) -> Res<Value> {
    let Vm { loaded, heap, fuel, host, .. } = &mut *vm;
    let Some(entry) = loaded.registry.get(id) else { return Ok(Value::NULL) };
    if !entry.signature.accepts(n) {
        let (name, wants) = (entry.name, entry.signature.wants(0));
        return Err(Fault::new(Code::R0006, format!("{name} expects {wants} arguments, got {n}")));
    }
    if !fuel.tick() {
        fuel.next_slice()?;
    }
    let Call::Native(native) = entry.row.call else { return Err(not_callable(Value::builtin(id))) };
    let result =
        native(&mut HostCx::new(heap, fuel, host, entry.name), Args::new(regs.run(first, n)));
    release_run(vm, regs, first, n);
    result
}

pub(super) fn release_run(vm: &mut Vm, regs: Registers, first: u16, n: usize) {
    for slot in regs.run(first, n) {
        if slot.is_heap() {
            let left = core::mem::take(slot);
            vm.heap.release(left);
        }
    }
}

/// `return f(…)`: the frame is used again, where it can be.
pub(super) fn tail_call(vm: &mut Vm, ins: Ins) -> Res<()> {
    let frame = top(vm);
    let regs = registers(vm);
    let callee = regs.get(ins.a);
    let id = match callee.tag() {
        Tag::Function => callee.to_function(),
        Tag::Closure => vm.heap.closure(callee).map(|it| it.function),
        _ => None,
    };
    let reusable = frame.owns_callee && frame.flags & flags::WRITE_BACK == 0;
    let Some(id) = id.filter(|_| reusable) else { return call_value(vm, ins.a, ins.c, ins.a) };
    let n = usize::from(ins.c);
    let loaded = std::sync::Arc::clone(&vm.loaded);
    let function = loaded.function(id);
    if !function.exact || n != function.params.len() {
        let base = frame.base + u32::from(ins.a) + 1;
        arrange(vm, id, Window { base, n_args: n, hidden: 0 })?;
    }
    make_room(vm, frame.base as usize + function.window as usize)?;
    if !vm.fuel.tick() {
        vm.fuel.next_slice()?;
    }
    if !vm.units[id.0 as usize].ready {
        vm.prepare(id)?;
    }
    // Nothing fails from here on. What the frame held is given up, then callee and arguments move down.
    let regs = registers(vm);
    release_run(vm, regs, 0, frame.first_temp.into());
    if frame.flags & flags::CLOSURE != 0 {
        let old = regs.take_callee();
        vm.heap.release(old);
    }
    let base = frame.base as usize;
    let from = base + usize::from(ins.a);
    vm.slots[base - 1] = core::mem::take(&mut vm.slots[from]);
    for nth in 0..function.params.len() {
        vm.slots[base + nth] = core::mem::take(&mut vm.slots[from + 1 + nth]);
    }
    let closure = if callee.tag() == Tag::Closure { flags::CLOSURE } else { 0 };
    if closure == 0 {
        vm.slots[base - 1] = Value::NULL;
    }
    if let Some(top) = vm.frames.last_mut() {
        *top = Frame {
            function: id,
            pc: 0,
            flags: frame.flags & flags::ENTRY | closure,
            first_temp: function.first_temp,
            ..frame
        };
    }
    Ok(())
}

/// Puts the elements of the array in a register into a row from that register on; how many there are.
pub(super) fn spread(vm: &mut Vm, register: u16) -> Res<u16> {
    const MOST: usize = 30_000;
    let regs = registers(vm);
    let array = regs.get(register);
    let Some(len) = vm.heap.array(array).map(Array::len) else {
        return Err(iterate::not_iterable(array));
    };
    let Some(n) = u16::try_from(len).ok().filter(|_| len + usize::from(register) <= MOST) else {
        return Err(Fault::new(
            Code::R0012,
            format!("A call takes at most {MOST} arguments, got {len}"),
        ));
    };
    let first = top(vm).base as usize + usize::from(register);
    // Twice: the arguments may be moved up, to make room for a receiver.
    make_room(vm, first + 2 * len + 8)?;
    vm.slots[first] = Value::NULL;
    for nth in 0..len {
        let item = vm.heap.array(array).and_then(|it| it.get(nth)).unwrap_or_default();
        retain(item);
        vm.slots[first + nth] = item;
    }
    vm.heap.release(array);
    Ok(n)
}

/// After a call with spread arguments has failed: those beyond the window are not found by unwinding.
pub(super) fn clear_spread<T>(vm: &mut Vm, register: u16, n: u16, result: Res<T>) -> Res<T> {
    if result.is_err() {
        let regs = registers(vm);
        release_run(vm, regs, register, n.into());
    }
    result
}

pub(super) fn call_spread(vm: &mut Vm, ins: Ins) -> Res<()> {
    let n = spread(vm, ins.a + 1)?;
    let done = call_value(vm, ins.a, n, ins.b);
    clear_spread(vm, ins.a + 1, n, done)
}

/// `f(1, name: 2)`
pub(super) fn call_named(vm: &mut Vm, ins: Ins, site: u16) -> Res<()> {
    let regs = registers(vm);
    let callee = regs.get(ins.a);
    let id = match callee.tag() {
        Tag::Function => callee.to_function(),
        Tag::Closure => vm.heap.closure(callee).map(|it| it.function),
        _ => None,
    };
    if let Some(id) = id {
        let n = name_arguments(vm, id, site, ins.a + 1, 0)?;
        return call_value(vm, ins.a, n, ins.b);
    }
    let Some(builtin) = callee.to_builtin() else { return Err(not_callable(callee)) };
    let loaded = std::sync::Arc::clone(&vm.loaded);
    let site = &loaded.function(top(vm).function).sites[usize::from(site)];
    let names: Vec<&str> = match loaded.registry.get(builtin) {
        Some(entry) => entry.signature.params.iter().map(|it| it.name).collect(),
        None => Vec::new(),
    };
    let optional = |_: usize| true;
    let n = place_named(vm, site, &names, optional, ins.a + 1, 0)?;
    call_value(vm, ins.a, n, ins.b)
}

/// Brings positional and named arguments into the order of a function's parameters.
pub(super) fn name_arguments(
    vm: &mut Vm,
    id: FunctionId,
    site: u16,
    first: u16,
    hidden: usize,
) -> Res<u16> {
    let loaded = std::sync::Arc::clone(&vm.loaded);
    let function = loaded.function(id);
    let site = &loaded.function(top(vm).function).sites[usize::from(site)];
    let names: Vec<&str> = function.params.iter().map(|it| &*it.name).collect();
    let optional = |at: usize| function.params.get(at).is_none_or(|it| it.optional);
    place_named(vm, site, &names, optional, first, hidden)
}

fn place_named(
    vm: &mut Vm,
    site: &LoweredSite,
    names: &[&str],
    optional: impl Fn(usize) -> bool,
    first: u16,
    hidden: usize,
) -> Res<u16> {
    let positional = usize::from(site.args) + hidden;
    let n_given = positional + site.named.len();
    let regs = registers(vm);
    let given: Vec<Value> = regs.run(first, n_given).to_vec();
    let mut placed: Vec<Option<Value>> = given.iter().take(positional).copied().map(Some).collect();
    placed.resize(names.len().max(positional), None);
    for (name, value) in site.named.iter().zip(&given[positional..]) {
        let at = names.iter().skip(hidden).position(|it| *it == &**name).map(|it| it + hidden);
        let Some(at) = at else {
            let fault = Fault::new(Code::R0023, format!("Unknown argument: {name}"));
            return Err(match remora_diagnostics::closest(name, names.iter().copied()) {
                Some(near) => fault.with_help(format!("did you mean `{near}`?")),
                None => fault,
            });
        };
        if placed[at].replace(*value).is_some() {
            return Err(Fault::new(Code::R0023, format!("Argument given twice: {name}")));
        }
    }
    let last = placed.iter().rposition(Option::is_some).map_or(0, |it| it + 1);
    if let Some(missing) =
        (0..names.len()).find(|at| placed.get(*at).is_none_or(Option::is_none) && !optional(*at))
    {
        return Err(Fault::new(Code::R0023, format!("Missing argument: {}", names[missing])));
    }
    let from = top(vm).base as usize + usize::from(first);
    make_room(vm, from + placed.len() + 8)?;
    for (nth, value) in placed.iter().take(last.max(n_given)).enumerate() {
        vm.slots[from + nth] = value.unwrap_or(Value::UNDEFINED);
    }
    for slot in &mut vm.slots[from + last..from + n_given.max(last)] {
        *slot = Value::NULL;
    }
    u16::try_from(last).map_err(|_| Fault::new(Code::R0012, "too many arguments"))
}
