//! A number that stands for the whole instruction set: a module says for which one it was made.

use super::effect::{Effect, Item};
use super::table::OPS;

/// FNV-1a over the table, without its words of explanation: it changes when the number, the spelling or any property of
/// an instruction does.
pub const SET_HASH: u64 = {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    let mut row = 0;
    while row < OPS.len() {
        let op = &OPS[row];
        hash = hash.byte(op.opcode as u8).text(op.name);
        hash = match op.operand {
            Some(kind) => hash.byte(1).byte(kind as u8),
            None => hash.byte(0),
        };
        hash = match op.effect {
            Effect::Fixed { before, after, jump } => {
                let hash = hash.byte(1).items(before).items(after);
                match jump {
                    Some(jump) => hash.items(jump),
                    None => hash.byte(u8::MAX),
                }
            }
            Effect::Custom => hash.byte(0),
        };
        hash = hash.byte(op.flags.bits()).byte(op.profiles.bits());
        row += 1;
    }
    hash.0
};

/// The same of any bytes. Tells things apart that nobody made to look alike.
pub(crate) fn hash_bytes(bytes: &[u8]) -> u64 {
    bytes.iter().fold(Fnv(0xcbf2_9ce4_8422_2325), |hash, byte| hash.byte(*byte)).0
}

struct Fnv(u64);

impl Fnv {
    const fn byte(self, byte: u8) -> Self {
        Self((self.0 ^ byte as u64).wrapping_mul(0x0100_0000_01b3))
    }

    const fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            self = self.byte(bytes[at]);
            at += 1;
        }
        self.byte(0)
    }

    const fn items(mut self, items: &[Item]) -> Self {
        let mut at = 0;
        while at < items.len() {
            self = match items[at] {
                Item::Value => self.byte(1),
                Item::Source => self.byte(2),
                Item::Place => self.byte(3),
                Item::Host => self.byte(4),
                Item::Run(times) => self.byte(5).byte(times),
            };
            at += 1;
        }
        self.byte(0)
    }
}
