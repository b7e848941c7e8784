//! From a value to the object behind it, checked by tag: what makes the rest of the crate safe code.
//!
//! Shared views borrow the heap, so nothing can be freed while one is looked at. Mutable ones come with the [`Memory`], to
//! grow the object; they are for objects with one owner only (see [`Heap::make_unique`]).
#![expect(unsafe_code, reason = "turns checked tags into typed references")]

use core::ptr::NonNull;

use super::block::{Block, Header};
use super::children;
use super::children::{body, body_mut, write_body};
use super::count::is_unique;
use super::{Buf, Heap, Memory};
use crate::fault::Res;
use crate::object::{
    Array, Channel, Dict, ErrorObject, Generator, HostObject, Queue, Range, Set, Task,
};
use crate::value::{Tag, TypeId, Value};

impl Heap {
    /// A new Ok, Err, Some or cell around a value that it takes over unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    fn new_around(&mut self, tag: Tag, inner: Value) -> Res<Value> {
        self.mem.new_block(tag, 0).map(|at| fill(at, tag, inner))
    }

    /// A new `Ok(inner)`; takes over `inner` unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_ok(&mut self, inner: Value) -> Res<Value> {
        self.new_around(Tag::Ok, inner)
    }

    /// A new `Err(inner)`; takes over `inner` unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_err(&mut self, inner: Value) -> Res<Value> {
        self.new_around(Tag::Err, inner)
    }

    /// A new `Some(inner)`; takes over `inner` unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_some(&mut self, inner: Value) -> Res<Value> {
        self.new_around(Tag::Some, inner)
    }

    /// A new cell; takes over what it holds unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    #[inline]
    pub fn new_cell(&mut self, holds: Value) -> Res<Value> {
        self.before_cycle_maker();
        self.new_around(Tag::Cell, holds)
    }

    /// What is in an Ok, Err or Some, which keeps its count.
    #[inline(always)]
    #[must_use]
    pub fn inner(&self, value: Value) -> Option<Value> {
        self.inner_slice(value)?.first().copied()
    }

    /// The same as a run of one value.
    #[inline(always)]
    pub(crate) fn inner_slice(&self, value: Value) -> Option<&[Value]> {
        if !matches!(value.tag(), Tag::Ok | Tag::Err | Tag::Some) {
            return None;
        }
        let at = NonNull::new(value.header())?;
        // SAFETY: objects of these kinds have a value as their body, and never change.
        Some(core::slice::from_ref(unsafe { body::<Value>(at) }))
    }

    /// What a cell holds; it keeps its count. [`Value::UNDEFINED`] for what is no cell.
    #[inline(always)]
    #[must_use]
    pub fn cell(&self, cell: Value) -> Value {
        debug_assert!(cell.tag() == Tag::Cell);
        // SAFETY: cells have a value as their body.
        object(cell, Tag::Cell).map_or(Value::UNDEFINED, |at| *unsafe { body::<Value>(at) })
    }

    /// Puts a value into a cell, takes over its count and gives that of the old one. All who share the cell see it.
    #[inline(always)]
    #[must_use = "the old value must be released"]
    pub fn cell_replace(&mut self, cell: Value, holds: Value) -> Value {
        debug_assert!(cell.tag() == Tag::Cell);
        let Some(at) = object(cell, Tag::Cell) else { return holds };
        // SAFETY: cells have a value as their body; the heap is borrowed, so nobody looks at it.
        core::mem::replace(unsafe { body_mut::<Value>(at) }, holds)
    }

    /// A new range.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_range(&mut self, range: Range) -> Res<Value> {
        self.mem.new_block(Tag::Range, 0).map(|at| fill(at, Tag::Range, range))
    }

    /// The range behind a value, if it is one.
    #[inline(always)]
    #[must_use]
    pub fn range(&self, value: Value) -> Option<&Range> {
        // SAFETY: the tag names the type of the body; ranges never change.
        object(value, Tag::Range).map(|at| unsafe { body::<Range>(at) })
    }

    /// A new generator, or iterator; takes over its registers unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub(crate) fn new_generator(&mut self, tag: Tag, generator: Generator) -> Res<Value> {
        debug_assert!(matches!(tag, Tag::Generator | Tag::Iterator));
        self.before_cycle_maker();
        self.mem.new_block(tag, 0).map(|at| fill(at, tag, generator))
    }

    /// The generator behind a value, and the memory of its registers: all who have it see what becomes of it.
    pub(crate) fn generator_mut(&mut self, value: Value) -> Option<(&mut Generator, &mut Memory)> {
        let at = object(value, Tag::Generator).or_else(|| object(value, Tag::Iterator))?;
        // SAFETY: the tag names the type of the body; the heap is borrowed for as long.
        Some((unsafe { body_mut::<Generator>(at) }, &mut self.mem))
    }

    /// The generator behind a value.
    pub(crate) fn generator(&self, value: Value) -> Option<&Generator> {
        let at = object(value, Tag::Generator).or_else(|| object(value, Tag::Iterator))?;
        // SAFETY: the tag names the type of the body; it changes only in `&mut self` methods.
        Some(unsafe { body::<Generator>(at) })
    }

    /// A new task or promise.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub(crate) fn new_task(&mut self, tag: Tag, task: Task) -> Res<Value> {
        debug_assert!(matches!(tag, Tag::Task | Tag::Promise));
        self.before_cycle_maker();
        self.mem.account_mut().book(Task::SCHEDULED)?;
        match self.mem.new_block(tag, 0) {
            Ok(at) => Ok(fill(at, tag, task)),
            Err(fault) => {
                self.mem.account_mut().unbook(Task::SCHEDULED);
                Err(fault)
            }
        }
    }

    /// The task behind a value: all who have it see what becomes of it.
    pub(crate) fn task_mut(&mut self, value: Value) -> Option<&mut Task> {
        let at = object(value, Tag::Task).or_else(|| object(value, Tag::Promise))?;
        // SAFETY: the tag names the type of the body; the heap is borrowed for as long.
        Some(unsafe { body_mut::<Task>(at) })
    }

    /// The task behind a value.
    pub(crate) fn task(&self, value: Value) -> Option<&Task> {
        let at = object(value, Tag::Task).or_else(|| object(value, Tag::Promise))?;
        // SAFETY: the tag names the type of the body; it changes only in `&mut self` methods.
        Some(unsafe { body::<Task>(at) })
    }

    /// A new channel.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub(crate) fn new_channel(&mut self, channel: Channel) -> Res<Value> {
        self.before_cycle_maker();
        self.mem.new_block(Tag::Channel, 0).map(|at| fill(at, Tag::Channel, channel))
    }

    /// The channel behind a value, and the memory of its items: all who have it see what becomes of it.
    pub(crate) fn channel_mut(&mut self, value: Value) -> Option<(&mut Channel, &mut Memory)> {
        let at = object(value, Tag::Channel)?;
        // SAFETY: the tag names the type of the body; the heap is borrowed for as long.
        Some((unsafe { body_mut::<Channel>(at) }, &mut self.mem))
    }

    /// The channel behind a value.
    pub(crate) fn channel(&self, value: Value) -> Option<&Channel> {
        // SAFETY: the tag names the type of the body; it changes only in `&mut self` methods.
        object(value, Tag::Channel).map(|at| unsafe { body::<Channel>(at) })
    }

    /// A new object of the host, of that type; `extra` bytes count for it beside its own.
    ///
    /// # Errors
    /// L0002 and L0009; the host's value is dropped then.
    pub fn new_object(
        &mut self,
        ty: TypeId,
        data: Box<dyn std::any::Any + Send>,
        extra: usize,
    ) -> Res<Value> {
        let booked = size_of_val(&*data).saturating_add(extra);
        self.new_host_object(ty, Some(data), booked)
    }

    /// The same with nothing in it yet, for a value of so many bytes: see [`HostObject::put`].
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_empty_object(&mut self, ty: TypeId, bytes: usize) -> Res<Value> {
        self.new_host_object(ty, None, bytes)
    }

    fn new_host_object(
        &mut self,
        ty: TypeId,
        data: Option<Box<dyn std::any::Any + Send>>,
        booked: usize,
    ) -> Res<Value> {
        let name = self.types().objects.get(ty).map_or("object", |it| it.name);
        let booked = u32::try_from(booked).unwrap_or(u32::MAX);
        self.mem.account_mut().book(booked as usize)?;
        match self.mem.new_block(Tag::Object, 0) {
            Ok(at) => Ok(fill(at, Tag::Object, HostObject::new((ty, name), data, booked))),
            Err(fault) => {
                self.mem.account_mut().unbook(booked as usize);
                Err(fault)
            }
        }
    }

    /// The object of the host behind a value, if it is one.
    #[inline(always)]
    #[must_use]
    pub fn object(&self, value: Value) -> Option<&HostObject> {
        // SAFETY: the tag names the type of the body, which changes only behind cells of its own; objects die only in
        // `&mut self` methods.
        object(value, Tag::Object).map(|at| unsafe { body::<HostObject>(at) })
    }

    /// A new error object; takes over its values unless it fails.
    ///
    /// # Errors
    /// L0002 and L0009.
    pub fn new_error(&mut self, mut error: ErrorObject) -> Res<Value> {
        error.shrink();
        let n_bytes = error.n_bytes_of_origin();
        self.mem.account_mut().book(n_bytes)?;
        match self.mem.new_block(Tag::Error, 0) {
            Ok(at) => Ok(fill(at, Tag::Error, error)),
            Err(fault) => {
                self.mem.account_mut().unbook(n_bytes);
                Err(fault)
            }
        }
    }

    /// The error object behind a value, if it is one.
    #[must_use]
    pub fn error(&self, value: Value) -> Option<&ErrorObject> {
        // SAFETY: the tag names the type of the body; it changes only in `&mut self` methods.
        object(value, Tag::Error).map(|at| unsafe { body::<ErrorObject>(at) })
    }

    /// The error object behind a value, to complete it: all who have this error see it.
    #[must_use]
    pub fn error_mut(&mut self, value: Value) -> Option<&mut ErrorObject> {
        // SAFETY: the tag names the type of the body; the heap is borrowed for as long.
        object(value, Tag::Error).map(|at| unsafe { body_mut::<ErrorObject>(at) })
    }
}

