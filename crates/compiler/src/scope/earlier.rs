//! Variables that were there before the program: those of a session.
//!
//! They are the first variables and so the first globals, in an order that never changes: what was compiled before finds
//! them at the numbers that it knows. Declaring one anew keeps its number: earlier functions see the new value.

use remora_diagnostics::Span;

use super::bindings::Bound;
use super::resolve::Resolver;
use super::{VarId, VarKind};
use crate::Earlier;

impl<'a> Resolver<'a, '_> {
    pub(super) fn declare_earlier(&mut self, earlier: &'a [Earlier]) {
        for it in earlier {
            let kind = if it.mutable { VarKind::Mutable } else { VarKind::Let };
            let var = self.add_var(&it.name, Span::default(), kind);
            self.out.vars[var.index()].shared = true;
            if !it.hidden {
                let symbol = self.bindings.symbol(&it.name);
                self.bindings.bind(symbol, Bound::Var(var));
            }
        }
        self.n_earlier = earlier.len();
    }

    /// Whether the variable was there before, and has not been declared anew.
    pub(super) fn is_earlier(&self, var: VarId) -> bool {
        var.index() < self.n_earlier && self.out.var(var).span == Span::default()
    }

    /// Declares one anew.
    pub(super) fn renew(&mut self, var: VarId, span: Span, kind: VarKind) -> VarId {
        let it = &mut self.out.vars[var.index()];
        (it.span, it.kind) = (span, kind);
        var
    }
}
