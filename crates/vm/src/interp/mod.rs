//! The interpreter: one loop over register form.
//!
//! An instruction looks first and writes last, so that one that fails has changed nothing a script can see, and can be done
//! again. The usual case of each is here, inline; what is rare goes to a function of its family that is never inlined, so
//! that the loop keeps its four words (next instruction, registers, function, VM) in machine registers: they are what its
//! speed depends on. For the same reason there is one way out for faults, not one at each instruction. Script calls never
//! use the native stack.
//!
//! Better whole: the match is a table, and splitting the loop would cost what it is built for.

mod access;
mod arguments;
mod call;
#[cfg(feature = "closures")]
pub(crate) mod fast;
mod generator;
mod iterate;
mod method;
mod object;
mod operator;
mod place;
mod rare;
mod slow;
mod tasks;
mod test;
mod text;
mod unwind;

pub(crate) use call::{enter_from_host, enter_value, make_room};
pub(crate) use iterate::can_be_gone_through;
pub(crate) use tasks::{cancel_all, proceed};
pub(crate) use unwind::{abandon, trace, unwind};

use core::cmp::Ordering;
use core::hint::cold_path;

use crate::closure;
use crate::fault::{Fault, Leaves, Res};
use crate::frame::{Deliver, Frame, flags};
use crate::heap::retain;
use crate::hooks;
use crate::lower::op::{Ins, Op};
use crate::registers::{Current, Pc, Registers, Running};
use crate::value::{FunctionId, Tag, Value};
use crate::vm::{Stop, Vm};
use iterate::Next;

/// Where the loop is.
#[derive(Clone, Copy)]
struct At {
    pc: Pc,
    regs: Registers,
    running: Running,
}

impl At {
    /// The place at which the topmost frame goes on.
    #[inline(always)]
    fn top(vm: &mut Vm) -> Self {
        let frame = vm.frames.top();
        let running = Running::new(&vm.units, frame.function.0);
        Self { pc: running.at(frame.pc), regs: Registers::new(&mut vm.slots, frame.base), running }
    }

    /// Notes where the frame goes on, before another one is entered or a fault is looked at.
    #[inline(always)]
    fn save(&self, vm: &mut Vm) {
        vm.frames.top_mut().pc = self.running.index_of(self.pc);
    }
}

/// Why the loop ends without a fault.
#[derive(Debug)]
pub(crate) enum Exit {
    /// The frame that the host entered has ended with this value.
    Done(Value),
    /// The running task waits for something, and others may go on.
    Waits,
    /// The host is to do something first: [`Vm::request`] says what.
    Host,
    /// Nothing goes on for so many milliseconds.
    Sleeping(f64),
    /// The running task calls a function whose code has not come: nobody goes on before it.
    AwaitsCode,
    /// The running task pauses: it goes on where its frames are.
    Paused,
}

/// What the end of a frame leads to.
enum Flow {
    /// The frame below goes on.
    Switch,
    /// It was the frame that the host entered.
    Done(Value),
}

/// Puts a value into a register and gives up what was there.
#[inline(always)]
pub(crate) fn set(vm: &mut Vm, regs: Registers, register: u16, value: Value) {
    let old = regs.get(register);
    regs.put(register, value);
    if old.is_heap() {
        cold_path();
        release(vm, old);
    }
}

#[inline(never)]
fn release(vm: &mut Vm, value: Value) {
    vm.heap.release(value);
}

/// Opens a frame on as many arguments as the function has parameters, if there is room, fuel, and nothing to prepare.
#[inline(always)]
fn open(vm: &mut Vm, at: &mut At, function: u32, first: u16, frame: Frame) -> bool {
    let running = Running::new(&vm.units, function);
    let base = vm.frames.top().base + u32::from(first);
    let end = u64::from(base) + u64::from(running.window());
    if end > vm.slots.len() as u64 || !vm.frames.has_room() || !vm.fuel.take() {
        return false;
    }
    at.save(vm);
    vm.frames.push(Frame {
        function: FunctionId(function),
        base,
        first_temp: running.first_temp(),
        ..frame
    });
    *at = At { pc: running.start(), regs: at.regs.window(first), running };
    true
}

/// Ends a frame with a result, if nothing but releasing its registers is to be done.
#[inline(always)]
fn close(vm: &mut Vm, at: &mut At, value: Value) -> bool {
    let frame = *vm.frames.top();
    if frame.flags & flags::SLOW_END != 0 {
        return false;
    }
    let mut first_owned = 0;
    let mut receiver = Value::NULL;
    if frame.flags & (flags::HOME | flags::CLOSURE) != 0 {
        if frame.flags & flags::CLOSURE != 0 {
            release(vm, at.regs.take_callee());
        }
        if frame.flags & flags::HOME != 0 {
            receiver = at.regs.take(0);
            first_owned = 1;
        }
    }
    for register in first_owned..frame.first_temp {
        let held = at.regs.get(register);
        if held.is_heap() {
            at.regs.put(register, Value::NULL);
            release(vm, held);
        }
    }
    vm.frames.drop_top();
    *at = At::top(vm);
    if frame.flags & flags::HOME != 0 {
        at.regs.put(frame.home, receiver);
    }
    set(vm, at.regs, frame.result, value);
    true
}