macro_rules! access {
    ($($(#[$doc:meta])* $tag:ident: $body:ty, $look:ident, $of:ident, $change:ident, $make:ident);* $(;)?) => {$(
        $(#[$doc])*
        #[doc = " behind a value, for as long as the place that holds the value (and with it a count) is borrowed."]
        #[inline(always)]
        pub(crate) fn $of(place: &Value) -> Option<&$body> {
            let at = object(*place, Tag::$tag)?;
            // SAFETY: the tag names the type of the body; the owner of the place counts the object, and changes it only
            // through a place of its own.
            Some(unsafe { body::<$body>(at) })
        }
        )*

        impl Heap {$(
            $(#[$doc])*
            #[doc = " behind a value, if it is one."]
            #[inline(always)]
            #[must_use]
            pub fn $look(&self, value: Value) -> Option<&$body> {
                let at = object(value, Tag::$tag)?;
                // SAFETY: the tag names the type of the body; objects die and change only in `&mut self` methods.
                Some(unsafe { body::<$body>(at) })
            }

            $(#[$doc])*
            #[doc = " behind a value, to change it. Only for a value with one owner."]
            #[inline(always)]
            #[must_use]
            pub fn $change(&mut self, value: Value) -> Option<(&mut $body, &mut Memory)> {
                let at = object(value, Tag::$tag)?;
                debug_assert!(is_unique(value), "changing a shared object");
                // SAFETY: the tag names the type of the body; the heap is borrowed for as long.
                Some((unsafe { body_mut::<$body>(at) }, &mut self.mem))
            }

            /// A new value of such a body, which is given back to the memory if this fails; the counts of what is in it
            /// are the caller's then.
            ///
            /// # Errors
            /// L0002 and L0009.
            #[inline]
            pub fn $make(&mut self, mut new: $body) -> Res<Value> {
                match self.mem.new_block(Tag::$tag, 0) {
                    Ok(at) => Ok(fill(at, Tag::$tag, new)),
                    Err(fault) => {
                        new.free(&mut self.mem);
                        Err(fault)
                    }
                }
            }
        )*}
    };
}

access! {
    /// The array
    Array: Array, array, array_of, array_mut, new_array;
    /// The bytes
    Bytes: Buf<u8>, bytes, bytes_of, bytes_mut, new_bytes;
    /// The dict
    Dict: Dict, dict, dict_of, dict_mut, new_dict;
    /// The set
    Set: Set, set, set_of, set_mut, new_set;
    /// The queue
    Queue: Queue, queue, queue_of, queue_mut, new_queue;
    /// The stack
    Stack: Buf<Value>, stack, stack_of, stack_mut, new_stack;
}

/// The object of the host behind a value, for as long as the place that holds the value (and with it a count) is borrowed.
#[inline(always)]
pub(crate) fn object_of(place: &Value) -> Option<&HostObject> {
    let at = object(*place, Tag::Object)?;
    // SAFETY: the tag names the type of the body, which changes only behind cells of its own; the owner of the place counts
    // the object.
    Some(unsafe { body::<HostObject>(at) })
}

/// Gives an object its body.
#[inline(always)]
fn fill<T>(at: NonNull<Block<T>>, tag: Tag, body: T) -> Value {
    // SAFETY: callers have it from `new_block` right away.
    unsafe { write_body(at, body) };
    Value::object(tag, at.cast())
}

/// The object behind a value with that tag.
#[inline(always)]
pub(super) fn object(value: Value, tag: Tag) -> Option<NonNull<Header>> {
    if value.tag() != tag {
        return None;
    }
    let at = NonNull::new(value.header())?;
    // SAFETY: a counted object.
    let found = children::tag_of(unsafe { at.as_ref() });
    debug_assert_eq!(found, Some(tag), "used after it was freed");
    Some(at)
}
