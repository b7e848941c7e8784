//! How deep a stack gets, for code that does not say so.

use crate::code::Code;
use crate::ids::{PathIdx, SiteIdx, TypeIdx};
use crate::isa::{Flags, Tables, custom_effect};
use crate::module::TypeDef;
use crate::site::{Path, Site};

struct Lookup<'a> {
    code: &'a Code,
    types: &'a [TypeDef],
}

impl Tables for Lookup<'_> {
    fn n_fields(&self, ty: TypeIdx) -> Option<u32> {
        match self.types.get(ty.index())? {
            TypeDef::Struct { fields, .. } => u32::try_from(fields.len()).ok(),
            TypeDef::Enum { .. } => None,
        }
    }

    fn path(&self, path: PathIdx) -> Option<&Path> {
        self.code.path(path)
    }

    fn site(&self, site: SiteIdx) -> Option<&Site> {
        self.code.site(site)
    }
}

/// The deepest that the stack gets, as far as that can be said of code that has not been verified.
pub(super) fn max_stack(code: &Code, types: &[TypeDef]) -> u32 {
    let tables = Lookup { code, types };
    let mut at_labels: Vec<Option<u32>> = vec![None; code.labels().len()];
    let note = |at_labels: &mut Vec<Option<u32>>, label: u32, depth: u32| {
        if let Some(slot) = at_labels.get_mut(label as usize) {
            slot.get_or_insert(depth);
        }
        depth
    };
    let mut max = 0;
    for it in code.handlers() {
        max = max.max(note(&mut at_labels, it.target.0, it.depth.saturating_add(1)));
    }
    let mut depth = 0u32;
    let mut labels = code.labels().iter().enumerate().peekable();
    for it in code.instructions() {
        while let Some((nth, _)) = labels.next_if(|(_, at)| **at <= it.at) {
            if let Some(known) = at_labels.get(nth).copied().flatten() {
                depth = known;
            }
        }
        let facts = it.op.facts();
        let (takes, leaves) = if facts.custom {
            custom_effect(it.op, it.arg, &tables).unwrap_or_default()
        } else {
            (facts.takes(it.arg), facts.leaves.into())
        };
        let left = depth.saturating_sub(takes);
        if facts.flags.has(Flags::BRANCH) {
            let there = left.saturating_add(facts.jump_leaves.into());
            max = max.max(note(&mut at_labels, it.arg, there));
        }
        depth = left.saturating_add(leaves);
        max = max.max(depth);
    }
    max
}
