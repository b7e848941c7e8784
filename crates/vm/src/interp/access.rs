//! Collections and structs: making them, reading them, changing them.

use remora_diagnostics::Code;

use super::{iterate, set, slow};
use crate::fault::{Fault, Res};
use crate::heap::{array_of, retain};
use crate::limits::Charge;
use crate::lower::op::{Ins, Op};
use crate::object::{Array, Dict, Range};
use crate::ops::{field, index, print};
use crate::registers::Registers;
use crate::value::{Tag, TypeId, Value};
use crate::vm::{Cache, Vm};

/// After a run of registers has been moved into an object: they own nothing any more.
#[inline(always)]
pub(super) fn forget(regs: Registers, ins: Ins) {
    regs.run(ins.b, ins.c.into()).fill(Value::NULL);
}

pub(super) fn build_array(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let body = Array::from_values(vm.heap.memory_mut(), regs.run(ins.b, ins.c.into()))?;
    let made = vm.heap.new_array(body)?;
    forget(regs, ins);
    set(vm, regs, ins.a, made);
    Ok(())
}

pub(super) fn build_dict(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let n = usize::from(ins.c);
    let body = Dict::with_capacity(vm.heap.memory_mut(), n)?;
    let dict = vm.heap.new_dict(body)?;
    for nth in 0..ins.c {
        let (key, value) = (ins.b + 2 * nth, ins.b + 2 * nth + 1);
        if let Err(fault) = insert(vm, regs, dict, key, value) {
            vm.heap.release(dict);
            return Err(fault);
        }
    }
    set(vm, regs, ins.a, dict);
    Ok(())
}

/// Moves a key and a value out of their registers into a dict with one owner.
fn insert(vm: &mut Vm, regs: Registers, dict: Value, key: u16, value: u16) -> Res<()> {
    let Some(known) = vm.heap.key(regs.get(key)) else {
        return Err(index::not_a_key(regs.get(key)));
    };
    let Some((table, memory)) = vm.heap.dict_mut(dict) else { return Ok(()) };
    let old = table.insert(memory, known, regs.get(value))?;
    regs.put(value, Value::NULL);
    let key = regs.take(key);
    if let Some(old) = old {
        // The dict keeps the key that it had.
        vm.heap.release_all([old.value, key]);
    }
    Ok(())
}

pub(super) fn build_string(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let mut text = String::new();
    for nth in 0..ins.c {
        print::display_to(&mut text, &vm.heap, regs.get(ins.b + nth), &mut vm.fuel)?;
    }
    let made = vm.heap.new_string(&text)?;
    for nth in 0..ins.c {
        let part = regs.take(ins.b + nth);
        vm.heap.release(part);
    }
    set(vm, regs, ins.a, made);
    Ok(())
}

#[cold]
pub(super) fn bad_range(from: Value, to: Value) -> Box<Fault> {
    let (from, to) = (from.type_name(), to.type_name());
    Fault::new(Code::R0002, format!("Invalid binary operation: {from} .. {to}"))
        .with_help("ranges go from an int to an int")
}

pub(super) fn build_range(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let (from, to) = (regs.get(ins.b), regs.get(ins.c));
    let (Some(start), Some(end)) = (from.to_int(), to.to_int()) else {
        return Err(bad_range(from, to));
    };
    let range = if ins.op == Op::BuildRange {
        Range::new(start, end)
    } else {
        Range::inclusive(start, end)
    };
    let made = vm.heap.new_range(range)?;
    set(vm, regs, ins.a, made);
    Ok(())
}

pub(super) fn array_push(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let item = regs.get(ins.b);
    if let Some((array, memory)) = vm.heap.array_mut(regs.get(ins.a)) {
        array.push(memory, item)?;
        regs.put(ins.b, Value::NULL);
    }
    Ok(())
}

