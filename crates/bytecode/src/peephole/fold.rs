//! Rewrites of a few instructions in a row, and constants computed beforehand.
//!
//! Instructions are put on a list one by one, and the last few of that list are looked at; so a result takes part in the
//! next rewrite at once. What would raise stays as it is, and so does what would give NaN: its bits may differ between
//! machines.

use super::bounds;
use crate::builder::{Draft, DraftInstruction};
use crate::constant::Constant;
use crate::ids::ConstIdx;
use crate::isa::{CompareKind, Opcode};
use crate::scalar::{Arithmetic, Number, holds, negate, numbers, order};
use crate::unit::{unzigzag, zigzag};

/// The longest row that is looked at.
const WINDOW: usize = 3;

/// True if anything was rewritten.
pub(super) fn run(draft: &mut Draft) -> bool {
    let bounds = bounds(draft);
    let mut kept: Vec<usize> = Vec::with_capacity(draft.instructions.len());
    // The rows that are looked at begin here.
    let mut floor = 0;
    let mut changed = false;
    for nth in 0..draft.instructions.len() {
        if bounds.get(nth).copied().unwrap_or(true) {
            floor = kept.len();
        }
        kept.push(nth);
        while rewrite(draft, &mut kept, floor) {
            changed = true;
        }
    }
    if changed {
        let mut kept = kept.into_iter().peekable();
        draft.retain(|nth| kept.next_if_eq(&nth).is_some());
    }
    changed
}

/// Rewrites the end of the list, if there is anything to rewrite.
fn rewrite(draft: &mut Draft, kept: &mut Vec<usize>, floor: usize) -> bool {
    let from = kept.len().saturating_sub(WINDOW).max(floor);
    let row = kept.get(from..).unwrap_or_default();
    let it = |back: usize| {
        let nth = *row.get(row.len().checked_sub(back)?)?;
        draft.instructions.get(nth).copied()
    };
    let Some(last) = it(1) else { return false };
    if last.op == Opcode::Nop {
        kept.pop();
        return true;
    }
    let Some(before) = it(2) else { return false };
    let (dropped, result) = match (before.op, last.op) {
        (_, Opcode::Pop) if only_pushes(before.op) => (2, None),
        (Opcode::ToBool, Opcode::JumpIfTrue | Opcode::JumpIfFalse) => (2, Some(last)),
        (_, Opcode::JumpIfTrue | Opcode::JumpIfFalse) if truth(draft, before).is_some() => {
            let taken = truth(draft, before) == Some(last.op == Opcode::JumpIfTrue);
            (2, taken.then_some(DraftInstruction { op: Opcode::Jump, ..last }))
        }
        (Opcode::UnaryNot, Opcode::JumpIfTrue | Opcode::JumpIfFalse)
            if it(3).is_some_and(|it| gives_bool(it.op)) =>
        {
            let op = if last.op == Opcode::JumpIfTrue {
                Opcode::JumpIfFalse
            } else {
                Opcode::JumpIfTrue
            };
            (2, Some(DraftInstruction { op, ..last }))
        }
        (op, Opcode::ToBool) if gives_bool(op) => (2, Some(before)),
        (Opcode::BuildArray, Opcode::UnpackArray) if before.arg == last.arg && last.arg <= 1 => {
            (2, None)
        }
        (Opcode::BuildArray, Opcode::UnpackArray) if before.arg == 2 && last.arg == 2 => {
            (2, Some(DraftInstruction { op: Opcode::RotTwo, arg: 0, ..last }))
        }
        (Opcode::BuildArray, Opcode::UnpackArray) if before.arg == 3 && last.arg == 3 => {
            // As many as before, so the list stays as it is.
            for (back, op) in [(2, Opcode::RotThree), (1, Opcode::RotTwo)] {
                let nth = kept.len().checked_sub(back).and_then(|at| kept.get(at));
                if let Some(it) = nth.and_then(|nth| draft.instructions.get_mut(*nth)) {
                    (it.op, it.arg) = (op, 0);
                }
            }
            return true;
        }
        (_, Opcode::UnaryNeg | Opcode::UnaryNot) => {
            let Some(folded) = value(draft, before).and_then(|it| unary(last.op, it)) else {
                return false;
            };
            (2, Some(load(draft, folded, last)))
        }
        _ => {
            let values = it(3).and_then(|it| value(draft, it)).zip(value(draft, before));
            let folded = values.and_then(|(left, right)| binary(last, left, right));
            let Some(folded) = folded else { return false };
            (3, Some(load(draft, folded, last)))
        }
    };
    // The result takes the place of the first: nothing but the row's own start may have a label.
    let left = kept.len().saturating_sub(dropped);
    let first = kept.get(left).copied();
    kept.truncate(left);
    if let (Some(result), Some(first)) = (result, first)
        && let Some(slot) = draft.instructions.get_mut(first)
    {
        *slot = result;
        kept.push(first);
    }
    true
}

