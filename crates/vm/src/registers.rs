//! The registers of the running frame, its instructions and its constants: direct access, without bounds checks.
//!
//! The one place where verified code is trusted. Locals come first, then cells, then temporaries. With feature `checked`,
//! and in debug builds, what the verifier and lowering promise is asserted at each access.
#![expect(
    unsafe_code,
    reason = "unchecked access to registers, code and constants behind the verifier"
)]

use core::cell::Cell;
use std::sync::Arc;

use crate::cache::Cache;
use crate::loaded::Loaded;
use crate::lower::op::{Ins, Op};
use crate::units::{Unit, Units};
use crate::value::Value;
use crate::vm::Vm;

/// The window of the running frame.
#[derive(Clone, Copy)]
pub(crate) struct Registers {
    first: *mut Value,
    /// How many registers there are from the first one on.
    #[cfg(any(feature = "checked", debug_assertions))]
    len: usize,
}

impl Registers {
    /// The window that begins at `base`.
    #[inline(always)]
    pub(crate) fn new(slots: &mut Vec<Value>, base: u32) -> Self {
        #[cfg(any(feature = "checked", debug_assertions))]
        let len = slots
            .len()
            .checked_sub(base as usize)
            .unwrap_or_else(|| unreachable!("a window beyond the slots"));
        debug_assert!(base as usize <= slots.len());
        Self {
            // SAFETY: frames begin within the slots: `enter` made room for the whole window, and nothing shrinks them.
            first: unsafe { slots.as_mut_ptr().add(base as usize) },
            #[cfg(any(feature = "checked", debug_assertions))]
            len,
        }
    }

    #[inline(always)]
    fn at(self, register: u16) -> *mut Value {
        #[cfg(any(feature = "checked", debug_assertions))]
        assert!(usize::from(register) < self.len, "register r{register} beyond the slots");
        // SAFETY: `enter` makes room for the whole window of a function before it runs and nothing shrinks the slots; lowering
        // sets the window to one more than the highest register that it names. Tested: tests/it/run.rs under ASan.
        // PERF: with a check +7..16 % instructions over six kernels.
        unsafe { self.first.add(usize::from(register)) }
    }

    /// What a register holds; the register keeps its count.
    #[inline(always)]
    pub(crate) fn get(self, register: u16) -> Value {
        // SAFETY: see `at`.
        unsafe { *self.at(register) }
    }

    /// Puts a value into a register without looking at what was there.
    #[inline(always)]
    pub(crate) fn put(self, register: u16, value: Value) {
        // SAFETY: see `at`.
        unsafe { *self.at(register) = value }
    }

    /// A register as a place, for as long as nothing else looks at it.
    #[inline(always)]
    #[expect(clippy::mut_from_ref, reason = "a register is a place behind a raw pointer")]
    pub(crate) fn place(&self, register: u16) -> &mut Value {
        // SAFETY: see `at`; the interpreter holds at most one such place at a time, and lets go of it before the slots move.
        unsafe { &mut *self.at(register) }
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
        #[cfg(any(feature = "checked", debug_assertions))]
        assert!(usize::from(first) + n <= self.len, "registers beyond the slots");
        // SAFETY: as in `at`, for all of them; a run may be empty, and then begin one past the last.
        let at = unsafe { self.first.add(usize::from(first)) };
        // SAFETY: as above; the interpreter holds at most one such slice at a time, and lets go of it before the slots move.
        unsafe { core::slice::from_raw_parts_mut(at, n) }
    }

    /// The window that begins at one of these registers.
    #[inline(always)]
    pub(crate) fn window(self, first: u16) -> Self {
        Self {
            // SAFETY: as in `at`: a callee's window begins in its caller's, and was seen to end within the slots.
            first: unsafe { self.first.add(usize::from(first)) },
            #[cfg(any(feature = "checked", debug_assertions))]
            len: self.len - usize::from(first),
        }
    }

    #[inline(always)]
    fn before(self) -> *mut Value {
        // SAFETY: windows begin at slot 1 or later, so there is a slot before each.
        unsafe { self.first.sub(1) }
    }

    /// The register before the first: the callee's place in the window of the caller.
    #[inline(always)]
    pub(crate) fn callee(self) -> Value {
        // SAFETY: see `before`. A frame whose function captures variables was entered with its closure there.
        unsafe { *self.before() }
    }

    /// Moves the closure out of the register before the first.
    #[inline(always)]
    pub(crate) fn take_callee(self) -> Value {
        let value = self.callee();
        // SAFETY: as in `callee`.
        unsafe { *self.before() = Value::NULL };
        value
    }
}

/// The instruction that is being done. Its operands are read where they are: one load each, and no decoding.
///
/// It is kept as the place behind it, which is where the program counter is: so one machine register holds both.
#[derive(Clone, Copy)]
pub(crate) struct Current(*const Ins);

impl Current {
    #[inline(always)]
    const fn ins(self) -> *const Ins {
        // SAFETY: points behind an instruction, see `Pc::fetch`.
        unsafe { self.0.sub(1) }
    }

    #[inline(always)]
    pub(crate) fn op(self) -> Op {
        // SAFETY: see `ins`.
        unsafe { (*self.ins()).op }
    }

    #[inline(always)]
    pub(crate) fn a(self) -> u16 {
        // SAFETY: see `ins`.
        unsafe { (*self.ins()).a }
    }

