//! Where events go.

mod file;
mod json;
#[cfg(feature = "otlp")]
mod otlp;

pub use file::Rotating;
pub use json::{JsonLines, write_event, write_tables};
#[cfg(feature = "otlp")]
pub use otlp::Otlp;
