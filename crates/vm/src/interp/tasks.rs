//! Tasks, as instructions and the prelude use them: starting, waiting, channels; and who goes on when one waits or ends.
//!
//! What may have to wait looks first. If it must, it notes who is to wake it, changes nothing else, and is done again from
//! its beginning when it is.

use remora_bytecode::FunctionKind;
use remora_diagnostics::Code;

use super::call::{captured, make_room, registers};
use super::{Exit, abandon, generator, run_to_end, unwind};
use crate::builtins::TaskOp;
use crate::fault::{Fault, Res};
use crate::frame::{Deliver, Frame, flags};
use crate::heap::retain;
use crate::hooks;
use crate::limits::memory::allocation_failed;
use crate::lower::op::{Ins, Op};
use crate::object::{Channel, Ended, Task, TaskId};
use crate::registers::{Registers, program};
use crate::task::{MAIN, Next, Stack};
use crate::value::{FunctionId, Tag, Value};
use crate::vm::Vm;

/// How something that may have to wait went.
pub(super) enum Step {
    /// It gave this, counted.
    Value(Value),
    /// It asked a generator, whose frame is the topmost one now.
    Entered,
    /// It waits, and is done again.
    Wait,
}

/// Runs tasks until the program itself and all others have ended, or the host has to do something.
///
/// # Errors
/// What the program did not catch, or a task that nobody waited for. All tasks have ended then.
pub(crate) fn run(vm: &mut Vm) -> Res<Exit> {
    loop {
        match run_to_end(vm) {
            Ok(Exit::Done(value)) if vm.tasks.is_alone() => return Ok(Exit::Done(value)),
            Ok(Exit::Done(value)) => end(vm, Ok(value))?,
            Ok(Exit::Waits) => vm.set_aside(),
            Ok(exit @ (Exit::Host | Exit::Sleeping(_))) => return Ok(exit),
            Ok(exit @ Exit::AwaitsCode) => {
                vm.await_code();
                return Ok(exit);
            }
            Ok(Exit::Paused) => {
                let id = vm.tasks.current();
                vm.set_aside();
                vm.tasks.goes_first(id);
                return Ok(Exit::Paused);
            }
            Err(fault) => end(vm, Err(fault))?,
        }
        if let Some(exit) = choose(vm)? {
            return Ok(exit);
        }
    }
}

/// Goes on with a VM in which no task runs.
///
/// # Errors
/// As [`run`].
pub(crate) fn proceed(vm: &mut Vm) -> Res<Exit> {
    if hooks::is_stale(vm) {
        hooks::synchronise(vm);
    }
    match choose(vm)? {
        Some(exit) => Ok(exit),
        None => run(vm),
    }
}

/// Brings in who goes on next; what the host has to know if nobody does.
fn choose(vm: &mut Vm) -> Res<Option<Exit>> {
    loop {
        match vm.next_task() {
            Next::Run => return Ok(None),
            Next::Throw(fault) => match unwind(vm, fault) {
                Ok(()) => return Ok(None),
                Err(fault) => end(vm, Err(fault))?,
            },
            Next::Host => return Ok(Some(Exit::Host)),
            Next::Sleep(milliseconds) => return Ok(Some(Exit::Sleeping(milliseconds))),
            Next::Stuck => {
                if let Some(value) = vm.tasks.result.take() {
                    return finish(vm, value).map(|it| Some(Exit::Done(it)));
                }
                let Some(main) = vm.tasks.stopped_mut(MAIN) else {
                    return Ok(Some(Exit::Done(Value::NULL)));
                };
                // It stands at what it would do again; the error happens there.
                main.stack.frames.top_mut().pc += 1;
                let text = "All tasks wait: nothing can go on";
                main.fault = Some(Fault::new(Code::R0031, text));
                vm.tasks.wake(MAIN);
            }
        }
    }
}

