//! A call that is running, as data: nothing of it is on the native stack.

use crate::value::FunctionId;

/// What is to be done when a frame ends, beside giving its result to the caller.
pub(crate) mod flags {
    /// The register before the first holds a closure that the frame owns.
    pub(crate) const CLOSURE: u8 = 1;
    /// The first local goes back to the place that the method was called on.
    pub(crate) const WRITE_BACK: u8 = 2;
    /// The frame was entered by the host: its end ends the run.
    pub(crate) const ENTRY: u8 = 4;
}

/// One call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Frame {
    /// What runs.
    pub(crate) function: FunctionId,
    /// Index of its first register.
    pub(crate) base: u32,
    /// The next instruction, while another frame runs above this one.
    pub(crate) pc: u32,
    /// Register of the caller that takes the result.
    pub(crate) result: u16,
    pub(crate) flags: u8,
    /// Whether the register before the first is the frame's own: then a tail call can put a closure there.
    pub(crate) owns_callee: bool,
    /// The first temporary: registers before it are given up when the frame ends.
    pub(crate) first_temp: u16,
}
