//! Spans, error codes and diagnostics: the vocabulary that every other Remora crate shares.
//!
//! This crate knows nothing of tokens, instructions, values or terminals. A [`Diagnostic`] is plain data; turning
//! one into text for a terminal is the `render` feature, which the command line switches on.
#![forbid(unsafe_code)]

mod code;
mod codes;
mod diagnostic;
mod span;

pub use code::{Code, CodeFamily};
pub use diagnostic::{Diagnostic, Edit, Label, Severity};
pub use span::{SourceId, Span};
