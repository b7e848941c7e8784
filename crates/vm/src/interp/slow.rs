//! What operators do off their fast path.

use remora_diagnostics::Code;

use crate::fault::{Fault, Res};
use crate::heap::retain;
use crate::lower::op::{Ins, Op};
use remora_bytecode::CompareKind as Order;
use remora_bytecode::scalar::Arithmetic as Arith;

use crate::ops::arith;
use crate::ops::compare;
use crate::ops::{equal, truthy};
use crate::registers::Registers;
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// Gives up what a temporary holds, which has been used. Locals keep what they hold.
#[inline(always)]
pub(super) fn consume(vm: &mut Vm, regs: Registers, register: u16) {
    if regs.get(register).is_heap() {
        consume_heap(vm, regs, register);
    }
}

#[cold]
#[inline(never)]
fn consume_heap(vm: &mut Vm, regs: Registers, register: u16) {
    if vm.frames.last().is_some_and(|frame| register >= frame.first_temp) {
        let value = regs.take(register);
        vm.heap.release(value);
    }
}

/// Writes a result, and gives up the temporaries that were read.
#[inline(always)]
fn finish(vm: &mut Vm, regs: Registers, to: u16, operands: [u16; 2], result: Value) {
    for operand in operands {
        if operand != to {
            consume(vm, regs, operand);
        }
    }
    super::set(vm, regs, to, result);
}

/// The registers that an arithmetic instruction reads; `a` stands for none.
const fn operands(ins: Ins) -> [u16; 2] {
    match ins.op {
        Op::AddInt | Op::SubInt | Op::MulInt | Op::DivInt | Op::RemInt => [ins.b, ins.a],
        Op::AddConst | Op::SubConst | Op::MulConst | Op::DivConst => [ins.b, ins.a],
        Op::ConstSub | Op::ConstMul | Op::ConstDiv => [ins.c, ins.a],
        _ => [ins.b, ins.c],
    }
}

#[cold]
#[inline(never)]
pub(super) fn arithmetic(
    vm: &mut Vm,
    regs: Registers,
    ins: Ins,
    op: Arith,
    left: Value,
    right: Value,
) -> Res<()> {
    if op == Arith::Add
        && left.tag() == Tag::String
        && ins.a == ins.b
        && matches!(ins.op, Op::Add | Op::AddConst)
    {
        // `s += t`: the string grows where it is.
        let mut place = regs.take(ins.a);
        let done = arith::add_to(&mut vm.heap, &mut place, right, &mut vm.fuel);
        regs.put(ins.a, place);
        done?;
        if ins.op == Op::Add && ins.c != ins.a {
            consume(vm, regs, ins.c);
        }
        return Ok(());
    }
    let result = arith::binary(&mut vm.heap, op, left, right, &mut vm.fuel)?;
    finish(vm, regs, ins.a, operands(ins), result);
    Ok(())
}

/// A comparison; `None` for equality, and the instruction says which.
#[cold]
#[inline(never)]
pub(super) fn compare(
    vm: &mut Vm,
    regs: Registers,
    ins: Ins,
    order: Option<Order>,
    left: Value,
    right: Value,
) -> Res<()> {
    let holds = compare_values(vm, order, left, right)? != (ins.op == Op::Ne);
    finish(vm, regs, ins.a, [ins.b, ins.c], Value::bool(holds));
    Ok(())
}

/// A comparison that is only jumped on. `temps` are the registers read.
#[cold]
#[inline(never)]
pub(super) fn branch(
    vm: &mut Vm,
    regs: Registers,
    temps: [Option<u16>; 2],
    order: Option<Order>,
    left: Value,
    right: Value,
) -> Res<bool> {
    let holds = compare_values(vm, order, left, right)?;
    for register in temps.into_iter().flatten() {
        consume(vm, regs, register);
    }
    Ok(holds)
}

