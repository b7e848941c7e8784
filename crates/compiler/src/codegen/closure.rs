//! Making functions: literals where they stand, named ones when their block begins.

use remora_bytecode::{CellIdx, FnIdx};
use remora_diagnostics::Span;
use remora_syntax::ast::{Block, FuncExpr, Stmt, StmtKind};

use super::Codegen;
use crate::scope::{FuncId, Meaning, VarId};

impl<'a> Codegen<'a, '_> {
    pub(super) fn func_expr(&mut self, func: &'a FuncExpr, span: Span) {
        if let Some(func) = self.scopes.func_of(&func.body) {
            self.load_function(func, span);
        }
    }

    /// Starts a task that runs a block.
    pub(super) fn spawn(&mut self, body: &'a Block, span: Span) {
        let Some(func) = self.scopes.func_of(body) else { return };
        let Some(at) = self.functions[func.index()] else { return };
        self.copy_self(func, span);
        self.emit(span, |code| code.spawn(at));
    }

    /// Pushes a function, with a closure if it needs one.
    pub(super) fn load_function(&mut self, func: FuncId, span: Span) {
        let Some(at) = self.functions[func.index()] else { return };
        self.copy_self(func, span);
        let closure = self.scopes.func(func).closure;
        self.emit(span, |code| load(code, at, closure));
    }

    /// Where a function that is about to be made captures `self`, puts a copy of it there.
    fn copy_self(&mut self, func: FuncId, span: Span) {
        let made = self.scopes.func(func);
        if made.captures_self {
            // A copy of `self` as it is now, in a cell of its own.
            let cell = self.scopes.func(self.function).self_cell.unwrap_or_default();
            self.emit(span, |code| code.make_cell(CellIdx(cell)));
            self.load_self(span);
            self.emit(span, |code| code.store_cell(CellIdx(cell)));
        }
    }

    /// Begins a block: makes its named functions, and before them the cells of the variables that they may capture.
    pub(super) fn hoist(&mut self, stmts: &'a [Stmt]) {
        let Some(vars) = self.scopes.hoisting(stmts) else { return };
        let closures: Vec<(VarId, Span)> =
            stmts.iter().filter_map(|it| self.closure_of(it)).collect();
        if closures.is_empty() {
            return;
        }
        for var in vars {
            let it = self.scopes.var(*var);
            if let Some(cell) = it.cell {
                self.emit(it.span, |code| code.make_cell(CellIdx(cell)));
                self.made[var.index()] = true;
            }
        }
        for (var, span) in closures {
            self.begin_var(var, span);
            if let crate::scope::VarKind::Function(func) = self.scopes.var(var).kind {
                self.load_function(func, span);
            }
            self.store_var(var, span);
        }
    }

    /// The variable of a named function that needs a closure.
    fn closure_of(&self, stmt: &'a Stmt) -> Option<(VarId, Span)> {
        let StmtKind::Func(decl) = &stmt.kind else { return None };
        let Some(Meaning::Declares(var)) = self.scopes.meaning(&decl.name.name) else {
            return None;
        };
        self.scopes.plain_function(var).is_none().then_some((var, decl.name.span))
    }
}

fn load(code: &mut remora_bytecode::CodeBuilder, at: FnIdx, closure: bool) {
    if closure {
        code.make_closure(at);
    } else {
        code.load_function(at);
    }
}
