//! What an object refers to, by kind: the one place that the free path and the cycle collector go through.
#![expect(unsafe_code, reason = "reads object bodies behind headers")]

use core::ptr::NonNull;

use super::block::{Block, Header, MARK};
use super::{Buf, Memory, inline};
use crate::object::{Array, Channel, Dict, ErrorObject, Generator, HostObject, Queue, Set, Task};
use crate::value::{Tag, Value};

/// The tags of heap objects, from [`Tag::FIRST_HEAP`] on.
const HEAP_TAGS: [Tag; 22] = [
    Tag::String,
    Tag::Bytes,
    Tag::Array,
    Tag::Dict,
    Tag::Set,
    Tag::Queue,
    Tag::Stack,
    Tag::Struct,
    Tag::Variant,
    Tag::Ok,
    Tag::Err,
    Tag::Some,
    Tag::Closure,
    Tag::Cell,
    Tag::Range,
    Tag::Error,
    Tag::Generator,
    Tag::Iterator,
    Tag::Task,
    Tag::Promise,
    Tag::Channel,
    Tag::Object,
];

/// The tag of an object.
#[inline(always)]
pub(super) fn tag_of(header: &Header) -> Option<Tag> {
    let kind = header.kind.get() & !MARK;
    HEAP_TAGS.get(usize::from(kind.wrapping_sub(Tag::FIRST_HEAP))).copied()
}

/// Whether objects of that kind never refer to others.
#[inline(always)]
pub(super) const fn is_leaf(tag: Tag) -> bool {
    matches!(tag, Tag::String | Tag::Bytes | Tag::Range | Tag::Object)
}

/// Calls `visit` with every value the object owns a count of.
///
/// # Safety
/// `at` is an object that has not been freed, and nobody changes it meanwhile.
#[inline]
pub(super) unsafe fn each(at: NonNull<Header>, visit: &mut impl FnMut(Value)) {
    // SAFETY: the caller's promise.
    let Some(tag) = tag_of(unsafe { at.as_ref() }) else { return };
    match tag {
        Tag::String | Tag::Bytes | Tag::Range | Tag::Object => {}
        Tag::Array => {
            // SAFETY: the tag names the type of the body.
            let array = unsafe { body::<Array>(at) };
            array.as_values().unwrap_or(&[]).iter().copied().for_each(visit);
        }
        Tag::Stack => {
            // SAFETY: as above.
            let stack = unsafe { body::<Buf<Value>>(at) };
            stack.as_slice().iter().copied().for_each(visit);
        }
        Tag::Dict => {
            // SAFETY: as above.
            for entry in unsafe { body::<Dict>(at) }.iter() {
                visit(entry.key);
                visit(entry.value);
            }
        }
        Tag::Set => {
            // SAFETY: as above.
            unsafe { body::<Set>(at) }.keys().for_each(visit);
        }
        Tag::Queue => {
            // SAFETY: as above.
            unsafe { body::<Queue>(at) }.iter().for_each(visit);
        }
        Tag::Struct | Tag::Variant | Tag::Closure => {
            // SAFETY: objects of these kinds have slots.
            unsafe { inline::slots(at) }.iter().copied().for_each(visit);
        }
        Tag::Ok | Tag::Err | Tag::Some | Tag::Cell => {
            // SAFETY: the tag names the type of the body.
            visit(*unsafe { body::<Value>(at) });
        }
        Tag::Error => {
            // SAFETY: as above.
            unsafe { body::<ErrorObject>(at) }.values.into_iter().for_each(visit);
        }
        Tag::Generator | Tag::Iterator => {
            // SAFETY: as above.
            unsafe { body::<Generator>(at) }.registers.as_slice().iter().copied().for_each(visit);
        }
        Tag::Task | Tag::Promise => {
            // SAFETY: as above.
            visit(unsafe { body::<Task>(at) }.result);
        }
        Tag::Channel => {
            // SAFETY: as above.
            unsafe { body::<Channel>(at) }.values().for_each(visit);
        }
        Tag::Null
        | Tag::Undefined
        | Tag::Moved
        | Tag::Bool
        | Tag::Int
        | Tag::Float
        | Tag::None
        | Tag::Function
        | Tag::Builtin
        | Tag::Type => {}
    }
}

