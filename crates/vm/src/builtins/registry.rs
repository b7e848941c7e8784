//! Builtins by name and by method: what a program is linked against.
//!
//! Names are looked up when a program is loaded, never while it runs. A method's name becomes a [`MethodTable`]: one small
//! table from kind to entry, so that a call costs one load.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use remora_bytecode::ImportKind;

use super::kinds::TAGS;
use super::{Call, Family, Method, NativeFn, Row, Signature};
use crate::host::{self, HostFunction, Native, ObjectShape, ObjectTypes};
use crate::value::{BuiltinId, Tag};

/// All builtins that a program may use. Made once for an engine; hosts add their own rows.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    entries: Vec<Entry>,
    by_name: BTreeMap<&'static str, BuiltinId>,
    methods: Vec<MethodEntry>,
    tables: BTreeMap<&'static str, MethodTable>,
    objects: Arc<ObjectTypes>,
    /// What is made of the entries when the first program is linked.
    linked: OnceLock<Linked>,
}

/// What all programs share of the entries.
#[derive(Clone, Debug)]
struct Linked {
    natives: Arc<[Native]>,
    names: Arc<[&'static str]>,
}

/// A builtin under one of its names.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name.
    pub name: &'static str,
    /// The row.
    pub row: &'static Row,
    /// The title of its family.
    pub title: &'static str,
    /// Its parameters.
    pub signature: Signature,
    /// What runs, if the embedder has added it.
    pub function: Option<Arc<HostFunction>>,
}

/// A method on some kinds.
#[derive(Clone, Copy, Debug)]
pub struct MethodEntry {
    /// The builtin; its entry has the signature, whose first parameter is the receiver.
    pub builtin: BuiltinId,
    /// How it is called.
    pub how: MethodHow,
}

