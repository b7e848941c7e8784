//! Steps: what is done with values. A step looks first and writes last, so that one that is stuck has done nothing.

use remora_bytecode::scalar::Arithmetic;

use super::flow::{Flow, Truth};
use super::operand::{Node, OfTwo, Operand, of_two};
use super::operator::{Arith, Cond, OfArith, mixed, of_arith, quick};
use super::sequence::Sequence;
use super::{Expr, Step};
use crate::heap::retain;
use crate::interp::fast;
use crate::lower::op::{Ins, Op};
use crate::registers::{Registers, Running};
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// A value that a step takes over.
pub(super) struct Taken {
    pub(super) node: Node,
    /// The register that it is moved out of; otherwise it is counted once more.
    pub(super) from: Option<u16>,
}

/// The same, when it is made.
struct Source {
    expr: Expr,
    from: Option<u16>,
}

impl Taken {
    fn source(self) -> Source {
        Source { expr: self.node.into_expr(), from: self.from }
    }
}

impl Source {
    /// The value, with a count that is the caller's; `None` if it is for the loop.
    #[inline(always)]
    fn counted(&self, regs: Registers, vm: &Vm) -> Option<Value> {
        let value = (self.expr)(regs, vm);
        if value.tag() == Tag::Moved {
            return None;
        }
        if self.from.is_none() {
            retain(value);
        }
        Some(value)
    }

    /// It has been taken over.
    #[inline(always)]
    fn taken(&self, regs: Registers) {
        if let Some(from) = self.from {
            regs.put(from, Value::NULL);
        }
    }

    /// It has not been.
    #[cold]
    fn given_back(&self, vm: &mut Vm, value: Value, place: u32) -> Flow {
        if self.from.is_none() {
            vm.heap.release(value);
        }
        Flow::stuck(place)
    }
}

/// What cannot be done here at all.
pub(super) fn stuck(place: u32) -> Step {
    Box::new(move |_, _| Flow::stuck(place))
}

/// Where the function ends.
pub(super) fn out(place: u32) -> Step {
    Box::new(move |_, _| Flow::out(place))
}

pub(super) fn jump(to: u32) -> Step {
    Box::new(move |_, _| Flow::to(to))
}

/// `to = left op right`
pub(super) fn assign_arithmetic(
    op: Arithmetic,
    left: Node,
    right: Node,
    to: u16,
    place: u32,
) -> Step {
    struct Of(Node, Node, u16, u32);
    struct With<O>(O, u16, u32);
    impl OfArith for Of {
        type Made = Step;
        fn make<O: Arith>(self, op: O) -> Step {
            of_two(self.0, self.1, With(op, self.2, self.3))
        }
    }
    impl<O: Arith> OfTwo for With<O> {
        type Made = Step;
        fn make(self, left: impl Operand, right: impl Operand) -> Step {
            let it = Assign { _op: self.0, left, right, to: self.1, place: self.2 };
            Box::new(move |regs, vm| it.run(regs, vm))
        }
    }
    of_arith(op, Of(left, right, to, place))
}

struct Assign<O, A, B> {
    _op: O,
    left: A,
    right: B,
    to: u16,
    place: u32,
}

impl<O: Arith, A: Operand, B: Operand> Assign<O, A, B> {
    /// PERF: a leaf, unless an operand has to be called: what is rare is a jump to another function, so that nothing is
    /// saved on the stack. A third of the instructions of `i += 1`.
    #[inline(always)]
    fn run(&self, regs: Registers, vm: &mut Vm) -> Flow {
        let (left, right) = (self.left.get(regs, vm), self.right.get(regs, vm));
        match quick::<O>(left, right) {
            Some(value) => store(regs, vm, self.to, value),
            None if A::IS_THERE && B::IS_THERE => self.again(regs, vm),
            None => self.mixed(regs, vm, left, right),
        }
    }

    #[cold]
    #[inline(never)]
    fn again(&self, regs: Registers, vm: &mut Vm) -> Flow {
        let (left, right) = (self.left.get(regs, vm), self.right.get(regs, vm));
        self.mixed(regs, vm, left, right)
    }

