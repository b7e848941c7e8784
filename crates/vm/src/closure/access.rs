//! Reading elements, fields and variables that are no registers. What is read is not counted: it is looked at before
//! anything changes.

use super::Expr;
use super::operand::{Node, OfTwo, Operand, STUCK, of_two};
use crate::interp::fast;
use crate::registers::Running;
use crate::value::Value;

/// `object[key]`, for an element of an array that is there.
pub(super) fn element(object: Node, key: Node) -> Expr {
    struct Element;
    impl OfTwo for Element {
        type Made = Expr;
        fn make(self, object: impl Operand, key: impl Operand) -> Expr {
            Box::new(move |regs, vm| {
                fast::element(vm, object.get(regs, vm), key.get(regs, vm)).unwrap_or(STUCK)
            })
        }
    }
    of_two(object, key, Element)
}

/// `object.name`, for a struct of a type that was seen here before.
pub(super) fn field(function: u32, object: Node, name: u16) -> Expr {
    fn of(function: u32, object: impl Operand, name: u16) -> Expr {
        Box::new(move |regs, vm| {
            let running = Running::new(&vm.units, function);
            fast::cached_field(vm, running, object.get(regs, vm), name).unwrap_or(STUCK)
        })
    }
    match object {
        Node::Local(at) => of(function, super::operand::Local(at), name),
        object => of(function, object.into_expr(), name),
    }
}

fn defined(value: Value) -> Value {
    if value.is_defined() { value } else { STUCK }
}

pub(super) fn global(at: u16) -> Expr {
    Box::new(move |_, vm| vm.globals.get(usize::from(at)).map_or(STUCK, |it| defined(*it)))
}

pub(super) fn cell(register: u16) -> Expr {
    Box::new(move |regs, vm| defined(vm.heap.cell(regs.get(register))))
}

pub(super) fn captured(at: u16) -> Expr {
    Box::new(move |regs, vm| defined(vm.heap.cell(fast::captured(vm, regs, at))))
}

/// A constant of the function that is on the heap.
pub(super) fn constant(function: u32, at: u16) -> Expr {
    Box::new(move |_, vm| Running::new(&vm.units, function).constant(at))
}
