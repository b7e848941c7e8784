//! Copy-on-write: who wants to change an object that others see too gets a copy of its own first.
//!
//! Copies are shallow: what is inside is shared, and counted once more.

use core::ops::Range;

use super::Buf;
use super::Heap;
use super::access::{array_of, bytes_of, dict_of, queue_of, set_of, stack_of};
use super::count::{is_unique, retain};
use crate::fault::Res;
use crate::object::Array;
use crate::value::{Tag, Value};

impl Heap {
    /// Makes `place` the only owner of what it refers to, by a shallow copy if it is not. Immediates, and kinds that never
    /// change (strings, ranges, Results, closures) or are shared on purpose (cells) stay as they are.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    #[inline(always)]
    pub fn make_unique(&mut self, place: &mut Value) -> Res<()> {
        if !place.is_heap() || is_unique(*place) {
            return Ok(());
        }
        self.copy_shared(place)
    }

    #[cold]
    #[inline(never)]
    fn copy_shared(&mut self, place: &mut Value) -> Res<()> {
        let copy = self.shallow_copy(*place)?;
        let old = core::mem::replace(place, copy);
        self.release(old);
        Ok(())
    }

    /// A new object of the same content, counted for the caller; for immediates and kinds that never change the same value,
    /// counted once more.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn shallow_copy(&mut self, value: Value) -> Res<Value> {
        match value.tag() {
            Tag::Array => {
                let Some(array) = array_of(&value) else { return Ok(value) };
                let copy = array.copy_uncounted(&mut self.mem, 0..array.len())?;
                let made = self.new_array(copy)?;
                array.as_values().unwrap_or(&[]).iter().copied().for_each(retain);
                Ok(made)
            }
            Tag::Dict => {
                let Some(dict) = dict_of(&value) else { return Ok(value) };
                let copy = dict.copy_uncounted(&mut self.mem)?;
                let made = self.new_dict(copy)?;
                for entry in dict.iter() {
                    retain(entry.key);
                    retain(entry.value);
                }
                Ok(made)
            }
            Tag::Set => {
                let Some(set) = set_of(&value) else { return Ok(value) };
                let copy = set.copy_uncounted(&mut self.mem)?;
                let made = self.new_set(copy)?;
                set.keys().for_each(retain);
                Ok(made)
            }
            Tag::Bytes => {
                let Some(bytes) = bytes_of(&value) else { return Ok(value) };
                let copy = Buf::copy_of(&mut self.mem, bytes.as_slice())?;
                self.new_bytes(copy)
            }
            Tag::Stack => {
                let Some(stack) = stack_of(&value) else { return Ok(value) };
                let copy = Buf::copy_of(&mut self.mem, stack.as_slice())?;
                let made = self.new_stack(copy)?;
                stack.as_slice().iter().copied().for_each(retain);
                Ok(made)
            }
            Tag::Queue => {
                let Some(queue) = queue_of(&value) else { return Ok(value) };
                let copy = queue.copy_uncounted(&mut self.mem)?;
                let made = self.new_queue(copy)?;
                queue.iter().for_each(retain);
                Ok(made)
            }
            Tag::Struct | Tag::Variant => self.copy_slots(value),
            _ => {
                retain(value);
                Ok(value)
            }
        }
    }

    /// A new array of a part of an array, stored alike; what is inside is counted once more.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn slice_array(&mut self, from: Value, range: Range<usize>) -> Res<Value> {
        let empty = Array::new();
        let part = array_of(&from).unwrap_or(&empty).copy_uncounted(&mut self.mem, range)?;
        let made = self.new_array(part)?;
        array_of(&made).and_then(Array::as_values).unwrap_or(&[]).iter().copied().for_each(retain);
        Ok(made)
    }

    /// Appends a part of one array to another that has one owner; what is inside is counted once more.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn extend_array(&mut self, to: Value, from: Value, range: Range<usize>) -> Res<()> {
        debug_assert!(!to.is_same(from), "an array with one owner is only in one place");
        let Some(from) = array_of(&from) else { return Ok(()) };
        let Some((to, mem)) = self.array_mut(to) else { return Ok(()) };
        to.extend_from(mem, from, range)
    }
}
