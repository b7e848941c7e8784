//! Operators, and comparisons with the branch behind them.

use remora_bytecode::view::Instruction;
use remora_bytecode::{CompareKind, Constant, Opcode};

use super::op::{Ins, Op};
use super::stack::Slot;
use super::{Const, LowerError, Lowering, Patch, PatchKind};

impl Lowering<'_> {
    pub(super) fn unary(&mut self, op: Op) {
        let operand = self.pop_read();
        let to = self.push_temp();
        self.op(op, to, operand, 0);
    }

    /// `!x`, also where it is only jumped on.
    pub(super) fn not(&mut self, next: Option<&Instruction>) {
        let jump = next.filter(|it| matches!(it.op, Opcode::JumpIfFalse | Opcode::JumpIfTrue));
        let Some(jump) = jump else { return self.unary(Op::Not) };
        let operand = self.pop_read();
        self.settle_all();
        let op = if jump.op == Opcode::JumpIfTrue { Op::IfFalse } else { Op::UnlessFalse };
        self.branch(op, operand, jump.arg);
        self.push(Slot::Fused);
    }

    pub(super) fn binary(&mut self, op: Op) {
        let (left, right) = self.two();
        let to = self.push_temp();
        self.op(op, to, left, right);
    }

    /// Takes two operands off, to be read.
    fn two(&mut self) -> (u16, u16) {
        let right = self.pop();
        let left = self.pop();
        let depth = self.stack.len();
        let left = self.readable(left, depth);
        (left, self.readable(right, depth + 1))
    }

    pub(super) fn arithmetic(&mut self, op: Opcode) {
        let (plain, with_int, with_const, const_first) = match op {
            Opcode::BinaryAdd => (Op::Add, Op::AddInt, Some(Op::AddConst), None),
            Opcode::BinarySub => (Op::Sub, Op::SubInt, Some(Op::SubConst), Some(Op::ConstSub)),
            Opcode::BinaryMul => (Op::Mul, Op::MulInt, Some(Op::MulConst), Some(Op::ConstMul)),
            Opcode::BinaryDiv => (Op::Div, Op::DivInt, Some(Op::DivConst), Some(Op::ConstDiv)),
            _ => (Op::Rem, Op::RemInt, Some(Op::RemConst), None),
        };
        let n = self.stack.len();
        let (left, right) =
            (self.stack.get(n.wrapping_sub(2)).copied(), self.stack.last().copied());
        match (left, right) {
            (Some(left), Some(Slot::Int(value))) if small(value) && !is_constant(left) => {
                self.pop();
                let left = self.pop_read();
                let to = self.push_temp();
                self.op(with_int, to, left, super::signed(value));
            }
            (Some(left), Some(Slot::Const(constant)))
                if with_const.is_some() && !is_constant(left) =>
            {
                self.pop();
                let left = self.pop_read();
                let to = self.push_temp();
                self.op(with_const.unwrap_or(plain), to, left, constant);
            }
            (Some(Slot::Const(constant)), Some(right))
                if const_first.is_some() && !is_constant(right) =>
            {
                self.constant_first(const_first.unwrap_or(plain), constant);
            }
            (Some(Slot::Int(value)), Some(right))
                if const_first.is_some() && !is_constant(right) =>
            {
                let constant = self.constant(Const::Plain(Constant::Int(value.into())));
                self.constant_first(const_first.unwrap_or(plain), constant);
            }
            _ => self.binary(plain),
        }
    }

    fn constant_first(&mut self, op: Op, constant: u16) {
        let right = self.pop();
        self.pop();
        let depth = self.stack.len();
        let right = self.readable(right, depth + 1);
        let to = self.push_temp();
        self.op(op, to, constant, right);
    }

    pub(super) fn in_range(&mut self, inclusive: u16) {
        let first = self.stack.len().saturating_sub(2);
        self.settle_from(first);
        self.stack.truncate(first);
        let value = self.pop_read();
        let low = self.temp(first);
        // The bounds stand in the registers behind the value's; the result goes into the value's.
        let to = self.push_temp();
        self.op_word(Op::InRange, to, value, inclusive, low.into());
    }

    pub(super) fn compare(
        &mut self,
        it: Instruction,
        next: Option<&Instruction>,
    ) -> Result<(), LowerError> {
        let kind = CompareKind::from_operand(it.arg).unwrap_or(CompareKind::Eq);
        let jump = next.filter(|it| matches!(it.op, Opcode::JumpIfFalse | Opcode::JumpIfTrue));
        // Fused, `!=` is an equality that is jumped on the other way: not where a struct tells the two apart.
        let is_equality = matches!(kind, CompareKind::Eq | CompareKind::Ne);
        let fuses = self.fuses && !(is_equality && self.context.has_method("op_ne"));
        if let Some(jump) = jump.filter(|_| fuses) {
            self.fused_compare(kind, *jump);
        } else {
            self.binary(plain_compare(kind));
        }
        Ok(())
    }

    /// Lets the instruction before, if it is one that looks for a key in a local, jump on what it finds.
    fn join_has_key(&mut self, result: u16) {
        let first_temp = self.first_temp;
        if let Some([.., look, _word]) = self.out.get_mut(self.barrier..)
            && look.op == Op::HasKey
            && look.a == result
            && look.b.max(look.c) < first_temp
        {
            look.op = Op::HasKeyIf;
        }
    }

    /// Lets the instruction before, if it loads a string or float to compare with, jump on how another one is to it.
    fn join_constant(&mut self, right: u16, orders: u16) {
        let Some([.., load]) = self.out.get_mut(self.barrier..) else { return };
        let constant = self.consts.get(usize::from(load.b));
        let fits = matches!(constant, Some(Const::Plain(Constant::Str(_) | Constant::Float(_))));
        if load.op == Op::LoadConst && load.a == right && right >= self.first_temp && fits {
            (load.op, load.c) = (Op::LoadConstIf, orders);
        }
    }

    /// A comparison and the jump that follows it: the jump itself is skipped by leaving nothing on the stack for it.
    fn fused_compare(&mut self, kind: CompareKind, jump: Instruction) {
        let if_true = jump.op == Opcode::JumpIfTrue;
        let right_int = match self.stack.last() {
            Some(Slot::Int(value)) if small(*value) => Some(super::signed(*value)),
            _ => None,
        };
        let (left, right) = match right_int {
            Some(int) => {
                self.pop();
                (self.pop_read(), int)
            }
            None => self.two(),
        };
        self.settle_all();
        let op = fused(kind, if_true, right_int.is_some());
        if matches!(op, Op::IfEqInt | Op::IfNeInt) {
            self.join_has_key(left);
        }
        if right_int.is_none() {
            self.join_constant(right, orders(kind, if_true));
        }
        let at = self.out.len();
        self.emit(Ins::new(op, left, right, 0));
        self.patches.push(Patch {
            at,
            from: at + 1,
            label: jump.arg as usize,
            kind: PatchKind::Narrow,
        });
        self.note_edge(jump.arg as usize, self.stack.len());
        self.push(Slot::Fused);
    }
}

