//! Going through collections without making anything: an iteration is two registers, what is gone through and how far.
//!
//! A count is kept as its next number and how many are left, both ints. Anything else is kept as itself, with a position.

use remora_diagnostics::Code;

use super::generator;
use super::tasks::{self, Step};
use crate::fault::{Fault, Res};
use crate::heap::{Heap, retain};
use crate::lower::op::{Ins, Op};
use crate::ops::convert::float_to_int;
use crate::registers::{Current, Registers};
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// The two halves of an iteration over a value, which is taken over.
pub(super) fn over(value: Value) -> Option<(Value, Value)> {
    match value.tag() {
        Tag::Int => Some((Value::int(0), Value::int(value.as_int().max(0)))),
        Tag::Float => {
            let whole = float_to_int(value.as_float().max(0.0)).filter(|it| *it < 1 << 53)?;
            Some((Value::int(0), Value::int(whole)))
        }
        Tag::Array
        | Tag::String
        | Tag::Dict
        | Tag::Set
        | Tag::Bytes
        | Tag::Queue
        | Tag::Stack
        | Tag::Range
        | Tag::Generator
        | Tag::Iterator
        | Tag::Channel => Some((value, Value::int(0))),
        _ => None,
    }
}

/// Whether a loop can go through a value.
pub(crate) fn can_be_gone_through(value: Value) -> bool {
    over(value).is_some()
}

pub(super) fn not_iterable(heap: &Heap, value: Value) -> Box<Fault> {
    Fault::new(Code::R0013, format!("Cannot iterate over {}", heap.type_name(value)))
}

pub(super) fn begin(heap: &Heap, regs: Registers, ins: Ins) -> Res<()> {
    let value = regs.get(ins.b);
    let Some((source, place)) = over(value) else { return Err(not_iterable(heap, value)) };
    regs.put(ins.b, Value::NULL);
    regs.put(ins.a, source);
    regs.put(ins.a + 1, place);
    Ok(())
}

/// A count from `b` up to `c`.
pub(super) fn count(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<()> {
    let (from, to) = (regs.get(ins.b), regs.get(ins.c));
    let (Some(start), Some(end)) = (from.to_int(), to.to_int()) else {
        return Err(super::access::bad_range(from, to));
    };
    let inclusive = i128::from(ins.op == Op::IterRangeInclusive);
    let left = (i128::from(end) - i128::from(start) + inclusive).clamp(0, i128::from(i64::MAX));
    super::set(vm, regs, ins.a, Value::int(start));
    super::set(vm, regs, ins.a + 1, Value::int(i64::try_from(left).unwrap_or(i64::MAX)));
    Ok(())
}

/// The next number of a count, if the iteration in `a` is one and has not ended.
#[inline(always)]
pub(super) fn count_on(vm: &mut Vm, regs: Registers, ins: Current) -> bool {
    let (at, left) = (regs.get(ins.a()), regs.get(ins.a() + 1));
    if at.tag() != Tag::Int || left.bits() == 0 {
        return false;
    }
    regs.put(ins.a(), Value::int(at.as_int().wrapping_add(1)));
    regs.put(ins.a() + 1, Value::int(left.bits().cast_signed().wrapping_sub(1)));
    super::set(vm, regs, ins.b(), at);
    true
}

/// The next element, if the iteration in `a` is over an array and has not ended.
#[inline(always)]
pub(super) fn element_on(vm: &mut Vm, regs: Registers, ins: Current) -> bool {
    let (source, place) = (regs.get(ins.a()), regs.get(ins.a() + 1));
    let Some(item) = super::access::array_item(vm, source, place) else { return false };
    regs.put(ins.a() + 1, Value::int(place.bits().cast_signed().wrapping_add(1)));
    super::set(vm, regs, ins.b(), item);
    true
}

/// How going on went.
pub(super) enum Next {
    /// The next item is in `b`.
    Item,
    /// There is none; the iteration has been given up.
    End,
    /// A generator is to be asked for it.
    Ask,
    /// The running task waits for it.
    Wait,
}

/// Puts the next item into `b`, or gives the iteration up.
#[inline(never)]
pub(super) fn next(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<Next> {
    let source = regs.get(ins.a);
    if source.tag() == Tag::Int {
        let left = regs.get(ins.a + 1).to_int().unwrap_or(0);
        if left > 0 {
            regs.put(ins.a, Value::int(source.as_int().wrapping_add(1)));
            regs.put(ins.a + 1, Value::int(left - 1));
            super::set(vm, regs, ins.b, source);
        }
        return Ok(if left > 0 { Next::Item } else { Next::End });
    }
    if generator::is_lazy(source) {
        return Ok(Next::Ask);
    }
    if source.tag() == Tag::Channel {
        return match tasks::next_of(vm, source)? {
            Some(Step::Value(item)) => {
                super::set(vm, regs, ins.b, item);
                Ok(Next::Item)
            }
            Some(_) => Ok(Next::Wait),
            None => {
                give_up(vm, regs, ins.a);
                Ok(Next::End)
            }
        };
    }
    let mut place = regs.get(ins.a + 1);
    match item(&mut vm.heap, source, &mut place)? {
        Some(item) => {
            regs.put(ins.a + 1, place);
            super::set(vm, regs, ins.b, item);
            Ok(Next::Item)
        }
        None => {
            give_up(vm, regs, ins.a);
            Ok(Next::End)
        }
    }
}

fn give_up(vm: &mut Vm, regs: Registers, iteration: u16) {
    let source = regs.take(iteration);
    regs.put(iteration + 1, Value::NULL);
    vm.heap.release(source);
}

/// The item at a place, counted, and the place after it.
#[inline]
pub(super) fn item(heap: &mut Heap, source: Value, place: &mut Value) -> Res<Option<Value>> {
    let at = usize::try_from(place.to_int().unwrap_or(0)).unwrap_or(usize::MAX);
    let found = match source.tag() {
        Tag::Array => heap.array(source).and_then(|it| it.get(at)),
        Tag::String => return character(heap, source, place, at),
        Tag::Dict => {
            let found = heap.dict(source).and_then(|it| it.next(at));
            return Ok(found.map(|(after, entry)| step(place, after, entry.key)));
        }
        Tag::Set => {
            let found = heap.set(source).and_then(|it| it.next(at));
            return Ok(found.map(|(after, entry)| step(place, after, entry.key)));
        }
        Tag::Bytes => {
            heap.bytes(source).and_then(|it| it.get(at)).map(|byte| Value::int(byte.into()))
        }
        Tag::Queue => heap.queue(source).and_then(|it| it.get(at)),
        Tag::Stack => heap.stack(source).and_then(|it| it.get(at)),
        Tag::Range => heap.range(source).and_then(|it| it.get(at as u64)).map(Value::int),
        _ => None,
    };
    Ok(found.map(|item| step(place, at + 1, item)))
}

#[inline(always)]
fn step(place: &mut Value, after: usize, item: Value) -> Value {
    *place = Value::len(after);
    retain(item);
    item
}

/// Places in strings are byte offsets.
fn character(heap: &mut Heap, source: Value, place: &mut Value, at: usize) -> Res<Option<Value>> {
    let Some(char) = heap.str(source).and_then(|it| it.get(at..)).and_then(|it| it.chars().next())
    else {
        return Ok(None);
    };
    let made = heap.new_char(char)?;
    *place = Value::len(at + char.len_utf8());
    Ok(Some(made))
}
