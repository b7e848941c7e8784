//! Interpolated strings.

use remora_diagnostics::Span;
use remora_syntax::ast::Interpolated;

use super::{Codegen, count};
use crate::limits::CHUNK;

impl<'a> Codegen<'a, '_> {
    /// Joins the parts; very many of them in several steps.
    #[inline(never)]
    pub(super) fn interpolated(&mut self, parts: &'a [Interpolated], span: Span) {
        let mut n_waiting = 0;
        for part in parts {
            if n_waiting == CHUNK {
                self.emit(span, |code| code.build_string(count(n_waiting)));
                n_waiting = 1;
            }
            match part {
                Interpolated::Text(text) => self.text(text, span),
                Interpolated::Expr(expr) => self.expr(expr),
            }
            n_waiting += 1;
        }
        self.emit(span, |code| code.build_string(count(n_waiting)));
    }
}
