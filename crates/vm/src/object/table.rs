//! The table behind dicts and sets: entries in the order they came, and an index over them.
//!
//! Up to [`SMALL`] entries there is no index, a scan is faster. Above, the index is an open-addressing table of
//! `hash << 32 | position + 1`, at most half full, probed linearly; hashes are seeded, so no script can make probes long.
//! Removing leaves a hole in the entries, closed when holes outnumber entries; nothing moves in the order of insertion.

use core::cell::Cell;

use crate::fault::Res;
use crate::heap::{Buf, Memory, Plain};
use crate::limits::memory::too_large;
use crate::object::Key;
use crate::object::key::HashSeed;
use crate::value::{Tag, Value};

/// The largest table without an index.
const SMALL: usize = 8;

/// A dict: values by key.
pub type Dict = Table<Value>;
/// A set: keys alone.
pub type Set = Table<()>;

/// One entry; a hole has the key [`Value::UNDEFINED`].
#[derive(Clone, Copy, Debug)]
pub struct Entry<V: Plain> {
    /// The key.
    pub key: Value,
    /// What belongs to it.
    pub value: V,
}

impl<V: Plain> Plain for Entry<V> {}
impl Plain for () {}

impl<V: Plain> Entry<V> {
    #[inline(always)]
    const fn is_hole(&self) -> bool {
        matches!(self.key.tag(), Tag::Undefined)
    }
}

/// Keys with a `V` each, in the order of insertion.
///
/// Invariants: `first` is at most the position of the first entry that is no hole; without an index there are no holes;
/// each entry that is no hole is in the index, if there is one, once.
#[derive(Debug)]
pub struct Table<V: Plain> {
    entries: Buf<Entry<V>>,
    index: Buf<u64>,
    live: u32,
    first: u32,
    /// The position of the entry that was found last: a key that is looked for is often that of the operation before, which
    /// asked whether it is there, or read what is changed now. May point anywhere; whoever uses it looks at the key.
    last: Cell<u32>,
}

impl<V: Plain> Default for Table<V> {
    fn default() -> Self {
        Self::new()
    }
}

