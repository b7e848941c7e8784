//! A module: the unit that is compiled, sent, verified and run. Immutable and shared.

use std::marker::PhantomData;
use std::sync::Arc;

use remora_diagnostics::{Span, line_of};

use crate::function::Function;
use crate::ids::{FnIdx, TypeIdx};
use crate::isa::Profile;

/// Stands for a module of which nothing is known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unverified {}

/// Stands for a module that the verifier has passed. Only this kind can be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {}

/// A module; `S` says what is known of it. Cloning shares.
#[derive(Debug)]
pub struct Module<S = Verified> {
    data: Arc<ModuleData>,
    state: PhantomData<fn() -> S>,
}

impl<S> Clone for Module<S> {
    fn clone(&self) -> Self {
        Self { data: Arc::clone(&self.data), state: PhantomData }
    }
}

impl<S> std::ops::Deref for Module<S> {
    type Target = ModuleData;

    fn deref(&self) -> &ModuleData {
        &self.data
    }
}

impl Module<Unverified> {
    /// A module of which nothing is known.
    #[must_use]
    pub fn new(data: ModuleData) -> Self {
        Self { data: Arc::new(data), state: PhantomData }
    }

    /// What it holds, to be changed. Copies nothing when nobody else shares it.
    #[must_use]
    pub fn into_data(self) -> ModuleData {
        Arc::unwrap_or_clone(self.data)
    }

    /// For the verifier alone.
    pub(crate) fn into_verified(self) -> Module<Verified> {
        Module { data: self.data, state: PhantomData }
    }
}

impl Module<Verified> {
    /// Whether the two share what they hold.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.data, &other.data)
    }

    /// The same module, to be changed or written: what comes of it must be verified again.
    #[must_use]
    pub fn to_unverified(&self) -> Module<Unverified> {
        Module { data: Arc::clone(&self.data), state: PhantomData }
    }
}

/// What a module holds.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ModuleData {
    /// Its name.
    pub name: Arc<str>,
    /// Which instructions its code may hold.
    pub profile: Profile,
    /// Top-level variables.
    pub globals: Box<[Global]>,
    /// Functions that it needs from the host.
    pub imports: Box<[Import]>,
    /// Structs and enums.
    pub types: Box<[TypeDef]>,
    /// Functions.
    pub functions: Box<[Function]>,
    /// The function that runs first.
    pub start: Option<FnIdx>,
    /// Anything that its maker wanted to say, by key.
    pub metadata: Box<[(Arc<str>, Arc<str>)]>,
    /// What only messages need.
    pub debug: Option<Arc<Debug>>,
}

impl ModuleData {
    /// The function at an index.
    #[must_use]
    pub fn function(&self, at: FnIdx) -> Option<&Function> {
        self.functions.get(at.index())
    }

    /// The type at an index.
    #[must_use]
    pub fn ty(&self, at: TypeIdx) -> Option<&TypeDef> {
        self.types.get(at.index())
    }
}

/// Where a module's source came from.
///
/// A program may be made of several files. Their places have one numbering: each file has a range of it, and a span says
/// by where it lies which file it is in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Debug {
    /// The name of the source text.
    pub source: Arc<str>,
    /// The byte at which each of its lines begins; the first is 0.
    pub line_starts: Box<[u32]>,
    /// The files that it imports, in the order of their places.
    pub imported: Box<[ImportedSource]>,
}

/// A file that a program imports.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ImportedSource {
    /// Its name.
    pub name: Arc<str>,
    /// The place of its first byte; those before it belong to the file before.
    pub start: u32,
    /// The byte at which each of its lines begins, counted from its first.
    pub line_starts: Box<[u32]>,
}

/// A place in one of the files of a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FilePlace<'a> {
    /// Which file: 0 is the program itself, the others are those it imports, in their order.
    pub file: u32,
    /// Its name.
    pub name: &'a Arc<str>,
    /// The span, counted from the first byte of the file.
    pub span: Span,
    /// The line in which it begins, from 1; 0 if unknown.
    pub line: u32,
}

impl Debug {
    /// The file that a span is in, and where in it. Logarithmic.
    #[must_use]
    pub fn place(&self, span: Span) -> FilePlace<'_> {
        let file = self.imported.partition_point(|it| it.start <= span.start);
        let imported = file.checked_sub(1).and_then(|nth| self.imported.get(nth));
        let (name, start, lines) = match imported {
            Some(it) => (&it.name, it.start, &it.line_starts),
            None => (&self.source, 0, &self.line_starts),
        };
        let span = Span::new(span.start.saturating_sub(start), span.end.saturating_sub(start));
        let line = if lines.is_empty() { 0 } else { line_of(lines, span.start) };
        let line = u32::try_from(line).unwrap_or(0);
        FilePlace { file: u32::try_from(file).unwrap_or(u32::MAX), name, span, line }
    }
}

/// A top-level variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Global {
    /// Its name.
    pub name: Arc<str>,
    /// Whether it may be assigned again.
    pub mutable: bool,
    /// Whether others see it.
    pub exported: bool,
}

/// A function that the module needs from the host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Import {
    /// By which name the host knows it.
    pub name: Arc<str>,
    /// How it is called.
    pub kind: ImportKind,
}

/// How an imported function is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ImportKind {
    /// At once; it cannot call back into the script.
    Host,
    /// It may make the task wait.
    HostAsync,
    /// Written in Ruff: called like a function of the module.
    Script,
}

/// A struct or an enum.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TypeDef {
    /// A struct.
    Struct {
        /// Its name.
        name: Arc<str>,
        /// Fields in declared order.
        fields: Box<[Arc<str>]>,
        /// Methods and static functions.
        methods: Box<[Method]>,
    },
    /// An enum.
    Enum {
        /// Its name.
        name: Arc<str>,
        /// Variants in declared order.
        variants: Box<[VariantDef]>,
    },
}

impl TypeDef {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        match self {
            Self::Struct { name, .. } | Self::Enum { name, .. } => name,
        }
    }
}

/// A method of a struct.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Method {
    /// Its name.
    pub name: Arc<str>,
    /// What it does.
    pub function: FnIdx,
    /// What it does with `self`.
    pub kind: MethodKind,
}

/// What a method does with `self`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum MethodKind {
    /// Takes a copy as its first parameter.
    Value,
    /// Takes the place it is called on as its first parameter, and changes it.
    Mutating,
    /// Has none.
    Static,
}

/// A variant of an enum.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VariantDef {
    /// Its name.
    pub name: Arc<str>,
    /// What it carries.
    pub payload: Payload,
}

/// What a variant carries.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Payload {
    /// Any number of values.
    Open,
    /// Exactly so many values.
    Tuple(u32),
    /// Named fields, in declared order.
    Struct(Box<[Arc<str>]>),
}
