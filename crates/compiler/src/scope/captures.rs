//! Which variables live in cells, and which functions need a closure.
//!
//! A function needs one if it mentions a variable of a function around it. Named functions are immutable, so mentioning
//! one that itself needs no closure does not count: it is loaded by its number. What needs a closure is found by
//! spreading from those that mention real variables to those that mention them, each edge once.

use remora_diagnostics::{Sink, Span};

use super::{FuncId, Scopes, VarId, VarKind};
use crate::check;

/// Decides on cells and closures. `crossings` are named functions that methods mention.
pub(super) fn assign(scopes: &mut Scopes<'_>, crossings: &[(VarId, Span)], sink: &mut Sink) {
    find_closures(scopes);
    for (var, span) in crossings {
        if scopes.plain_function(*var).is_none() {
            sink.push(check::captured_by_method(*span, scopes.var(*var)));
        }
    }
    for nth in 0..scopes.funcs.len() {
        let outer = std::mem::take(&mut scopes.funcs[nth].outer);
        let free = outer.iter().copied().filter(|it| scopes.plain_function(*it).is_none());
        let free: Vec<VarId> = free.collect();
        for (at, var) in (0..).zip(&free) {
            let func = u32::try_from(nth).unwrap_or(u32::MAX);
            scopes.free_at.insert((func, var.0), at);
        }
        scopes.funcs[nth].free = free;
        scopes.funcs[nth].outer = outer;
    }
    for nth in 0..scopes.vars.len() {
        let var = VarId(u32::try_from(nth).unwrap_or(u32::MAX));
        let it = &scopes.vars[nth];
        if it.shared && !it.global && scopes.plain_function(var).is_none() {
            let owner = it.owner.index();
            let cells = &mut scopes.funcs[owner].cells;
            let cell = u32::try_from(cells.len()).unwrap_or(u32::MAX);
            cells.push(var);
            scopes.vars[nth].cell = Some(cell);
        }
    }
    for nth in 0..scopes.funcs.len() {
        if scopes.funcs[nth].captures_self {
            let parent = scopes.funcs[nth].parent.index();
            let parent = &mut scopes.funcs[parent];
            let next = u32::try_from(parent.cells.len()).unwrap_or(u32::MAX);
            parent.self_cell.get_or_insert(next);
        }
    }
}

fn find_closures(scopes: &mut Scopes<'_>) {
    let mut mentioned_by: Vec<Vec<FuncId>> = vec![Vec::new(); scopes.funcs.len()];
    let mut found = Vec::new();
    for (nth, func) in scopes.funcs.iter().enumerate() {
        let id = FuncId(u32::try_from(nth).unwrap_or(u32::MAX));
        let mut closure = func.captures_self;
        for var in &func.outer {
            match scopes.var(*var).kind {
                VarKind::Function(other) => mentioned_by[other.index()].push(id),
                VarKind::Mutable | VarKind::Let | VarKind::Const => closure = true,
            }
        }
        if closure {
            found.push(id);
        }
    }
    while let Some(func) = found.pop() {
        if !std::mem::replace(&mut scopes.funcs[func.index()].closure, true) {
            found.append(&mut mentioned_by[func.index()]);
        }
    }
}
