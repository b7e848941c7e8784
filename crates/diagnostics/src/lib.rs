//! Spans, error codes and diagnostics: the vocabulary that every other Remora crate shares.
//!
//! This crate knows nothing of tokens, instructions, values or terminals. A [`Diagnostic`] is plain data; turning
//! one into text for a terminal is the `render` feature, which the command line switches on.
#![forbid(unsafe_code)]

mod advice;
mod calls;
mod code;
mod codes;
mod diagnostic;
mod escape;
pub mod order;
#[cfg(feature = "render")]
mod render;
mod sink;
mod source_map;
mod span;
mod suggest;

pub use advice::{Advice, Operand, quoted};
pub use calls::RunningCall;
pub use code::{Code, CodeFamily};
pub use diagnostic::{Diagnostic, Edit, Label, Severity};
pub use escape::escape_controls;
#[cfg(feature = "render")]
pub use render::render;
pub use sink::Sink;
pub use source_map::{Source, SourceMap, line_of, line_starts};
pub use span::{SourceId, Span};
pub use suggest::closest;