    fn mixed(&self, regs: Registers, vm: &mut Vm, left: Value, right: Value) -> Flow {
        let value = mixed::<O>(left, right);
        if value.tag() == Tag::Moved {
            return Flow::stuck(self.place);
        }
        store(regs, vm, self.to, value)
    }
}

/// Puts a value into a register and gives up what was there.
#[inline(always)]
fn store(regs: Registers, vm: &mut Vm, to: u16, value: Value) -> Flow {
    let old = regs.get(to);
    regs.put(to, value);
    if old.is_heap() { released(vm, old) } else { Flow::ON }
}

#[cold]
#[inline(never)]
fn released(vm: &mut Vm, old: Value) -> Flow {
    vm.heap.release(old);
    Flow::ON
}

/// `to = value`
pub(super) fn assign(value: Node, to: u16, place: u32) -> Step {
    match value {
        Node::Int(value) => Box::new(move |regs, vm| store(regs, vm, to, Value::int(value))),
        Node::Float(value) => Box::new(move |regs, vm| store(regs, vm, to, Value::float(value))),
        Node::Local(from) => Box::new(move |regs, vm| {
            let value = regs.get(from);
            retain(value);
            store(regs, vm, to, value)
        }),
        Node::Computed(expr) => Box::new(move |regs, vm| {
            let value = expr(regs, vm);
            if value.tag() == Tag::Moved {
                return Flow::stuck(place);
            }
            retain(value);
            store(regs, vm, to, value)
        }),
    }
}

/// `to = from`, moved
pub(super) fn take(from: u16, to: u16) -> Step {
    Box::new(move |regs, vm| {
        let value = regs.take(from);
        store(regs, vm, to, value)
    })
}

pub(super) fn drop_register(register: u16) -> Step {
    Box::new(move |regs, vm| store(regs, vm, register, Value::NULL))
}

pub(super) fn store_global(value: Taken, at: u16, place: u32) -> Step {
    let source = value.source();
    Box::new(move |regs, vm| {
        if vm.globals.get(usize::from(at)).is_none_or(|it| it.tag() == Tag::Moved) {
            return Flow::stuck(place);
        }
        let Some(value) = source.counted(regs, vm) else { return Flow::stuck(place) };
        source.taken(regs);
        if let Some(global) = vm.globals.get_mut(usize::from(at)) {
            let old = core::mem::replace(global, value);
            vm.heap.release(old);
        }
        Flow::ON
    })
}

/// Stores into the cell that `find` gives.
fn store_in(
    value: Taken,
    place: u32,
    find: impl Fn(Registers, &Vm) -> Value + Send + Sync + 'static,
) -> Step {
    let source = value.source();
    Box::new(move |regs, vm| {
        let cell = find(regs, vm);
        if vm.heap.cell(cell).tag() == Tag::Moved {
            return Flow::stuck(place);
        }
        let Some(value) = source.counted(regs, vm) else { return Flow::stuck(place) };
        source.taken(regs);
        let old = vm.heap.cell_replace(cell, value);
        vm.heap.release(old);
        Flow::ON
    })
}

pub(super) fn store_cell(value: Taken, register: u16, place: u32) -> Step {
    store_in(value, place, move |regs, _| regs.get(register))
}

pub(super) fn store_captured(value: Taken, at: u16, place: u32) -> Step {
    store_in(value, place, move |regs, vm| fast::captured(vm, regs, at))
}

/// `array[key] := value`
pub(super) fn set_element(array: u16, key: Node, value: Taken, place: u32) -> Step {
    fn of(array: u16, key: impl Operand, source: Source, place: u32) -> Step {
        Box::new(move |regs, vm| {
            let key = key.get(regs, vm);
            let Some(value) = source.counted(regs, vm) else { return Flow::stuck(place) };
            let Some(old) = fast::replace_item(vm, regs.get(array), key, value) else {
                return source.given_back(vm, value, place);
            };
            source.taken(regs);
            release(vm, old);
            Flow::ON
        })
    }
    match key {
        Node::Local(at) => of(array, super::operand::Local(at), value.source(), place),
        key => of(array, key.into_expr(), value.source(), place),
    }
}

