//! What operators do off their fast path.

use remora_diagnostics::Code;

use crate::fault::{Fault, Res};
use crate::heap::retain;
use crate::lower::op::{Ins, Op};
use remora_bytecode::CompareKind as Order;
use remora_bytecode::scalar::Arithmetic as Arith;

use super::{object, small_of};
use crate::ops::arith;
use crate::ops::compare;
use crate::ops::{equal, truthy};
use crate::registers::{Registers, Running};
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// Gives up what a temporary holds, which has been used. Locals keep what they hold.
#[inline(always)]
pub(crate) fn consume(vm: &mut Vm, regs: Registers, register: u16) {
    if regs.get(register).is_heap() && register >= vm.frames.top().first_temp {
        drop_temp(vm, regs, register);
    }
}

#[inline(never)]
fn drop_temp(vm: &mut Vm, regs: Registers, register: u16) {
    let value = regs.take(register);
    vm.heap.release(value);
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

/// What an arithmetic instruction reads, and the registers among that; its result's stands for none.
pub(super) fn operands(regs: Registers, running: Running, ins: Ins) -> (Value, Value, [u16; 2]) {
    match ins.op {
        Op::AddInt | Op::AddIntLoop | Op::SubInt | Op::MulInt | Op::DivInt | Op::RemInt => {
            (regs.get(ins.b), small_of(ins), [ins.b, ins.a])
        }
        Op::AddConst | Op::SubConst | Op::MulConst | Op::DivConst | Op::RemConst => {
            (regs.get(ins.b), running.constant(ins.c), [ins.b, ins.a])
        }
        Op::ConstSub | Op::ConstMul | Op::ConstDiv => {
            (running.constant(ins.b), regs.get(ins.c), [ins.c, ins.a])
        }
        _ => (regs.get(ins.b), regs.get(ins.c), [ins.b, ins.c]),
    }
}

/// The operator of an arithmetic instruction.
pub(super) const fn arith_of(op: Op) -> Arith {
    match op {
        Op::Add | Op::AddInt | Op::AddIntLoop | Op::AddConst => Arith::Add,
        Op::Sub | Op::SubInt | Op::SubConst | Op::ConstSub => Arith::Sub,
        Op::Mul | Op::MulInt | Op::MulConst | Op::ConstMul => Arith::Mul,
        Op::Div | Op::DivInt | Op::DivConst | Op::ConstDiv => Arith::Div,
        _ => Arith::Mod,
    }
}

#[inline(never)]
pub(super) fn arithmetic(vm: &mut Vm, regs: Registers, running: Running, ins: Ins) -> Res<()> {
    let (left, right, read) = operands(regs, running, ins);
    if left.is_number()
        && right.is_number()
        && let Some(result) = mixed(arith_of(ins.op), left, right)
    {
        super::set(vm, regs, ins.a, result);
        return Ok(());
    }
    let has_object = left.tag() == Tag::Object || right.tag() == Tag::Object;
    if left.tag() == Tag::String
        && !has_object
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
    let of_object =
        if has_object { object::arithmetic(vm, arith_of(ins.op), left, right)? } else { None };
    let result = match of_object {
        Some(result) => result,
        None => arith::binary(&mut vm.heap, arith_of(ins.op), left, right, &mut vm.fuel)?,
    };
    finish(vm, regs, ins.a, read, result);
    Ok(())
}

/// An int and a float: the int becomes a float. `None` for two ints, and where there is no result.
#[inline(always)]
fn mixed(op: Arith, left: Value, right: Value) -> Option<Value> {
    if left.tag() == right.tag() {
        return None;
    }
    let (left, right) = (left.to_number()?, right.to_number()?);
    Some(Value::float(match op {
        Arith::Add => left + right,
        Arith::Sub => left - right,
        Arith::Mul => left * right,
        Arith::Div if right != 0.0 => left / right,
        Arith::Div | Arith::Mod => return None,
    }))
}

/// A comparison into a register.
#[inline(never)]
pub(super) fn compare(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let order = match ins.op {
        Op::Lt => Some(Order::Lt),
        Op::Le => Some(Order::Le),
        Op::Gt => Some(Order::Gt),
        Op::Ge => Some(Order::Ge),
        _ => None,
    };
    let holds = compare_values(vm, order, regs.get(ins.b), regs.get(ins.c))? != (ins.op == Op::Ne);
    finish(vm, regs, ins.a, [ins.b, ins.c], Value::bool(holds));
    Ok(())
}

/// What a comparison and jump compares: the order that is asked for (`None` for equality), and whether with an int.
pub(super) const fn compared(op: Op) -> (Option<Order>, bool) {
    match op {
        Op::IfLt | Op::UnlessLt | Op::LoopLt => (Some(Order::Lt), false),
        Op::IfLe | Op::UnlessLe | Op::LoopLe => (Some(Order::Le), false),
        Op::IfGt | Op::UnlessGt | Op::LoopGt => (Some(Order::Gt), false),
        Op::IfGe | Op::UnlessGe | Op::LoopGe => (Some(Order::Ge), false),
        Op::IfLtInt | Op::UnlessLtInt | Op::LoopLtInt => (Some(Order::Lt), true),
        Op::IfLeInt | Op::UnlessLeInt | Op::LoopLeInt => (Some(Order::Le), true),
        Op::IfGtInt | Op::UnlessGtInt | Op::LoopGtInt => (Some(Order::Gt), true),
        Op::IfGeInt | Op::UnlessGeInt | Op::LoopGeInt => (Some(Order::Ge), true),
        Op::IfEqInt | Op::IfNeInt | Op::LoopEqInt | Op::LoopNeInt => (None, true),
        _ => (None, false),
    }
}

/// Which result of its comparison an instruction jumps on.
pub(super) const fn jumps_if(op: Op) -> bool {
    matches!(
        op,
        Op::IfEq
            | Op::IfLt
            | Op::IfLe
            | Op::IfGt
            | Op::IfGe
            | Op::IfEqInt
            | Op::IfLtInt
            | Op::IfLeInt
            | Op::IfGtInt
            | Op::IfGeInt
            | Op::LoopLt
            | Op::LoopLe
            | Op::LoopGt
            | Op::LoopGe
            | Op::LoopEq
            | Op::LoopLtInt
            | Op::LoopLeInt
            | Op::LoopGtInt
            | Op::LoopGeInt
            | Op::LoopEqInt
    )
}

/// A comparison that is only jumped on.
#[inline(never)]
pub(super) fn branch(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<bool> {
    let (order, with_int) = compared(ins.op);
    let right = if with_int { Value::int(ins.b.cast_signed().into()) } else { regs.get(ins.b) };
    let holds = compare_values(vm, order, regs.get(ins.a), right)?;
    consume(vm, regs, ins.a);
    if !with_int {
        consume(vm, regs, ins.b);
    }
    Ok(holds)
}

fn compare_values(vm: &mut Vm, order: Option<Order>, left: Value, right: Value) -> Res<bool> {
    match order {
        Some(order) => compare::compare(&vm.heap, order, left, right, &mut vm.fuel),
        None => equal::equal(&vm.heap, left, right, &mut vm.fuel),
    }
}

/// The truth of what is in a register, which is used up by that.
#[inline(never)]
pub(super) fn truth(vm: &mut Vm, regs: Registers, register: u16) -> bool {
    let truth = truthy(&vm.heap, regs.get(register));
    consume(vm, regs, register);
    truth
}

/// The error of `!x` where that is only jumped on.
#[cold]
#[inline(never)]
pub(super) fn not_a_bool(value: Value) -> Res<()> {
    arith::not(value).map(|_| ())
}

pub(super) fn unary(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let operand = regs.get(ins.b);
    if ins.op == Op::Neg
        && operand.tag() == Tag::Object
        && let Some(result) = object::negated(vm, operand)?
    {
        finish(vm, regs, ins.a, [ins.b, ins.a], result);
        return Ok(());
    }
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
#[inline(never)]
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
#[inline(never)]
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
#[inline(never)]
pub(super) fn undefined_global(vm: &Vm, global: u16, value: Value) -> Box<Fault> {
    let name = vm.loaded.module().globals.get(usize::from(global)).map_or("?", |it| &*it.name);
    undefined(name, value)
}

#[cold]
#[inline(never)]
pub(super) fn undefined_cell(vm: &Vm, register: u16, value: Value) -> Box<Fault> {
    let function = vm.loaded.function(vm.frames.top().function);
    let name = function.cells.get(usize::from(register.saturating_sub(function.n_locals)));
    undefined(name.map_or("?", |it| it), value)
}

#[cold]
#[inline(never)]
pub(super) fn undefined_free(vm: &Vm, free: u16, value: Value) -> Box<Fault> {
    let function = vm.loaded.function(vm.frames.top().function);
    let name = function.free.get(usize::from(free));
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