/// The end of the program: an error of a task that nobody has seen is its own.
fn finish(vm: &mut Vm, value: Value) -> Res<Value> {
    let failed = vm.tasks.take_failed();
    let unseen = failed.iter().copied().find(|it| vm.heap.task(*it).is_some_and(|it| !it.seen));
    let fault = unseen.map(|task| {
        let error = vm.heap.task(task).map(|it| it.result).unwrap_or_default();
        retain(error);
        super::unwind::raised(vm, Op::Reraise, error)
    });
    vm.heap.release_all(failed);
    match fault {
        None => Ok(value),
        Some(fault) => {
            vm.heap.release(value);
            Err(ends_all(vm, fault))
        }
    }
}

/// The end of the running task, whose frames are gone.
fn end(vm: &mut Vm, outcome: Res<Value>) -> Res<()> {
    if vm.tasks.current() == MAIN {
        match outcome {
            Ok(value) => vm.tasks.result = Some(value),
            Err(fault) => return Err(ends_all(vm, fault)),
        }
        return Ok(());
    }
    let (ended, result) = match outcome {
        Ok(value) => (Ended::Value, value),
        Err(fault) if fault.is_catchable() => match super::unwind::error_value(vm, fault) {
            Ok(error) => (Ended::Error, error),
            Err(limit) => return Err(ends_all(vm, limit)),
        },
        Err(fault) => return Err(ends_all(vm, fault)),
    };
    let value = vm.take_running();
    vm.tasks.nobody_runs();
    settle(vm, value, ended, result);
    if ended == Ended::Error {
        vm.tasks.note_failed(value);
    } else {
        vm.heap.release(value);
    }
    Ok(())
}

fn ends_all(vm: &mut Vm, mut fault: Box<Fault>) -> Box<Fault> {
    cancel_all(vm);
    super::unwind::release_values(vm, &mut fault);
    fault
}

/// Notes how a task has ended, and wakes those who wait for it. The result is taken over.
fn settle(vm: &mut Vm, value: Value, ended: Ended, result: Value) {
    if vm.hooks.is_some()
        && let Some(id) = vm.heap.task(value).map(|it| it.id)
    {
        hooks::ended(vm, id);
    }
    let Some(task) = vm.heap.task_mut(value) else { return vm.heap.release(result) };
    task.ended = ended;
    task.result = result;
    for waiting in core::mem::take(&mut task.waiting) {
        vm.tasks.wake(waiting);
    }
}

/// Ends all tasks, also the running one, where they are.
pub(crate) fn cancel_all(vm: &mut Vm) {
    abandon(vm);
    let own = vm.take_running();
    vm.tasks.nobody_runs();
    settle(vm, own, Ended::Cancelled, Value::NULL);
    vm.heap.release(own);
    while let Some(id) = vm.tasks.any_stopped() {
        vm.bring_back(id);
        abandon(vm);
        let value = vm.take_running();
        settle(vm, value, Ended::Cancelled, Value::NULL);
        vm.heap.release(value);
    }
    vm.tasks.nobody_runs();
    vm.tasks.reset();
    while let Some((_, request)) = vm.tasks.requests.pop_front() {
        vm.heap.release_all(request.args);
    }
    let failed = vm.tasks.take_failed();
    vm.heap.release_all(failed);
    if let Some(result) = vm.tasks.result.take() {
        vm.heap.release(result);
    }
}

