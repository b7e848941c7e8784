//! The end of frames: returns, faults on their way to a handler, thrown values.

use std::sync::Arc;

use remora_diagnostics::{Code, SourceId};

use super::{Flow, generator, operator, place, set};
use crate::fault::{Fault, Res, TraceFrame};
use crate::frame::{Frame, flags};
use crate::heap::retain;
use crate::hooks;
use crate::lower::op::Op;
use crate::object::{Array, ErrorObject};
use crate::ops::{field, print};
use crate::registers::Registers;
use crate::registers::program;
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// Calls that a trace names; beyond, they are only counted.
const TRACED: usize = 64;

/// Ends the topmost frame with a result, which the caller's register takes over.
#[inline(never)]
pub(super) fn end_frame(vm: &mut Vm, value: Value) -> Flow {
    if vm.frames.top().flags & flags::WATCHED != 0 {
        hooks::left(vm, Ok(value));
    }
    let Some(frame) = pop_frame(vm) else { return Flow::Done(value) };
    if frame.flags & flags::ENTRY != 0 {
        return Flow::Done(value);
    }
    if frame.flags & flags::GENERATOR != 0 {
        vm.heap.release(value);
        generator::ended(vm, frame);
        return Flow::Switch;
    }
    if frame.flags & flags::DELIVERS != 0 {
        operator::deliver(vm, frame, value);
        return Flow::Switch;
    }
    let base = vm.frames.top().base;
    let regs = Registers::new(&mut vm.slots, base);
    set(vm, regs, frame.result, value);
    Flow::Switch
}

/// Gives up everything that the topmost frame holds, and puts a receiver that was away back.
fn pop_frame(vm: &mut Vm) -> Option<Frame> {
    let frame = vm.frames.pop()?;
    if frame.flags & flags::WATCHED != 0 {
        hooks::forget(vm);
    }
    let regs = Registers::new(&mut vm.slots, frame.base);
    if frame.flags & flags::WRITE_BACK != 0 {
        let receiver = regs.take(0);
        place::put_back(vm, receiver);
    } else if frame.flags & flags::HOME != 0 {
        let receiver = regs.take(0);
        let base = vm.frames.top().base;
        Registers::new(&mut vm.slots, base).put(frame.home, receiver);
    }
    let window = vm.loaded.function(frame.function).window;
    let regs = Registers::new(&mut vm.slots, frame.base);
    release_from(vm, regs, 0, window);
    if frame.flags & flags::CLOSURE != 0 {
        let closure = regs.take_callee();
        vm.heap.release(closure);
    }
    if frame.flags & flags::GENERATOR != 0 {
        generator::close(vm, frame);
    }
    Some(frame)
}

/// Ends all frames: the host will not go on with a program that waits.
pub(crate) fn abandon(vm: &mut Vm) {
    while pop_frame(vm).is_some() {}
}

/// Releases what registers from `first` up to `end` hold.
fn release_from(vm: &mut Vm, regs: Registers, first: u16, end: u32) {
    for register in first..u16::try_from(end).unwrap_or(u16::MAX) {
        if regs.get(register).is_heap() {
            let value = regs.take(register);
            vm.heap.release(value);
        }
    }
}

/// Takes a fault to the nearest handler, ending the frames on the way. The topmost frame's `pc` is behind the instruction
/// that failed.
///
/// # Errors
/// The fault, if there is no handler for it up to the frame that the host entered.
#[cold]
#[inline(never)]
pub(crate) fn unwind(vm: &mut Vm, mut fault: Box<Fault>) -> Res<()> {
    if fault.trace.is_empty() {
        trace(vm, &mut fault);
    }
    if fault.serial == 0 {
        vm.n_faults += 1;
        fault.serial = vm.n_faults;
    }
    loop {
        if vm.frames.is_empty() {
            return Err(fault);
        }
        let frame = *vm.frames.top();
        let function = program(vm).function(frame.function);
        let at = frame.pc.saturating_sub(1);
        let covers = |it: &&crate::lower::LoweredHandler| it.start <= at && at < it.end;
        if fault.is_catchable()
            && let Some(handler) = function.handlers.iter().rev().find(covers)
        {
            let regs = Registers::new(&mut vm.slots, frame.base);
            release_from(vm, regs, handler.error, function.window);
            match error_value(vm, fault) {
                Ok(error) => {
                    regs.put(handler.error, error);
                    vm.frames.top_mut().pc = handler.target;
                    return Ok(());
                }
                // No memory for the error: that is a limit, which nothing catches.
                Err(limit) => fault = limit,
            }
            continue;
        }
        if frame.flags & flags::WATCHED != 0 {
            hooks::left(vm, Err(&fault));
        }
        pop_frame(vm);
        if frame.flags & flags::ENTRY != 0 {
            return Err(fault);
        }
    }
}

/// Notes where a fault happened. Code of the prelude is not shown: what happens there happened at the call.
pub(crate) fn trace(vm: &Vm, fault: &mut Fault) {
    for frame in vm.frames.iter().rev() {
        let function = vm.loaded.function(frame.function);
        if function.hidden {
            continue;
        }
        if fault.trace.len() >= TRACED {
            fault.n_untraced += 1;
            continue;
        }
        let at = frame.pc.saturating_sub(1);
        let is_start = vm
            .loaded
            .module()
            .start
            .is_some_and(|it| frame.function.0 == vm.loaded.first_function + it.0);
        let name = if is_start { Arc::default() } else { Arc::clone(&function.name) };
        let frame = match function.place(at) {
            Some(it) => TraceFrame {
                function: name,
                source: SourceId(it.file),
                file: (it.file > 0).then(|| Arc::clone(it.name)),
                span: it.span,
                line: it.line,
            },
            None => TraceFrame {
                function: name,
                source: SourceId::default(),
                file: None,
                span: function.span(at),
                line: 0,
            },
        };
        fault.trace.push(frame);
    }
}

