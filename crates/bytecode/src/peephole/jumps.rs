//! Ways made shorter: jumps to jumps, jumps over jumps, jumps to returns, jumps to what comes next anyway.
//!
//! A loop's head is left alone: a jump to it may be the way by which the loop must be reached before any jump back.

use super::bounds;
use crate::builder::{Draft, Label};
use crate::isa::{Flags, Opcode};

/// How many jumps are followed from one. Only bounds the work: forward jumps make no cycle.
const MAX_HOPS: usize = 32;

/// True if anything was rewritten.
pub(super) fn run(draft: &mut Draft) -> bool {
    let mut jumps = find_jumps(draft);
    let mut changed = thread(draft, &jumps);
    if turn_around(draft, &jumps) {
        changed = true;
        jumps = find_jumps(draft);
    }
    let mut gone = Vec::new();
    for nth in jumps {
        let Some(it) = draft.instructions.get(nth) else { break };
        let op = it.op;
        let next = it.label.and_then(|it| draft.position(it)) == Some(nth + 1);
        if !next || op.facts().flags.has(Flags::BACK) {
            continue;
        }
        match op {
            Opcode::Jump | Opcode::JumpIfNull => gone.push(nth),
            Opcode::JumpIfFalse | Opcode::JumpIfTrue => {
                changed = true;
                if let Some(it) = draft.instructions.get_mut(nth) {
                    (it.op, it.arg, it.label) = (Opcode::Pop, 0, None);
                }
            }
            _ => {}
        }
    }
    remove(draft, &gone) || changed
}

/// The instructions that name a label, in order: few of all.
fn find_jumps(draft: &Draft) -> Vec<usize> {
    let all = draft.instructions.iter().enumerate();
    // About as many as there are labels.
    let mut jumps = Vec::with_capacity(draft.n_labels());
    jumps.extend(all.filter(|(_, it)| it.label.is_some()).map(|(nth, _)| nth));
    jumps
}

/// Removes the instructions of an ascending list; true if there are any.
fn remove(draft: &mut Draft, gone: &[usize]) -> bool {
    let mut left = gone.iter().copied().peekable();
    if left.peek().is_some() {
        draft.retain(|nth| left.next_if_eq(&nth).is_none());
    }
    !gone.is_empty()
}

/// Jumps to a place where jumps go on to another lead there at once.
fn thread(draft: &mut Draft, jumps: &[usize]) -> bool {
    let heads = heads(draft, jumps);
    let mut changed = false;
    for nth in jumps.iter().copied() {
        let Some(it) = draft.instructions.get(nth) else { break };
        let Some(label) = it.label.filter(|_| !it.op.facts().flags.has(Flags::BACK)) else {
            continue;
        };
        let new = follow(draft, &heads, label);
        if draft.position(new) != draft.position(label)
            && let Some(it) = draft.instructions.get_mut(nth)
        {
            it.label = Some(new);
            changed = true;
        }
    }
    changed
}

/// `jump_if_false a; jump b; a:` is `jump_if_true b; a:`.
fn turn_around(draft: &mut Draft, jumps: &[usize]) -> bool {
    let mut gone = Vec::new();
    let mut entered = None;
    for nth in jumps.iter().copied() {
        let Some(it) = draft.instructions.get(nth).copied() else { break };
        let Some(next) = draft.instructions.get(nth + 1).copied() else { break };
        let turned = match it.op {
            Opcode::JumpIfFalse => Opcode::JumpIfTrue,
            Opcode::JumpIfTrue => Opcode::JumpIfFalse,
            _ => continue,
        };
        let over = it.label.and_then(|it| draft.position(it)) == Some(nth + 2);
        if next.op != Opcode::Jump || !over {
            continue;
        }
        // Turning a jump takes a label out of use, but never the one before `next`: so once found this stays right.
        let entered = entered.get_or_insert_with(|| bounds(draft));
        if entered.get(nth + 1).copied().unwrap_or(true) {
            continue;
        }
        gone.push(nth + 1);
        if let Some(it) = draft.instructions.get_mut(nth) {
            (it.op, it.label) = (turned, next.label);
        }
    }
    remove(draft, &gone)
}

/// Jumps to what leaves at once become copies of it. To be tried last: a jump that can go is better than a copy. True if
/// anything was rewritten.
pub(super) fn leave(draft: &mut Draft) -> bool {
    let jumps = find_jumps(draft);
    let heads = heads(draft, &jumps);
    let covered = covered(draft);
    let mut changed = false;
    for nth in jumps {
        let Some(it) = draft.instructions.get(nth).copied() else { break };
        let (Opcode::Jump, Some(target)) = (it.op, it.label.and_then(|it| draft.position(it)))
        else {
            continue;
        };
        let Some(there) = draft.instructions.get(target).copied() else { continue };
        let may = match there.op {
            _ if heads.get(target).copied().unwrap_or(true) => false,
            // A handler around the jump may keep the very value that is returned.
            Opcode::Return => !covered.get(nth).copied().unwrap_or(true),
            Opcode::ReturnNull => true,
            // Engines may do the head's work where the jump is: what it raises is not for a handler around here.
            Opcode::JumpBack => {
                !covered.get(nth).copied().unwrap_or(true)
                    && there.label.and_then(|it| draft.position(it)).is_some_and(|it| it <= nth)
            }
            _ => false,
        };
        if may && let Some(slot) = draft.instructions.get_mut(nth) {
            *slot = there;
            changed = true;
        }
    }
    changed
}

/// For each instruction, and the end, whether a loop begins there.
fn heads(draft: &Draft, jumps: &[usize]) -> Vec<bool> {
    let mut heads = vec![false; draft.instructions.len() + 1];
    for it in jumps.iter().filter_map(|it| draft.instructions.get(*it)) {
        if it.op.facts().flags.has(Flags::BACK)
            && let Some(head) = it.label.and_then(|it| draft.position(it))
            && let Some(head) = heads.get_mut(head)
        {
            *head = true;
        }
    }
    heads
}

/// Where a jump to a label ends up.
fn follow(draft: &Draft, heads: &[bool], mut label: Label) -> Label {
    for _ in 0..MAX_HOPS {
        let here = draft.position(label);
        let Some(here) = here.filter(|it| !heads.get(*it).copied().unwrap_or(true)) else { break };
        let Some(there) = draft.instructions.get(here) else { break };
        let (Opcode::Jump, Some(next)) = (there.op, there.label) else { break };
        label = next;
    }
    label
}

/// For each instruction whether a handler covers it. Linear: ranges are counted at their ends.
fn covered(draft: &Draft) -> Vec<bool> {
    let mut covered = vec![false; draft.instructions.len()];
    if draft.handlers.is_empty() {
        return covered;
    }
    let mut change = vec![0i64; covered.len() + 1];
    for it in &draft.handlers {
        if let (Some(start), Some(end)) = (draft.position(it.start), draft.position(it.end)) {
            if let Some(slot) = change.get_mut(start) {
                *slot += 1;
            }
            if let Some(slot) = change.get_mut(end) {
                *slot -= 1;
            }
        }
    }
    let mut open = 0;
    for (slot, change) in covered.iter_mut().zip(change) {
        open += change;
        *slot = open > 0;
    }
    covered
}
