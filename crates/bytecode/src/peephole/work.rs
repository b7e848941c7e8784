//! Whether there is anything to rewrite: one look at each instruction, before anything is allocated.
//!
//! It may say yes where a rewrite then finds a label in the way; it never says no where one would be made.

use super::fold::{gives_bool, only_pushes};
use crate::builder::{Draft, DraftInstruction};
use crate::isa::Opcode;

/// What there seems to be to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Work {
    /// A few instructions in a row.
    pub(super) rows: bool,
    /// Ways from place to place.
    pub(super) ways: bool,
}

impl Work {
    pub(super) const fn is_none(self) -> bool {
        !self.rows && !self.ways
    }
}

/// Looks through the code.
pub(super) fn find(draft: &Draft) -> Work {
    let mut found = Work::default();
    let (mut before, mut first) = (Opcode::Return, Opcode::Return);
    for (nth, it) in draft.instructions.iter().enumerate() {
        match it.op {
            Opcode::Nop => found.rows = true,
            Opcode::Pop => found.rows |= only_pushes(before),
            Opcode::ToBool => found.rows |= gives_bool(before),
            Opcode::UnpackArray => found.rows |= before == Opcode::BuildArray,
            Opcode::UnaryNeg | Opcode::UnaryNot => found.rows |= is_known(before),
            Opcode::BinaryAdd
            | Opcode::BinarySub
            | Opcode::BinaryMul
            | Opcode::BinaryDiv
            | Opcode::BinaryMod
            | Opcode::Compare => found.rows |= is_known(before) && is_known(first),
            Opcode::JumpIfTrue | Opcode::JumpIfFalse => {
                found.rows |= is_known(before)
                    || matches!(before, Opcode::LoadNull | Opcode::ToBool | Opcode::UnaryNot);
                found.ways |= shortens(draft, nth, it);
            }
            Opcode::Jump | Opcode::JumpIfNull | Opcode::JumpIfSome | Opcode::ForIter => {
                found.ways |= shortens(draft, nth, it);
            }
            _ => {}
        }
        (first, before) = (before, it.op);
    }
    found
}

/// A number or a bool that may be known beforehand.
const fn is_known(op: Opcode) -> bool {
    matches!(op, Opcode::LoadInt | Opcode::LoadConst | Opcode::LoadTrue | Opcode::LoadFalse)
}

/// Whether the jump may lead further, over a jump, or to what comes next anyway.
fn shortens(draft: &Draft, nth: usize, it: &DraftInstruction) -> bool {
    let Some(to) = it.label.and_then(|it| draft.position(it)) else { return false };
    let op = |at: usize| draft.instructions.get(at).map(|it| it.op);
    to == nth + 1
        || match op(to) {
            Some(Opcode::Jump) => true,
            Some(Opcode::Return | Opcode::ReturnNull | Opcode::JumpBack) => it.op == Opcode::Jump,
            _ => to == nth + 2 && it.op != Opcode::Jump && op(nth + 1) == Some(Opcode::Jump),
        }
}
