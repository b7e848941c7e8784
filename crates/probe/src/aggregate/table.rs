//! Tables by name, entries by key.

use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::quantize::Histogram;
use crate::functions::Fold;

/// A part of a key.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[expect(missing_docs, reason = "each is a value of its kind")]
pub enum Part {
    None,
    Bool(bool),
    Int(i64),
    /// As its bits.
    Float(u64),
    Text(Box<str>),
}

/// What an entry is found by: the values between the brackets.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct Key(Vec<Part>);

impl Key {
    pub(crate) fn push(&mut self, part: Part) {
        self.0.push(part);
    }

    /// Bytes of its texts.
    pub(crate) fn len(&self) -> usize {
        let len = |part: &Part| if let Part::Text(text) = part { text.len() } else { 8 };
        self.0.iter().map(len).sum()
    }

    /// Its parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => f.write_str("None"),
            Self::Bool(value) => write!(f, "{}", if *value { "True" } else { "False" }),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(bits) => write!(f, "{:?}", f64::from_bits(*bits)),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// What a table keeps for a key.
#[derive(Clone, PartialEq, Debug)]
#[expect(missing_docs, reason = "each is what the fold of its name gives")]
pub enum Aggregate {
    Count(u64),
    Sum(f64),
    /// The sum, and of how many.
    Avg(f64, u64),
    Min(f64),
    Max(f64),
    Histogram(Histogram),
}

impl Aggregate {
    fn first(fold: Fold, numbers: [f64; 4]) -> Option<Self> {
        let [value, low, high, step] = numbers;
        let mut first = match fold {
            Fold::Count => Self::Count(0),
            Fold::Sum => Self::Sum(0.0),
            Fold::Avg => Self::Avg(0.0, 0),
            Fold::Min => Self::Min(f64::INFINITY),
            Fold::Max => Self::Max(f64::NEG_INFINITY),
            Fold::Quantize => Self::Histogram(Histogram::powers()),
            Fold::Lquantize => Self::Histogram(Histogram::linear(low, high, step)?),
        };
        first.add(value);
        Some(first)
    }

    fn add(&mut self, value: f64) {
        match self {
            Self::Count(n) => *n += 1,
            Self::Sum(sum) => *sum += value,
            Self::Avg(sum, n) => {
                *sum += value;
                *n += 1;
            }
            Self::Min(least) => *least = least.min(value),
            Self::Max(most) => *most = most.max(value),
            Self::Histogram(histogram) => histogram.add(value),
        }
    }

    /// Brings in what another thread has; `false` if that is of another kind.
    fn merge(&mut self, other: &Self) -> bool {
        match (self, other) {
            (Self::Count(n), Self::Count(more)) => *n += more,
            (Self::Sum(sum), Self::Sum(more)) => *sum += more,
            (Self::Avg(sum, n), Self::Avg(more, m)) => {
                *sum += more;
                *n += m;
            }
            (Self::Min(least), Self::Min(other)) => *least = least.min(*other),
            (Self::Max(most), Self::Max(other)) => *most = most.max(*other),
            (Self::Histogram(own), Self::Histogram(other)) if own.is_like(other) => {
                own.merge(other);
            }
            _ => return false,
        }
        true
    }

    const fn is_of(&self, fold: Fold) -> bool {
        matches!(
            (self, fold),
            (Self::Count(_), Fold::Count)
                | (Self::Sum(_), Fold::Sum)
                | (Self::Avg(..), Fold::Avg)
                | (Self::Min(_), Fold::Min)
                | (Self::Max(_), Fold::Max)
                | (Self::Histogram(_), Fold::Quantize | Fold::Lquantize)
        )
    }

    /// How entries are sorted, the greatest first.
    #[must_use]
    pub fn weight(&self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "an order needs no exact counts")]
        match self {
            Self::Count(n) => *n as f64,
            Self::Sum(value) | Self::Min(value) | Self::Max(value) => *value,
            Self::Avg(sum, n) => *sum / (*n).max(1) as f64,
            Self::Histogram(histogram) => histogram.total() as f64,
        }
    }
}

/// An entry as it was.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// Its key; `None` for the entry of all others.
    pub key: Option<Key>,
    /// What it has.
    pub aggregate: Aggregate,
}

/// A table as it was.
#[derive(Clone, PartialEq, Debug)]
pub struct Snapshot {
    /// Its name, without `@`.
    pub name: Arc<str>,
    /// Its entries, the greatest first.
    pub rows: Vec<Row>,
}

