//! What each word of the command does.

pub(crate) mod asm;
pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod dis;
pub(crate) mod doc;
pub(crate) mod explain;
mod flame;
pub(crate) mod fmt;
mod folder;
mod input;
mod junit;
mod lines;
mod measure;
pub(crate) mod new;
mod passes;
pub(crate) mod repl;
pub(crate) mod run;
pub(crate) mod test;
pub(crate) mod trace;
mod tree;
pub(crate) mod verify;
mod xml;
