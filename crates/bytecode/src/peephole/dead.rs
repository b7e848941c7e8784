//! Removes what no way leads to.
//!
//! One walk in order is enough, as in the verifier: every place is reached by falling into it, by a forward jump or by a
//! handler, before any jump back to it.

use remora_diagnostics::order;

use crate::builder::Draft;
use crate::isa::Flags;

/// A jump back leads to what nothing else leads to any more.
#[derive(Debug)]
pub(super) struct LoopLost;

/// True if anything was removed.
pub(super) fn run(draft: &mut Draft) -> Result<bool, LoopLost> {
    let len = draft.instructions.len();
    let mut reached = vec![false; len + 1];
    // How many instructions stay before each place.
    let mut n_live = Vec::with_capacity(len + 1);
    let mut handlers: Vec<_> = draft.handlers.iter().collect();
    order::sort_by_key(&mut handlers, |it| draft.position(it.target));
    let mut handlers = handlers.into_iter().peekable();
    let (mut live, mut count) = (true, 0usize);
    let mut keep = Vec::with_capacity(len);
    for (nth, it) in draft.instructions.iter().enumerate() {
        n_live.push(count);
        let before = |at: Option<usize>| at.and_then(|at| n_live.get(at)).copied().unwrap_or(count);
        while let Some(handler) = handlers.next_if(|it| draft.position(it.target) <= Some(nth)) {
            live |= before(draft.position(handler.start)) < before(draft.position(handler.end));
        }
        live |= reached.get(nth).copied().unwrap_or_default();
        keep.push(live);
        count += usize::from(live);
        if !live {
            continue;
        }
        let flags = it.op.facts().flags;
        if let Some(target) = it.label.and_then(|it| draft.position(it)) {
            if flags.has(Flags::BACK) {
                if !keep.get(target).copied().unwrap_or_default() {
                    return Err(LoopLost);
                }
            } else if let Some(slot) = reached.get_mut(target) {
                *slot = true;
            }
        }
        live = !flags.has(Flags::END);
    }
    let changed = count < len;
    if changed {
        draft.retain(|nth| keep.get(nth).copied().unwrap_or(true));
    }
    Ok(changed)
}