/// How a method is called, with nothing left to look up but the prelude's functions.
#[derive(Clone, Copy, Debug)]
pub enum MethodHow {
    /// With the receiver as first argument.
    Native(NativeFn),
    /// On a place.
    InPlace(super::InPlaceFn),
    /// A function of the prelude, with the receiver as first argument.
    Script(&'static str),
    /// A function of the prelude, with the receiver moved into its first parameter and back.
    ScriptInPlace(&'static str),
}

impl MethodHow {
    /// Whether it changes what it is called on.
    #[must_use]
    pub const fn changes(self) -> bool {
        matches!(self, Self::InPlace(_) | Self::ScriptInPlace(_))
    }
}

/// Which method a name means, by kind of the receiver.
#[derive(Clone, Copy, Debug)]
pub struct MethodTable {
    /// 1 + the index of the [`MethodEntry`]; 0 for none.
    by_tag: [u16; TAGS],
}

impl MethodTable {
    /// The method for a receiver of that kind, as an index for [`Registry::method`].
    #[inline(always)]
    #[must_use]
    pub fn find(&self, tag: Tag) -> Option<MethodIdx> {
        self.by_tag.get(tag as usize).and_then(|&at| at.checked_sub(1)).map(MethodIdx)
    }
}

/// Which method entry of a registry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MethodIdx(u16);

impl Registry {
    /// The builtins of this crate.
    #[must_use]
    pub fn core() -> Self {
        let mut registry = Self::default();
        super::FAMILIES.iter().for_each(|family| registry.add_family(family));
        registry
    }

    /// Adds rows. A name that is there already means the new row from now on; methods of the same name are added for kinds
    /// that have none.
    pub fn add(&mut self, rows: &'static [Row]) {
        self.add_family(&Family::new("Functions of the host", rows));
    }

    /// Adds rows with the title under which the manual lists them.
    pub fn add_family(&mut self, family: &Family) {
        for row in family.rows {
            for name in row.names() {
                self.add_name(name, row, family.title);
            }
        }
    }

    /// Adds a function of the embedder, with a signature as in [`Row::signature`]. A name that is there already means
    /// this one from now on, but not for the builtins themselves.
    ///
    /// The text of the signature is kept for the life of the process, once for all functions that have the same.
    pub fn add_function(&mut self, signature: String, function: HostFunction) -> BuiltinId {
        let row = host::row(signature, &function);
        let id = BuiltinId(u32::try_from(self.entries.len()).unwrap_or(u32::MAX));
        self.add_name(row.name(), row, "Functions of the host");
        if let Some(entry) = self.entries.last_mut() {
            entry.function = Some(Arc::new(function));
        }
        id
    }

    /// Adds a type of the host, whose functions have been added before. One that is there already means the new one from now
    /// on.
    pub fn add_object(&mut self, shape: ObjectShape) {
        Arc::make_mut(&mut self.objects).add(shape);
    }

    /// The types of the host.
    #[must_use]
    pub fn objects(&self) -> Arc<ObjectTypes> {
        Arc::clone(&self.objects)
    }

    fn add_name(&mut self, name: &'static str, row: &'static Row, title: &'static str) {
        let Ok(id) = u32::try_from(self.entries.len()).map(BuiltinId) else { return };
        self.linked.take();
        let signature = Signature::read(row.signature);
        self.entries.push(Entry { name, row, title, signature, function: None });
        if !matches!(row.call, Call::Never) {
            self.by_name.insert(name, id);
        }
        for &(kinds, method) in row.methods {
            let how = match (method, row.call) {
                (Method::Function, Call::Native(call)) | (Method::Native(call), _) => {
                    MethodHow::Native(call)
                }
                (Method::Function, Call::Script(name)) | (Method::Script(name), _) => {
                    MethodHow::Script(name)
                }
                (Method::InPlace(call), _) => MethodHow::InPlace(call),
                (Method::ScriptInPlace(name), _) => MethodHow::ScriptInPlace(name),
                (Method::Function, Call::Async | Call::Task(_) | Call::Never) => continue,
            };
            self.methods.push(MethodEntry { builtin: id, how });
            let Ok(number) = u16::try_from(self.methods.len()) else { return };
            let table = self.tables.entry(name).or_insert(MethodTable { by_tag: [0; TAGS] });
            for (tag, slot) in table.by_tag.iter_mut().enumerate() {
                if *slot == 0 && kinds.has_number(tag) {
                    *slot = number;
                }
            }
        }
    }

    fn linked(&self) -> &Linked {
        self.linked.get_or_init(|| Linked {
            natives: self.entries.iter().map(Native::of).collect(),
            names: self.entries.iter().map(|it| it.name).collect(),
        })
    }

    /// What calls run, by their numbers: shared by all programs.
    pub(crate) fn natives(&self) -> Arc<[Native]> {
        Arc::clone(&self.linked().natives)
    }

    /// What the builtins are called, by their numbers: shared by all programs.
    pub(crate) fn names(&self) -> Arc<[&'static str]> {
        Arc::clone(&self.linked().names)
    }

    /// All names, with their rows, in the order of the table; the position is the [`BuiltinId`].
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a builtin.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, id: BuiltinId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    /// The function of that name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<BuiltinId> {
        self.by_name.get(name).copied()
    }

    /// The functions that scripts see, by name.
    pub fn functions(&self) -> impl Iterator<Item = (&'static str, &Entry)> {
        self.by_name
            .iter()
            .filter_map(|(name, &id)| self.get(id).map(|entry| (*name, entry)))
            .filter(|(_, entry)| !entry.row.is_hidden())
    }

    /// What the prelude may call, and how: all but itself, also what scripts do not see.
    pub fn for_prelude(&self) -> impl Iterator<Item = (&'static str, ImportKind)> {
        self.by_name.iter().filter_map(|(name, id)| match self.get(*id)?.row.call {
            Call::Native(_) => Some((*name, ImportKind::Host)),
            Call::Async | Call::Task(_) => Some((*name, ImportKind::HostAsync)),
            Call::Script(_) | Call::Never => None,
        })
    }

    /// What a method's name means; looked up once for each call site, when a program is loaded.
    #[must_use]
    pub fn methods_named(&self, name: &str) -> Option<&MethodTable> {
        self.tables.get(name)
    }

    /// The names of all methods.
    pub fn method_names(&self) -> impl Iterator<Item = &'static str> {
        self.tables.keys().copied()
    }

    /// The method at an index that a [`MethodTable`] gave.
    #[inline(always)]
    #[must_use]
    pub fn method(&self, at: MethodIdx) -> Option<&MethodEntry> {
        self.methods.get(usize::from(at.0))
    }

    /// The names of the methods that a value of that kind has, for advice.
    pub fn methods_of(&self, tag: Tag) -> impl Iterator<Item = &'static str> {
        self.tables
            .iter()
            .filter(move |(_, table)| table.find(tag).is_some())
            .map(|(name, _)| *name)
    }
}
