//! Patterns: looking at shapes, taking values apart.

use remora_diagnostics::{Advice, Code};

use super::{set, slow};
use crate::fault::{Fault, Res};
use crate::heap::retain;
use crate::limits::Charge;
use crate::lower::op::{Ins, Op};
use crate::object::Array;
use crate::ops::field;
use crate::registers::Registers;
use crate::value::{Tag, TypeId, Value};
use crate::vm::Vm;

fn mismatch(wanted: &str, value: Value) -> Box<Fault> {
    Fault::new(
        Code::R0016,
        format!("Cannot destructure: expected {wanted}, got {}", value.type_name()),
    )
}

/// `[a, b] := e`
pub(super) fn unpack_array(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let value = regs.get(ins.b);
    let n = usize::from(ins.c);
    let Some(array) = vm.heap.array(value).filter(|it| it.len() == n) else {
        let fault = mismatch(&format!("array of {n}"), value);
        return Err(with_length(vm, fault, value));
    };
    let items: Vec<Value> = array.iter().collect();
    regs.put(ins.b, Value::NULL);
    for (item, register) in items.into_iter().rev().zip(ins.a..) {
        retain(item);
        set(vm, regs, register, item);
    }
    vm.heap.release(value);
    Ok(())
}

/// How many values an enum value or a Result carries.
fn n_payload(vm: &Vm, value: Value) -> Option<usize> {
    match value.tag() {
        Tag::Variant => vm.heap.variant(value).map(|it| it.payload.len()),
        Tag::Ok | Tag::Err | Tag::Some => Some(1),
        Tag::None => Some(0),
        _ => None,
    }
}

pub(super) fn shape(vm: &mut Vm, regs: Registers, ins: Ins) {
    let value = regs.get(ins.b);
    let n = usize::from(ins.c);
    let fits = match ins.op {
        Op::TestArray => vm.heap.array(value).is_some_and(|it| it.len() == n),
        Op::TestArrayMin => vm.heap.array(value).is_some_and(|it| it.len() >= n),
        Op::TestDict => value.tag() == Tag::Dict,
        Op::TestStruct => vm.heap.record(value).is_some_and(|it| it.ty == TypeId(ins.c.into())),
        Op::TestVariant => {
            let wanted = vm.loaded.function(vm.frames.top().function).variants[n];
            vm.heap.variant(value).is_some_and(|it| (it.ty, it.variant) == wanted)
        }
        Op::TestResult => value.tag() == [Tag::Ok, Tag::Err, Tag::Some, Tag::None][n.min(3)],
        _ => n_payload(vm, value) == Some(n),
    };
    set(vm, regs, ins.a, Value::bool(fits));
}

pub(super) fn name(vm: &mut Vm, regs: Registers, ins: Ins, name: Value) {
    let value = regs.get(ins.b);
    let fits = if ins.op == Op::TestKey {
        vm.heap.key(name).is_some_and(|key| vm.heap.dict(value).is_some_and(|it| it.contains(key)))
    } else {
        let text = vm.heap.str(name).unwrap_or_default();
        match value.tag() {
            Tag::String => vm.heap.str(value) == Some(text),
            Tag::Ok => text == "Ok",
            Tag::Err => text == "Err",
            Tag::Some => text == "Some",
            Tag::None => text == "None",
            Tag::Variant => vm
                .heap
                .variant(value)
                .and_then(|it| vm.loaded.types.variant(it.ty, it.variant))
                .is_some_and(|(_, shape)| *shape.name == *text),
            _ => false,
        }
    };
    set(vm, regs, ins.a, Value::bool(fits));
}

pub(super) fn element(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let value = regs.get(ins.b);
    let at = i64::from(ins.signed_c());
    let item = vm.heap.array(value).and_then(|it| it.get(it.index(at)?));
    let Some(item) = item else { return Err(mismatch("a longer array", value)) };
    retain(item);
    set(vm, regs, ins.a, item);
    Ok(())
}

