//! A program as HogTrace, if it has a form for everything in it.

use std::sync::Arc;

use remora_bytecode::scalar::Arithmetic;
use remora_bytecode::view::Operand;
use remora_bytecode::{Code, Constant as Own, FnIdx, Opcode};
use remora_diagnostics::Code as ErrorCode;

use super::opcode::Instruction;
use super::pool::Pool;
use super::protobuf::{write_bytes, write_fixed32, write_fixed64, write_number};
use super::{Constant, VERSION};
use crate::dispatcher::ENTRY;
use crate::functions::Function;
use crate::program::{Probe, Program, ProgramError};
use crate::spec::{Point, Provider, Spec};

/// The bytes of a program of HogTrace that does the same.
///
/// # Errors
/// P0011 and what does not fit: other providers than `fn`, line offsets, rates of single probes, aggregates, functions that
/// it has not, `begin`, `end` and `interval`.
pub fn write(program: &Program) -> Result<Vec<u8>, ProgramError> {
    let mut pool = Pool::default();
    let mut probes = Vec::new();
    for probe in program.probes() {
        let said = |what: String| {
            ProgramError::new(ErrorCode::P0011, format!("{} ({}): {what}", probe.id, probe.spec))
        };
        probes.push(write_probe(program, probe, &mut pool).map_err(said)?);
    }
    let mut out = Vec::new();
    write_number(&mut out, 1, VERSION);
    let mut constants = Vec::new();
    for constant in pool.constants() {
        write_bytes(&mut constants, 1, &constant_bytes(constant));
    }
    write_bytes(&mut out, 2, &constants);
    for probe in probes {
        write_bytes(&mut out, 3, &probe);
    }
    write_fixed32(&mut out, 4, program.sampling().to_bits());
    Ok(out)
}

fn constant_bytes(constant: &Constant) -> Vec<u8> {
    let mut out = Vec::new();
    match constant {
        Constant::Int(value) => write_number(&mut out, 1, value.cast_unsigned()),
        Constant::Float(bits) => write_fixed64(&mut out, 2, *bits),
        Constant::Text(text) => write_bytes(&mut out, 3, text.as_bytes()),
        Constant::Bool(value) => write_number(&mut out, 4, u64::from(*value)),
        Constant::None => write_bytes(&mut out, 5, &[]),
        Constant::Identifier(name) => write_bytes(&mut out, 6, name.as_bytes()),
        Constant::Field(name) => write_bytes(&mut out, 7, name.as_bytes()),
        Constant::Function(name) => write_bytes(&mut out, 8, name.as_bytes()),
    }
    out
}

type Fit<T> = Result<T, String>;

fn write_probe(program: &Program, probe: &Probe, pool: &mut Pool) -> Fit<Vec<u8>> {
    let Spec::Function { provider: Provider::Fn, pattern, point } = &probe.spec else {
        return Err("it has probes of the provider `fn` only".to_owned());
    };
    let target = match point {
        Point::Entry(0) => 0,
        Point::Exit(0) => 1,
        Point::Entry(_) | Point::Exit(_) => {
            return Err("its programs have no line offsets".to_owned());
        }
    };
    if probe.own_sampling.is_some() {
        return Err("it samples whole programs: write `sample` above the probes".to_owned());
    }
    let mut function = Vec::new();
    write_bytes(&mut function, 1, pattern.as_bytes());
    if target != 0 {
        write_number(&mut function, 2, target);
    }
    let mut spec = Vec::new();
    write_bytes(&mut spec, 1, &function);
    let mut out = Vec::new();
    write_bytes(&mut out, 1, probe.id.as_bytes());
    write_bytes(&mut out, 2, &spec);
    if let Some(predicate) = probe.predicate {
        write_bytes(&mut out, 4, &write_code(program, predicate, pool, Last::Kept)?);
    }
    let body = write_code(program, probe.body, pool, Last::Dropped)?;
    if !body.is_empty() {
        write_bytes(&mut out, 5, &body);
    }
    Ok(out)
}

/// What becomes of the value that code returns.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// It stays on the stack: the result of a predicate.
    Kept,
    /// It is popped, as after any statement.
    Dropped,
}

fn write_code(program: &Program, at: FnIdx, pool: &mut Pool, last: Last) -> Fit<Vec<u8>> {
    let Some(function) = program.module().function(at) else { return Ok(Vec::new()) };
    let code = &*function.code;
    let mut writer = Writer { program, code, pool, out: Vec::new(), stack: Vec::new(), last };
    let mut instructions = code.instructions().peekable();
    while let Some(it) = instructions.next() {
        let inverts = instructions.peek().is_some_and(|next| next.op == Opcode::UnaryNot);
        // `!x` converts first: here one instruction does both.
        if !(it.op == Opcode::ToBool && inverts) {
            writer.instruction(it.op, it.operand(code))?;
        }
    }
    Ok(writer.out)
}

/// What is known of a value on the stack.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Item {
    Text,
    Other,
    Host(Option<Function>),
}

struct Writer<'a> {
    program: &'a Program,
    code: &'a Code,
    pool: &'a mut Pool,
    out: Vec<u8>,
    stack: Vec<Item>,
    last: Last,
}

