//! The abstract stack: where each item is while a function is lowered.

use super::op::{Ins, Op};
use super::{Const, Lowering, narrow_len};
use crate::value::{BuiltinId, FunctionId};

/// Where a stack item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slot {
    /// In its canonical register, which owns it.
    Temp,
    /// A local, not copied yet.
    Local(u16),
    /// A local whose last use this is.
    Moved(u16),
    /// A constant.
    Const(u16),
    /// A small int.
    Int(i32),
    /// A function without captures.
    Function(FunctionId),
    /// A builtin.
    Host(BuiltinId),
    /// The item of a loop, which has been stored into its local already.
    Stored(u16),
    /// Nothing: a comparison that has jumped already, for the jump behind it to take.
    Fused,
}

impl Lowering<'_> {
    /// The canonical register of the item at a depth.
    pub(super) fn temp(&self, depth: usize) -> u16 {
        self.first_temp.saturating_add(narrow_len(depth))
    }

    pub(super) fn note_temps(&mut self) {
        self.max_temps = self.max_temps.max(self.stack.len());
    }

    pub(super) fn push(&mut self, slot: Slot) {
        self.stack.push(slot);
        self.note_temps();
    }

    /// Pushes a result: the register that the instruction to come writes.
    pub(super) fn push_temp(&mut self) -> u16 {
        let register = self.temp(self.stack.len());
        self.push(Slot::Temp);
        register
    }

    pub(super) fn pop(&mut self) -> Slot {
        self.stack.pop().unwrap_or(Slot::Temp)
    }

    /// Takes the top off the stack, to be read where it is. A constant goes into its canonical register first.
    pub(super) fn pop_read(&mut self) -> u16 {
        let slot = self.pop();
        self.readable(slot, self.stack.len())
    }

    /// The register in which an item can be read without owning it.
    pub(super) fn readable(&mut self, slot: Slot, depth: usize) -> u16 {
        match slot {
            Slot::Local(local) | Slot::Moved(local) => local,
            Slot::Temp => self.temp(depth),
            _ => {
                self.place(slot, self.temp(depth));
                self.temp(depth)
            }
        }
    }

    /// Makes an item be in a register, which owns it then.
    pub(super) fn place(&mut self, slot: Slot, register: u16) {
        match slot {
            Slot::Temp | Slot::Fused | Slot::Stored(_) => {}
            Slot::Local(local) => self.op(Op::Copy, register, local, 0),
            Slot::Moved(local) => {
                self.release_local(local);
                self.op(Op::Take, register, local, 0);
            }
            Slot::Const(constant) => self.op(Op::LoadConst, register, constant, 0),
            Slot::Int(value) => self.emit(Ins::wide(Op::LoadInt, register, value)),
            Slot::Function(id) => {
                let constant = self.constant(Const::Function(id));
                self.op(Op::LoadConst, register, constant, 0);
            }
            Slot::Host(id) => {
                let constant = self.constant(Const::Builtin(id));
                self.op(Op::LoadConst, register, constant, 0);
            }
        }
    }

    /// Puts the item at a depth into its canonical register.
    pub(super) fn settle(&mut self, depth: usize) {
        let Some(slot) = self.stack.get(depth).copied() else { return };
        self.stack[depth] = Slot::Temp;
        self.place(slot, self.temp(depth));
    }

    pub(super) fn settle_all(&mut self) {
        self.settle_from(0);
    }

    pub(super) fn settle_from(&mut self, depth: usize) {
        for at in depth..self.stack.len() {
            self.settle(at);
        }
    }

    /// Before a local is overwritten: items that are still read from it get copies of their own.
    pub(super) fn release_local(&mut self, local: u16) {
        for at in 0..self.stack.len() {
            if matches!(self.stack[at], Slot::Local(it) | Slot::Moved(it) if it == local) {
                self.settle(at);
            }
        }
    }

    /// Takes the top off, into a register that owns it: its canonical one.
    pub(super) fn pop_owned(&mut self) -> u16 {
        let depth = self.stack.len().saturating_sub(1);
        self.settle(depth);
        self.pop();
        self.temp(depth)
    }

    pub(super) fn pop_drop(&mut self) {
        match self.pop() {
            Slot::Temp => {
                let register = self.temp(self.stack.len());
                self.op(Op::Drop, register, 0, 0);
            }
            Slot::Moved(local) => {
                self.release_local(local);
                self.op(Op::Drop, local, 0, 0);
            }
            _ => {}
        }
    }

    /// Pushes a copy of the item that far below the top.
    pub(super) fn duplicate(&mut self, below: usize) {
        let Some(depth) = self.stack.len().checked_sub(below + 1) else { return };
        let slot = match self.stack[depth] {
            // Two readers now: the last use is the later one.
            Slot::Moved(local) => {
                self.stack[depth] = Slot::Local(local);
                Slot::Moved(local)
            }
            slot => slot,
        };
        if slot == Slot::Temp {
            let from = self.temp(depth);
            let to = self.push_temp();
            self.op(Op::Copy, to, from, 0);
        } else {
            self.push(slot);
        }
    }

    /// Moves the top below the `n - 1` items under it.
    pub(super) fn rotate(&mut self, n: usize) {
        let Some(first) = self.stack.len().checked_sub(n) else { return };
        let part = self.stack.get(first..).unwrap_or_default();
        if part.iter().all(|it| *it != Slot::Temp) {
            self.stack[first..].rotate_right(1);
            return;
        }
        // Through the register above the stack.
        self.settle_from(first);
        let spare = self.push_temp();
        self.op(Op::Take, spare, spare - 1, 0);
        for at in (first..first + n - 1).rev() {
            self.op(Op::Take, self.temp(at + 1), self.temp(at), 0);
        }
        self.op(Op::Take, self.temp(first), spare, 0);
        self.pop();
    }

    /// Releases what is on the stack, before a return.
    pub(super) fn drop_temps(&mut self) {
        for depth in 0..self.stack.len() {
            if self.stack[depth] == Slot::Temp {
                self.op(Op::Drop, self.temp(depth), 0, 0);
            }
        }
    }
}
