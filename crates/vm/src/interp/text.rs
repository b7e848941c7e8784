//! What programs that go through a text do all the time: take a character of it, and compare that with others.

use core::cmp::Ordering;

use super::slow;
use crate::heap::str_of;
use crate::registers::Registers;
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// Strings up to this many bytes are compared for nothing; what longer ones cost is charged elsewhere.
const SHORT: usize = 64;

/// How two strings are ordered, by code points, unless both are long; nothing for other values.
#[inline(always)]
pub(super) fn order_of(left: Value, right: Value) -> Option<Ordering> {
    let (left, right) = (str_of(&left)?.text.as_bytes(), str_of(&right)?.text.as_bytes());
    // One character each, nearly always.
    if let ([left], [right]) = (left, right) {
        return Some(left.cmp(right));
    }
    (left.len().min(right.len()) < SHORT).then(|| left.cmp(right))
}

/// The same of what two registers hold; temporaries are given up.
#[inline(never)]
pub(super) fn order(vm: &mut Vm, regs: Registers, registers: [u16; 2]) -> Option<Ordering> {
    let order = order_of(regs.get(registers[0]), regs.get(registers[1]))?;
    for register in registers {
        slow::consume(vm, regs, register);
    }
    Some(order)
}

/// The character at an index of a text that is ASCII, counted, if there was such a string before.
#[inline]
pub(super) fn char_of(vm: &Vm, text: Value, at: Value) -> Option<Value> {
    if at.tag() != Tag::Int {
        return None;
    }
    let text = str_of(&text).filter(|it| it.is_ascii())?;
    let byte = *text.as_str().as_bytes().get(usize::try_from(at.as_int()).ok()?)?;
    vm.heap.known_char(byte)
}
