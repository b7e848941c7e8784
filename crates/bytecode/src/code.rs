//! A code object: instructions and the tables they index. Immutable and shared.

use std::sync::Arc;

use crate::constant::Constant;
use crate::ids::{ConstIdx, LabelIdx, NameIdx, PathIdx, SiteIdx, TypeIdx, VariantIdx};
use crate::lines::LineTable;
use crate::site::{Path, Site};
use crate::unit::Unit;

/// The body of a function. Nothing about it is promised before it has been verified as part of a module.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Code {
    pub(crate) units: Box<[Unit]>,
    pub(crate) constants: Box<[Constant]>,
    pub(crate) names: Box<[Arc<str>]>,
    pub(crate) labels: Box<[u32]>,
    pub(crate) n_locals: u32,
    pub(crate) local_names: Box<[Arc<str>]>,
    pub(crate) cells: Box<[Arc<str>]>,
    pub(crate) free: Box<[Arc<str>]>,
    pub(crate) variants: Box<[VariantRef]>,
    pub(crate) paths: Box<[Path]>,
    pub(crate) sites: Box<[Site]>,
    pub(crate) handlers: Box<[Handler]>,
    pub(crate) lines: LineTable,
    pub(crate) max_stack: u32,
}

/// What a [`Code`] is made of. The way to make one by hand, well formed or not; [`crate::CodeBuilder`] is the comfortable
/// one. The verifier judges either.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[expect(missing_docs, reason = "each is told of at the method of `Code` with its name")]
pub struct CodeParts {
    pub units: Vec<Unit>,
    pub constants: Vec<Constant>,
    pub names: Vec<Arc<str>>,
    pub labels: Vec<u32>,
    pub n_locals: u32,
    pub local_names: Vec<Arc<str>>,
    pub cells: Vec<Arc<str>>,
    pub free: Vec<Arc<str>>,
    pub variants: Vec<VariantRef>,
    pub paths: Vec<Path>,
    pub sites: Vec<Site>,
    pub handlers: Vec<Handler>,
    pub lines: LineTable,
    pub max_stack: u32,
}

impl From<CodeParts> for Code {
    fn from(parts: CodeParts) -> Self {
        Self {
            units: parts.units.into(),
            constants: parts.constants.into(),
            names: parts.names.into(),
            labels: parts.labels.into(),
            n_locals: parts.n_locals,
            local_names: parts.local_names.into(),
            cells: parts.cells.into(),
            free: parts.free.into(),
            variants: parts.variants.into(),
            paths: parts.paths.into(),
            sites: parts.sites.into(),
            handlers: parts.handlers.into(),
            lines: parts.lines,
            max_stack: parts.max_stack,
        }
    }
}

impl From<Code> for CodeParts {
    fn from(code: Code) -> Self {
        Self {
            units: code.units.into(),
            constants: code.constants.into(),
            names: code.names.into(),
            labels: code.labels.into(),
            n_locals: code.n_locals,
            local_names: code.local_names.into(),
            cells: code.cells.into(),
            free: code.free.into(),
            variants: code.variants.into(),
            paths: code.paths.into(),
            sites: code.sites.into(),
            handlers: code.handlers.into(),
            lines: code.lines,
            max_stack: code.max_stack,
        }
    }
}

/// A variant of an enum of the module.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct VariantRef {
    /// The enum.
    pub ty: TypeIdx,
    /// Which of its variants.
    pub variant: u32,
}

/// What happens to an error raised between two labels: the stack is cut to `depth`, the error pushed, and control goes on
/// at `target`. Of several that cover an instruction the last in the table, the innermost, takes it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Handler {
    /// The first instruction covered.
    pub start: LabelIdx,
    /// One past the last instruction covered.
    pub end: LabelIdx,
    /// Where control goes; not before `end`.
    pub target: LabelIdx,
    /// How many stack items stay.
    pub depth: u32,
}

impl Code {
    /// The instructions, two bytes each.
    #[must_use]
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// All constants.
    #[must_use]
    pub fn constants(&self) -> &[Constant] {
        &self.constants
    }

    /// The constant at an index.
    #[must_use]
    pub fn constant(&self, at: ConstIdx) -> Option<&Constant> {
        self.constants.get(at.index())
    }

    /// All names.
    #[must_use]
    pub fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    /// The name at an index.
    #[must_use]
    pub fn name(&self, at: NameIdx) -> Option<&Arc<str>> {
        self.names.get(at.index())
    }

    /// Where jumps go: indices of units, ascending.
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// The unit that a label stands at.
    #[must_use]
    pub fn label(&self, at: LabelIdx) -> Option<u32> {
        self.labels.get(at.index()).copied()
    }

    /// How many local variables there are, with parameters.
    #[must_use]
    pub fn n_locals(&self) -> u32 {
        self.n_locals
    }

    /// What locals are called in the source; may be shorter than there are locals.
    #[must_use]
    pub fn local_names(&self) -> &[Arc<str>] {
        &self.local_names
    }

    /// Names of the captured variables of this function.
    #[must_use]
    pub fn cells(&self) -> &[Arc<str>] {
        &self.cells
    }

    /// Names of the variables captured from enclosing functions.
    #[must_use]
    pub fn free(&self) -> &[Arc<str>] {
        &self.free
    }

    /// All variants that the code names.
    #[must_use]
    pub fn variants(&self) -> &[VariantRef] {
        &self.variants
    }

    /// The variant at an index.
    #[must_use]
    pub fn variant(&self, at: VariantIdx) -> Option<VariantRef> {
        self.variants.get(at.index()).copied()
    }

    /// All paths.
    #[must_use]
    pub fn paths(&self) -> &[Path] {
        &self.paths
    }

    /// The path at an index.
    #[must_use]
    pub fn path(&self, at: PathIdx) -> Option<&Path> {
        self.paths.get(at.index())
    }

    /// All call sites.
    #[must_use]
    pub fn sites(&self) -> &[Site] {
        &self.sites
    }

    /// The call site at an index.
    #[must_use]
    pub fn site(&self, at: SiteIdx) -> Option<&Site> {
        self.sites.get(at.index())
    }

    /// What catches errors, outer before inner.
    #[must_use]
    pub fn handlers(&self) -> &[Handler] {
        &self.handlers
    }

    /// Where instructions come from.
    #[must_use]
    pub fn lines(&self) -> &LineTable {
        &self.lines
    }

    /// The deepest the stack gets.
    #[must_use]
    pub fn max_stack(&self) -> u32 {
        self.max_stack
    }
}
