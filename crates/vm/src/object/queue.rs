//! First in, first out: a ring over one buffer. Also the body of a stack, which uses one end only.

use crate::fault::Res;
use crate::heap::{Buf, Memory};
use crate::value::Value;

/// The body of a queue object. Invariant: the buffer's length is the ring's capacity; slots that hold nothing are null.
#[derive(Debug, Default)]
pub struct Queue {
    ring: Buf<Value>,
    head: u32,
    len: u32,
}

impl Queue {
    /// An empty queue.
    #[must_use]
    pub const fn new() -> Self {
        Self { ring: Buf::new(), head: 0, len: 0 }
    }

    /// How many elements wait.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len as usize
    }

    /// Whether none waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Where in the ring the element of that index from the front is.
    fn slot(&self, at: usize) -> usize {
        let at = self.head as usize + at;
        if at >= self.ring.len() { at - self.ring.len() } else { at }
    }

    /// The element at that index from the front; the queue keeps its count.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Value> {
        if at < self.len() { self.ring.get(self.slot(at)) } else { None }
    }

    /// The next element; the queue keeps its count.
    #[must_use]
    pub fn front(&self) -> Option<Value> {
        self.get(0)
    }

    /// The newest element; the queue keeps its count.
    #[must_use]
    pub fn back(&self) -> Option<Value> {
        self.get(self.len().checked_sub(1)?)
    }

    /// The elements from the front on; the queue keeps their counts.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator {
        (0..self.len()).map(|at| self.get(at).unwrap_or(Value::NULL))
    }

    /// Appends an element and takes over its count, unless this fails.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn push_back(&mut self, mem: &mut Memory, item: Value) -> Res<()> {
        if self.len() == self.ring.len() {
            self.grow(mem)?;
        }
        let slot = self.slot(self.len());
        if let Some(place) = self.ring.as_mut_slice().get_mut(slot) {
            *place = item;
            self.len += 1;
        }
        Ok(())
    }

    fn grow(&mut self, mem: &mut Memory) -> Res<()> {
        let more = self.ring.len().max(4);
        self.ring.reserve(mem, more)?;
        // Straight again: the front at the start, so that the new room is behind the newest.
        self.ring.as_mut_slice().rotate_left(self.head as usize);
        self.head = 0;
        let room = self.ring.capacity() - self.ring.len();
        self.ring.extend_with(mem, Value::NULL, room)
    }

    /// Takes out the next element and gives its count.
    pub fn pop_front(&mut self) -> Option<Value> {
        let item = self.front()?;
        self.head = u32::try_from(self.slot(1)).unwrap_or(0);
        self.len -= 1;
        Some(item)
    }

    /// Takes out the newest element and gives its count.
    pub fn pop_back(&mut self) -> Option<Value> {
        let item = self.back()?;
        self.len -= 1;
        Some(item)
    }

    /// A queue of the same elements; counting them is the caller's.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn copy_uncounted(&self, mem: &mut Memory) -> Res<Self> {
        let mut ring = Buf::with_capacity(mem, self.len())?;
        for item in self.iter() {
            ring.push(mem, item)?;
        }
        Ok(Self { ring, head: 0, len: self.len })
    }

    /// Gives the memory back; the counts of the elements are somebody else's.
    pub fn free(&mut self, mem: &mut Memory) {
        self.ring.free(mem);
        *self = Self::new();
    }
}