impl Writer<'_> {
    fn instruction(&mut self, op: Opcode, operand: Operand<'_>) -> Fit<()> {
        match (op, operand) {
            (Opcode::Nop, _) => {}
            (Opcode::LoadConst, Operand::Const(_, constant)) => self.constant(constant)?,
            (Opcode::LoadNull, _) => self.constant(&Own::Null)?,
            (Opcode::LoadTrue, _) => self.constant(&Own::Bool(true))?,
            (Opcode::LoadFalse, _) => self.constant(&Own::Bool(false))?,
            (Opcode::LoadInt, Operand::Imm(value)) => self.constant(&Own::Int(value.into()))?,
            (Opcode::LoadName, Operand::Name(_, name)) if name.starts_with(ENTRY) => {
                return Err(format!("it does not keep `{name}` until the exit"));
            }
            (Opcode::LoadName, Operand::Name(_, name)) => {
                let at = self.place(Constant::Identifier(Arc::clone(name)))?;
                self.emit(Instruction::LoadVar(at));
            }
            (Opcode::StoreName, Operand::Name(_, name)) => {
                let at = self.place(Constant::Identifier(Arc::clone(name)))?;
                self.emit(Instruction::StoreVar(at));
            }
            (Opcode::GetAttr, Operand::Name(_, name)) => {
                let at = self.place(Constant::Field(Arc::clone(name)))?;
                self.emit(Instruction::GetAttr(at));
            }
            (Opcode::SetAttr, Operand::Name(_, name)) => {
                let at = self.place(Constant::Field(Arc::clone(name)))?;
                self.emit(Instruction::SetAttr(at));
            }
            (Opcode::LoadHost, Operand::Import(import)) => {
                let import = self.program.module().imports.get(import.index());
                let function = import.and_then(|it| Function::from_import(&it.name));
                self.stack.push(Item::Host(function));
            }
            (Opcode::CallHost, Operand::Count(n)) => self.call(n as usize)?,
            (Opcode::Compare, Operand::Compare(kind)) => self.emit(Instruction::Compare(kind)),
            (Opcode::LogicalAnd, _) => self.emit(Instruction::And),
            (Opcode::LogicalOr, _) => self.emit(Instruction::Or),
            (Opcode::UnaryNot, _) => self.emit(Instruction::Not),
            (Opcode::ToBool, _) => {
                self.emit(Instruction::Not);
                self.emit(Instruction::Not);
            }
            (Opcode::UnaryNeg, _) => {
                self.constant(&Own::Int(-1))?;
                self.emit(Instruction::Arithmetic(Arithmetic::Mul));
            }
            (Opcode::GetIndex, _) => self.emit(Instruction::GetItem),
            (Opcode::Pop, _) => self.emit(Instruction::Pop),
            (Opcode::Return, _) if self.last == Last::Kept => {}
            (Opcode::Return, _) => self.emit(Instruction::Pop),
            (Opcode::ReturnNull, _) if self.last == Last::Kept => self.constant(&Own::Null)?,
            (Opcode::ReturnNull, _) => {}
            (op, _) => match arithmetic(op) {
                Some(op) => self.emit(Instruction::Arithmetic(op)),
                None => return Err(format!("it has no instruction for `{}`", op.name())),
            },
        }
        Ok(())
    }

    fn emit(&mut self, instruction: Instruction) {
        let (takes, leaves) = instruction.effect();
        self.stack.truncate(self.stack.len().saturating_sub(takes));
        self.stack.extend(std::iter::repeat_n(Item::Other, leaves));
        instruction.encode(&mut self.out);
    }

    fn place(&mut self, constant: Constant) -> Fit<u16> {
        self.pool.place(constant).ok_or_else(|| "it has room for 65536 constants".to_owned())
    }

    fn constant(&mut self, constant: &Own) -> Fit<()> {
        let own = match constant {
            Own::Null => Constant::None,
            Own::Bool(value) => Constant::Bool(*value),
            Own::Int(value) => Constant::Int(*value),
            Own::Float(bits) => Constant::Float(*bits),
            Own::Str(text) => Constant::Text(Arc::clone(text)),
            Own::Bytes(_) => return Err("it has no bytes".to_owned()),
        };
        let is_text = matches!(own, Constant::Text(_));
        let at = self.place(own)?;
        self.emit(Instruction::PushConst(at));
        if let Some(top) = self.stack.last_mut().filter(|_| is_text) {
            *top = Item::Text;
        }
        Ok(())
    }

    fn call(&mut self, n: usize) -> Fit<()> {
        let from = self.stack.len().saturating_sub(n);
        let arguments = &self.stack[from..];
        let texts = arguments.iter().step_by(2).all(|it| *it == Item::Text);
        let looks_named = n > 0 && n.is_multiple_of(2) && texts;
        let Some(Item::Host(Some(function))) = from.checked_sub(1).map(|at| self.stack[at]) else {
            return Err("it calls functions by their names only".to_owned());
        };
        if !function.is_in_hogtrace() {
            return Err(format!("it has no `{}`", function.import()));
        }
        if function == Function::Capture && looks_named {
            let what = "it would take every other value of this capture for the name of the next";
            return Err(what.to_owned());
        }
        let name = match function {
            Function::CaptureNamed => "capture",
            other => other.import(),
        };
        let at = self.place(Constant::Function(name.into()))?;
        let n = u8::try_from(n).map_err(|_| "its calls have at most 255 arguments".to_owned())?;
        self.emit(Instruction::CallFunc(at, n));
        // The callee lay below the arguments.
        self.stack.pop();
        self.stack.pop();
        self.stack.push(Item::Other);
        debug_assert!(self.stack.len() <= self.code.max_stack() as usize, "the stack is followed");
        Ok(())
    }
}

const fn arithmetic(op: Opcode) -> Option<Arithmetic> {
    Some(match op {
        Opcode::BinaryAdd => Arithmetic::Add,
        Opcode::BinarySub => Arithmetic::Sub,
        Opcode::BinaryMul => Arithmetic::Mul,
        Opcode::BinaryDiv => Arithmetic::Div,
        Opcode::BinaryMod => Arithmetic::Mod,
        _ => return None,
    })
}
