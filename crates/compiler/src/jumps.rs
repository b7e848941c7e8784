//! Takes out what is left over when constructs are put together: jumps over jumps, jumps to jumps, and code behind them.
//!
//! A few walks over the finished instructions. No rewrite spans a label, and jumps lead forward, so following them ends;
//! it is bounded all the same.

use remora_bytecode::isa::Flags;
use remora_bytecode::{Draft, Opcode};

/// How many jumps in a row are followed.
const MAX_HOPS: usize = 16;

/// Shortens the code of a function.
pub(crate) fn shorten(draft: &mut Draft) {
    if !draft.instructions.iter().any(|it| matches!(it.op, Opcode::Jump)) {
        return;
    }
    follow(draft);
    let mut keep = vec![true; draft.instructions.len()];
    turn_around(draft, &mut keep);
    drop_dead(draft, &mut keep);
    drop_needless(draft, &mut keep);
    if keep.contains(&false) {
        draft.retain(|nth| keep[nth]);
    }
}

/// Jumps to jumps go where those go.
fn follow(draft: &mut Draft) {
    for nth in 0..draft.instructions.len() {
        let it = draft.instructions[nth];
        if !matches!(it.op, Opcode::Jump | Opcode::JumpIfFalse | Opcode::JumpIfTrue) {
            continue;
        }
        let (mut op, mut label) = (it.op, it.label);
        for _ in 0..MAX_HOPS {
            let at = label.and_then(|it| draft.position(it));
            let Some(next) = at.and_then(|at| draft.instructions.get(at)) else { break };
            match next.op {
                Opcode::Jump => label = next.label,
                // A turn of the loop ends here as well as there; it is charged once either way.
                Opcode::JumpBack if op == Opcode::Jump => {
                    if next.label.and_then(|it| draft.position(it)).is_some_and(|to| to <= nth) {
                        (op, label) = (Opcode::JumpBack, next.label);
                    }
                    break;
                }
                _ => break,
            }
        }
        let it = &mut draft.instructions[nth];
        (it.op, it.label) = (op, label);
    }
}

/// For each instruction whether a jump or a handler leads there, or a handler's range begins or ends there.
fn targets(draft: &Draft) -> Vec<bool> {
    let mut targets = vec![false; draft.instructions.len() + 1];
    let jumps = draft.instructions.iter().filter_map(|it| it.label);
    let handlers = draft.handlers.iter().flat_map(|it| [it.start, it.end, it.target]);
    for label in jumps.chain(handlers) {
        if let Some(slot) = draft.position(label).and_then(|at| targets.get_mut(at)) {
            *slot = true;
        }
    }
    targets
}

/// `jump_if_false a; jump b; a:` is `jump_if_true b; a:`.
fn turn_around(draft: &mut Draft, keep: &mut [bool]) {
    let targets = targets(draft);
    for nth in 0..draft.instructions.len().saturating_sub(1) {
        let turned = match draft.instructions[nth].op {
            Opcode::JumpIfFalse => Opcode::JumpIfTrue,
            Opcode::JumpIfTrue => Opcode::JumpIfFalse,
            _ => continue,
        };
        let over = draft.instructions[nth].label.and_then(|it| draft.position(it));
        let next = draft.instructions[nth + 1];
        if next.op == Opcode::Jump && over == Some(nth + 2) && !targets[nth + 1] {
            keep[nth + 1] = false;
            let it = &mut draft.instructions[nth];
            (it.op, it.label) = (turned, next.label);
        }
    }
}

/// Drops what control cannot come to any more.
fn drop_dead(draft: &Draft, keep: &mut [bool]) {
    let n = draft.instructions.len();
    let mut reached = vec![false; n + 1];
    // Handlers by where they lead: whether any code that they cover is reached is known by then.
    let mut handlers: Vec<(usize, usize, usize)> = draft
        .handlers
        .iter()
        .filter_map(|it| {
            let (start, end) = (draft.position(it.start)?, draft.position(it.end)?);
            Some((draft.position(it.target)?, start, end))
        })
        .collect();
    handlers.sort_unstable();
    let mut n_reached_before = vec![0_u32; n + 1];
    let mut handlers = handlers.into_iter().peekable();
    let mut falls = true;
    for nth in 0..n {
        while let Some((_, start, end)) = handlers.next_if(|(target, ..)| *target <= nth) {
            reached[nth] |= n_reached_before[end] > n_reached_before[start];
        }
        let live = falls || reached[nth];
        if keep[nth] {
            keep[nth] = live;
            let it = draft.instructions[nth];
            let flags = it.op.info().flags;
            if live && let Some(to) = it.label.and_then(|it| draft.position(it)) {
                reached[to] = true;
            }
            falls = live && !flags.has(Flags::END);
        } else {
            falls = live;
        }
        n_reached_before[nth + 1] = n_reached_before[nth] + u32::from(keep[nth]);
    }
}

/// Drops jumps to what follows anyway. Not where a handler covers them: it must not come to cover nothing.
fn drop_needless(draft: &Draft, keep: &mut [bool]) {
    let n = draft.instructions.len();
    let mut depth = vec![0_i32; n + 1];
    for it in &draft.handlers {
        if let (Some(start), Some(end)) = (draft.position(it.start), draft.position(it.end)) {
            depth[start] += 1;
            depth[end] -= 1;
        }
    }
    let mut covered = 0;
    for slot in &mut depth {
        covered += *slot;
        *slot = covered;
    }
    let mut next_kept = n;
    for nth in (0..n).rev() {
        let it = draft.instructions[nth];
        let to = it.label.and_then(|it| draft.position(it));
        if it.op == Opcode::Jump && depth[nth] == 0 && to.is_some_and(|to| to <= next_kept) {
            keep[nth] = false;
        }
        if keep[nth] {
            next_kept = nth;
        }
    }
}
