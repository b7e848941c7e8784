//! Register form to closures: one walk over the code, from the first instruction to the last.
//!
//! **Expressions.** What is written to a temporary and read by what follows right behind becomes an operand of it, and the
//! temporary is not written: a temporary is read once, by the instruction that takes it off the stack that lowering started
//! from. Between the first instruction of such a group and its last nothing changes, so whatever is stuck in it is stuck at
//! the first one, and the loop does all of the group.
//!
//! **Structure.** A compiler that knows `if` and `while` leaves jumps that can be read as such again: a jump forward over a
//! part is an `if`, with an `else` if that part ends by jumping over another one; a jump back is a loop. Any other jump leaves
//! the sequence that it is in, and whoever is around it looks whether it knows the place; at last the interpreter does. So
//! nothing depends on finding structure but speed.

mod plain;

use std::collections::BTreeMap;
use std::sync::Arc;

use remora_bytecode::scalar::Arithmetic;
use remora_bytecode::{CompareKind, Constant};

use super::flow::Truth;
use super::kinds::{
    Form, arithmetic, compared, compared_back, compared_value, is_back, place, target,
};
use super::operand::{Node, STUCK};
use super::operator::{self, Comparison, Cond, OfCondition};
use super::sequence::Sequence;
use super::step::{self, Looked, Taken};
use super::turns::{self, Loop, Turn};
use super::{Step, access};
use crate::lower::op::{Ins, Op};
use crate::lower::{Const, LoweredFunction};
use crate::registers::Registers;
use crate::value::{Tag, Value};
use crate::vm::Vm;

/// How deep sequences and loops are nested: as deep closures call each other.
const MAX_NESTING: usize = 20;

/// The same for expressions.
const MAX_EXPRESSION: usize = 20;

/// How many temporaries are looked through for an operand: those of an expression, not those of a literal of a thousand
/// elements.
const MAX_PENDING: usize = 32;

/// What the walk has found.
pub(super) struct Built {
    /// All of the function.
    pub(super) whole: Sequence,
    /// Whether running all of it comes to something that has no closure, whichever way it goes.
    pub(super) is_stuck: bool,
    /// Loops that can do a turn, by their first instructions.
    pub(super) loops: BTreeMap<u32, Arc<Loop>>,
}

/// A temporary that has not been written, because what reads it may compute it.
struct Pending {
    temp: u16,
    node: Node,
    /// The first instruction that it is computed by.
    start: u32,
    depth: usize,
}

/// What a jump depends on.
enum When {
    Compared(Comparison),
    Other(Cond),
}

/// An `if` without its condition.
struct Branch {
    jumps: Truth,
    then: Sequence,
    start: u32,
}

impl OfCondition for Branch {
    type Made = Step;
    fn make(self, cond: impl Fn(Registers, &Vm) -> Truth + Send + Sync + 'static) -> Step {
        step::when(cond, self.jumps, self.then, self.start)
    }
}

impl When {
    fn boxed(self) -> Cond {
        match self {
            Self::Compared(it) => it.boxed(),
            Self::Other(it) => it,
        }
    }

    fn branch(self, branch: Branch) -> Step {
        match self {
            Self::Compared(it) => it.make(branch),
            Self::Other(it) => branch.make(it),
        }
    }
}

/// What an instruction reads.
struct Read {
    node: Node,
    /// The register, if it is read from one.
    from: Option<u16>,
}

/// What a sequence becomes.
#[derive(Default)]
struct Steps {
    steps: Vec<(u32, Step)>,
    /// Whether the next instruction is reached whenever the sequence is run to there.
    certain: bool,
    /// Where it is so again.
    again: Option<u32>,
    is_stuck: bool,
}

pub(super) struct Builder<'a> {
    id: u32,
    function: &'a LoweredFunction,
    code: &'a [Ins],
    /// Instructions that something jumps to.
    targets: Vec<bool>,
    /// The last instruction of each loop, by its first one.
    tails: BTreeMap<u32, u32>,
    pending: Vec<Pending>,
    /// First instruction that the pending operands taken last are computed by.
    start: u32,
    depth: usize,
    nesting: usize,
    loops: BTreeMap<u32, Arc<Loop>>,
}

