//! Digests: SHA-256 (FIPS 180-4) and, for old programs, MD5 (RFC 1321), which protects against nothing.

use remora_diagnostics::Code;

use super::{Builtin, Call, Row, build, bytes, rows};
use crate::fault::Res;
use crate::host::{Args, HostCx};
use crate::value::Value;

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "sha256(data: string | bytes) -> string",
        doc: "The SHA-256 digest, in hex digits.",
        raises: &[Code::R0004],
        cost: "one unit for each 4 bytes",
        example: (
            "print(sha256(\"abc\"))",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        call: Call::Native(sha256),
        ..Builtin::ROW
    },
    Builtin {
        signature: "md5(data: string | bytes) -> string",
        doc: "The MD5 digest, in hex digits. Easily forged: only for what already uses it.",
        raises: &[Code::R0004],
        cost: "one unit for each 4 bytes",
        example: ("print(md5(\"abc\"))", "900150983cd24fb0d6963f7d28e17f72"),
        call: Call::Native(md5),
        ..Builtin::ROW
    },
]);

fn sha256(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let data = bytes::data(cx, &value, 0)?;
    cx.charge(16 + (data.len() / 4) as u64)?;
    let mut state = SHA_START;
    blocks(data, u64::to_be_bytes, |block| sha256_block(&mut state, block));
    hex(cx, state.iter().flat_map(|word| word.to_be_bytes()))
}

fn md5(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let data = bytes::data(cx, &value, 0)?;
    cx.charge(16 + (data.len() / 4) as u64)?;
    let mut state = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    blocks(data, u64::to_le_bytes, |block| md5_block(&mut state, block));
    hex(cx, state.iter().flat_map(|word| word.to_le_bytes()))
}

fn hex(cx: &mut HostCx<'_>, mut bytes: impl Iterator<Item = u8>) -> Res<Value> {
    build::text(cx, 64, |cx, out| {
        bytes.try_for_each(|byte| {
            let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
            out.push_char(cx, digit(byte >> 4))?;
            out.push_char(cx, digit(byte & 15))
        })
    })
}

/// Calls `each` with the blocks of a text: a one bit follows it, then zeros, and last its length in bits.
fn blocks(data: &[u8], length: fn(u64) -> [u8; 8], mut each: impl FnMut(&[u8; 64])) {
    let (whole, rest) = data.as_chunks::<64>();
    whole.iter().for_each(&mut each);
    let mut last = [0; 64];
    last[..rest.len()].copy_from_slice(rest);
    last[rest.len()] = 0x80;
    if rest.len() >= 56 {
        each(&last);
        last = [0; 64];
    }
    last[56..].copy_from_slice(&length((data.len() as u64).wrapping_mul(8)));
    each(&last);
}

const SHA_START: [u32; 8] = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// The first 32 bits of the fractions of the cube roots of the first 64 primes.
const SHA_ROOTS: [u32; 64] = [
    0x428a_2f98,
    0x7137_4491,
    0xb5c0_fbcf,
    0xe9b5_dba5,
    0x3956_c25b,
    0x59f1_11f1,
    0x923f_82a4,
    0xab1c_5ed5,
    0xd807_aa98,
    0x1283_5b01,
    0x2431_85be,
    0x550c_7dc3,
    0x72be_5d74,
    0x80de_b1fe,
    0x9bdc_06a7,
    0xc19b_f174,
    0xe49b_69c1,
    0xefbe_4786,
    0x0fc1_9dc6,
    0x240c_a1cc,
    0x2de9_2c6f,
    0x4a74_84aa,
    0x5cb0_a9dc,
    0x76f9_88da,
    0x983e_5152,
    0xa831_c66d,
    0xb003_27c8,
    0xbf59_7fc7,
    0xc6e0_0bf3,
    0xd5a7_9147,
    0x06ca_6351,
    0x1429_2967,
    0x27b7_0a85,
    0x2e1b_2138,
    0x4d2c_6dfc,
    0x5338_0d13,
    0x650a_7354,
    0x766a_0abb,
    0x81c2_c92e,
    0x9272_2c85,
    0xa2bf_e8a1,
    0xa81a_664b,
    0xc24b_8b70,
    0xc76c_51a3,
    0xd192_e819,
    0xd699_0624,
    0xf40e_3585,
    0x106a_a070,
    0x19a4_c116,
    0x1e37_6c08,
    0x2748_774c,
    0x34b0_bcb5,
    0x391c_0cb3,
    0x4ed8_aa4a,
    0x5b9c_ca4f,
    0x682e_6ff3,
    0x748f_82ee,
    0x78a5_636f,
    0x84c8_7814,
    0x8cc7_0208,
    0x90be_fffa,
    0xa450_6ceb,
    0xbef9_a3f7,
    0xc671_78f2,
];

fn sha256_block(state: &mut [u32; 8], block: &[u8; 64]) {
    let mut words = [0u32; 64];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_be_bytes(*bytes);
    }
    for at in 16..64 {
        let (early, late) = (words[at - 15], words[at - 2]);
        let s0 = early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3);
        let s1 = late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10);
        words[at] = words[at - 16].wrapping_add(s0).wrapping_add(words[at - 7]).wrapping_add(s1);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *state;
    for (root, word) in SHA_ROOTS.iter().zip(words) {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let chosen = (e & f) ^ (!e & g);
        let first = h.wrapping_add(s1).wrapping_add(chosen).wrapping_add(*root).wrapping_add(word);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let second = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e, d, c, b, a) =
            (g, f, e, d.wrapping_add(first), c, b, a, first.wrapping_add(second));
    }
    for (sum, word) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *sum = sum.wrapping_add(word);
    }
}

/// 2^32 times the sines of 1 to 64, without sign and fraction.
const MD5_SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];

const MD5_SHIFTS: [[u32; 4]; 4] =
    [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

fn md5_block(state: &mut [u32; 4], block: &[u8; 64]) {
    let mut words = [0u32; 16];
    for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *word = u32::from_le_bytes(*bytes);
    }
    let [mut a, mut b, mut c, mut d] = *state;
    for (at, sine) in MD5_SINES.iter().enumerate() {
        let (mixed, word) = match at / 16 {
            0 => ((b & c) | (!b & d), at),
            1 => ((d & b) | (!d & c), 5 * at + 1),
            2 => (b ^ c ^ d, 3 * at + 5),
            _ => (c ^ (b | !d), 7 * at),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(*sine).wrapping_add(words[word % 16]);
        let turned = sum.rotate_left(MD5_SHIFTS[at / 16][at % 4]);
        (a, d, c, b) = (d, c, b, b.wrapping_add(turned));
    }
    for (sum, word) in state.iter_mut().zip([a, b, c, d]) {
        *sum = sum.wrapping_add(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_around_the_end_of_a_block() {
        let digest = |n: usize| {
            let mut state = SHA_START;
            blocks(&vec![b'a'; n], u64::to_be_bytes, |block| sha256_block(&mut state, block));
            state[0]
        };
        // What `sha256sum` gives.
        let expected = [
            (0, 0xe3b0_c442),
            (55, 0x9f43_90f8),
            (56, 0xb354_39a4),
            (63, 0x7d3e_74a0),
            (64, 0xffe0_54fe),
            (65, 0x6353_61c4),
            (1_000_000, 0xcdc7_6e5c),
        ];
        for (n, first_word) in expected {
            assert_eq!(digest(n), first_word, "{n}");
        }
    }
}
