//! Objects of the host: their fields, methods, operators and elements.
//!
//! What a name means for an object is looked up once for each place in the code; from then on it costs a comparison of type
//! numbers. Nothing here enters the script, so each operation is done when it returns.

use remora_bytecode::scalar::Arithmetic as Arith;
use remora_diagnostics::{Advice, Code};

use super::set;
use crate::cache::Cache;
use crate::fault::{Fault, Res};
use crate::heap::{object_of, retain};
use crate::host::{Args, HostCx, NOBODY, ObjectMethod, ObjectShape, caught};
use crate::lower::op::Ins;
use crate::ops::path::{self, Step};
use crate::ops::{field, index};
use crate::registers::{Registers, Running, program};
use crate::shape::Operator;
use crate::value::{BuiltinId, Tag, Value};
use crate::vm::Vm;

/// The type of an object.
#[inline(always)]
fn shape_of(vm: &Vm, object: Value) -> Option<&'static ObjectShape> {
    program(vm).types.objects.get(object_of(&object)?.ty())
}

/// Calls a function of the host with arguments that stay where they are.
fn call(vm: &mut Vm, id: BuiltinId, args: &mut [Value]) -> Res<Value> {
    let Vm { loaded, heap, fuel, host, .. } = &mut *vm;
    if !fuel.take() {
        fuel.one()?;
    }
    let Some(native) = loaded.natives.get(id.0 as usize) else {
        return Err(super::call::not_callable(Value::builtin(id)));
    };
    args.iter().copied().for_each(retain);
    let made = (native.call)(&mut HostCx::new(heap, fuel, host, native), Args::new(args));
    heap.release_all(args.iter().copied());
    made
}

/// `object.name`, where the name is a constant of the running function: counted for the caller.
fn read(vm: &mut Vm, running: Running, object: Value, name: u16) -> Res<Value> {
    let attr = running.attr(name);
    let Some(it) = object_of(&object) else { return Ok(Value::NULL) };
    let Some(shape) = program(vm).types.objects.get(it.ty()) else { return Ok(Value::NULL) };
    let cache = attr.get();
    let slot = if cache.ty == it.ty() {
        cache.found as usize
    } else {
        let text = vm.heap.str(running.constant(name)).unwrap_or_default();
        let Some(slot) = shape.slot(text) else { return Err(no_field(shape, text)) };
        attr.set(Cache { ty: it.ty(), found: u32::try_from(slot).unwrap_or(u32::MAX) });
        slot
    };
    read_slot(vm, shape, slot, object)
}

#[inline]
fn read_slot(vm: &mut Vm, shape: &ObjectShape, slot: usize, object: Value) -> Res<Value> {
    let Some(field) = shape.fields.get(slot) else { return Ok(Value::NULL) };
    let Some(get) = &field.get else { return Err(cannot(shape, field.name, "read")) };
    let Some(it) = object_of(&object) else { return Ok(Value::NULL) };
    let Vm { heap, fuel, host, .. } = vm;
    let mut cx = HostCx::new(heap, fuel, host, &NOBODY);
    if field.is_plain {
        return get(it, &mut cx);
    }
    caught(field.name, || get(it, &mut cx))
}

/// `a = b.c`
#[inline(never)]
pub(super) fn get_attr(vm: &mut Vm, regs: Registers, running: Running, ins: Ins) -> Res<()> {
    let found = read(vm, running, regs.get(ins.b), ins.c)?;
    set(vm, regs, ins.a, found);
    Ok(())
}

/// `a.b := c`
#[inline(never)]
pub(super) fn set_attr(vm: &mut Vm, regs: Registers, running: Running, ins: Ins) -> Res<()> {
    let value = regs.take(ins.c);
    let done = write_field(vm, regs.get(ins.a), running.constant(ins.b), value);
    vm.heap.release(value);
    done
}

/// `object.name := value`; looks at all of them.
fn write_field(vm: &mut Vm, object: Value, name: Value, value: Value) -> Res<()> {
    let Some(shape) = shape_of(vm, object) else { return Ok(()) };
    let text = vm.heap.str(name).unwrap_or_default();
    let Some(slot) = shape.slot(text) else { return Err(no_field(shape, text)) };
    let field = &shape.fields[slot];
    let Some(set) = &field.set else { return Err(cannot(shape, field.name, "set")) };
    let Vm { heap, fuel, host, .. } = vm;
    caught(field.name, || {
        set(&mut HostCx::new(heap, fuel, host, &NOBODY), Args::new(&mut [object, value]))
    })
}

