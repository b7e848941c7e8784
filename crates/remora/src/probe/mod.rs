//! Probes on what runs in this process: points in Rust code, and functions of Ruff programs.
//!
//! All of `remora-probe` is here, and the [`ruff`] provider: [`crate::Vm::trace`] lets probes look at a VM.

pub mod ruff;

use std::sync::Arc;

pub use remora_probe::*;

#[cfg(unix)]
use std::io;
#[cfg(unix)]
use std::path::Path;

/// Everything in this process that programs can be attached to.
#[must_use]
pub fn targets() -> Targets {
    let rust: Arc<dyn Target> = Arc::clone(rust::registry()) as _;
    let ruff: Arc<dyn Target> = Arc::clone(ruff::registry()) as _;
    [rust, ruff].into()
}

/// Opens a socket through which the user who runs this process can attach programs to everything in it, with
/// `remora trace --attach PATH`. Closed when what this gives is dropped.
///
/// # Errors
/// As [`socket::serve_with`].
#[cfg(unix)]
pub fn serve(path: impl AsRef<Path>) -> io::Result<socket::Server> {
    socket::serve(path, targets())
}
