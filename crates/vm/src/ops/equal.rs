//! Deep equality, on a stack of its own.
//!
//! Ints and floats compare by value, exactly; NaN equals nothing. Two containers that are the same object are compared all
//! the same: sharing must not show, and there may be a NaN inside. Dicts and sets compare without regard to order.

use core::cmp::Ordering;

use remora_bytecode::scalar;

use super::{bulk_units, object};
use crate::fault::Res;
use crate::heap::Heap;
use crate::limits::Charge;
use crate::limits::memory::allocation_failed;
use crate::object::{Array, Dict, Items, Queue, Set};
use crate::value::{Tag, Value};

/// Whether two values are equal.
///
/// # Errors
/// L0001 and L0009.
#[inline]
pub fn equal(heap: &Heap, a: Value, b: Value, charge: &mut (impl Charge + ?Sized)) -> Res<bool> {
    match shallow(heap, a, b) {
        Some(equal) => Ok(equal),
        None => deep(heap, a, b, charge),
    }
}

/// Whether two values are equal, if that takes no walk: all but two containers of the same kind, and long strings.
#[inline]
pub(crate) fn shallow(heap: &Heap, a: Value, b: Value) -> Option<bool> {
    match (a.tag(), b.tag()) {
        (Tag::Int, Tag::Int) | (Tag::Bool, Tag::Bool) => Some(a.bits() == b.bits()),
        (Tag::Float, Tag::Float) => Some(a.as_float() == b.as_float()),
        (Tag::Int | Tag::Float, Tag::Int | Tag::Float) => {
            let order = scalar::order(a.to_scalar()?, b.to_scalar()?);
            Some(order.is_some_and(Ordering::is_eq))
        }
        (Tag::String, Tag::String) => {
            if a.is_same(b) {
                return Some(true);
            }
            let (a, b) = (heap.string(a)?, heap.string(b)?);
            if a.text.len() != b.text.len() {
                return Some(false);
            }
            let (left, right) = (a.hash.get(), b.hash.get());
            if left != 0 && right != 0 && left != right {
                return Some(false);
            }
            (a.text.len() < 64).then(|| a.text == b.text)
        }
        (left, right) if left != right => Some(false),
        (tag, _) if !tag.is_heap() => Some(a.is_same(b)),
        // These have an identity: a closure its variables, an error the moment it was thrown.
        (
            Tag::Closure
            | Tag::Cell
            | Tag::Error
            | Tag::Generator
            | Tag::Iterator
            | Tag::Task
            | Tag::Promise
            | Tag::Channel,
            _,
        ) => Some(a.is_same(b)),
        (Tag::Range, _) => Some(heap.range(a)? == heap.range(b)?),
        _ => None,
    }
}

/// What is still to be compared.
enum Work<'h> {
    /// Two runs of the same length.
    Values(&'h [Value], &'h [Value]),
    /// Two arrays of the same length, one of them packed, from an index on.
    Arrays(&'h Array, &'h Array, usize),
    Queues(&'h Queue, &'h Queue, usize),
    /// Two dicts of the same size, from a position in the first on.
    Dicts(&'h Dict, &'h Dict, usize),
}

#[inline(never)]
fn deep(heap: &Heap, a: Value, b: Value, charge: &mut (impl Charge + ?Sized)) -> Res<bool> {
    let mut work = Vec::new();
    let mut pair = Some((a, b));
    loop {
        if let Some((a, b)) = pair.take() {
            charge.charge(1)?;
            let equal = match shallow(heap, a, b) {
                None if a.tag() == Tag::Object => object::equal(heap, a, b)?,
                Some(equal) => equal,
                None => open(heap, a, b, &mut work, charge)?,
            };
            if !equal {
                return Ok(false);
            }
        }
        let Some(top) = work.last_mut() else { return Ok(true) };
        match advance(heap, top) {
            Next::Pair(a, b) => pair = Some((a, b)),
            Next::Done => {
                work.pop();
            }
            Next::Differ => return Ok(false),
        }
    }
}

enum Next {
    Pair(Value, Value),
    Done,
    Differ,
}

/// The next pair of a piece of work.
fn advance(heap: &Heap, work: &mut Work<'_>) -> Next {
    let pair = match work {
        Work::Values(a, b) => match (a.split_first(), b.split_first()) {
            (Some((&x, more_a)), Some((&y, more_b))) => {
                (*a, *b) = (more_a, more_b);
                Some((x, y))
            }
            _ => None,
        },
        Work::Arrays(a, b, at) => {
            *at += 1;
            a.get(*at - 1).zip(b.get(*at - 1))
        }
        Work::Queues(a, b, at) => {
            *at += 1;
            a.get(*at - 1).zip(b.get(*at - 1))
        }
        Work::Dicts(a, b, at) => match a.next(*at) {
            Some((next, entry)) => {
                *at = next;
                let other = heap.key(entry.key).and_then(|key| b.get(key));
                let Some(other) = other else { return Next::Differ };
                Some((entry.value, other))
            }
            None => None,
        },
    };
    pair.map_or(Next::Done, |(a, b)| Next::Pair(a, b))
}

