//! Generators: functions that stop in the middle and go on when they are asked for the next value.
//!
//! A generator that waits owns a copy of its window. Asking for a value lays the window above that of whoever asks and
//! opens a frame on it; `yield` copies the window back. So a generator's frame is an ordinary one while it runs: what it
//! calls, what it awaits and where its errors go needs no thought. It can only yield from its own frame, which is then the
//! topmost.

use remora_diagnostics::Code;

use super::call::{make_room, registers};
use crate::fault::{Fault, Res};
use crate::frame::{Deliver, Frame, flags};
use crate::heap::{Buf, retain};
use crate::hooks;
use crate::lower::op::{Ins, Op};
use crate::object::{Generator, Stage};
use crate::registers::program;
use crate::value::{FunctionId, Tag, Value};
use crate::vm::Vm;

/// Makes the generator that a call of a generator function gives. The arguments are arranged in a row from slot `base` on,
/// a closure before them if `owns_closure`; they are taken over.
pub(super) fn make(vm: &mut Vm, id: FunctionId, base: usize, owns_closure: bool) -> Res<Value> {
    let function = program(vm).function(id);
    let n_params = function.params.len();
    let mut kept = Buf::with_capacity(vm.heap.memory_mut(), 1 + function.window as usize)?;
    let closure = if owns_closure { vm.slots[base - 1] } else { Value::NULL };
    let mem = vm.heap.memory_mut();
    let filled = kept
        .push(mem, closure)
        .and_then(|()| kept.extend(mem, &vm.slots[base..base + n_params]))
        .and_then(|()| {
            let rest = (function.window as usize).saturating_sub(n_params);
            kept.extend_with(mem, Value::NULL, rest)
        });
    let tag = if function.hidden { Tag::Iterator } else { Tag::Generator };
    let made = filled.and_then(|()| {
        // The room for its object is all that can fail from here on.
        let registers = core::mem::take(&mut kept);
        let generator = Generator { function: id, pc: 0, resumed: 0, stage: Stage::New, registers };
        vm.heap.new_generator(tag, generator)
    });
    let made = match made {
        Ok(made) => made,
        Err(fault) => {
            kept.free(vm.heap.memory_mut());
            return Err(fault);
        }
    };
    if owns_closure {
        vm.slots[base - 1] = Value::NULL;
    }
    for slot in &mut vm.slots[base..base + n_params] {
        *slot = Value::NULL;
    }
    if vm.hooks.is_some() {
        hooks::made(vm, made, id);
    }
    Ok(made)
}

/// Whether a value is a generator or iterator.
#[inline(always)]
pub(super) const fn is_lazy(value: Value) -> bool {
    matches!(value.tag(), Tag::Generator | Tag::Iterator)
}

/// Lets a generator run on until it gives a value, which the topmost frame gets as `deliver` says. It is looked at. The
/// frame's place has been saved: with [`Deliver::Item`] at the second word of its instruction, else behind it. An ended one
/// delivers its end at once.
pub(super) fn resume(vm: &mut Vm, generator: Value, result: u16, deliver: Deliver) -> Res<()> {
    let Some(found) = vm.heap.generator(generator) else {
        return Err(super::iterate::not_iterable(&vm.heap, generator));
    };
    let (id, stage, pc, resumed) = (found.function, found.stage, found.pc, found.resumed);
    match stage {
        Stage::Runs => {
            let name = program(vm).types.function_name(id).to_owned();
            return Err(Fault::new(Code::R0024, format!("Generator is already running: {name}")));
        }
        Stage::Ended => {
            deliver_end(vm, result, deliver);
            return Ok(());
        }
        Stage::New | Stage::Waits => {}
    }
    let asks = *vm.frames.top();
    let above = asks.base + program(vm).function(asks.function).window;
    let base = above + 2;
    let function = program(vm).function(id);
    make_room(vm, base as usize + function.window as usize)?;
    if !vm.frames.has_room() {
        let types = &program(vm).types;
        vm.frames
            .grow(vm.heap.memory_mut().account_mut(), || types.function_name(id).to_owned())?;
    }
    if !vm.fuel.take() {
        vm.fuel.one()?;
    }
    let _ = vm.prepare(id)?;
    // Nothing fails from here on.
    retain(generator);
    vm.slots[above as usize] = generator;
    let Some((found, mem)) = vm.heap.generator_mut(generator) else { return Ok(()) };
    found.stage = Stage::Runs;
    let kept = found.registers.as_slice();
    vm.slots[base as usize - 1..][..kept.len()].copy_from_slice(kept);
    found.registers.free(mem);
    let closure = vm.slots[base as usize - 1];
    let owned = if closure.is_heap() { flags::CLOSURE } else { 0 };
    vm.frames.push(Frame {
        function: id,
        base,
        pc,
        result,
        first_temp: function.first_temp,
        home: 0,
        flags: flags::GENERATOR | flags::DELIVERS | owned,
        deliver,
    });
    if stage == Stage::Waits {
        // What `yield` gives.
        let regs = registers(vm);
        super::set(vm, regs, resumed, Value::NULL);
    }
    if vm.hooks.is_some() {
        hooks::resumed(vm, generator);
    }
    Ok(())
}

