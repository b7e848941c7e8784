//! Making results inside the heap, so that every byte is booked and a failure half-way gives everything back; and booking
//! what a library allocates outside of it.

use remora_vm::Res;
use remora_vm::host::HostCx;
use remora_vm::object::{Array, Dict};
use remora_vm::value::Value;

/// Makes a value by filling it; if that fails it is released.
pub(crate) fn filled(
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

/// A new array, filled by `fill`.
pub(crate) fn array(
    cx: &mut HostCx<'_>,
    fill: impl FnOnce(&mut HostCx<'_>, Value) -> Res<()>,
) -> Res<Value> {
    let fresh = cx.heap.new_array(Array::new())?;
    filled(cx, fresh, fill)
}

/// A new dict, filled by `fill`.
pub(crate) fn dict(
    cx: &mut HostCx<'_>,
    fill: impl FnOnce(&mut HostCx<'_>, Value) -> Res<()>,
) -> Res<Value> {
    let fresh = cx.heap.new_dict(Dict::new())?;
    filled(cx, fresh, fill)
}

/// Appends an element to an array that is being made; takes it over.
pub(crate) fn push(cx: &mut HostCx<'_>, array: Value, item: Value) -> Res<()> {
    let pushed = match cx.heap.array_mut(array) {
        Some((array, mem)) => array.push(mem, item),
        None => Ok(()),
    };
    if pushed.is_err() {
        cx.heap.release(item);
    }
    pushed
}

/// Appends a string to an array that is being made.
pub(crate) fn push_text(cx: &mut HostCx<'_>, array: Value, text: &str) -> Res<()> {
    let item = cx.heap.new_string(text)?;
    push(cx, array, item)
}

/// Sets a key of a dict that is being made; takes the value over.
pub(crate) fn put(cx: &mut HostCx<'_>, dict: Value, name: &str, value: Value) -> Res<()> {
    let name = match cx.heap.new_string(name) {
        Ok(name) => name,
        Err(fault) => {
            cx.heap.release(value);
            return Err(fault);
        }
    };
    put_key(cx, dict, name, value)
}

/// Sets a key of a dict that is being made; takes both over.
pub(crate) fn put_key(cx: &mut HostCx<'_>, dict: Value, name: Value, value: Value) -> Res<()> {
    let key = cx.heap.key(name);
    let inserted = match (cx.heap.dict_mut(dict), key) {
        (Some((dict, mem)), Some(key)) => dict.insert(mem, key, value),
        _ => Ok(None),
    };
    match inserted {
        Ok(None) => Ok(()),
        // The old key stays, so the new one is not needed.
        Ok(Some(old)) => {
            cx.heap.release_all([name, old.value]);
            Ok(())
        }
        Err(fault) => {
            cx.heap.release_all([name, value]);
            Err(fault)
        }
    }
}

/// Books bytes that a library allocates outside the heap for as long as `work` runs.
pub(crate) fn booked<T>(
    cx: &mut HostCx<'_>,
    bytes: usize,
    work: impl FnOnce(&mut HostCx<'_>) -> Res<T>,
) -> Res<T> {
    cx.heap.memory_mut().account_mut().book(bytes)?;
    let result = work(cx);
    cx.heap.memory_mut().account_mut().unbook(bytes);
    result
}
