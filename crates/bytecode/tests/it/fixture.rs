//! What several tests need: a small seeded generator, and modules of one function.

use remora_bytecode::unit::{Unit, encode};
use remora_bytecode::{CodeParts, Function, FunctionKind, ImportedSource, ModuleData, Opcode};

/// A generator of numbers that are the same on every machine (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `limit`, which is not 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }

    /// Small numbers most of the time, else any number of bits.
    pub(crate) fn operand(&mut self) -> u32 {
        let any = u32::try_from(self.next() >> 32).unwrap();
        if self.below(3) > 0 { any & 0xff } else { any >> self.below(32) }
    }
}

pub(crate) fn encoded(instructions: &[(Opcode, u32)]) -> Vec<Unit> {
    let mut units = Vec::new();
    for (op, arg) in instructions {
        encode(*op, *arg, &mut units);
    }
    units
}

/// A function without parameters.
pub(crate) fn function(code: CodeParts) -> Function {
    Function {
        name: "f".into(),
        params: [].into(),
        kind: FunctionKind::Plain,
        captures: [].into(),
        code: remora_bytecode::Code::from(code).into(),
    }
}

pub(crate) fn module_of(function: Function) -> ModuleData {
    ModuleData { name: "m".into(), functions: [function].into(), ..ModuleData::default() }
}

/// Two files that a program imports.
pub(crate) fn imported() -> Box<[ImportedSource]> {
    let file = |name: &str, start, line_starts: &[u32]| ImportedSource {
        name: name.into(),
        start,
        line_starts: line_starts.into(),
    };
    [file("lib/a.ruff", 20, &[0, 5]), file("", 300, &[])].into()
}
