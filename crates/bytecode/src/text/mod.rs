//! Modules as text, to be read by people and written by tests.
//!
//! Promise: `parse(&print(module))` gives the same module back, for every module whose code is spelled canonically: names,
//! order of tables, spans, bits of floats and all. Printing never writes a long value at more than one place, so that the
//! text is about as large as the module. Parsing believes nothing: it ends with a place in the text and a message, never
//! in a panic, and allocates no more than the text is long. What it gives has still to be verified.
//!
//! ```text
//! module "m" full
//! global total mutable
//! import print host
//! func f (a, b optional) plain {
//!   locals 2 [a b]
//!   stack 2
//! @10..15
//!   load_local 0 ; a
//!   jump_if_false L0
//!   load_const "yes"
//!   return
//! L0:
//!   return_null
//! }
//! start 0
//! ```
//!
//! Words are letters, digits and `_`; any other name stands in quotes. `#3` is entry 3 of the table that an operand
//! indexes. Constants, names, variants, paths and call sites stand where they are used, and get their numbers in that order;
//! if a table is another, it is written out before the instructions. After `;` comes a comment.

mod depth;
mod lex;
mod parse;
mod parse_code;
mod print;
mod print_code;
mod tables;

pub use parse::parse;
pub use print::print;

/// Why a text is no module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TextError {
    /// The line, from 1.
    pub line: u32,
    /// The character in it, from 1.
    pub column: u32,
    /// What is wrong, in words.
    pub message: String,
}

impl std::fmt::Display for TextError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for TextError {}
