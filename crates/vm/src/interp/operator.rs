//! Operators on structs: methods such as `op_add`.
//!
//! The operands move above the window of whoever uses the operator, and the method gets a frame there. What it gives goes
//! where the operator's result would have gone; where that was only jumped on, its truth decides (see [`Deliver`]).

use remora_bytecode::CompareKind as Order;
use remora_bytecode::scalar::Arithmetic as Arith;

use super::call::{Window, enter, make_room, registers};
use super::slow;
use crate::fault::Res;
use crate::frame::{Deliver, Frame, flags};
use crate::heap::retain;
use crate::lower::op::{Ins, Op};
use crate::ops::truthy;
use crate::registers::{Running, program};
use crate::shape::Operator;
use crate::value::{FunctionId, Value};
use crate::vm::Vm;

/// The method of a struct for an operator.
fn method(vm: &Vm, receiver: Value, operator: Operator) -> Option<FunctionId> {
    let ty = vm.heap.record(receiver)?.ty;
    program(vm).types.structure(ty)?.operator(operator)
}

/// `+ - * / %` whose left operand is a struct. The frame's place has been saved.
#[inline(never)]
pub(super) fn arithmetic(vm: &mut Vm, ins: Ins) -> Res<()> {
    let regs = registers(vm);
    let running = Running::new(&vm.units, vm.frames.top().function.0);
    let operator = match slow::arith_of(ins.op) {
        Arith::Add => Operator::Add,
        Arith::Sub => Operator::Sub,
        Arith::Mul => Operator::Mul,
        Arith::Div => Operator::Div,
        Arith::Mod => Operator::Mod,
    };
    let (left, right, sources) = slow::operands(regs, running, ins);
    let Some(id) = method(vm, left, operator) else {
        return slow::arithmetic(vm, regs, running, ins);
    };
    let right_register = (sources[1] == ins.c && is_register(ins.op)).then_some(ins.c);
    let operands = [owned(vm, Some(ins.b), left), owned(vm, right_register, right)];
    enter_above(vm, id, &operands, ins.a, Deliver::Result)
}

/// Whether `c` names a register.
const fn is_register(op: Op) -> bool {
    matches!(op, Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Rem)
}

/// A comparison into a register, the left operand a struct. The frame's place has been saved.
#[inline(never)]
pub(super) fn compare(vm: &mut Vm, ins: Ins) -> Res<()> {
    let regs = registers(vm);
    let operator = match ins.op {
        Op::Eq => Operator::Eq,
        Op::Ne => Operator::Ne,
        Op::Lt => Operator::Lt,
        Op::Le => Operator::Le,
        Op::Gt => Operator::Gt,
        _ => Operator::Ge,
    };
    let (left, right) = (regs.get(ins.b), regs.get(ins.c));
    let Some(found) = comparison(vm, operator, left, right) else {
        return slow::compare(vm, regs, ins);
    };
    let deliver = match (found.derived, found.negated) {
        (false, _) => Deliver::Result,
        (true, false) => Deliver::Truth,
        (true, true) => Deliver::Not,
    };
    let mut operands = [owned(vm, Some(ins.b), left), owned(vm, Some(ins.c), right)];
    if found.swapped {
        operands.reverse();
    }
    enter_above(vm, found.id, &operands, ins.a, deliver)
}

/// A comparison that is only jumped on, the left operand a struct. The frame's place has been saved.
#[inline(never)]
pub(super) fn branch(vm: &mut Vm, ins: Ins) -> Res<()> {
    let regs = registers(vm);
    let (order, with_int) = slow::compared(ins.op);
    let left = regs.get(ins.a);
    let right = if with_int { Value::int(ins.b.cast_signed().into()) } else { regs.get(ins.b) };
    let operator = match order {
        None => Operator::Eq,
        Some(Order::Lt) => Operator::Lt,
        Some(Order::Le) => Operator::Le,
        Some(Order::Gt) => Operator::Gt,
        _ => Operator::Ge,
    };
    let Some(found) = comparison(vm, operator, left, right) else {
        let holds = slow::branch(vm, regs, ins)?;
        go_on(vm, ins, holds);
        return Ok(());
    };
    let deliver = if found.negated { Deliver::BranchNot } else { Deliver::Branch };
    let right_register = (!with_int).then_some(ins.b);
    let mut operands = [owned(vm, Some(ins.a), left), owned(vm, right_register, right)];
    if found.swapped {
        operands.reverse();
    }
    enter_above(vm, found.id, &operands, ins.a, deliver)
}

/// What a comparison calls.
struct Comparison {
    id: FunctionId,
    /// The right operand is the receiver.
    swapped: bool,
    negated: bool,
    /// Another operator's method is called, and gives a bool.
    derived: bool,
}

/// `!=` falls back on `op_eq`, the orders on `op_lt`.
fn comparison(vm: &Vm, operator: Operator, left: Value, right: Value) -> Option<Comparison> {
    if let Some(id) = method(vm, left, operator) {
        return Some(Comparison { id, swapped: false, negated: false, derived: false });
    }
    let (receiver, other, swapped, negated) = match operator {
        Operator::Ne => (left, Operator::Eq, false, true),
        Operator::Ge => (left, Operator::Lt, false, true),
        Operator::Gt => (right, Operator::Lt, true, false),
        Operator::Le => (right, Operator::Lt, true, true),
        _ => return None,
    };
    let id = method(vm, receiver, other)?;
    Some(Comparison { id, swapped, negated, derived: true })
}