const fn is_constant(slot: Slot) -> bool {
    matches!(slot, Slot::Const(_) | Slot::Int(_) | Slot::Function(_) | Slot::Host(_))
}

const fn small(value: i32) -> bool {
    value >= i16::MIN as i32 && value <= i16::MAX as i32
}

/// At which orders a comparison is jumped on: a bit each for less, equal, greater and neither, as with NaN.
const fn orders(kind: CompareKind, if_true: bool) -> u16 {
    let holds = match kind {
        CompareKind::Eq => 0b010,
        CompareKind::Ne => 0b1101,
        CompareKind::Lt => 0b001,
        CompareKind::Le => 0b011,
        CompareKind::Gt => 0b100,
        CompareKind::Ge => 0b110,
    };
    if if_true { holds } else { holds ^ 0b1111 }
}

const fn plain_compare(kind: CompareKind) -> Op {
    match kind {
        CompareKind::Eq => Op::Eq,
        CompareKind::Ne => Op::Ne,
        CompareKind::Lt => Op::Lt,
        CompareKind::Le => Op::Le,
        CompareKind::Gt => Op::Gt,
        CompareKind::Ge => Op::Ge,
    }
}

/// The jump that is taken if the comparison holds, or if it does not. That is not the opposite comparison: with NaN
/// neither holds.
const fn fused(kind: CompareKind, if_true: bool, int: bool) -> Op {
    match (kind, if_true, int) {
        (CompareKind::Eq, true, false) | (CompareKind::Ne, false, false) => Op::IfEq,
        (CompareKind::Ne, true, false) | (CompareKind::Eq, false, false) => Op::IfNe,
        (CompareKind::Lt, true, false) => Op::IfLt,
        (CompareKind::Lt, false, false) => Op::UnlessLt,
        (CompareKind::Le, true, false) => Op::IfLe,
        (CompareKind::Le, false, false) => Op::UnlessLe,
        (CompareKind::Gt, true, false) => Op::IfGt,
        (CompareKind::Gt, false, false) => Op::UnlessGt,
        (CompareKind::Ge, true, false) => Op::IfGe,
        (CompareKind::Ge, false, false) => Op::UnlessGe,
        (CompareKind::Eq, true, true) | (CompareKind::Ne, false, true) => Op::IfEqInt,
        (CompareKind::Ne, true, true) | (CompareKind::Eq, false, true) => Op::IfNeInt,
        (CompareKind::Lt, true, true) => Op::IfLtInt,
        (CompareKind::Lt, false, true) => Op::UnlessLtInt,
        (CompareKind::Le, true, true) => Op::IfLeInt,
        (CompareKind::Le, false, true) => Op::UnlessLeInt,
        (CompareKind::Gt, true, true) => Op::IfGtInt,
        (CompareKind::Gt, false, true) => Op::UnlessGtInt,
        (CompareKind::Ge, true, true) => Op::IfGeInt,
        (CompareKind::Ge, false, true) => Op::UnlessGeInt,
    }
}
