//! What names bound by `const` to constant expressions stand for: their values are loaded instead of the variables.
//!
//! Only where the binding has certainly been made: in the function that declares the name, and, for a top-level name, in
//! all functions if nothing before its statement could have called one. Conditions are not decided here but by the
//! optimiser, so that `const DEBUG := true` makes no code unreachable that a message would speak of.

use std::collections::HashMap;

use remora_bytecode::Constant;
use remora_syntax::ast::{Expr, Pattern, PatternKind, Stmt, StmtKind};

use super::Codegen;
use crate::scope::{Meaning, VarId, VarKind};

/// Longer text stays in its variable, of which there is one.
const MAX_TEXT: usize = 32;

/// The constants known so far.
#[derive(Debug, Default)]
pub(super) struct Constants {
    /// By variable: its value, and whether it is known in all functions.
    known: HashMap<u32, (Constant, bool)>,
    /// Top-level code so far does nothing that could call a function.
    quiet: bool,
}

impl Constants {
    /// `whole`: what is compiled is a whole program, no part of a session that may declare its names anew.
    pub(super) fn new(whole: bool) -> Self {
        Self { known: HashMap::new(), quiet: whole }
    }

    /// Whether there are any.
    pub(super) fn any(&self) -> bool {
        !self.known.is_empty()
    }
}

impl<'a> Codegen<'a, '_> {
    /// The value of a variable, if it is the same wherever this code reads it.
    pub(super) fn known_var(&self, var: VarId) -> Option<&Constant> {
        if !self.constants.any() {
            return None;
        }
        let (value, everywhere) = self.constants.known.get(&var.0)?;
        (*everywhere || self.scopes.var(var).owner == self.function).then_some(value)
    }

    /// The same for an occurrence of a name.
    pub(super) fn known_name(&self, name: &str) -> Option<&Constant> {
        match self.scopes.meaning(name)? {
            Meaning::Var(var) => self.known_var(var),
            _ => None,
        }
    }

    /// A statement begins: takes note if it could call a function.
    pub(super) fn note_calls(&mut self, stmt: &Stmt) {
        self.constants.quiet = self.constants.quiet && self.is_quiet(stmt);
    }

    fn is_quiet(&self, stmt: &Stmt) -> bool {
        match &stmt.kind {
            StmtKind::Func(_) | StmtKind::Struct(_) | StmtKind::Enum(_) | StmtKind::Test(_) => true,
            StmtKind::Bind { pattern, value, .. } => {
                matches!(pattern.kind, PatternKind::Bind(_)) && self.folded(value).is_some()
            }
            StmtKind::Export(inner) => self.is_quiet(inner),
            _ => false,
        }
    }

    /// A pattern has been bound to a value: remembers it, if it is a constant under a name.
    pub(super) fn know(&mut self, pattern: &'a Pattern, value: &'a Expr) {
        let PatternKind::Bind(name) = &pattern.kind else { return };
        let Some(Meaning::Declares(var)) = self.scopes.meaning(&name.name) else { return };
        let it = self.scopes.var(var);
        if it.kind != VarKind::Const {
            return;
        }
        let long = |it: &Constant| matches!(it, Constant::Str(text) if text.len() > MAX_TEXT);
        if let Some(value) = self.folded(value).filter(|it| !long(it)) {
            let everywhere = it.global && self.constants.quiet;
            self.constants.known.insert(var.0, (value, everywhere));
        }
    }
}