/// `object[key] := value`; looks at all of them.
fn write_index(vm: &mut Vm, object: Value, key: Value, value: Value) -> Res<()> {
    let id = shape_of(vm, object).and_then(|it| it.set_index);
    let Some(id) = id else {
        let name = shape_of(vm, object).map_or("object", |it| it.name);
        return Err(
            Fault::new(Code::R0019, "Invalid index assignment").with_advice(Advice::no_place(name))
        );
    };
    let given = call(vm, id, &mut [object, key, value])?;
    vm.heap.release(given);
    Ok(())
}

/// `a[b] := c`
#[inline(never)]
pub(super) fn set_index(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let value = regs.take(ins.c);
    let done = write_index(vm, regs.get(ins.a), regs.get(ins.b), value);
    vm.heap.release(value);
    super::slow::consume(vm, regs, ins.b);
    done
}

/// `object[key]`, counted for the caller; looks at both.
#[inline(never)]
pub(super) fn get_index(vm: &mut Vm, object: Value, key: Value) -> Res<Value> {
    match operator(vm, object, Operator::Index) {
        Some(id) => call(vm, id, &mut [object, key]),
        None => {
            let name = shape_of(vm, object).map_or("object", |it| it.name);
            Err(Fault::new(Code::R0011, "Invalid index operation")
                .with_advice(Advice::not_indexable(name, key.type_name())))
        }
    }
}

/// What the type of an object does for an operator.
#[inline]
pub(super) fn operator(vm: &Vm, object: Value, operator: Operator) -> Option<BuiltinId> {
    shape_of(vm, object)?.operators[operator as usize]
}

/// `left op right`, counted for the caller: what the type of `left` says, else that of `right`; nothing if neither does.
pub(super) fn arithmetic(vm: &mut Vm, op: Arith, left: Value, right: Value) -> Res<Option<Value>> {
    let wanted = match op {
        Arith::Add => Operator::Add,
        Arith::Sub => Operator::Sub,
        Arith::Mul => Operator::Mul,
        Arith::Div => Operator::Div,
        Arith::Mod => Operator::Mod,
    };
    if let Some(id) = operator(vm, left, wanted) {
        return call(vm, id, &mut [left, right]).map(Some);
    }
    match shape_of(vm, right).and_then(|it| it.right[op as usize]) {
        Some(id) => call(vm, id, &mut [right, left]).map(Some),
        None => Ok(None),
    }
}

/// `-operand`, likewise.
pub(super) fn negated(vm: &mut Vm, operand: Value) -> Res<Option<Value>> {
    match operator(vm, operand, Operator::Neg) {
        Some(id) => call(vm, id, &mut [operand]).map(Some),
        None => Ok(None),
    }
}

/// What a loop goes through instead of the object in a register, which is put there.
#[inline(never)]
pub(super) fn begin(vm: &mut Vm, regs: Registers, register: u16) -> Res<()> {
    let object = regs.get(register);
    if let Some(id) = shape_of(vm, object).and_then(|it| it.items) {
        let items = call(vm, id, &mut [object])?;
        set(vm, regs, register, items);
    }
    Ok(())
}

/// The method of a name.
#[inline]
pub(super) fn method(vm: &Vm, object: Value, name: &str) -> Option<ObjectMethod> {
    shape_of(vm, object)?.method(name)
}

/// Where a field stands among those of an object, for a call of what it holds.
pub(super) fn callable_slot(vm: &Vm, object: Value, name: &str) -> Option<usize> {
    shape_of(vm, object)?.slot(name)
}

/// What the field in a slot gives, counted for the caller.
pub(super) fn callee(vm: &mut Vm, object: Value, slot: usize) -> Res<Value> {
    match shape_of(vm, object) {
        Some(shape) => read_slot(vm, shape, slot, object),
        None => Ok(Value::NULL),
    }
}

/// The value at the end of a path, counted for the caller.
pub(super) fn load(vm: &mut Vm, root: Value, steps: &[Step]) -> Res<Value> {
    if program(vm).types.objects.is_empty() {
        return path::load(&mut vm.heap, root, steps, &mut vm.fuel);
    }
    retain(root);
    let mut at = root;
    for step in steps {
        let next = load_step(vm, at, *step);
        vm.heap.release(at);
        at = next?;
    }
    Ok(at)
}

fn load_step(vm: &mut Vm, at: Value, step: Step) -> Res<Value> {
    let is_object = at.tag() == Tag::Object;
    match step {
        Step::Field(name) if is_object => {
            let Some(shape) = shape_of(vm, at) else { return Ok(Value::NULL) };
            let text = vm.heap.str(name).unwrap_or_default();
            let Some(slot) = shape.slot(text) else { return Err(no_field(shape, text)) };
            read_slot(vm, shape, slot, at)
        }
        Step::Field(name) => field::get(&vm.heap, at, name),
        Step::Index(key) if is_object => get_index(vm, at, key),
        Step::Index(key) => index::get(&mut vm.heap, at, key, &mut vm.fuel),
    }
}

