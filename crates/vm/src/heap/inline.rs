//! Objects whose elements stand in the same block: strings, structs, enum values, closures.
//!
//! One allocation each, and one pointer to follow. A string that is the only owner of its block grows into the block's
//! spare room; past that it moves to one twice the size.
#![expect(unsafe_code, reason = "bytes and values behind the body of a block")]

use core::cell::Cell;
use core::ptr::NonNull;

use super::access::object;
use super::block::{Block, Header};
use super::children::write_body;
use super::count::{is_unique, retain};
use super::{Heap, Memory};
use crate::fault::Res;
use crate::limits::memory::too_large;
use crate::object::inline::{SlotsHead, StrHead};
use crate::object::{Closure, Record, Str, Variant};
use crate::value::{FunctionId, Tag, TypeId, Value};

/// The bytes of a string object, all of its capacity.
///
/// # Safety
/// `at` is a string that has not been freed.
#[inline(always)]
unsafe fn bytes_at(at: NonNull<Block<StrHead>>) -> NonNull<u8> {
    // SAFETY: the tail begins right behind the body; `new_block` allocated it together with the block.
    unsafe { at.add(1) }.cast()
}

/// The values of an object that has slots.
///
/// # Safety
/// `at` is a struct, an enum value or a closure that has not been freed and whose slots nobody changes for `'a`.
#[inline(always)]
pub(super) unsafe fn slots<'a>(at: NonNull<Header>) -> &'a [Value] {
    let block: NonNull<Block<SlotsHead>> = at.cast();
    // SAFETY: the caller's promise.
    let len = unsafe { block.as_ref() }.body.len as usize;
    // SAFETY: the tail begins right behind the body.
    let first = unsafe { block.add(1) }.cast::<Value>();
    // SAFETY: `new_slots` wrote `len` values there.
    unsafe { core::slice::from_raw_parts(first.as_ptr(), len) }
}

/// # Safety
/// As [`slots`], and nobody else looks at them for `'a`.
#[inline(always)]
unsafe fn slots_mut<'a>(at: NonNull<Header>) -> &'a mut [Value] {
    let block: NonNull<Block<SlotsHead>> = at.cast();
    // SAFETY: the caller's promise.
    let len = unsafe { block.as_ref() }.body.len as usize;
    // SAFETY: the tail begins right behind the body.
    let first = unsafe { block.add(1) }.cast::<Value>();
    // SAFETY: `new_slots` wrote `len` values there.
    unsafe { core::slice::from_raw_parts_mut(first.as_ptr(), len) }
}

/// The string behind a value, for as long as the place that holds the value (and with it a count) is borrowed.
#[inline(always)]
pub(crate) fn str_of(place: &Value) -> Option<Str<'_>> {
    // SAFETY: the owner of the place counts the string, and changes it only through a place of its own.
    unsafe { str_at(*place) }
}

/// # Safety
/// If it is a string, it is counted, and nobody changes it, for `'a`.
#[inline(always)]
unsafe fn str_at<'a>(value: Value) -> Option<Str<'a>> {
    let at = object(value, Tag::String)?.cast::<Block<StrHead>>();
    // SAFETY: the caller's promise.
    let head = unsafe { &at.as_ref().body };
    // SAFETY: as above.
    let first = unsafe { bytes_at(at) };
    // SAFETY: the first `bytes` are initialised.
    let bytes = unsafe { core::slice::from_raw_parts(first.as_ptr(), head.bytes as usize) };
    // SAFETY: only whole `str`s are ever written there.
    let text = unsafe { core::str::from_utf8_unchecked(bytes) };
    Some(Str { text, chars: head.chars, hash: &head.hash })
}

