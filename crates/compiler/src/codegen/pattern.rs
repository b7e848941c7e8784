//! Taking values apart in bindings: patterns that must fit, or it is an error.

use remora_bytecode::{CodeBuilder, Constant};
use remora_diagnostics::Span;
use remora_syntax::ast::{DictPatternEntry, Pattern, PatternKind, Rest};

use super::{Codegen, count};
use crate::fold;

impl<'a> Codegen<'a, '_> {
    /// Pops a value and binds the names of the pattern to its parts.
    pub(super) fn destructure(&mut self, pattern: &'a Pattern) {
        let span = pattern.span;
        match &pattern.kind {
            PatternKind::Bind(name) => self.store_name(name),
            PatternKind::Array { before, rest: None, .. } => {
                self.emit(span, |code| code.unpack_array(count(before.len())));
                before.iter().for_each(|it| self.destructure(it));
            }
            PatternKind::Array { before, rest: Some(rest), after } => {
                self.array_with_rest(before, rest, after, span);
            }
            PatternKind::Dict { entries, rest } => {
                self.dict_pattern(entries, rest.as_ref(), span);
            }
            // The parser lets no others stand in bindings.
            _ => self.discard(span),
        }
    }

    #[inline(never)]
    fn array_with_rest(
        &mut self,
        before: &'a [Pattern],
        rest: &'a Rest,
        after: &'a [Pattern],
        span: Span,
    ) {
        let n = count(before.len() + after.len());
        self.emit(span, |code| {
            code.test_array_min(n);
            code.check_pattern(&format!("array of at least {n}"));
        });
        for (nth, pattern) in before.iter().enumerate() {
            self.part(pattern, |code| code.element(index(nth)));
        }
        self.rest_of_array(rest, before.len(), after.len());
        for (nth, pattern) in after.iter().enumerate() {
            self.part(pattern, |code| code.element(index(nth) - index(after.len())));
        }
        self.discard(span);
    }

    /// Binds the rest of the array on top of the stack, which stays.
    pub(super) fn rest_of_array(&mut self, rest: &'a Rest, n_before: usize, n_after: usize) {
        let Some(name) = &rest.name else { return };
        self.emit(rest.span, |code| {
            code.rest_from(count(n_before));
            if n_after > 0 {
                code.drop_last(count(n_after));
            }
        });
        self.store_name(name);
    }

    #[inline(never)]
    fn dict_pattern(
        &mut self,
        entries: &'a [DictPatternEntry],
        rest: Option<&'a Rest>,
        span: Span,
    ) {
        self.emit(span, |code| {
            code.test_dict();
            code.check_pattern("dict");
        });
        for entry in entries {
            let Some(key) = fold::constant(&entry.key) else { continue };
            self.emit(span, |code| code.element_key(key));
            self.destructure(&entry.pattern);
        }
        self.rest_of_dict(rest, entries);
        self.discard(span);
    }

    /// Binds the rest of the dict on top of the stack, which stays.
    pub(super) fn rest_of_dict(&mut self, rest: Option<&'a Rest>, entries: &'a [DictPatternEntry]) {
        let Some(Rest { name: Some(name), span }) = rest else { return };
        self.emit(*span, CodeBuilder::dup);
        for entry in entries {
            let key = fold::constant(&entry.key).unwrap_or(Constant::Null);
            self.constant(key, entry.key.span);
        }
        self.emit(*span, |code| code.dict_without(count(entries.len())));
        self.store_name(name);
    }

    /// Pushes a part of the value on top of the stack and takes it apart.
    fn part(&mut self, pattern: &'a Pattern, push: impl FnOnce(&mut CodeBuilder)) {
        if matches!(pattern.kind, PatternKind::Wildcard) {
            return;
        }
        self.emit(pattern.span, push);
        self.destructure(pattern);
    }
}

/// The index of an element; patterns are far shorter than what an `i32` counts.
pub(super) fn index(nth: usize) -> i32 {
    i32::try_from(nth).unwrap_or(i32::MAX)
}
