//! The backup collector: finds what only refers to itself.
//!
//! Values are trees, so a cycle always passes through a captured variable: cell → closure → the same cell. Nothing is
//! recorded when counts go down; instead, when enough cells and closures have been made since the last time, one pass over
//! the heap tells what is alive (trial deletion over all objects, as CPython does it over its containers):
//! 1. take from each object's count what other objects account for; what is left is owned from outside: by registers,
//!    globals, host handles;
//! 2. from those, reach everything alive, and give the counts back;
//! 3. free what was not reached.
//!
//! Linear in the heap, iterative, and paid for: the next pass waits until as many cells and closures have been made as there
//! are objects, or fewer when memory gets scarce. Programs without closures never pay. Deterministic, like the counts.
#![expect(unsafe_code, reason = "walks headers")]

use core::ptr::NonNull;

use super::block::{Header, MARK};
use super::{Heap, children};
use crate::value::Value;

/// No pass before that many cells and closures.
const MIN_MADE: usize = 10_000;
/// The same, when more than half of the limit is in use.
const MIN_MADE_SCARCE: usize = 256;

/// When the next pass is due.
#[derive(Debug)]
pub(super) struct Trigger {
    /// Cells and closures made since the last pass.
    made: usize,
    /// How many until the next.
    due: usize,
    /// Passes so far.
    passes: usize,
}

impl Trigger {
    pub(super) const fn new() -> Self {
        Self { made: 0, due: MIN_MADE_SCARCE, passes: 0 }
    }
}

impl Heap {
    /// To be called before a cell or closure is made: a pass, if one is due.
    #[inline(always)]
    pub(super) fn before_cycle_maker(&mut self) {
        self.cycles.made += 1;
        if self.cycles.made >= self.cycles.due {
            self.maybe_collect();
        }
    }

    #[cold]
    #[inline(never)]
    fn maybe_collect(&mut self) {
        let objects = self.live_objects();
        let scarce = self.live_bytes() > self.mem.account().limit() / 2;
        let (least, part) = if scarce { (MIN_MADE_SCARCE, 16) } else { (MIN_MADE, 1) };
        if self.cycles.made >= least.max(objects / part) {
            self.collect_cycles();
        } else {
            // Look again a little later.
            self.cycles.due = self.cycles.made + MIN_MADE_SCARCE;
        }
    }

    /// How many passes there were.
    #[must_use]
    pub const fn n_collections(&self) -> usize {
        self.cycles.passes
    }

    /// Frees what only refers to itself; how many objects that were.
    ///
    /// All values in use must be counted: no object may be half made.
    pub fn collect_cycles(&mut self) -> usize {
        self.cycles.made = 0;
        self.cycles.passes += 1;
        self.cycles.due = MIN_MADE_SCARCE;
        self.mem.each_object(|at| {
            // SAFETY: `each_object` gives objects that have not been freed; nothing changes but counts.
            unsafe { children::each(at, &mut uncount) };
        });
        self.reach_all();
        self.free_unreached()
    }

    /// Marks what is owned from outside, and all that can be reached from there, and gives the counts back.
    fn reach_all(&mut self) {
        let mut waiting = Vec::new();
        let mut out_of_memory = false;
        self.mem.each_object(|at| {
            // SAFETY: as above.
            if unsafe { at.as_ref() }.count.get() != 0 {
                out_of_memory |= !reach(at, &mut waiting);
            }
        });
        if out_of_memory {
            // Without room for a worklist nothing can be told apart: everything counts as alive.
            self.mem.each_object(|at| {
                if mark(at) {
                    // SAFETY: as above.
                    unsafe { children::each(at, &mut recount) };
                }
            });
        }
    }

    fn free_unreached(&mut self) -> usize {
        let mut dead = Vec::new();
        let mut freed = 0;
        loop {
            let mut more = false;
            self.mem.each_object(|at| {
                let header = header(at);
                let kind = header.kind.get();
                if kind & MARK != 0 {
                    return;
                }
                if dead.try_reserve(1).is_ok() {
                    dead.push(at);
                } else {
                    more = true;
                }
            });
            freed += dead.len();
            for at in dead.drain(..) {
                // SAFETY: not reached, so only unreached objects refer to it, and they are freed as well. What it refers
                // to had its share taken off in the first step.
                unsafe { children::free_object(&mut self.mem, at) };
            }
            if !more || dead.capacity() == 0 {
                break;
            }
        }
        self.mem.each_object(|at| {
            let header = header(at);
            header.kind.set(header.kind.get() & !MARK);
        });
        freed
    }
}

/// The header of an object that has not been freed.
fn header<'a>(at: NonNull<Header>) -> &'a Header {
    // SAFETY: only used inside `each_object`, on what it gives.
    unsafe { at.as_ref() }
}

/// Takes one count off for a reference from another object.
fn uncount(child: Value) {
    if let Some(header) = header_of(child)
        && header.count.get() > 0
    {
        header.count.set(header.count.get() - 1);
    }
}

/// Gives that count back.
fn recount(child: Value) {
    if let Some(header) = header_of(child) {
        header.retain();
    }
}

fn header_of<'a>(child: Value) -> Option<&'a Header> {
    if !child.is_heap() {
        return None;
    }
    // SAFETY: the object that owns the child counts it, and nothing is freed in this step.
    NonNull::new(child.header()).map(|at| unsafe { at.as_ref() })
}

/// Marks an object; whether it was not marked before.
fn mark(at: NonNull<Header>) -> bool {
    let header = header(at);
    let kind = header.kind.get();
    header.kind.set(kind | MARK);
    kind & MARK == 0
}

/// Marks an object and all that can be reached from it; false if the worklist could not grow.
fn reach(at: NonNull<Header>, waiting: &mut Vec<NonNull<Header>>) -> bool {
    let mut complete = true;
    let mut next = mark(at).then_some(at);
    while let Some(at) = next {
        let mut visit = |child: Value| {
            recount(child);
            let Some(child) = header_of(child).map(NonNull::from) else { return };
            if waiting.try_reserve(1).is_err() {
                complete = false;
            } else if mark(child) {
                waiting.push(child);
            }
        };
        // SAFETY: objects that are reached have not been freed.
        unsafe { children::each(at, &mut visit) };
        next = waiting.pop();
    }
    complete
}
