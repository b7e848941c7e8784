//! Small damages to bytes and text, as a hostile or unlucky sender makes them.

use super::Random;

/// One to four random changes: bits flipped, bytes set to telling values, pieces removed, doubled, moved or swapped in
/// from `other`.
#[must_use]
pub fn bytes(original: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = original.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(out.len());
        let piece = (1 + random.below(12)).min(out.len().saturating_sub(at));
        match random.below(7) {
            0 => flip(&mut out, at, random),
            1 => set(&mut out, at, random),
            2 => drop(out.drain(at..at + piece)),
            3 => {
                let copy = out[at..at + piece].to_vec();
                let to = random.below(out.len() + 1);
                out.splice(to..to, copy);
            }
            4 if !other.is_empty() => {
                let from = random.below(other.len());
                let copy = other[from..(from + piece).min(other.len())].to_vec();
                out.splice(at..at + piece, copy);
            }
            5 => out.truncate(at),
            _ => nudge(&mut out, at, random),
        }
        if out.is_empty() {
            break;
        }
    }
    out
}

fn flip(out: &mut [u8], at: usize, random: &mut Random) {
    if let Some(byte) = out.get_mut(at) {
        *byte ^= 1 << random.below(8);
    }
}

fn set(out: &mut [u8], at: usize, random: &mut Random) {
    const TELLING: [u8; 8] = [0, 1, 0x7f, 0x80, 0xff, b'"', b'{', b'\n'];
    if let Some(byte) = out.get_mut(at) {
        *byte = TELLING[random.below(TELLING.len())];
    }
}

fn nudge(out: &mut [u8], at: usize, random: &mut Random) {
    if let Some(byte) = out.get_mut(at) {
        *byte = if random.chance(50) { byte.wrapping_add(1) } else { byte.wrapping_sub(1) };
    }
}