impl Heap {
    /// A new string, of parts that follow each other.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_string_of(&mut self, parts: &[&str]) -> Res<Value> {
        let bytes = parts.iter().try_fold(0usize, |sum, part| sum.checked_add(part.len()));
        let chars = parts.iter().map(|part| count_chars(part)).sum();
        let at = new_str(&mut self.mem, bytes.ok_or_else(too_large)?, chars)?;
        let mut offset = 0;
        for part in parts {
            // SAFETY: the capacity is the sum of the lengths.
            unsafe { write_at(at, offset, part) };
            offset += part.len();
        }
        Ok(Value::object(Tag::String, at.cast()))
    }

    /// A new string.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    pub fn new_string(&mut self, text: &str) -> Res<Value> {
        let at = new_str(&mut self.mem, text.len(), count_chars(text))?;
        // SAFETY: the capacity is the length.
        unsafe { write_at(at, 0, text) };
        Ok(Value::object(Tag::String, at.cast()))
    }

    /// A new empty string with room for that many bytes, to be appended to.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_string_with_room(&mut self, bytes: usize) -> Res<Value> {
        let at = new_str(&mut self.mem, bytes, 0)?;
        // SAFETY: nobody else knows it yet; of its room nothing is written.
        unsafe { (*at.as_ptr()).body.bytes = 0 };
        Ok(Value::object(Tag::String, at.cast()))
    }

    /// A new string of two that follow each other; looks at them. `None` if one is no string.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn concat(&mut self, left: Value, right: Value) -> Res<Option<Value>> {
        let (Some(a), Some(b)) = (str_of(&left), str_of(&right)) else { return Ok(None) };
        let bytes = a.text.len().checked_add(b.text.len()).ok_or_else(too_large)?;
        let chars = a.char_count().checked_add(b.char_count()).ok_or_else(too_large)?;
        let at = new_str(&mut self.mem, bytes, chars)?;
        // SAFETY: the capacity is the sum of the lengths.
        unsafe { write_at(at, 0, a.text) };
        // SAFETY: as above.
        unsafe { write_at(at, a.text.len(), b.text) };
        Ok(Some(Value::object(Tag::String, at.cast())))
    }

    /// Appends a string to the one in `place`: in place if that has one owner, else `place` gets a new one. Looks at
    /// `other`, which may be the same string. `false` if one is no string.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn append(&mut self, place: &mut Value, other: Value) -> Res<bool> {
        let Some(more) = str_of(&other) else { return Ok(false) };
        // Alone in its block, the string in `place` cannot be `other` unless `other` is a copy that nobody counted.
        if place.is_same(other) || !is_unique(*place) {
            let Some(joined) = self.concat(*place, other)? else { return Ok(false) };
            let old = core::mem::replace(place, joined);
            self.release(old);
            return Ok(true);
        }
        self.append_text(place, more.text, more.char_count())
    }

    /// Appends a text to the string in `place`, in the same way. The text is not part of a string of this heap that
    /// `place` refers to.
    ///
    /// # Errors
    /// L0002 and L0009; nothing has changed then.
    pub fn append_str(&mut self, place: &mut Value, text: &str) -> Res<bool> {
        self.append_text(place, text, count_chars(text))
    }

    fn append_text(&mut self, place: &mut Value, text: &str, chars: usize) -> Res<bool> {
        let Some(old) = str_of(place) else { return Ok(false) };
        let bytes = old.text.len().checked_add(text.len()).ok_or_else(too_large)?;
        let chars = old.char_count().checked_add(chars).ok_or_else(too_large)?;
        let at = place.header();
        let Some(at) = NonNull::new(at).map(NonNull::cast::<Block<StrHead>>) else {
            return Ok(false);
        };
        // SAFETY: a live string, as `str_of` has found.
        let capacity = unsafe { at.as_ref() }.body.capacity as usize;
        if is_unique(*place) && bytes <= capacity {
            // SAFETY: room for `bytes` was just seen, and there is one owner, who lent us `place`.
            unsafe { grow_in_place(at, text, bytes, chars) };
            return Ok(true);
        }
        let roomy = bytes.max(capacity.saturating_mul(2));
        let fresh = match new_str(&mut self.mem, roomy, chars) {
            // Twice the size may be more than the limit leaves; what is needed may not.
            Err(_) if roomy > bytes => {
                let near = self.mem.near(bytes, bytes).min(roomy);
                new_str(&mut self.mem, near, chars)
                    .or_else(|_| new_str(&mut self.mem, bytes, chars))
            }
            done => done,
        }?;
        // SAFETY: the capacity is at least `bytes`.
        unsafe { write_at(fresh, 0, old.text) };
        // SAFETY: as above.
        unsafe { write_at(fresh, old.text.len(), text) };
        // SAFETY: nobody else knows it yet.
        unsafe { (*fresh.as_ptr()).body.bytes = len_of(bytes) };
        let old = core::mem::replace(place, Value::object(Tag::String, fresh.cast()));
        self.release(old);
        Ok(true)
    }

    /// The string behind a value, if it is one.
    #[inline(always)]
    #[must_use]
    pub fn string(&self, value: Value) -> Option<Str<'_>> {
        // SAFETY: counted by its owner; strings die and change only in `&mut self` methods.
        unsafe { str_at(value) }
    }

    /// The text behind a value, if it is a string.
    #[inline(always)]
    #[must_use]
    pub fn str(&self, value: Value) -> Option<&str> {
        self.string(value).map(Str::as_str)
    }

    /// A new value of a struct, whose fields it takes over unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    pub fn new_record(&mut self, ty: TypeId, fields: &[Value]) -> Res<Value> {
        new_slots(&mut self.mem, Tag::Struct, ty.0, fields)
    }

    /// A new value of an enum, whose payload it takes over unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    pub fn new_variant(&mut self, ty: TypeId, variant: u16, payload: &[Value]) -> Res<Value> {
        let value = new_slots(&mut self.mem, Tag::Variant, ty.0, payload)?;
        // SAFETY: just made.
        unsafe { (*value.header()).extra.set(variant) };
        Ok(value)
    }

    /// A new closure over these cells, which it takes over unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    pub fn new_closure(&mut self, function: FunctionId, cells: &[Value]) -> Res<Value> {
        debug_assert!(cells.iter().all(|it| it.tag() == Tag::Cell));
        self.before_cycle_maker();
        new_slots(&mut self.mem, Tag::Closure, function.0, cells)
    }

    /// The struct value behind a value, if it is one.
    #[inline(always)]
    #[must_use]
    pub fn record(&self, value: Value) -> Option<Record<'_>> {
        let at = object(value, Tag::Struct)?;
        Some(Record { ty: TypeId(self.id_at(at)), fields: self.slots_at(at) })
    }

    /// The fields of a struct value, as places. Only for a value with one owner.
    #[inline(always)]
    #[must_use]
    pub fn fields_mut(&mut self, value: Value) -> Option<&mut [Value]> {
        self.slots_mut_of(value, Tag::Struct)
    }

    /// The payload of an enum value, as places. Only for a value with one owner.
    #[inline(always)]
    #[must_use]
    pub fn payload_mut(&mut self, value: Value) -> Option<&mut [Value]> {
        self.slots_mut_of(value, Tag::Variant)
    }

    #[inline(always)]
    fn slots_mut_of(&mut self, value: Value, tag: Tag) -> Option<&mut [Value]> {
        debug_assert!(value.tag() != tag || is_unique(value), "changing a shared object");
        // SAFETY: a live object with slots; the heap is borrowed for as long.
        object(value, tag).map(|at| unsafe { slots_mut(at) })
    }

    /// The enum value behind a value, if it is one.
    #[inline(always)]
    #[must_use]
    pub fn variant(&self, value: Value) -> Option<Variant<'_>> {
        let at = object(value, Tag::Variant)?;
        // SAFETY: a live object, as its owner counts it.
        let variant = unsafe { at.as_ref() }.extra.get();
        Some(Variant { ty: TypeId(self.id_at(at)), variant, payload: self.slots_at(at) })
    }

    /// The closure behind a value, if it is one.
    #[inline(always)]
    #[must_use]
    pub fn closure(&self, value: Value) -> Option<Closure<'_>> {
        let at = object(value, Tag::Closure)?;
        Some(Closure { function: FunctionId(self.id_at(at)), cells: self.slots_at(at) })
    }

    /// What stands first in the slots' head.
    #[inline(always)]
    fn id_at(&self, at: NonNull<Header>) -> u32 {
        // SAFETY: callers have seen a tag of an object with slots.
        unsafe { at.cast::<Block<SlotsHead>>().as_ref() }.body.id
    }

    #[inline(always)]
    fn slots_at(&self, at: NonNull<Header>) -> &[Value] {
        // SAFETY: callers have seen a tag of an object with slots; slots change only in `&mut self` methods.
        unsafe { slots(at) }
    }

    /// A copy of an object with slots, which counts what is in them.
    pub(super) fn copy_slots(&mut self, value: Value) -> Res<Value> {
        let Some(at) = NonNull::new(value.header()) else { return Ok(value) };
        // SAFETY: callers have seen a tag of an object with slots; a copy of the values is made before anything changes.
        let values = unsafe { slots(at) };
        let id = self.id_at(at);
        let copy = new_slots(&mut self.mem, value.tag(), id, values)?;
        values.iter().copied().for_each(retain);
        // SAFETY: alive, its owner counts it.
        let extra = unsafe { at.as_ref() }.extra.get();
        // SAFETY: just made.
        unsafe { (*copy.header()).extra.set(extra) };
        Ok(copy)
    }
}

