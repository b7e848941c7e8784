//! A call that is running, as data: nothing of it is on the native stack.
//!
//! The stack of frames grows by itself up to its limit; pushing within what it has room for is a few stores, because a
//! call is the most frequent thing that a program does beside arithmetic.
#![expect(
    unsafe_code,
    reason = "the topmost frame is read and written without asking whether there is one"
)]

use remora_diagnostics::{Advice, Code};

use crate::fault::{Fault, Res};
use crate::limits::memory::{Account, allocation_failed};
use crate::value::FunctionId;

/// What is to be done when a frame ends, beside giving its result to the caller.
pub(crate) mod flags {
    /// The register before the first holds a closure that the frame owns.
    pub(crate) const CLOSURE: u8 = 1;
    /// The first local goes back to the caller's register `home`.
    pub(crate) const HOME: u8 = 2;
    /// The first local goes back to the place that the topmost write-back names.
    pub(crate) const WRITE_BACK: u8 = 4;
    /// The frame was entered by the host: its end ends the run.
    pub(crate) const ENTRY: u8 = 8;
    /// The register before the first is the frame's own: a tail call can put a closure there.
    pub(crate) const OWNS_CALLEE: u8 = 16;

    /// A generator's: two registers before the first stands the generator, which takes the registers back.
    pub(crate) const GENERATOR: u8 = 32;
    /// The result is not simply put into the caller's register: see [`Deliver`](super::Deliver).
    pub(crate) const DELIVERS: u8 = 64;

    /// Somebody wants to see the end of it.
    pub(crate) const WATCHED: u8 = 128;

    /// With any of these the end of a frame takes the long way.
    pub(crate) const SLOW_END: u8 = WRITE_BACK | ENTRY | GENERATOR | DELIVERS | WATCHED;
}

/// What the caller makes of a result; other than [`Deliver::Result`] only with [`flags::DELIVERS`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Deliver {
    /// It goes into the register `result`.
    Result,
    /// Whether it counts as true goes there.
    Truth,
    /// Whether it counts as false goes there.
    Not,
    /// The comparison and jump before the caller's next instruction goes on with whether it counts as true.
    Branch,
    /// The same with whether it counts as false.
    BranchNot,
    /// What a generator gives is the next item of the caller's loop.
    Item,
    /// What a generator gives goes there in a Some, its end as None.
    Next,
    /// What a generator gives is appended to the array there.
    Element,
}

/// One call.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct Frame {
    /// What runs.
    pub(crate) function: FunctionId,
    /// Index of its first register.
    pub(crate) base: u32,
    /// The next instruction, while another frame runs above this one.
    pub(crate) pc: u32,
    /// Register of the caller that takes the result.
    pub(crate) result: u16,
    /// The first temporary: registers before it are given up when the frame ends.
    pub(crate) first_temp: u16,
    /// Register of the caller that the first local came from.
    pub(crate) home: u16,
    pub(crate) flags: u8,
    pub(crate) deliver: Deliver,
}

const _: () = assert!(size_of::<Frame>() == 20);

impl Frame {
    /// What callers complete.
    pub(crate) const NEW: Self = Self {
        function: FunctionId(0),
        base: 0,
        pc: 0,
        result: 0,
        first_temp: 0,
        home: 0,
        flags: 0,
        deliver: Deliver::Result,
    };
}

/// How many fit as soon as there are any.
const FIRST_FRAMES: usize = 8;

/// The calls that are open, the innermost last.
pub(crate) struct Frames {
    list: Vec<Frame>,
    /// How many fit without growing; never more than the list's capacity.
    room: usize,
    most: usize,
}

impl Frames {
    /// None, and at most that many.
    pub(crate) const fn new(most: usize) -> Self {
        Self { list: Vec::new(), room: 0, most }
    }

    /// Gives the room back. No call may be open.
    pub(crate) fn free(&mut self, account: &mut Account) {
        account.unbook(self.room * size_of::<Frame>());
        self.list = Vec::new();
        self.room = 0;
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) const fn len(&self) -> usize {
        self.list.len()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Frame> {
        self.list.iter()
    }

    /// The innermost call.
    #[inline(always)]
    pub(crate) fn top(&self) -> &Frame {
        debug_assert!(!self.list.is_empty(), "the loop runs only while a frame is open");
        // SAFETY: code runs only in a frame: `interp::run` is entered with one on the stack, and leaves when the frame that
        // the host entered ends. Tested: tests/it/run.rs; debug builds assert it.
        unsafe { self.list.get_unchecked(self.list.len().wrapping_sub(1)) }
    }

    /// The innermost call, to be changed.
    #[inline(always)]
    pub(crate) fn top_mut(&mut self) -> &mut Frame {
        debug_assert!(!self.list.is_empty(), "the loop runs only while a frame is open");
        let last = self.list.len().wrapping_sub(1);
        // SAFETY: as in `top`.
        unsafe { self.list.get_unchecked_mut(last) }
    }

    /// Whether one more fits without growing.
    #[inline(always)]
    pub(crate) const fn has_room(&self) -> bool {
        self.list.len() < self.room
    }

    /// Opens a call; there must be room.
    #[inline(always)]
    pub(crate) fn push(&mut self, frame: Frame) {
        debug_assert!(self.has_room());
        let len = self.list.len();
        // SAFETY: `len < room <= capacity`, which callers have just seen.
        let at = unsafe { self.list.as_mut_ptr().add(len) };
        // SAFETY: as above; the place is allocated and nobody looks at it.
        unsafe { at.write(frame) };
        // SAFETY: it has just been written.
        unsafe { self.list.set_len(len + 1) };
    }

    /// Makes room for one more.
    ///
    /// # Errors
    /// L0003 if there are as many as may be, with `name` as what is being called; L0002 and L0009.
    #[cold]
    #[inline(never)]
    pub(crate) fn grow(&mut self, account: &mut Account, name: impl FnOnce() -> String) -> Res<()> {
        let len = self.list.len();
        if len >= self.most {
            let (limit, name) = (self.most, name());
            return Err(Fault::new(
                Code::L0003,
                format!("Maximum call stack depth of {limit} exceeded while calling {name}"),
            )
            .with_advice(Advice::endless()));
        }
        let wanted = (len * 2).max(FIRST_FRAMES).min(self.most);
        let bytes = (wanted - self.room) * size_of::<Frame>();
        account.book(bytes)?;
        if self.list.try_reserve_exact(wanted - len).is_err() {
            account.unbook(bytes);
            return Err(allocation_failed(bytes));
        }
        self.room = wanted;
        Ok(())
    }

    /// Ends the innermost call.
    #[inline(always)]
    pub(crate) fn drop_top(&mut self) {
        let len = self.list.len();
        debug_assert!(len > 0);
        // SAFETY: shorter than before; frames need no dropping. `len > 0` as in `top`.
        unsafe { self.list.set_len(len.wrapping_sub(1)) };
    }

    /// Ends the innermost call, if there is one.
    pub(crate) fn pop(&mut self) -> Option<Frame> {
        self.list.pop()
    }
}