impl<V: Plain> Table<V> {
    /// An empty table.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Buf::new(), index: Buf::new(), live: 0, first: 0, last: Cell::new(0) }
    }

    /// An empty table with room for `n` entries.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn with_capacity(mem: &mut Memory, n: usize) -> Res<Self> {
        Ok(Self { entries: Buf::with_capacity(mem, n)?, ..Self::new() })
    }

    /// How many keys.
    #[inline(always)]
    #[must_use]
    pub const fn len(&self) -> usize {
        self.live as usize
    }

    /// Whether there are none.
    #[inline(always)]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Where the entry of a key is.
    #[inline]
    fn position(&self, key: Key) -> Option<usize> {
        if self.index.is_empty() {
            let entries = self.entries.as_slice();
            // Most keys are the very strings that the table was filled with: names in the source.
            let same = entries.iter().position(|entry| key.value.is_same(entry.key));
            return same.or_else(|| entries.iter().position(|entry| key.is_text(entry.key)));
        }
        self.find_slot(key).map(|(_, at)| at)
    }

    /// Where in the index a key is, and the position of its entry.
    #[inline]
    fn find_slot(&self, key: Key) -> Option<(usize, usize)> {
        let (index, entries) = (self.index.as_slice(), self.entries.as_slice());
        let mask = index.len().checked_sub(1)?;
        let mut slot = key.hash as usize & mask;
        loop {
            let found = *index.get(slot)?;
            let at = position_in(found)?;
            if hash_in(found) == key.hash && entries.get(at).is_some_and(|it| key.is(it.key)) {
                return Some((slot, at));
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Where the entry of an int or a string is; nothing for other kinds of keys, which [`HashSeed::key`] knows.
    #[inline(always)]
    pub(crate) fn find(&self, seed: &HashSeed, key: Value) -> Option<Option<usize>> {
        if let Tag::Int | Tag::String = key.tag()
            && let Some(entry) = self.entries.as_slice().get(self.last.get() as usize)
            && key.is_same(entry.key)
        {
            return Some(Some(self.last.get() as usize));
        }
        match key.tag() {
            Tag::Int => Some(self.find_by(|| seed.hash_int(key.as_int()), |it| key.is_same(it))),
            Tag::String => {
                let hash = seed.hash_of_string(key);
                let wanted = Key { value: key, hash };
                Some(self.find_by(|| hash, |it| wanted.is(it)))
            }
            _ => None,
        }
    }

    #[inline(always)]
    fn find_by(&self, hash: impl Fn() -> u32, is: impl Fn(Value) -> bool) -> Option<usize> {
        let entries = self.entries.as_slice();
        let index = self.index.as_slice();
        let Some(mask) = index.len().checked_sub(1) else {
            return entries.iter().position(|it| is(it.key));
        };
        let hash = hash();
        let mut slot = hash as usize & mask;
        loop {
            let found = *index.get(slot)?;
            let at = position_in(found)?;
            if hash_in(found) == hash && entries.get(at).is_some_and(|it| is(it.key)) {
                // What is in the index has 32 bits.
                self.last.set(u32::try_from(at).unwrap_or_default());
                return Some(at);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// What belongs to the key of the entry at a position; the table keeps its count.
    #[inline(always)]
    pub(crate) fn value_at(&self, at: usize) -> Option<V> {
        self.entries.as_slice().get(at).map(|it| it.value)
    }

    /// The same as a place.
    #[inline(always)]
    pub(crate) fn value_at_mut(&mut self, at: usize) -> Option<&mut V> {
        self.entries.as_mut_slice().get_mut(at).map(|it| &mut it.value)
    }

    /// What belongs to a key; the table keeps its count.
    #[inline]
    #[must_use]
    pub fn get(&self, key: Key) -> Option<V> {
        Some(self.entries.as_slice().get(self.position(key)?)?.value)
    }

    /// What belongs to a key, as a place.
    #[inline]
    pub fn get_mut(&mut self, key: Key) -> Option<&mut V> {
        let at = self.position(key)?;
        Some(&mut self.entries.as_mut_slice().get_mut(at)?.value)
    }

    /// Whether there is such a key.
    #[inline]
    #[must_use]
    pub fn contains(&self, key: Key) -> bool {
        self.position(key).is_some()
    }

    /// Sets what belongs to a key. Takes over the counts of both; gives the old entry's: of its key, which stays the old
    /// one, the caller gets the new one's count back, and of its value the old one's.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed and nothing is taken over then.
    #[inline]
    pub fn insert(&mut self, mem: &mut Memory, key: Key, value: V) -> Res<Option<Entry<V>>> {
        if let Some(place) = self.get_mut(key) {
            let old = core::mem::replace(place, value);
            return Ok(Some(Entry { key: key.value, value: old }));
        }
        self.append(mem, key, value)?;
        Ok(None)
    }

    /// Appends an entry whose key is new.
    fn append(&mut self, mem: &mut Memory, key: Key, value: V) -> Res<()> {
        if self.entries.len() == self.entries.capacity() {
            self.make_room(mem)?;
        }
        let at = self.entries.len();
        if at >= SMALL && self.index.len() < 2 * (at + 1) {
            self.rebuild(mem, 2 * self.entries.capacity())?;
        }
        self.entries.push(mem, Entry { key: key.value, value })?;
        self.live += 1;
        if !self.index.is_empty() {
            link(self.index.as_mut_slice(), key.hash, at);
        }
        Ok(())
    }

    /// Room for one entry more: by closing holes if there are many, else by growing.
    #[cold]
    fn make_room(&mut self, mem: &mut Memory) -> Res<()> {
        if self.entries.len() - self.len() > self.entries.len() / 4 {
            self.compact(mem);
            return Ok(());
        }
        self.entries.reserve(mem, self.entries.len().max(4))
    }

    /// A new index of at least that many slots.
    fn rebuild(&mut self, mem: &mut Memory, slots: usize) -> Res<()> {
        let slots = slots.max(2 * SMALL).checked_next_power_of_two().ok_or_else(too_large)?;
        if slots > self.index.len() {
            let mut fresh = Buf::with_capacity(mem, slots)?;
            fresh.extend_with(mem, 0, slots)?;
            self.index.free(mem);
            self.index = fresh;
        }
        self.relink(mem);
        Ok(())
    }

    /// Writes the index anew.
    fn relink(&mut self, mem: &Memory) {
        let index = self.index.as_mut_slice();
        index.fill(0);
        for (at, entry) in self.entries.as_slice().iter().enumerate() {
            if let Some(key) = mem.seed().key(entry.key) {
                link(index, key.hash, at);
            }
        }
    }

    /// Closes the holes.
    fn compact(&mut self, mem: &Memory) {
        let mut kept = 0;
        let entries = self.entries.as_mut_slice();
        for at in 0..entries.len() {
            if !entries[at].is_hole() {
                entries.swap(kept, at);
                kept += 1;
            }
        }
        self.entries.truncate(kept);
        self.first = 0;
        if !self.index.is_empty() {
            self.relink(mem);
        }
    }

    /// Takes out a key and what belongs to it; gives their counts.
    pub fn remove(&mut self, mem: &Memory, key: Key) -> Option<Entry<V>> {
        if self.index.is_empty() {
            let at = self.position(key)?;
            self.live -= 1;
            return self.entries.remove(at);
        }
        let (slot, at) = self.find_slot(key)?;
        unlink(self.index.as_mut_slice(), slot);
        let entry = self.entries.as_mut_slice().get_mut(at)?;
        let old = *entry;
        entry.key = Value::UNDEFINED;
        self.live -= 1;
        if at == self.first as usize {
            self.first += 1;
        }
        if self.entries.len() > 2 * self.len() + SMALL {
            self.compact(mem);
        }
        Some(old)
    }

    /// The first entry at or behind a position, and the position after it. Positions are for going through a table that
    /// does not change meanwhile: start with 0.
    #[inline]
    #[must_use]
    pub fn next(&self, position: usize) -> Option<(usize, Entry<V>)> {
        let from = position.max(self.first as usize);
        let rest = self.entries.as_slice().get(from..)?;
        let (skipped, entry) = rest.iter().enumerate().find(|(_, entry)| !entry.is_hole())?;
        Some((from + skipped + 1, *entry))
    }

    /// The entries in the order of insertion.
    pub fn iter(&self) -> impl Iterator<Item = Entry<V>> {
        self.entries.as_slice().iter().copied().filter(|entry| !entry.is_hole())
    }

    /// The keys in the order of insertion.
    pub fn keys(&self) -> impl Iterator<Item = Value> {
        self.iter().map(|entry| entry.key)
    }

    /// What belongs to the keys, as places, in the order of insertion.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.entries.as_mut_slice().iter_mut().filter(|it| !it.is_hole()).map(|it| &mut it.value)
    }

    /// A table of the same entries; counting them is the caller's.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn copy_uncounted(&self, mem: &mut Memory) -> Res<Self> {
        let mut entries = Buf::copy_of(mem, self.entries.as_slice())?;
        match Buf::copy_of(mem, self.index.as_slice()) {
            Ok(index) => {
                Ok(Self { entries, index, live: self.live, first: self.first, last: Cell::new(0) })
            }
            Err(fault) => {
                entries.free(mem);
                Err(fault)
            }
        }
    }

    /// Gives the memory back; the counts of the entries are somebody else's.
    pub fn free(&mut self, mem: &mut Memory) {
        self.entries.free(mem);
        self.index.free(mem);
        *self = Self::new();
    }
}

#[inline(always)]
const fn hash_in(slot: u64) -> u32 {
    (slot >> 32) as u32
}

/// The position in a slot, if it is not empty.
#[inline(always)]
const fn position_in(slot: u64) -> Option<usize> {
    ((slot & 0xffff_ffff) as usize).checked_sub(1)
}

/// Puts a position into the first free slot of a hash. There is always a free one: at most half are taken.
fn link(index: &mut [u64], hash: u32, at: usize) {
    let mask = index.len() - 1;
    let mut slot = hash as usize & mask;
    while index[slot] != 0 {
        slot = (slot + 1) & mask;
    }
    index[slot] = u64::from(hash) << 32 | (at as u64 + 1);
}

/// Empties a slot, and moves up those behind it that would not be found any more (Knuth's algorithm R).
fn unlink(index: &mut [u64], slot: usize) {
    let mask = index.len() - 1;
    let mut hole = slot;
    let mut at = slot;
    loop {
        at = (at + 1) & mask;
        let here = index[at];
        if here == 0 {
            break;
        }
        let home = hash_in(here) as usize & mask;
        if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(hole) & mask) {
            index[hole] = here;
            hole = at;
        }
    }
    index[hole] = 0;
}
