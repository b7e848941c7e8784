//! Makes programs and mutants by chance, but reproducibly: the seed is the test case.

mod expression;
mod instructions;
mod loops;
mod module;
pub mod mutate;
mod program;
mod random;
mod text;

pub use instructions::{Built, straight_line};
pub use loops::loops_of;
pub use module::module;
pub use program::{program, program_of};
pub use random::Random;
pub use text::text;
