//! Making results: collections and texts that grow inside the heap from the first element on, so that every byte is booked
//! and a failure half-way gives everything back.

use crate::fault::Res;
use crate::heap::{Buf, array_of, retain};
use crate::host::HostCx;
use crate::object::{Array, Dict, Key, Queue, Set};
use crate::value::{Tag, Value};

/// Makes a value by filling it; if that fails it is released.
#[inline]
pub(super) fn filled(
    cx: &mut HostCx<'_>,
    fresh: Value,
    fill: impl FnOnce(&mut HostCx<'_>, Value) -> Res<()>,
) -> Res<Value> {
    match fill(cx, fresh) {
        Ok(()) => Ok(fresh),
        Err(fault) => {
            cx.heap.release(fresh);
            Err(fault)
        }
    }
}

/// A new array with room for `n` elements of a kind, filled by `fill`.
pub(super) fn array(
    cx: &mut HostCx<'_>,
    kind: Tag,
    n: usize,
    fill: impl FnOnce(&mut HostCx<'_>, Value) -> Res<()>,
) -> Res<Value> {
    let body = Array::with_capacity(cx.heap.memory_mut(), kind, n)?;
    let fresh = cx.heap.new_array(body)?;
    filled(cx, fresh, fill)
}

/// Appends an element to an array that is being made; takes it over.
#[inline]
pub(super) fn push(cx: &mut HostCx<'_>, array: Value, item: Value) -> Res<()> {
    let pushed = match cx.heap.array_mut(array) {
        Some((array, mem)) => array.push(mem, item),
        None => Ok(()),
    };
    if pushed.is_err() {
        cx.heap.release(item);
    }
    pushed
}

/// Appends an element to an array that is being made; counts it.
#[inline]
pub(super) fn push_counted(cx: &mut HostCx<'_>, array: Value, item: Value) -> Res<()> {
    retain(item);
    push(cx, array, item)
}

/// A new array of a part of another: one unit of fuel for each 16 elements.
pub(super) fn array_part(
    cx: &mut HostCx<'_>,
    from: Value,
    range: core::ops::Range<usize>,
) -> Res<Value> {
    cx.charge((range.len() / 16) as u64)?;
    let Some(array) = array_of(&from) else { return Ok(Value::NULL) };
    let copy = array.copy_uncounted(cx.heap.memory_mut(), range)?;
    let made = cx.heap.new_array(copy)?;
    if let Some(items) = array_of(&made).and_then(Array::as_values) {
        items.iter().copied().for_each(retain);
    }
    Ok(made)
}

/// A new array of two values, which it takes over.
pub(super) fn pair(cx: &mut HostCx<'_>, first: Value, second: Value) -> Res<Value> {
    let made = match Array::from_values(cx.heap.memory_mut(), &[first, second]) {
        Ok(body) => cx.heap.new_array(body),
        Err(fault) => Err(fault),
    };
    if made.is_err() {
        cx.heap.release_all([first, second]);
    }
    made
}

/// A new dict with room for `n` entries, filled by `fill`.
pub(super) fn dict(
    cx: &mut HostCx<'_>,
    n: usize,
    fill: impl FnOnce(&mut HostCx<'_>, Value) -> Res<()>,
) -> Res<Value> {
    let body = Dict::with_capacity(cx.heap.memory_mut(), n)?;
    let fresh = cx.heap.new_dict(body)?;
    filled(cx, fresh, fill)
}

/// Sets a key of a dict that has one owner; counts both.
pub(super) fn put(cx: &mut HostCx<'_>, dict: Value, key: Key, value: Value) -> Res<()> {
    let Some((dict, mem)) = cx.heap.dict_mut(dict) else { return Ok(()) };
    let old = dict.insert(mem, key, value)?;
    retain(value);
    match old {
        Some(old) => cx.heap.release(old.value),
        None => retain(key.value()),
    }
    Ok(())
}

/// A new empty set, filled by `fill`.
pub(super) fn set(
    cx: &mut HostCx<'_>,
    n: usize,
    fill: impl FnOnce(&mut HostCx<'_>, Value) -> Res<()>,
) -> Res<Value> {
    let body = Set::with_capacity(cx.heap.memory_mut(), n)?;
    let fresh = cx.heap.new_set(body)?;
    filled(cx, fresh, fill)
}

/// Puts a key into a set that has one owner; counts it. Whether it is new.
pub(super) fn include(cx: &mut HostCx<'_>, set: Value, key: Key) -> Res<bool> {
    let Some((set, mem)) = cx.heap.set_mut(set) else { return Ok(false) };
    let new = set.insert(mem, key, ())?.is_none();
    if new {
        retain(key.value());
    }
    Ok(new)
}

/// A new empty queue, filled by `fill`.
pub(super) fn queue(
    cx: &mut HostCx<'_>,
    fill: impl FnOnce(&mut HostCx<'_>, Value) -> Res<()>,
) -> Res<Value> {
    let fresh = cx.heap.new_queue(Queue::new())?;
    filled(cx, fresh, fill)
}

/// Appends an element to a queue that has one owner; takes it over.
pub(super) fn enqueue(cx: &mut HostCx<'_>, queue: Value, item: Value) -> Res<()> {
    let pushed = match cx.heap.queue_mut(queue) {
        Some((queue, mem)) => queue.push_back(mem, item),
        None => Ok(()),
    };
    if pushed.is_err() {
        cx.heap.release(item);
    }
    pushed
}

/// A new empty stack, filled by `fill`.
pub(super) fn stack(
    cx: &mut HostCx<'_>,
    fill: impl FnOnce(&mut HostCx<'_>, Value) -> Res<()>,
) -> Res<Value> {
    let fresh = cx.heap.new_stack(Buf::new())?;
    filled(cx, fresh, fill)
}

/// Puts an element onto a stack that has one owner; takes it over.
pub(super) fn stack_push(cx: &mut HostCx<'_>, stack: Value, item: Value) -> Res<()> {
    let pushed = match cx.heap.stack_mut(stack) {
        Some((stack, mem)) => stack.push(mem, item),
        None => Ok(()),
    };
    if pushed.is_err() {
        cx.heap.release(item);
    }
    pushed
}

/// A text that is being made: a string of the heap that grows.
pub(super) struct Text {
    string: Value,
    /// Characters that wait to be appended together.
    waiting: [u8; 64],
    n_waiting: usize,
}

impl Text {
    /// Appends a text.
    pub(super) fn push(&mut self, cx: &mut HostCx<'_>, text: &str) -> Res<()> {
        self.flush(cx)?;
        cx.heap.append_str(&mut self.string, text).map(drop)
    }

    /// Appends a character.
    pub(super) fn push_char(&mut self, cx: &mut HostCx<'_>, char: char) -> Res<()> {
        if self.n_waiting + 4 > self.waiting.len() {
            self.flush(cx)?;
        }
        let room = &mut self.waiting[self.n_waiting..];
        self.n_waiting += char.encode_utf8(room).len();
        Ok(())
    }

    /// Appends a text so many times; in runs, so that a short text costs no more than a long one.
    pub(super) fn push_times(&mut self, cx: &mut HostCx<'_>, text: &str, n: usize) -> Res<()> {
        let in_run = (512 / text.len().max(1)).clamp(1, n.max(1));
        let run = text.repeat(if in_run > 1 { in_run } else { 0 });
        let mut left = n;
        while in_run > 1 && left >= in_run {
            self.push(cx, &run)?;
            left -= in_run;
        }
        for _ in 0..left {
            self.push(cx, text)?;
        }
        Ok(())
    }

    fn flush(&mut self, cx: &mut HostCx<'_>) -> Res<()> {
        let n = core::mem::take(&mut self.n_waiting);
        let text = self.waiting.get(..n).and_then(|it| core::str::from_utf8(it).ok());
        match text {
            Some(text) if n > 0 => cx.heap.append_str(&mut self.string, text).map(drop),
            _ => Ok(()),
        }
    }
}

/// A new string with room for `bytes`, written by `write`; if that fails it is released.
pub(super) fn text(
    cx: &mut HostCx<'_>,
    bytes: usize,
    write: impl FnOnce(&mut HostCx<'_>, &mut Text) -> Res<()>,
) -> Res<Value> {
    let string = cx.heap.new_string_with_room(bytes)?;
    let mut text = Text { string, waiting: [0; 64], n_waiting: 0 };
    match write(cx, &mut text).and_then(|()| text.flush(cx)) {
        Ok(()) => Ok(text.string),
        Err(fault) => {
            cx.heap.release(text.string);
            Err(fault)
        }
    }
}