/// Makes the closures of a function.
pub(super) fn build(id: u32, function: &LoweredFunction) -> Built {
    // What instructions do with those behind them, closures find out for themselves.
    let code: Vec<Ins> = function.code.iter().map(|it| it.alone()).collect();
    let code = &*code;
    let mut builder = Builder {
        id,
        function,
        code,
        targets: vec![false; code.len() + 1],
        tails: BTreeMap::new(),
        pending: Vec::new(),
        start: 0,
        depth: 0,
        nesting: 0,
        loops: BTreeMap::new(),
    };
    builder.find_jumps();
    let end = place(code.len());
    let (whole, is_stuck) = builder.sequence(0, end, None);
    Built { whole, is_stuck, loops: builder.loops }
}

impl Builder<'_> {
    fn find_jumps(&mut self) {
        for at in 0..self.code.len() {
            let Some(to) = target(self.code, at) else { continue };
            if let Some(it) = self.targets.get_mut(to as usize) {
                *it = true;
            }
            if is_back(self.code[at].op) && to <= place(at) {
                self.tails.insert(to, place(at));
            }
        }
        for handler in &self.function.handlers {
            if let Some(it) = self.targets.get_mut(handler.target as usize) {
                *it = true;
            }
        }
    }

    fn is_temp(&self, register: u16) -> bool {
        register >= self.function.first_temp
    }

    /// The instructions from `from` up to `end`; those of the loop that begins at `inside` are not a loop again. Also gives
    /// whether it is stuck whichever way it goes.
    fn sequence(&mut self, from: u32, end: u32, inside: Option<u32>) -> (Sequence, bool) {
        let mut steps = Steps { certain: true, ..Steps::default() };
        let mut at = from;
        while at < end {
            if self.targets[at as usize] {
                self.flush(&mut steps);
            }
            if steps.again == Some(at) {
                (steps.certain, steps.again) = (true, None);
            }
            let tail = self.tails.get(&at).copied().filter(|it| *it < end && inside != Some(at));
            at = match tail {
                Some(tail) if self.nesting < MAX_NESTING => self.a_loop(at, tail, &mut steps),
                _ => self.instruction(at, end, &mut steps),
            };
        }
        self.flush(&mut steps);
        (Sequence::new(steps.steps, end), steps.is_stuck)
    }

    /// A loop; gives the instruction behind it.
    fn a_loop(&mut self, start: u32, tail: u32, steps: &mut Steps) -> u32 {
        self.flush(steps);
        self.nesting += 1;
        let (body, is_stuck) = self.sequence(start, tail, Some(start));
        self.nesting -= 1;
        let ins = self.code[tail as usize];
        let exit = tail + if ins.op.is_wide() { 2 } else { 1 };
        let turn = match ins.op {
            Op::JumpBack => Turn::Always,
            Op::NextRange => Turn::Count(ins),
            Op::NextIter => Turn::Item(ins),
            op => match compared_back(op) {
                Some((kind, true, Truth::True)) => {
                    Turn::WithInt(kind, ins.a, ins.b.cast_signed().into())
                }
                Some((kind, false, Truth::True)) => Turn::Locals(kind, ins.a, ins.b),
                _ => {
                    let right = match op {
                        Op::LoopNeInt => Node::Int(ins.b.cast_signed().into()),
                        _ => Node::Local(ins.b),
                    };
                    let left = Node::Local(ins.a);
                    let (op, owned) = (CompareKind::Eq, false);
                    Turn::If(Comparison { op, left, right, owned }.boxed(), Truth::False)
                }
            },
        };
        let it = Arc::new(Loop { start, tail, exit, body, turn });
        if is_stuck {
            steps.is_stuck |= steps.certain;
        } else {
            self.loops.insert(start, Arc::clone(&it));
        }
        steps.steps.push((start, Box::new(move |regs, vm| it.run(regs, vm))));
        exit
    }

    /// Writes what is pending.
    fn flush(&mut self, steps: &mut Steps) {
        for it in self.pending.drain(..) {
            steps.steps.push((it.start, step::assign(it.node, it.temp, it.start)));
        }
    }

    /// Adds a step that reads what [`Builder::read`] has given last.
    fn step(&mut self, steps: &mut Steps, make: impl FnOnce(u32) -> Step) {
        let start = self.start;
        self.flush(steps);
        steps.steps.push((start, make(start)));
    }

    /// What registers hold, for the instruction at `at`.
    fn read<const N: usize>(
        &mut self,
        at: u32,
        registers: [u16; N],
        steps: &mut Steps,
    ) -> [Read; N] {
        let is_read = |it: &Pending| registers.contains(&it.temp);
        let n = self.pending.iter().filter(|it| is_read(it)).count();
        let first = self.pending.len() - n;
        let twice = self.pending.iter().any(|it| {
            is_read(it) && registers.iter().filter(|register| **register == it.temp).count() > 1
        });
        let deep = self.pending.iter().any(|it| is_read(it) && it.depth >= MAX_EXPRESSION);
        if twice || deep || !self.pending[first..].iter().all(is_read) {
            self.flush(steps);
        }
        (self.start, self.depth) = (at, 0);
        registers.map(|register| match self.pending.iter().position(|it| it.temp == register) {
            Some(found) => {
                let it = self.pending.remove(found);
                self.start = self.start.min(it.start);
                self.depth = self.depth.max(it.depth + 1);
                Read { node: it.node, from: None }
            }
            None => Read { node: Node::Local(register), from: Some(register) },
        })
    }

    /// `to = node`, where the node reads what [`Builder::read`] has given last.
    fn result(&mut self, node: Node, to: u16, steps: &mut Steps) {
        if self.is_temp(to) {
            if self.pending.len() >= MAX_PENDING || self.pending.iter().any(|it| it.temp == to) {
                self.flush(steps);
            }
            let (start, depth) = (self.start, self.depth);
            self.pending.push(Pending { temp: to, node, start, depth });
        } else {
            self.step(steps, |start| step::assign(node, to, start));
        }
    }

    /// The same for what may be an object in a temporary that writing the result gives up.
    fn loaded(&mut self, node: Node, to: u16, gives_up: bool, steps: &mut Steps) {
        if gives_up {
            self.step(steps, |start| step::assign(node, to, start));
        } else {
            self.result(node, to, steps);
        }
    }

    fn constant(&self, at: u16) -> Node {
        match self.function.consts.get(usize::from(at)) {
            Some(Const::Plain(Constant::Int(value))) => Node::Int(*value),
            Some(Const::Plain(Constant::Float(bits))) => Node::Float(f64::from_bits(*bits)),
            Some(Const::Plain(Constant::Bool(value))) => {
                let value = Value::bool(*value);
                Node::Computed(Box::new(move |_, _| value))
            }
            _ => Node::Computed(access::constant(self.id, at)),
        }
    }

    /// One instruction; gives the next one that is to be looked at.
    fn instruction(&mut self, at: u32, end: u32, steps: &mut Steps) -> u32 {
        let ins = self.code[at as usize];
        let next = at + if ins.op.is_wide() { 2 } else { 1 };
        let word = self.code.get(at as usize + 1).copied().unwrap_or(ins);
        let to = target(self.code, at as usize).unwrap_or(next);
        if let Some((op, form)) = arithmetic(ins.op) {
            self.arithmetic(at, op, form, steps);
            return next;
        }
        if let Some((kind, with_int, jumps)) = compared(ins.op) {
            let cond = self.comparison(at, kind, ins.a, (ins.b, with_int), steps);
            return self.branch(When::Compared(cond), jumps, to, (next, end), steps);
        }
        if let Some((kind, with_int, jumps)) = compared_back(ins.op) {
            let cond = self.comparison(at, kind, ins.a, (ins.b, with_int), steps);
            self.step(steps, |start| step::jump_back_if(Some(cond.boxed()), jumps, to, start));
            return next;
        }
        if let Some(kind) = compared_value(ins.op) {
            let cond = self.comparison(at, kind, ins.b, (ins.c, false), steps).boxed();
            let value = move |truth| match truth {
                Truth::Stuck => STUCK,
                it => Value::bool(it == Truth::True),
            };
            let node = Node::Computed(Box::new(move |regs, vm| value(cond(regs, vm))));
            self.result(node, ins.a, steps);
            return next;
        }
        match ins.op {
            Op::JumpIf | Op::JumpIfNot | Op::IfFalse | Op::UnlessFalse => {
                let [value] = self.read(at, [ins.a], steps);
                let value = value.node.into_expr();
                let cond: Cond = Box::new(move |regs, vm| {
                    value(regs, vm).to_bool().map_or(Truth::Stuck, Truth::of)
                });
                let jumps = Truth::of(matches!(ins.op, Op::JumpIf | Op::UnlessFalse));
                return self.branch(When::Other(cond), jumps, to, (next, end), steps);
            }
            Op::JumpIfNull => {
                self.flush(steps);
                self.start = at;
                let register = ins.a;
                let cond: Cond = Box::new(move |regs, _| Truth::of(regs.get(register).is_null()));
                return self.branch(When::Other(cond), Truth::True, to, (next, end), steps);
            }
            Op::JumpIfSome => {
                self.flush(steps);
                steps.steps.push((at, step::jump_if_some(ins.a, to)));
            }
            Op::Jump => {
                self.flush(steps);
                steps.steps.push((at, step::jump(to)));
                if steps.certain && to > at {
                    (steps.certain, steps.again) = (false, Some(to));
                }
            }
            Op::JumpBack => {
                self.start = at;
                self.step(steps, |start| step::jump_back_if(None, Truth::True, to, start));
                steps.certain = false;
            }
            Op::NextRange | Op::NextIter => {
                self.flush(steps);
                steps.steps.push((at, turns::next_item(ins, to, at)));
            }
            Op::Return | Op::ReturnNull => {
                self.flush(steps);
                steps.steps.push((at, step::out(at)));
                steps.certain = false;
            }
            _ if self.simple(at, ins, word, to, steps) => {}
            _ => {
                self.flush(steps);
                steps.steps.push((at, step::stuck(at)));
                steps.is_stuck |= steps.certain;
                steps.certain = false;
            }
        }
        next
    }

    fn arithmetic(&mut self, at: u32, op: Arithmetic, form: Form, steps: &mut Steps) {
        let ins = self.code[at as usize];
        let (left, right) = match form {
            Form::Registers => {
                let [left, right] = self.read(at, [ins.b, ins.c], steps);
                (left.node, right.node)
            }
            Form::SmallInt => {
                let [left] = self.read(at, [ins.b], steps);
                (left.node, Node::Int(ins.signed_c().into()))
            }
            Form::ConstRight => {
                let [left] = self.read(at, [ins.b], steps);
                (left.node, self.constant(ins.c))
            }
            Form::ConstLeft => {
                let [right] = self.read(at, [ins.c], steps);
                (self.constant(ins.b), right.node)
            }
        };
        if self.is_temp(ins.a) {
            let node = Node::Computed(operator::arithmetic_expr(op, left, right));
            self.result(node, ins.a, steps);
        } else {
            self.step(steps, |start| step::assign_arithmetic(op, left, right, ins.a, start));
        }
    }

    fn comparison(
        &mut self,
        at: u32,
        kind: CompareKind,
        left: u16,
        (right, with_int): (u16, bool),
        steps: &mut Steps,
    ) -> Comparison {
        let owned = |this: &Self, it: &Read| it.from.is_some_and(|it| this.is_temp(it));
        if with_int {
            let [left] = self.read(at, [left], steps);
            let owned = owned(self, &left);
            let right = Node::Int(right.cast_signed().into());
            return Comparison { op: kind, left: left.node, right, owned };
        }
        let [left, right] = self.read(at, [left, right], steps);
        let owned = owned(self, &left) || owned(self, &right);
        Comparison { op: kind, left: left.node, right: right.node, owned }
    }

    /// A jump on a condition: an `if`, if it is one. Gives the next instruction that is to be looked at.
    fn branch(
        &mut self,
        cond: When,
        jumps: Truth,
        to: u32,
        (next, end): (u32, u32),
        steps: &mut Steps,
    ) -> u32 {
        let start = self.start;
        self.flush(steps);
        if to < next || to > end || self.nesting >= MAX_NESTING {
            steps.steps.push((start, step::jump_if(cond.boxed(), jumps, to, start)));
            return next;
        }
        self.nesting += 1;
        let over = self.code[to as usize - 1];
        let behind = target(self.code, to as usize - 1)
            .filter(|it| over.op == Op::Jump && to > next && *it >= to && *it <= end);
        let after = if let Some(behind) = behind {
            let (then, _) = self.sequence(next, to - 1, None);
            let (otherwise, _) = self.sequence(to, behind, None);
            steps.steps.push((start, step::either(cond.boxed(), jumps, then, otherwise, start)));
            behind
        } else {
            let (then, _) = self.sequence(next, to, None);
            steps.steps.push((start, cond.branch(Branch { jumps, then, start })));
            to
        };
        self.nesting -= 1;
        after
    }

    /// Whether it is a temporary, which owns what it holds.
    fn is_owned(&self, read: &Read) -> bool {
        read.from.is_some_and(|it| self.is_temp(it))
    }
}

impl Read {
    /// As what is taken over: moved out of its register, or counted.
    fn taken(self) -> Taken {
        Taken { node: self.node, from: self.from }
    }

    fn looked(self) -> Looked {
        Looked { node: self.node, from: self.from }
    }
}

const _: () = assert!(Tag::Moved as u8 == STUCK.tag() as u8);
