//! An array: one type for scripts, four ways to store the elements.
//!
//! Elements that are all ints, all floats or all bools are packed without tags; the first element of another kind makes it
//! an array of [`Value`]s (widening), and so it stays. Packed arrays own no counts.

use core::ops::Range;

use crate::fault::Res;
use crate::heap::{Buf, Memory};
use crate::value::{Tag, Value};

/// The elements of an array, by how they are stored.
#[derive(Debug)]
pub enum Items {
    /// All ints; also what an empty array begins as.
    Ints(Buf<i64>),
    /// All floats.
    Floats(Buf<f64>),
    /// All bools.
    Bools(Buf<bool>),
    /// Anything; owns one count of each.
    Any(Buf<Value>),
}

/// The body of an array object.
#[derive(Debug)]
pub struct Array {
    items: Items,
}

const _: () = assert!(size_of::<Array>() == 24);

/// Does the same to whatever kind of buffer there is.
macro_rules! each_kind {
    ($items:expr, $buf:ident => $body:expr) => {
        match $items {
            Items::Ints($buf) => $body,
            Items::Floats($buf) => $body,
            Items::Bools($buf) => $body,
            Items::Any($buf) => $body,
        }
    };
}

impl Default for Array {
    fn default() -> Self {
        Self::new()
    }
}

impl Array {
    /// An empty array.
    #[inline(always)]
    #[must_use]
    pub const fn new() -> Self {
        Self { items: Items::Ints(Buf::new()) }
    }

