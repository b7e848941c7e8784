//! What a function needs to run: all functions that it can come to call, through any others.
//!
//! A function is reached by an instruction that names it, or as a method of a type that an instruction names; values
//! from elsewhere hold neither. Each function's code is looked at once, when it is both needed and there.

use super::stream::Draft;
use crate::ids::{FnIdx, TypeIdx};
use crate::module::{ModuleData, TypeDef};
use crate::view::Operand;

/// The functions that the start function needs, as far as is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Needs {
    functions: Vec<bool>,
    types: Vec<bool>,
    /// Needed functions that have not come.
    n_missing: usize,
}

impl Needs {
    pub(super) fn new(module: &ModuleData, n_functions: usize) -> Self {
        let mut needs = Self {
            functions: vec![false; n_functions],
            types: vec![false; module.types.len()],
            n_missing: 0,
        };
        if let Some(needed) = module.start.and_then(|it| needs.functions.get_mut(it.index())) {
            *needed = true;
            needs.n_missing = 1;
        }
        needs
    }

    /// Whether everything that is needed has come.
    pub(super) const fn are_met(&self) -> bool {
        self.n_missing == 0
    }

    pub(super) fn function(&self, at: usize) -> bool {
        self.functions.get(at).copied().unwrap_or(false)
    }

    /// The last of these functions has just come.
    pub(super) fn came(&mut self, module: &ModuleData, functions: &[Draft]) {
        let Some(last) = functions.len().checked_sub(1).filter(|it| self.function(*it)) else {
            return;
        };
        self.n_missing -= 1;
        let mut todo = vec![last];
        while let Some(function) = todo.pop().and_then(|at| functions.get(at)) {
            for it in function.code.instructions() {
                match it.operand(&function.code) {
                    Operand::Function(at) => self.need(at, functions.len(), &mut todo),
                    Operand::Type(at) => self.need_type(module, at, functions.len(), &mut todo),
                    _ => {}
                }
            }
            for site in function.code.variants() {
                self.need_type(module, site.ty, functions.len(), &mut todo);
            }
        }
    }

    fn need(&mut self, at: FnIdx, n_come: usize, todo: &mut Vec<usize>) {
        let Some(needed) = self.functions.get_mut(at.index()).filter(|it| !**it) else { return };
        *needed = true;
        if at.index() < n_come {
            todo.push(at.index());
        } else {
            self.n_missing += 1;
        }
    }

    fn need_type(
        &mut self,
        module: &ModuleData,
        at: TypeIdx,
        n_come: usize,
        todo: &mut Vec<usize>,
    ) {
        let Some(needed) = self.types.get_mut(at.index()).filter(|it| !**it) else { return };
        *needed = true;
        if let Some(TypeDef::Struct { methods, .. }) = module.ty(at) {
            methods.iter().for_each(|it| self.need(it.function, n_come, todo));
        }
    }
}
