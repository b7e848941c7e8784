//! The usual cases of instructions, for whoever does them outside the loop: the closures. Each does all of it or nothing.

pub(crate) use super::access::{cached_field, element, has_key_in, replace_field, replace_item};
pub(crate) use super::call::{captured, look_one};
pub(crate) use super::set;
pub(crate) use super::slow::consume;

use super::iterate::{self, Next};
use crate::lower::op::Ins;
use crate::registers::Registers;
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// Appends a value, which is taken over, to an array with one owner.
#[inline(always)]
pub(crate) fn push(vm: &mut Vm, array: Value, value: Value) -> bool {
    if array.tag() != Tag::Array || !vm.heap.is_unique(array) || !vm.fuel.take() {
        return false;
    }
    let Some((items, memory)) = vm.heap.array_mut(array) else { return false };
    if items.push(memory, value).is_err() {
        // The loop tries again, and says so.
        vm.fuel.give_back();
        return false;
    }
    true
}

/// A count between two ints.
#[inline(always)]
pub(crate) fn count(vm: &mut Vm, regs: Registers, ins: Ins) -> bool {
    iterate::count(vm, regs, ins).is_ok()
}

/// Whether asking an iteration over this for its next item never fails and asks nobody.
#[inline(always)]
pub(crate) fn can_be_asked(source: Value) -> bool {
    matches!(source.tag(), Tag::Int | Tag::Array | Tag::Dict | Tag::Set | Tag::Range)
}

/// Puts the next item into `b`, or gives the iteration up, and says which.
#[inline(always)]
pub(crate) fn next(vm: &mut Vm, regs: Registers, ins: Ins) -> Option<bool> {
    let source = regs.get(ins.a);
    if source.tag() == Tag::Array {
        let place = regs.get(ins.a + 1);
        if let Some(item) = super::access::array_item(vm, source, place) {
            regs.put(ins.a + 1, Value::int(place.as_int().wrapping_add(1)));
            set(vm, regs, ins.b, item);
            return Some(true);
        }
    }
    if !can_be_asked(source) {
        return None;
    }
    match iterate::next(vm, regs, ins) {
        Ok(Next::Item) => Some(true),
        Ok(Next::End) => Some(false),
        _ => None,
    }
}
