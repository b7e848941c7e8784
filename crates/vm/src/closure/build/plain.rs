//! Instructions that only compute or move something, each as an operand of what follows or as a step.

use super::{Builder, Read, Steps};
use crate::closure::operand::Node;
use crate::closure::{access, step};
use crate::lower::op::{Ins, Op};

impl Builder<'_> {
    /// Instructions that only compute or move something; `false` for others.
    pub(super) fn simple(
        &mut self,
        at: u32,
        ins: Ins,
        word: Ins,
        to: u32,
        steps: &mut Steps,
    ) -> bool {
        let native = word.wide_operand().cast_unsigned();
        match ins.op {
            Op::Word => {}
            Op::Copy => {
                if self.is_temp(ins.b) {
                    // It is read once more.
                    self.flush(steps);
                }
                let [value] = self.read(at, [ins.b], steps);
                // A temporary that is looked at stays what it is.
                let gives_up = value.from.is_some_and(|it| self.is_temp(it));
                self.loaded(value.node, ins.a, gives_up, steps);
            }
            Op::Take => {
                let [value] = self.read(at, [ins.b], steps);
                let is_local = value.from.is_some();
                if is_local {
                    self.step(steps, |_| step::take(ins.b, ins.a));
                } else {
                    self.result(value.node, ins.a, steps);
                }
            }
            Op::LoadConst => {
                let [] = self.read(at, [], steps);
                let value = self.constant(ins.b);
                self.result(value, ins.a, steps);
            }
            Op::LoadInt => {
                let [] = self.read(at, [], steps);
                self.result(Node::Int(ins.wide_operand().into()), ins.a, steps);
            }
            Op::Drop => {
                let [] = self.read(at, [], steps);
                self.step(steps, |_| step::drop_register(ins.a));
            }
            Op::LoadGlobal => {
                let [] = self.read(at, [], steps);
                self.result(Node::Computed(access::global(ins.b)), ins.a, steps);
            }
            Op::LoadCell => {
                let [] = self.read(at, [], steps);
                self.result(Node::Computed(access::cell(ins.b)), ins.a, steps);
            }
            Op::LoadFree => {
                let [] = self.read(at, [], steps);
                self.result(Node::Computed(access::captured(ins.b)), ins.a, steps);
            }
            Op::StoreGlobal => {
                let [value] = self.read(at, [ins.a], steps);
                self.step(steps, |start| step::store_global(value.taken(), ins.b, start));
            }
            Op::StoreCell => {
                let [value] = self.read(at, [ins.b], steps);
                self.step(steps, |start| step::store_cell(value.taken(), ins.a, start));
            }
            Op::StoreFree => {
                let [value] = self.read(at, [ins.b], steps);
                self.step(steps, |start| step::store_captured(value.taken(), ins.a, start));
            }
            Op::Neg | Op::Not | Op::ToBool => {
                let [value] = self.read(at, [ins.b], steps);
                let Some(expr) = step::unary(ins.op, value.node) else { return false };
                self.result(Node::Computed(expr), ins.a, steps);
            }
            Op::GetIndex => {
                let [object, key] = self.read(at, [ins.b, ins.c], steps);
                let gives_up = self.is_owned(&object) || self.is_owned(&key);
                let node = Node::Computed(access::element(object.node, key.node));
                self.loaded(node, ins.a, gives_up, steps);
            }
            Op::GetIndexInt => {
                let [object] = self.read(at, [ins.b], steps);
                let gives_up = self.is_owned(&object);
                let key = Node::Int(ins.signed_c().into());
                self.loaded(
                    Node::Computed(access::element(object.node, key)),
                    ins.a,
                    gives_up,
                    steps,
                );
            }
            Op::GetAttr => {
                let [object] = self.read(at, [ins.b], steps);
                let gives_up = self.is_owned(&object);
                let node = Node::Computed(access::field(self.id, object.node, ins.c));
                self.loaded(node, ins.a, gives_up, steps);
            }
            Op::SetIndex => {
                let [key, value] = self.read(at, [ins.b, ins.c], steps);
                self.step(steps, |start| step::set_element(ins.a, key.node, value.taken(), start));
            }
            Op::SetAttr => {
                let [value] = self.read(at, [ins.c], steps);
                let id = self.id;
                self.step(steps, |start| step::set_field(id, ins.a, ins.b, value.taken(), start));
            }
            Op::StoreItemAttr => {
                let [key, value] = self.read(at, [ins.b, ins.a], steps);
                let id = self.id;
                self.step(steps, |start| {
                    step::set_element_field(id, word.a, key.node, ins.c, value.taken(), start)
                });
            }
            Op::PushOn => {
                let [value] = self.read(at, [ins.a], steps);
                self.step(steps, |start| step::push(word.a, value.taken(), ins.b, start));
            }
            Op::CallLook1 => {
                let [first] = self.read(at, [ins.b], steps);
                self.step(steps, |start| step::look_one(native, first.looked(), ins.a, start));
            }
            Op::HasKey => {
                let [dict, key] = self.read(at, [ins.b, ins.c], steps).map(Read::looked);
                self.step(steps, |start| step::has_key(dict, key, ins.a, start));
            }
            Op::IterRange | Op::IterRangeInclusive => {
                self.flush(steps);
                steps.steps.push((at, step::begin_count(ins, at)));
            }
            Op::GetIter => {
                self.flush(steps);
                steps.steps.push((at, step::begin_iteration(ins, at)));
            }
            Op::ForRange | Op::ForIter => {
                self.flush(steps);
                steps.steps.push((at, step::first_item(ins, to, at)));
            }
            _ => return false,
        }
        true
    }
}