/// An object with slots.
#[inline]
fn new_slots(mem: &mut Memory, tag: Tag, id: u32, values: &[Value]) -> Res<Value> {
    let len = u32::try_from(values.len()).map_err(|_| too_large())?;
    let tail = size_of_val(values);
    let at = mem.new_block::<SlotsHead>(tag, tail)?;
    // SAFETY: just made, with room for the head.
    unsafe { write_body(at, SlotsHead { id, len }) };
    // SAFETY: the tail begins right behind the body.
    let first = unsafe { at.add(1) }.cast::<Value>();
    // SAFETY: the tail has room for all of them, and is fresh.
    unsafe { first.copy_from_nonoverlapping(NonNull::from(values).cast(), values.len()) };
    Ok(Value::object(tag, at.cast()))
}

/// A string object with room for `bytes`, which the caller writes: its length says so already.
#[inline]
fn new_str(mem: &mut Memory, bytes: usize, chars: usize) -> Res<NonNull<Block<StrHead>>> {
    let capacity = Memory::tail_capacity::<StrHead>(bytes);
    let capacity = u32::try_from(capacity).map_err(|_| too_large())?;
    let head = StrHead { bytes: len_of(bytes), capacity, chars: len_of(chars), hash: Cell::new(0) };
    let at = mem.new_block::<StrHead>(Tag::String, bytes)?;
    // SAFETY: just made, with room for the head.
    unsafe { write_body(at, head) };
    Ok(at)
}

