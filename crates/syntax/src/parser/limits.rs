//! How large and how deeply nested a source may be.
//!
//! Two different depths are watched. *Nesting* is how deep the parser itself has gone; it keeps the native stack safe
//! while parsing. *Height* is how tall the tree has grown; `a + b + c + …` and `a.b().c()…` grow it without nesting.
//! Both have the same bound, so that every later pass may recurse over the tree.

use remora_diagnostics::{Code, Diagnostic, Span};

use super::{Parse, Parser, Stop};

/// Bounds of a source text. The defaults are the language's; every pass over the tree is safe with them on a thread
/// with 256 KiB of stack. Who raises them answers for the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseLimits {
    /// Bytes of source.
    pub max_source: usize,
    /// How deep expressions, patterns and types nest, all together.
    pub max_nesting: u32,
    /// How deep blocks nest.
    pub max_blocks: u32,
    /// Errors after which parsing stops.
    pub max_errors: usize,
}

impl Default for ParseLimits {
    fn default() -> Self {
        Self { max_source: 1 << 20, max_nesting: 256, max_blocks: 128, max_errors: 20 }
    }
}

/// The error for a source of too many bytes, if the rest of `text` from `begin` on is one.
pub(crate) fn check_size(text: &str, begin: usize, max: usize) -> Option<Diagnostic> {
    let max = max.min((u32::MAX as usize - 1).saturating_sub(begin));
    let len = text.len() - begin;
    if len <= max {
        return None;
    }
    let at = u32::try_from(text.floor_char_boundary(begin + max)).unwrap_or_default();
    let label = format!("the source has {len} bytes; {max} are allowed");
    Some(Diagnostic::error(Code::E0007).label(Span::at(at), label))
}

impl Parser<'_> {
    /// Goes one level deeper.
    pub(super) fn enter(&mut self) -> Parse {
        if self.nesting >= self.limits.max_nesting {
            return Err(self.too_deep("expressions", self.limits.max_nesting));
        }
        self.nesting += 1;
        Ok(())
    }

    /// Comes back up; not needed on the way of an error, after which the statement restores the depth.
    pub(super) fn leave(&mut self) {
        self.nesting -= 1;
    }

    /// Begins to measure what is built from here on. Give the mark to [`Self::grown`].
    pub(super) fn mark(&mut self) -> u32 {
        std::mem::take(&mut self.tallest)
    }

    /// The height of a node over everything taken since `mark`.
    pub(super) fn grown(&mut self, mark: u32) -> Parse<u32> {
        let height = self.tallest + 1;
        self.tallest = mark;
        if height > self.limits.max_nesting {
            return Err(self.too_deep("expressions", self.limits.max_nesting));
        }
        Ok(height)
    }

    /// Counts a node of `height` as part of what is being built.
    pub(super) fn count_height(&mut self, height: u32) {
        self.tallest = self.tallest.max(height);
    }

    /// Reports that the source nests too deeply and stops parsing: what follows is generated or hostile, and every
    /// further error would be a consequence.
    #[cold]
    #[inline(never)]
    pub(super) fn too_deep(&mut self, what: &str, max: u32) -> Stop {
        let span = self.token().span;
        let label = format!("{what} nest more than {max} deep here");
        let help = "give a part of it a name, or move it to a function";
        let stop = self.report(Diagnostic::error(Code::E0008).label(span, label).help(help));
        self.halt();
        stop
    }
}
