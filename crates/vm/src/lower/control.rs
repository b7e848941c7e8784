//! Jumps, loops, returns and throws.

use remora_bytecode::Opcode;
use remora_bytecode::view::Instruction;

use super::op::{Ins, Op};
use super::stack::Slot;
use super::{Lowering, Patch, PatchKind, narrow};

impl Lowering<'_> {
    pub(super) fn jump(&mut self, it: Instruction) {
        match it.op {
            Opcode::Jump => {
                self.settle_all();
                self.branch(Op::Jump, 0, it.arg);
                self.end();
            }
            Opcode::JumpBack => self.jump_back(it.arg),
            Opcode::JumpIfFalse | Opcode::JumpIfTrue => {
                if self.stack.last() == Some(&Slot::Fused) {
                    self.pop();
                    return;
                }
                let condition = self.pop_read();
                self.settle_all();
                let op = if it.op == Opcode::JumpIfTrue { Op::JumpIf } else { Op::JumpIfNot };
                self.branch(op, condition, it.arg);
            }
            Opcode::JumpIfNull => {
                self.settle_all();
                let value = self.temp(self.stack.len().saturating_sub(1));
                self.branch(Op::JumpIfNull, value, it.arg);
            }
            _ => {
                self.settle_all();
                let value = self.temp(self.stack.len().saturating_sub(1));
                self.branch(Op::JumpIfSome, value, it.arg);
                self.pop();
            }
        }
    }

    /// Back to the head of a loop. An iteration is not entered by its head again: the instruction at its end takes the next
    /// item and jumps straight to the body.
    fn jump_back(&mut self, label: u32) {
        self.settle_all();
        let iteration = self.loops.iter().rev().find(|it| it.0 == label as usize).copied();
        let head = self.label_ops[label as usize].unwrap_or(0) as usize;
        if let Some((_, variable, body)) = iteration {
            let count = self.out[head].a;
            let op = if self.out[head].op == Op::ForRange { Op::NextRange } else { Op::NextIter };
            self.op(op, count, variable, 0);
            let from = self.out.len();
            self.emit(Ins::wide(Op::Word, 0, distance(from, body)));
            self.place_as(from - 1, head);
            // It is at its end: go where the head would have gone.
            let exit = self.patches.iter().find(|it| it.at == head + 1).map(|it| it.label);
            if let Some(exit) = exit {
                self.jump_to(exit);
            }
        } else if !self.compare_again(head) {
            let at = self.out.len();
            self.emit(Ins::wide(Op::JumpBack, 0, distance(at + 1, head)));
        }
        self.end();
    }

    /// The end of a loop whose head is a comparison of locals that leaves it: compares here, and jumps straight to the body.
    fn compare_again(&mut self, head: usize) -> bool {
        let Some(first) = self.out.get(head).copied() else { return false };
        let Some(op) = loop_of(first.op) else { return false };
        let with_int = is_with_int(op);
        if first.a >= self.first_temp || (!with_int && first.b >= self.first_temp) {
            return false;
        }
        let at = self.out.len();
        let Ok(back) = i16::try_from(distance(at + 1, head + 1)) else { return false };
        let Some(exit) = self.patches.iter().find(|it| it.at == head).map(|it| it.label) else {
            return false;
        };
        if matches!(op, Op::LoopLt | Op::LoopLtInt)
            && let Some([.., step]) = self.out.get_mut(self.barrier..)
            && step.op == Op::AddInt
            && step.a == step.b
        {
            step.op = Op::AddIntLoop;
        }
        self.emit(Ins::new(op, first.a, first.b, back.cast_unsigned()));
        self.place_as(at, head);
        self.jump_to(exit);
        true
    }

    /// What the instruction raises is shown where the head of its loop stands, whose work it does.
    fn place_as(&mut self, at: usize, head: usize) {
        if let Some(unit) = self.units.get(head).copied()
            && let Some(slot) = self.units.get_mut(at)
        {
            *slot = unit;
        }
    }

    /// A jump to a label that is still to come.
    fn jump_to(&mut self, label: usize) {
        let at = self.out.len();
        self.emit(Ins::wide(Op::Jump, 0, 0));
        self.patches.push(Patch { at, from: at + 1, label, kind: PatchKind::Wide });
    }

    /// Takes back a jump to a label that is about to be bound right behind it.
    pub(super) fn skip_jump(&mut self, label: usize) {
        let Some(last) = self.out.len().checked_sub(1).filter(|at| *at >= self.barrier) else {
            return;
        };
        if self.out[last].op != Op::Jump
            || !self.patches.last().is_some_and(|it| it.at == last && it.label == label)
        {
            return;
        }
        self.out.pop();
        self.units.pop();
        self.patches.pop();
    }

    pub(super) fn get_iter(&mut self) {
        let source = self.pop_owned();
        let depth = self.stack.len();
        self.counts.retain(|it| *it != depth);
        self.push(Slot::Temp);
        self.push(Slot::Temp);
        self.op(Op::GetIter, source, source, 0);
    }

    pub(super) fn iter_range(&mut self, op: Op) {
        let right = self.pop();
        let left = self.pop();
        let depth = self.stack.len();
        let (left, right) = (self.readable(left, depth), self.readable(right, depth + 1));
        self.push(Slot::Temp);
        self.push(Slot::Temp);
        self.op(op, self.temp(depth), left, right);
        self.counts.push(depth);
    }

    /// The head of a loop. Where the item goes straight into a local, the next instruction is done here as well.
    pub(super) fn for_iter(&mut self, it: Instruction, next: Option<&Instruction>) {
        self.settle_all();
        let Some(depth) = self.stack.len().checked_sub(2) else { return };
        let counting = self.counts.contains(&depth);
        let iteration = self.temp(depth);
        let label = it.arg as usize;
        self.note_edge(label, depth);
        let local = next.filter(|it| it.op == Opcode::StoreLocal).map(|it| narrow(it.arg));
        let to = local.unwrap_or_else(|| self.temp(depth + 2));
        let op = if counting { Op::ForRange } else { Op::ForIter };
        self.op(op, iteration, to, 0);
        let at = self.out.len();
        self.emit(Ins::wide(Op::Word, 0, 0));
        self.patches.push(Patch { at, from: at, label, kind: PatchKind::Wide });
        if let Some(head) = self.label_at(at - 1) {
            self.loops.push((head, to, self.out.len()));
        }
        // The item is in its place already, where `store_local` will find it.
        self.push(local.map_or(Slot::Temp, Slot::Stored));
    }

    /// The label that was bound to an instruction.
    fn label_at(&self, op: usize) -> Option<usize> {
        let at = u32::try_from(op).ok();
        self.label_ops.iter().rposition(|it| it.is_some() && *it == at)
    }

    pub(super) fn return_value(&mut self) {
        let value = match self.pop() {
            Slot::Local(local) | Slot::Moved(local) => local,
            slot => {
                let depth = self.stack.len();
                self.readable(slot, depth)
            }
        };
        self.drop_temps();
        self.op(Op::Return, value, 0, 0);
        self.end();
    }

    /// Something that takes the top and may not go on at once.
    pub(super) fn pause(&mut self, op: Op) {
        let value = self.pop_owned();
        let to = self.push_temp();
        self.op(op, to, value, 0);
    }

    pub(super) fn raise(&mut self, op: Op) {
        let value = self.pop_owned();
        self.op(op, value, 0, 0);
        self.end();
    }

    pub(super) fn raise_from(&mut self) {
        let handled = self.pop_owned();
        let error = self.pop_owned();
        self.op(Op::ReraiseFrom, error, handled, 0);
        self.end();
    }

    pub(super) fn try_unwrap(&mut self) {
        // It may return from the function, so what else is on the stack must be where unwinding finds it.
        let value = self.pop_owned();
        let to = self.push_temp();
        self.op(Op::TryUnwrap, to, value, 0);
    }
}

