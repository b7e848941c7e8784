//! How large a program may be: what the verifier will take, said at the place in the source.
//!
//! The numbers are those of the verifier's default [`Budget`], so that no module is made that it would refuse.

use remora_bytecode::Budget;
use remora_diagnostics::{Code, Diagnostic, Span};

/// Items of a literal that are gathered on the stack before they are put together.
pub(crate) const CHUNK: usize = 200;

/// Counts what the verifier will count.
#[derive(Debug)]
pub(crate) struct Limits {
    budget: Budget,
    words_left: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let budget = Budget::default();
        Self { words_left: budget.max_state_words, budget }
    }
}

/// The sizes of one function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) units: usize,
    pub(crate) locals: usize,
    pub(crate) stack: u32,
    pub(crate) params: usize,
    pub(crate) labels: usize,
}

impl Limits {
    /// Counts a function.
    pub(crate) fn function(&mut self, sizes: Sizes, span: Span) -> Option<Diagnostic> {
        let budget = &self.budget;
        let checks = [
            (sizes.units > budget.max_units, "instructions"),
            (sizes.locals > budget.max_locals, "variables"),
            (sizes.stack > budget.max_stack, "values at once"),
            (sizes.params > budget.max_params, "parameters"),
        ];
        if let Some((_, what)) = checks.into_iter().find(|(exceeded, _)| *exceeded) {
            return Some(too_large(span, &format!("this function needs too many {what}")));
        }
        // A state for each way to a label: the stack's special items, and a bit for each local and cell.
        let words = sizes.labels.saturating_mul(2).saturating_mul(16 + sizes.locals / 64);
        match self.words_left.checked_sub(words) {
            Some(left) => self.words_left = left,
            None => {
                return Some(too_large(span, "there are too many branches over so many variables"));
            }
        }
        None
    }

    /// Counts of the module: functions, globals, types.
    pub(crate) fn module(&self, counts: [usize; 3]) -> Option<Diagnostic> {
        let exceeded = counts.into_iter().any(|it| it > self.budget.max_functions);
        let label = "there are too many functions, top-level variables or types";
        exceeded.then(|| too_large(Span::at(0), label))
    }

    /// Fields of a struct, variants of an enum, values of a variant.
    pub(crate) fn members(&self, n: usize, span: Span) -> Option<Diagnostic> {
        (n > self.budget.max_members).then(|| too_large(span, "this type has too many members"))
    }

    /// Named arguments of a call.
    pub(crate) fn named(&self, n: usize, span: Span) -> Option<Diagnostic> {
        (n > self.budget.max_params).then(|| too_large(span, "this names too many values"))
    }
}

fn too_large(span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(Code::E0114).label(span, label).help("split it")
}
