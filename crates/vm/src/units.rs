//! What a VM has of its own for each function that it has run: its constants as values, and what it remembers of the objects
//! it has seen.
//!
//! A VM that has run nothing has nothing: the list is made with the first function, one word for each function of the program
//! and the prelude, and a unit when a function is first called. So thousands of VMs share a large program at the cost of what
//! each of them runs.
#![expect(unsafe_code, reason = "calls look units up without asking whether they are there")]

use core::cell::Cell;
use core::ptr;
use std::sync::LazyLock;

use crate::cache::Cache;
use crate::fault::Res;
use crate::limits::memory::allocation_failed;
use crate::lower::LoweredFunction;
use crate::lower::op::Ins;
use crate::value::{FunctionId, Value};

/// A function, as one VM runs it. Its caches change, and what tells the engine that somebody looks at it.
#[derive(Debug)]
pub(crate) struct Unit {
    /// The first instruction, in the shared code or in a copy with traps.
    pub(crate) code: Cell<*const Ins>,
    pub(crate) consts: Box<[Value]>,
    /// For each constant that names an attribute.
    pub(crate) attrs: Box<[Cell<Cache>]>,
    /// For each call site.
    pub(crate) sites: Box<[Cell<Cache>]>,
    /// For each piece that has closures: how often in a row it has come to nothing.
    pub(crate) misses: Box<[Cell<u32>]>,
    /// How many registers it uses, or [`WATCHED`].
    pub(crate) window: Cell<u32>,
    pub(crate) first_temp: u16,
}

const _: () = assert!(size_of::<Unit>() == 80);

impl Unit {
    fn new(function: &LoweredFunction, consts: Box<[Value]>) -> Self {
        let empty = |n: usize| std::iter::repeat_with(|| Cell::new(Cache::EMPTY)).take(n).collect();
        Self {
            code: Cell::new(function.code.as_ptr()),
            attrs: empty(consts.len()),
            sites: empty(function.sites.len()),
            misses: vec![Cell::new(0); function.pieces.as_ref().map_or(0, |it| it.len())].into(),
            consts,
            window: Cell::new(function.window),
            first_temp: function.first_temp,
        }
    }
}

/// The window of a unit that is not there: more than there ever is room for, so that a call takes the long way.
const NOT_READY: u32 = u32::MAX;

/// The window of a unit whose calls somebody looks at, likewise: see [`crate::hooks`].
pub(crate) const WATCHED: u32 = u32::MAX - 1;

/// Stands for all functions that have not run.
struct Missing(Unit);

static MISSING: LazyLock<Missing> = LazyLock::new(|| {
    Missing(Unit {
        code: Cell::new(ptr::null()),
        consts: Box::default(),
        attrs: Box::default(),
        sites: Box::default(),
        misses: Box::default(),
        window: Cell::new(NOT_READY),
        first_temp: 0,
    })
});

// SAFETY: there is nothing behind its pointers.
unsafe impl Send for Missing {}

// SAFETY: as above; it has no caches, and `Units::get`, by which the rest is changed, does not give it out.
unsafe impl Sync for Missing {}

/// The units of a VM, by the numbers of functions.
pub(crate) struct Units {
    /// Empty until a function runs; then one for each function of the program, which is [`MISSING`] or from [`Units::add`].
    list: Vec<*const Unit>,
}

impl Units {
    /// None.
    pub(crate) const fn new() -> Self {
        Self { list: Vec::new() }
    }

    /// The unit of a function, if that has run.
    #[inline]
    pub(crate) fn get(&self, function: FunctionId) -> Option<&Unit> {
        let at = self.list.get(function.0 as usize)?;
        // SAFETY: what is in the list is there until it is removed from it, which borrows the list.
        let unit = unsafe { &**at };
        (unit.window.get() != NOT_READY).then_some(unit)
    }

    /// The unit of a function; one with a window beyond all room if it has not run.
    ///
    /// It stays where it is, and as it is but for its caches, until code of its function is replaced or all units are
    /// removed, which is done only while none runs.
    #[inline(always)]
    pub(crate) fn at(&self, function: u32) -> *const Unit {
        #[cfg(any(feature = "checked", debug_assertions))]
        assert!((function as usize) < self.list.len(), "no such function");
        // SAFETY: functions are numbered by loading, and code names only those there are. The list has a place for each of
        // them since before the first ran (`Vm::prepare`); `Units::extend` keeps it so when a session grows.
        unsafe { *self.list.get_unchecked(function as usize) }
    }

    /// Makes the list long enough for `n` functions, if there is one.
    ///
    /// # Errors
    /// L0009.
    pub(crate) fn extend(&mut self, n: usize) -> Res<()> {
        if self.list.is_empty() { Ok(()) } else { self.make_room(n) }
    }

    fn make_room(&mut self, n: usize) -> Res<()> {
        let more = n.saturating_sub(self.list.len());
        self.list
            .try_reserve_exact(more)
            .map_err(|_| allocation_failed(more * size_of::<*const Unit>()))?;
        self.list.extend(std::iter::repeat_n(&raw const MISSING.0, more));
        Ok(())
    }

    /// Adds the unit of a function that is to run first, with its constants; there are `n` functions.
    ///
    /// # Errors
    /// L0009, and the constants are given back.
    pub(crate) fn add(
        &mut self,
        at: FunctionId,
        n: usize,
        function: &LoweredFunction,
        consts: Vec<Value>,
    ) -> Result<(), (Box<crate::fault::Fault>, Vec<Value>)> {
        if let Err(fault) = self.make_room(n) {
            return Err((fault, consts));
        }
        if let Some(place) = self.list.get_mut(at.0 as usize) {
            *place = Box::into_raw(Box::new(Unit::new(function, consts.into())));
        }
        Ok(())
    }

    /// Removes a unit, none of whose code may run: its constants.
    pub(crate) fn remove(&mut self, function: FunctionId) -> Box<[Value]> {
        let Some(place) = self.list.get_mut(function.0 as usize) else { return Box::default() };
        let unit = core::mem::replace(place, &raw const MISSING.0);
        if ptr::eq(unit, &raw const MISSING.0) {
            return Box::default();
        }
        // SAFETY: made by `Units::add` from a box, and in the list only once; the caller says that none of its code runs, so
        // nobody looks at it any more.
        unsafe { Box::from_raw(unit.cast_mut()) }.consts
    }

    /// The functions that there are places for.
    pub(crate) fn functions(&self) -> impl Iterator<Item = FunctionId> + use<> {
        (0u32..).take(self.list.len()).map(FunctionId)
    }
}

impl Drop for Units {
    fn drop(&mut self) {
        // What the constants refer to goes with the heap.
        for function in self.functions() {
            drop(self.remove(function));
        }
    }
}

// SAFETY: `code` points into the program, which the VM that owns the units keeps alive, and which any thread may read, or into
// a copy that the VM itself owns. All else in a unit is the VM's own and moves with it.
unsafe impl Send for Units {}