/// Runs the task that is in the VM until its first frame ends, or it has to wait.
///
/// # Errors
/// What the code did not catch. The first frame has ended then.
fn run_to_end(vm: &mut Vm) -> Res<Exit> {
    let mut at = At::top(vm);
    loop {
        let fault = match run_to_fault(vm, &mut at) {
            Ok(exit) => return Ok(exit),
            Err(fault) => fault,
        };
        at.save(vm);
        if let Some(leaves) = fault.leaves {
            // At a back-edge, of which nothing is done yet.
            vm.frames.top_mut().pc -= 1;
            if leaves == Leaves::Pause {
                return Ok(Exit::Paused);
            }
            hooks::synchronise(vm);
            at = At::top(vm);
            continue;
        }
        unwind(vm, fault)?;
        at = At::top(vm);
    }
}

#[expect(clippy::too_many_lines, reason = "a table of all instructions")]
#[expect(clippy::cognitive_complexity, reason = "a table of all instructions")]
#[inline(never)]
fn run_to_fault(vm: &mut Vm, place: &mut At) -> Res<Exit> {
    let mut at = *place;
    let fault: Box<Fault> = 'fault: {
        /// The value of a fallible expression; a fault leaves the loop.
        macro_rules! attempt {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(fault) => break 'fault fault,
                }
            };
        }
        /// Two ints or two floats here, anything else in `slow`.
        macro_rules! arith {
            ($ins:ident, $left:expr, $right:expr, |$a:ident, $b:ident| $ints:expr, |$x:ident, $y:ident| $floats:expr) => {{
                let (left, right): (Value, Value) = ($left, $right);
                if left.tag() == Tag::Int && right.tag() == Tag::Int {
                    let ($a, $b) = (left.as_int(), right.as_int());
                    if let Some(result) = $ints {
                        set(vm, at.regs, $ins.a(), Value::int(result));
                        continue;
                    }
                } else if left.tag() == Tag::Float && right.tag() == Tag::Float {
                    let ($x, $y) = (left.as_float(), right.as_float());
                    if let Some(result) = $floats {
                        set(vm, at.regs, $ins.a(), Value::float(result));
                        continue;
                    }
                }
                cold_path();
                if let Some(($x, $y)) = int_and_float(left, right)
                    && let Some(result) = $floats
                {
                    set(vm, at.regs, $ins.a(), Value::float(result));
                    continue;
                }
                if left.tag() == Tag::Struct {
                    switch!(operator::arithmetic(vm, $ins.whole()));
                } else {
                    attempt!(slow::arithmetic(vm, at.regs, at.running, $ins.whole()));
                }
            }};
        }
        /// `a = object[key]`, by any key in a register.
        macro_rules! get_index {
            ($ins:ident, $object:ident, $key:ident) => {
                match access::array_item(vm, $object, $key) {
                    Some(item) => set(vm, at.regs, $ins.a(), item),
                    None if $object.tag() == Tag::Struct => {
                        switch!(operator::index(vm, $ins.whole()));
                    }
                    None if access::entry_or_char(vm, at.regs, $ins) => {}
                    None => attempt!(access::get_index(vm, at.regs, $ins.whole())),
                }
            };
        }
        macro_rules! get_attr {
            ($ins:ident) => {{
                let object = at.regs.get($ins.b());
                match access::cached_field(vm, at.running, object, $ins.c()) {
                    Some(field) => {
                        retain(field);
                        set(vm, at.regs, $ins.a(), field);
                    }
                    None => attempt!(access::get_attr(vm, at.regs, at.running, $ins.whole())),
                }
            }};
        }
        macro_rules! compare {
            ($ins:ident, $op:tt) => {{
                let (left, right) = (at.regs.get($ins.b()), at.regs.get($ins.c()));
                if left.tag() == Tag::Int && right.tag() == Tag::Int {
                    set(vm, at.regs, $ins.a(), Value::bool(left.as_int() $op right.as_int()));
                } else if left.tag() == Tag::Float && right.tag() == Tag::Float {
                    set(vm, at.regs, $ins.a(), Value::bool(left.as_float() $op right.as_float()));
                } else {
                    cold_path();
                    if left.tag() == Tag::Struct {
                        switch!(operator::compare(vm, $ins.whole()));
                    } else if left.is_heap()
                        && let Some(order) = text::order(vm, at.regs, [$ins.b(), $ins.c()])
                    {
                        set(vm, at.regs, $ins.a(), Value::bool((order as i8) $op 0));
                    } else {
                        attempt!(slow::compare(vm, at.regs, $ins.whole()));
                    }
                }
            }};
        }
        /// Jumps if the comparison gives `$wanted`.
        macro_rules! branch {
            ($ins:ident, $op:tt, $wanted:literal, $left:expr, $right:expr, $texts:expr) => {{
                let (left, right): (Value, Value) = ($left, $right);
                let holds = if left.tag() == Tag::Int && right.tag() == Tag::Int {
                    left.as_int() $op right.as_int()
                } else if left.tag() == Tag::Float && right.tag() == Tag::Float {
                    left.as_float() $op right.as_float()
                } else {
                    cold_path();
                    if left.tag() == Tag::Struct {
                        switch!(operator::branch(vm, $ins.whole()));
                        continue;
                    }
                    // Not by its tag: with that, the choice would be a table of jumps, also for numbers.
                    if left.is_heap()
                        && let Some(order) = $texts
                    {
                        (order as i8) $op 0
                    } else {
                        attempt!(slow::branch(vm, at.regs, $ins.whole()))
                    }
                };
                if holds == $wanted {
                    at.pc.jump($ins.c().cast_signed().into());
                }
            }};
        }
        macro_rules! branch_regs {
            ($ins:ident, $op:tt, $wanted:literal) => {
                branch!(
                    $ins,
                    $op,
                    $wanted,
                    at.regs.get($ins.a()),
                    at.regs.get($ins.b()),
                    text::order(vm, at.regs, [$ins.a(), $ins.b()])
                )
            };
        }
        macro_rules! branch_int {
            ($ins:ident, $op:tt, $wanted:literal) => {
                branch!(
                    $ins,
                    $op,
                    $wanted,
                    at.regs.get($ins.a()),
                    Value::int($ins.b().cast_signed().into()),
                    None::<Ordering>
                )
            };
        }
        /// One unit of fuel, at a back-edge.
        macro_rules! tick {
            () => {
                if !vm.fuel.take() {
                    attempt!(crate::profile::look_up(vm, None));
                }
            };
        }
        /// Something that may put another frame on top.
        macro_rules! switch {
            ($result:expr) => {{
                at.save(vm);
                attempt!($result);
                at = At::top(vm);
                if let Some(stop) = vm.stop {
                    return Ok(stopped(vm, stop));
                }
            }};
        }
        /// The running task waits, and does this instruction of so many words again when it goes on.
        macro_rules! wait {
            ($words:literal) => {{
                at.pc.jump(-$words);
                at.save(vm);
                return Ok(Exit::Waits);
            }};
        }
        /// Asks the generator that a loop goes through.
        macro_rules! ask {
            ($ins:ident) => {{
                let source = at.regs.get($ins.a());
                switch!(generator::resume(vm, source, $ins.b(), Deliver::Item));
            }};
        }
        /// The next item at the end of a loop, off the fast path.
        macro_rules! next_item {
            ($ins:ident) => {
                match attempt!(iterate::next(vm, at.regs, $ins.whole())) {
                    Next::Item => at.pc.jump($ins.word().wide_operand()),
                    Next::End => at.pc.skip(),
                    Next::Ask => ask!($ins),
                    Next::Wait => wait!(1),
                }
            };
        }
        /// A call of a builtin whose arguments stand in a row.
        macro_rules! call_host {
            ($call:expr, $native:expr) => {{
                let (call, native): (Ins, u32) = ($call, $native);
                if call.c != 0 && generator::is_lazy(at.regs.get(call.a)) {
                    switch!(method::call_lazy(vm, call, native));
                } else {
                    let value = attempt!(call::native(vm, at.regs, native, call));
                    set(vm, at.regs, call.b, value);
                }
            }};
        }
        /// `has_key` as any builtin.
        macro_rules! has_key_long {
            ($ins:ident) => {{
                let (ins, word): (Ins, Ins) = ($ins.whole(), $ins.word());
                let native = word.wide_operand().cast_unsigned();
                call_host!(call::look_long(vm, at.regs, ins, word.a, 2), native);
            }};
        }
        macro_rules! leave {
            ($flow:expr) => {
                match $flow {
                    Flow::Switch => at = At::top(vm),
                    Flow::Done(value) => return Ok(Exit::Done(value)),
                }
            };
        }

        loop {
            let ins = at.pc.fetch();
            match ins.op() {
                Op::Word => {}
                Op::Enter => {
                    if let Some(next) = closure::enter(vm, at.regs, at.running, ins.a()) {
                        at.pc = at.running.at(next);
                    }
                }
                Op::AwaitCode => {
                    at.pc.jump(-1);
                    at.save(vm);
                    return Ok(Exit::AwaitsCode);
                }
                Op::Trap => {
                    at.pc.jump(-1);
                    at.save(vm);
                    hooks::trapped(vm);
                    at = At::top(vm);
                }
                Op::Copy => {
                    let value = at.regs.get(ins.b());
                    retain(value);
                    set(vm, at.regs, ins.a(), value);
                }
                Op::Take => {
                    let value = at.regs.take(ins.b());
                    set(vm, at.regs, ins.a(), value);
                }
                Op::LoadConst => {
                    let value = at.running.constant(ins.b());
                    retain(value);
                    set(vm, at.regs, ins.a(), value);
                }
                Op::LoadConstIf => {
                    let compare = ins.word();
                    let (left, value) = (at.regs.get(compare.a), at.running.constant(ins.b()));
                    let order = if left.tag() == Tag::Float && value.tag() == Tag::Float {
                        Some(
                            left.as_float().partial_cmp(&value.as_float()).map_or(2, |it| it as i8),
                        )
                    } else {
                        text::order_of(left, value).map(|it| it as i8)
                    };
                    if let Some(order) = order {
                        slow::consume(vm, at.regs, compare.a);
                        at.pc.skip();
                        if ins.c() >> (order + 1) & 1 == 1 {
                            at.pc.jump(compare.c.cast_signed().into());
                        }
                        continue;
                    }
                    retain(value);
                    set(vm, at.regs, ins.a(), value);
                }
                Op::LoadInt => {
                    let value = ins.whole().wide_operand();
                    set(vm, at.regs, ins.a(), Value::int(value.into()));
                }
                Op::Drop => set(vm, at.regs, ins.a(), Value::NULL),
                Op::LoadGlobal => {
                    let value = vm.globals[usize::from(ins.b())];
                    if !value.is_defined() {
                        attempt!(Err(slow::undefined_global(vm, ins.b(), value)));
                    }
                    retain(value);
                    set(vm, at.regs, ins.a(), value);
                }
                Op::StoreGlobal => {
                    if vm.globals[usize::from(ins.b())].tag() == Tag::Moved {
                        attempt!(Err(slow::undefined_global(vm, ins.b(), Value::MOVED)));
                    }
                    let value = at.regs.take(ins.a());
                    let old = core::mem::replace(&mut vm.globals[usize::from(ins.b())], value);
                    if old.is_heap() {
                        release(vm, old);
                    }
                }
                Op::LoadCell => {
                    let value = vm.heap.cell(at.regs.get(ins.b()));
                    if !value.is_defined() {
                        attempt!(Err(slow::undefined_cell(vm, ins.b(), value)));
                    }
                    retain(value);
                    set(vm, at.regs, ins.a(), value);
                }
                Op::StoreCell => {
                    if vm.heap.cell(at.regs.get(ins.a())).tag() == Tag::Moved {
                        attempt!(Err(slow::undefined_cell(vm, ins.a(), Value::MOVED)));
                    }
                    let value = at.regs.take(ins.b());
                    let old = vm.heap.cell_replace(at.regs.get(ins.a()), value);
                    if old.is_heap() {
                        release(vm, old);
                    }
                }
                Op::LoadFree => {
                    let value = vm.heap.cell(call::captured(vm, at.regs, ins.b()));
                    if !value.is_defined() {
                        attempt!(Err(slow::undefined_free(vm, ins.b(), value)));
                    }
                    retain(value);
                    set(vm, at.regs, ins.a(), value);
                }
                Op::StoreFree => {
                    let cell = call::captured(vm, at.regs, ins.a());
                    if vm.heap.cell(cell).tag() == Tag::Moved {
                        attempt!(Err(slow::undefined_free(vm, ins.a(), Value::MOVED)));
                    }
                    let value = at.regs.take(ins.b());
                    let old = vm.heap.cell_replace(cell, value);
                    if old.is_heap() {
                        release(vm, old);
                    }
                }

                Op::Add => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.regs.get(ins.c()),
                    |a, b| a.checked_add(b),
                    |x, y| Some(x + y)
                ),
                Op::Sub => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.regs.get(ins.c()),
                    |a, b| a.checked_sub(b),
                    |x, y| Some(x - y)
                ),
                Op::Mul => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.regs.get(ins.c()),
                    |a, b| a.checked_mul(b),
                    |x, y| Some(x * y)
                ),
                Op::Div => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.regs.get(ins.c()),
                    |a, b| a.checked_div(b),
                    |x, y| nonzero(y).map(|y| x / y)
                ),
                Op::Rem => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.regs.get(ins.c()),
                    |a, b| remainder(a, b),
                    |_x, _y| None
                ),
                Op::AddInt => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    small(ins),
                    |a, b| a.checked_add(b),
                    |x, y| Some(x + y)
                ),
                Op::AddIntLoop => {
                    let number = at.regs.get(ins.b());
                    let sum = number.to_int().and_then(|it| it.checked_add(small(ins).as_int()));
                    let Some(sum) = sum else {
                        cold_path();
                        if number.tag() == Tag::Struct {
                            switch!(operator::arithmetic(vm, ins.whole()));
                        } else {
                            attempt!(slow::arithmetic(vm, at.regs, at.running, ins.whole()));
                        }
                        continue;
                    };
                    at.regs.put(ins.a(), Value::int(sum));
                    let end = at.pc.fetch();
                    tick!();
                    if end.op() == Op::LoopLt {
                        branch_regs!(end, <, true);
                    } else {
                        branch_int!(end, <, true);
                    }
                }
                Op::SubInt => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    small(ins),
                    |a, b| a.checked_sub(b),
                    |x, y| Some(x - y)
                ),
                Op::MulInt => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    small(ins),
                    |a, b| a.checked_mul(b),
                    |x, y| Some(x * y)
                ),
                Op::DivInt => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    small(ins),
                    |a, b| a.checked_div(b),
                    |_x, _y| None
                ),
                Op::RemInt => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    small(ins),
                    |a, b| remainder(a, b),
                    |_x, _y| None
                ),
                Op::AddConst => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.running.constant(ins.c()),
                    |a, b| a.checked_add(b),
                    |x, y| Some(x + y)
                ),
                Op::SubConst => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.running.constant(ins.c()),
                    |a, b| a.checked_sub(b),
                    |x, y| Some(x - y)
                ),
                Op::MulConst => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.running.constant(ins.c()),
                    |a, b| a.checked_mul(b),
                    |x, y| Some(x * y)
                ),
                Op::DivConst => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.running.constant(ins.c()),
                    |a, b| a.checked_div(b),
                    |x, y| nonzero(y).map(|y| x / y)
                ),
                Op::RemConst => arith!(
                    ins,
                    at.regs.get(ins.b()),
                    at.running.constant(ins.c()),
                    |a, b| remainder(a, b),
                    |_x, _y| None
                ),
                Op::ConstSub => arith!(
                    ins,
                    at.running.constant(ins.b()),
                    at.regs.get(ins.c()),
                    |a, b| a.checked_sub(b),
                    |x, y| Some(x - y)
                ),
                Op::ConstMul => arith!(
                    ins,
                    at.running.constant(ins.b()),
                    at.regs.get(ins.c()),
                    |a, b| a.checked_mul(b),
                    |x, y| Some(x * y)
                ),
                Op::ConstDiv => arith!(
                    ins,
                    at.running.constant(ins.b()),
                    at.regs.get(ins.c()),
                    |a, b| a.checked_div(b),
                    |x, y| nonzero(y).map(|y| x / y)
                ),

                Op::Eq => compare!(ins, ==),
                Op::Ne => compare!(ins, !=),
                Op::Lt => compare!(ins, <),
                Op::Le => compare!(ins, <=),
                Op::Gt => compare!(ins, >),
                Op::Ge => compare!(ins, >=),

                Op::Jump => at.pc.jump(ins.whole().wide_operand()),
                Op::JumpBack => {
                    tick!();
                    at.pc.jump(ins.whole().wide_operand());
                }
                Op::JumpIf => {
                    let value = at.regs.get(ins.a());
                    let truth = if value.tag() == Tag::Bool {
                        value.as_bool()
                    } else {
                        slow::truth(vm, at.regs, ins.a())
                    };
                    if truth {
                        at.pc.jump(ins.whole().wide_operand());
                    }
                }
                Op::JumpIfNot => {
                    let value = at.regs.get(ins.a());
                    let truth = if value.tag() == Tag::Bool {
                        value.as_bool()
                    } else {
                        slow::truth(vm, at.regs, ins.a())
                    };
                    if !truth {
                        at.pc.jump(ins.whole().wide_operand());
                    }
                }
                Op::IfFalse | Op::UnlessFalse => {
                    let value = at.regs.get(ins.a());
                    if value.tag() == Tag::Struct {
                        switch!(operator::not_branch(vm, ins.whole()));
                        continue;
                    }
                    if value.tag() != Tag::Bool {
                        attempt!(slow::not_a_bool(value));
                    }
                    if value.as_bool() == (ins.op() == Op::UnlessFalse) {
                        at.pc.jump(ins.whole().wide_operand());
                    }
                }
                Op::JumpIfNull => {
                    if at.regs.get(ins.a()).is_null() {
                        at.pc.jump(ins.whole().wide_operand());
                    }
                }
                Op::JumpIfSome => {
                    if matches!(at.regs.get(ins.a()).tag(), Tag::Null | Tag::None) {
                        at.regs.put(ins.a(), Value::NULL);
                    } else {
                        at.pc.jump(ins.whole().wide_operand());
                    }
                }
                Op::IfEq => branch_regs!(ins, ==, true),
                Op::IfNe => branch_regs!(ins, ==, false),
                Op::IfLt => branch_regs!(ins, <, true),
                Op::UnlessLt => branch_regs!(ins, <, false),
                Op::IfLe => branch_regs!(ins, <=, true),
                Op::UnlessLe => branch_regs!(ins, <=, false),
                Op::IfGt => branch_regs!(ins, >, true),
                Op::UnlessGt => branch_regs!(ins, >, false),
                Op::IfGe => branch_regs!(ins, >=, true),
                Op::UnlessGe => branch_regs!(ins, >=, false),
                Op::IfEqInt => branch_int!(ins, ==, true),
                Op::IfNeInt => branch_int!(ins, ==, false),
                Op::IfLtInt => branch_int!(ins, <, true),
                Op::UnlessLtInt => branch_int!(ins, <, false),
                Op::IfLeInt => branch_int!(ins, <=, true),
                Op::UnlessLeInt => branch_int!(ins, <=, false),
                Op::IfGtInt => branch_int!(ins, >, true),
                Op::UnlessGtInt => branch_int!(ins, >, false),
                Op::IfGeInt => branch_int!(ins, >=, true),
                Op::UnlessGeInt => branch_int!(ins, >=, false),
                Op::LoopLt => {
                    tick!();
                    branch_regs!(ins, <, true);
                }
                Op::LoopLe => {
                    tick!();
                    branch_regs!(ins, <=, true);
                }
                Op::LoopGt => {
                    tick!();
                    branch_regs!(ins, >, true);
                }
                Op::LoopGe => {
                    tick!();
                    branch_regs!(ins, >=, true);
                }
                Op::LoopEq => {
                    tick!();
                    branch_regs!(ins, ==, true);
                }
                Op::LoopNe => {
                    tick!();
                    branch_regs!(ins, ==, false);
                }
                Op::LoopLtInt => {
                    tick!();
                    branch_int!(ins, <, true);
                }
                Op::LoopLeInt => {
                    tick!();
                    branch_int!(ins, <=, true);
                }
                Op::LoopGtInt => {
                    tick!();
                    branch_int!(ins, >, true);
                }
                Op::LoopGeInt => {
                    tick!();
                    branch_int!(ins, >=, true);
                }
                Op::LoopEqInt => {
                    tick!();
                    branch_int!(ins, ==, true);
                }
                Op::LoopNeInt => {
                    tick!();
                    branch_int!(ins, ==, false);
                }

                Op::ForRange | Op::ForIter => {
                    match attempt!(iterate::next(vm, at.regs, ins.whole())) {
                        Next::Item => at.pc.skip(),
                        Next::End => at.pc.jump(ins.word().wide_operand()),
                        Next::Ask => ask!(ins),
                        Next::Wait => wait!(1),
                    }
                }
                Op::NextRange => {
                    tick!();
                    if iterate::count_on(vm, at.regs, ins) {
                        at.pc.jump(ins.word().wide_operand());
                        continue;
                    }
                    next_item!(ins);
                }
                Op::NextIter => {
                    tick!();
                    if iterate::element_on(vm, at.regs, ins) {
                        at.pc.jump(ins.word().wide_operand());
                        continue;
                    }
                    next_item!(ins);
                }

                Op::Return => {
                    let value = at.regs.take(ins.a());
                    if !close(vm, &mut at, value) {
                        at.save(vm);
                        leave!(unwind::end_frame(vm, value));
                    }
                }
                Op::ReturnNull => {
                    if !close(vm, &mut at, Value::NULL) {
                        at.save(vm);
                        leave!(unwind::end_frame(vm, Value::NULL));
                    }
                }
                Op::Raise | Op::Reraise => {
                    let value = at.regs.take(ins.a());
                    attempt!(Err(unwind::raised(vm, ins.op(), value)));
                }
                Op::ReraiseFrom => {
                    let (error, handled) = (at.regs.take(ins.a()), at.regs.take(ins.b()));
                    attempt!(Err(unwind::raised_from(vm, error, handled)));
                }
                Op::TryUnwrap => {
                    if let Some(value) = attempt!(slow::try_unwrap(vm, at.regs, ins.whole())) {
                        at.save(vm);
                        leave!(unwind::end_frame(vm, value));
                    }
                }

                Op::CallFunction => {
                    at.pc.skip();
                    let function = ins.word().wide_operand().cast_unsigned();
                    let frame = Frame { result: ins.b(), flags: flags::OWNS_CALLEE, ..Frame::NEW };
                    if !open(vm, &mut at, function, ins.a() + 1, frame) {
                        switch!(call::enter_known(vm, ins.whole(), function));
                    }
                }
                Op::CallArranged => {
                    at.pc.skip();
                    let function = ins.word().wide_operand().cast_unsigned();
                    switch!(call::enter_known(vm, ins.whole(), function));
                }
                Op::Call => {
                    if let Some((function, own)) =
                        call::exact_callee(vm, at.regs.get(ins.a()), ins.c())
                        && open(
                            vm,
                            &mut at,
                            function,
                            ins.a() + 1,
                            Frame { result: ins.b(), flags: own, ..Frame::NEW },
                        )
                    {
                        continue;
                    }
                    switch!(call::call_value(vm, ins.a(), ins.c(), ins.b()));
                }
                Op::TailCall => switch!(call::tail_call(vm, ins.whole())),
                Op::CallHost => {
                    at.pc.skip();
                    call_host!(ins.whole(), ins.word().wide_operand().cast_unsigned());
                }
                Op::CallLook1 => {
                    at.pc.skip();
                    let native = ins.word().wide_operand().cast_unsigned();
                    match call::look_one(vm, native, at.regs.get(ins.b())) {
                        Some(value) => {
                            slow::consume(vm, at.regs, ins.b());
                            set(vm, at.regs, ins.a(), value);
                        }
                        None => {
                            let (ins, word) = (ins.whole(), ins.word());
                            call_host!(call::look_long(vm, at.regs, ins, word.a, 1), native);
                        }
                    }
                }
                Op::HasKey => {
                    at.pc.skip();
                    if !access::has_key(vm, at.regs, ins) {
                        has_key_long!(ins);
                    }
                }
                Op::HasKeyIf => {
                    at.pc.skip();
                    let (dict, key) = (at.regs.get(ins.b()), at.regs.get(ins.c()));
                    match access::has_key_in(vm, dict, key) {
                        Some(found) => {
                            let compare = at.pc.fetch();
                            let is_equal = found.as_int() == compare.b().cast_signed().into();
                            if is_equal == (compare.op() == Op::IfEqInt) {
                                at.pc.jump(compare.c().cast_signed().into());
                            }
                        }
                        None => has_key_long!(ins),
                    }
                }
                Op::CallHostAny => {
                    at.pc.skip();
                    let native = ins.word().wide_operand().cast_unsigned();
                    if ins.c() != 0 && generator::is_lazy(at.regs.get(ins.a())) {
                        switch!(method::call_lazy(vm, ins.whole(), native));
                        continue;
                    }
                    let value = attempt!(call::native_checked(vm, at.regs, native, ins.whole()));
                    set(vm, at.regs, ins.b(), value);
                }
                Op::CallHostAsync => {
                    tick!();
                    at.pc.skip();
                    at.save(vm);
                    match attempt!(call::call_async(vm, at.regs, ins.whole(), ins.word())) {
                        Exit::Done(_) => at = At::top(vm),
                        exit => return Ok(exit),
                    }
                }
                Op::Await => {
                    if !attempt!(tasks::wait_for(vm, at.regs, ins.whole())) {
                        wait!(1);
                    }
                }
                Op::Yield => {
                    at.save(vm);
                    let given = generator::give(vm, ins.whole());
                    // Whoever asked goes on, also with an error.
                    at = At::top(vm);
                    attempt!(given);
                }
                Op::Spawn => {
                    at.pc.skip();
                    let function = ins.word().wide_operand().cast_unsigned();
                    at.save(vm);
                    attempt!(tasks::spawn(vm, at.regs, ins.whole(), function));
                    at = At::top(vm);
                }
                Op::CallSpread => switch!(arguments::call_spread(vm, ins.whole())),
                Op::CallNamed => {
                    at.pc.skip();
                    switch!(arguments::call_named(vm, ins.whole(), ins.word().c));
                }
                Op::CallMethod => {
                    at.pc.skip();
                    let site = ins.word().wide_operand().cast_unsigned();
                    if let Some((function, _)) =
                        method::exact(vm, at.running, at.regs.get(ins.a()), site)
                        && open(
                            vm,
                            &mut at,
                            function,
                            ins.a(),
                            Frame { result: ins.b(), ..Frame::NEW },
                        )
                    {
                        continue;
                    }
                    switch!(method::call_method(vm, ins.whole(), site));
                }
                Op::CallOn => {
                    at.pc.skip();
                    let word = ins.word();
                    let receiver = at.regs.get(word.a);
                    let found = method::exact(
                        vm,
                        at.running,
                        receiver,
                        word.wide_operand().cast_unsigned(),
                    );
                    if let Some((function, mutating)) = found {
                        let caller = at.regs;
                        let own = if mutating { flags::HOME } else { 0 };
                        let frame =
                            Frame { result: ins.b(), home: word.a, flags: own, ..Frame::NEW };
                        if open(vm, &mut at, function, ins.a(), frame) {
                            if mutating {
                                caller.put(word.a, Value::NULL);
                            } else {
                                retain(receiver);
                            }
                            method::put_before(at.regs, receiver, ins.c());
                            continue;
                        }
                    }
                    switch!(method::call_on(vm, ins.whole(), word));
                }
                Op::PushOn => {
                    at.pc.skip();
                    let word = ins.word();
                    if !attempt!(access::push_on(vm, at.regs, ins.whole(), word)) {
                        switch!(method::call_on(vm, ins.whole(), word));
                    }
                }
                Op::CallPlace => {
                    at.pc.skip();
                    switch!(place::call(
                        vm,
                        ins.whole(),
                        ins.word().wide_operand().cast_unsigned()
                    ));
                }

                Op::GetIndex => {
                    let (object, key) = (at.regs.get(ins.b()), at.regs.get(ins.c()));
                    get_index!(ins, object, key);
                }
                Op::GetIndexAttr => {
                    let (object, key) = (at.regs.get(ins.b()), at.regs.get(ins.c()));
                    // The instruction that reads the attribute.
                    let next = ins.word();
                    let field = access::element(vm, object, key)
                        .and_then(|item| access::cached_field(vm, at.running, item, next.c));
                    if let Some(field) = field {
                        retain(field);
                        set(vm, at.regs, next.a, field);
                        at.pc.skip();
                        continue;
                    }
                    get_index!(ins, object, key);
                }
                Op::GetIndexUpdate => {
                    if access::update_item(vm, at.regs, at.running, ins) {
                        at.pc.jump(2);
                        continue;
                    }
                    let (object, key) = (at.regs.get(ins.b()), at.regs.get(ins.c()));
                    get_index!(ins, object, key);
                }
                Op::GetIndexInt => {
                    let (object, key) = (at.regs.get(ins.b()), small(ins));
                    match access::array_item(vm, object, key) {
                        Some(item) => set(vm, at.regs, ins.a(), item),
                        None if object.tag() == Tag::Struct => {
                            switch!(operator::index(vm, ins.whole()));
                        }
                        None => attempt!(access::get_index(vm, at.regs, ins.whole())),
                    }
                }
                Op::SetIndex => {
                    if !access::set_item(vm, at.regs, ins) && !access::set_entry(vm, at.regs, ins) {
                        attempt!(access::set_index(vm, at.regs, ins.whole()));
                    }
                }
                Op::GetAttr => get_attr!(ins),
                Op::GetAttrUpdate => {
                    if access::update_field(vm, at.regs, at.running, ins) {
                        at.pc.jump(2);
                        continue;
                    }
                    get_attr!(ins);
                }
                Op::SetAttr => {
                    let value = at.regs.get(ins.c());
                    match access::replace_field(
                        vm,
                        at.running,
                        at.regs.get(ins.a()),
                        ins.b(),
                        value,
                    ) {
                        Some(old) => {
                            at.regs.put(ins.c(), Value::NULL);
                            if old.is_heap() {
                                release(vm, old);
                            }
                        }
                        None => attempt!(access::set_attr(vm, at.regs, at.running, ins.whole())),
                    }
                }
                Op::StorePath => {
                    at.pc.skip();
                    attempt!(place::store(
                        vm,
                        at.regs,
                        at.running,
                        ins.whole(),
                        ins.word().wide_operand().cast_unsigned()
                    ));
                }
                Op::StoreItemAttr => {
                    at.pc.skip();
                    let local = at.regs.get(ins.word().a);
                    match place::replace_item_field(vm, at.regs, at.running, ins, local) {
                        Some(old) => {
                            at.regs.put(ins.a(), Value::NULL);
                            if old.is_heap() {
                                release(vm, old);
                            }
                        }
                        None => attempt!(place::store_item_attr(
                            vm,
                            at.regs,
                            at.running,
                            ins.whole(),
                            ins.word().wide_operand().cast_unsigned()
                        )),
                    }
                }
                Op::MakeStruct => {
                    at.pc.skip();
                    attempt!(access::make_struct(vm, at.regs, ins.whole(), ins.word()));
                }
                Op::MakeClosure => {
                    at.pc.skip();
                    let function = ins.word().wide_operand().cast_unsigned();
                    attempt!(call::make_closure(vm, at.regs, ins.a(), function));
                }
                Op::MakeVariant => {
                    at.pc.skip();
                    attempt!(access::make_variant(vm, at.regs, ins.whole(), ins.word().c));
                }
                Op::InRange => {
                    at.pc.skip();
                    slow::in_range(vm, at.regs, ins.whole(), ins.word().c);
                }
                Op::ArrayExtend => {
                    let source = at.regs.get(ins.b());
                    if generator::is_lazy(source) {
                        switch!(generator::resume(vm, source, ins.a(), Deliver::Element));
                    } else if source.tag() == Tag::Channel {
                        tick!();
                        match attempt!(tasks::next_of(vm, source)) {
                            Some(tasks::Step::Value(item)) => {
                                attempt!(access::append(vm, at.regs, ins.a(), item));
                                at.pc.jump(-1);
                            }
                            Some(_) => wait!(1),
                            None => set(vm, at.regs, ins.b(), Value::NULL),
                        }
                    } else {
                        attempt!(access::array_extend(vm, at.regs, ins.whole()));
                    }
                }
                Op::ToBool if at.regs.get(ins.b()).tag() == Tag::Bool => {
                    set(vm, at.regs, ins.a(), at.regs.get(ins.b()));
                }
                Op::Neg | Op::Not => {
                    if at.regs.get(ins.b()).tag() == Tag::Struct {
                        switch!(operator::unary(vm, ins.whole()));
                    } else {
                        attempt!(slow::unary(vm, at.regs, ins.whole()));
                    }
                }
                Op::MakeCell
                | Op::ParamGiven
                | Op::ToBool
                | Op::And
                | Op::Or
                | Op::GetIter
                | Op::IterRange
                | Op::IterRangeInclusive
                | Op::BuildArray
                | Op::BuildDict
                | Op::BuildString
                | Op::BuildRange
                | Op::BuildRangeInclusive
                | Op::ArrayPush
                | Op::DictInsert
                | Op::DictMerge
                | Op::MakeResult
                | Op::UnpackArray
                | Op::TestArray
                | Op::TestArrayMin
                | Op::TestDict
                | Op::TestKey
                | Op::TestStruct
                | Op::TestVariant
                | Op::TestResult
                | Op::TestTag
                | Op::Element
                | Op::ElementKey
                | Op::ElementField
                | Op::Payload
                | Op::TestPayload
                | Op::RestFrom
                | Op::DropLast
                | Op::DictWithout
                | Op::CheckPattern => {
                    attempt!(rare::instruction(vm, at.regs, at.running, ins.whole()));
                }
            }
        }
    };
    *place = at;
    Err(fault)
}

