//! Variables: locals, cells, captured variables, globals.

use super::Lowering;
use super::op::Op;
use super::stack::Slot;

impl Lowering<'_> {
    /// Something that loads from `from` into the top.
    pub(super) fn load(&mut self, op: Op, from: u16) {
        let to = self.push_temp();
        self.op(op, to, from, 0);
    }

    /// Something that moves the top into a variable that is no register.
    pub(super) fn store(&mut self, op: Op, variable: u16) {
        let value = self.pop_owned();
        self.op(op, variable, value, 0);
    }

    pub(super) fn store_global(&mut self, global: u16) {
        let value = self.pop_owned();
        self.op(Op::StoreGlobal, value, global, 0);
    }

    /// Stores the top into a local; a result that was just computed goes there in the first place.
    pub(super) fn store_local(&mut self, local: u16) {
        let top = self.pop();
        self.release_local(local);
        let temp = self.temp(self.stack.len());
        match top {
            Slot::Stored(_) => {}
            Slot::Temp if self.forward(temp, local) => {}
            Slot::Temp => self.op(Op::Take, local, temp, 0),
            Slot::Local(from) | Slot::Moved(from) if from == local => {}
            slot => self.place(slot, local),
        }
    }

    /// Makes the last instruction write to `local` instead of `temp`, if that is all it does to `temp`.
    fn forward(&mut self, temp: u16, local: u16) -> bool {
        let mut last = self.out.len();
        // A local that was given up behind the instruction; if it is the one that is written, that gives it up.
        let dropped = match last.checked_sub(1).and_then(|at| self.out.get(at)) {
            Some(ins) if ins.op == Op::Drop && ins.a < self.first_temp && last > self.barrier => {
                Some(ins.a)
            }
            _ => None,
        };
        if dropped.is_some() {
            last -= 1;
        }
        if last <= self.barrier {
            return false;
        }
        let Some(mut at) = last.checked_sub(1) else { return false };
        if self.out[at].op == Op::Word {
            let Some(before) = at.checked_sub(1) else { return false };
            if before < self.barrier {
                return false;
            }
            at = before;
        }
        let ins = &mut self.out[at];
        match ins.op {
            // The result of a call; arguments are given up by the call itself.
            Op::Call
            | Op::CallFunction
            | Op::CallHost
            | Op::CallHostAsync
            | Op::CallSpread
            | Op::CallNamed
            | Op::CallMethod
            | Op::CallPlace
                if ins.b == temp =>
            {
                ins.b = local;
                true
            }
            op if ins.a == temp && forwards(op) => {
                // An object that is read in the register of the result is given up by writing the result there.
                if ins.b == temp && !gives_up_operands(op) {
                    return false;
                }
                ins.a = local;
                if dropped == Some(local) {
                    self.out.pop();
                    self.units.pop();
                }
                true
            }
            _ => false,
        }
    }

    pub(super) fn make_closure(&mut self, function: u32) {
        let to = self.push_temp();
        self.op_word(Op::MakeClosure, to, 0, 0, self.context.first_function + function);
    }
}

/// Whether writing its `a` is all that an instruction does.
const fn forwards(op: Op) -> bool {
    gives_up_operands(op)
        || matches!(
            op,
            Op::LoadConst
                | Op::LoadInt
                | Op::LoadGlobal
                | Op::LoadCell
                | Op::LoadFree
                | Op::MakeClosure
                | Op::ParamGiven
                | Op::Copy
                | Op::GetIndex
                | Op::GetIndexInt
                | Op::GetAttr
                | Op::TestArray
                | Op::TestArrayMin
                | Op::TestDict
                | Op::TestKey
                | Op::TestStruct
                | Op::TestVariant
                | Op::TestResult
                | Op::TestTag
                | Op::Element
                | Op::ElementKey
                | Op::ElementField
                | Op::Payload
                | Op::TestPayload
                | Op::RestFrom
        )
}

/// Whether an instruction leaves nothing in the temporaries that it reads, wherever its result goes.
const fn gives_up_operands(op: Op) -> bool {
    matches!(
        op,
        Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Div
            | Op::Rem
            | Op::AddInt
            | Op::SubInt
            | Op::MulInt
            | Op::DivInt
            | Op::RemInt
            | Op::AddConst
            | Op::SubConst
            | Op::MulConst
            | Op::DivConst
            | Op::RemConst
            | Op::ConstSub
            | Op::ConstMul
            | Op::ConstDiv
            | Op::Neg
            | Op::Not
            | Op::ToBool
            | Op::And
            | Op::Or
            | Op::InRange
            | Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::BuildArray
            | Op::BuildDict
            | Op::BuildString
            | Op::BuildRange
            | Op::BuildRangeInclusive
            | Op::MakeStruct
            | Op::MakeVariant
            | Op::MakeResult
            | Op::TryUnwrap
            | Op::CallLook1
            | Op::HasKey
    )
}
