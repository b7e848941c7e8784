//! Which instructions jump, compare and compute: what closures are made from, as tables.

use remora_bytecode::CompareKind;
use remora_bytecode::scalar::Arithmetic;

use super::flow::Truth;
use crate::lower::op::{Ins, Op};

/// Code is shorter than [`super::flow::MAX_CODE`].
pub(super) fn place(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX >> 2)
}

/// The instruction that one leads to beside the next one.
pub(super) fn target(code: &[Ins], at: usize) -> Option<u32> {
    let ins = *code.get(at)?;
    let (from, by) = match ins.op.shape().chars().last()? {
        's' => (at + 1, i32::from(ins.signed_c())),
        'j' => (at + 1, ins.wide_operand()),
        'J' => (at + 1, code.get(at + 1)?.wide_operand()),
        _ => return None,
    };
    place(from).checked_add_signed(by)
}

/// Whether it ends a turn of a loop.
pub(super) const fn is_back(op: Op) -> bool {
    matches!(op, Op::JumpBack | Op::NextRange | Op::NextIter) || compared_back(op).is_some()
}

/// What the end of a loop compares, whether with an int, and which result goes on.
pub(super) const fn compared_back(op: Op) -> Option<(CompareKind, bool, Truth)> {
    Some(match op {
        Op::LoopLt => (CompareKind::Lt, false, Truth::True),
        Op::LoopLe => (CompareKind::Le, false, Truth::True),
        Op::LoopGt => (CompareKind::Gt, false, Truth::True),
        Op::LoopGe => (CompareKind::Ge, false, Truth::True),
        Op::LoopEq => (CompareKind::Eq, false, Truth::True),
        Op::LoopNe => (CompareKind::Eq, false, Truth::False),
        Op::LoopLtInt => (CompareKind::Lt, true, Truth::True),
        Op::LoopLeInt => (CompareKind::Le, true, Truth::True),
        Op::LoopGtInt => (CompareKind::Gt, true, Truth::True),
        Op::LoopGeInt => (CompareKind::Ge, true, Truth::True),
        Op::LoopEqInt => (CompareKind::Eq, true, Truth::True),
        Op::LoopNeInt => (CompareKind::Eq, true, Truth::False),
        _ => return None,
    })
}

/// What a jump compares, whether with an int, and on which result it jumps.
pub(super) const fn compared(op: Op) -> Option<(CompareKind, bool, Truth)> {
    Some(match op {
        Op::IfEq => (CompareKind::Eq, false, Truth::True),
        Op::IfNe => (CompareKind::Eq, false, Truth::False),
        Op::IfLt => (CompareKind::Lt, false, Truth::True),
        Op::UnlessLt => (CompareKind::Lt, false, Truth::False),
        Op::IfLe => (CompareKind::Le, false, Truth::True),
        Op::UnlessLe => (CompareKind::Le, false, Truth::False),
        Op::IfGt => (CompareKind::Gt, false, Truth::True),
        Op::UnlessGt => (CompareKind::Gt, false, Truth::False),
        Op::IfGe => (CompareKind::Ge, false, Truth::True),
        Op::UnlessGe => (CompareKind::Ge, false, Truth::False),
        Op::IfEqInt => (CompareKind::Eq, true, Truth::True),
        Op::IfNeInt => (CompareKind::Eq, true, Truth::False),
        Op::IfLtInt => (CompareKind::Lt, true, Truth::True),
        Op::UnlessLtInt => (CompareKind::Lt, true, Truth::False),
        Op::IfLeInt => (CompareKind::Le, true, Truth::True),
        Op::UnlessLeInt => (CompareKind::Le, true, Truth::False),
        Op::IfGtInt => (CompareKind::Gt, true, Truth::True),
        Op::UnlessGtInt => (CompareKind::Gt, true, Truth::False),
        Op::IfGeInt => (CompareKind::Ge, true, Truth::True),
        Op::UnlessGeInt => (CompareKind::Ge, true, Truth::False),
        _ => return None,
    })
}

pub(super) const fn compared_value(op: Op) -> Option<CompareKind> {
    Some(match op {
        Op::Eq => CompareKind::Eq,
        Op::Ne => CompareKind::Ne,
        Op::Lt => CompareKind::Lt,
        Op::Le => CompareKind::Le,
        Op::Gt => CompareKind::Gt,
        Op::Ge => CompareKind::Ge,
        _ => return None,
    })
}

/// Which operand of an operation is a constant.
#[derive(Clone, Copy)]
pub(super) enum Form {
    Registers,
    SmallInt,
    ConstRight,
    ConstLeft,
}

pub(super) const fn arithmetic(op: Op) -> Option<(Arithmetic, Form)> {
    Some(match op {
        Op::Add => (Arithmetic::Add, Form::Registers),
        Op::Sub => (Arithmetic::Sub, Form::Registers),
        Op::Mul => (Arithmetic::Mul, Form::Registers),
        Op::Div => (Arithmetic::Div, Form::Registers),
        Op::Rem => (Arithmetic::Mod, Form::Registers),
        Op::AddInt => (Arithmetic::Add, Form::SmallInt),
        Op::SubInt => (Arithmetic::Sub, Form::SmallInt),
        Op::MulInt => (Arithmetic::Mul, Form::SmallInt),
        Op::DivInt => (Arithmetic::Div, Form::SmallInt),
        Op::RemInt => (Arithmetic::Mod, Form::SmallInt),
        Op::AddConst => (Arithmetic::Add, Form::ConstRight),
        Op::SubConst => (Arithmetic::Sub, Form::ConstRight),
        Op::MulConst => (Arithmetic::Mul, Form::ConstRight),
        Op::DivConst => (Arithmetic::Div, Form::ConstRight),
        Op::RemConst => (Arithmetic::Mod, Form::ConstRight),
        Op::ConstSub => (Arithmetic::Sub, Form::ConstLeft),
        Op::ConstMul => (Arithmetic::Mul, Form::ConstLeft),
        Op::ConstDiv => (Arithmetic::Div, Form::ConstLeft),
        _ => return None,
    })
}
