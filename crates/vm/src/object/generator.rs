//! A function that has given a value and waits to be asked for the next.

use crate::heap::{Buf, Memory};
use crate::value::{FunctionId, Value};

/// How far a generator is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stage {
    /// Its body has not begun.
    New,
    /// It waits in a `yield`.
    Waits,
    /// Its registers are on a stack.
    Runs,
    /// It has returned, or thrown.
    Ended,
}

/// What is behind a generator or iterator. While it waits it owns its registers; while it runs they are on the stack of
/// whoever asked.
#[derive(Debug)]
pub(crate) struct Generator {
    pub(crate) function: FunctionId,
    /// Where it goes on.
    pub(crate) pc: u32,
    /// The register that takes what `yield` gives.
    pub(crate) resumed: u16,
    pub(crate) stage: Stage,
    /// Its closure or null, then its registers; empty when it runs or has ended.
    pub(crate) registers: Buf<Value>,
}

impl Generator {
    /// Gives the memory back; the counts of the registers are somebody else's.
    pub(crate) fn free(&mut self, mem: &mut Memory) {
        self.registers.free(mem);
    }
}