/// The fault of `throw(value)`, or of an error that is thrown again; takes the value over.
#[cold]
#[inline(never)]
pub(super) fn raised(vm: &mut Vm, op: Op, value: Value) -> Box<Fault> {
    if op == Op::Reraise { thrown_again(vm, value) } else { thrown(vm, value) }
}

/// The fault of a value that a script threw; takes the value over.
fn thrown(vm: &mut Vm, value: Value) -> Box<Fault> {
    if value.tag() == Tag::Error {
        return thrown_again(vm, value);
    }
    let message = match member(vm, value, "message") {
        Some(message) if message.tag() == Tag::String => {
            vm.heap.str(message).unwrap_or_default().to_owned()
        }
        _ => print::display(&vm.heap, value, &mut vm.fuel).unwrap_or_default(),
    };
    let mut fault = Fault::new(Code::R0001, message);
    fault.thrown = Some(value);
    fault
}

/// What a struct or dict holds under a name; not counted.
fn member(vm: &mut Vm, value: Value, name: &str) -> Option<Value> {
    if !matches!(value.tag(), Tag::Struct | Tag::Dict) {
        return None;
    }
    let name = vm.heap.new_string(name).ok()?;
    let found = field::look(&vm.heap, value, name).ok();
    vm.heap.release(name);
    found
}

/// The fault of an error that was caught, as it was; takes the error over.
fn thrown_again(vm: &mut Vm, error: Value) -> Box<Fault> {
    let Some(object) = vm.heap.error(error) else { return thrown(vm, error) };
    let Some(origin) = &object.origin else { return Fault::new(Code::R0001, "error") };
    let mut fault = Fault::new(origin.code, origin.message.clone());
    fault.label.clone_from(&origin.label);
    fault.help.clone_from(&origin.help);
    fault.trace.clone_from(&origin.trace);
    fault.n_untraced = origin.n_untraced;
    fault.source.clone_from(&origin.source);
    fault.serial = origin.serial;
    if origin.thrown.is_some() {
        let value = object.value();
        retain(value);
        fault.thrown = Some(value);
    }
    let cause = object.cause();
    if cause.tag() != Tag::Null {
        retain(cause);
        fault.cause = Some(cause);
    }
    vm.heap.release(error);
    fault
}

/// The fault of an error that leaves the handler of another one; takes both over.
#[cold]
#[inline(never)]
pub(super) fn raised_from(vm: &mut Vm, error: Value, handled: Value) -> Box<Fault> {
    let serial_of = |it| vm.heap.error(it)?.origin.as_ref().map(|it| it.serial);
    let is_same = serial_of(error) == serial_of(handled);
    let mut fault = thrown_again(vm, error);
    if is_same || fault.cause.is_some() {
        vm.heap.release(handled);
    } else {
        fault.cause = Some(handled);
    }
    fault
}

/// Gives up the values of a fault that leaves the VM: outside of it they mean nothing.
pub(super) fn release_values(vm: &mut Vm, fault: &mut Fault) {
    for value in [fault.thrown.take(), fault.cause.take()].into_iter().flatten() {
        vm.heap.release(value);
    }
}

/// What a script catches. Fails only where memory ends; then nothing of it is left.
pub(super) fn error_value(vm: &mut Vm, mut fault: Box<Fault>) -> Res<Value> {
    let thrown = fault.thrown.take();
    let handled = fault.cause.take();
    let mut made = Made { values: thrown.into_iter().chain(handled).collect() };
    let built = build_error(vm, fault, thrown, handled, &mut made);
    if built.is_err() {
        made.values.into_iter().for_each(|it| vm.heap.release(it));
    }
    built
}

/// Counts that an error under construction owns.
struct Made {
    values: Vec<Value>,
}

impl Made {
    fn string(&mut self, vm: &mut Vm, text: &str) -> Res<Value> {
        let value = vm.heap.new_string(text)?;
        self.values.push(value);
        Ok(value)
    }

    fn copy(&mut self, value: Value) -> Value {
        retain(value);
        self.values.push(value);
        value
    }
}

fn build_error(
    vm: &mut Vm,
    mut fault: Box<Fault>,
    thrown: Option<Value>,
    handled: Option<Value>,
    made: &mut Made,
) -> Res<Value> {
    let message = made.string(vm, &fault.message)?;
    let code = match thrown.and_then(|it| member(vm, it, "code")) {
        Some(code) => made.copy(code),
        None => made.string(vm, fault.code.as_str())?,
    };
    let own_cause = thrown.and_then(|it| member(vm, it, "cause"));
    let cause = match own_cause {
        Some(own) => made.copy(own),
        None => handled.unwrap_or_default(),
    };
    let value = thrown.unwrap_or_else(|| made.copy(message));
    let n_made = made.values.len();
    for frame in fault.trace.iter().rev().filter(|it| !it.function.is_empty()) {
        made.string(vm, &frame.function)?;
    }
    let body = Array::from_values(vm.heap.memory_mut(), &made.values[n_made..])?;
    let stack = vm.heap.new_array(body)?;
    made.values.truncate(n_made);
    made.values.push(stack);
    let line = fault.trace.first().map_or(0, |it| it.line);
    // The origin only says that something was thrown; the value is this object's.
    fault.thrown = thrown.map(|_| Value::NULL);
    let values = [message, code, value, cause, stack];
    let error = vm.heap.new_error(ErrorObject { values, line, origin: Some(fault) })?;
    if let (Some(_), Some(handled)) = (own_cause, handled) {
        vm.heap.release(handled);
    }
    Ok(error)
}
