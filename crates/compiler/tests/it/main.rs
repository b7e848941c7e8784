//! What the compiler makes of programs: wordcode, and diagnostics.

mod scratch;
mod sizes;
mod support;
