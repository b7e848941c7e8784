//! Code before it is encoded: decoded instructions with label tokens. What the optimiser rewrites.

use std::sync::Arc;

use remora_diagnostics::{Span, order};

use super::{BuildError, CodeTables, Label};
use crate::code::{Code, Handler};
use crate::ids::LabelIdx;
use crate::isa::Opcode;
use crate::lines::LineTable;
use crate::unit::{encode, encoded_len};

/// Where a label stands that has not been bound.
const UNBOUND: u32 = u32::MAX;

/// Code that can still be changed.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Instructions in order.
    pub instructions: Vec<DraftInstruction>,
    /// What catches errors; of two with the same range the outer stands before the inner.
    pub handlers: Vec<DraftHandler>,
    /// Everything that operands index.
    pub tables: CodeTables,
    /// How many local variables there are.
    pub n_locals: u32,
    /// The deepest the stack gets.
    pub max_stack: u32,
    /// For each label the number of instructions before it.
    pub(super) labels: Vec<u32>,
}

/// An instruction of a [`Draft`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DraftInstruction {
    /// Which.
    pub op: Opcode,
    /// Its argument, unless it is a label.
    pub arg: u32,
    /// Where it may jump.
    pub label: Option<Label>,
    /// Where it comes from.
    pub span: Span,
}

/// A handler of a [`Draft`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "as in `Handler`")]
pub struct DraftHandler {
    pub start: Label,
    pub end: Label,
    pub target: Label,
    pub depth: u32,
}

impl Draft {
    /// A new label, to be bound once.
    pub fn new_label(&mut self) -> Label {
        self.labels.push(UNBOUND);
        Label(u32::try_from(self.labels.len() - 1).unwrap_or(UNBOUND))
    }

    /// Binds a label before the next instruction; false if it was bound already.
    pub fn bind(&mut self, label: Label) -> bool {
        let here = u32::try_from(self.instructions.len()).unwrap_or(UNBOUND);
        match self.labels.get_mut(label.0 as usize) {
            Some(at) if *at == UNBOUND => *at = here,
            _ => return false,
        }
        true
    }

    /// How many labels have been made, whether or not they are in use.
    #[must_use]
    pub const fn n_labels(&self) -> usize {
        self.labels.len()
    }

    /// How many instructions stand before a label.
    #[must_use]
    pub fn position(&self, label: Label) -> Option<usize> {
        let at = *self.labels.get(label.0 as usize)?;
        (at != UNBOUND).then_some(at as usize)
    }

    /// Removes the instructions for which `keep` is false; labels move to what stands after them.
    pub fn retain(&mut self, mut keep: impl FnMut(usize) -> bool) {
        let mut kept_before = Vec::with_capacity(self.instructions.len() + 1);
        let mut n_kept = 0u32;
        let mut nth = 0;
        self.instructions.retain(|_| {
            kept_before.push(n_kept);
            let stays = keep(nth);
            nth += 1;
            n_kept += u32::from(stays);
            stays
        });
        kept_before.push(n_kept);
        for at in &mut self.labels {
            if let Some(moved) = kept_before.get(*at as usize) {
                *at = *moved;
            }
        }
    }

    /// The finished code.
    ///
    /// # Errors
    /// [`BuildError::Unbound`] for a label that is used but not bound, [`BuildError::TooLarge`] for what cannot be
    /// numbered.
    pub fn finish(mut self) -> Result<Arc<Code>, BuildError> {
        self.sort_handlers();
        let (labels, order) = self.sort_labels()?;
        let index_of = |label: Label| order.get(label.0 as usize).copied().unwrap_or_default();
        let n_units: usize = self
            .instructions
            .iter()
            .map(|it| encoded_len(it.label.map_or(it.arg, &index_of)))
            .sum();
        u32::try_from(n_units).map_err(|_| BuildError::TooLarge)?;

        let mut units = Vec::with_capacity(n_units);
        let mut starts = Vec::with_capacity(self.instructions.len() + 1);
        for it in &self.instructions {
            starts.push(u32::try_from(units.len()).unwrap_or(UNBOUND));
            encode(it.op, it.label.map_or(it.arg, &index_of), &mut units);
        }
        starts.push(u32::try_from(units.len()).unwrap_or(UNBOUND));
        let lines =
            LineTable::new(starts.iter().copied().zip(self.instructions.iter().map(|it| it.span)));
        let handler = |it: &DraftHandler| Handler {
            start: LabelIdx(index_of(it.start)),
            end: LabelIdx(index_of(it.end)),
            target: LabelIdx(index_of(it.target)),
            depth: it.depth,
        };
        let handlers: Box<[Handler]> = self.handlers.iter().map(handler).collect();
        let labels =
            labels.iter().map(|at| starts.get(*at as usize).copied().unwrap_or(UNBOUND)).collect();
        let tables = self.tables;
        Ok(Arc::new(Code {
            units: units.into(),
            constants: tables.constants.items.into(),
            names: tables.names.items.into(),
            labels,
            n_locals: self.n_locals,
            local_names: tables.local_names.into(),
            cells: tables.cells.into(),
            free: tables.free.into(),
            variants: tables.variants.items.into(),
            paths: tables.paths.items.into(),
            sites: tables.sites.items.into(),
            handlers,
            lines,
            max_stack: self.max_stack,
        }))
    }

    /// Whether there are instructions between the labels of a handler.
    pub(super) fn covers(&self, handler: &DraftHandler) -> bool {
        matches!((self.position(handler.start), self.position(handler.end)), (Some(start), Some(end)) if start < end)
    }

    /// Canonical code has handlers in the order of their starts, outer before inner, and none that covers nothing.
    fn sort_handlers(&mut self) {
        let mut handlers = std::mem::take(&mut self.handlers);
        let at = |label: Label| self.labels.get(label.0 as usize).copied();
        handlers.retain(|it| at(it.start) != at(it.end));
        order::sort_by_key(&mut handlers, |it| (at(it.start), std::cmp::Reverse(at(it.end))));
        self.handlers = handlers;
    }

    /// The positions of all labels in use, ascending and without repetition, and for each label its index among them.
    fn sort_labels(&self) -> Result<(Vec<u32>, Vec<u32>), BuildError> {
        let jumps = self.instructions.iter().filter_map(|it| it.label);
        let handlers = self.handlers.iter().flat_map(|it| [it.start, it.end, it.target]);
        // For each place its index, once it is known; 0 until then and where no label in use stands.
        let mut indices: Vec<u32> = vec![0; self.instructions.len() + 1];
        for label in jumps.chain(handlers) {
            let at = self.position(label).ok_or(BuildError::Unbound(label))?;
            *indices.get_mut(at).ok_or(BuildError::TooLarge)? = 1;
        }
        let mut used: Vec<u32> = Vec::with_capacity(self.labels.len());
        for (at, index) in indices.iter_mut().enumerate().filter(|(_, index)| **index != 0) {
            *index = u32::try_from(used.len()).map_err(|_| BuildError::TooLarge)?;
            used.push(u32::try_from(at).map_err(|_| BuildError::TooLarge)?);
        }
        let index = |at: &u32| indices.get(*at as usize).copied().unwrap_or_default();
        let order = self.labels.iter().map(index).collect();
        Ok((used, order))
    }
}
