//! `object.name`, and assigning to it.

use remora_diagnostics::Code;

use super::index::{insert, missing_key};
use super::make_unique;
use crate::fault::{Fault, Res};
use crate::heap::{Heap, retain};
use crate::limits::Charge;
use crate::value::{Tag, Value};

/// `object.name`, counted for the caller; looks at both. `name` is a string.
///
/// A field of a struct or a struct-like enum value, the value of a key of a dict, a property of an error.
///
/// # Errors
/// R0009 and R0010.
pub fn get(heap: &Heap, object: Value, name: Value) -> Res<Value> {
    let found = look(heap, object, name)?;
    retain(found);
    Ok(found)
}

/// As [`get`], but the object keeps the count.
///
/// # Errors
/// R0009 and R0010.
pub fn look(heap: &Heap, object: Value, name: Value) -> Res<Value> {
    let text = heap.str(name).unwrap_or_default();
    let found = match object.tag() {
        Tag::Struct => heap.record(object).and_then(|it| {
            let slot = heap.types().structure(it.ty)?.slot(text)?;
            it.fields.get(slot).copied()
        }),
        Tag::Variant => heap.variant(object).and_then(|it| {
            let (_, shape) = heap.types().variant(it.ty, it.variant)?;
            it.payload.get(shape.slot(text)?).copied()
        }),
        Tag::Dict => {
            let value = heap.key(name).zip(heap.dict(object)).and_then(|(key, it)| it.get(key));
            return value.ok_or_else(|| missing_key(heap, object, name));
        }
        Tag::Error => {
            let error = heap.error(object);
            let own = error.and_then(|it| it.property(text));
            match (own, error) {
                (Some(own), _) => Some(own),
                // What a script threw shows through; anything but a struct or dict has no fields.
                (None, Some(it)) if matches!(it.value().tag(), Tag::Struct | Tag::Dict) => {
                    return look_plain(heap, it.value(), name);
                }
                _ => None,
            }
        }
        _ => return Err(no_fields(text)),
    };
    found.ok_or_else(|| no_such_field(text))
}

/// As [`look`], for a struct or a dict.
fn look_plain(heap: &Heap, object: Value, name: Value) -> Res<Value> {
    let text = heap.str(name).unwrap_or_default();
    let found = match heap.record(object) {
        Some(it) => {
            let slot = heap.types().structure(it.ty).and_then(|shape| shape.slot(text));
            slot.and_then(|slot| it.fields.get(slot).copied())
        }
        None => heap.key(name).zip(heap.dict(object)).and_then(|(key, it)| it.get(key)),
    };
    found.ok_or_else(|| no_such_field(text))
}

/// `place.name := value`; copies what is shared. Looks at `name`, takes over `value`.
///
/// # Errors
/// R0010, R0019; L0001, L0002 and L0009. Nothing a script can see has changed then, and `value` has been released.
pub fn set(
    heap: &mut Heap,
    place: &mut Value,
    name: Value,
    value: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<()> {
    match try_set(heap, place, name, value, charge) {
        Ok(old) => {
            heap.release(old);
            Ok(())
        }
        Err(fault) => {
            heap.release(value);
            Err(fault)
        }
    }
}

fn try_set(
    heap: &mut Heap,
    place: &mut Value,
    name: Value,
    value: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<Value> {
    if place.tag() == Tag::Dict {
        let Some(key) = heap.key(name) else { return Err(no_fields("?")) };
        make_unique(heap, place, charge)?;
        return insert(heap, *place, key, value);
    }
    let slot = slot_of(heap, *place, name)?;
    make_unique(heap, place, charge)?;
    let slots = match place.tag() {
        Tag::Struct => heap.fields_mut(*place),
        _ => heap.payload_mut(*place),
    };
    match slots.and_then(|it| it.get_mut(slot)) {
        Some(field) => Ok(core::mem::replace(field, value)),
        None => Err(no_such_field(heap.str(name).unwrap_or_default())),
    }
}

/// The slot of a field that can be assigned to.
///
/// # Errors
/// R0010 and R0019.
pub fn slot_of(heap: &Heap, object: Value, name: Value) -> Res<usize> {
    let text = heap.str(name).unwrap_or_default();
    let slot = match object.tag() {
        Tag::Struct => {
            let ty = heap.record(object).map(|it| it.ty);
            ty.and_then(|ty| heap.types().structure(ty)).and_then(|it| it.slot(text))
        }
        Tag::Variant => heap.variant(object).and_then(|it| {
            let (_, shape) = heap.types().variant(it.ty, it.variant)?;
            shape.slot(text)
        }),
        Tag::Error => return Err(Fault::new(Code::R0019, "Cannot change an error")),
        _ => return Err(no_fields(text)),
    };
    slot.ok_or_else(|| no_such_field(text))
}

/// The error for a struct without such a field.
#[cold]
#[inline(never)]
#[must_use]
pub fn no_such_field(name: &str) -> Box<Fault> {
    Fault::new(Code::R0010, format!("Field not found: {name}"))
}

/// The error for a kind that has no fields.
#[cold]
#[inline(never)]
#[must_use]
pub fn no_fields(name: &str) -> Box<Fault> {
    Fault::new(Code::R0010, format!("Cannot access field or method '{name}' on non-struct value"))
}