pub(super) fn element_key(vm: &mut Vm, regs: Registers, ins: Ins, name: Value) -> Res<()> {
    let value = regs.get(ins.b);
    let found = vm.heap.key(name).and_then(|key| vm.heap.dict(value)?.get(key));
    let Some(item) = found else {
        let wanted = match vm.heap.str(name) {
            Some(text) => format!("key \"{text}\""),
            None => "a key".to_owned(),
        };
        return Err(mismatch(&wanted, value));
    };
    retain(item);
    set(vm, regs, ins.a, item);
    Ok(())
}

pub(super) fn element_field(vm: &mut Vm, regs: Registers, ins: Ins, name: Value) -> Res<()> {
    let found = field::get(&vm.heap, regs.get(ins.b), name)?;
    set(vm, regs, ins.a, found);
    Ok(())
}

pub(super) fn payload(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let value = regs.get(ins.b);
    let at = usize::from(ins.c);
    let found = match value.tag() {
        Tag::Variant => vm.heap.variant(value).and_then(|it| it.payload.get(at).copied()),
        _ if at == 0 => vm.heap.inner(value),
        _ => None,
    };
    let Some(item) = found else { return Err(mismatch("a value with a payload", value)) };
    retain(item);
    set(vm, regs, ins.a, item);
    Ok(())
}

/// The elements from `c` on: `...rest`.
pub(super) fn rest_from(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let value = regs.get(ins.b);
    let Some(len) = vm.heap.array(value).map(Array::len) else {
        return Err(mismatch("array", value));
    };
    let made = part(vm, value, usize::from(ins.c).min(len)..len)?;
    set(vm, regs, ins.a, made);
    Ok(())
}

pub(super) fn drop_last(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let value = regs.get(ins.b);
    let Some(len) = vm.heap.array(value).map(Array::len) else {
        return Err(mismatch("array", value));
    };
    let made = part(vm, value, 0..len.saturating_sub(ins.c.into()))?;
    set(vm, regs, ins.a, made);
    Ok(())
}

fn part(vm: &mut Vm, array: Value, range: std::ops::Range<usize>) -> Res<Value> {
    vm.fuel.charge((range.len() / 16) as u64)?;
    let Some(items) = crate::heap::array_of(&array) else { return Ok(Value::NULL) };
    let body = items.copy_range(vm.heap.memory_mut(), range)?;
    vm.heap.new_array(body)
}

/// The dict in `b` without the keys behind it.
pub(super) fn dict_without(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let mut dict = regs.get(ins.b);
    if dict.tag() != Tag::Dict {
        return Err(mismatch("dict", dict));
    }
    let made = crate::ops::make_unique(&mut vm.heap, &mut dict, &mut vm.fuel);
    regs.put(ins.b, dict);
    made?;
    for nth in 1..=ins.c {
        let name = regs.take(ins.b + nth);
        let removed = match vm.heap.key(name) {
            Some(key) => {
                vm.heap.dict_mut(dict).and_then(|(table, memory)| table.remove(memory, key))
            }
            None => None,
        };
        if let Some(entry) = removed {
            vm.heap.release_all([entry.key, entry.value]);
        }
        vm.heap.release(name);
    }
    Ok(())
}

/// Fails unless a test has held.
pub(super) fn check(vm: &mut Vm, regs: Registers, ins: Ins, wanted: Value) -> Res<()> {
    let fits = regs.get(ins.a);
    slow::consume(vm, regs, ins.a);
    if fits.to_bool() == Some(true) {
        return Ok(());
    }
    let value = regs.get(ins.c);
    let fault = mismatch(vm.heap.str(wanted).unwrap_or_default(), value);
    Err(with_length(vm, fault, value))
}

/// Says how long an array is that has another length than wanted.
fn with_length(vm: &Vm, fault: Box<Fault>, value: Value) -> Box<Fault> {
    match vm.heap.array(value).map(Array::len) {
        Some(len) => {
            let advice = Advice::other_length(&fault.message, len);
            fault.with_advice(advice)
        }
        None => fault,
    }
}