    /// An array of these elements, whose counts it takes over unless this fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn from_values(mem: &mut Memory, values: &[Value]) -> Res<Self> {
        let first = values.first().map_or(Tag::Int, |it| it.tag());
        let alike = values.iter().all(|it| it.tag() == first);
        let items = match first {
            Tag::Int if alike => {
                Items::Ints(Buf::collect(mem, values.iter().map(|it| it.as_int()))?)
            }
            Tag::Float if alike => {
                Items::Floats(Buf::collect(mem, values.iter().map(|it| it.as_float()))?)
            }
            Tag::Bool if alike => {
                Items::Bools(Buf::collect(mem, values.iter().map(|it| it.as_bool()))?)
            }
            _ => Items::Any(Buf::copy_of(mem, values)?),
        };
        Ok(Self { items })
    }

    /// An empty array with room for `n` elements of the kind that fits values of that tag.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn with_capacity(mem: &mut Memory, tag: Tag, n: usize) -> Res<Self> {
        let items = match tag {
            Tag::Int => Items::Ints(Buf::with_capacity(mem, n)?),
            Tag::Float => Items::Floats(Buf::with_capacity(mem, n)?),
            Tag::Bool => Items::Bools(Buf::with_capacity(mem, n)?),
            _ => Items::Any(Buf::with_capacity(mem, n)?),
        };
        Ok(Self { items })
    }

    /// An array over a packed buffer.
    #[must_use]
    pub const fn from_items(items: Items) -> Self {
        Self { items }
    }

    /// How the elements are stored.
    #[inline(always)]
    #[must_use]
    pub const fn items(&self) -> &Items {
        &self.items
    }

    /// How the elements are stored, to change them in place: sorting, reversing, swapping.
    #[inline(always)]
    pub const fn items_mut(&mut self) -> &mut Items {
        &mut self.items
    }

    /// How many elements.
    #[inline(always)]
    #[must_use]
    pub const fn len(&self) -> usize {
        each_kind!(&self.items, buf => buf.len())
    }

    /// Whether there are none.
    #[inline(always)]
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether its elements may be heap values.
    #[inline(always)]
    #[must_use]
    pub const fn is_packed(&self) -> bool {
        !matches!(self.items, Items::Any(_))
    }

    /// The element at an index; the array keeps its count.
    #[inline(always)]
    #[must_use]
    pub fn get(&self, at: usize) -> Option<Value> {
        match &self.items {
            Items::Ints(buf) => buf.get(at).map(Value::int),
            Items::Floats(buf) => buf.get(at).map(Value::float),
            Items::Bools(buf) => buf.get(at).map(Value::bool),
            Items::Any(buf) => buf.get(at),
        }
    }

    /// The index that an int of a script means: negative ones count from the end.
    #[inline(always)]
    #[must_use]
    pub fn index(&self, at: i64) -> Option<usize> {
        index_in(self.len(), at)
    }

    /// The elements, one after the other; the array keeps their counts.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Value> + ExactSizeIterator {
        (0..self.len()).map(|at| self.get(at).unwrap_or(Value::NULL))
    }

    /// Puts an element at an index that exists; takes over its count and gives the old one. An index past the end gives
    /// the element back.
    ///
    /// # Errors
    /// L0002 and L0009 if the array has to be widened; nothing has changed then.
    #[inline(always)]
    pub fn set(&mut self, mem: &mut Memory, at: usize, item: Value) -> Res<Value> {
        match (&mut self.items, item.tag()) {
            (Items::Ints(buf), Tag::Int) => {
                Ok(swap_in(buf, at, item.as_int()).map_or(item, Value::int))
            }
            (Items::Floats(buf), Tag::Float) => {
                Ok(swap_in(buf, at, item.as_float()).map_or(item, Value::float))
            }
            (Items::Bools(buf), Tag::Bool) => {
                Ok(swap_in(buf, at, item.as_bool()).map_or(item, Value::bool))
            }
            (Items::Any(buf), _) => Ok(swap_in(buf, at, item).unwrap_or(item)),
            _ => self.set_widening(mem, at, item),
        }
    }

    #[cold]
    #[inline(never)]
    fn set_widening(&mut self, mem: &mut Memory, at: usize, item: Value) -> Res<Value> {
        let buf = self.widen(mem, 0)?;
        Ok(swap_in(buf, at, item).unwrap_or(item))
    }

    /// Appends an element and takes over its count, unless this fails.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    #[inline(always)]
    pub fn push(&mut self, mem: &mut Memory, item: Value) -> Res<()> {
        match (&mut self.items, item.tag()) {
            (Items::Ints(buf), Tag::Int) => buf.push(mem, item.as_int()),
            (Items::Floats(buf), Tag::Float) => buf.push(mem, item.as_float()),
            (Items::Bools(buf), Tag::Bool) => buf.push(mem, item.as_bool()),
            (Items::Any(buf), _) => buf.push(mem, item),
            _ => self.push_widening(mem, item),
        }
    }

    #[cold]
    #[inline(never)]
    fn push_widening(&mut self, mem: &mut Memory, item: Value) -> Res<()> {
        if self.is_empty() {
            // Nothing to widen: an empty array takes the kind of its first element.
            let fresh = Self::from_values(mem, &[item])?;
            self.free(mem);
            *self = fresh;
            return Ok(());
        }
        self.widen(mem, 1)?.push(mem, item)
    }

    /// Makes it an array of values, with room for `more` beside those there are.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn widen(&mut self, mem: &mut Memory, more: usize) -> Res<&mut Buf<Value>> {
        if self.is_packed() {
            let mut wide = Buf::with_capacity(mem, self.len().saturating_add(more))?;
            for at in 0..self.len() {
                wide.push(mem, self.get(at).unwrap_or(Value::NULL))?;
            }
            self.free(mem);
            self.items = Items::Any(wide);
        }
        match &mut self.items {
            Items::Any(buf) => Ok(buf),
            Items::Ints(_) | Items::Floats(_) | Items::Bools(_) => unreachable!("just widened"),
        }
    }

    /// Makes room for `more` elements of the present kind.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn reserve(&mut self, mem: &mut Memory, more: usize) -> Res<()> {
        each_kind!(&mut self.items, buf => buf.reserve(mem, more))
    }

    /// Appends elements and takes over their counts. If this fails, nothing is taken over.
    ///
    /// # Errors
    /// L0002 and L0009; the array has its old length then.
    pub fn extend_values(&mut self, mem: &mut Memory, items: &[Value]) -> Res<()> {
        let len = self.len();
        for &item in items {
            if let Err(fault) = self.push(mem, item) {
                self.forget_from(len);
                return Err(fault);
            }
        }
        Ok(())
    }

    /// Appends the elements of another array, packed if both are of a kind. Counts them where they need it.
    ///
    /// # Errors
    /// L0002 and L0009; the array has its old length then.
    pub fn extend_from(&mut self, mem: &mut Memory, other: &Self, range: Range<usize>) -> Res<()> {
        if self.is_empty() && self.is_packed() {
            let fresh = other.copy_range(mem, range)?;
            self.free(mem);
            *self = fresh;
            return Ok(());
        }
        match (&mut self.items, &other.items) {
            (Items::Ints(a), Items::Ints(b)) => a.extend(mem, slice(b, range)),
            (Items::Floats(a), Items::Floats(b)) => a.extend(mem, slice(b, range)),
            (Items::Bools(a), Items::Bools(b)) => a.extend(mem, slice(b, range)),
            (Items::Any(a), Items::Any(b)) => {
                let items = slice(b, range);
                a.extend(mem, items)?;
                retain_all(items);
                Ok(())
            }
            _ => {
                let len = self.len();
                for at in range {
                    let Some(item) = other.get(at) else { break };
                    if let Err(fault) = self.push(mem, item) {
                        self.forget_from(len);
                        return Err(fault);
                    }
                }
                if let Items::Any(buf) = &self.items {
                    retain_all(&buf.as_slice()[len..]);
                }
                Ok(())
            }
        }
    }

    /// A new array of a part of this one, stored alike. Counts the elements.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn copy_range(&self, mem: &mut Memory, range: Range<usize>) -> Res<Self> {
        let copy = self.copy_uncounted(mem, range)?;
        retain_all(copy.as_values().unwrap_or(&[]));
        Ok(copy)
    }

    /// A new array of a part of this one, stored alike; counting the elements is the caller's.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn copy_uncounted(&self, mem: &mut Memory, range: Range<usize>) -> Res<Self> {
        let items = match &self.items {
            Items::Ints(buf) => Items::Ints(Buf::copy_of(mem, slice(buf, range))?),
            Items::Floats(buf) => Items::Floats(Buf::copy_of(mem, slice(buf, range))?),
            Items::Bools(buf) => Items::Bools(Buf::copy_of(mem, slice(buf, range))?),
            Items::Any(buf) => Items::Any(Buf::copy_of(mem, slice(buf, range))?),
        };
        Ok(Self { items })
    }

    /// Takes off the last element and gives its count.
    #[inline(always)]
    pub fn pop(&mut self) -> Option<Value> {
        match &mut self.items {
            Items::Ints(buf) => buf.pop().map(Value::int),
            Items::Floats(buf) => buf.pop().map(Value::float),
            Items::Bools(buf) => buf.pop().map(Value::bool),
            Items::Any(buf) => buf.pop(),
        }
    }

    /// Puts an element before the one at `at` (at most the length) and takes over its count, unless this fails.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn insert(&mut self, mem: &mut Memory, at: usize, item: Value) -> Res<()> {
        self.push(mem, item)?;
        each_kind!(&mut self.items, buf => {
            if let Some(tail) = buf.as_mut_slice().get_mut(at..) {
                tail.rotate_right(1);
            }
        });
        Ok(())
    }

    /// Takes out the element at `at` and gives its count; those behind it move up.
    pub fn remove(&mut self, at: usize) -> Option<Value> {
        match &mut self.items {
            Items::Ints(buf) => buf.remove(at).map(Value::int),
            Items::Floats(buf) => buf.remove(at).map(Value::float),
            Items::Bools(buf) => buf.remove(at).map(Value::bool),
            Items::Any(buf) => buf.remove(at),
        }
    }

    /// Turns the order around.
    pub fn reverse(&mut self) {
        each_kind!(&mut self.items, buf => buf.as_mut_slice().reverse());
    }

    /// Exchanges two elements that exist.
    pub fn swap(&mut self, a: usize, b: usize) {
        if a < self.len() && b < self.len() {
            each_kind!(&mut self.items, buf => buf.as_mut_slice().swap(a, b));
        }
    }

    /// The elements as values, if they are stored so.
    #[inline(always)]
    #[must_use]
    pub const fn as_values(&self) -> Option<&[Value]> {
        match &self.items {
            Items::Any(buf) => Some(buf.as_slice()),
            Items::Ints(_) | Items::Floats(_) | Items::Bools(_) => None,
        }
    }

    /// The elements as places, if they are stored so.
    #[inline(always)]
    #[must_use]
    pub const fn as_values_mut(&mut self) -> Option<&mut [Value]> {
        match &mut self.items {
            Items::Any(buf) => Some(buf.as_mut_slice()),
            Items::Ints(_) | Items::Floats(_) | Items::Bools(_) => None,
        }
    }

    /// The elements as ints, if they are stored so.
    #[inline(always)]
    #[must_use]
    pub const fn as_ints(&self) -> Option<&[i64]> {
        match &self.items {
            Items::Ints(buf) => Some(buf.as_slice()),
            Items::Floats(_) | Items::Bools(_) | Items::Any(_) => None,
        }
    }

    /// The elements as floats, if they are stored so.
    #[inline(always)]
    #[must_use]
    pub const fn as_floats(&self) -> Option<&[f64]> {
        match &self.items {
            Items::Floats(buf) => Some(buf.as_slice()),
            Items::Ints(_) | Items::Bools(_) | Items::Any(_) => None,
        }
    }

    /// Forgets the elements from `len` on: their counts are somebody else's.
    pub fn forget_from(&mut self, len: usize) {
        each_kind!(&mut self.items, buf => buf.truncate(len));
    }

    /// Gives the memory back; the counts of the elements are somebody else's.
    pub fn free(&mut self, mem: &mut Memory) {
        each_kind!(&mut self.items, buf => buf.free(mem));
    }
}

/// The index that an int of a script means in something of that length: negative ones count from the end.
#[inline(always)]
#[must_use]
pub fn index_in(len: usize, at: i64) -> Option<usize> {
    let at = if at < 0 { i64::try_from(len).ok()?.checked_add(at)? } else { at };
    usize::try_from(at).ok().filter(|&at| at < len)
}

#[inline(always)]
fn swap_in<T: crate::heap::Plain>(buf: &mut Buf<T>, at: usize, item: T) -> Option<T> {
    buf.as_mut_slice().get_mut(at).map(|place| core::mem::replace(place, item))
}

fn slice<T: crate::heap::Plain>(buf: &Buf<T>, range: Range<usize>) -> &[T] {
    let items = buf.as_slice();
    let end = range.end.min(items.len());
    items.get(range.start.min(end)..end).unwrap_or(&[])
}

fn retain_all(values: &[Value]) {
    for &value in values {
        crate::heap::retain(value);
    }
}
