//! Small rewrites on code that has not been encoded yet.
//!
//! Promise: what the verifier would pass before it passes after, and does the same, with the same errors at the same
//! places. Three kinds of rewrite are repeated until nothing changes, but at most [`MAX_ROUNDS`] times:
//! [`fold`] looks at a few instructions in a row, [`jumps`] shortens ways, [`dead`] removes what no way leads to. No
//! rewrite looks across a label in use, be it a jump's or a handler's: control may come in there with another
//! stack. Tables only grow, so that indices stay; the stack's greatest depth is left as it is.
//!
//! Most functions have nothing to rewrite. So [`work`] looks first, once and without taking memory, and only what it
//! found work for is run.

mod dead;
mod fold;
mod jumps;
mod work;

use std::cmp::Reverse;

use remora_diagnostics::order;

use crate::builder::{Draft, DraftHandler, Label};
use crate::isa::Flags;

/// How often all rewrites are tried. Each round is linear; few programs need a third.
const MAX_ROUNDS: usize = 12;

/// The same code with less to do. Code with a label that is used but not bound comes back as it is.
#[must_use]
pub fn optimise(mut draft: Draft) -> Draft {
    let mut found = work::find(&draft);
    if found.is_none() || !all_bound(&draft) {
        return draft;
    }
    sort_handlers(&mut draft);
    // A loop that only a handler or a threaded jump led to could lose its way in from above; then nothing is done.
    let loops = draft.instructions.iter().any(|it| it.op.facts().flags.has(Flags::BACK));
    let before = (loops && !draft.handlers.is_empty()).then(|| draft.clone());
    for _ in 0..MAX_ROUNDS {
        let mut changed = found.rows && fold::run(&mut draft);
        // What was folded may have become a jump.
        if changed || found.ways {
            changed |= jumps::run(&mut draft);
        }
        if !changed {
            changed = found.ways && jumps::leave(&mut draft);
        }
        if !changed {
            break;
        }
        if dead::run(&mut draft).is_err() {
            return before.unwrap_or(draft);
        }
        found = work::find(&draft);
    }
    draft
}

fn all_bound(draft: &Draft) -> bool {
    let jumps = draft.instructions.iter().filter_map(|it| it.label);
    let mut labels = jumps.chain(draft.handlers.iter().flat_map(labels_of));
    labels.all(|it| draft.position(it).is_some())
}

fn labels_of(handler: &DraftHandler) -> [Label; 3] {
    [handler.start, handler.end, handler.target]
}

/// Outer before inner now, as ranges that differ may become the same.
fn sort_handlers(draft: &mut Draft) {
    let mut handlers = std::mem::take(&mut draft.handlers);
    order::sort_by_key(&mut handlers, |it| {
        (draft.position(it.start), Reverse(draft.position(it.end)))
    });
    draft.handlers = handlers;
}

/// For each instruction, and the end, whether a label in use stands before it.
fn bounds(draft: &Draft) -> Vec<bool> {
    let mut bounds = vec![false; draft.instructions.len() + 1];
    let jumps = draft.instructions.iter().filter_map(|it| it.label);
    for label in jumps.chain(draft.handlers.iter().flat_map(labels_of)) {
        if let Some(bound) = draft.position(label).and_then(|at| bounds.get_mut(at)) {
            *bound = true;
        }
    }
    bounds
}
