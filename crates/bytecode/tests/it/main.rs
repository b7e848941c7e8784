//! What users of the crate rely on: building and reading code, and which modules are refused.
#![expect(clippy::unwrap_used, reason = "a test that meets what it does not expect has failed")]

mod builder;
mod closure;
mod debug_file;
mod fixture;
mod golden;
mod hostile;
mod peephole;
mod program;
mod rules;
mod stream;
mod text;
mod walk;
mod wire;
