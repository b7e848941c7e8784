//! What users of the crate rely on: building and reading code, and which modules are refused.

mod builder;
mod fixture;
mod golden;
mod hostile;
mod program;
mod rules;
mod walk;
