//! Loops as loops of the machine, around the closures of their bodies.
//!
//! What is at the end of a turn (one unit of fuel, and whether there is another turn) is made for the most frequent kinds
//! of loop. When the fuel of a slice is used up the loop of the interpreter does the rest of that instruction, as ever.

use remora_bytecode::CompareKind;

use super::Step;
use super::flow::{Flow, Truth};
use super::operand::{Int, Local, Operand};
use super::operator::{self, Compare, Cond};
use super::sequence::Sequence;
use crate::interp::fast;
use crate::lower::op::{Ins, Op};
use crate::registers::Registers;
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// What ends a turn.
pub(super) enum Turn {
    /// Another one, always.
    Always,
    /// Another one if two locals compare so.
    Locals(CompareKind, u16, u16),
    /// The same with an int.
    WithInt(CompareKind, u16, i64),
    /// The next number of a count.
    Count(Ins),
    /// The next item of anything that can be gone through.
    Item(Ins),
    /// Another one if this gives that.
    If(Cond, Truth),
}

/// How a turn ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turned {
    Again,
    Done,
    Stuck,
}

/// A loop.
pub(super) struct Loop {
    /// Where its body begins.
    pub(super) start: u32,
    /// The instruction that ends a turn.
    pub(super) tail: u32,
    /// The one behind.
    pub(super) exit: u32,
    pub(super) body: Sequence,
    pub(super) turn: Turn,
}

impl Loop {
    /// Runs from the beginning of its body to its end.
    #[inline(never)]
    pub(super) fn run(&self, regs: Registers, vm: &mut Vm) -> Flow {
        match &self.turn {
            Turn::Always => self.turns(regs, vm, |_, vm| taken(vm, true)),
            Turn::Count(ins) => {
                let (a, b) = (ins.a, ins.b);
                self.turns(regs, vm, |regs, vm| count_on(regs, vm, a, b))
            }
            Turn::Item(ins) => self.turns(regs, vm, |regs, vm| item_on(regs, vm, *ins)),
            Turn::Locals(CompareKind::Lt, a, b) => {
                self.compared(regs, vm, operator::Lt, &Local(*a), &Local(*b))
            }
            Turn::Locals(CompareKind::Le, a, b) => {
                self.compared(regs, vm, operator::Le, &Local(*a), &Local(*b))
            }
            Turn::WithInt(CompareKind::Lt, a, b) => {
                self.compared(regs, vm, operator::Lt, &Local(*a), &Int(*b))
            }
            Turn::WithInt(CompareKind::Gt, a, b) => {
                self.compared(regs, vm, operator::Gt, &Local(*a), &Int(*b))
            }
            Turn::Locals(op, a, b) => self.other(regs, vm, *op, &Local(*a), &Local(*b)),
            Turn::WithInt(op, a, b) => self.other(regs, vm, *op, &Local(*a), &Int(*b)),
            Turn::If(cond, wanted) => self.turns(regs, vm, |regs, vm| match cond(regs, vm) {
                Truth::Stuck => Turned::Stuck,
                it => taken(vm, it == *wanted),
            }),
        }
    }

    #[inline(always)]
    fn compared<O: Compare>(
        &self,
        regs: Registers,
        vm: &mut Vm,
        _op: O,
        left: &impl Operand,
        right: &impl Operand,
    ) -> Flow {
        self.turns(regs, vm, |regs, vm| {
            match operator::compare::<O>(vm, left.get(regs, vm), right.get(regs, vm), false) {
                Truth::Stuck => Turned::Stuck,
                it => taken(vm, it == Truth::True),
            }
        })
    }

    fn other(
        &self,
        regs: Registers,
        vm: &mut Vm,
        op: CompareKind,
        left: &impl Operand,
        right: &impl Operand,
    ) -> Flow {
        match op {
            CompareKind::Eq => self.compared(regs, vm, operator::Eq, left, right),
            CompareKind::Ne => self.compared(regs, vm, operator::Ne, left, right),
            CompareKind::Lt => self.compared(regs, vm, operator::Lt, left, right),
            CompareKind::Le => self.compared(regs, vm, operator::Le, left, right),
            CompareKind::Gt => self.compared(regs, vm, operator::Gt, left, right),
            CompareKind::Ge => self.compared(regs, vm, operator::Ge, left, right),
        }
    }

    #[inline(always)]
    fn turns(
        &self,
        regs: Registers,
        vm: &mut Vm,
        turn: impl Fn(Registers, &mut Vm) -> Turned,
    ) -> Flow {
        loop {
            let flow = self.body.run(regs, vm);
            if flow != Flow::ON {
                // A turn that ended in the middle of the body has paid for the next one there.
                if flow == Flow::to(self.start) {
                    continue;
                }
                return if flow == Flow::to(self.exit) { Flow::ON } else { flow };
            }
            match turn(regs, vm) {
                Turned::Again => {}
                Turned::Done => return Flow::ON,
                Turned::Stuck => return Flow::stuck(self.tail),
            }
        }
    }
}

/// The end of a turn in the middle of a body.
pub(super) fn next_item(ins: Ins, to: u32, place: u32) -> Step {
    let of = move |turned| match turned {
        Turned::Again => Flow::to(to),
        Turned::Done => Flow::ON,
        Turned::Stuck => Flow::stuck(place),
    };
    if ins.op == Op::NextRange {
        Box::new(move |regs, vm| of(count_on(regs, vm, ins.a, ins.b)))
    } else {
        Box::new(move |regs, vm| of(item_on(regs, vm, ins)))
    }
}

#[inline(always)]
fn taken(vm: &mut Vm, again: bool) -> Turned {
    if !vm.fuel.take() {
        return Turned::Stuck;
    }
    if again { Turned::Again } else { Turned::Done }
}

#[inline(always)]
fn count_on(regs: Registers, vm: &mut Vm, a: u16, b: u16) -> Turned {
    let (at, left) = (regs.get(a), regs.get(a + 1));
    if at.tag() != Tag::Int || !vm.fuel.take() {
        return Turned::Stuck;
    }
    if left.bits() == 0 {
        return Turned::Done;
    }
    regs.put(a, Value::int(at.as_int().wrapping_add(1)));
    regs.put(a + 1, Value::int(left.bits().cast_signed().wrapping_sub(1)));
    fast::set(vm, regs, b, at);
    Turned::Again
}

#[inline(always)]
fn item_on(regs: Registers, vm: &mut Vm, ins: Ins) -> Turned {
    if !fast::can_be_asked(regs.get(ins.a)) || !vm.fuel.take() {
        return Turned::Stuck;
    }
    match fast::next(vm, regs, ins) {
        Some(true) => Turned::Again,
        Some(false) => Turned::Done,
        None => {
            vm.fuel.give_back();
            Turned::Stuck
        }
    }
}
