//! The names that can be seen from where the walk is, each in constant time.
//!
//! A stack of bindings, innermost last; each name knows its innermost binding, and each binding the one it hides.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::imports::ImportId;
use super::{FuncId, TypeId, VarId};

/// A name, numbered.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct Symbol(u32);

/// What a name is bound to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Bound {
    Var(VarId),
    Type(TypeId),
    /// A field of `self`, seen by its bare name in this method.
    Field(FuncId),
    /// Something of another module, or a module.
    Import(ImportId),
}

#[derive(Debug)]
struct Binding {
    symbol: Symbol,
    bound: Bound,
    hides: Option<u32>,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Bindings<'a> {
    /// Keyed at random: names may come from strangers' text.
    symbols: HashMap<&'a str, Symbol, RandomState>,
    texts: Vec<&'a str>,
    innermost: Vec<Option<u32>>,
    stack: Vec<Binding>,
    /// How high the stack was when each open scope began.
    scopes: Vec<u32>,
}

impl<'a> Bindings<'a> {
    pub(super) fn symbol(&mut self, name: &'a str) -> Symbol {
        let next = Symbol(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        let symbol = *self.symbols.entry(name).or_insert(next);
        if symbol == next {
            self.texts.push(name);
            self.innermost.push(None);
        }
        symbol
    }

    pub(super) fn text(&self, symbol: Symbol) -> &'a str {
        self.texts[symbol.0 as usize]
    }

    pub(super) fn open(&mut self) {
        self.scopes.push(self.height());
    }

    /// Ends the innermost scope.
    pub(super) fn close(&mut self) {
        let height = self.scopes.pop().unwrap_or_default() as usize;
        while self.stack.len() > height {
            if let Some(binding) = self.stack.pop() {
                self.innermost[binding.symbol.0 as usize] = binding.hides;
            }
        }
    }

    /// The variables of the innermost scope, in the order in which they were declared.
    pub(super) fn vars_of_scope(&self) -> Vec<VarId> {
        let height = self.scopes.last().copied().unwrap_or_default() as usize;
        let vars = self.stack[height..].iter().filter_map(|it| match it.bound {
            Bound::Var(var) => Some(var),
            Bound::Type(_) | Bound::Field(_) | Bound::Import(_) => None,
        });
        vars.collect()
    }

    /// All that the innermost scope binds, in order.
    pub(super) fn scope(&self) -> Vec<(Symbol, Bound)> {
        let height = self.scopes.last().copied().unwrap_or_default() as usize;
        self.stack[height..].iter().map(|it| (it.symbol, it.bound)).collect()
    }

    pub(super) fn bind(&mut self, symbol: Symbol, bound: Bound) {
        let at = self.height();
        let hides = self.innermost[symbol.0 as usize].replace(at);
        self.stack.push(Binding { symbol, bound, hides });
    }

    /// What the name means here.
    pub(super) fn find(&self, symbol: Symbol) -> Option<Bound> {
        let at = self.innermost[symbol.0 as usize]?;
        Some(self.stack[at as usize].bound)
    }

    /// What the innermost scope itself binds the name to.
    pub(super) fn find_in_scope(&self, symbol: Symbol) -> Option<Bound> {
        let at = self.innermost[symbol.0 as usize]?;
        let height = self.scopes.last().copied().unwrap_or_default();
        (at >= height).then(|| self.stack[at as usize].bound)
    }

    /// Everything that is bound, innermost first.
    pub(super) fn visible(&self) -> impl Iterator<Item = (&'a str, Bound)> + '_ {
        self.stack.iter().rev().map(|it| (self.texts[it.symbol.0 as usize], it.bound))
    }

    /// True in the outermost scope.
    pub(super) fn at_top(&self) -> bool {
        self.scopes.len() == 1
    }

    fn height(&self) -> u32 {
        u32::try_from(self.stack.len()).unwrap_or(u32::MAX)
    }
}
