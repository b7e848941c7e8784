//! Hashes of data, as hex digits: SHA-256 (FIPS 180-4) and MD5 (RFC 1321), straight from their definitions.
//!
//! The tables of both are made of mathematics, so they are computed: fractional parts of roots of primes, and of sines.

use super::bytes::data;
use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("sha256", 1, 1, |cx, input| hashed(cx, &input, sha256)),
    function("md5", 1, 1, |cx, input| hashed(cx, &input, md5)),
];

fn hashed<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, hash: fn(&[u8]) -> Vec<u8>) -> Eval<'p> {
    let data = cx.arg(input, data(input))?;
    cx.charge(input.span, data.len())?;
    Ok(Value::str(hash(&data).iter().map(|it| format!("{it:02x}")).collect::<String>()))
}

/// The data, a one bit, zeros, and the length in bits: whole blocks of 64 bytes.
fn padded(data: &[u8], length: [u8; 8]) -> Vec<u8> {
    let mut padded = data.to_vec();
    padded.push(0x80);
    padded.resize(padded.len().next_multiple_of(64), 0);
    if data.len() % 64 >= 56 {
        padded.resize(padded.len() + 64, 0);
    }
    let end = padded.len();
    padded[end - 8..].copy_from_slice(&length);
    padded
}

fn bits(data: &[u8]) -> u64 {
    u64::try_from(data.len()).unwrap_or(u64::MAX).wrapping_mul(8)
}

fn sha256(data: &[u8]) -> Vec<u8> {
    let primes: Vec<u32> =
        (2_u32..312).filter(|n| (2..*n).all(|divisor| n % divisor != 0)).collect();
    let mut state: Vec<u32> = primes.iter().take(8).map(|it| root_fraction(*it, 2)).collect();
    let table: Vec<u32> = primes.iter().map(|it| root_fraction(*it, 3)).collect();
    for block in padded(data, bits(data).to_be_bytes()).chunks(64) {
        let mut words: Vec<u32> = block.chunks(4).map(|it| word(it, u32::from_be_bytes)).collect();
        for nth in 16..64 {
            let (early, late) = (words[nth - 15], words[nth - 2]);
            let early = early.rotate_right(7) ^ early.rotate_right(18) ^ (early >> 3);
            let late = late.rotate_right(17) ^ late.rotate_right(19) ^ (late >> 10);
            words.push(
                words[nth - 16].wrapping_add(early).wrapping_add(words[nth - 7]).wrapping_add(late),
            );
        }
        let mut v = state.clone();
        for (constant, word) in table.iter().zip(&words) {
            let (a, e) = (v[0], v[4]);
            let choice = (e & v[5]) ^ (!e & v[6]);
            let mixed = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let first = v[7].wrapping_add(mixed).wrapping_add(choice);
            let first = first.wrapping_add(*constant).wrapping_add(*word);
            let majority = (a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]);
            let mixed = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(first);
            v[0] = first.wrapping_add(mixed).wrapping_add(majority);
        }
        for (sum, value) in state.iter_mut().zip(&v) {
            *sum = sum.wrapping_add(*value);
        }
    }
    state.iter().flat_map(|it| it.to_be_bytes()).collect()
}

/// The first 32 bits behind the point of the square or cube root of a small number.
fn root_fraction(n: u32, power: u32) -> u32 {
    // The largest r with r^power <= n * 2^(32 * power), by halving.
    let wanted = u128::from(n) << (32 * power);
    let (mut low, mut high) = (0_u128, 1_u128 << 38);
    while high - low > 1 {
        let middle = u128::midpoint(low, high);
        if middle.pow(power) <= wanted { low = middle } else { high = middle }
    }
    u32::try_from(low & 0xffff_ffff).unwrap_or(0)
}

fn word(bytes: &[u8], read: fn([u8; 4]) -> u32) -> u32 {
    read(bytes.try_into().unwrap_or_default())
}

fn md5(data: &[u8]) -> Vec<u8> {
    const TURNS: [[u32; 4]; 4] =
        [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let mut state: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
    for block in padded(data, bits(data).to_le_bytes()).chunks(64) {
        let words: Vec<u32> = block.chunks(4).map(|it| word(it, u32::from_le_bytes)).collect();
        let [mut a, mut b, mut c, mut d] = state;
        for nth in 0..64 {
            let (mixed, at) = match nth / 16 {
                0 => ((b & c) | (!b & d), nth),
                1 => ((d & b) | (!d & c), (5 * nth + 1) % 16),
                2 => (b ^ c ^ d, (3 * nth + 5) % 16),
                _ => (c ^ (b | !d), (7 * nth) % 16),
            };
            let sum = a.wrapping_add(mixed).wrapping_add(sine(nth)).wrapping_add(words[at]);
            (a, d, c) = (d, c, b);
            b = b.wrapping_add(sum.rotate_left(TURNS[nth / 16][nth % 4]));
        }
        for (sum, value) in state.iter_mut().zip([a, b, c, d]) {
            *sum = sum.wrapping_add(value);
        }
    }
    state.iter().flat_map(|it| it.to_le_bytes()).collect()
}

/// 2^32 times the sine of the number after `nth`, without sign and fraction.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "from 0 to below 2^32"
)]
fn sine(nth: usize) -> u32 {
    ((nth as f64 + 1.0).sin().abs() * 4_294_967_296.0) as u32
}
