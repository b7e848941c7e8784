//! Queues (first in, first out) and stacks (last in, first out).

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, build, items, rows};
use crate::fault::Res;
use crate::heap::{queue_of, stack_of};
use crate::host::{Args, HostCx};
use crate::ops;
use crate::value::{Tag, Value};

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "Queue(items?: array | range | string) -> queue",
        doc: "A queue of the elements, the first at its front; an empty one without any.",
        raises: &[Code::R0004],
        cost: "one unit for each element",
        example: ("print(Queue([1, 2]))", "Queue [1, 2]"),
        call: Call::Native(new_queue),
        ..Builtin::ROW
    },
    Builtin {
        signature: "queue_enqueue(waiting: queue, item: any) -> queue",
        doc: "The queue with an element more at its end.",
        raises: &[Code::R0004],
        cost: "constant; one unit for each 16 elements if it is shared",
        example: ("print(queue_enqueue(Queue([1]), 2))", "Queue [1, 2]"),
        call: Call::Native(put),
        ..Builtin::ROW
    },
    Builtin {
        signature: "enqueue(waiting: queue, item: any) -> null",
        doc: "Puts an element at the end of a queue, in place.",
        cost: "constant; one unit for each 16 elements if it is shared",
        example: ("mut q := Queue()\nq.enqueue(1)\nprint(q)", "Queue [1]"),
        methods: &[(Kinds::QUEUE, Method::InPlace(put_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "queue_dequeue(waiting: queue) -> array",
        doc: "The queue without its front, and that element: `[rest, front]`; null for the front of an empty one.",
        raises: &[Code::R0004],
        cost: "constant; one unit for each 16 elements if it is shared",
        example: ("print(queue_dequeue(Queue([1, 2])))", "[Queue [2], 1]"),
        call: Call::Native(take_out),
        ..Builtin::ROW
    },
    Builtin {
        signature: "dequeue(waiting: queue) -> any",
        doc: "Takes out the front of a queue, in place, and gives it; null if there is none.",
        cost: "constant; one unit for each 16 elements if it is shared",
        example: ("mut q := Queue([1, 2])\nprint(q.dequeue(), q)", "1 Queue [2]"),
        methods: &[(Kinds::QUEUE, Method::InPlace(take_method))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "queue_peek(waiting: queue) -> any",
        doc: "The front; null if there is none.",
        raises: &[Code::R0004],
        example: ("print(queue_peek(Queue([1, 2])))", "1"),
        call: Call::Native(queue_peek),
        ..Builtin::ROW
    },
    Builtin {
        signature: "queue_size(waiting: queue) -> int",
        doc: "How many elements wait.",
        raises: &[Code::R0004],
        example: ("print(queue_size(Queue([1, 2])))", "2"),
        call: Call::Native(queue_size),
        ..Builtin::ROW
    },
    Builtin {
        signature: "queue_is_empty(waiting: queue) -> bool",
        doc: "Whether none waits.",
        raises: &[Code::R0004],
        example: ("print(queue_is_empty(Queue()))", "true"),
        call: Call::Native(queue_is_empty),
        ..Builtin::ROW
    },
    Builtin {
        signature: "queue_to_array(waiting: queue) -> array",
        doc: "The elements from the front on.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements",
        example: ("print(queue_to_array(Queue([1, 2])))", "[1, 2]"),
        call: Call::Native(queue_to_array),
        ..Builtin::ROW
    },
    Builtin {
        signature: "Stack(items?: array | range | string) -> stack",
        doc: "A stack of the elements, the last at its top; an empty one without any.",
        raises: &[Code::R0004],
        cost: "one unit for each element",
        example: ("print(Stack([1, 2]))", "Stack [1, 2]"),
        call: Call::Native(new_stack),
        ..Builtin::ROW
    },
    Builtin {
        signature: "stack_push(pile: stack, item: any) -> stack",
        doc: "The stack with an element more on top.",
        raises: &[Code::R0004],
        cost: "constant; one unit for each 16 elements if it is shared",
        example: ("print(stack_push(Stack([1]), 2))", "Stack [1, 2]"),
        call: Call::Native(put),
        ..Builtin::ROW
    },
    Builtin {
        signature: "stack_pop(pile: stack) -> array",
        doc: "The stack without its top, and that element: `[rest, top]`; null for the top of an empty one.",
        raises: &[Code::R0004],
        cost: "constant; one unit for each 16 elements if it is shared",
        example: ("print(stack_pop(Stack([1, 2])))", "[Stack [1], 2]"),
        call: Call::Native(take_out),
        ..Builtin::ROW
    },
    Builtin {
        signature: "stack_peek(pile: stack) -> any",
        doc: "The top; null if there is none.",
        raises: &[Code::R0004],
        example: ("print(stack_peek(Stack([1, 2])))", "2"),
        call: Call::Native(stack_peek),
        ..Builtin::ROW
    },
    Builtin {
        signature: "peek(collection: queue | stack) -> any",
        doc: "What would be taken out next; null if there is none.",
        example: ("print(Stack([1, 2]).peek(), Queue([1, 2]).peek())", "2 1"),
        methods: &[(Kinds::QUEUE.or(Kinds::STACK), Method::Native(peek))],
        ..Builtin::ROW
    },
    Builtin {
        signature: "stack_size(pile: stack) -> int",
        doc: "How many elements.",
        raises: &[Code::R0004],
        example: ("print(stack_size(Stack([1, 2])))", "2"),
        call: Call::Native(stack_size),
        ..Builtin::ROW
    },
    Builtin {
        signature: "stack_is_empty(pile: stack) -> bool",
        doc: "Whether there is no element.",
        raises: &[Code::R0004],
        example: ("print(stack_is_empty(Stack([1])))", "false"),
        call: Call::Native(stack_is_empty),
        ..Builtin::ROW
    },
    Builtin {
        signature: "stack_to_array(pile: stack) -> array",
        doc: "The elements, the top last.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 elements",
        example: ("print(stack_to_array(Stack([1, 2])))", "[1, 2]"),
        call: Call::Native(stack_to_array),
        ..Builtin::ROW
    },
]);

fn new_queue(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    if arg::given(&args, 0).is_none() {
        return build::queue(cx, |_, _| Ok(()));
    }
    items::with(cx, &args, 0, |cx, array| {
        cx.charge(array.len() as u64)?;
        build::queue(cx, |cx, out| {
            array.iter().try_for_each(|item| {
                cx.heap.retain(item);
                build::enqueue(cx, out, item)
            })
        })
    })
}

fn new_stack(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    if arg::given(&args, 0).is_none() {
        return build::stack(cx, |_, _| Ok(()));
    }
    items::with(cx, &args, 0, |cx, array| {
        cx.charge(array.len() as u64)?;
        build::stack(cx, |cx, out| {
            array.iter().try_for_each(|item| {
                cx.heap.retain(item);
                build::stack_push(cx, out, item)
            })
        })
    })
}

/// The error if the first argument is not of the kind that the function is named after.
fn check(cx: &HostCx<'_>, value: &Value) -> Res<()> {
    if cx.name().starts_with("stack") {
        arg::stack(cx, value, 0).map(drop)
    } else {
        arg::queue(cx, value, 0).map(drop)
    }
}

fn put(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    check(cx, &args.peek(0))?;
    let item = args.take(1);
    let mut collection = args.take(0);
    match put_into(cx, &mut collection, item) {
        Ok(()) => Ok(collection),
        Err(fault) => {
            cx.heap.release(collection);
            Err(fault)
        }
    }
}

fn put_method(cx: &mut HostCx<'_>, place: &mut Value, mut args: Args<'_>) -> Res<Value> {
    put_into(cx, place, args.take(0))?;
    Ok(Value::NULL)
}

/// Puts an element, which it takes over, into a queue or a stack.
fn put_into(cx: &mut HostCx<'_>, place: &mut Value, item: Value) -> Res<()> {
    if let Err(fault) = ops::make_unique(cx.heap, place, cx.fuel) {
        cx.heap.release(item);
        return Err(fault);
    }
    if place.tag() == Tag::Stack {
        build::stack_push(cx, *place, item)
    } else {
        build::enqueue(cx, *place, item)
    }
}

fn take_out(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    check(cx, &args.peek(0))?;
    let mut collection = args.take(0);
    match take_from(cx, &mut collection) {
        Ok(item) => build::pair(cx, collection, item),
        Err(fault) => {
            cx.heap.release(collection);
            Err(fault)
        }
    }
}

fn take_method(cx: &mut HostCx<'_>, place: &mut Value, _args: Args<'_>) -> Res<Value> {
    take_from(cx, place)
}

/// Takes out the front of a queue or the top of a stack; null if there is none.
fn take_from(cx: &mut HostCx<'_>, place: &mut Value) -> Res<Value> {
    ops::make_unique(cx.heap, place, cx.fuel)?;
    let taken = match place.tag() {
        Tag::Stack => cx.heap.stack_mut(*place).and_then(|(it, _)| it.pop()),
        _ => cx.heap.queue_mut(*place).and_then(|(it, _)| it.pop_front()),
    };
    Ok(taken.unwrap_or_default())
}

fn queue_peek(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    arg::queue(cx, &args.peek(0), 0)?;
    peek(cx, args)
}

fn stack_peek(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    arg::stack(cx, &args.peek(0), 0)?;
    peek(cx, args)
}

fn peek(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let next = match (queue_of(&value), stack_of(&value)) {
        (Some(queue), _) => queue.front(),
        (_, Some(stack)) => stack.as_slice().last().copied(),
        _ => return Err(arg::wrong(cx, 0, "a queue or a stack", value)),
    };
    let next = next.unwrap_or_default();
    cx.heap.retain(next);
    Ok(next)
}

fn queue_size(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::queue(cx, &value, 0).map(|it| Value::len(it.len()))
}

fn queue_is_empty(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::queue(cx, &value, 0).map(|it| Value::bool(it.is_empty()))
}

fn stack_size(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::stack(cx, &value, 0).map(|it| Value::len(it.len()))
}

fn stack_is_empty(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::stack(cx, &value, 0).map(|it| Value::bool(it.is_empty()))
}

fn queue_to_array(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::queue(cx, &value, 0)?;
    items::of(cx, value).map(Option::unwrap_or_default)
}

fn stack_to_array(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    arg::stack(cx, &value, 0)?;
    items::of(cx, value).map(Option::unwrap_or_default)
}