/// Starts a task that runs a function on the arguments that stand arranged from slot `base` on, with a closure before them
/// if `owns_closure`; they are taken over. Gives the value that stands for it.
pub(super) fn start(
    vm: &mut Vm,
    id: FunctionId,
    base: usize,
    owns_closure: bool,
    tag: Tag,
) -> Res<Value> {
    let n = program(vm).function(id).params.len();
    let own = vm.tasks.new_stack();
    // The new task's stack is made in the VM, where all that makes room looks for it.
    let own = vm.swap_stack(own);
    let made = prepare(vm, id);
    let mut new = vm.swap_stack(own);
    let made = made.and_then(|()| {
        let task = vm.tasks.next_id();
        let object = Task {
            id: task,
            function: id,
            ended: Ended::No,
            seen: false,
            result: Value::NULL,
            waiting: Vec::new(),
        };
        vm.heap.new_task(tag, object).map(|value| (task, value))
    });
    let (task, value) = match made {
        Ok(made) => made,
        Err(fault) => {
            new.frames.pop();
            vm.tasks.give_back(new, vm.heap.memory_mut().account_mut());
            return Err(fault);
        }
    };
    for nth in 0..n {
        new.slots[1 + nth] = core::mem::take(&mut vm.slots[base + nth]);
    }
    if owns_closure {
        new.slots[0] = core::mem::take(&mut vm.slots[base - 1]);
        new.frames.top_mut().flags |= flags::CLOSURE;
    }
    if vm.hooks.is_some() {
        let own = vm.swap_stack(new);
        let is_marked = hooks::started(vm, task, id);
        new = vm.swap_stack(own);
        if is_marked {
            new.frames.top_mut().flags |= flags::WATCHED;
        }
    }
    retain(value);
    vm.tasks.add(task, new, value)?;
    Ok(value)
}

/// Opens the first frame of a task on the empty stack that is in the VM.
fn prepare(vm: &mut Vm, id: FunctionId) -> Res<()> {
    let function = program(vm).function(id);
    make_room(vm, 1 + function.window as usize)?;
    if !vm.frames.has_room() {
        let types = &program(vm).types;
        vm.frames
            .grow(vm.heap.memory_mut().account_mut(), || types.function_name(id).to_owned())?;
    }
    if !vm.fuel.take() {
        vm.fuel.one()?;
    }
    let _ = vm.prepare(id)?;
    vm.frames.push(Frame {
        function: id,
        base: 1,
        first_temp: function.first_temp,
        flags: flags::ENTRY | flags::OWNS_CALLEE,
        ..Frame::NEW
    });
    Ok(())
}

/// `spawn`: a task that runs a function over copies of the variables it captures.
#[inline(never)]
pub(super) fn spawn(vm: &mut Vm, regs: Registers, ins: Ins, function: u32) -> Res<()> {
    let id = FunctionId(function);
    let maker = program(vm).function(vm.frames.top().function);
    let captures = &program(vm).function(id).captures;
    let mut cells = Vec::new();
    cells.try_reserve_exact(captures.len()).map_err(|_| allocation_failed(captures.len() * 16))?;
    for (own, at) in captures {
        let cell = if *own { regs.get(maker.n_locals + at) } else { captured(vm, regs, *at) };
        let held = vm.heap.cell(cell);
        let held = if held.is_defined() { held } else { Value::UNDEFINED };
        retain(held);
        match vm.heap.new_cell(held) {
            Ok(copy) => cells.push(copy),
            Err(fault) => {
                vm.heap.release(held);
                vm.heap.release_all(cells);
                return Err(fault);
            }
        }
    }
    let closure = match cells.is_empty() {
        true => Value::NULL,
        false => match vm.heap.new_closure(id, &cells) {
            Ok(closure) => closure,
            Err(fault) => {
                vm.heap.release_all(cells);
                return Err(fault);
            }
        },
    };
    // Its place for now: above the window of who spawns it.
    let top = *vm.frames.top();
    let base = (top.base + program(vm).function(top.function).window + 1) as usize;
    if let Err(fault) = make_room(vm, base + program(vm).function(id).params.len()) {
        vm.heap.release(closure);
        return Err(fault);
    }
    vm.slots[base - 1] = closure;
    match start(vm, id, base, closure.is_heap(), Tag::Task) {
        Ok(task) => {
            let regs = registers(vm);
            super::set(vm, regs, ins.a, task);
            Ok(())
        }
        Err(fault) => {
            let closure = core::mem::take(&mut vm.slots[base - 1]);
            vm.heap.release(closure);
            Err(fault)
        }
    }
}

