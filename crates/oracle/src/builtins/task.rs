//! Tasks and channels.

use std::rc::Rc;

use remora_diagnostics::Code;

use super::kinds::Kinds;
use super::world::answered;
use super::{Builtin, Input, Method, function, method};
use crate::eval::Interp;
use crate::fiber::Work;
use crate::print;
use crate::stop::{Args, Eval, Raise, Stop};
use crate::value::{Channel, Received, Task, Value, Wrap};

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("sleep", 1, 1, sleep),
    function("async_sleep", 1, 1, sleep),
    function("await_all", 1, 1, await_all),
    function("promise_all", 1, 1, await_all),
    function("parallel_map", 2, 2, parallel_map),
    function("par_map", 2, 2, parallel_map),
    function("timeout", 2, 2, timeout),
    function("channel", 0, 1, channel),
];

pub(super) const METHODS: &[Method] = &[
    method(Kinds::TASK, "is_done", 0, 0, is_done),
    method(Kinds::TASK, "cancel", 0, 0, cancel),
    method(Kinds::CHANNEL, "send", 1, 1, send),
    method(Kinds::CHANNEL, "receive", 0, 0, receive),
    method(Kinds::CHANNEL, "try_receive", 0, 0, try_receive),
    method(Kinds::CHANNEL, "close", 0, 0, close),
    method(Kinds::CHANNEL, "len", 0, 0, |_, input| {
        Ok(super::input::length(input.value(0)).map_or(Value::Null, Value::len))
    }),
];

/// Milliseconds that an argument gives, once the host has said that the script may wait.
fn time<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, at: usize) -> Eval<'p, f64> {
    let milliseconds = cx.arg(input, input.number(at))?;
    if milliseconds.is_nan() || milliseconds < 0.0 {
        let shown = print::display(input.value(at));
        let raise = input.invalid(format_args!("a time of at least 0, got {shown}"));
        return cx.arg(input, Err(raise));
    }
    let answer = cx.session.host.borrow_mut().sleep(0.0);
    answered(cx, input, "a clock", answer)?;
    Ok(milliseconds)
}

fn sleep<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let milliseconds = time(cx, &input, 0)?;
    cx.sleep(milliseconds, input.span)?;
    Ok(Value::Null)
}

/// The results of all tasks in order; what is no task is its own result. How each of them ends is heard from now on.
fn await_all<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let tasks = cx.elements(&input, 0)?;
    for task in &tasks {
        if let Value::Task(task) = task {
            task.is_awaited();
        }
    }
    let mut results = Vec::new();
    for task in tasks {
        results.push(cx.await_value(task, input.span)?);
    }
    Ok(Value::array(results))
}

fn parallel_map<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let mut tasks = Vec::new();
    for item in cx.elements(&input, 0)? {
        let args = Args::of(vec![item]);
        let work = Work::Callback(input.value(1).clone(), args, input.span, cx.module);
        tasks.push(Value::Task(cx.start_task(None, work)));
    }
    input.values = vec![Value::array(tasks)];
    await_all(cx, input)
}

/// Awaits a task, but not longer than that.
fn timeout<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let milliseconds = time(cx, &input, 1)?;
    let Value::Task(task) = input.value(0) else { return Ok(input.value(0).clone()) };
    task.is_awaited();
    if let Some(value) = cx.outcome(task, input.span)? {
        return Ok(value);
    }
    task.add_waiter(cx.waiter());
    cx.sleep(milliseconds, input.span)?;
    match cx.outcome(task, input.span)? {
        Some(value) => Ok(value),
        None => {
            let shown = print::display(input.value(1));
            cx.fail(input.span, Code::R0028, format!("Timed out after {shown} ms"))
        }
    }
}

fn task<'a, 'p>(input: &'a Input<'p>) -> Option<&'a Rc<Task<'p>>> {
    match input.value(0) {
        Value::Task(it) => Some(it),
        _ => None,
    }
}

fn is_done<'p>(_cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    Ok(Value::Bool(task(&input).is_some_and(|it| it.is_over())))
}

/// A task that cancels itself stops right here.
fn cancel<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let Some(task) = task(&input) else { return Ok(Value::Null) };
    let (waiters, fibers) = task.cancel();
    cx.wake(waiters);
    let is_this = Rc::ptr_eq(task, &cx.task) && !fibers.is_empty();
    cx.session.abandoned.borrow_mut().extend(fibers);
    if is_this { Err(Stop::Abandoned) } else { Ok(Value::Null) }
}

fn channel<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    if !input.is_given(0) {
        return Ok(Value::Channel(Channel::new(usize::MAX)));
    }
    let capacity = cx.arg(&input, input.int(0))?;
    match usize::try_from(capacity) {
        Ok(capacity) if capacity > 0 => Ok(Value::Channel(Channel::new(capacity))),
        _ => {
            cx.arg(&input, Err(Raise::new(Code::R0012, "channel expects a capacity of at least 1")))
        }
    }
}

fn send<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let value = input.take(1);
    let Value::Channel(channel) = input.take(0) else { return Ok(Value::Null) };
    cx.send(&channel, value, input.span)
}

fn receive<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let Value::Channel(channel) = input.take(0) else { return Ok(Value::Null) };
    Ok(cx.receive(&channel, input.span)?.unwrap_or(Value::Null))
}

fn try_receive<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let Value::Channel(channel) = input.take(0) else { return Ok(Value::Nothing) };
    match channel.receive() {
        Received::Value(value, sender) => {
            cx.wake(sender);
            Ok(Value::wrap(Wrap::Some, value))
        }
        Received::End | Received::Empty => Ok(Value::Nothing),
    }
}

fn close<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    if let Value::Channel(channel) = input.take(0) {
        cx.wake(channel.close());
    }
    Ok(Value::Null)
}