/// Frees an object: gives each of its children on the heap to `give_up`, then its buffers and its block back to the memory.
///
/// # Safety
/// `at` is an object of that kind of that memory that has not been freed, and nobody uses it any more.
#[inline(always)]
pub(super) unsafe fn take_apart(
    mem: &mut Memory,
    at: NonNull<Header>,
    tag: Tag,
    mut give_up: impl FnMut(&mut Memory, Value),
) {
    match tag {
        Tag::String | Tag::Range => {}
        Tag::Ok | Tag::Err | Tag::Some | Tag::Cell => {
            // SAFETY: the tag names the type of the body.
            let inner = *unsafe { body::<Value>(at) };
            if inner.is_heap() {
                give_up(mem, inner);
            }
        }
        Tag::Struct | Tag::Variant | Tag::Closure => {
            // SAFETY: objects of these kinds have slots.
            for &slot in unsafe { inline::slots(at) } {
                if slot.is_heap() {
                    give_up(mem, slot);
                }
            }
        }
        Tag::Array => {
            // SAFETY: the tag names the type of the body.
            let array = unsafe { body_mut::<Array>(at) };
            for &item in array.as_values().unwrap_or(&[]) {
                if item.is_heap() {
                    give_up(mem, item);
                }
            }
            array.free(mem);
        }
        _ => {
            // SAFETY: the caller's promise.
            unsafe { take_apart_rare(mem, at, &mut give_up) };
        }
    }
    // SAFETY: the caller's promise.
    unsafe { mem.free_block(at) };
}

/// # Safety
/// As [`take_apart`].
#[inline(never)]
unsafe fn take_apart_rare(
    mem: &mut Memory,
    at: NonNull<Header>,
    give_up: &mut dyn FnMut(&mut Memory, Value),
) {
    let mut visit = |child: Value| {
        if child.is_heap() {
            give_up(mem, child);
        }
    };
    // SAFETY: the caller's promise.
    unsafe { each(at, &mut visit) };
    // SAFETY: the caller's promise.
    unsafe { free_buffers(mem, at) };
}

/// Frees the buffers and the block of an object whose children are somebody else's.
///
/// # Safety
/// As [`take_apart`].
pub(super) unsafe fn free_object(mem: &mut Memory, at: NonNull<Header>) {
    // SAFETY: the caller's promise.
    unsafe { free_buffers(mem, at) };
    // SAFETY: the caller's promise.
    unsafe { mem.free_block(at) };
}

/// Frees what an object has outside its block.
///
/// # Safety
/// As [`free_object`].
#[inline]
pub(super) unsafe fn free_buffers(mem: &mut Memory, at: NonNull<Header>) {
    // SAFETY: the caller's promise.
    match tag_of(unsafe { at.as_ref() }) {
        // SAFETY: the tag names the type of the body.
        Some(Tag::Array) => unsafe { body_mut::<Array>(at) }.free(mem),
        // SAFETY: as above.
        Some(Tag::Bytes) => unsafe { body_mut::<Buf<u8>>(at) }.free(mem),
        // SAFETY: as above.
        Some(Tag::Stack) => unsafe { body_mut::<Buf<Value>>(at) }.free(mem),
        // SAFETY: as above.
        Some(Tag::Dict) => unsafe { body_mut::<Dict>(at) }.free(mem),
        // SAFETY: as above.
        Some(Tag::Set) => unsafe { body_mut::<Set>(at) }.free(mem),
        // SAFETY: as above.
        Some(Tag::Queue) => unsafe { body_mut::<Queue>(at) }.free(mem),
        // SAFETY: as above.
        Some(Tag::Error) => unsafe { body_mut::<ErrorObject>(at) }.free(mem.account_mut()),
        // SAFETY: as above.
        Some(Tag::Generator | Tag::Iterator) => unsafe { body_mut::<Generator>(at) }.free(mem),
        // SAFETY: as above.
        Some(Tag::Task | Tag::Promise) => unsafe { body_mut::<Task>(at) }.free(mem.account_mut()),
        // SAFETY: as above.
        Some(Tag::Channel) => unsafe { body_mut::<Channel>(at) }.free(mem),
        // SAFETY: as above.
        Some(Tag::Object) => unsafe { body_mut::<HostObject>(at) }.free(mem),
        _ => {}
    }
}

/// # Safety
/// `at` is an object with a body of type `T` that has not been freed, and nobody changes it for `'a`.
#[inline(always)]
pub(super) unsafe fn body<'a, T>(at: NonNull<Header>) -> &'a T {
    // SAFETY: the caller's promise; `Block` is `repr(C)` with the header first.
    let block = unsafe { at.cast::<Block<T>>().as_ref() };
    &block.body
}

/// # Safety
/// As [`body`], and nobody else looks at it for `'a`.
#[inline(always)]
pub(super) unsafe fn body_mut<'a, T>(at: NonNull<Header>) -> &'a mut T {
    let block = at.cast::<Block<T>>().as_ptr();
    // SAFETY: the caller's promise; only the body is borrowed, the header stays shared.
    unsafe { &mut (*block).body }
}

/// Gives an object that was just made its body.
///
/// # Safety
/// `at` came from [`Memory::new_block`], and nobody else knows it yet.
#[inline(always)]
pub(super) unsafe fn write_body<T>(at: NonNull<Block<T>>, body: T) {
    let block = at.as_ptr();
    // SAFETY: `new_block` made room for a whole `Block<T>`.
    let place = unsafe { &raw mut (*block).body };
    // SAFETY: as above; there is nothing yet that would have to be dropped.
    unsafe { place.write(body) };
}
