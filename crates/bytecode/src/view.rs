//! Reading code: decoded instructions, forwards and backwards, with prefixes folded and operands resolved.
//!
//! The one reader that verifier, disassembler, optimiser and lowering share. It never panics on code that has not been
//! verified: what cannot be decoded ends the iteration, and [`Instructions::rest`] says where.

use std::sync::Arc;

use crate::code::{Code, VariantRef};
use crate::constant::Constant;
use crate::ids::{
    CellIdx, ConstIdx, FnIdx, FreeIdx, GlobalIdx, ImportIdx, LabelIdx, LocalIdx, NameIdx, PathIdx,
    SiteIdx, TypeIdx, VariantIdx,
};
use crate::isa::{CompareKind, Opcode, OperandKind, ResultKind};
use crate::site::{Path, Site};
use crate::unit::{Unit, unzigzag};

/// A decoded instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Instruction {
    /// Which.
    pub op: Opcode,
    /// Its whole argument, prefixes folded; 0 if it takes none.
    pub arg: u32,
    /// Index of its first unit, the first prefix if it has any.
    pub at: u32,
    /// How many units it takes.
    pub len: u32,
}

impl Instruction {
    /// Index of the unit after it.
    #[must_use]
    pub const fn end(self) -> u32 {
        self.at + self.len
    }

    /// The argument as what it stands for.
    #[must_use]
    pub fn operand<'a>(&self, code: &'a Code) -> Operand<'a> {
        let arg = self.arg;
        let Some(kind) = self.op.info().operand else { return Operand::None };
        let resolved = match kind {
            OperandKind::Const => {
                code.constant(ConstIdx(arg)).map(|it| Operand::Const(ConstIdx(arg), it))
            }
            OperandKind::Name => code.name(NameIdx(arg)).map(|it| Operand::Name(NameIdx(arg), it)),
            OperandKind::Label => {
                code.label(LabelIdx(arg)).map(|it| Operand::Label(LabelIdx(arg), it))
            }
            OperandKind::Variant => code.variant(VariantIdx(arg)).map(Operand::Variant),
            OperandKind::Path => code.path(PathIdx(arg)).map(|it| Operand::Path(PathIdx(arg), it)),
            OperandKind::Site => code.site(SiteIdx(arg)).map(|it| Operand::Site(SiteIdx(arg), it)),
            OperandKind::Compare => CompareKind::from_operand(arg).map(Operand::Compare),
            OperandKind::Result => ResultKind::from_operand(arg).map(Operand::Result),
            OperandKind::Local => Some(Operand::Local(LocalIdx(arg))),
            OperandKind::Cell => Some(Operand::Cell(CellIdx(arg))),
            OperandKind::Free => Some(Operand::Free(FreeIdx(arg))),
            OperandKind::Global => Some(Operand::Global(GlobalIdx(arg))),
            OperandKind::Function => Some(Operand::Function(FnIdx(arg))),
            OperandKind::Import => Some(Operand::Import(ImportIdx(arg))),
            OperandKind::Type => Some(Operand::Type(TypeIdx(arg))),
            OperandKind::Count => Some(Operand::Count(arg)),
            OperandKind::Depth => Some(Operand::Depth(arg)),
            OperandKind::Imm => Some(Operand::Imm(unzigzag(arg))),
        };
        resolved.unwrap_or(Operand::OutOfRange(arg))
    }
}

/// What an instruction's argument stands for. Tables of the code are looked up; those of the module are not.
#[derive(Clone, Copy, PartialEq, Debug)]
#[expect(missing_docs, reason = "each says the same as the operand kind of its name")]
pub enum Operand<'a> {
    None,
    Const(ConstIdx, &'a Constant),
    Name(NameIdx, &'a Arc<str>),
    Local(LocalIdx),
    Cell(CellIdx),
    Free(FreeIdx),
    Global(GlobalIdx),
    Label(LabelIdx, u32),
    Count(u32),
    Depth(u32),
    Imm(i32),
    Compare(CompareKind),
    Function(FnIdx),
    Import(ImportIdx),
    Type(TypeIdx),
    Variant(VariantRef),
    Path(PathIdx, &'a Path),
    Site(SiteIdx, &'a Site),
    Result(ResultKind),
    /// An index beyond its table; not in verified code.
    OutOfRange(u32),
}

/// Decoded instructions in order. Stops at what cannot be decoded.
#[derive(Clone, Debug)]
pub struct Instructions<'a> {
    units: &'a [Unit],
    at: usize,
    end: usize,
}

impl<'a> Instructions<'a> {
    /// The instructions of some units.
    #[must_use]
    pub const fn new(units: &'a [Unit]) -> Self {
        Self { units, at: 0, end: units.len() }
    }

    /// Where decoding goes on, or stopped; the number of units if all was read.
    #[must_use]
    pub const fn rest(&self) -> usize {
        self.at
    }
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    #[inline]
    fn next(&mut self) -> Option<Instruction> {
        if self.at >= self.end {
            return None;
        }
        let [byte, arg] = *self.units.get(self.at)?;
        if byte == Opcode::ExtendedArg as u8 {
            return self.next_prefixed();
        }
        let op = Opcode::from_byte(byte)?;
        let at = u32::try_from(self.at).ok()?;
        self.at += 1;
        Some(Instruction { op, arg: u32::from(arg), at, len: 1 })
    }
}

impl Instructions<'_> {
    /// The next instruction, which begins with a prefix.
    fn next_prefixed(&mut self) -> Option<Instruction> {
        let start = self.at;
        let mut arg = 0u32;
        for (len, [byte, low]) in (1u32..=4).zip(self.units.get(start..self.end)?) {
            arg = arg << 8 | u32::from(*low);
            if *byte != Opcode::ExtendedArg as u8 {
                let op = Opcode::from_byte(*byte)?;
                self.at = start + len as usize;
                return Some(Instruction { op, arg, at: u32::try_from(start).ok()?, len });
            }
        }
        None
    }
}

impl DoubleEndedIterator for Instructions<'_> {
    fn next_back(&mut self) -> Option<Instruction> {
        let last = self.end.checked_sub(1).filter(|last| *last >= self.at)?;
        let prefix = Opcode::ExtendedArg as u8;
        let mut start = last;
        while start > self.at && last - start < 3 && self.units[start - 1][0] == prefix {
            start -= 1;
        }
        let decoded = Instructions { units: self.units, at: start, end: self.end }.next()?;
        self.end = start;
        Some(decoded)
    }
}

impl Code {
    /// The decoded instructions.
    #[must_use]
    pub fn instructions(&self) -> Instructions<'_> {
        Instructions::new(&self.units)
    }
}
