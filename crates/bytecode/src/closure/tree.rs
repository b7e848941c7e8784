//! Linear code as trees: what each instruction pops becomes its operand.
//!
//! Order is kept. Operands are consumed in the order in which they were pushed, so evaluating a tree from left to right is
//! what the stack did. Where that does not hold (something lies on the stack below while a statement runs, or the top is
//! copied or moved), everything on the stack is first evaluated into slots, in order.

use std::sync::Arc;

use super::{CompileError, MAX_ARGUMENTS, MAX_HEIGHT};
use crate::constant::Constant;
use crate::function::Function;
use crate::isa::{CompareKind, Opcode};
use crate::module::ModuleData;
use crate::scalar::Arithmetic;
use crate::view::{Instruction, Operand};

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Constant(Constant),
    Name(Arc<str>),
    Slot(u32),
    /// A function of the host, until it is called.
    Host(Arc<str>),
    Arithmetic(Arithmetic, Box<[Node; 2]>),
    Compare(CompareKind, Box<[Node; 2]>),
    And(Box<[Node; 2]>),
    Or(Box<[Node; 2]>),
    Item(Box<[Node; 2]>),
    Negate(Box<Node>),
    Invert(Box<Node>),
    Truth(Box<Node>),
    Attribute(Box<Node>, Arc<str>),
    Call(Arc<str>, Vec<Node>),
    Array(Vec<Node>),
}

/// Something that is done for its effect.
#[derive(Debug)]
pub(super) enum Action {
    Drop(Node),
    Keep(u32, Node),
    Store(Arc<str>, Node),
    SetAttribute(Node, Arc<str>, Node),
}

/// The trees of a function.
#[derive(Debug, Default)]
pub(super) struct Tree {
    pub(super) steps: Vec<Action>,
    pub(super) result: Option<Node>,
    pub(super) n_slots: u32,
    /// What lies on the stack, each with the height of its tree.
    stack: Vec<(Node, u32)>,
    /// The height of the highest tree that the instruction at hand took.
    taken: u32,
}

impl Tree {
    pub(super) fn of(module: &ModuleData, function: &Function) -> Result<Self, CompileError> {
        let mut tree = Self::default();
        for it in function.code.instructions() {
            tree.taken = 0;
            tree.instruction(module, it, it.operand(&function.code))?;
        }
        Ok(tree)
    }