/// `-a` and `!a` on a struct. The frame's place has been saved.
#[inline(never)]
pub(super) fn unary(vm: &mut Vm, ins: Ins) -> Res<()> {
    let regs = registers(vm);
    let operator = if ins.op == Op::Neg { Operator::Neg } else { Operator::Not };
    let operand = regs.get(ins.b);
    let Some(id) = method(vm, operand, operator) else { return slow::unary(vm, regs, ins) };
    let operands = [owned(vm, Some(ins.b), operand)];
    enter_above(vm, id, &operands, ins.a, Deliver::Result)
}

/// `!a` that is only jumped on, on a struct. The frame's place has been saved.
#[inline(never)]
pub(super) fn not_branch(vm: &mut Vm, ins: Ins) -> Res<()> {
    let operand = registers(vm).get(ins.a);
    let Some(id) = method(vm, operand, Operator::Not) else { return slow::not_a_bool(operand) };
    let operands = [owned(vm, Some(ins.a), operand)];
    enter_above(vm, id, &operands, ins.a, Deliver::Branch)
}

/// `a[b]` on a struct. The frame's place has been saved.
#[inline(never)]
pub(super) fn index(vm: &mut Vm, ins: Ins) -> Res<()> {
    let regs = registers(vm);
    let object = regs.get(ins.b);
    let Some(id) = method(vm, object, Operator::Index) else {
        return super::access::get_index(vm, regs, ins);
    };
    let by_register = (ins.op != Op::GetIndexInt).then_some(ins.c);
    let key = match by_register {
        Some(register) => regs.get(register),
        None => super::small_of(ins),
    };
    let operands = [owned(vm, Some(ins.b), object), owned(vm, by_register, key)];
    enter_above(vm, id, &operands, ins.a, Deliver::Result)
}

/// The method that a call of a struct calls.
pub(super) fn callable(vm: &Vm, callee: Value) -> Option<FunctionId> {
    method(vm, callee, Operator::Call)
}

/// An operand with a count of its own: moved out of a temporary, copied out of anything else.
fn owned(vm: &mut Vm, register: Option<u16>, value: Value) -> Value {
    if let Some(register) = register
        && register >= vm.frames.top().first_temp
    {
        return registers(vm).take(register);
    }
    retain(value);
    value
}

/// Calls a method on operands, which are taken over, in a window above that of the topmost frame.
fn enter_above(
    vm: &mut Vm,
    id: FunctionId,
    operands: &[Value],
    result: u16,
    deliver: Deliver,
) -> Res<()> {
    let top = *vm.frames.top();
    let base = top.base + program(vm).function(top.function).window + 1;
    if let Err(fault) = make_room(vm, base as usize + operands.len()) {
        vm.heap.release_all(operands.iter().copied());
        return Err(fault);
    }
    vm.slots[base as usize..][..operands.len()].copy_from_slice(operands);
    let delivers = if deliver == Deliver::Result { 0 } else { flags::DELIVERS };
    let frame = Frame { result, flags: flags::OWNS_CALLEE | delivers, deliver, ..Frame::NEW };
    let window = Window { base, n_args: operands.len(), hidden: 1 };
    let entered = enter(vm, id, window, frame);
    if entered.is_err() {
        for at in 0..operands.len() {
            let left = core::mem::take(&mut vm.slots[base as usize + at]);
            vm.heap.release(left);
        }
    }
    entered
}

/// Gives a result, which is taken over, to the frame that is topmost now, in another form than as a value.
pub(super) fn deliver(vm: &mut Vm, frame: Frame, value: Value) {
    let truth = truthy(&vm.heap, value);
    let regs = registers(vm);
    match frame.deliver {
        Deliver::Truth => super::set(vm, regs, frame.result, Value::bool(truth)),
        Deliver::Not => super::set(vm, regs, frame.result, Value::bool(!truth)),
        Deliver::Branch | Deliver::BranchNot => {
            let top = *vm.frames.top();
            let ins = program(vm).function(top.function).code[top.pc as usize - 1];
            go_on(vm, ins, truth != (frame.deliver == Deliver::BranchNot));
        }
        Deliver::Result | Deliver::Item | Deliver::Next | Deliver::Element => {
            return super::set(vm, regs, frame.result, value);
        }
    }
    vm.heap.release(value);
}

/// Jumps where a comparison and jump that gave `holds` leads.
fn go_on(vm: &mut Vm, ins: Ins, holds: bool) {
    let pc = &mut vm.frames.top_mut().pc;
    let (wanted, by) = match ins.op {
        Op::IfFalse => (true, ins.wide_operand()),
        Op::UnlessFalse => (false, ins.wide_operand()),
        op => (slow::jumps_if(op), ins.signed_c().into()),
    };
    if holds == wanted {
        *pc = super::generator::jumped(*pc, by);
    }
}