/// `await` of what is in `b`: false if it must wait.
#[inline(never)]
pub(super) fn wait_for(vm: &mut Vm, regs: Registers, ins: Ins) -> Res<bool> {
    let value = regs.get(ins.b);
    let current = vm.tasks.current();
    let Some(task) = vm.heap.task_mut(value) else {
        if ins.a != ins.b {
            let value = regs.take(ins.b);
            super::set(vm, regs, ins.a, value);
        }
        return Ok(true);
    };
    if task.ended == Ended::No {
        task.seen = true;
        note_waiting(&mut task.waiting, current)?;
        return Ok(false);
    }
    let result = outcome(vm, value)?;
    super::set(vm, regs, ins.b, Value::NULL);
    super::set(vm, regs, ins.a, result);
    Ok(true)
}

/// What a task that has ended gave, counted.
fn outcome(vm: &mut Vm, value: Value) -> Res<Value> {
    let Some(task) = vm.heap.task_mut(value) else { return Ok(Value::NULL) };
    task.seen = true;
    let (ended, result) = (task.ended, task.result);
    retain(result);
    match ended {
        Ended::Error => Err(super::unwind::raised(vm, Op::Reraise, result)),
        Ended::Cancelled => Err(Fault::new(Code::R0029, "Task was cancelled")),
        Ended::Value | Ended::No => Ok(result),
    }
}

fn note_waiting(waiting: &mut Vec<TaskId>, task: TaskId) -> Res<()> {
    waiting.try_reserve(1).map_err(|_| allocation_failed(8))?;
    waiting.push(task);
    Ok(())
}

/// What the prelude asks of the scheduler. Looks at its arguments; the frame's place has been saved behind the call.
pub(super) fn operation(
    vm: &mut Vm,
    op: TaskOp,
    regs: Registers,
    first: u16,
    result: u16,
) -> Res<Step> {
    let arg = |at: u16| regs.get(first + at);
    match op {
        TaskOp::Next => {
            if !generator::is_lazy(arg(0)) {
                return Err(wrong("next", "iterator", 1, arg(0)));
            }
            generator::resume(vm, arg(0), result, Deliver::Next)?;
            Ok(Step::Entered)
        }
        TaskOp::Channel => new_channel(vm, arg(0)),
        TaskOp::Send => send(vm, arg(0), arg(1)),
        TaskOp::Receive => {
            let Some(channel) = vm.heap.channel(arg(0)) else {
                return Err(wrong("receive", "channel", 1, arg(0)));
            };
            let closed = channel.closed;
            match receive(vm, arg(0)) {
                Some(item) => Ok(Step::Value(item)),
                None if closed => Ok(Step::Value(Value::NULL)),
                None => wait_to_receive(vm, arg(0)).map(|()| Step::Wait),
            }
        }
        TaskOp::TryReceive => {
            let made = match receive(vm, arg(0)) {
                Some(item) => vm.heap.new_some(item)?,
                None => Value::NONE,
            };
            Ok(Step::Value(made))
        }
        TaskOp::Close => {
            let Some((channel, _)) = vm.heap.channel_mut(arg(0)) else {
                return Err(wrong("close", "channel", 1, arg(0)));
            };
            channel.closed = true;
            let receivers = core::mem::take(&mut channel.receivers);
            let senders: Vec<TaskId> = channel.senders.iter().map(|(task, _)| *task).collect();
            for task in receivers.into_iter().chain(senders) {
                vm.tasks.wake(task);
            }
            Ok(Step::Value(Value::NULL))
        }
        TaskOp::Deadline => {
            let name = vm.heap.str(arg(1)).unwrap_or("sleep").to_owned();
            let place = u32::try_from(arg(2).to_int().unwrap_or(1)).unwrap_or(1);
            let Some(milliseconds) = arg(0).to_number() else {
                return Err(wrong(&name, "a number", place, arg(0)));
            };
            if milliseconds.is_nan() || milliseconds < 0.0 {
                let got = crate::ops::print::display(&vm.heap, arg(0), &mut vm.fuel)?;
                let message = format!("{name} expects a time of at least 0, got {got}");
                return Err(Fault::new(Code::R0012, message));
            }
            Ok(Step::Value(Value::float(vm.tasks.now() + milliseconds)))
        }
        TaskOp::Watch => {
            if let Some(task) = vm.heap.task_mut(arg(0)) {
                task.seen = true;
            }
            Ok(Step::Value(Value::NULL))
        }
        TaskOp::SleepUntil => {
            let at = arg(0).to_number().unwrap_or(0.0);
            // A sleep of no time lets others run as well.
            if at <= vm.tasks.now() && vm.tasks.has_slept() {
                return Ok(Step::Value(Value::NULL));
            }
            vm.tasks.wake_at(at);
            Ok(Step::Wait)
        }
        TaskOp::WaitFor => wait_until(vm, arg(0), arg(1), arg(2)),
        TaskOp::IsDone => {
            let done = vm.heap.task(arg(0)).is_none_or(|it| it.ended != Ended::No);
            Ok(Step::Value(Value::bool(done)))
        }
        TaskOp::Cancel => cancel(vm, arg(0)).map(|()| Step::Value(Value::NULL)),
    }
}

