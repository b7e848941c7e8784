//! Modules: running each once, and what importers see of them.

use std::rc::Rc;

use remora_diagnostics::{Code, Span};
use remora_syntax::ast::{Expr, ExprKind, Ident, Import, Program, Stmt, StmtKind};

use super::hoist::{declared, unexported};
use super::{Frame, Interp, Meaning};
use crate::env::Cell;
use crate::session::Global;
use crate::stop::{Eval, Stop};

/// What importers of a module may name: what it marks with `export`, else all that does not begin with `_`.
pub(crate) fn exported_names(program: &Program) -> Vec<&str> {
    let is_marked = |it: &Stmt| matches!(it.kind, StmtKind::Export(_));
    let any_marked = program.stmts.iter().any(is_marked);
    let stmts = program.stmts.iter().filter(|it| !any_marked || is_marked(it));
    let names = stmts.flat_map(declared).map(|it| it.0);
    names.filter(|it| any_marked || !it.starts_with('_')).collect()
}

impl<'p> Interp<'_, 'p> {
    /// Makes the top-level names of all modules known, then what they import from each other.
    pub(super) fn hoist_modules(&mut self) {
        for module in 0..self.session.modules.len() {
            self.module = module;
            self.hoist_globals(&self.session.modules[module].program.stmts);
        }
        for (at, module) in self.session.modules.iter().enumerate() {
            for stmt in &module.program.stmts {
                if let StmtKind::Import(import) = &unexported(stmt).kind
                    && let Some(from) = module.imports.get(&stmt.span.start)
                {
                    self.bind_import(at, *from, import);
                }
            }
        }
        self.module = 0;
    }

    fn bind_import(&self, module: usize, from: usize, import: &'p Import) {
        let into = &self.session.modules[module];
        let Some(items) = &import.items else {
            if let Some(name) = import.alias.as_ref().or(import.path.last()) {
                into.bound.borrow_mut().insert(&name.name, from);
            }
            return;
        };
        for item in items {
            let name = &*item.alias.as_ref().unwrap_or(&item.name).name;
            if let Some(cell) = self.exported(from, &item.name.name) {
                let cell = Cell::alias(name, cell);
                into.globals.borrow_mut().insert(name, Global { cell, declared: false });
            }
        }
    }

    /// The variable behind an exported name.
    fn exported(&self, module: usize, name: &str) -> Option<Rc<Cell<'p>>> {
        let module = &self.session.modules[module];
        if !module.exports.contains(&name) {
            return None;
        }
        module.globals.borrow().get(name).map(|it| Rc::clone(&it.cell))
    }

    /// An import statement: runs the module, if that has not been done.
    pub(super) fn import(
        &mut self,
        frame: &Frame<'p>,
        import: &'p Import,
        span: Span,
    ) -> Eval<'p, ()> {
        let module = &self.session.modules[self.module];
        let from = module.imports.get(&span.start).copied();
        let (true, Some(from)) = (frame.is_top, from) else {
            return self.fail(span, Code::E0015, "Imports belong at the top level");
        };
        let importer = std::mem::replace(&mut self.module, from);
        let end = self.run_module();
        self.module = importer;
        end?;
        for item in import.items.iter().flatten() {
            let name = &*item.alias.as_ref().unwrap_or(&item.name).name;
            if let Some(global) = self.session.modules[importer].globals.borrow_mut().get_mut(name)
            {
                global.declared = true;
            }
        }
        Ok(())
    }

    /// Runs the top level of this module, unless it has been.
    fn run_module(&mut self) -> Eval<'p, ()> {
        let module = &self.session.modules[self.module];
        if !module.has_run.replace(true) {
            match self.stmts(&mut Frame::of_module(), &module.program.stmts) {
                // It ends the module, not the importer.
                Ok(_) | Err(Stop::Return(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        Ok(())
    }

    /// The module that an expression names.
    pub(super) fn module_of(&self, frame: &Frame<'p>, object: &Expr) -> Option<usize> {
        match &object.kind {
            ExprKind::Name(name) => match self.meaning(frame, name) {
                Meaning::Module(module) => Some(module),
                _ => None,
            },
            _ => None,
        }
    }

    /// The variable that `module.name` means, which importers cannot change.
    pub(super) fn member(&self, module: usize, name: &'p Ident) -> Eval<'p, Rc<Cell<'p>>> {
        match self.exported(module, &name.name) {
            Some(cell) => Ok(Cell::alias(&name.name, cell)),
            None => {
                let message = format!("The module does not export {}", name.name);
                self.fail(name.span, Code::E0123, message)
            }
        }
    }

    pub(super) fn member_value(&self, module: usize, name: &'p Ident, span: Span) -> Eval<'p> {
        let cell = self.member(module, name)?;
        self.read(&cell, span)
    }
}
