//! Where events go.

mod json;

pub use json::{JsonLines, write_event};
