//! Import statements: the top-level code of a file is a function, which runs once.
//!
//! A statement stands at the top level of a file and so runs at most once. A file that only one statement means is
//! called there at once. Else a global holds its function until the first statement takes it out.

use remora_bytecode::{CodeBuilder, Global, GlobalIdx};
use remora_diagnostics::Span;

use super::Codegen;

impl Codegen<'_, '_> {
    /// Adds the globals for files that several statements mean.
    pub(super) fn add_top_globals(&mut self) {
        let mut counts = vec![0_usize; self.scopes.tops.len()];
        for (_, file) in &self.scopes.imports {
            if let Some(count) = counts.get_mut(*file) {
                *count += 1;
            }
        }
        // A session may import again what it has imported.
        let always = !self.options.globals_as_locals;
        for (file, count) in counts.iter().enumerate().skip(1) {
            if let Some(earlier) = self.options.earlier_modules.get(file - 1) {
                self.top_globals[file] = Some(GlobalIdx(earlier.top));
            } else if always || *count > 1 {
                let name = format!("top level {file}").into();
                let global = Global { name, mutable: true, exported: false };
                self.top_globals[file] = Some(self.module.add_global(global));
            }
        }
    }

    /// The program begins: no file has run yet.
    pub(super) fn store_tops(&mut self, span: Span) {
        let n_earlier = self.options.earlier_modules.len();
        for file in 1 + n_earlier..self.top_globals.len() {
            if let Some(global) = self.top_globals[file] {
                self.load_function(self.scopes.tops[file], span);
                self.emit(span, |code| code.store_global(global));
            }
        }
    }

    pub(super) fn import_stmt(&mut self, span: Span) {
        let imports = &self.scopes.imports;
        let Ok(at) = imports.binary_search_by_key(&span.start, |(it, _)| it.start) else { return };
        let (_, file) = imports[at];
        let (top, global) = (self.scopes.tops[file], self.top_globals[file]);
        let Some(global) = global else {
            self.load_function(top, span);
            return self.emit(span, |code| {
                code.call(0);
                code.pop();
            });
        };
        let has_run = self.label();
        self.emit(span, |code| {
            code.load_global(global);
            code.jump_if_null(has_run);
            code.load_null();
            code.store_global(global);
            code.call(0);
        });
        self.bind(has_run);
        self.emit(span, CodeBuilder::pop);
    }
}
