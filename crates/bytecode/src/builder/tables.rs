//! The tables of a code object while it is built: everything that is the same has one index.

use std::collections::HashMap;
use std::sync::Arc;

use crate::code::VariantRef;
use crate::constant::Constant;
use crate::ids::{CellIdx, ConstIdx, FreeIdx, NameIdx, PathIdx, SiteIdx, TypeIdx, VariantIdx};
use crate::isa::Tables;
use crate::site::{Path, Site};

/// The tables of a code object. A list of a few entries is searched; hashing begins beyond.
#[derive(Clone, Debug, Default)]
pub struct CodeTables {
    pub(super) constants: Pool<Constant>,
    pub(super) names: Pool<Arc<str>>,
    pub(super) cells: Vec<Arc<str>>,
    pub(super) free: Vec<Arc<str>>,
    pub(super) local_names: Vec<Arc<str>>,
    pub(super) variants: Pool<VariantRef>,
    pub(super) paths: Pool<Path>,
    pub(super) sites: Pool<Site>,
}

impl CodeTables {
    /// The index of a constant.
    pub fn constant(&mut self, constant: Constant) -> ConstIdx {
        ConstIdx(self.constants.add(constant))
    }

    /// The constant at an index.
    pub(crate) fn constant_at(&self, at: ConstIdx) -> Option<&Constant> {
        self.constants.items.get(at.index())
    }

    /// The index of a name.
    pub fn name(&mut self, name: &str) -> NameIdx {
        let known =
            self.names.find(|it| **it == *name).or_else(|| self.names.map.get(name).copied());
        NameIdx(known.unwrap_or_else(|| self.names.add(name.into())))
    }

    /// The index of a text constant.
    pub fn text(&mut self, text: &str) -> ConstIdx {
        let same = |it: &Constant| matches!(it, Constant::Str(known) if **known == *text);
        let known = self.constants.find(same);
        ConstIdx(known.unwrap_or_else(|| self.constants.add(Constant::text(text))))
    }

    /// The index of a variant.
    pub fn variant(&mut self, variant: VariantRef) -> VariantIdx {
        VariantIdx(self.variants.add(variant))
    }

    /// The index of a path.
    pub fn path(&mut self, path: Path) -> PathIdx {
        PathIdx(self.paths.add(path))
    }

    /// The index of a call site.
    pub fn site(&mut self, site: Site) -> SiteIdx {
        SiteIdx(self.sites.add(site))
    }

    /// One more captured variable of this function.
    pub fn new_cell(&mut self, name: &str) -> CellIdx {
        self.cells.push(name.into());
        CellIdx(index(self.cells.len() - 1))
    }

    /// One more variable captured from the maker.
    pub fn new_free(&mut self, name: &str) -> FreeIdx {
        self.free.push(name.into());
        FreeIdx(index(self.free.len() - 1))
    }

    /// What the locals are called, from the first on.
    pub fn set_local_names(&mut self, names: Vec<Arc<str>>) {
        self.local_names = names;
    }
}

impl Tables for CodeTables {
    fn n_fields(&self, _: TypeIdx) -> Option<u32> {
        None
    }

    fn path(&self, path: PathIdx) -> Option<&Path> {
        self.paths.items.get(path.index())
    }

    fn site(&self, site: SiteIdx) -> Option<&Site> {
        self.sites.items.get(site.index())
    }
}

/// A list in which equal items have one index.
#[derive(Clone, Debug)]
pub(super) struct Pool<T> {
    pub(super) items: Vec<T>,
    /// Only once the list is longer than [`SEARCHED`]. Std's keyed hasher: constants may come from strangers' text.
    map: HashMap<T, u32>,
}

/// Up to this length a list is searched from its end.
const SEARCHED: usize = 16;

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { items: Vec::new(), map: HashMap::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Pool<T> {
    fn find(&self, wanted: impl Fn(&T) -> bool) -> Option<u32> {
        if self.items.len() > SEARCHED {
            return None;
        }
        self.items.iter().rposition(wanted).map(index)
    }

    pub(super) fn add(&mut self, item: T) -> u32 {
        if let Some(known) = self.find(|it| *it == item) {
            return known;
        }
        if self.items.len() == SEARCHED {
            self.map = self.items.iter().cloned().zip(0..).collect();
        }
        let next = index(self.items.len());
        if self.items.len() >= SEARCHED {
            match self.map.entry(item) {
                std::collections::hash_map::Entry::Occupied(known) => return *known.get(),
                std::collections::hash_map::Entry::Vacant(free) => {
                    self.items.push(free.key().clone());
                    free.insert(next);
                }
            }
        } else {
            self.items.push(item);
        }
        next
    }
}

fn index(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_the_same_only_by_type_and_bits() {
        let mut tables = CodeTables::default();
        let different = [
            Constant::Int(1),
            Constant::float(1.0),
            Constant::Bool(true),
            Constant::float(0.0),
            Constant::float(-0.0),
            Constant::Float(0x7ff8_0000_0000_0000),
            Constant::Float(0x7ff8_0000_0000_0001),
            Constant::text("1"),
            Constant::Null,
        ];
        for turn in 0..2 {
            for (nth, constant) in different.iter().enumerate() {
                assert_eq!(tables.constant(constant.clone()).index(), nth, "turn {turn}");
            }
        }
        for n in 0..500 {
            let first = tables.constant(Constant::Int(1000 + n));
            assert_eq!(tables.constant(Constant::Int(1000 + n)), first);
        }
    }
}
