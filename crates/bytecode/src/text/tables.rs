//! The tables of a code object by value: where an entry stands first, and what number a new one gets.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use crate::code::{Code, VariantRef};
use crate::constant::Constant;
use crate::site::{Path, Site};

/// A table in which equal entries are found.
#[derive(Debug)]
pub(super) struct Pool<T> {
    pub(super) items: Vec<T>,
    /// Std's keyed hasher: entries may come from strangers' text.
    first: HashMap<T, u32>,
}

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { items: Vec::new(), first: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Pool<T> {
    pub(super) fn of(items: &[T]) -> Self {
        let mut pool = Self::default();
        for item in items {
            pool.push(item.clone());
        }
        pool
    }

    /// One more entry, even if it is there already.
    pub(super) fn push(&mut self, item: T) -> u32 {
        let at = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.first.entry(item.clone()).or_insert(at);
        self.items.push(item);
        at
    }

    /// The entry's number; a new one if it is not there.
    pub(super) fn add(&mut self, item: T) -> u32 {
        match self.first.get(&item) {
            Some(known) => *known,
            None => self.push(item),
        }
    }

    /// The entry, if it is the first with its value.
    pub(super) fn by_value(&self, at: u32) -> Option<&T> {
        let item = self.items.get(at as usize)?;
        (self.first.get(item) == Some(&at)).then_some(item)
    }
}

/// All tables.
#[derive(Debug, Default)]
pub(super) struct Pools {
    pub(super) constants: Pool<Constant>,
    pub(super) names: Pool<Arc<str>>,
    pub(super) variants: Pool<VariantRef>,
    pub(super) paths: Pool<Path>,
    pub(super) sites: Pool<Site>,
}

impl Pools {
    pub(super) fn of(code: &Code) -> Self {
        Self {
            constants: Pool::of(code.constants()),
            names: Pool::of(code.names()),
            variants: Pool::of(code.variants()),
            paths: Pool::of(code.paths()),
            sites: Pool::of(code.sites()),
        }
    }
}
