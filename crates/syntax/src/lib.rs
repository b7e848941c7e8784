//! The Ruff language: source text to tokens to a syntax tree, with every error it can find.
#![forbid(unsafe_code)]

pub mod ast;
