//! The tables of a code object while it is built: everything that is the same has one index.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
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
        let known = self.names.find(name);
        NameIdx(known.unwrap_or_else(|| self.names.push(name.into())))
    }

    /// The index of a text constant.
    pub fn text(&mut self, text: &str) -> ConstIdx {
        let same = |it: &Constant| matches!(it, Constant::Str(known) if **known == *text);
        let known = self.constants.search(same);
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
    /// Only once the list is longer than [`SEARCHED`].
    index: HashIndex,
}

/// Up to this length a list is searched from its end.
const SEARCHED: usize = 16;

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self { items: Vec::new(), index: HashIndex::default() }
    }
}

impl<T: Eq + Hash> Pool<T> {
    /// The last item of a short list for which `is_wanted` holds.
    fn search(&self, is_wanted: impl Fn(&T) -> bool) -> Option<u32> {
        if self.items.len() > SEARCHED {
            return None;
        }
        self.items.iter().rposition(is_wanted).map(index)
    }

    /// Where an item is.
    pub(super) fn find<Q: Hash + Eq + ?Sized>(&self, wanted: &Q) -> Option<u32>
    where
        T: Borrow<Q>,
    {
        let is_same = |it: &T| it.borrow() == wanted;
        if self.items.len() <= SEARCHED {
            return self.search(is_same);
        }
        let hash = self.index.hasher.hash_one(wanted);
        self.index.find(hash, &mut |at| self.items.get(at as usize).is_some_and(is_same))
    }

    /// One more item, which is not there yet.
    pub(super) fn push(&mut self, item: T) -> u32 {
        let next = index(self.items.len());
        self.items.push(item);
        // The list has become too long to be searched: all that was in it before is hashed now.
        let unhashed: &[T] = match self.items.len() {
            len if len <= SEARCHED => &[],
            len if len == SEARCHED + 1 => &self.items[..],
            len => &self.items[len - 1..],
        };
        for item in unhashed {
            self.index.push(self.index.hasher.hash_one(item));
        }
        next
    }

    pub(super) fn add(&mut self, item: T) -> u32 {
        self.find(&item).unwrap_or_else(|| self.push(item))
    }
}

/// Where things are in a list, by their hashes: the same code for lists of whatever.
#[derive(Clone, Debug, Default)]
struct HashIndex {
    /// Std's keyed hasher: constants may come from strangers' text.
    hasher: RandomState,
    /// The last thing with a hash.
    last: HashMap<u64, u32>,
    /// For each thing the one before with the same hash, or itself.
    before: Vec<u32>,
}

impl HashIndex {
    /// The thing with that hash that is the wanted one.
    fn find(&self, hash: u64, is_wanted: &mut dyn FnMut(u32) -> bool) -> Option<u32> {
        let mut at = *self.last.get(&hash)?;
        while !is_wanted(at) {
            let before = *self.before.get(at as usize)?;
            if before == at {
                return None;
            }
            at = before;
        }
        Some(at)
    }

    /// The next thing has that hash.
    fn push(&mut self, hash: u64) {
        let at = index(self.before.len());
        let before = self.last.insert(hash, at);
        self.before.push(before.unwrap_or(at));
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