    #[inline(always)]
    pub(crate) fn b(self) -> u16 {
        // SAFETY: see `ins`.
        unsafe { (*self.ins()).b }
    }

    #[inline(always)]
    pub(crate) fn c(self) -> u16 {
        // SAFETY: see `ins`.
        unsafe { (*self.ins()).c }
    }

    /// All of it, for the long way.
    #[inline(always)]
    pub(crate) fn whole(self) -> Ins {
        // SAFETY: see `ins`.
        unsafe { *self.ins() }
    }

    /// The second word of the instruction, or the instruction behind one that looks at it.
    #[inline(always)]
    pub(crate) fn word(self) -> Ins {
        // SAFETY: instructions of two words are always emitted with their second one, and those that `Ins::alone` knows are made
        // of others only when what they look at is emitted behind them.
        unsafe { *self.0 }
    }
}

/// Reads instructions one after the other.
#[derive(Clone, Copy)]
pub(crate) struct Pc(*const Ins);

impl Pc {
    /// The next instruction; the counter goes past it.
    #[inline(always)]
    pub(crate) fn fetch(&mut self) -> Current {
        self.skip();
        Current(self.0)
    }

    /// Goes past one word.
    #[inline(always)]
    pub(crate) fn skip(&mut self) {
        // SAFETY: verified code ends in an instruction that does not go on, and every jump leads to an instruction; lowering
        // keeps both. One past the last is allowed.
        self.0 = unsafe { self.0.add(1) };
    }

    /// Goes on that many words further, or back.
    #[inline(always)]
    pub(crate) fn jump(&mut self, by: i32) {
        // SAFETY: lowering computed the distance from this place to an instruction of the same code.
        self.0 = unsafe { self.0.offset(by as isize) };
    }
}

/// The running function, as this VM has it.
#[derive(Clone, Copy)]
pub(crate) struct Running(*const Unit);

impl Running {
    /// A unit of the VM, which stays where it is and is not changed while code runs in it.
    #[inline(always)]
    pub(crate) fn new(units: &Units, function: u32) -> Self {
        Self(units.at(function))
    }

    #[inline(always)]
    fn unit<'a>(self) -> &'a Unit {
        // SAFETY: units have places of their own, and are as they were made until they are removed, which `Vm::arrive` and
        // `Vm::clear` do while nothing runs.
        unsafe { &*self.0 }
    }

    /// How many registers it uses.
    #[inline(always)]
    pub(crate) fn window(self) -> u32 {
        self.unit().window.get()
    }

    /// The first register that is a temporary.
    #[inline(always)]
    pub(crate) fn first_temp(self) -> u16 {
        self.unit().first_temp
    }

    /// At its beginning.
    #[inline(always)]
    pub(crate) fn start(self) -> Pc {
        Pc(self.unit().code.get())
    }

    /// At an instruction.
    #[inline(always)]
    pub(crate) fn at(self, index: u32) -> Pc {
        // SAFETY: an index that `index_of` gave, or a handler's target.
        Pc(unsafe { self.unit().code.get().add(index as usize) })
    }

    /// The index of the next instruction.
    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "code is shorter than 2^32 and begins before"
    )]
    pub(crate) fn index_of(self, pc: Pc) -> u32 {
        // SAFETY: both point into the same code.
        unsafe { pc.0.offset_from(self.unit().code.get()) as u32 }
    }

    /// A constant; its owner keeps the count.
    #[inline(always)]
    pub(crate) fn constant(self, at: u16) -> Value {
        let constants = &self.unit().consts;
        #[cfg(any(feature = "checked", debug_assertions))]
        assert!(usize::from(at) < constants.len(), "no constant {at}");
        // SAFETY: lowering gives a function as many constants as its instructions name, and `Vm::prepare` makes all of them
        // before the function first runs.
        unsafe { *constants.get_unchecked(usize::from(at)) }
    }

    /// What is remembered at an attribute's name.
    #[inline(always)]
    pub(crate) fn attr<'a>(self, at: u16) -> &'a Cell<Cache> {
        let attrs = &self.unit().attrs;
        #[cfg(any(feature = "checked", debug_assertions))]
        assert!(usize::from(at) < attrs.len(), "no cache {at}");
        // SAFETY: there is one for each constant, see `constant`.
        unsafe { attrs.get_unchecked(usize::from(at)) }
    }

    /// How often in a row a piece has come to nothing.
    #[inline(always)]
    pub(crate) fn misses<'a>(self, piece: u16) -> Option<&'a Cell<u32>> {
        self.unit().misses.get(usize::from(piece))
    }

    /// What is remembered at a call site.
    #[inline(always)]
    pub(crate) fn site<'a>(self, at: u32) -> &'a Cell<Cache> {
        let sites = &self.unit().sites;
        #[cfg(any(feature = "checked", debug_assertions))]
        assert!((at as usize) < sites.len(), "no call site {at}");
        // SAFETY: there is one for each call site of the code; the verifier has checked that the index names one.
        unsafe { sites.get_unchecked(at as usize) }
    }
}

/// The program that a VM runs, to be looked at while the VM is changed.
#[inline(always)]
pub(crate) fn program<'a>(vm: &Vm) -> &'a Loaded {
    // SAFETY: a VM keeps its program from its making to its end, and nobody changes a program while
    // it runs (`Vm::grow` and `Vm::arrive` do between); what the interpreter reads here it lets go of before the VM can end.
    unsafe { &*Arc::as_ptr(&vm.loaded) }
}