/// Why a value cannot be brought in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Misfit {
    /// A table keeps aggregates of one kind.
    Kind,
    /// A linear histogram has from 1 to 100 steps.
    Steps,
}

/// How many maps a table is spread over.
const SHARDS: usize = 8;

#[derive(Debug, Default)]
struct Shard {
    entries: HashMap<(Arc<str>, Key), Aggregate>,
    /// For each table what found no place.
    others: HashMap<Arc<str>, Aggregate>,
    /// For each table how many entries it has here.
    sizes: HashMap<Arc<str>, usize>,
}

/// All tables of a program.
#[derive(Debug)]
pub struct Tables {
    shards: [Mutex<Shard>; SHARDS],
    max_keys: usize,
}

/// Most tables of a program: their names come from its text.
const MAX_TABLES: usize = 1_000;

impl Tables {
    /// Tables of at most `max_keys` entries each, for each group of threads.
    #[must_use]
    pub fn new(max_keys: usize) -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), max_keys }
    }

    fn own(&self) -> MutexGuard<'_, Shard> {
        let mut hasher = DefaultHasher::new();
        std::thread::current().id().hash(&mut hasher);
        #[expect(clippy::cast_possible_truncation, reason = "only a few bits are used")]
        let at = hasher.finish() as usize % SHARDS;
        lock(&self.shards[at])
    }

    pub(crate) fn add(
        &self,
        name: &Arc<str>,
        key: Key,
        fold: Fold,
        numbers: [f64; 4],
    ) -> Result<(), Misfit> {
        let mut shard = self.own();
        let shard = &mut *shard;
        let key = (Arc::clone(name), key);
        let known = match shard.entries.get_mut(&key) {
            Some(known) => Some(known),
            None => {
                let first = Aggregate::first(fold, numbers).ok_or(Misfit::Steps)?;
                let n_tables = shard.sizes.len();
                let size = shard.sizes.entry(Arc::clone(name)).or_default();
                if *size < self.max_keys && n_tables < MAX_TABLES {
                    *size += 1;
                    shard.entries.insert(key, first);
                    return Ok(());
                }
                match shard.others.get_mut(name) {
                    Some(others) => Some(others),
                    None => {
                        shard.others.insert(Arc::clone(name), first);
                        None
                    }
                }
            }
        };
        match known {
            Some(known) if !known.is_of(fold) => Err(Misfit::Kind),
            Some(known) => {
                known.add(numbers[0]);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// A table as it is now, merged from all threads, the greatest entries first.
    #[must_use]
    pub fn snapshot(&self, name: &Arc<str>) -> Snapshot {
        let mut merged: HashMap<Option<Key>, Aggregate> = HashMap::new();
        for shard in &self.shards {
            let shard = lock(shard);
            let entries = shard.entries.iter().filter(|it| it.0.0 == *name);
            let entries = entries.map(|((_, key), aggregate)| (Some(key.clone()), aggregate));
            let others = shard.others.get(name).map(|it| (None, it));
            for (key, aggregate) in entries.chain(others) {
                let full = merged.len() >= self.max_keys && !merged.contains_key(&key);
                let key = if full { None } else { key };
                match merged.get_mut(&key) {
                    Some(known) => {
                        known.merge(aggregate);
                    }
                    None => {
                        merged.insert(key, aggregate.clone());
                    }
                }
            }
        }
        let mut rows: Vec<Row> =
            merged.into_iter().map(|(key, aggregate)| Row { key, aggregate }).collect();
        rows.sort_by(|a, b| {
            let others = a.key.is_none().cmp(&b.key.is_none());
            let weight = b.aggregate.weight().total_cmp(&a.aggregate.weight());
            others.then(weight).then_with(|| a.key.cmp(&b.key))
        });
        Snapshot { name: Arc::clone(name), rows }
    }

    /// Every table that has an entry, by name.
    #[must_use]
    pub fn snapshots(&self) -> Vec<Snapshot> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for shard in &self.shards {
            names.extend(lock(shard).sizes.keys().cloned());
        }
        names.sort();
        names.dedup();
        names.iter().map(|it| self.snapshot(it)).collect()
    }

    /// Empties a table.
    pub fn clear(&self, name: &str) {
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard.entries.retain(|(table, _), _| &**table != name);
            shard.others.remove(name);
            shard.sizes.remove(name);
        }
    }
}

/// A map is whole between any two changes, so one that a panic left locked can still be used.
fn lock(shard: &Mutex<Shard>) -> MutexGuard<'_, Shard> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
}
