//! What the types of the host say of their objects where no function of the host is called: equality, order, printing.

use core::cmp::Ordering;

use crate::fault::Res;
use crate::heap::Heap;
use crate::host::ObjectShape;
use crate::object::HostObject;
use crate::value::Value;

fn opened(heap: &Heap, value: Value) -> Option<(&HostObject, &ObjectShape)> {
    let object = heap.object(value)?;
    Some((object, heap.types().objects.get(object.ty())?))
}

/// Whether two objects are equal: the same, or of one type that says so.
///
/// # Errors
/// R0032, R0035, R0036.
pub fn equal(heap: &Heap, a: Value, b: Value) -> Res<bool> {
    let (Some((left, shape)), Some(right)) = (opened(heap, a), heap.object(b)) else {
        return Ok(false);
    };
    match &shape.equal {
        Some(equal) if left.ty() == right.ty() => shape.ask(|| equal(left, right)),
        _ => Ok(a.is_same(b)),
    }
}

/// How two objects are ordered: `None` if their type has no order, `Some(None)` if it says that these two have none.
///
/// # Errors
/// R0032, R0035, R0036.
pub fn order(heap: &Heap, a: Value, b: Value) -> Res<Option<Option<Ordering>>> {
    let (Some((left, shape)), Some(right)) = (opened(heap, a), heap.object(b)) else {
        return Ok(None);
    };
    match &shape.order {
        Some(order) if left.ty() == right.ty() => shape.ask(|| order(left, right)).map(Some),
        _ => Ok(None),
    }
}

/// What `print` shows of an object: what its type says, else the name of that.
///
/// # Errors
/// R0032.
pub fn display(heap: &Heap, object: &HostObject) -> Res<String> {
    let types = &heap.types().objects;
    match types.get(object.ty()) {
        Some(shape) => match &shape.display {
            Some(display) => match shape.ask(|| Ok(display(object)))? {
                Ok(text) => Ok(text),
                // One that is gone or in use can be printed all the same.
                Err(_) => Ok(format!("<{}>", shape.name)),
            },
            None => Ok(format!("<{}>", shape.name)),
        },
        None => Ok("<object>".to_owned()),
    }
}

/// How many elements an object has, if its type says so; nothing also for one that is gone or in use.
#[must_use]
pub fn len(heap: &Heap, value: Value) -> Option<usize> {
    let (object, shape) = opened(heap, value)?;
    let len = shape.len.as_ref()?;
    shape.ask(|| len(object)).ok()
}
