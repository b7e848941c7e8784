//! Dicts: found by key, gone through in the order of insertion.

use std::collections::{BTreeMap, HashMap};

use super::teardown::{Garbage, teardown};
use super::{Key, Value};

/// Entries under ever-growing numbers, and the number of each key. Slow and obvious.
#[derive(Clone, Default, Debug)]
pub(crate) struct Dict<'p> {
    entries: BTreeMap<u64, (Key, Value<'p>)>,
    numbers: HashMap<Key, u64>,
    next: u64,
}

impl<'p> Dict<'p> {
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn contains(&self, key: &Key) -> bool {
        self.numbers.contains_key(key)
    }

    pub(crate) fn find(&self, key: &Key) -> Option<&Value<'p>> {
        self.numbers.get(key).and_then(|number| self.entries.get(number)).map(|it| &it.1)
    }

    pub(crate) fn find_mut(&mut self, key: &Key) -> Option<&mut Value<'p>> {
        self.numbers.get(key).and_then(|number| self.entries.get_mut(number)).map(|it| &mut it.1)
    }

    /// A key that is there keeps its place.
    pub(crate) fn insert(&mut self, key: Key, value: Value<'p>) {
        if let Some(old) = self.find_mut(&key) {
            *old = value;
            return;
        }
        self.numbers.insert(key.clone(), self.next);
        self.entries.insert(self.next, (key, value));
        self.next += 1;
    }

    pub(crate) fn remove(&mut self, key: &Key) -> Option<Value<'p>> {
        let number = self.numbers.remove(key)?;
        self.entries.remove(&number).map(|it| it.1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Value<'p>)> {
        self.entries.values().map(|it| (&it.0, &it.1))
    }

    /// Entries in the order in which they are printed.
    pub(crate) fn sorted(&self) -> Vec<(&Key, &Value<'p>)> {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_by(|a, b| a.0.listing_order(b.0));
        entries
    }

    pub(super) fn take_values(&mut self) -> impl Iterator<Item = Value<'p>> + use<'p> {
        std::mem::take(&mut self.entries).into_values().map(|it| it.1)
    }
}

impl Drop for Dict<'_> {
    fn drop(&mut self) {
        teardown(self.take_values().map(Garbage::Value).collect());
    }
}