    fn instruction(
        &mut self,
        module: &ModuleData,
        it: Instruction,
        operand: Operand<'_>,
    ) -> Result<(), CompileError> {
        let node = match (it.op, operand) {
            (Opcode::Nop, _) => return Ok(()),
            (Opcode::Pop, _) => {
                let top = self.pop()?;
                if matches!(top, Node::Constant(_) | Node::Slot(_) | Node::Host(_)) {
                    return Ok(());
                }
                self.settle();
                self.steps.push(Action::Drop(top));
                return Ok(());
            }
            (Opcode::Dup | Opcode::DupTwo | Opcode::Copy, _) => {
                self.settle();
                let (depth, times) = match it.op {
                    Opcode::DupTwo => (1, 2),
                    Opcode::Copy => (it.arg as usize, 1),
                    _ => (0, 1),
                };
                for _ in 0..times {
                    let at = self.stack.len().checked_sub(depth + 1);
                    let copy = at.and_then(|at| self.stack.get(at)).cloned();
                    self.stack.push(copy.ok_or(CompileError::NoValue)?);
                }
                return Ok(());
            }
            (Opcode::RotTwo | Opcode::RotThree, _) => {
                self.settle();
                let n = if it.op == Opcode::RotTwo { 2 } else { 3 };
                let from = self.stack.len().checked_sub(n).ok_or(CompileError::NoValue)?;
                self.stack[from..].rotate_right(1);
                return Ok(());
            }
            (Opcode::LoadConst, Operand::Const(_, constant)) => Node::Constant(constant.clone()),
            (Opcode::LoadNull, _) => Node::Constant(Constant::Null),
            (Opcode::LoadTrue, _) => Node::Constant(Constant::Bool(true)),
            (Opcode::LoadFalse, _) => Node::Constant(Constant::Bool(false)),
            (Opcode::LoadInt, Operand::Imm(value)) => Node::Constant(Constant::Int(value.into())),
            (Opcode::LoadName, Operand::Name(_, name)) => Node::Name(Arc::clone(name)),
            (Opcode::LoadHost, Operand::Import(import)) => {
                let import = module.imports.get(import.index()).ok_or(CompileError::NoValue)?;
                Node::Host(Arc::clone(&import.name))
            }
            (Opcode::StoreName, Operand::Name(_, name)) => {
                let value = self.pop_value()?;
                self.settle();
                self.steps.push(Action::Store(Arc::clone(name), value));
                return Ok(());
            }
            (Opcode::SetAttr, Operand::Name(_, name)) => {
                let value = self.pop_value()?;
                let object = self.pop_value()?;
                self.settle();
                self.steps.push(Action::SetAttribute(object, Arc::clone(name), value));
                return Ok(());
            }
            (Opcode::BinaryAdd, _) => Node::Arithmetic(Arithmetic::Add, self.pair()?),
            (Opcode::BinarySub, _) => Node::Arithmetic(Arithmetic::Sub, self.pair()?),
            (Opcode::BinaryMul, _) => Node::Arithmetic(Arithmetic::Mul, self.pair()?),
            (Opcode::BinaryDiv, _) => Node::Arithmetic(Arithmetic::Div, self.pair()?),
            (Opcode::BinaryMod, _) => Node::Arithmetic(Arithmetic::Mod, self.pair()?),
            (Opcode::UnaryNeg, _) => Node::Negate(Box::new(self.pop_value()?)),
            (Opcode::UnaryNot, _) => Node::Invert(Box::new(self.pop_value()?)),
            (Opcode::ToBool, _) => Node::Truth(Box::new(self.pop_value()?)),
            (Opcode::Compare, Operand::Compare(kind)) => Node::Compare(kind, self.pair()?),
            (Opcode::LogicalAnd, _) => Node::And(self.pair()?),
            (Opcode::LogicalOr, _) => Node::Or(self.pair()?),
            (Opcode::GetIndex, _) => Node::Item(self.pair()?),
            (Opcode::GetAttr, Operand::Name(_, name)) => {
                Node::Attribute(Box::new(self.pop_value()?), Arc::clone(name))
            }
            (Opcode::BuildArray, Operand::Count(count)) => Node::Array(self.items(count)?),
            (Opcode::CallHost, Operand::Count(count)) => {
                let arguments = self.items(count)?;
                let Node::Host(name) = self.pop()? else { return Err(CompileError::NoValue) };
                Node::Call(name, arguments)
            }
            (Opcode::Return, _) => {
                let value = self.pop_value()?;
                self.settle();
                self.result = Some(value);
                return Ok(());
            }
            (Opcode::ReturnNull, _) => {
                self.settle();
                return Ok(());
            }
            _ => return Err(CompileError::NotLinear),
        };
        let height = self.taken + 1;
        if height > MAX_HEIGHT {
            return Err(CompileError::TooDeep);
        }
        self.stack.push((node, height));
        Ok(())
    }

    fn pop(&mut self) -> Result<Node, CompileError> {
        let (node, height) = self.stack.pop().ok_or(CompileError::NoValue)?;
        self.taken = self.taken.max(height);
        Ok(node)
    }

    fn pop_value(&mut self) -> Result<Node, CompileError> {
        match self.pop()? {
            Node::Host(_) => Err(CompileError::NoValue),
            value => Ok(value),
        }
    }

    fn pair(&mut self) -> Result<Box<[Node; 2]>, CompileError> {
        let right = self.pop_value()?;
        Ok(Box::new([self.pop_value()?, right]))
    }

    fn items(&mut self, count: u32) -> Result<Vec<Node>, CompileError> {
        let count = count as usize;
        if count > MAX_ARGUMENTS {
            return Err(CompileError::TooManyArguments);
        }
        let from = self.stack.len().checked_sub(count).ok_or(CompileError::NoValue)?;
        let items = self.stack.split_off(from);
        self.taken = items.iter().map(|it| it.1).fold(self.taken, u32::max);
        let items: Vec<Node> = items.into_iter().map(|it| it.0).collect();
        let plain = items.iter().all(|it| !matches!(it, Node::Host(_)));
        plain.then_some(items).ok_or(CompileError::NoValue)
    }

    /// Evaluates what lies on the stack, in order, into slots.
    fn settle(&mut self) {
        for nth in 0..self.stack.len() {
            let (node, height) = &mut self.stack[nth];
            if matches!(node, Node::Constant(_) | Node::Slot(_) | Node::Host(_)) {
                continue;
            }
            *height = 1;
            let slot = self.n_slots;
            self.n_slots += 1;
            let node = std::mem::replace(node, Node::Slot(slot));
            self.steps.push(Action::Keep(slot, node));
        }
    }
}
