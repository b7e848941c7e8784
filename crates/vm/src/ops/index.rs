//! `object[key]`, and assigning to it.

use remora_diagnostics::{Advice, Code};

use super::{bulk_units, make_unique};
use crate::fault::{Fault, Res};
use crate::heap::{Heap, retain};
use crate::limits::Charge;
use crate::object::Key;
use crate::object::array::index_in;
use crate::value::{Tag, Value};

/// Keys that "did you mean" looks at.
const MAX_COMPARED: usize = 1_000;

/// `object[key]`, counted for the caller; looks at both.
///
/// # Errors
/// R0008, R0009, R0011, R0021; L0001, L0002 and L0009 for strings.
#[inline]
pub fn get(
    heap: &mut Heap,
    object: Value,
    key: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<Value> {
    if let Some(array) = heap.array(object)
        && let Some(at) = key.to_int()
    {
        let found = array.index(at).and_then(|at| array.get(at));
        let Some(item) = found else { return Err(not_among(at, array.len())) };
        retain(item);
        return Ok(item);
    }
    get_other(heap, object, key, charge)
}

#[inline(never)]
fn get_other(
    heap: &mut Heap,
    object: Value,
    key: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<Value> {
    if let Some(dict) = heap.dict(object) {
        let Some(known) = heap.key(key) else { return Err(not_a_key(key)) };
        let Some(found) = dict.get(known) else { return Err(missing_key(heap, object, key)) };
        retain(found);
        return Ok(found);
    }
    let Some(at) = key.to_int() else { return Err(not_indexable(object, key)) };
    match object.tag() {
        Tag::String => char_at(heap, object, at, charge),
        Tag::Bytes => {
            let bytes = heap.bytes(object).map_or(&[][..], |it| it.as_slice());
            let byte = index_in(bytes.len(), at).and_then(|at| bytes.get(at));
            byte.map(|&it| Value::int(i64::from(it))).ok_or_else(|| not_among(at, bytes.len()))
        }
        Tag::Range => {
            let member = heap.range(object).and_then(|it| it.member(at));
            member.map(Value::int).ok_or_else(|| out_of_bounds(at))
        }
        _ => Err(not_indexable(object, key)),
    }
}

/// The character at an index of a string as a string, counted for the caller.
///
/// # Errors
/// R0008; L0001, L0002 and L0009.
pub fn char_at(
    heap: &mut Heap,
    string: Value,
    at: i64,
    charge: &mut (impl Charge + ?Sized),
) -> Res<Value> {
    let Some(text) = heap.string(string) else { return Err(out_of_bounds(at)) };
    let n_chars = text.char_count();
    let Some(index) = index_in(n_chars, at) else { return Err(not_among(at, n_chars)) };
    if !text.is_ascii() {
        let units = bulk_units(text.as_str().len());
        if units > 0 {
            charge.charge(units)?;
        }
    }
    let char = text.char_at(index).and_then(|it| it.chars().next());
    heap.new_char(char.unwrap_or_default())
}

/// `place[key] := value`; copies what is shared. Looks at `key`, takes over `value`.
///
/// # Errors
/// R0008, R0019, R0021; L0001, L0002 and L0009. Nothing a script can see has changed then, and `value` has been released.
pub fn set(
    heap: &mut Heap,
    place: &mut Value,
    key: Value,
    value: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<()> {
    match try_set(heap, place, key, value, charge) {
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

/// As [`set`], but gives the old value, and does not release `value` when it fails.
fn try_set(
    heap: &mut Heap,
    place: &mut Value,
    key: Value,
    value: Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<Value> {
    match place.tag() {
        Tag::Array => {
            let Some(at) = key.to_int() else { return Err(not_assignable()) };
            let len = heap.len_of(*place).unwrap_or(0);
            let Some(index) = index_in(len, at) else { return Err(not_among(at, len)) };
            make_unique(heap, place, charge)?;
            let Some((array, mem)) = heap.array_mut(*place) else { return Err(not_assignable()) };
            array.set(mem, index, value)
        }
        Tag::Dict => {
            let Some(key) = heap.key(key) else { return Err(not_a_key(key)) };
            make_unique(heap, place, charge)?;
            insert(heap, *place, key, value)
        }
        _ => Err(not_assignable().with_advice(Advice::no_place(place.type_name()))),
    }
}

/// Sets a key of a dict with one owner; counts the key if it is new. Gives the old value.
pub(crate) fn insert(heap: &mut Heap, dict: Value, key: Key, value: Value) -> Res<Value> {
    let Some((dict, mem)) = heap.dict_mut(dict) else { return Err(not_assignable()) };
    match dict.insert(mem, key, value)? {
        Some(old) => Ok(old.value),
        None => {
            retain(key.value());
            Ok(Value::NULL)
        }
    }
}

/// The error for an index that is not there.
#[cold]
#[inline(never)]
#[must_use]
pub fn out_of_bounds(at: i64) -> Box<Fault> {
    Fault::new(Code::R0008, format!("Index out of bounds: {at}"))
}

/// The same, where it is known how many there are.
#[cold]
#[inline(never)]
#[must_use]
pub fn not_among(at: i64, len: usize) -> Box<Fault> {
    out_of_bounds(at).with_advice(Advice::out_of_bounds(at, len))
}

/// The error for a key that is not there.
#[cold]
#[inline(never)]
#[must_use]
pub fn missing_key(heap: &Heap, dict: Value, key: Value) -> Box<Fault> {
    let shown = match heap.str(key) {
        Some(text) => {
            let shown = &text[..text.floor_char_boundary(200)];
            let more = if shown.len() < text.len() { "..." } else { "" };
            format!("\"{shown}{more}\"")
        }
        None => super::print::display(heap, key, &mut crate::limits::Free).unwrap_or_default(),
    };
    let keys = heap.dict(dict).into_iter().flat_map(|it| it.keys().take(MAX_COMPARED));
    let advice = Advice::missing_key(&shown, heap.str(key), keys.filter_map(|it| heap.str(it)));
    Fault::new(Code::R0009, format!("Missing map key: {shown}")).with_advice(advice)
}

/// The error for a kind that cannot be a key.
#[cold]
#[inline(never)]
#[must_use]
pub fn not_a_key(key: Value) -> Box<Fault> {
    let kind = if key.tag() == Tag::Float { "NaN" } else { key.type_name() };
    Fault::new(Code::R0021, format!("Cannot use {kind} as a key"))
}

#[cold]
#[inline(never)]
fn not_indexable(object: Value, key: Value) -> Box<Fault> {
    let (object, key) = (object.type_name(), key.type_name());
    Fault::new(Code::R0011, "Invalid index operation")
        .with_advice(Advice::not_indexable(object, key))
}

#[cold]
#[inline(never)]
fn not_assignable() -> Box<Fault> {
    Fault::new(Code::R0019, "Invalid index assignment")
}
