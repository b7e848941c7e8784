//! The instruction set: generated from `isa/instructions.isa`, and the few types that describe an instruction.
//!
//! The table says everything there is to say about an instruction but what it computes. Builder, views, verifier, text
//! form and wire form read it and know no instruction by name, save those whose effect is [`Effect::Custom`].

mod effect;
mod flags;
mod hash;
mod operand;
mod profile;
mod table;

pub use effect::{Effect, Facts, Item, Tables, custom_effect};
pub use flags::Flags;
pub use hash::SET_HASH;
pub(crate) use hash::hash_bytes;
pub use operand::{CompareKind, OperandKind, ResultKind};
pub use profile::{Profile, Profiles};
pub use table::Opcode;
pub(crate) use table::for_each_instruction;

use table::OPS;

/// What there is to know about an instruction.
#[derive(Debug)]
pub struct OpInfo {
    /// Which.
    pub opcode: Opcode,
    /// As it is spelled in the text form.
    pub name: &'static str,
    /// What its argument means; `None` if it takes none, and then its argument byte is 0.
    pub operand: Option<OperandKind>,
    /// What it does to the stack.
    pub effect: Effect,
    /// What else it may do.
    pub flags: Flags,
    /// In which code it may stand.
    pub profiles: Profiles,
}

impl Opcode {
    /// What the table says of this opcode.
    #[inline]
    #[must_use]
    pub fn info(self) -> &'static OpInfo {
        &OPS[usize::from(ROWS[self as usize])]
    }

    /// The same but for the name, in few bytes.
    #[inline]
    #[must_use]
    pub fn facts(self) -> Facts {
        FACTS[self as usize]
    }

    /// As it is spelled in the text form.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// The opcode with that number.
    #[inline]
    #[must_use]
    pub fn from_byte(byte: u8) -> Option<Self> {
        OPCODES[usize::from(byte)]
    }

    /// The opcode that is spelled so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        OPS.iter().find(|it| it.name == name).map(|it| it.opcode)
    }
}

/// For each byte the opcode with that number.
static OPCODES: [Option<Opcode>; 256] = {
    let mut opcodes = [None; 256];
    let mut row = 0;
    while row < Opcode::ALL.len() {
        opcodes[Opcode::ALL[row] as usize] = Some(Opcode::ALL[row]);
        row += 1;
    }
    opcodes
};

/// For each opcode its row; 0 where there is none.
static ROWS: [u8; 256] = {
    let mut rows = [0; 256];
    let mut row = 0;
    while row < Opcode::ALL.len() {
        assert!(row < 256, "rows are numbered by a byte");
        #[expect(clippy::cast_possible_truncation, reason = "just asserted")]
        let number = row as u8;
        rows[Opcode::ALL[row] as usize] = number;
        row += 1;
    }
    rows
};

/// For each opcode what there is to know in few bytes.
static FACTS: [Facts; 256] = {
    let mut facts = [Facts::NONE; 256];
    let mut row = 0;
    while row < OPS.len() {
        facts[OPS[row].opcode as usize] = Facts::of(&OPS[row]);
        row += 1;
    }
    facts
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_opcode_is_found_by_number_and_by_name() {
        for op in Opcode::ALL {
            assert_eq!(Opcode::from_byte(*op as u8), Some(*op));
            assert_eq!(Opcode::from_name(op.name()), Some(*op));
            assert_eq!(op.info().opcode, *op);
        }
        assert_eq!(Opcode::from_byte(0xff), None);
    }

    #[test]
    fn facts_say_in_numbers_what_effects_say_in_items() {
        let dict = Opcode::BuildDict.facts();
        assert_eq!((dict.takes, dict.per_operand, dict.leaves), (0, 2, 1));
        let call = Opcode::CallHost.facts();
        assert_eq!((call.takes, call.per_operand, call.leaves, call.plain), (1, 1, 1, false));
        let next = Opcode::ForIter.facts();
        assert_eq!((next.takes, next.leaves, next.jump_leaves, next.plain), (2, 3, 0, false));
        let some = Opcode::JumpIfSome.facts();
        assert_eq!((some.takes, some.leaves, some.jump_leaves, some.plain), (1, 0, 1, true));
        assert!(Opcode::Copy.facts().custom && !Opcode::Pop.facts().custom);
    }
}