/// The last object of the host on a path that is not its end: what is behind it is not a place in the variable.
pub(super) struct OnPath {
    /// Its place among the steps: that step leads on from it.
    pub(super) at: usize,
    /// The object, counted.
    pub(super) object: Value,
    /// What that step gives, counted, if it is not the last one: what is asked for once is not asked again.
    inside: Option<Value>,
}

impl OnPath {
    pub(super) fn release(self, vm: &mut Vm) {
        vm.heap.release(self.object);
        vm.heap.release_all(self.inside);
    }
}

/// Finds the last object on a path, or nothing.
///
/// # Errors
/// What an object on the way says.
pub(super) fn last_on(vm: &mut Vm, root: Value, steps: &[Step]) -> Res<Option<OnPath>> {
    if program(vm).types.objects.is_empty() {
        return Ok(None);
    }
    let mut found: Option<OnPath> = None;
    retain(root);
    let mut value = root;
    for (nth, step) in steps.iter().enumerate() {
        let is_object = value.tag() == Tag::Object;
        if is_object {
            retain(value);
            if let Some(before) = found.replace(OnPath { at: nth, object: value, inside: None }) {
                before.release(vm);
            }
        }
        if nth + 1 == steps.len() {
            break;
        }
        let next = load_step(vm, value, *step);
        vm.heap.release(value);
        value = match (next, &mut found) {
            (Ok(next), Some(found)) if is_object => {
                retain(next);
                found.inside = Some(next);
                next
            }
            (Ok(next), _) => next,
            // Whoever changes the variable itself goes there as well, and says so.
            (Err(_), None) => return Ok(None),
            (Err(fault), Some(_)) => {
                if let Some(found) = found {
                    found.release(vm);
                }
                return Err(fault);
            }
        };
    }
    vm.heap.release(value);
    Ok(found)
}

/// Puts a value, which is taken over, at the end of a path that goes through an object, which is taken over. What the
/// object has given on the way is changed and given back to it.
pub(super) fn store(vm: &mut Vm, found: OnPath, steps: &[Step], value: Value) -> Res<()> {
    let OnPath { at, object, inside } = found;
    let done = store_behind(vm, (object, inside), &steps[at..], value);
    vm.heap.release(object);
    done
}

fn store_behind(
    vm: &mut Vm,
    (object, inside): (Value, Option<Value>),
    steps: &[Step],
    value: Value,
) -> Res<()> {
    let Some((first, rest)) = steps.split_first() else {
        vm.heap.release(value);
        return Ok(());
    };
    let value = match inside {
        None => value,
        Some(mut inside) => {
            if let Err(fault) = path::store(&mut vm.heap, &mut inside, rest, value, &mut vm.fuel) {
                vm.heap.release(inside);
                return Err(fault);
            }
            inside
        }
    };
    let done = match *first {
        Step::Field(name) => write_field(vm, object, name, value),
        Step::Index(key) => write_index(vm, object, key, value),
    };
    vm.heap.release(value);
    done
}

#[cold]
fn no_field(shape: &ObjectShape, name: &str) -> Box<Fault> {
    let fields = shape.fields.iter().map(|it| it.name);
    let methods = shape.methods.iter().map(|it| it.name);
    Fault::new(Code::R0010, format!("Field not found: {name}"))
        .with_advice(Advice::no_field(shape.name, name, fields, methods))
}

/// The error for a method of the script that changes what an object of the host only gives a copy of.
#[cold]
pub(super) fn not_in_place() -> Box<Fault> {
    Fault::new(Code::R0019, "Cannot change this where it is")
        .with_help("take it out of the object, change it, and assign it again")
}

#[cold]
fn cannot(shape: &ObjectShape, field: &str, what: &str) -> Box<Fault> {
    Fault::new(Code::R0019, format!("Field {field} of {} cannot be {what}", shape.name))
}

/// The error for a method that the type of an object does not have; nothing for what is no object.
#[cold]
pub(super) fn no_method(vm: &Vm, object: Value, name: &str) -> Option<Box<Fault>> {
    let shape = shape_of(vm, object)?;
    let names = shape.methods.iter().map(|it| it.name);
    let fault = Fault::new(Code::R0010, format!("Unknown method: {name}"));
    Some(fault.with_advice(Advice::no_method(shape.name, name, names)))
}
