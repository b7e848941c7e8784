//! The form in which modules travel: protobuf, canonical, bounded. The schema is `proto/module.proto`.
//!
//! Promise: [`read`] never panics, allocates no more than its budget says, and accepts only what [`write()`] would write
//! for the module that it gives back. What it gives is unverified: only [`Module::verify`](crate::Module::verify) opens the way to an engine.

mod budget;
mod debug_file;
mod pool;
mod protobuf;
mod reader;
mod stream;
mod writer;

pub use budget::WireBudget;
pub use debug_file::{DebugFile, write_debug_file};
pub use reader::read;
pub use stream::Stream;
pub use writer::{WriteOptions, write};

use remora_diagnostics::Code;

/// Version of the format that this crate reads and writes.
pub const VERSION: u32 = 1;

/// Why bytes are not a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WireError {
    /// Which kind of fault.
    pub code: Code,
    /// Byte offset at which it was seen.
    pub offset: usize,
    /// What is wrong, in words.
    pub message: String,
}

impl WireError {
    fn malformed(offset: usize, what: impl Into<String>) -> Self {
        Self { code: Code::V0091, offset, message: what.into() }
    }

    fn truncated(offset: usize) -> Self {
        Self { code: Code::V0092, offset, message: "the bytes end too early".to_owned() }
    }

    fn unsupported(what: String) -> Self {
        Self { code: Code::V0093, offset: 0, message: what }
    }

    fn too_large(what: &'static str) -> Self {
        Self { code: Code::L0008, offset: 0, message: what.to_owned() }
    }
}

impl std::fmt::Display for WireError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {} at byte {}: {}", self.code, self.code.title(), self.offset, self.message)
    }
}

impl std::error::Error for WireError {}