/// `...xs` in an array literal.
pub(super) fn array_extend(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let from = regs.get(ins.b);
    if let Some(items) = array_of(&from) {
        vm.fuel.charge((items.len() / 16) as u64)?;
        if let Some((array, memory)) = vm.heap.array_mut(regs.get(ins.a)) {
            array.extend_from(memory, items, 0..items.len())?;
        }
        let from = regs.take(ins.b);
        vm.heap.release(from);
        return Ok(());
    }
    let Some((source, mut place)) = iterate::over(from) else {
        return Err(iterate::not_iterable(from));
    };
    if source.tag() == Tag::Int {
        for number in 0..place.to_int().unwrap_or(0) {
            vm.fuel.charge(1)?;
            push_item(vm, regs.get(ins.a), Value::int(number))?;
        }
        return Ok(());
    }
    while let Some(item) = iterate::item(&mut vm.heap, source, &mut place)? {
        let pushed = vm.fuel.charge(1).and_then(|()| push_item(vm, regs.get(ins.a), item));
        if pushed.is_err() {
            vm.heap.release(item);
            return pushed;
        }
    }
    let from = regs.take(ins.b);
    vm.heap.release(from);
    Ok(())
}

fn push_item(vm: &mut Vm, array: Value, item: Value) -> Res<()> {
    match vm.heap.array_mut(array) {
        Some((array, memory)) => array.push(memory, item),
        None => Ok(()),
    }
}

pub(super) fn dict_insert(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    insert(vm, regs, regs.get(ins.a), ins.b, ins.c)
}

/// `...d` in a dict literal.
pub(super) fn dict_merge(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let from = regs.get(ins.b);
    if from.tag() != Tag::Dict {
        let message = format!("Cannot spread {} into a dict", from.type_name());
        return Err(Fault::new(Code::R0013, message));
    }
    let mut place = 0;
    while let Some((after, entry)) = vm.heap.dict(from).and_then(|it| it.next(place)) {
        place = after;
        vm.fuel.charge(1)?;
        let Some(key) = vm.heap.key(entry.key) else { continue };
        let Some((table, memory)) = vm.heap.dict_mut(regs.get(ins.a)) else { break };
        let old = table.insert(memory, key, entry.value)?;
        retain(entry.value);
        match old {
            Some(old) => vm.heap.release(old.value),
            None => retain(entry.key),
        }
    }
    let from = regs.take(ins.b);
    vm.heap.release(from);
    Ok(())
}

/// Payloads are kept in declared order, whatever the order in the source.
pub(super) fn make_variant(vm: &mut Vm, regs: Registers, ins: Ins, site: u16) -> Res<()> {
    let Some(frame) = vm.frames.last() else { return Ok(()) };
    let site = &vm.loaded.function(frame.function).sites[usize::from(site)];
    let Some((ty, variant)) = site.variant else { return Ok(()) };
    let shape = vm.loaded.types.variant(ty, variant).map(|(_, shape)| shape);
    let run = regs.run(ins.b, ins.c.into());
    let made = match shape.filter(|_| !site.named.is_empty()) {
        Some(shape) => {
            let mut ordered = vec![Value::NULL; run.len()];
            for (name, value) in site.named.iter().zip(run.iter()) {
                if let Some(slot) = shape.slot(name).and_then(|at| ordered.get_mut(at)) {
                    *slot = *value;
                }
            }
            vm.heap.new_variant(ty, variant, &ordered)?
        }
        None => vm.heap.new_variant(ty, variant, run)?,
    };
    forget(regs, ins);
    set(vm, regs, ins.a, made);
    Ok(())
}

pub(super) fn make_result(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let inner = regs.get(ins.b);
    let made = match ins.c {
        0 => vm.heap.new_ok(inner)?,
        1 => vm.heap.new_err(inner)?,
        _ => vm.heap.new_some(inner)?,
    };
    regs.put(ins.b, Value::NULL);
    set(vm, regs, ins.a, made);
    Ok(())
}

/// The element of an array at an int that is in range, counted.
#[inline(always)]
pub(super) fn array_item(vm: &Vm, object: Value, key: Value) -> Option<Value> {
    if key.tag() != Tag::Int {
        return None;
    }
    let item = vm.heap.array(object)?.get(usize::try_from(key.as_int()).ok()?)?;
    retain(item);
    Some(item)
}

#[cold]
#[inline(never)]
pub(super) fn get_index(
    vm: &mut Vm,
    regs: Registers,
    ins: Ins,
    object: Value,
    key: Value,
) -> Res<()> {
    let item = index::get(&mut vm.heap, object, key, &mut vm.fuel)?;
    if ins.op == Op::GetIndex && ins.c != ins.a {
        slow::consume(vm, regs, ins.c);
    }
    set(vm, regs, ins.a, item);
    Ok(())
}