#[inline(always)]
fn release(vm: &mut Vm, old: Value) {
    if old.is_heap() {
        vm.heap.release(old);
    }
}

/// `object.name := value`
pub(super) fn set_field(function: u32, object: u16, name: u16, value: Taken, place: u32) -> Step {
    let source = value.source();
    Box::new(move |regs, vm| {
        let running = Running::new(&vm.units, function);
        let Some(value) = source.counted(regs, vm) else { return Flow::stuck(place) };
        let Some(old) = fast::replace_field(vm, running, regs.get(object), name, value) else {
            return source.given_back(vm, value, place);
        };
        source.taken(regs);
        release(vm, old);
        Flow::ON
    })
}

/// `array[key].name := value`
pub(super) fn set_element_field(
    function: u32,
    array: u16,
    key: Node,
    name: u16,
    value: Taken,
    place: u32,
) -> Step {
    let (source, key) = (value.source(), key.into_expr());
    Box::new(move |regs, vm| {
        let key = key(regs, vm);
        let Some(value) = source.counted(regs, vm) else { return Flow::stuck(place) };
        let array = regs.get(array);
        let running = Running::new(&vm.units, function);
        let object = Some(array).filter(|it| vm.heap.is_unique(*it));
        let object = object.and_then(|it| fast::element(vm, it, key));
        let old = object.and_then(|it| fast::replace_field(vm, running, it, name, value));
        let Some(old) = old else { return source.given_back(vm, value, place) };
        source.taken(regs);
        release(vm, old);
        Flow::ON
    })
}

/// `array.push(value)`, and null into `result`
pub(super) fn push(array: u16, value: Taken, result: u16, place: u32) -> Step {
    let source = value.source();
    Box::new(move |regs, vm| {
        let Some(value) = source.counted(regs, vm) else { return Flow::stuck(place) };
        if !fast::push(vm, regs.get(array), value) {
            return source.given_back(vm, value, place);
        }
        source.taken(regs);
        store(regs, vm, result, Value::NULL)
    })
}

/// An argument of a builtin that only looks.
pub(super) struct Looked {
    pub(super) node: Node,
    /// The register that is given up behind the call.
    pub(super) from: Option<u16>,
}

/// `to = native(first)`
pub(super) fn look_one(native: u32, first: Looked, to: u16, place: u32) -> Step {
    let (first, from) = (first.node.into_expr(), first.from);
    Box::new(move |regs, vm| {
        let first = first(regs, vm);
        if first.tag() == Tag::Moved {
            return Flow::stuck(place);
        }
        let Some(value) = fast::look_one(vm, native, first) else { return Flow::stuck(place) };
        if let Some(from) = from {
            fast::consume(vm, regs, from);
        }
        store(regs, vm, to, value)
    })
}

/// `to = has_key(dict, key)`
pub(super) fn has_key(dict: Looked, key: Looked, to: u16, place: u32) -> Step {
    let froms = [dict.from, key.from];
    let (dict, key) = (dict.node.into_expr(), key.node.into_expr());
    Box::new(move |regs, vm| {
        let (dict, key) = (dict(regs, vm), key(regs, vm));
        let Some(value) = fast::has_key_in(vm, dict, key) else { return Flow::stuck(place) };
        for from in froms.into_iter().flatten() {
            fast::consume(vm, regs, from);
        }
        store(regs, vm, to, value)
    })
}

/// An `if`: `jumps` says which result of the condition leads past it.
pub(super) fn when(
    cond: impl Fn(Registers, &Vm) -> Truth + Send + Sync + 'static,
    jumps: Truth,
    then: Sequence,
    place: u32,
) -> Step {
    Box::new(move |regs, vm| match cond(regs, vm) {
        Truth::Stuck => Flow::stuck(place),
        it if it == jumps => Flow::ON,
        _ => then.run(regs, vm),
    })
}

