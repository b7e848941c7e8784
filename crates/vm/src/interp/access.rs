//! Collections and structs: making them, reading them, changing them.

use remora_diagnostics::{Advice, Code};

use super::{iterate, object, set, slow, small_of, text};
use crate::cache::Cache;
use crate::fault::{Fault, Res};
use crate::heap::{array_of, retain};
use crate::limits::Charge;
use crate::lower::op::{Ins, Op};
use crate::object::array::Items;
use crate::object::{Array, Dict, Range};
use crate::ops::{field, index, print};
use crate::registers::{Current, Registers, Running};
use crate::value::{Tag, TypeId, Value};
use crate::vm::Vm;

/// After a run of registers has been moved into an object: they own nothing any more.
#[inline(always)]
fn forget(regs: Registers, ins: Ins) {
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
    crate::ops::arith::invalid_binary("..", from, to)
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

/// The collection that is being built in a register, with one owner. What a compiler makes is one and has one; code from
/// elsewhere may name any value here, and then changes a copy that nobody else sees.
fn built(vm: &mut Vm, regs: Registers, register: u16, wanted: Tag) -> Res<Value> {
    let place = regs.place(register);
    if place.tag() != wanted {
        return Err(not_built(*place));
    }
    crate::ops::make_unique(&mut vm.heap, place, &mut vm.fuel)?;
    Ok(*place)
}

#[cold]
fn not_built(value: Value) -> Box<Fault> {
    Fault::new(Code::R0002, format!("Cannot build on {}", value.type_name()))
}

pub(super) fn array_push(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let array = built(vm, regs, ins.a, Tag::Array)?;
    let item = regs.get(ins.b);
    if let Some((array, memory)) = vm.heap.array_mut(array) {
        array.push(memory, item)?;
        regs.put(ins.b, Value::NULL);
    }
    Ok(())
}

/// `...xs` in an array literal.
pub(super) fn array_extend(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let array = built(vm, regs, ins.a, Tag::Array)?;
    if regs.get(ins.b).tag() == Tag::Object {
        object::begin(vm, regs, ins.b)?;
    }
    let from = regs.get(ins.b);
    if let Some(items) = array_of(&from) {
        vm.fuel.charge((items.len() / 16) as u64)?;
        if let Some((array, memory)) = vm.heap.array_mut(array) {
            array.extend_from(memory, items, 0..items.len())?;
        }
        let from = regs.take(ins.b);
        vm.heap.release(from);
        return Ok(());
    }
    let sized = Some(from).filter(|it| it.tag() != Tag::Channel);
    let Some((source, mut place)) = sized.and_then(iterate::over) else {
        return Err(iterate::not_iterable(&vm.heap, from));
    };
    if source.tag() == Tag::Int {
        for number in 0..place.to_int().unwrap_or(0) {
            vm.fuel.charge(1)?;
            push_item(vm, array, Value::int(number))?;
        }
        return Ok(());
    }
    while let Some(item) = iterate::item(&mut vm.heap, source, &mut place)? {
        let pushed = vm.fuel.charge(1).and_then(|()| push_item(vm, array, item));
        if pushed.is_err() {
            vm.heap.release(item);
            return pushed;
        }
    }
    let from = regs.take(ins.b);
    vm.heap.release(from);
    Ok(())
}

/// Appends an element, which is taken over, to the array in a register.
pub(super) fn append(vm: &mut Vm, regs: Registers, array: u16, item: Value) -> Res<()> {
    let pushed = push_item(vm, regs.get(array), item);
    if pushed.is_err() {
        vm.heap.release(item);
    }
    pushed
}

fn push_item(vm: &mut Vm, array: Value, item: Value) -> Res<()> {
    match vm.heap.array_mut(array) {
        Some((array, memory)) => array.push(memory, item),
        None => Ok(()),
    }
}

pub(super) fn dict_insert(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let dict = built(vm, regs, ins.a, Tag::Dict)?;
    insert(vm, regs, dict, ins.b, ins.c)
}

/// `...d` in a dict literal.
pub(super) fn dict_merge(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let dict = built(vm, regs, ins.a, Tag::Dict)?;
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
        let Some((table, memory)) = vm.heap.dict_mut(dict) else { break };
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

#[inline(never)]
pub(super) fn make_struct(vm: &mut Vm, regs: Registers, ins: Ins, word: Ins) -> Res<()> {
    let ty = TypeId(word.wide_operand().cast_unsigned());
    let made = vm.heap.new_record(ty, regs.run(ins.b, ins.c.into()))?;
    forget(regs, ins);
    set(vm, regs, ins.a, made);
    Ok(())
}

/// Payloads are kept in declared order, whatever the order in the source.
#[inline(never)]
pub(super) fn make_variant(vm: &mut Vm, regs: Registers, ins: Ins, site: u16) -> Res<()> {
    let site = &vm.loaded.function(vm.frames.top().function).sites[usize::from(site)];
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

/// The element of an array at an int that is in range. Not counted.
#[inline(always)]
pub(crate) fn element(vm: &Vm, object: Value, key: Value) -> Option<Value> {
    if key.tag() != Tag::Int {
        return None;
    }
    vm.heap.array(object)?.get(usize::try_from(key.as_int()).ok()?)
}

/// The same, counted.
#[inline(always)]
pub(crate) fn array_item(vm: &Vm, object: Value, key: Value) -> Option<Value> {
    let item = element(vm, object, key)?;
    retain(item);
    Some(item)
}

/// `a = b[c]` for a dict that has the int or string as a key, and for a text of ASCII that has the character; else nothing
/// happens.
#[inline(never)]
pub(super) fn entry_or_char(vm: &mut Vm, regs: Registers, ins: Current) -> bool {
    let (object, key) = (regs.get(ins.b()), regs.get(ins.c()));
    let Some(dict) = vm.heap.dict(object) else {
        let char = text::char_of(vm, object, key);
        return char.map(|it| set(vm, regs, ins.a(), it)).is_some();
    };
    let Some(Some(at)) = dict.find(vm.heap.seed(), key) else { return false };
    let Some(value) = dict.value_at(at) else { return false };
    retain(value);
    if ins.c() != ins.a() {
        slow::consume(vm, regs, ins.c());
    }
    set(vm, regs, ins.a(), value);
    true
}

/// What `has_key` gives for a dict and an int or a string; `None`, and nothing has happened, for anything else.
#[inline(always)]
pub(crate) fn has_key_in(vm: &mut Vm, dict: Value, key: Value) -> Option<Value> {
    let found = vm.heap.dict(dict)?.find(vm.heap.seed(), key)?.is_some();
    vm.fuel.take().then(|| Value::int(found.into()))
}

/// `a = has_key(b, c)` for a dict and an int or a string; else nothing happens.
#[inline(never)]
pub(super) fn has_key(vm: &mut Vm, regs: Registers, ins: Current) -> bool {
    let (dict, key) = (regs.get(ins.b()), regs.get(ins.c()));
    let Some(found) = has_key_in(vm, dict, key) else { return false };
    slow::consume(vm, regs, ins.b());
    slow::consume(vm, regs, ins.c());
    set(vm, regs, ins.a(), found);
    true
}

/// `a[b] := c` for a dict with one owner that has the int or string as a key; else nothing happens.
#[inline(never)]
pub(super) fn set_entry(vm: &mut Vm, regs: Registers, ins: Current) -> bool {
    let (dict, key) = (regs.get(ins.a()), regs.get(ins.b()));
    if dict.tag() != Tag::Dict || !vm.heap.is_unique(dict) {
        return false;
    }
    let found = vm.heap.dict(dict).and_then(|it| it.find(vm.heap.seed(), key)).flatten();
    let Some(at) = found else { return false };
    let Some((body, _)) = vm.heap.dict_mut(dict) else { return false };
    let Some(place) = body.value_at_mut(at) else { return false };
    let old = core::mem::replace(place, regs.take(ins.c()));
    if old.is_heap() {
        super::release(vm, old);
    }
    slow::consume(vm, regs, ins.b());
    true
}

/// What an int or a float becomes by the instruction that adds to it or subtracts from it; `None` for anything else.
#[inline(always)]
fn changed(regs: Registers, running: Running, change: Ins, old: Value) -> Option<Value> {
    let by = match change.op {
        Op::AddInt | Op::SubInt => small_of(change),
        Op::AddConst | Op::SubConst => running.constant(change.c),
        _ => regs.get(change.c),
    };
    let adds = matches!(change.op, Op::Add | Op::AddInt | Op::AddConst);
    match (old.tag(), by.tag()) {
        (Tag::Int, Tag::Int) => {
            let (old, by) = (old.as_int(), by.as_int());
            Some(Value::int(if adds { old.checked_add(by)? } else { old.checked_sub(by)? }))
        }
        (Tag::Float, Tag::Float) => {
            let (old, by) = (old.as_float(), by.as_float());
            Some(Value::float(if adds { old + by } else { old - by }))
        }
        _ => None,
    }
}

/// `b[c] += x` and `b[c] -= x` for a number in an array or dict with one owner; else nothing happens.
#[inline(never)]
pub(super) fn update_item(vm: &mut Vm, regs: Registers, running: Running, ins: Current) -> bool {
    update_item_of(vm, regs, running, ins).is_some()
}

#[inline(always)]
fn update_item_of(vm: &mut Vm, regs: Registers, running: Running, ins: Current) -> Option<()> {
    let (object, key) = (regs.get(ins.b()), regs.get(ins.c()));
    let change = |old| changed(regs, running, ins.word(), old);
    if !matches!(object.tag(), Tag::Array | Tag::Dict) || !vm.heap.is_unique(object) {
        return None;
    }
    if object.tag() == Tag::Dict {
        let at = vm.heap.dict(object)?.find(vm.heap.seed(), key)??;
        let place = vm.heap.dict_mut(object)?.0.value_at_mut(at)?;
        *place = change(*place)?;
        return Some(());
    }
    let at = usize::try_from(key.to_int()?).ok()?;
    match vm.heap.array_mut(object)?.0.items_mut() {
        Items::Ints(items) => {
            let place = items.as_mut_slice().get_mut(at)?;
            *place = change(Value::int(*place))?.to_int()?;
        }
        Items::Floats(items) => {
            let place = items.as_mut_slice().get_mut(at)?;
            *place = change(Value::float(*place))?.to_float()?;
        }
        Items::Any(items) => {
            let place = items.as_mut_slice().get_mut(at)?;
            *place = change(*place)?;
        }
        Items::Bools(_) => return None,
    }
    Some(())
}

/// `b.c += x` and `b.c -= x` for a number in a struct with one owner whose type was seen here before; else nothing happens.
#[inline(always)]
pub(super) fn update_field(vm: &mut Vm, regs: Registers, running: Running, ins: Current) -> bool {
    let place = own_field(vm, running, regs.get(ins.b()), ins.c());
    let changed = place.and_then(|it| {
        *it = changed(regs, running, ins.word(), *it)?;
        Some(())
    });
    changed.is_some()
}

/// Any element, by any key.
#[inline(never)]
pub(super) fn get_index(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let object = regs.get(ins.b);
    if object.tag() == Tag::Object {
        return get_index_of(vm, regs, object, ins);
    }
    if ins.op == Op::GetIndexInt {
        let item = index::get(&mut vm.heap, object, small_of(ins), &mut vm.fuel)?;
        set(vm, regs, ins.a, item);
        return Ok(());
    }
    let item = index::get(&mut vm.heap, object, regs.get(ins.c), &mut vm.fuel)?;
    if ins.c != ins.a {
        slow::consume(vm, regs, ins.c);
    }
    set(vm, regs, ins.a, item);
    Ok(())
}

/// The same of an object of the host.
fn get_index_of(vm: &mut Vm, regs: Registers, object: Value, ins: Ins) -> Res<()> {
    let by_register = ins.op != Op::GetIndexInt;
    let key = if by_register { regs.get(ins.c) } else { small_of(ins) };
    let item = object::get_index(vm, object, key)?;
    if by_register && ins.c != ins.a {
        slow::consume(vm, regs, ins.c);
    }
    set(vm, regs, ins.a, item);
    Ok(())
}

/// The field of a struct whose type was seen here before. Not counted.
#[inline(always)]
pub(crate) fn cached_field(vm: &Vm, running: Running, object: Value, name: u16) -> Option<Value> {
    let record = vm.heap.record(object)?;
    let cache = running.attr(name).get();
    if cache.ty != record.ty {
        return None;
    }
    record.fields.get(cache.found as usize).copied()
}

/// Puts a value into the field of a struct with one owner whose type was seen here before; gives the old one.
#[inline(always)]
pub(crate) fn replace_field(
    vm: &mut Vm,
    running: Running,
    object: Value,
    name: u16,
    value: Value,
) -> Option<Value> {
    own_field(vm, running, object, name).map(|it| core::mem::replace(it, value))
}

/// The place of that field.
#[inline(always)]
fn own_field(vm: &mut Vm, running: Running, object: Value, name: u16) -> Option<&mut Value> {
    let cache = running.attr(name).get();
    if vm.heap.record(object)?.ty != cache.ty || !vm.heap.is_unique(object) {
        return None;
    }
    vm.heap.fields_mut(object)?.get_mut(cache.found as usize)
}

/// Remembers in which slot the structs of a type have a field.
pub(super) fn learn(vm: &Vm, running: Running, object: Value, at: u16) {
    let Some(ty) = vm.heap.record(object).map(|it| it.ty) else { return };
    let text = vm.heap.str(running.constant(at)).unwrap_or_default();
    let slot = vm.loaded.types.structure(ty).and_then(|it| it.slot(text));
    if let Some(found) = slot.and_then(|it| u32::try_from(it).ok()) {
        running.attr(at).set(Cache { ty, found });
    }
}

#[inline(never)]
pub(super) fn get_attr(vm: &mut Vm, regs: Registers, running: Running, ins: Ins) -> Res<()> {
    let (object, name) = (regs.get(ins.b), running.constant(ins.c));
    if object.tag() == Tag::Object {
        return object::get_attr(vm, regs, running, ins);
    }
    let found =
        field::get(&vm.heap, object, name).map_err(|fault| advise(vm, object, name, fault))?;
    learn(vm, running, object, ins.c);
    set(vm, regs, ins.a, found);
    Ok(())
}

/// What the value has instead of that field.
#[cold]
fn advise(vm: &Vm, object: Value, name: Value, fault: Box<Fault>) -> Box<Fault> {
    if fault.code != Code::R0010 {
        return fault;
    }
    let name = vm.heap.str(name).unwrap_or_default();
    let types = &vm.loaded.types;
    let shape = vm.heap.record(object).and_then(|it| types.structure(it.ty));
    let advice = match (shape, object.to_type()) {
        (Some(it), _) => {
            let (fields, methods) = (it.fields.iter(), it.methods.iter());
            Advice::no_field(&it.name, name, fields.map(|it| &**it), methods.map(|it| &*it.name))
        }
        (None, Some(ty)) => Advice::no_member(types.type_name(ty), name),
        (None, None) => {
            let methods = vm.loaded.registry.methods_of(object.tag());
            Advice::no_field(object.type_name(), name, [], methods)
        }
    };
    fault.with_advice(advice)
}

/// Puts a value at an int index that is there, in an array with one owner that has room for its kind; gives the old one.
#[inline(always)]
pub(crate) fn replace_item(vm: &mut Vm, array: Value, key: Value, value: Value) -> Option<Value> {
    if key.tag() != Tag::Int || array.tag() != Tag::Array || !vm.heap.is_unique(array) {
        return None;
    }
    let at = usize::try_from(key.as_int()).ok()?;
    let (array, _) = vm.heap.array_mut(array)?;
    let done = match (array.items_mut(), value.tag()) {
        (Items::Ints(items), Tag::Int) => put_plain(items.as_mut_slice(), at, value.as_int()),
        (Items::Floats(items), Tag::Float) => put_plain(items.as_mut_slice(), at, value.as_float()),
        (Items::Bools(items), Tag::Bool) => put_plain(items.as_mut_slice(), at, value.as_bool()),
        (Items::Any(items), _) => {
            return items.as_mut_slice().get_mut(at).map(|it| core::mem::replace(it, value));
        }
        _ => false,
    };
    done.then_some(Value::NULL)
}

/// `a[b] := c` in the usual case; else nothing happens.
#[inline(always)]
pub(super) fn set_item(vm: &mut Vm, regs: Registers, ins: Current) -> bool {
    let value = regs.get(ins.c());
    let Some(old) = replace_item(vm, regs.get(ins.a()), regs.get(ins.b()), value) else {
        return false;
    };
    regs.put(ins.c(), Value::NULL);
    if old.is_heap() {
        super::release(vm, old);
    }
    true
}

#[inline(always)]
fn put_plain<T>(items: &mut [T], at: usize, item: T) -> bool {
    items.get_mut(at).map(|place| *place = item).is_some()
}

/// `a[b] := c`
#[inline(never)]
pub(super) fn set_index(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    if regs.get(ins.a).tag() == Tag::Object {
        return object::set_index(vm, regs, ins);
    }
    let value = regs.take(ins.c);
    index::set(&mut vm.heap, regs.place(ins.a), regs.get(ins.b), value, &mut vm.fuel)?;
    slow::consume(vm, regs, ins.b);
    Ok(())
}

/// `a.b := c`
#[inline(never)]
pub(super) fn set_attr(vm: &mut Vm, regs: Registers, running: Running, ins: Ins) -> Res<()> {
    let (object, name) = (regs.get(ins.a), running.constant(ins.b));
    if object.tag() == Tag::Object {
        return object::set_attr(vm, regs, running, ins);
    }
    let value = regs.take(ins.c);
    let done = field::set(&mut vm.heap, regs.place(ins.a), name, value, &mut vm.fuel);
    done.map_err(|fault| advise(vm, object, name, fault))?;
    learn(vm, running, regs.get(ins.a), ins.b);
    Ok(())
}

/// The method `push` on the array in a local that owns it alone; `false`, and nothing has happened, for anything else.
#[inline(always)]
pub(super) fn push_on(vm: &mut Vm, regs: Registers, ins: Ins, word: Ins) -> Res<bool> {
    let array = regs.get(word.a);
    if array.tag() != Tag::Array || !vm.heap.is_unique(array) || !vm.fuel.take() {
        return Ok(false);
    }
    push_item(vm, array, regs.get(ins.a))?;
    regs.put(ins.a, Value::NULL);
    set(vm, regs, ins.b, Value::NULL);
    Ok(true)
}
