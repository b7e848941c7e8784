//! Arguments that do not simply stand where the parameters are: optional ones, `...rest`, by name, spread.

use remora_diagnostics::{Advice, Code};

use super::call::{
    Window, call_value, make_room, not_callable, registers, release_run, script_function,
};
use super::iterate;
use crate::fault::{Fault, Res};
use crate::heap::retain;
use crate::lower::op::Ins;
use crate::lower::{LoweredFunction, LoweredSite};
use crate::object::Array;
use crate::registers::program;
use crate::value::{FunctionId, Value};
use crate::vm::Vm;

/// Arguments in the order of parameters: the optional ones that are missing are undefined, the variadic ones an array.
#[inline(never)]
pub(super) fn arrange(vm: &mut Vm, id: FunctionId, window: Window) -> Res<()> {
    let function = program(vm).function(id);
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
    let least = usize::from(function.n_required).saturating_sub(window.hidden);
    let most = function.params.len().saturating_sub(window.hidden);
    let wanted = match (function.variadic, least == most) {
        (true, _) => format!("at least {least}"),
        (false, true) => least.to_string(),
        (false, false) => format!("{least} to {most}"),
    };
    let got = window.n_args.saturating_sub(window.hidden);
    let params: Vec<&str> =
        function.params.iter().skip(window.hidden).map(|it| &*it.name).collect();
    Fault::new(Code::R0006, format!("{name} expects {wanted} arguments, got {got}"))
        .with_advice(Advice::arity(name, &params, least, got))
}

/// Puts the elements of the array in a register into a row from that register on; how many there are.
pub(super) fn spread(vm: &mut Vm, register: u16) -> Res<u16> {
    const MOST: usize = 30_000;
    let regs = registers(vm);
    let array = regs.get(register);
    let Some(len) = vm.heap.array(array).map(Array::len) else {
        return Err(iterate::not_iterable(&vm.heap, array));
    };
    let Some(n) = u16::try_from(len).ok().filter(|_| len + usize::from(register) <= MOST) else {
        return Err(Fault::new(
            Code::R0012,
            format!("A call takes at most {MOST} arguments, got {len}"),
        ));
    };
    let first = vm.frames.top().base as usize + usize::from(register);
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

#[inline(never)]
pub(super) fn call_spread(vm: &mut Vm, ins: Ins) -> Res<()> {
    let n = spread(vm, ins.a + 1)?;
    let done = call_value(vm, ins.a, n, ins.b);
    clear_spread(vm, ins.a + 1, n, done)
}

/// `f(1, name: 2)`
#[inline(never)]
pub(super) fn call_named(vm: &mut Vm, ins: Ins, site: u16) -> Res<()> {
    let callee = registers(vm).get(ins.a);
    if let Some(id) = super::operator::callable(vm, callee) {
        let n = name_arguments(vm, id, site.into(), ins.a, 1)?;
        return call_value(vm, ins.a, n - 1, ins.b);
    }
    let n = match script_function(vm, callee) {
        Some(id) => name_arguments(vm, id, site.into(), ins.a + 1, 0)?,
        None => {
            let Some(builtin) = callee.to_builtin() else { return Err(not_callable(callee)) };
            let site = &program(vm).function(vm.frames.top().function).sites[usize::from(site)];
            let names: Vec<&str> = match program(vm).registry.get(builtin) {
                Some(entry) => entry.signature.params.iter().map(|it| it.name).collect(),
                None => Vec::new(),
            };
            place_named(vm, site, &names, |_| true, ins.a + 1, 0)?
        }
    };
    let done = call_value(vm, ins.a, n, ins.b);
    clear_spread(vm, ins.a + 1, n, done)
}

/// Brings positional and named arguments into the order of a function's parameters.
pub(super) fn name_arguments(
    vm: &mut Vm,
    id: FunctionId,
    site: u32,
    first: u16,
    hidden: usize,
) -> Res<u16> {
    let function = program(vm).function(id);
    let site = &program(vm).function(vm.frames.top().function).sites[site as usize];
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
            return Err(fault.with_advice(Advice::unknown_argument(name, names.iter().copied())));
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
    let from = vm.frames.top().base as usize + usize::from(first);
    make_room(vm, from + placed.len().max(n_given) + 8)?;
    for (nth, value) in placed.iter().take(last.max(n_given)).enumerate() {
        vm.slots[from + nth] = value.unwrap_or(Value::UNDEFINED);
    }
    for slot in &mut vm.slots[from + last..from + n_given.max(last)] {
        *slot = Value::NULL;
    }
    u16::try_from(last).map_err(|_| Fault::new(Code::R0012, "too many arguments"))
}