/// The same with an `else`, to which `jumps` leads.
pub(super) fn either(
    cond: Cond,
    jumps: Truth,
    then: Sequence,
    otherwise: Sequence,
    place: u32,
) -> Step {
    Box::new(move |regs, vm| match cond(regs, vm) {
        Truth::Stuck => Flow::stuck(place),
        it if it == jumps => otherwise.run(regs, vm),
        _ => then.run(regs, vm),
    })
}

/// A jump to somewhere else, on a condition.
pub(super) fn jump_if(cond: Cond, jumps: Truth, to: u32, place: u32) -> Step {
    Box::new(move |regs, vm| match cond(regs, vm) {
        Truth::Stuck => Flow::stuck(place),
        it if it == jumps => Flow::to(to),
        _ => Flow::ON,
    })
}

/// The same back to the beginning of a loop, for one fuel. No condition: always.
pub(super) fn jump_back_if(cond: Option<Cond>, jumps: Truth, to: u32, place: u32) -> Step {
    Box::new(move |regs, vm| {
        let truth = cond.as_ref().map_or(jumps, |it| it(regs, vm));
        if truth == Truth::Stuck || !vm.fuel.take() {
            return Flow::stuck(place);
        }
        if truth == jumps { Flow::to(to) } else { Flow::ON }
    })
}

/// Jumps unless the register is null or None, which is made null then.
pub(super) fn jump_if_some(register: u16, to: u32) -> Step {
    Box::new(move |regs, _| {
        if matches!(regs.get(register).tag(), Tag::Null | Tag::None) {
            regs.put(register, Value::NULL);
            Flow::ON
        } else {
            Flow::to(to)
        }
    })
}

/// Begins to count.
pub(super) fn begin_count(ins: Ins, place: u32) -> Step {
    Box::new(move |regs, vm| {
        let is_int = |register| regs.get(register).tag() == Tag::Int;
        if is_int(ins.b) && is_int(ins.c) && fast::count(vm, regs, ins) {
            Flow::ON
        } else {
            Flow::stuck(place)
        }
    })
}

/// Begins to go through an array, or to count up to an int.
pub(super) fn begin_iteration(ins: Ins, place: u32) -> Step {
    Box::new(move |regs, _| {
        let value = regs.get(ins.b);
        let (source, second) = match value.tag() {
            Tag::Array => (value, Value::int(0)),
            Tag::Int => (Value::int(0), Value::int(value.as_int().max(0))),
            _ => return Flow::stuck(place),
        };
        if ins.a != ins.b {
            return Flow::stuck(place);
        }
        regs.put(ins.a, source);
        regs.put(ins.a + 1, second);
        Flow::ON
    })
}

/// The head of a loop: the first item, or `end`.
pub(super) fn first_item(ins: Ins, end: u32, place: u32) -> Step {
    Box::new(move |regs, vm| match fast::next(vm, regs, ins) {
        Some(true) => Flow::ON,
        Some(false) => Flow::to(end),
        None => Flow::stuck(place),
    })
}

/// `a = -b`, `a = !b`, the truth of `b`
pub(super) fn unary(op: Op, operand: Node) -> Option<Expr> {
    fn of(operand: Node, make: impl Fn(Value) -> Option<Value> + Send + Sync + 'static) -> Expr {
        let operand = operand.into_expr();
        Box::new(move |regs, vm| make(operand(regs, vm)).unwrap_or(super::operand::STUCK))
    }
    Some(match op {
        Op::Neg => of(operand, |it| match it.tag() {
            Tag::Int => it.as_int().checked_neg().map(Value::int),
            Tag::Float => Some(Value::float(-it.as_float())),
            _ => None,
        }),
        Op::Not => of(operand, |it| it.to_bool().map(|it| Value::bool(!it))),
        Op::ToBool => of(operand, |it| it.to_bool().map(Value::bool)),
        _ => return None,
    })
}
