//! Making code: instructions with typed operands, labels as tokens, tables without duplicates.
//!
//! A builder keeps decoded instructions; [`CodeBuilder::finish`] sorts the labels and encodes everything in its one
//! canonical spelling. What is added where control cannot come is left out, so that whoever generates code need not
//! ask whether the statement before has returned. The first mistake is kept and reported by `finish` (a label never
//! bound, a stack that would run empty): adding an instruction needs no error handling, and costs no allocation but
//! the growth of a few lists.

mod draft;
mod emit;
mod module;
mod tables;

pub use draft::{Draft, DraftHandler, DraftInstruction};
pub use module::ModuleBuilder;
pub use tables::CodeTables;

use std::sync::Arc;

use remora_diagnostics::Span;

use crate::code::Code;
use crate::ids::{FnIdx, LocalIdx};
use crate::isa::{Flags, Opcode, custom_effect};

/// A place in code that has not been built yet. Belongs to the builder that made it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Label(pub(crate) u32);

/// Why code could not be built. All of these are mistakes of the builder's user or sizes beyond what can be numbered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BuildError {
    /// A label is used but bound nowhere.
    Unbound(Label),
    /// A label is bound twice.
    BoundTwice(Label),
    /// A jump that must go forwards goes backwards, or the other way round.
    WrongDirection(Label),
    /// A handler is added after the label that it leads to was bound.
    LateHandler(Label),
    /// An instruction takes more items than there are.
    Underflow {
        /// Which.
        op: Opcode,
        /// How many instructions stand before it.
        at: usize,
    },
    /// Two ways to a label disagree about the depth of the stack.
    DepthMismatch(Label),
    /// The last instruction goes on.
    NoEnd,
    /// A table or the code is longer than can be numbered.
    TooLarge,
    /// The operand names no entry of its table.
    OutOfRange(Opcode),
    /// A function's number was reserved, but the function never given.
    Missing(FnIdx),
}

impl std::fmt::Display for BuildError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unbound(label) => write!(f, "label {} is never bound", label.0),
            Self::BoundTwice(label) => write!(f, "label {} is bound twice", label.0),
            Self::WrongDirection(label) => {
                write!(f, "a jump to label {} goes in the wrong direction", label.0)
            }
            Self::LateHandler(label) => {
                write!(f, "a handler is added after its label {} was bound", label.0)
            }
            Self::Underflow { op, at } => {
                let op = op.name();
                write!(f, "{op} at instruction {at} takes more than the stack holds")
            }
            Self::DepthMismatch(label) => {
                write!(f, "ways to label {} disagree about the depth of the stack", label.0)
            }
            Self::NoEnd => f.write_str("control runs off the end of the code"),
            Self::TooLarge => f.write_str("the code is too large"),
            Self::OutOfRange(op) => write!(f, "the operand of {} is out of range", op.name()),
            Self::Missing(function) => write!(f, "function {} was never given", function.0),
        }
    }
}

impl std::error::Error for BuildError {}

/// For so many instructions a builder makes room beforehand: most functions have fewer.
const USUAL_LENGTH: usize = 64;

/// Builds one code object.
#[derive(Debug, Default)]
pub struct CodeBuilder {
    draft: Draft,
    span: Span,
    /// Items on the stack here; `None` where control cannot come.
    depth: Option<u32>,
    /// Depth at each label, where known.
    label_depths: Vec<Option<u32>>,
    /// Handlers whose target has not been bound yet, by index.
    open_handlers: Vec<usize>,
    error: Option<BuildError>,
}

impl CodeBuilder {
    /// A builder of empty code with that many locals (parameters first).
    #[must_use]
    pub fn new(n_locals: u32) -> Self {
        let instructions = Vec::with_capacity(USUAL_LENGTH);
        let draft = Draft { n_locals, instructions, ..Draft::default() };
        Self { draft, depth: Some(0), ..Self::default() }
    }

    /// The source span of all instructions from here on.
    pub const fn set_span(&mut self, span: Span) {
        self.span = span;
    }

    /// The span that instructions get now.
    #[must_use]
    pub const fn span(&self) -> Span {
        self.span
    }

    /// Items on the stack here; `None` where control cannot come.
    #[must_use]
    pub const fn depth(&self) -> Option<u32> {
        self.depth
    }

