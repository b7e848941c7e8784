//! The interpreter: one loop over register form.
//!
//! Better whole: the loop is one `match`, a table of one arm an instruction; what takes more than a few lines is elsewhere.
//!
//! An instruction looks first and writes last, so that one that fails has changed nothing a script can see. The usual case
//! of each is here, inline; what is rare goes to one cold function of its family, so that the usual case needs no room on
//! the native stack. Script calls never use the native stack at all.

mod access;
mod call;
mod iterate;
mod method;
mod place;
mod slow;
mod test;
mod unwind;

pub(crate) use call::enter_from_host;

use remora_bytecode::CompareKind as Order;
use remora_bytecode::scalar::Arithmetic as Arith;

use crate::fault::Res;
use crate::heap::retain;
use crate::lower::op::{Ins, Op};

use crate::ops::truthy;
use crate::registers::{Constants, Pc, Registers};
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// Where the loop is.
#[derive(Clone, Copy)]
struct At {
    pc: Pc,
    regs: Registers,
    consts: Constants,
}

impl At {
    /// The place at which the topmost frame goes on.
    #[inline(always)]
    fn top(vm: &mut Vm) -> Self {
        let Vm { loaded, slots, frames, units, .. } = vm;
        let Some(frame) = frames.last() else {
            unreachable!("the loop runs only while a frame is open")
        };
        let function = loaded.function(frame.function);
        Self {
            pc: Pc::at(&function.code, frame.pc),
            regs: Registers::new(slots, frame.base),
            consts: Constants::new(&units[frame.function.0 as usize].consts),
        }
    }

    /// Index of the next instruction.
    #[inline(always)]
    fn index(&self, vm: &Vm) -> u32 {
        let Some(frame) = vm.frames.last() else { return 0 };
        self.pc.index(&vm.loaded.function(frame.function).code)
    }

    /// Notes where the frame goes on, before another one is entered or a fault is looked at.
    #[inline(always)]
    fn save(&self, vm: &mut Vm) {
        let pc = self.index(vm);
        if let Some(frame) = vm.frames.last_mut() {
            frame.pc = pc;
        }
    }
}

/// Puts a value into a register and gives up what was there.
#[inline(always)]
fn set(vm: &mut Vm, regs: Registers, register: u16, value: Value) {
    let old = regs.get(register);
    regs.put(register, value);
    if old.is_heap() {
        vm.heap.release(old);
    }
}

/// What an instruction that may leave the loop did.
enum Flow {
    /// Another frame is on top, or this one goes on elsewhere.
    Switch,
    /// The frame that the host entered has ended.
    Done(Value),
}