#[cold]
fn stopped(vm: &mut Vm, stop: Stop) -> Exit {
    vm.stop = None;
    match stop {
        Stop::Pause => Exit::Paused,
        Stop::Wait => Exit::Waits,
    }
}

/// The divisor, unless it is zero: dividing by zero is an error for floats as well.
#[inline(always)]
fn nonzero(divisor: f64) -> Option<f64> {
    (divisor != 0.0).then_some(divisor)
}

/// `a % b` where no case is special. Small numbers are divided as 32 bits, which takes half the time on many machines.
#[inline(always)]
fn remainder(a: i64, b: i64) -> Option<i64> {
    if let (Ok(a), Ok(b)) = (u32::try_from(a), u32::try_from(b))
        && b != 0
    {
        return Some((a % b).into());
    }
    a.checked_rem(b)
}

/// An int and a float, in any order, as floats.
#[inline(always)]
#[expect(clippy::cast_precision_loss, reason = "what the language does with an int beside a float")]
fn int_and_float(left: Value, right: Value) -> Option<(f64, f64)> {
    match (left.tag(), right.tag()) {
        (Tag::Int, Tag::Float) => Some((left.as_int() as f64, right.as_float())),
        (Tag::Float, Tag::Int) => Some((left.as_float(), right.as_int() as f64)),
        _ => None,
    }
}

/// The small int in `c`.
#[inline(always)]
fn small(ins: Current) -> Value {
    Value::int(ins.c().cast_signed().into())
}

/// The small int in `c`.
#[inline(always)]
fn small_of(ins: Ins) -> Value {
    Value::int(ins.signed_c().into())
}