/// The field of a struct whose type was seen here before. Not counted.
#[inline(always)]
pub(super) fn cached_field(vm: &Vm, object: Value, name: u16) -> Option<Value> {
    let record = vm.heap.record(object)?;
    let cache = cache(vm, name)?;
    if cache.ty != record.ty {
        return None;
    }
    record.fields.get(cache.found as usize).copied()
}

#[inline(always)]
fn cache(vm: &Vm, name: u16) -> Option<Cache> {
    let function = vm.frames.last()?.function;
    vm.units[function.0 as usize].attrs.get(usize::from(name)).copied()
}

/// Remembers in which slot the structs of a type have a field.
fn learn(vm: &mut Vm, object: Value, at: u16, name: Value) {
    let Some(ty) = vm.heap.record(object).map(|it| it.ty) else { return };
    let text = vm.heap.str(name).unwrap_or_default();
    let slot = vm.loaded.types.structure(ty).and_then(|it| it.slot(text));
    let Some(found) = slot.and_then(|it| u32::try_from(it).ok()) else { return };
    let Some(function) = vm.frames.last().map(|it| it.function) else { return };
    if let Some(cache) = vm.units[function.0 as usize].attrs.get_mut(usize::from(at)) {
        *cache = Cache { ty, found };
    }
}

#[cold]
#[inline(never)]
pub(super) fn get_attr(vm: &mut Vm, regs: Registers, ins: Ins, name: Value) -> Res<()> {
    let object = regs.get(ins.b);
    let found =
        field::get(&vm.heap, object, name).map_err(|fault| advise(vm, object, name, fault))?;
    learn(vm, object, ins.c, name);
    set(vm, regs, ins.a, found);
    Ok(())
}

/// "Did you mean" for fields.
#[cold]
fn advise(vm: &Vm, object: Value, name: Value, fault: Box<Fault>) -> Box<Fault> {
    let Some(shape) = vm.heap.record(object).and_then(|it| vm.loaded.types.structure(it.ty)) else {
        return fault;
    };
    let name = vm.heap.str(name).unwrap_or_default();
    match remora_diagnostics::closest(name, shape.fields.iter().map(|it| &**it)) {
        Some(near) => fault.with_help(format!("did you mean `{near}`?")),
        None => fault,
    }
}

/// `a[b] := c`
#[inline]
pub(super) fn set_index(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let (mut root, key, value) = (regs.get(ins.a), regs.get(ins.b), regs.get(ins.c));
    if key.tag() == Tag::Int
        && root.tag() == Tag::Array
        && vm.heap.is_unique(root)
        && let Ok(at) = usize::try_from(key.as_int())
        && let Some((array, memory)) = vm.heap.array_mut(root)
        && at < array.len()
    {
        let old = array.set(memory, at, value)?;
        regs.put(ins.c, Value::NULL);
        vm.heap.release(old);
        return Ok(());
    }
    regs.put(ins.c, Value::NULL);
    let done = index::set(&mut vm.heap, &mut root, key, value, &mut vm.fuel);
    regs.put(ins.a, root);
    done?;
    slow::consume(vm, regs, ins.b);
    Ok(())
}

/// `a.b := c`
#[inline]
pub(super) fn set_attr(vm: &mut Vm, regs: Registers, ins: Ins, name: Value) -> Res<()> {
    let (mut root, value) = (regs.get(ins.a), regs.get(ins.c));
    if root.tag() == Tag::Struct
        && vm.heap.is_unique(root)
        && let Some(cache) = cache(vm, ins.b)
        && vm.heap.record(root).is_some_and(|it| it.ty == cache.ty && cache.ty != TypeId(u32::MAX))
        && let Some(slot) = vm.heap.fields_mut(root).and_then(|it| it.get_mut(cache.found as usize))
    {
        let old = core::mem::replace(slot, value);
        regs.put(ins.c, Value::NULL);
        vm.heap.release(old);
        return Ok(());
    }
    regs.put(ins.c, Value::NULL);
    let object = root;
    let done = field::set(&mut vm.heap, &mut root, name, value, &mut vm.fuel);
    regs.put(ins.a, root);
    done.map_err(|fault| advise(vm, object, name, fault))?;
    learn(vm, root, ins.b, name);
    Ok(())
}
