//! What the compiler makes of programs: wordcode, and diagnostics.

mod calls;
mod closures;
mod control;
mod diagnostics;
mod earlier;
mod expressions;
mod moves;
mod optimised;
mod patterns;
mod sizes;
mod structs;
mod support;
