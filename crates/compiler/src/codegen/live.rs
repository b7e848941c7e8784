//! Which of the written functions become part of the module: those that something can come to call.
//!
//! A function is kept if the start function leads to it, if a host may call it by its name (a top-level function that is
//! exported, or that no mark keeps private), or if it is a method. What stands in code that was removed is left out, and
//! so is a private function that nobody mentions. Their order stays the order of the text.

use remora_bytecode::{BuildError, Draft, FnIdx, Function, ModuleBuilder, Opcode};
use remora_diagnostics::Span;

use crate::scope::Func;

/// A function whose code can still be changed.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) at: FnIdx,
    /// All but its code.
    pub(super) function: Function,
    pub(super) draft: Result<Draft, BuildError>,
    /// For messages about all of it.
    pub(super) span: Span,
    /// It is part of the module whatever refers to it.
    pub(super) root: bool,
}

/// Whether a function may be called from outside whatever the module's own code does.
pub(super) fn is_root(func: &Func<'_>, at: FnIdx, exported: bool) -> bool {
    at.0 == 0 || func.method.is_some() || exported
}

/// Takes what nothing leads to out of the list and of the module, whose other functions move up. Linear.
pub(super) fn leave_out(written: &mut Vec<Written>, module: &mut ModuleBuilder) {
    let live = find_live(written);
    if !live.contains(&false) {
        return;
    }
    let mut next = 0;
    let numbers: Vec<FnIdx> = live
        .iter()
        .map(|live| {
            let number = FnIdx(next);
            next += u32::from(*live);
            number
        })
        .collect();
    let new = |at: u32| numbers.get(at as usize).map_or(at, |it| it.0);
    written.retain(|it| live.get(it.at.index()).copied().unwrap_or(true));
    for it in written {
        it.at = FnIdx(new(it.at.0));
        for it in it.draft.iter_mut().flat_map(|it| &mut it.instructions) {
            if names_function(it.op) {
                it.arg = new(it.arg);
            }
        }
    }
    module.retain_functions(&live);
}

/// For each function, by number, whether it stays.
fn find_live(written: &[Written]) -> Vec<bool> {
    let mut live: Vec<bool> = written.iter().map(|it| it.root).collect();
    let mut todo: Vec<usize> = (0..written.len()).filter(|it| live[*it]).collect();
    while let Some(Written { draft: Ok(draft), .. }) = todo.pop().map(|it| &written[it]) {
        for it in draft.instructions.iter().filter(|it| names_function(it.op)) {
            let at = it.arg as usize;
            if let Some(slot) = live.get_mut(at).filter(|it| !**it) {
                *slot = true;
                todo.push(at);
            }
        }
    }
    live
}

const fn names_function(op: Opcode) -> bool {
    matches!(op, Opcode::LoadFunction | Opcode::MakeClosure | Opcode::Spawn)
}
