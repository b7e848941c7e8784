//! Instructions in any order, through the builder: what it was told, and the code that it made.

use remora_bytecode::isa::Flags;
use remora_bytecode::{Code, CodeBuilder, Opcode};
use std::sync::Arc;

use super::Random;

/// What the builder was told, and what it made.
#[derive(Clone, Debug)]
pub struct Built {
    /// Instructions with their arguments.
    pub told: Vec<(Opcode, u32)>,
    /// The code.
    pub code: Arc<Code>,
}

/// Up to `len` instructions without labels whose effect no table decides, in an order that keeps the stack from running
/// empty, with arguments of all sizes. Not to be verified: its arguments index nothing.
///
/// # Panics
/// If the builder refuses them.
#[must_use]
pub fn straight_line(random: &mut Random, len: usize) -> Built {
    let mut code = CodeBuilder::new(u32::MAX);
    let mut told = Vec::new();
    for _ in 0..len {
        let Some(op) = random.pick(Opcode::ALL).copied() else { break };
        let (info, facts) = (op.info(), op.facts());
        let moves = info.flags.has(Flags::END) || info.flags.has(Flags::BRANCH);
        let arg = if info.operand.is_some() { argument(random) } else { 0 };
        let depth = code.depth().unwrap_or(0);
        if op == Opcode::ExtendedArg || facts.custom || moves || facts.takes(arg) > depth {
            continue;
        }
        code.emit(op, arg);
        told.push((op, arg));
    }
    code.return_null();
    told.push((Opcode::ReturnNull, 0));
    match code.finish() {
        Ok(code) => Built { told, code },
        Err(error) => panic!("{error:?}: {told:?}"),
    }
}

fn argument(random: &mut Random) -> u32 {
    let bits = random.below(33);
    let low = u32::try_from(random.next_u64() & 0xffff).unwrap_or(0);
    (low << 16 | low).checked_shr(32 - u32::try_from(bits).unwrap_or(0)).unwrap_or(0)
}