#[cold]
fn wrong(name: &str, wanted: &str, place: u32, got: Value) -> Box<Fault> {
    let got = got.type_name();
    Fault::new(Code::R0004, format!("{name} expects {wanted} as argument {place}, got {got}"))
}

fn new_channel(vm: &mut Vm, capacity: Value) -> Res<Step> {
    let capacity = match capacity.to_int() {
        None if capacity.is_null() => usize::MAX,
        None => return Err(wrong("channel", "an int", 1, capacity)),
        Some(n) if n >= 1 => usize::try_from(n).unwrap_or(usize::MAX),
        Some(_) => {
            let message = "channel expects a capacity of at least 1";
            return Err(Fault::new(Code::R0012, message));
        }
    };
    vm.heap.new_channel(Channel::new(capacity)).map(Step::Value)
}

fn send(vm: &mut Vm, channel: Value, item: Value) -> Res<Step> {
    let current = vm.tasks.current();
    let Some((found, mem)) = vm.heap.channel_mut(channel) else {
        return Err(wrong("send", "channel", 1, channel));
    };
    if let Some(at) = found.accepted.iter().position(|it| *it == current) {
        found.accepted.remove(at);
        return Ok(Step::Value(Value::NULL));
    }
    let waiting = found.senders.iter().position(|(task, _)| *task == current);
    if found.closed {
        let given_up = waiting.and_then(|at| found.senders.remove(at));
        if let Some((_, item)) = given_up {
            vm.heap.release(item);
        }
        return Err(Fault::new(Code::R0027, "Channel is closed"));
    }
    if waiting.is_some() {
        return Ok(Step::Wait);
    }
    while let Some(receiver) = found.receivers.pop_front() {
        if vm.tasks.is_stopped(receiver) {
            found.handed.try_reserve(1).map_err(|_| allocation_failed(24))?;
            found.handed.push_back((receiver, item));
            retain(item);
            vm.tasks.wake(receiver);
            return Ok(Step::Value(Value::NULL));
        }
    }
    if found.items.len() >= found.capacity {
        found.senders.try_reserve(1).map_err(|_| allocation_failed(24))?;
        found.senders.push_back((current, item));
        retain(item);
        return Ok(Step::Wait);
    }
    found.items.push_back(mem, item)?;
    retain(item);
    Ok(Step::Value(Value::NULL))
}