/// `yield`: gives the value in `b` to whoever asked; `a` takes null when it goes on. The frame's place has been saved.
#[inline(never)]
pub(super) fn give(vm: &mut Vm, ins: Ins) -> Res<()> {
    let frame = *vm.frames.top();
    if frame.flags & flags::GENERATOR == 0 {
        return Err(Fault::new(Code::R0012, "Only a generator can yield"));
    }
    let base = frame.base as usize;
    let window = program(vm).function(frame.function).window as usize;
    let mut kept = Buf::with_capacity(vm.heap.memory_mut(), 1 + window)?;
    let value = registers(vm).take(ins.b);
    if let Err(fault) = kept.extend(vm.heap.memory_mut(), &vm.slots[base - 1..base + window]) {
        kept.free(vm.heap.memory_mut());
        vm.heap.release(value);
        return Err(fault);
    }
    for slot in &mut vm.slots[base - 1..base + window] {
        *slot = Value::NULL;
    }
    let generator = core::mem::take(&mut vm.slots[base - 2]);
    if frame.flags & flags::WATCHED != 0 {
        hooks::gave(vm, generator);
    }
    if let Some((found, _)) = vm.heap.generator_mut(generator) {
        found.registers = kept;
        found.stage = Stage::Waits;
        found.pc = frame.pc;
        found.resumed = ins.a;
    }
    vm.heap.release(generator);
    vm.frames.drop_top();
    deliver_item(vm, frame, value)
}

/// The end of a generator's frame: whoever asked learns that there is no more.
pub(super) fn ended(vm: &mut Vm, frame: Frame) {
    deliver_end(vm, frame.result, frame.deliver);
}

/// Marks the generator of a frame that is being taken down as ended, and gives up its place on the stack.
pub(super) fn close(vm: &mut Vm, frame: Frame) {
    let generator = core::mem::take(&mut vm.slots[frame.base as usize - 2]);
    if let Some((found, _)) = vm.heap.generator_mut(generator) {
        found.stage = Stage::Ended;
    }
    vm.heap.release(generator);
}

/// Hands a value to the frame that is topmost now.
fn deliver_item(vm: &mut Vm, frame: Frame, value: Value) -> Res<()> {
    let regs = registers(vm);
    match frame.deliver {
        Deliver::Item => {
            let top = *vm.frames.top();
            super::set(vm, regs, frame.result, value);
            // The place is at the second word.
            let code = &program(vm).function(top.function).code;
            let (ins, word) = (code[top.pc as usize - 1], code[top.pc as usize]);
            vm.frames.top_mut().pc = if ins.op == Op::NextIter {
                jumped(top.pc, word.wide_operand())
            } else {
                top.pc + 1
            };
            Ok(())
        }
        Deliver::Next => match vm.heap.new_some(value) {
            Ok(some) => {
                let regs = registers(vm);
                super::set(vm, regs, frame.result, some);
                Ok(())
            }
            Err(fault) => {
                vm.heap.release(value);
                Err(fault)
            }
        },
        Deliver::Element => {
            // The instruction is done again, and asks for the next one.
            vm.frames.top_mut().pc -= 1;
            super::access::append(vm, regs, frame.result, value)
        }
        Deliver::Result | Deliver::Truth | Deliver::Not | Deliver::Branch | Deliver::BranchNot => {
            super::set(vm, regs, frame.result, value);
            Ok(())
        }
    }
}

fn deliver_end(vm: &mut Vm, result: u16, deliver: Deliver) {
    let regs = registers(vm);
    match deliver {
        Deliver::Item => {
            let top = *vm.frames.top();
            let code = &program(vm).function(top.function).code;
            let (ins, word) = (code[top.pc as usize - 1], code[top.pc as usize]);
            vm.frames.top_mut().pc = if ins.op == Op::NextIter {
                top.pc + 1
            } else {
                jumped(top.pc, word.wide_operand())
            };
            let source = regs.take(ins.a);
            regs.put(ins.a + 1, Value::NULL);
            vm.heap.release(source);
        }
        Deliver::Next => super::set(vm, regs, result, Value::NONE),
        Deliver::Element => {
            let top = *vm.frames.top();
            let ins = program(vm).function(top.function).code[top.pc as usize - 1];
            let source = regs.take(ins.b);
            vm.heap.release(source);
        }
        Deliver::Result | Deliver::Truth | Deliver::Not | Deliver::Branch | Deliver::BranchNot => {
            super::set(vm, regs, result, Value::NULL);
        }
    }
}

/// The place so many instructions further.
pub(super) const fn jumped(pc: u32, by: i32) -> u32 {
    pc.wrapping_add_signed(by)
}
