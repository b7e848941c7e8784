//! The grammar as a language for the crate `tree-sitter`. For editors only: nothing of Remora depends on it.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_ruff() -> *const ();
}

/// The language.
// SAFETY: the function is the one that `tree-sitter generate` wrote to src/parser.c for this purpose.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_ruff) };
