//! A function of a module.

use std::sync::Arc;

use crate::code::Code;
use crate::ids::{CellIdx, FreeIdx};

/// A function: how it is called, what it captures, what it does.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Function {
    /// Its name; `<lambda>` if it has none.
    pub name: Arc<str>,
    /// Parameters: they arrive in the first locals, in this order. `self` is one of them.
    pub params: Box<[ParamDef]>,
    /// What calling it does.
    pub kind: FunctionKind,
    /// Where the cells come from that it captures when it is made, in the order of its free variables.
    pub captures: Box<[Capture]>,
    /// What it does.
    pub code: Arc<Code>,
}

/// What calling a function does.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum FunctionKind {
    /// Runs it.
    #[default]
    Plain,
    /// Gives a generator.
    Generator,
    /// Starts a task and gives a promise.
    Async,
}

/// A parameter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParamDef {
    /// Its name, for named arguments and messages.
    pub name: Arc<str>,
    /// How it gets its value.
    pub kind: ParamKind,
}

/// How a parameter gets its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ParamKind {
    /// From the caller.
    Required,
    /// From the caller, or by code at the start of the function.
    Optional,
    /// All arguments that are left, as an array. Only the last parameter.
    Variadic,
}

/// Where a captured cell comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Capture {
    /// A captured variable of the function that makes this one.
    Cell(CellIdx),
    /// A variable that the maker has captured itself.
    Free(FreeIdx),
}