/// Begins with two values of the same heap kind; false if they differ at once.
fn open<'h>(
    heap: &'h Heap,
    a: Value,
    b: Value,
    work: &mut Vec<Work<'h>>,
    charge: &mut (impl Charge + ?Sized),
) -> Res<bool> {
    let Some((opened, units)) = open_pair(heap, a, b) else { return Ok(false) };
    if units > 0 {
        charge.charge(units)?;
    }
    let piece = match opened {
        Opened::Text(a, b) => return Ok(a == b),
        Opened::Packed(a, b) => return Ok(packed_equal(a, b)),
        Opened::Sets(a, b) => {
            return Ok(a.keys().all(|key| heap.key(key).is_some_and(|key| b.contains(key))));
        }
        Opened::Work(piece) => piece,
    };
    work.try_reserve(1).map_err(|_| allocation_failed(size_of::<Work<'_>>()))?;
    work.push(piece);
    Ok(true)
}

enum Opened<'h> {
    Text(&'h [u8], &'h [u8]),
    Packed(&'h Array, &'h Array),
    Sets(&'h Set, &'h Set),
    Work(Work<'h>),
}

/// What to compare of two values of the same heap kind, and what that costs; `None` if they differ already.
fn open_pair(heap: &Heap, a: Value, b: Value) -> Option<(Opened<'_>, u64)> {
    let opened = match a.tag() {
        Tag::String => {
            let (a, b) = (heap.str(a)?.as_bytes(), heap.str(b)?.as_bytes());
            return Some((Opened::Text(a, b), bulk_units(a.len())));
        }
        Tag::Bytes => {
            let (a, b) = (heap.bytes(a)?.as_slice(), heap.bytes(b)?.as_slice());
            return (a.len() == b.len()).then(|| (Opened::Text(a, b), bulk_units(a.len())));
        }
        Tag::Array => {
            let (a, b) = (heap.array(a)?, heap.array(b)?);
            if a.len() != b.len() {
                return None;
            }
            match (a.as_values(), b.as_values()) {
                (Some(a), Some(b)) => Opened::Work(Work::Values(a, b)),
                (None, None) if same_packing(a, b) => {
                    return Some((Opened::Packed(a, b), bulk_units(a.len())));
                }
                _ => Opened::Work(Work::Arrays(a, b, 0)),
            }
        }
        Tag::Dict => {
            let (a, b) = (heap.dict(a)?, heap.dict(b)?);
            (a.len() == b.len()).then_some(Opened::Work(Work::Dicts(a, b, 0)))?
        }
        Tag::Set => {
            let (a, b) = (heap.set(a)?, heap.set(b)?);
            let units = a.len() as u64;
            return (a.len() == b.len()).then_some((Opened::Sets(a, b), units));
        }
        Tag::Queue => {
            let (a, b) = (heap.queue(a)?, heap.queue(b)?);
            (a.len() == b.len()).then_some(Opened::Work(Work::Queues(a, b, 0)))?
        }
        Tag::Stack => values(heap.stack(a)?.as_slice(), heap.stack(b)?.as_slice())?,
        Tag::Struct => {
            let (a, b) = (heap.record(a)?, heap.record(b)?);
            if a.ty != b.ty {
                return None;
            }
            values(a.fields, b.fields)?
        }
        Tag::Variant => {
            let (a, b) = (heap.variant(a)?, heap.variant(b)?);
            if a.ty != b.ty || a.variant != b.variant {
                return None;
            }
            values(a.payload, b.payload)?
        }
        Tag::Ok | Tag::Err | Tag::Some => values(heap.inner_slice(a)?, heap.inner_slice(b)?)?,
        _ => return None,
    };
    Some((opened, 0))
}

fn values<'h>(a: &'h [Value], b: &'h [Value]) -> Option<Opened<'h>> {
    (a.len() == b.len()).then_some(Opened::Work(Work::Values(a, b)))
}

fn same_packing(a: &Array, b: &Array) -> bool {
    core::mem::discriminant(a.items()) == core::mem::discriminant(b.items())
}

fn packed_equal(a: &Array, b: &Array) -> bool {
    match (a.items(), b.items()) {
        (Items::Ints(a), Items::Ints(b)) => a.as_slice() == b.as_slice(),
        (Items::Floats(a), Items::Floats(b)) => a.as_slice() == b.as_slice(),
        (Items::Bools(a), Items::Bools(b)) => a.as_slice() == b.as_slice(),
        _ => false,
    }
}
