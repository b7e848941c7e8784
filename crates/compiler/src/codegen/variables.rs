//! Variables: where they live, reading and writing them.

use remora_bytecode::{CellIdx, FreeIdx, GlobalIdx, LocalIdx, Root};
use remora_diagnostics::Span;
use remora_syntax::ast::Ident;

use super::Codegen;
use crate::scope::{FuncId, Meaning, VarId};

/// Where a variable lives, seen from one function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Home {
    Local(LocalIdx),
    Cell(CellIdx),
    Free(FreeIdx),
    Global(GlobalIdx),
    /// A named function that captures nothing: it needs no room.
    Function(FuncId),
}

impl Home {
    /// Where a path into the variable begins.
    pub(super) const fn root(self) -> Option<Root> {
        match self {
            Self::Local(local) => Some(Root::Local(local)),
            Self::Cell(cell) => Some(Root::Cell(cell)),
            Self::Free(free) => Some(Root::Free(free)),
            Self::Global(global) => Some(Root::Global(global)),
            Self::Function(_) => None,
        }
    }
}

impl<'a> Codegen<'a, '_> {
    /// Where a variable lives. It has been declared before in this function, or in one around it.
    pub(super) fn home(&self, var: VarId) -> Home {
        if let Some(func) = self.scopes.plain_function(var) {
            return Home::Function(func);
        }
        if let Some(global) = self.globals[var.index()] {
            return Home::Global(global);
        }
        let it = self.scopes.var(var);
        match it.cell {
            Some(cell) if it.owner == self.function => Home::Cell(CellIdx(cell)),
            _ => {
                debug_assert!(self.homes[var.index()].is_some(), "{} has a home", it.name);
                self.homes[var.index()].unwrap_or(Home::Local(LocalIdx(0)))
            }
        }
    }

    /// Makes room for a variable that begins here: a local, or a fresh cell.
    pub(super) fn begin_var(&mut self, var: VarId, span: Span) {
        let it = self.scopes.var(var);
        if self.globals[var.index()].is_some() || self.scopes.plain_function(var).is_some() {
            return;
        }
        if let Some(cell) = it.cell {
            if !self.made[var.index()] {
                self.emit(span, |code| code.make_cell(CellIdx(cell)));
            }
        } else if self.homes[var.index()].is_none() {
            let local = self.new_local();
            self.name_local(local, it.name);
            self.homes[var.index()] = Some(Home::Local(local));
        }
    }

    /// Pushes the value of a variable.
    pub(super) fn load_var(&mut self, var: VarId, span: Span) {
        let home = self.home(var);
        self.load_home(home, span);
    }

    pub(super) fn load_home(&mut self, home: Home, span: Span) {
        if let Home::Function(func) = home {
            return self.load_function(func, span);
        }
        self.emit(span, |code| match home {
            Home::Local(local) => code.load_local(local),
            Home::Cell(cell) => code.load_cell(cell),
            Home::Free(free) => code.load_free(free),
            Home::Global(global) => code.load_global(global),
            Home::Function(_) => {}
        });
    }

    /// Pops into a variable.
    pub(super) fn store_var(&mut self, var: VarId, span: Span) {
        let home = self.home(var);
        self.emit(span, |code| match home {
            Home::Local(local) => code.store_local(local),
            Home::Cell(cell) => code.store_cell(cell),
            Home::Free(free) => code.store_free(free),
            Home::Global(global) => code.store_global(global),
            // Named functions cannot be assigned; their declaration stores nothing.
            Home::Function(_) => code.pop(),
        });
    }

    /// Pops into what a name in a binding or assignment stands for.
    pub(super) fn store_name(&mut self, name: &'a Ident) {
        if self.waiting.is_some() {
            let local = self.new_local();
            self.emit(name.span, |code| code.store_local(local));
            return self.waiting.iter_mut().for_each(|it| it.push((name, local)));
        }
        self.store_text(&name.name, name.span);
    }

    /// The same for a name in an expression.
    pub(super) fn store_text(&mut self, name: &'a str, span: Span) {
        match self.scopes.meaning(name) {
            Some(Meaning::Declares(var)) => {
                self.begin_var(var, span);
                self.store_var(var, span);
            }
            Some(Meaning::Var(var)) => self.store_var(var, span),
            Some(Meaning::Field) => self.store_field(name, span),
            other => debug_assert!(false, "{name} cannot be stored to: {other:?}"),
        }
    }

    /// Pushes `self`.
    pub(super) fn load_self(&mut self, span: Span) {
        let home = self.self_home();
        self.load_home(home, span);
    }

    /// Where `self` lives: the first parameter of a method, the last captured variable of a function inside one.
    pub(super) fn self_home(&self) -> Home {
        let func = self.scopes.func(self.function);
        if func.captures_self {
            Home::Free(FreeIdx(super::count(func.free.len())))
        } else {
            Home::Local(LocalIdx(0))
        }
    }

    pub(super) fn name_local(&mut self, local: LocalIdx, name: &'a str) {
        if self.local_names.len() <= local.index() {
            self.local_names.resize(local.index() + 1, "");
        }
        if let Some(slot) = self.local_names.get_mut(local.index()) {
            *slot = name;
        }
    }
}
