//! Instructions that are not worth a place in the loop: a table, one line an arm. None of them has a second word or jumps.

use super::{access, call, iterate, object, slow, test};
use crate::fault::Res;
use crate::lower::op::{Ins, Op};
use crate::registers::{Registers, Running};
use crate::value::{Tag, Value};
use crate::vm::Vm;

#[inline(never)]
pub(super) fn instruction(vm: &mut Vm, regs: Registers, running: Running, ins: Ins) -> Res<()> {
    match ins.op {
        Op::MakeCell => call::make_cell(vm, regs, ins),
        Op::ParamGiven => {
            let given = regs.get(ins.b).tag() != Tag::Undefined;
            super::set(vm, regs, ins.a, Value::bool(given));
            Ok(())
        }
        Op::ToBool | Op::And | Op::Or => {
            slow::logic(vm, regs, ins);
            Ok(())
        }
        Op::GetIter => {
            if regs.get(ins.b).tag() == Tag::Object {
                object::begin(vm, regs, ins.b)?;
            }
            iterate::begin(&vm.heap, regs, ins)
        }
        Op::IterRange | Op::IterRangeInclusive => iterate::count(vm, regs, ins),

        Op::BuildArray => access::build_array(vm, regs, ins),
        Op::BuildDict => access::build_dict(vm, regs, ins),
        Op::BuildString => access::build_string(vm, regs, ins),
        Op::BuildRange | Op::BuildRangeInclusive => access::build_range(vm, regs, ins),
        Op::ArrayPush => access::array_push(vm, regs, ins),
        Op::DictInsert => access::dict_insert(vm, regs, ins),
        Op::DictMerge => access::dict_merge(vm, regs, ins),
        Op::MakeResult => access::make_result(vm, regs, ins),
        Op::UnpackArray => test::unpack_array(vm, regs, ins),

        Op::TestArray
        | Op::TestArrayMin
        | Op::TestDict
        | Op::TestStruct
        | Op::TestVariant
        | Op::TestResult
        | Op::TestPayload => {
            test::shape(vm, regs, ins);
            Ok(())
        }
        Op::TestKey | Op::TestTag => {
            test::name(vm, regs, ins, running.constant(ins.c));
            Ok(())
        }
        Op::Element => test::element(vm, regs, ins),
        Op::ElementKey => test::element_key(vm, regs, ins, running.constant(ins.c)),
        Op::ElementField => test::element_field(vm, regs, ins, running.constant(ins.c)),
        Op::Payload => test::payload(vm, regs, ins),
        Op::RestFrom => test::rest_from(vm, regs, ins),
        Op::DropLast => test::drop_last(vm, regs, ins),
        Op::DictWithout => test::dict_without(vm, regs, ins),
        Op::CheckPattern => test::check(vm, regs, ins, running.constant(ins.b)),
        _ => unreachable!("{} is done by the loop", ins.op.name()),
    }
}
