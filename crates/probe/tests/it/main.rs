//! Probes as a host sees them.
#![expect(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "a test may panic")]

mod allocation;
mod bytes;
mod cases;
mod host;
#[cfg(unix)]
mod outside;
mod pages;
mod points;
mod random;
mod registry;