/// Pushes one value, and neither fails nor does anything else.
pub(super) const fn only_pushes(op: Opcode) -> bool {
    matches!(
        op,
        Opcode::LoadConst
            | Opcode::LoadNull
            | Opcode::LoadTrue
            | Opcode::LoadFalse
            | Opcode::LoadInt
            | Opcode::LoadLocal
            | Opcode::LoadFunction
            | Opcode::LoadType
            | Opcode::ParamGiven
            | Opcode::Dup
            | Opcode::Copy
    )
}

/// Whether a value that is known beforehand is truthy.
fn truth(draft: &Draft, it: DraftInstruction) -> Option<bool> {
    Some(match value(draft, it) {
        Some(Known::Bool(value)) => value,
        Some(Known::Number(Number::Int(value))) => value != 0,
        Some(Known::Number(Number::Float(value))) => value != 0.0,
        None if it.op == Opcode::LoadNull => false,
        None => return None,
    })
}

/// Leaves a bool on top. A comparison may not: an operator method gives what it likes.
pub(super) const fn gives_bool(op: Opcode) -> bool {
    matches!(
        op,
        Opcode::LoadTrue
            | Opcode::LoadFalse
            | Opcode::ParamGiven
            | Opcode::ToBool
            | Opcode::UnaryNot
            | Opcode::LogicalAnd
            | Opcode::LogicalOr
            | Opcode::InRange
            | Opcode::InRangeInclusive
            | Opcode::TestArray
            | Opcode::TestArrayMin
            | Opcode::TestDict
            | Opcode::TestKey
            | Opcode::TestStruct
            | Opcode::TestVariant
            | Opcode::TestResult
            | Opcode::TestTag
            | Opcode::TestPayload
    )
}

/// A value that is known beforehand.
#[derive(Clone, Copy)]
enum Known {
    Number(Number),
    Bool(bool),
}

/// What an instruction pushes, if that is a number or a bool.
fn value(draft: &Draft, it: DraftInstruction) -> Option<Known> {
    Some(match it.op {
        Opcode::LoadTrue => Known::Bool(true),
        Opcode::LoadFalse => Known::Bool(false),
        Opcode::LoadInt => Known::Number(Number::Int(unzigzag(it.arg).into())),
        Opcode::LoadConst => match draft.tables.constant_at(ConstIdx(it.arg))? {
            Constant::Int(value) => Known::Number(Number::Int(*value)),
            Constant::Float(bits) => Known::Number(Number::Float(f64::from_bits(*bits))),
            _ => return None,
        },
        _ => return None,
    })
}

fn unary(op: Opcode, value: Known) -> Option<Known> {
    match (op, value) {
        (Opcode::UnaryNeg, Known::Number(value)) => {
            negate(value).ok().filter(|it| is_portable(*it)).map(Known::Number)
        }
        (Opcode::UnaryNot, Known::Bool(value)) => Some(Known::Bool(!value)),
        _ => None,
    }
}

fn binary(it: DraftInstruction, left: Known, right: Known) -> Option<Known> {
    let (Known::Number(left), Known::Number(right)) = (left, right) else { return None };
    let op = match it.op {
        Opcode::BinaryAdd => Arithmetic::Add,
        Opcode::BinarySub => Arithmetic::Sub,
        Opcode::BinaryMul => Arithmetic::Mul,
        Opcode::BinaryDiv => Arithmetic::Div,
        Opcode::BinaryMod => Arithmetic::Mod,
        Opcode::Compare => {
            let kind = CompareKind::from_operand(it.arg)?;
            return Some(Known::Bool(holds(kind, order(left, right))));
        }
        _ => return None,
    };
    numbers(op, left, right).ok().filter(|it| is_portable(*it)).map(Known::Number)
}

fn is_portable(value: Number) -> bool {
    !matches!(value, Number::Float(value) if value.is_nan())
}

/// The instruction that pushes a known value, in place of another.
fn load(draft: &mut Draft, value: Known, at: DraftInstruction) -> DraftInstruction {
    let (op, arg) = match value {
        Known::Bool(true) => (Opcode::LoadTrue, 0),
        Known::Bool(false) => (Opcode::LoadFalse, 0),
        Known::Number(Number::Int(value)) => match i32::try_from(value).map(zigzag) {
            // As the builder does it: up to two units.
            Ok(small) if small <= 0xffff => (Opcode::LoadInt, small),
            _ => (Opcode::LoadConst, draft.tables.constant(Constant::Int(value)).0),
        },
        Known::Number(Number::Float(value)) => {
            (Opcode::LoadConst, draft.tables.constant(Constant::float(value)).0)
        }
    };
    DraftInstruction { op, arg, label: None, span: at.span }
}
