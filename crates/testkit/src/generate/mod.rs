//! Makes programs and mutants by chance, but reproducibly: the seed is the test case.

mod expression;
mod module;
pub mod mutate;
mod program;
mod random;
mod text;

pub use module::module;
pub use program::program;
pub use random::Random;
pub use text::text;
