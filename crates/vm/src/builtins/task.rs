//! Tasks, channels, and waiting. The scheduler (`interp/tasks.rs`) does what the hidden rows name.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, TaskOp, rows};

/// A row for what the prelude asks of the scheduler.
const fn asks(signature: &'static str, op: TaskOp) -> Builtin {
    Builtin { signature, doc: "Asks the scheduler.", call: Call::Task(op), ..Builtin::ROW }
}

/// A row for a method that a function of the prelude does.
const fn method(
    signature: &'static str,
    doc: &'static str,
    example: (&'static str, &'static str),
    methods: &'static [(Kinds, Method)],
) -> Builtin {
    Builtin { signature, doc, example, methods, ..Builtin::ROW }
}

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "sleep(milliseconds: number) -> null",
        doc: "This task waits so long; others run meanwhile.",
        raises: &[Code::R0004, Code::R0012],
        example: ("spawn { print(\"meanwhile\") }\nsleep(1)\nprint(\"awake\")", "meanwhile\nawake"),
        call: Call::Script("sleep"),
        ..Builtin::ROW
    },
    Builtin {
        signature: "async_sleep(milliseconds: number) -> null",
        doc: "This task waits so long; others run meanwhile.",
        raises: &[Code::R0004, Code::R0012],
        example: (
            "spawn { print(\"meanwhile\") }\nasync_sleep(1)\nprint(\"awake\")",
            "meanwhile\nawake",
        ),
        call: Call::Script("async_sleep"),
        ..Builtin::ROW
    },
    Builtin {
        signature: "await_all(tasks: any) -> array",
        doc: "Waits for all of them: what they give, in their order. The first error in that order is thrown.",
        raises: &[Code::R0013, Code::R0029],
        cost: "what waiting costs",
        example: (
            "async func double(x) { return x * 2 }\nprint(await_all([double(1), double(2)]))",
            "[2, 4]",
        ),
        call: Call::Script("await_all"),
        ..Builtin::ROW
    },
    Builtin {
        signature: "promise_all(tasks: any) -> array",
        doc: "Waits for all of them: what they give, in their order. The first error in that order is thrown.",
        raises: &[Code::R0013, Code::R0029],
        cost: "what waiting costs",
        example: (
            "async func double(x) { return x * 2 }\nprint(promise_all([double(1), double(2)]))",
            "[2, 4]",
        ),
        call: Call::Script("promise_all"),
        ..Builtin::ROW
    },
    Builtin {
        signature: "parallel_map(items: any, f: function) -> array",
        doc: "What `f` gives for each element, in their order; each call is a task of its own.",
        raises: &[Code::R0005, Code::R0013],
        cost: "a task for each element",
        example: ("print(parallel_map([1, 2], (x) => x * 2))", "[2, 4]"),
        call: Call::Script("parallel_map"),
        ..Builtin::ROW
    },
    Builtin {
        signature: "par_map(items: any, f: function) -> array",
        doc: "What `f` gives for each element, in their order; each call is a task of its own.",
        raises: &[Code::R0005, Code::R0013],
        cost: "a task for each element",
        example: ("print(par_map([1, 2], (x) => x * 2))", "[2, 4]"),
        call: Call::Script("par_map"),
        ..Builtin::ROW
    },
    Builtin {
        signature: "timeout(task: any, milliseconds: number) -> any",
        doc: "Waits for a task, but no longer than that: what it gives, or R0028.",
        raises: &[Code::R0028, Code::R0029, Code::R0004, Code::R0012],
        example: (
            "t := spawn { sleep(1000) }\ntry { timeout(t, 1) } except e { print(e.message) }\nt.cancel()",
            "Timed out after 1 ms",
        ),
        call: Call::Script("timeout"),
        ..Builtin::ROW
    },
    Builtin {
        signature: "channel(capacity?: int) -> channel",
        doc: "Takes values from tasks to tasks, the oldest first. Holds any number, or makes senders wait when it holds `capacity`.",
        raises: &[Code::R0004, Code::R0012],
        example: (
            "ch := channel()\nspawn { for i in 3 { ch.send(i) } ch.close() }\nfor x in ch { print(x) }",
            "0\n1\n2",
        ),
        call: Call::Script("channel"),
        ..Builtin::ROW
    },
    method(
        "send(channel: channel, value: any) -> null",
        "Puts a value into a channel; waits while it is full. R0027 if it is closed.",
        ("ch := channel()\nch.send(1)\nprint(ch.receive())", "1"),
        &[(Kinds::CHANNEL, Method::Script("__send"))],
    ),
    method(
        "receive(channel: channel) -> any",
        "The oldest value in a channel; waits while it is empty. Null when it is closed and empty.",
        ("ch := channel()\nch.send(1)\nch.close()\nprint(ch.receive(), ch.receive())", "1 null"),
        &[(Kinds::CHANNEL, Method::Script("__receive"))],
    ),
    method(
        "try_receive(channel: channel) -> option",
        "The oldest value in a channel as Some, or None; does not wait.",
        ("ch := channel()\nch.send(1)\nprint(ch.try_receive(), ch.try_receive())", "Some(1) None"),
        &[(Kinds::CHANNEL, Method::Script("__try_receive"))],
    ),
    method(
        "close(channel: channel) -> null",
        "Nothing more goes into a channel; what is in it can still be received.",
        ("ch := channel()\nch.close()\nprint(ch.receive())", "null"),
        &[(Kinds::CHANNEL, Method::Script("__close"))],
    ),
    method(
        "is_done(task: task) -> bool",
        "Whether a task has ended.",
        ("t := spawn { return 1 }\nprint(t.is_done(), await t, t.is_done())", "false 1 true"),
        &[(Kinds::TASK, Method::Script("__done"))],
    ),
    method(
        "cancel(task: task) -> null",
        "Ends a task where it is. Who waits for it gets R0029.",
        (
            "t := spawn { print(\"never\") }\nt.cancel()\ntry { await t } except e { print(e.code) }",
            "R0029",
        ),
        &[(Kinds::TASK, Method::Script("__stop"))],
    ),
    asks("__channel(capacity: any) -> channel", TaskOp::Channel),
    asks("__channel_send(channel: any, value: any) -> null", TaskOp::Send),
    asks("__channel_receive(channel: any) -> any", TaskOp::Receive),
    asks("__channel_try_receive(channel: any) -> option", TaskOp::TryReceive),
    asks("__channel_close(channel: any) -> null", TaskOp::Close),
    asks("__deadline(milliseconds: any, name: string, place: int) -> float", TaskOp::Deadline),
    asks("__sleep_until(time: float) -> null", TaskOp::SleepUntil),
    asks("__wait_for(task: any, time: float, milliseconds: any) -> any", TaskOp::WaitFor),
    asks("__watch(task: any) -> null", TaskOp::Watch),
    asks("__is_done(task: any) -> bool", TaskOp::IsDone),
    asks("__cancel(task: any) -> null", TaskOp::Cancel),
]);