    /// Whether control can come here. What is added while it cannot is left out.
    #[inline]
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.depth.is_some()
    }

    /// How many instructions there are.
    #[must_use]
    pub const fn n_instructions(&self) -> usize {
        self.draft.instructions.len()
    }

    /// One more local variable.
    pub fn new_local(&mut self) -> LocalIdx {
        let local = LocalIdx(self.draft.n_locals);
        self.draft.n_locals = self.draft.n_locals.saturating_add(1);
        local
    }

    /// Tables of the code, to add constants, names, paths and sites.
    pub const fn tables(&mut self) -> &mut CodeTables {
        &mut self.draft.tables
    }

    /// A new label, to be bound once. One that is not used costs nothing.
    pub fn new_label(&mut self) -> Label {
        self.label_depths.push(None);
        self.draft.new_label()
    }

    /// Binds a label here. Control can come here if it can come to the place before, if a jump to the label has been
    /// added, or if a handler leads here that covers anything.
    pub fn bind(&mut self, label: Label) {
        if !self.draft.bind(label) {
            return self.fail(BuildError::BoundTwice(label));
        }
        self.close_handlers(label);
        match (self.depth, self.label_depth(label)) {
            (Some(here), _) => self.note_depth(label, here),
            (None, there) => self.depth = there,
        }
    }

    /// Errors raised between `start` and `end` go to `target`, with the stack cut to `depth` and the error pushed.
    ///
    /// To be called before `target` is bound. Of two handlers with the same range the one added first is the outer.
    pub fn add_handler(&mut self, start: Label, end: Label, target: Label, depth: u32) {
        if self.draft.position(target).is_some() {
            return self.fail(BuildError::LateHandler(target));
        }
        self.open_handlers.push(self.draft.handlers.len());
        self.draft.handlers.push(DraftHandler { start, end, target, depth });
    }

    /// The label is bound here: what do handlers bring to it?
    fn close_handlers(&mut self, target: Label) {
        let mut nth = self.open_handlers.len();
        while nth > 0 {
            nth -= 1;
            let Some(handler) =
                self.open_handlers.get(nth).and_then(|at| self.draft.handlers.get(*at))
            else {
                continue;
            };
            if handler.target != target {
                continue;
            }
            let (depth, covers) = (handler.depth, self.draft.covers(handler));
            self.open_handlers.swap_remove(nth);
            if covers {
                self.note_depth(target, depth.saturating_add(1));
            }
        }
    }

    /// Adds an instruction whose operand is a plain number; the typed methods are to be preferred.
    #[inline]
    pub fn emit(&mut self, op: Opcode, arg: u32) {
        let facts = op.facts();
        if !facts.custom {
            self.add(op, arg, (facts.takes(arg), u32::from(facts.leaves)));
        } else if self.is_live() {
            match custom_effect(op, arg, &self.draft.tables) {
                Some(effect) => self.add(op, arg, effect),
                None => self.fail(BuildError::OutOfRange(op)),
            }
        }
    }

    /// Adds an instruction that takes and leaves that many items.
    fn add(&mut self, op: Opcode, arg: u32, (takes, leaves): (u32, u32)) {
        let Some(depth) = self.depth else { return };
        let Some(left) = depth.checked_sub(takes) else {
            let at = self.draft.instructions.len();
            return self.fail(BuildError::Underflow { op, at });
        };
        let after = left.saturating_add(leaves);
        self.draft.max_stack = self.draft.max_stack.max(after);
        self.depth = (!op.facts().flags.has(Flags::END)).then_some(after);
        self.draft.instructions.push(DraftInstruction { op, arg, label: None, span: self.span });
    }

    /// Adds an instruction that may jump.
    fn branch(&mut self, op: Opcode, label: Label) {
        let Some(depth) = self.depth else { return };
        let facts = op.facts();
        let Some(left) = depth.checked_sub(facts.takes.into()) else {
            let at = self.draft.instructions.len();
            return self.fail(BuildError::Underflow { op, at });
        };
        if facts.flags.has(Flags::BACK) != self.draft.position(label).is_some() {
            return self.fail(BuildError::WrongDirection(label));
        }
        self.note_depth(label, left.saturating_add(facts.jump_leaves.into()));
        let after = left.saturating_add(facts.leaves.into());
        self.draft.max_stack = self.draft.max_stack.max(after);
        self.depth = (!facts.flags.has(Flags::END)).then_some(after);
        self.draft.instructions.push(DraftInstruction {
            op,
            arg: 0,
            label: Some(label),
            span: self.span,
        });
    }

    fn label_depth(&self, label: Label) -> Option<u32> {
        self.label_depths.get(label.0 as usize).copied().flatten()
    }

    fn note_depth(&mut self, label: Label, depth: u32) {
        self.draft.max_stack = self.draft.max_stack.max(depth);
        match self.label_depths.get_mut(label.0 as usize) {
            Some(Some(known)) if *known != depth => self.fail(BuildError::DepthMismatch(label)),
            Some(slot) => *slot = Some(depth),
            None => self.fail(BuildError::Unbound(label)),
        }
    }

    fn fail(&mut self, error: BuildError) {
        self.error.get_or_insert(error);
    }

    /// What has been built so far, to be optimised.
    ///
    /// # Errors
    /// The first mistake that was made.
    pub fn into_draft(self) -> Result<Draft, BuildError> {
        match self.error {
            Some(error) => Err(error),
            None if self.depth.is_some() => Err(BuildError::NoEnd),
            None => Ok(self.draft),
        }
    }

    /// The finished code.
    ///
    /// # Errors
    /// The first mistake that was made, or a size that cannot be numbered.
    pub fn finish(self) -> Result<Arc<Code>, BuildError> {
        self.into_draft()?.finish()
    }
}