/// # Safety
/// `at` is a string whose capacity is at least `offset + text.len()`, that has one owner and is not being looked at.
#[inline(always)]
unsafe fn write_at(at: NonNull<Block<StrHead>>, offset: usize, text: &str) {
    // SAFETY: the caller's promise.
    let first = unsafe { bytes_at(at) };
    // SAFETY: the caller's promise.
    let to = unsafe { first.add(offset) };
    // SAFETY: as above; `text` is not what is beyond the present end of the string.
    unsafe { to.copy_from_nonoverlapping(NonNull::from(text).cast(), text.len()) };
}

/// # Safety
/// As [`write_at`]; `bytes` and `chars` are the lengths with `text` appended.
unsafe fn grow_in_place(at: NonNull<Block<StrHead>>, text: &str, bytes: usize, chars: usize) {
    // SAFETY: the caller's promise.
    unsafe { write_at(at, bytes - text.len(), text) };
    // SAFETY: the caller's promise; no view of the string is left.
    let head = unsafe { &mut (*at.as_ptr()).body };
    head.bytes = len_of(bytes);
    head.chars = len_of(chars);
    head.hash.set(0);
}

/// A length that is known to fit: of text that a capacity of 32 bits holds.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "at most a capacity, which has been checked")]
const fn len_of(len: usize) -> u32 {
    len as u32
}

/// How many code points.
#[inline]
fn count_chars(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}