/// Runs until the frame that the host entered ends.
pub(super) fn run(vm: &mut Vm) -> Res<Value> {
    let mut at = At::top(vm);

    /// The value of a fallible expression; a fault goes to its handler, or ends the run.
    macro_rules! attempt {
        ($result:expr) => {
            match $result {
                Ok(value) => value,
                Err(fault) => {
                    at.save(vm);
                    unwind::unwind(vm, fault)?;
                    at = At::top(vm);
                    continue;
                }
            }
        };
    }
    /// Two ints or two floats here, anything else in `slow`.
    macro_rules! arith {
        ($ins:ident, $arith:ident, $left:expr, $right:expr, |$a:ident, $b:ident| $ints:expr, |$x:ident, $y:ident| $floats:expr) => {{
            let (left, right): (Value, Value) = ($left, $right);
            let result = match (left.tag(), right.tag()) {
                (Tag::Int, Tag::Int) => {
                    let ($a, $b) = (left.as_int(), right.as_int());
                    $ints.map(Value::int)
                }
                (Tag::Float, Tag::Float) => {
                    let ($x, $y) = (left.as_float(), right.as_float());
                    $floats.map(Value::float)
                }
                _ => None,
            };
            match result {
                Some(result) => set(vm, at.regs, $ins.a, result),
                None => attempt!(slow::arithmetic(vm, at.regs, $ins, Arith::$arith, left, right)),
            }
        }};
    }
    macro_rules! compare {
        ($ins:ident, $order:expr, $op:tt) => {{
            let (left, right) = (at.regs.get($ins.b), at.regs.get($ins.c));
            match (left.tag(), right.tag()) {
                (Tag::Int, Tag::Int) => set(vm, at.regs, $ins.a, Value::bool(left.as_int() $op right.as_int())),
                (Tag::Float, Tag::Float) => set(vm, at.regs, $ins.a, Value::bool(left.as_float() $op right.as_float())),
                _ => attempt!(slow::compare(vm, at.regs, $ins, $order, left, right)),
            }
        }};
    }
    /// Jumps if the comparison gives `$wanted`.
    macro_rules! branch {
        ($ins:ident, $order:expr, $op:tt, $wanted:literal, $left:expr, $right:expr, $temps:expr) => {{
            let (left, right): (Value, Value) = ($left, $right);
            let holds = match (left.tag(), right.tag()) {
                (Tag::Int, Tag::Int) => left.as_int() $op right.as_int(),
                (Tag::Float, Tag::Float) => left.as_float() $op right.as_float(),
                _ => attempt!(slow::branch(vm, at.regs, $temps, $order, left, right)),
            };
            if holds == $wanted {
                at.pc.jump($ins.signed_c().into());
            }
        }};
    }
    macro_rules! branch_regs {
        ($ins:ident, $order:expr, $op:tt, $wanted:literal) => {
            branch!(
                $ins,
                $order,
                $op,
                $wanted,
                at.regs.get($ins.a),
                at.regs.get($ins.b),
                [Some($ins.a), Some($ins.b)]
            )
        };
    }
    macro_rules! branch_int {
        ($ins:ident, $order:expr, $op:tt, $wanted:literal) => {
            branch!(
                $ins,
                $order,
                $op,
                $wanted,
                at.regs.get($ins.a),
                Value::int($ins.b.cast_signed().into()),
                [Some($ins.a), None]
            )
        };
    }
    /// One unit of fuel, at a back-edge.
    macro_rules! tick {
        () => {
            if !vm.fuel.tick() {
                attempt!(vm.fuel.next_slice());
            }
        };
    }
    macro_rules! enter {
        ($result:expr) => {{
            at.save(vm);
            attempt!($result);
            at = At::top(vm);
        }};
    }
    macro_rules! leave {
        ($result:expr) => {{
            at.save(vm);
            match attempt!($result) {
                Flow::Switch => at = At::top(vm),
                Flow::Done(value) => return Ok(value),
            }
        }};
    }

    loop {
        let ins = at.pc.next();
        match ins.op {
            Op::Word => {}
            Op::Copy => {
                let value = at.regs.get(ins.b);
                retain(value);
                set(vm, at.regs, ins.a, value);
            }
            Op::Take => {
                let value = at.regs.take(ins.b);
                set(vm, at.regs, ins.a, value);
            }
            Op::LoadConst => {
                let value = at.consts.get(ins.b);
                retain(value);
                set(vm, at.regs, ins.a, value);
            }
            Op::LoadInt => set(vm, at.regs, ins.a, Value::int(ins.wide_operand().into())),
            Op::Drop => set(vm, at.regs, ins.a, Value::NULL),
            Op::LoadGlobal => {
                let value = vm.globals[usize::from(ins.b)];
                if !value.is_defined() {
                    attempt!(Err(slow::undefined_global(vm, ins.b, value)));
                }
                retain(value);
                set(vm, at.regs, ins.a, value);
            }
            Op::StoreGlobal => {
                if vm.globals[usize::from(ins.b)].tag() == Tag::Moved {
                    attempt!(Err(slow::undefined_global(vm, ins.b, Value::MOVED)));
                }
                let value = at.regs.take(ins.a);
                let old = core::mem::replace(&mut vm.globals[usize::from(ins.b)], value);
                vm.heap.release(old);
            }
            Op::MakeCell => {
                let cell = attempt!(vm.heap.new_cell(Value::UNDEFINED));
                set(vm, at.regs, ins.a, cell);
            }
            Op::LoadCell => {
                let value = vm.heap.cell(at.regs.get(ins.b));
                if !value.is_defined() {
                    attempt!(Err(slow::undefined_cell(vm, ins.b, value)));
                }
                retain(value);
                set(vm, at.regs, ins.a, value);
            }
            Op::StoreCell => {
                if vm.heap.cell(at.regs.get(ins.a)).tag() == Tag::Moved {
                    attempt!(Err(slow::undefined_cell(vm, ins.a, Value::MOVED)));
                }
                let value = at.regs.take(ins.b);
                let old = vm.heap.cell_replace(at.regs.get(ins.a), value);
                vm.heap.release(old);
            }
            Op::LoadFree => {
                let value = vm.heap.cell(call::captured(vm, at.regs, ins.b));
                if !value.is_defined() {
                    attempt!(Err(slow::undefined_free(vm, ins.b, value)));
                }
                retain(value);
                set(vm, at.regs, ins.a, value);
            }
            Op::StoreFree => {
                let cell = call::captured(vm, at.regs, ins.a);
                if vm.heap.cell(cell).tag() == Tag::Moved {
                    attempt!(Err(slow::undefined_free(vm, ins.a, Value::MOVED)));
                }
                let value = at.regs.take(ins.b);
                let old = vm.heap.cell_replace(cell, value);
                vm.heap.release(old);
            }
            Op::MakeClosure => {
                let function = at.pc.word().wide_operand().cast_unsigned();
                at.pc.jump(1);
                let closure = attempt!(call::make_closure(vm, at.regs, function));
                set(vm, at.regs, ins.a, closure);
            }
            Op::ParamGiven => {
                let given = at.regs.get(ins.b).tag() != Tag::Undefined;
                set(vm, at.regs, ins.a, Value::bool(given));
            }

            Op::Add => arith!(
                ins,
                Add,
                at.regs.get(ins.b),
                at.regs.get(ins.c),
                |a, b| a.checked_add(b),
                |x, y| Some(x + y)
            ),
            Op::Sub => arith!(
                ins,
                Sub,
                at.regs.get(ins.b),
                at.regs.get(ins.c),
                |a, b| a.checked_sub(b),
                |x, y| Some(x - y)
            ),
            Op::Mul => arith!(
                ins,
                Mul,
                at.regs.get(ins.b),
                at.regs.get(ins.c),
                |a, b| a.checked_mul(b),
                |x, y| Some(x * y)
            ),
            Op::Div => arith!(
                ins,
                Div,
                at.regs.get(ins.b),
                at.regs.get(ins.c),
                |a, b| a.checked_div(b),
                |x, y| nonzero(y).map(|y| x / y)
            ),
            Op::Rem => arith!(
                ins,
                Mod,
                at.regs.get(ins.b),
                at.regs.get(ins.c),
                |a, b| a.checked_rem(b),
                |x, y| nonzero(y).map(|y| x % y)
            ),
            Op::AddInt => {
                arith!(
                    ins,
                    Add,
                    at.regs.get(ins.b),
                    small(ins),
                    |a, b| a.checked_add(b),
                    |x, y| { Some(x + y) }
                );
            }
            Op::SubInt => {
                arith!(
                    ins,
                    Sub,
                    at.regs.get(ins.b),
                    small(ins),
                    |a, b| a.checked_sub(b),
                    |x, y| { Some(x - y) }
                );
            }
            Op::MulInt => {
                arith!(
                    ins,
                    Mul,
                    at.regs.get(ins.b),
                    small(ins),
                    |a, b| a.checked_mul(b),
                    |x, y| { Some(x * y) }
                );
            }
            Op::DivInt => {
                arith!(
                    ins,
                    Div,
                    at.regs.get(ins.b),
                    small(ins),
                    |a, b| a.checked_div(b),
                    |x, y| { nonzero(y).map(|y| x / y) }
                );
            }
            Op::RemInt => {
                arith!(
                    ins,
                    Mod,
                    at.regs.get(ins.b),
                    small(ins),
                    |a, b| a.checked_rem(b),
                    |x, y| { nonzero(y).map(|y| x % y) }
                );
            }
            Op::AddConst => arith!(
                ins,
                Add,
                at.regs.get(ins.b),
                at.consts.get(ins.c),
                |a, b| a.checked_add(b),
                |x, y| Some(x + y)
            ),
            Op::SubConst => arith!(
                ins,
                Sub,
                at.regs.get(ins.b),
                at.consts.get(ins.c),
                |a, b| a.checked_sub(b),
                |x, y| Some(x - y)
            ),
            Op::MulConst => arith!(
                ins,
                Mul,
                at.regs.get(ins.b),
                at.consts.get(ins.c),
                |a, b| a.checked_mul(b),
                |x, y| Some(x * y)
            ),
            Op::DivConst => arith!(
                ins,
                Div,
                at.regs.get(ins.b),
                at.consts.get(ins.c),
                |a, b| a.checked_div(b),
                |x, y| nonzero(y).map(|y| x / y)
            ),
            Op::ConstSub => arith!(
                ins,
                Sub,
                at.consts.get(ins.b),
                at.regs.get(ins.c),
                |a, b| a.checked_sub(b),
                |x, y| Some(x - y)
            ),
            Op::ConstMul => arith!(
                ins,
                Mul,
                at.consts.get(ins.b),
                at.regs.get(ins.c),
                |a, b| a.checked_mul(b),
                |x, y| Some(x * y)
            ),
            Op::ConstDiv => arith!(
                ins,
                Div,
                at.consts.get(ins.b),
                at.regs.get(ins.c),
                |a, b| a.checked_div(b),
                |x, y| nonzero(y).map(|y| x / y)
            ),
            Op::Neg | Op::Not => attempt!(slow::unary(vm, at.regs, ins)),
            Op::ToBool | Op::And | Op::Or => slow::logic(vm, at.regs, ins),
            Op::InRange => {
                let low = at.pc.word().c;
                at.pc.jump(1);
                slow::in_range(vm, at.regs, ins, low);
            }

            Op::Eq => compare!(ins, None, ==),
            Op::Ne => compare!(ins, None, !=),
            Op::Lt => compare!(ins, Some(Order::Lt), <),
            Op::Le => compare!(ins, Some(Order::Le), <=),
            Op::Gt => compare!(ins, Some(Order::Gt), >),
            Op::Ge => compare!(ins, Some(Order::Ge), >=),

            Op::Jump => at.pc.jump(ins.wide_operand()),
            Op::JumpBack => {
                tick!();
                at.pc.jump(ins.wide_operand());
            }
            Op::JumpIf => {
                if truthy(&vm.heap, at.regs.get(ins.a)) {
                    slow::consume(vm, at.regs, ins.a);
                    at.pc.jump(ins.wide_operand());
                } else {
                    slow::consume(vm, at.regs, ins.a);
                }
            }
            Op::JumpIfNot => {
                if truthy(&vm.heap, at.regs.get(ins.a)) {
                    slow::consume(vm, at.regs, ins.a);
                } else {
                    slow::consume(vm, at.regs, ins.a);
                    at.pc.jump(ins.wide_operand());
                }
            }
            Op::JumpIfNull => {
                if at.regs.get(ins.a).is_null() {
                    at.pc.jump(ins.wide_operand());
                }
            }
            Op::JumpIfSome => {
                if matches!(at.regs.get(ins.a).tag(), Tag::Null | Tag::None) {
                    at.regs.put(ins.a, Value::NULL);
                } else {
                    at.pc.jump(ins.wide_operand());
                }
            }
            Op::IfEq => branch_regs!(ins, None, ==, true),
            Op::IfNe => branch_regs!(ins, None, ==, false),
            Op::IfLt => branch_regs!(ins, Some(Order::Lt), <, true),
            Op::UnlessLt => branch_regs!(ins, Some(Order::Lt), <, false),
            Op::IfLe => branch_regs!(ins, Some(Order::Le), <=, true),
            Op::UnlessLe => branch_regs!(ins, Some(Order::Le), <=, false),
            Op::IfGt => branch_regs!(ins, Some(Order::Gt), >, true),
            Op::UnlessGt => branch_regs!(ins, Some(Order::Gt), >, false),
            Op::IfGe => branch_regs!(ins, Some(Order::Ge), >=, true),
            Op::UnlessGe => branch_regs!(ins, Some(Order::Ge), >=, false),
            Op::IfEqInt => branch_int!(ins, None, ==, true),
            Op::IfNeInt => branch_int!(ins, None, ==, false),
            Op::IfLtInt => branch_int!(ins, Some(Order::Lt), <, true),
            Op::UnlessLtInt => branch_int!(ins, Some(Order::Lt), <, false),
            Op::IfLeInt => branch_int!(ins, Some(Order::Le), <=, true),
            Op::UnlessLeInt => branch_int!(ins, Some(Order::Le), <=, false),
            Op::IfGtInt => branch_int!(ins, Some(Order::Gt), >, true),
            Op::UnlessGtInt => branch_int!(ins, Some(Order::Gt), >, false),
            Op::IfGeInt => branch_int!(ins, Some(Order::Ge), >=, true),
            Op::UnlessGeInt => branch_int!(ins, Some(Order::Ge), >=, false),

            Op::GetIter => attempt!(iterate::begin(vm, at.regs, ins)),
            Op::IterRange | Op::IterRangeInclusive => attempt!(iterate::count(vm, at.regs, ins)),
            Op::ForRange | Op::ForIter => {
                if count_on(vm, at.regs, ins) || attempt!(iterate::next(vm, at.regs, ins)) {
                    at.pc.jump(1);
                } else {
                    let exit = at.pc.word().wide_operand();
                    at.pc.jump(exit);
                }
            }
            Op::NextRange | Op::NextIter => {
                tick!();
                if count_on(vm, at.regs, ins) || attempt!(iterate::next(vm, at.regs, ins)) {
                    let body = at.pc.word().wide_operand();
                    at.pc.jump(body);
                } else {
                    at.pc.jump(1);
                }
            }

            Op::Return => {
                let value = at.regs.get(ins.a);
                let Some(frame) = vm.frames.last().copied() else { continue };
                if frame.flags == 0 {
                    at.regs.put(ins.a, Value::NULL);
                    for register in 0..frame.first_temp {
                        let held = at.regs.get(register);
                        if held.is_heap() {
                            at.regs.put(register, Value::NULL);
                            vm.heap.release(held);
                        }
                    }
                    vm.frames.pop();
                    at = At::top(vm);
                    set(vm, at.regs, frame.result, value);
                } else {
                    retain(value);
                    slow::consume(vm, at.regs, ins.a);
                    leave!(Ok(unwind::end_frame(vm, value)));
                }
            }
            Op::ReturnNull => leave!(Ok(unwind::end_frame(vm, Value::NULL))),
            Op::Raise => {
                let value = at.regs.take(ins.a);
                attempt!(Err(unwind::thrown(vm, value)));
            }
            Op::Reraise => {
                let value = at.regs.take(ins.a);
                attempt!(Err(unwind::thrown_again(vm, value)));
            }
            Op::TryUnwrap => match attempt!(slow::try_unwrap(vm, at.regs, ins)) {
                None => {}
                Some(value) => leave!(Ok(unwind::end_frame(vm, value))),
            },

            Op::CallFunction => {
                let function =
                    crate::value::FunctionId(at.pc.word().wide_operand().cast_unsigned());
                at.pc.jump(1);
                enter!(call::enter_known(vm, ins, function));
            }
            Op::Call => {
                at.pc.jump(1);
                enter!(call::call_value(vm, ins.a, ins.c, ins.b));
            }
            Op::TailCall => enter!(call::tail_call(vm, ins)),
            Op::CallHost => {
                let builtin = crate::value::BuiltinId(at.pc.word().wide_operand().cast_unsigned());
                at.pc.jump(1);
                let value = attempt!(call::call_builtin(vm, at.regs, builtin, ins.a, ins.c.into()));
                set(vm, at.regs, ins.b, value);
            }
            Op::CallHostAsync => {
                at.pc.jump(1);
                attempt!(Err(slow::no_async(vm)));
            }
            Op::CallSpread => {
                at.pc.jump(1);
                enter!(call::call_spread(vm, ins));
            }
            Op::CallNamed => {
                let site = at.pc.word().c;
                at.pc.jump(1);
                enter!(call::call_named(vm, ins, site));
            }
            Op::CallMethod => {
                let site = at.pc.word().c;
                at.pc.jump(1);
                enter!(method::call_method(vm, ins, site));
            }
            Op::CallPlace => {
                let site = at.pc.word().c;
                at.pc.jump(1);
                enter!(place::call(vm, ins, site));
            }

            Op::BuildArray => attempt!(access::build_array(vm, at.regs, ins)),
            Op::BuildDict => attempt!(access::build_dict(vm, at.regs, ins)),
            Op::BuildString => attempt!(access::build_string(vm, at.regs, ins)),
            Op::BuildRange | Op::BuildRangeInclusive => {
                attempt!(access::build_range(vm, at.regs, ins));
            }
            Op::ArrayPush => attempt!(access::array_push(vm, at.regs, ins)),
            Op::ArrayExtend => attempt!(access::array_extend(vm, at.regs, ins)),
            Op::DictInsert => attempt!(access::dict_insert(vm, at.regs, ins)),
            Op::DictMerge => attempt!(access::dict_merge(vm, at.regs, ins)),
            Op::MakeStruct => {
                let ty = crate::value::TypeId(at.pc.word().wide_operand().cast_unsigned());
                at.pc.jump(1);
                let made = attempt!(vm.heap.new_record(ty, at.regs.run(ins.b, ins.c.into())));
                access::forget(at.regs, ins);
                set(vm, at.regs, ins.a, made);
            }
            Op::MakeVariant => {
                let site = at.pc.word().c;
                at.pc.jump(1);
                attempt!(access::make_variant(vm, at.regs, ins, site));
            }
            Op::MakeResult => attempt!(access::make_result(vm, at.regs, ins)),

            Op::GetIndex => {
                let (object, key) = (at.regs.get(ins.b), at.regs.get(ins.c));
                match access::array_item(vm, object, key) {
                    Some(item) => set(vm, at.regs, ins.a, item),
                    None => attempt!(access::get_index(vm, at.regs, ins, object, key)),
                }
            }
            Op::GetIndexInt => {
                let (object, key) = (at.regs.get(ins.b), small(ins));
                match access::array_item(vm, object, key) {
                    Some(item) => set(vm, at.regs, ins.a, item),
                    None => attempt!(access::get_index(vm, at.regs, ins, object, key)),
                }
            }
            Op::GetAttr => {
                let object = at.regs.get(ins.b);
                match access::cached_field(vm, object, ins.c) {
                    Some(field) => {
                        retain(field);
                        set(vm, at.regs, ins.a, field);
                    }
                    None => attempt!(access::get_attr(vm, at.regs, ins, at.consts.get(ins.c))),
                }
            }
            Op::SetIndex => attempt!(access::set_index(vm, at.regs, ins)),
            Op::SetAttr => attempt!(access::set_attr(vm, at.regs, ins, at.consts.get(ins.b))),
            Op::StorePath => {
                let path = at.pc.word().c;
                at.pc.jump(1);
                attempt!(place::store(vm, at.regs, at.consts, ins, path));
            }
            Op::UnpackArray => attempt!(test::unpack_array(vm, at.regs, ins)),

            Op::TestArray
            | Op::TestArrayMin
            | Op::TestDict
            | Op::TestStruct
            | Op::TestVariant
            | Op::TestResult
            | Op::TestPayload => test::shape(vm, at.regs, ins),
            Op::TestKey | Op::TestTag => test::name(vm, at.regs, ins, at.consts.get(ins.c)),
            Op::Element => attempt!(test::element(vm, at.regs, ins)),
            Op::ElementKey => attempt!(test::element_key(vm, at.regs, ins, at.consts.get(ins.c))),
            Op::ElementField => {
                attempt!(test::element_field(vm, at.regs, ins, at.consts.get(ins.c)));
            }
            Op::Payload => attempt!(test::payload(vm, at.regs, ins)),
            Op::RestFrom => attempt!(test::rest_from(vm, at.regs, ins)),
            Op::DropLast => attempt!(test::drop_last(vm, at.regs, ins)),
            Op::DictWithout => attempt!(test::dict_without(vm, at.regs, ins)),
            Op::CheckPattern => attempt!(test::check(vm, at.regs, ins, at.consts.get(ins.b))),
        }
    }
}

/// The divisor, unless it is zero: dividing by zero is an error for floats as well.
#[inline(always)]
fn nonzero(divisor: f64) -> Option<f64> {
    (divisor != 0.0).then_some(divisor)
}

/// The small int in `c`.
#[inline(always)]
fn small(ins: Ins) -> Value {
    Value::int(ins.signed_c().into())
}

/// The next number of a count, if the iteration in `a` is one and has not ended.
#[inline(always)]
fn count_on(vm: &mut Vm, regs: Registers, ins: Ins) -> bool {
    let (at, left) = (regs.get(ins.a), regs.get(ins.a + 1));
    if at.tag() != Tag::Int || left.bits() == 0 {
        return false;
    }
    regs.put(ins.a, Value::int(at.as_int().wrapping_add(1)));
    regs.put(ins.a + 1, Value::int(left.as_int().wrapping_sub(1)));
    set(vm, regs, ins.b, at);
    true
}
