//! The instructions of HogTrace: a byte each, operands little-endian, no jumps.

use remora_bytecode::CompareKind;
use remora_bytecode::scalar::Arithmetic;

/// An instruction with its operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Instruction {
    PushConst(u16),
    Pop,
    Dup,
    LoadVar(u16),
    StoreVar(u16),
    Arithmetic(Arithmetic),
    Compare(CompareKind),
    And,
    Or,
    Not,
    GetAttr(u16),
    GetItem,
    SetAttr(u16),
    CallFunc(u16, u8),
}

const ARITHMETIC: [Arithmetic; 5] =
    [Arithmetic::Add, Arithmetic::Sub, Arithmetic::Mul, Arithmetic::Div, Arithmetic::Mod];
const COMPARE: [CompareKind; 6] = [
    CompareKind::Eq,
    CompareKind::Ne,
    CompareKind::Lt,
    CompareKind::Gt,
    CompareKind::Le,
    CompareKind::Ge,
];

impl Instruction {
    /// Takes the first instruction off some code; `None` if there is none that is known and whole.
    pub(super) fn decode(code: &mut &[u8]) -> Option<Self> {
        let (&op, mut rest) = code.split_first()?;
        let word = |rest: &mut &[u8]| {
            let (bytes, after) = rest.split_first_chunk::<2>()?;
            *rest = after;
            Some(u16::from_le_bytes(*bytes))
        };
        let instruction = match op {
            0x01 => Self::PushConst(word(&mut rest)?),
            0x02 => Self::Pop,
            0x03 => Self::Dup,
            0x10 => Self::LoadVar(word(&mut rest)?),
            0x11 => Self::StoreVar(word(&mut rest)?),
            0x20..=0x24 => Self::Arithmetic(ARITHMETIC[usize::from(op - 0x20)]),
            0x30..=0x35 => Self::Compare(COMPARE[usize::from(op - 0x30)]),
            0x40 => Self::And,
            0x41 => Self::Or,
            0x42 => Self::Not,
            0x50 => Self::GetAttr(word(&mut rest)?),
            0x51 => Self::GetItem,
            0x52 => Self::SetAttr(word(&mut rest)?),
            0x60 => {
                let name = word(&mut rest)?;
                let (&n, after) = rest.split_first()?;
                rest = after;
                Self::CallFunc(name, n)
            }
            _ => return None,
        };
        *code = rest;
        Some(instruction)
    }

    pub(super) fn encode(self, code: &mut Vec<u8>) {
        let mut with_word = |op: u8, word: u16| {
            code.push(op);
            code.extend(word.to_le_bytes());
        };
        match self {
            Self::PushConst(at) => with_word(0x01, at),
            Self::LoadVar(at) => with_word(0x10, at),
            Self::StoreVar(at) => with_word(0x11, at),
            Self::GetAttr(at) => with_word(0x50, at),
            Self::SetAttr(at) => with_word(0x52, at),
            Self::CallFunc(at, n) => {
                with_word(0x60, at);
                code.push(n);
            }
            Self::Pop => code.push(0x02),
            Self::Dup => code.push(0x03),
            Self::Arithmetic(op) => code.push(0x20 + place(&ARITHMETIC, &op)),
            Self::Compare(kind) => code.push(0x30 + place(&COMPARE, &kind)),
            Self::And => code.push(0x40),
            Self::Or => code.push(0x41),
            Self::Not => code.push(0x42),
            Self::GetItem => code.push(0x51),
        }
    }

    /// How many values it takes from the stack, and leaves.
    pub(super) const fn effect(self) -> (usize, usize) {
        match self {
            Self::PushConst(_) | Self::LoadVar(_) => (0, 1),
            Self::Pop | Self::StoreVar(_) => (1, 0),
            Self::Dup => (1, 2),
            Self::Arithmetic(_) | Self::Compare(_) | Self::And | Self::Or | Self::GetItem => (2, 1),
            Self::Not | Self::GetAttr(_) => (1, 1),
            Self::SetAttr(_) => (2, 0),
            Self::CallFunc(_, n) => (n as usize, 1),
        }
    }
}

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|it| it == one).and_then(|it| u8::try_from(it).ok()).unwrap_or(0)
}
