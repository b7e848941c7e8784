//! In place of the closures, for who embeds the VM and does not want them: without the feature `closures` there is one tier,
//! the loop, and nothing of the other in the binary.

use crate::lower::LoweredFunction;
use crate::registers::{Registers, Running};
use crate::value::FunctionId;
use crate::vm::Vm;

/// How the functions of a program are run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tier {
    /// In the interpreter's loop.
    #[default]
    Loop,
}

/// A lowered function as it is run.
pub(crate) const fn ready(function: LoweredFunction, _: FunctionId, _: Tier) -> LoweredFunction {
    function
}

/// No function has any.
#[derive(Debug)]
pub(crate) enum Pieces {}

impl Pieces {
    pub(crate) const fn len(&self) -> usize {
        match *self {}
    }
}

/// No code has the instruction that comes here.
pub(crate) const fn enter(_: &mut Vm, _: Registers, _: Running, _: u16) -> Option<u32> {
    None
}
