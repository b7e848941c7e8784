//! Each instruction has one spelling: known opcodes, the least number of prefixes, no argument where none is taken.
//! Labels ascend, each is the start of an instruction, and each is used.

use remora_diagnostics::Code as ErrorCode;

use super::rule::{Checked, Fault};
use crate::code::Code;
use crate::isa::Flags;
use crate::view::Instruction;

/// How a label is used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct LabelUse {
    used: bool,
    /// Something jumps back to it: what is known there must be kept.
    pub(super) loops: bool,
}

/// Checks the spelling of the code, and notes how labels are used.
pub(super) fn check(code: &Code, uses: &mut Vec<LabelUse>) -> Checked {
    uses.clear();
    uses.resize(code.labels().len(), LabelUse::default());
    for handler in code.handlers() {
        for label in [handler.start, handler.end, handler.target] {
            mark(uses, label.0, false);
        }
    }
    let mut labels = code.labels().iter();
    let mut label = labels.next();
    let mut instructions = code.instructions();
    for it in instructions.by_ref() {
        let facts = it.op.facts();
        if it.len > 1 || facts.operand.is_none() {
            spelling(code, it).map_err(|fault| fault.or_at(it.at))?;
        }
        if label == Some(&it.at) {
            label = labels.next();
        }
        if facts.flags.has(Flags::BRANCH) {
            mark(uses, it.arg, facts.flags.has(Flags::BACK));
        }
    }
    if instructions.rest() != code.units().len() {
        let at = u32::try_from(instructions.rest()).unwrap_or(u32::MAX);
        return Err(Fault::new(ErrorCode::V0001, "this is no instruction").or_at(at));
    }
    if let Some(at) = label {
        // Both ascend, so one walk over the instructions finds all labels, or stops at the first that is wrong.
        let message = "labels must ascend, and stand at instructions";
        return Err(Fault::new(ErrorCode::V0005, message).or_at(*at));
    }
    if let Some(unused) = uses.iter().position(|it| !it.used) {
        return Err(Fault::new(ErrorCode::V0005, format!("nothing uses label {unused}")));
    }
    Ok(())
}

fn spelling(code: &Code, it: Instruction) -> Checked {
    if it.len > 1 && code.units().get(it.at as usize).is_none_or(|[_, high]| *high == 0) {
        return Err(Fault::new(ErrorCode::V0002, "a prefix is needless"));
    }
    if it.arg != 0 && it.op.info().operand.is_none() {
        let message = format!("{} takes no argument but has {}", it.op.name(), it.arg);
        return Err(Fault::new(ErrorCode::V0002, message));
    }
    if it.len > 1 && it.op.info().operand.is_none() {
        return Err(Fault::new(ErrorCode::V0002, format!("{} has a prefix", it.op.name())));
    }
    Ok(())
}

fn mark(uses: &mut [LabelUse], label: u32, back: bool) {
    if let Some(it) = uses.get_mut(label as usize) {
        it.used = true;
        it.loops |= back;
    }
}