fn compare_values(vm: &mut Vm, order: Option<Order>, left: Value, right: Value) -> Res<bool> {
    match order {
        Some(order) => compare::compare(&vm.heap, order, left, right, &mut vm.fuel),
        None => equal::equal(&vm.heap, left, right, &mut vm.fuel),
    }
}

pub(super) fn unary(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let operand = regs.get(ins.b);
    let result = if ins.op == Op::Neg { arith::neg(operand)? } else { arith::not(operand)? };
    finish(vm, regs, ins.a, [ins.b, ins.a], result);
    Ok(())
}

pub(super) fn logic(vm: &mut Vm, regs: Registers, ins: Ins) {
    let truth = |register: u16| truthy(&vm.heap, regs.get(register));
    let (holds, operands) = match ins.op {
        Op::And => (truth(ins.b) && truth(ins.c), [ins.b, ins.c]),
        Op::Or => (truth(ins.b) || truth(ins.c), [ins.b, ins.c]),
        _ => (truth(ins.b), [ins.b, ins.a]),
    };
    finish(vm, regs, ins.a, operands, Value::bool(holds));
}

/// `low <= value < high`; values that have no order are outside.
pub(super) fn in_range(vm: &mut Vm, regs: Registers, ins: Ins, low: u16) {
    use std::cmp::Ordering::{Equal, Less};
    let (value, from, to) = (regs.get(ins.b), regs.get(low), regs.get(low + 1));
    let after = compare::order(&vm.heap, from, value).flatten();
    let before = compare::order(&vm.heap, value, to).flatten();
    let holds = matches!(after, Some(Less | Equal))
        && (before == Some(Less) || (ins.c == 1 && before == Some(Equal)));
    for register in [low, low + 1] {
        if register != ins.a {
            consume(vm, regs, register);
        }
    }
    finish(vm, regs, ins.a, [ins.b, ins.a], Value::bool(holds));
}

/// `None` if the function goes on, else what it returns at once.
pub(super) fn try_unwrap(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<Option<Value>> {
    let value = regs.get(ins.b);
    match value.tag() {
        Tag::Ok | Tag::Some => {
            let inner = vm.heap.inner(value).unwrap_or_default();
            retain(inner);
            finish(vm, regs, ins.a, [ins.b, ins.a], inner);
            Ok(None)
        }
        Tag::Err | Tag::None => Ok(Some(regs.take(ins.b))),
        _ => Err(Fault::new(Code::R0017, "Try operator requires Result or Option")),
    }
}

#[cold]
pub(super) fn undefined_global(vm: &Vm, global: u16, value: Value) -> Box<Fault> {
    let name = vm.loaded.module().globals.get(usize::from(global)).map_or("?", |it| &*it.name);
    undefined(name, value)
}

#[cold]
pub(super) fn undefined_cell(vm: &Vm, register: u16, value: Value) -> Box<Fault> {
    let function = vm.frames.last().map(|it| vm.loaded.function(it.function));
    let name =
        function.and_then(|it| it.cells.get(usize::from(register.saturating_sub(it.n_locals))));
    undefined(name.map_or("?", |it| it), value)
}

#[cold]
pub(super) fn undefined_free(vm: &Vm, free: u16, value: Value) -> Box<Fault> {
    let function = vm.frames.last().map(|it| vm.loaded.function(it.function));
    let name = function.and_then(|it| it.free.get(usize::from(free)));
    undefined(name.map_or("?", |it| it), value)
}

/// The error for a variable without a value: none yet, or away.
#[cold]
pub(super) fn undefined(name: &str, value: Value) -> Box<Fault> {
    if value.tag() == Tag::Moved {
        return Fault::new(Code::R0022, format!("Variable is being changed: {name}"))
            .with_help("a `mut self` method has hold of it until it returns");
    }
    Fault::new(Code::R0014, format!("Variable used before it is defined: {name}"))
}

#[cold]
pub(super) fn no_async(_vm: &Vm) -> Box<Fault> {
    Fault::new(Code::R0026, "Async host functions need a host that runs tasks")
}
