//! Says yes to a module that cannot misbehave, or which rule it breaks and where.
//!
//! Promise: for a module that passes, no engine checks a stack depth, an index, a kind of stack item or a jump target
//! again, and no local or cell is read that has not been assigned on every path.
//!
//! Linear in the size of the code, also for hostile code. Instructions are read twice, in order: once for their spelling
//! ([`canon`]), once for what they do ([`flow`]). Each block has one state, on which its predecessors agree, not one for
//! each path; a block must be reached by falling into it or by a forward jump before any backward one, so that its
//! state is known when it is met. What is on a stack is a shared list ([`depth`]), so that a state is a few words to
//! copy and compare. Which slots are assigned is a set of bits ([`assign`]) whose total work is bounded by a rule.

mod assign;
mod canon;
mod cost;
mod depth;
mod flow;
mod function;
mod handlers;
mod index;
mod rule;
mod tables;
#[cfg(test)]
mod tests;

pub use rule::{Budget, VerifyError};

use std::sync::Arc;

use crate::code::Code;
use crate::function::Function;
use crate::ids::FnIdx;
use crate::module::{Module, Unverified, Verified};
use rule::Fault;

/// Code that may take the place of that of one function in a verified module: what a module that comes in pieces grows by.
#[derive(Clone, Debug)]
pub struct VerifiedCode {
    module: Module<Verified>,
    at: FnIdx,
    function: Function,
}

impl VerifiedCode {
    /// Whether it was checked as a part of that very module, not of one like it.
    #[must_use]
    pub fn is_of(&self, module: &Module<Verified>) -> bool {
        self.module.is_same(module)
    }

    /// Which function it is of.
    #[must_use]
    pub const fn at(&self) -> FnIdx {
        self.at
    }

    /// The function with this code.
    #[must_use]
    pub const fn function(&self) -> &Function {
        &self.function
    }
}

impl Module<Verified> {
    /// Checks code for a function of this module, which keeps its signature. The module stays as it is.
    ///
    /// # Errors
    /// The first rule that is broken: V0001 to V0023, or L0008 for what exceeds the budget. V0021 if there is no such
    /// function.
    ///
    /// # Cost
    /// Linear in the size of the code.
    pub fn verify_code(
        &self,
        at: FnIdx,
        code: Code,
        budget: &Budget,
    ) -> Result<VerifiedCode, VerifyError> {
        let known = self.function(at).cloned();
        let no_function = || {
            Fault::new(remora_diagnostics::Code::V0021, "there is no such function").in_function(at)
        };
        let function = Function { code: Arc::new(code), ..known.ok_or_else(no_function)? };
        function::check(self, &function, budget)
            .and_then(|()| flow::Scratch::default().check(self, &function, budget))
            .map_err(|fault| fault.in_function(at))?;
        Ok(VerifiedCode { module: self.clone(), at, function })
    }
}

impl Module<Unverified> {
    /// Checks every rule and gives the module that engines take.
    ///
    /// # Errors
    /// The first rule that is broken: V0001 to V0023, or L0008 for what exceeds the budget.
    ///
    /// # Cost
    /// Linear in the size of the module.
    pub fn verify(self, budget: &Budget) -> Result<Module<Verified>, VerifyError> {
        self.verify_counting(budget).map(|(module, _)| module)
    }

    /// The same, and how much work it was: instructions, words of sets and links of lists that were looked at.
    fn verify_counting(self, budget: &Budget) -> Result<(Module<Verified>, u64), VerifyError> {
        tables::check(&self, budget).map_err(Fault::in_module)?;
        let mut flow = flow::Scratch::default();
        for (nth, function) in self.functions.iter().enumerate() {
            let at = FnIdx(u32::try_from(nth).unwrap_or(u32::MAX));
            function::check(&self, function, budget)
                .and_then(|()| flow.check(&self, function, budget))
                .map_err(|fault| fault.in_function(at))?;
        }
        Ok((self.into_verified(), flow.work()))
    }
}
