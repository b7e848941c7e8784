//! The registers of the running frame: direct access to the slots, without bounds checks.
//!
//! The one place where verified code is trusted. Locals come first, then cells, then temporaries.
#![expect(unsafe_code, reason = "unchecked register access behind the verifier")]

use crate::lower::op::Ins;
use crate::value::Value;

/// The window of the running frame.
#[derive(Clone, Copy)]
pub(crate) struct Registers(*mut Value);

impl Registers {
    /// The window that begins at `base`.
    ///
    /// # Panics
    /// If the slots end before that.
    #[inline(always)]
    pub(crate) fn new(slots: &mut [Value], base: u32) -> Self {
        Self(slots[base as usize..].as_mut_ptr())
    }

    /// The slot of a register.
    #[inline(always)]
    fn place(self, register: u16) -> *mut Value {
        // SAFETY: `enter` makes room for the whole window of a function before it runs and nothing shrinks the slots; lowering
        // sets the window to more than the highest register that it names, and only lowered code, made from a verified
        // module, names registers. Tested: the conformance programs under ASan.
        unsafe { self.0.add(usize::from(register)) }
    }

    /// The slot before the first register: the callee's place in the window of the caller.
    #[inline(always)]
    fn callee_place(self) -> *mut Value {
        // SAFETY: windows begin at slot 1 or later, so there is a slot before each.
        unsafe { self.0.sub(1) }
    }

    /// What a register holds; the register keeps its count.
    #[inline(always)]
    pub(crate) fn get(self, register: u16) -> Value {
        // SAFETY: the place is within the slots, and all slots are initialised: see `place`.
        unsafe { *self.place(register) }
    }

    /// Puts a value into a register without looking at what was there.
    #[inline(always)]
    pub(crate) fn put(self, register: u16, value: Value) {
        // SAFETY: the place is within the slots: see `place`.
        unsafe { *self.place(register) = value }
    }

    /// Moves a value out of a register, and leaves null.
    #[inline(always)]
    pub(crate) fn take(self, register: u16) -> Value {
        let value = self.get(register);
        self.put(register, Value::NULL);
        value
    }

    /// Registers in a row, as a slice that may be changed while nothing else looks at them.
    #[inline(always)]
    pub(crate) fn run<'a>(self, first: u16, n: usize) -> &'a mut [Value] {
        let at = self.place(first);
        // SAFETY: all of them are within the window, as in `place`; the interpreter holds at most one such slice at a time, and lets go of it before the slots move.
        unsafe { core::slice::from_raw_parts_mut(at, n) }
    }

    /// The register before the first: the callee's place in the window of the caller.
    #[inline(always)]
    pub(crate) fn callee(self) -> Value {
        // SAFETY: within the slots: see `callee_place`. A frame whose function captures variables was entered with its closure
        // there.
        unsafe { *self.callee_place() }
    }

    /// Moves the closure out of the register before the first.
    #[inline(always)]
    pub(crate) fn take_callee(self) -> Value {
        let value = self.callee();
        // SAFETY: as in `callee`.
        unsafe { *self.callee_place() = Value::NULL };
        value
    }
}

/// Reads instructions one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Pc(*const Ins);

impl Pc {
    /// At an instruction of a function's code.
    ///
    /// # Panics
    /// If there is no such instruction.
    #[inline(always)]
    pub(crate) fn at(code: &[Ins], index: u32) -> Self {
        Self(&raw const code[index as usize])
    }

    /// The next instruction.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Ins {
        // SAFETY: verified code ends in an instruction that does not go on, and every jump leads to an instruction; lowering
        // keeps both.
        let ins = unsafe { *self.0 };
        // SAFETY: as above; one past the last is allowed.
        self.0 = unsafe { self.0.add(1) };
        ins
    }

    /// The word behind the instruction just read, without going past it.
    #[inline(always)]
    pub(crate) fn word(self) -> Ins {
        // SAFETY: instructions of two words are always emitted with their second one.
        unsafe { *self.0 }
    }

    /// Goes on that many instructions further, or back.
    #[inline(always)]
    pub(crate) fn jump(&mut self, by: i32) {
        // SAFETY: lowering computed the distance from this place to an instruction of the same code.
        self.0 = unsafe { self.0.offset(by as isize) };
    }

    /// The index of the next instruction in its code.
    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "code is shorter than 2^32 and begins before"
    )]
    pub(crate) fn index(self, code: &[Ins]) -> u32 {
        // SAFETY: both point into the same code.
        unsafe { self.0.offset_from(code.as_ptr()) as u32 }
    }
}

/// The constants of the running function.
#[derive(Clone, Copy)]
pub(crate) struct Constants(*const Value);

impl Constants {
    pub(crate) const fn new(constants: &[Value]) -> Self {
        Self(constants.as_ptr())
    }

    /// A constant; its owner keeps the count.
    #[inline(always)]
    pub(crate) fn get(self, at: u16) -> Value {
        // SAFETY: lowering gives a function as many constants as its instructions name, and `Vm::prepare` makes all of them
        // before the function first runs; they stay as they are while it does.
        let place = unsafe { self.0.add(usize::from(at)) };
        // SAFETY: as above.
        unsafe { *place }
    }
}
