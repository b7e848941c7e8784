//! Places inside variables: `m.rows[2].cells["a"]`, walked from the variable down.
//!
//! On the way each level that others see too is copied (shallowly), so that what is changed at the end belongs to the
//! variable alone. A walk that fails half-way has at most made copies, which no script can see.
#![expect(
    unsafe_code,
    reason = "a place inside an object and the heap that it lives in are borrowed together"
)]

use core::ptr::NonNull;

use remora_diagnostics::{Advice, Code};

use super::{field, index, make_unique};
use crate::fault::{Fault, Res};
use crate::heap::Heap;
use crate::limits::Charge;
use crate::object::array::index_in;
use crate::value::{Tag, Value};

/// One step from a value to a place inside it. The keys are looked at.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// `.name`, a string.
    Field(Value),
    /// `[key]`
    Index(Value),
}

/// The value at the end of a path, counted for the caller.
///
/// # Errors
/// As [`index::get`] and [`field::get`].
pub fn load(
    heap: &mut Heap,
    root: Value,
    steps: &[Step],
    charge: &mut (impl Charge + ?Sized),
) -> Res<Value> {
    heap.retain(root);
    let mut at = root;
    for step in steps {
        let next = match *step {
            Step::Field(name) => field::get(heap, at, name),
            Step::Index(key) => index::get(heap, at, key, charge),
        };
        heap.release(at);
        at = next?;
    }
    Ok(at)
}

/// Puts a value at the end of a path, and takes it over.
///
/// # Errors
/// As [`index::set`] and [`field::set`]. Nothing a script can see has changed then, and `value` has been released.
pub fn store(
    heap: &mut Heap,
    root: &mut Value,
    steps: &[Step],
    value: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<()> {
    let Some((last, before)) = steps.split_last() else {
        let old = core::mem::replace(root, value);
        heap.release(old);
        return Ok(());
    };
    let mut place = match walk(heap, root, before, charge) {
        Ok(place) => place,
        Err(fault) => {
            heap.release(value);
            return Err(fault);
        }
    };
    // SAFETY: see `walk`; `set` touches the object in this place and what is below it only.
    let place = unsafe { place.as_mut() };
    match *last {
        Step::Field(name) => field::set(heap, place, name, value, charge),
        Step::Index(key) => index::set(heap, place, key, value, charge),
    }
}

/// Lets `change` have the place at the end of a path: to change what is there, or to take it away for a while.
///
/// `change` must not make cells or closures: that may run the cycle collector, which looks at all objects. It may put
/// another value into the place, and must leave a defined one.
///
/// # Errors
/// As [`load`], and R0019; what `change` fails with.
pub fn with_place<T>(
    heap: &mut Heap,
    root: &mut Value,
    steps: &[Step],
    charge: &mut (impl Charge + ?Sized),
    change: impl FnOnce(&mut Heap, &mut Value) -> Res<T>,
) -> Res<T> {
    let Some((last, before)) = steps.split_last() else { return change(heap, root) };
    let mut container = walk(heap, root, before, charge)?;
    // SAFETY: see `walk`; nothing else refers into the container here.
    let container = unsafe { container.as_mut() };
    make_unique(heap, container, charge)?;
    match child(heap, *container, *last)? {
        Child::Place(mut place) => {
            // SAFETY: see `walk`; the container is kept alive by the root, and `change` cannot reach it.
            change(heap, unsafe { place.as_mut() })
        }
        Child::Packed(at, mut item) => {
            let done = change(heap, &mut item);
            let stored = match heap.array_mut(*container) {
                Some((array, mem)) => array.set(mem, at, item),
                None => Ok(item),
            };
            match stored {
                Ok(old) => heap.release(old),
                Err(fault) => {
                    heap.release(item);
                    return Err(fault);
                }
            }
            done
        }
    }
}

/// Walks down, and makes the root and each level above the last place the only owner of what it holds.
///
/// What it gives is valid as long as nothing but the object in that place, or below it, is changed: every level above has
/// one owner, the place above it, up to the root, which the caller has borrowed.
fn walk(
    heap: &mut Heap,
    root: &mut Value,
    steps: &[Step],
    charge: &mut (impl Charge + ?Sized),
) -> Res<NonNull<Value>> {
    let mut place = NonNull::from(root);
    for step in steps {
        // SAFETY: the root, or a place in an object that only the level above owns; nobody else refers to it.
        let here = unsafe { place.as_mut() };
        make_unique(heap, here, charge)?;
        place = match child(heap, *here, *step)? {
            Child::Place(below) => below,
            // A number has no places inside.
            Child::Packed(..) => return Err(no_place_inside(step)),
        };
    }
    Ok(place)
}

enum Child {
    Place(NonNull<Value>),
    /// An element of a packed array: its index, and itself.
    Packed(usize, Value),
}

/// The place that one step leads to, in a container with one owner.
fn child(heap: &mut Heap, container: Value, step: Step) -> Res<Child> {
    let slot = match (step, container.tag()) {
        (Step::Index(key), Tag::Array) => {
            let Some(at) = key.to_int() else { return Err(no_place_inside(&step)) };
            let len = heap.len_of(container).unwrap_or(0);
            let Some(index) = index_in(len, at) else { return Err(index::not_among(at, len)) };
            if let Some(item) = heap.array(container).filter(|it| it.is_packed()) {
                return Ok(Child::Packed(index, item.get(index).unwrap_or_default()));
            }
            heap.array_mut(container)
                .and_then(|(array, _)| array.as_values_mut())
                .and_then(|it| it.get_mut(index))
        }
        (Step::Index(key) | Step::Field(key), Tag::Dict) => {
            let Some(known) = heap.key(key) else { return Err(index::not_a_key(key)) };
            if !heap.dict(container).is_some_and(|it| it.contains(known)) {
                return Err(index::missing_key(heap, container, key));
            }
            heap.dict_mut(container).and_then(|(dict, _)| dict.get_mut(known))
        }
        (Step::Field(name), _) => {
            let slot = field::slot_of(heap, container, name)?;
            let slots = match container.tag() {
                Tag::Struct => heap.fields_mut(container),
                _ => heap.payload_mut(container),
            };
            slots.and_then(|it| it.get_mut(slot))
        }
        (Step::Index(_), _) => {
            let advice = Advice::no_place(container.type_name());
            return Err(no_place_inside(&step).with_advice(advice));
        }
    };
    slot.map(|it| Child::Place(NonNull::from(it))).ok_or_else(|| no_place_inside(&step))
}

#[cold]
#[inline(never)]
fn no_place_inside(step: &Step) -> Box<Fault> {
    match step {
        Step::Index(_) => Fault::new(Code::R0019, "Invalid index assignment"),
        Step::Field(_) => Fault::new(Code::R0019, "Invalid field assignment"),
    }
}