/// The instruction that ends a loop which begins by leaving it with `op`: compares the same, and jumps if the loop goes on.
const fn loop_of(op: Op) -> Option<Op> {
    Some(match op {
        Op::UnlessLt => Op::LoopLt,
        Op::UnlessLe => Op::LoopLe,
        Op::UnlessGt => Op::LoopGt,
        Op::UnlessGe => Op::LoopGe,
        Op::IfNe => Op::LoopEq,
        Op::IfEq => Op::LoopNe,
        Op::UnlessLtInt => Op::LoopLtInt,
        Op::UnlessLeInt => Op::LoopLeInt,
        Op::UnlessGtInt => Op::LoopGtInt,
        Op::UnlessGeInt => Op::LoopGeInt,
        Op::IfNeInt => Op::LoopEqInt,
        Op::IfEqInt => Op::LoopNeInt,
        _ => return None,
    })
}

const fn is_with_int(op: Op) -> bool {
    matches!(
        op,
        Op::LoopLtInt
            | Op::LoopLeInt
            | Op::LoopGtInt
            | Op::LoopGeInt
            | Op::LoopEqInt
            | Op::LoopNeInt
    )
}

/// From the instruction at `from` to that at `to`.
pub(super) fn distance(from: usize, to: usize) -> i32 {
    let signed = |it: usize| i64::try_from(it).unwrap_or(i64::MAX);
    i32::try_from(signed(to).saturating_sub(signed(from))).unwrap_or(i32::MAX)
}