/// The value that is next for the running task, if there is one; who waits for room gets it.
fn receive(vm: &mut Vm, channel: Value) -> Option<Value> {
    let current = vm.tasks.current();
    let (found, mem) = vm.heap.channel_mut(channel)?;
    if let Some(at) = found.handed.iter().position(|(task, _)| *task == current) {
        return found.handed.remove(at).map(|(_, item)| item);
    }
    let item = found.items.pop_front()?;
    if let Some((sender, next)) = found.senders.pop_front() {
        // There is room: a value has just gone out.
        if found.items.push_back(mem, next).is_ok() && found.accepted.try_reserve(1).is_ok() {
            found.accepted.push(sender);
        }
        vm.tasks.wake(sender);
    }
    Some(item)
}

fn wait_to_receive(vm: &mut Vm, channel: Value) -> Res<()> {
    let current = vm.tasks.current();
    let Some((found, _)) = vm.heap.channel_mut(channel) else { return Ok(()) };
    if !found.receivers.contains(&current) {
        found.receivers.try_reserve(1).map_err(|_| allocation_failed(8))?;
        found.receivers.push_back(current);
    }
    Ok(())
}

/// The next value of a channel for a loop: `None` at its end.
pub(super) fn next_of(vm: &mut Vm, channel: Value) -> Res<Option<Step>> {
    if let Some(item) = receive(vm, channel) {
        return Ok(Some(Step::Value(item)));
    }
    if vm.heap.channel(channel).is_none_or(|it| it.closed) {
        return Ok(None);
    }
    wait_to_receive(vm, channel)?;
    Ok(Some(Step::Wait))
}

/// Waits for a task until a time.
fn wait_until(vm: &mut Vm, value: Value, deadline: Value, milliseconds: Value) -> Res<Step> {
    let current = vm.tasks.current();
    let at = deadline.to_number().unwrap_or(0.0);
    let now = vm.tasks.now();
    let Some(task) = vm.heap.task_mut(value) else {
        retain(value);
        return Ok(Step::Value(value));
    };
    if task.ended != Ended::No {
        return outcome(vm, value).map(Step::Value);
    }
    if at <= now && vm.tasks.has_slept() {
        let shown = crate::ops::print::display(&vm.heap, milliseconds, &mut vm.fuel)?;
        return Err(Fault::new(Code::R0028, format!("Timed out after {shown} ms")));
    }
    let Some(task) = vm.heap.task_mut(value) else { return Ok(Step::Wait) };
    task.seen = true;
    note_waiting(&mut task.waiting, current)?;
    vm.tasks.wake_at(at);
    Ok(Step::Wait)
}

fn cancel(vm: &mut Vm, value: Value) -> Res<()> {
    let Some(task) = vm.heap.task(value) else { return Err(wrong("cancel", "task", 1, value)) };
    let (id, ended) = (task.id, task.ended);
    if ended != Ended::No {
        return Ok(());
    }
    let Some(stopped) = vm.tasks.remove(id) else {
        return Err(Fault::new(Code::R0012, "A task cannot cancel itself"));
    };
    let own: Stack = vm.swap_stack(stopped.stack);
    abandon(vm);
    let empty = vm.swap_stack(own);
    vm.tasks.give_back(empty, vm.heap.memory_mut().account_mut());
    vm.tasks.forget_request(id);
    let requests = core::mem::take(&mut vm.tasks.requests);
    for (task, request) in requests {
        if task == id {
            vm.heap.release_all(request.args);
        } else {
            vm.tasks.requests.push_back((task, request));
        }
    }
    settle(vm, value, Ended::Cancelled, Value::NULL);
    vm.heap.release(stopped.value);
    Ok(())
}

/// Whether a call of a function by the host gives a generator instead of running it.
pub(super) fn is_generator(vm: &Vm, id: FunctionId) -> bool {
    program(vm).function(id).kind == FunctionKind::Generator
}
