//! What the compiler makes of programs: wordcode, and diagnostics.

mod support;
mod scratch;
