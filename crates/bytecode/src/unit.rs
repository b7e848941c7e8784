//! Two bytes: an opcode and one byte of argument. Larger arguments come in `extended_arg` prefixes, highest byte first.

use crate::isa::Opcode;

/// One unit of wordcode.
pub type Unit = [u8; 2];

/// Appends an instruction: the least number of prefixes, then the instruction itself.
pub fn encode(op: Opcode, arg: u32, out: &mut Vec<Unit>) {
    let [a, b, c, d] = arg.to_be_bytes();
    let prefix = Opcode::ExtendedArg as u8;
    if arg > 0x00ff_ffff {
        out.push([prefix, a]);
    }
    if arg > 0xffff {
        out.push([prefix, b]);
    }
    if arg > 0xff {
        out.push([prefix, c]);
    }
    out.push([op as u8, d]);
}

/// How many units [`encode`] makes of an instruction with that argument.
#[must_use]
pub const fn encoded_len(arg: u32) -> usize {
    match arg {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        0x1_0000..=0x00ff_ffff => 3,
        _ => 4,
    }
}

/// A small signed number as an argument: 0, -1, 1, -2, 2 … become 0, 1, 2, 3, 4 …
#[must_use]
pub const fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)).cast_unsigned()
}

/// The number that [`zigzag`] made an argument of.
#[must_use]
pub const fn unzigzag(arg: u32) -> i32 {
    (arg >> 1).cast_signed() ^ -((arg & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_minimal_and_highest_byte_first() {
        let mut out = Vec::new();
        encode(Opcode::BuildArray, 270, &mut out);
        assert_eq!(out, [[Opcode::ExtendedArg as u8, 1], [Opcode::BuildArray as u8, 14]]);
        for arg in [0, 255, 256, 65_535, 65_536, 0x00ff_ffff, 0x0100_0000, u32::MAX] {
            out.clear();
            encode(Opcode::Call, arg, &mut out);
            assert_eq!(out.len(), encoded_len(arg));
        }
    }

    #[test]
    fn zigzag_goes_both_ways() {
        for value in [0, -1, 1, 127, -128, i32::MAX, i32::MIN] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
    }
}
