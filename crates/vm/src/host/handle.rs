//! Values that the embedder holds on to: counted by the VM as long as their handle lives.
//!
//! A handle is dropped anywhere, also on another thread and after its VM; it then only notes which slot is free, and the VM
//! gives the value up when it next looks. What a handle refers to is found only through the table it came from, so that one
//! of another VM is an error and never a wrong value.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::heap::Heap;
use crate::value::Value;

/// Which slots nobody refers to any more.
#[derive(Debug, Default)]
struct Dropped {
    slots: Mutex<Vec<u32>>,
    /// Whether there are any, so that nobody takes the lock for nothing.
    any: AtomicBool,
}

impl Dropped {
    fn lock(&self) -> MutexGuard<'_, Vec<u32>> {
        // A list of numbers is whole at any moment.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Keeps a value of a VM alive. Cloning shares.
#[derive(Clone, Debug)]
pub struct Handle(Arc<Slot>);

#[derive(Debug)]
struct Slot {
    at: u32,
    kind: &'static str,
    table: Arc<Dropped>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.table.lock().push(self.at);
        self.table.any.store(true, Ordering::Release);
    }
}

impl Handle {
    /// What `type(x)` calls the value.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.0.kind
    }
}

/// Two handles are equal if one is a clone of the other.
impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// The values that handles of a VM refer to.
#[derive(Debug, Default)]
pub struct Handles {
    slots: RefCell<Vec<Value>>,
    free: RefCell<Vec<u32>>,
    /// Slots in use: as long as there are none, nobody needs to look.
    n_used: Cell<u32>,
    /// Made with the first handle.
    dropped: RefCell<Option<Arc<Dropped>>>,
}

impl Handles {
    /// A handle for a value, which is counted for it.
    #[must_use]
    pub fn keep(&self, heap: &Heap, value: Value) -> Handle {
        heap.retain(value);
        let table = Arc::clone(self.dropped.borrow_mut().get_or_insert_default());
        let mut slots = self.slots.borrow_mut();
        let at = match self.free.borrow_mut().pop() {
            Some(at) => {
                slots[at as usize] = value;
                at
            }
            None => {
                slots.push(value);
                u32::try_from(slots.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.n_used.set(self.n_used.get() + 1);
        Handle(Arc::new(Slot { at, kind: heap.type_name(value), table }))
    }

    /// The value of a handle, which keeps its count; `None` if the handle is of another VM.
    #[must_use]
    pub fn find(&self, handle: &Handle) -> Option<Value> {
        let dropped = self.dropped.borrow();
        let own = dropped.as_ref().is_some_and(|it| Arc::ptr_eq(it, &handle.0.table));
        if own { self.slots.borrow().get(handle.0.at as usize).copied() } else { None }
    }

    /// How many values are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.n_used.get() as usize
    }

    /// Whether none is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Gives up the values whose handles are gone. Next to nothing as long as there are no handles.
    #[inline]
    pub fn sweep(&self, heap: &mut Heap) {
        if self.n_used.get() > 0 {
            self.sweep_used(heap);
        }
    }

    #[inline]
    fn sweep_used(&self, heap: &mut Heap) {
        let dropped = self.dropped.borrow();
        if let Some(table) = &*dropped
            && table.any.load(Ordering::Relaxed)
        {
            self.sweep_dropped(table, heap);
        }
    }

    #[cold]
    #[inline(never)]
    fn sweep_dropped(&self, table: &Dropped, heap: &mut Heap) {
        // Before the list is taken: one that is dropped meanwhile says so again.
        table.any.swap(false, Ordering::Acquire);
        let gone = std::mem::take(&mut *table.lock());
        for at in gone {
            let value = std::mem::take(&mut self.slots.borrow_mut()[at as usize]);
            self.n_used.set(self.n_used.get() - 1);
            self.free.borrow_mut().push(at);
            heap.release(value);
        }
    }
}
