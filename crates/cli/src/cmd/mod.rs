//! What each word of the command does.

pub(crate) mod asm;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod dis;
pub(crate) mod doc;
pub(crate) mod explain;
pub(crate) mod fmt;
mod input;
pub(crate) mod run;
mod tree;
pub(crate) mod verify;
