//! Puts instructions into lowered code: jumps, handlers and places in the source go with what they stood for.

use super::kinds::target;
use crate::lower::LoweredFunction;
use crate::lower::op::{Ins, Op};

/// Code with an instruction more before some of its instructions.
pub(super) struct Inserted {
    pub(super) code: Box<[Ins]>,
    pub(super) units: Box<[u32]>,
    /// Where each instruction is now.
    pub(super) places: Box<[u32]>,
}

/// Puts `Op::Enter` before each of these instructions, with its number; whoever jumps there comes to it first. `None` if a
/// distance does not fit any more.
pub(super) fn insert(function: &LoweredFunction, before: &[u32]) -> Option<Inserted> {
    let old = &*function.code;
    let mut places = Vec::with_capacity(old.len() + 1);
    let mut moved = 0;
    for at in 0..=u32::try_from(old.len()).ok()? {
        if before.binary_search(&at).is_ok() {
            moved += 1;
        }
        places.push(at + moved);
    }
    let come_to = |at: u32| -> Option<u32> {
        let place = *places.get(at as usize)?;
        Some(place - u32::from(before.binary_search(&at).is_ok()))
    };
    let mut code = Vec::with_capacity(old.len() + before.len());
    let mut units = Vec::with_capacity(old.len() + before.len());
    let mut word = None;
    for (at, ins) in old.iter().enumerate() {
        let place = u32::try_from(at).ok()?;
        let unit = function.units.get(at).copied().unwrap_or(0);
        if let Ok(nth) = before.binary_search(&place) {
            code.push(Ins::new(Op::Enter, u16::try_from(nth).ok()?, 0, 0));
            units.push(unit);
        }
        units.push(unit);
        if let Some(word) = word.take() {
            code.push(word);
            continue;
        }
        let Some(to) = target(old, at) else {
            // One that looks at those behind it finds them no more if something comes between.
            let is_split = (place + 1..=place + 2).any(|it| before.binary_search(&it).is_ok());
            code.push(if is_split { ins.alone() } else { *ins });
            continue;
        };
        let from = places[at] + 1;
        let by = i32::try_from(i64::from(come_to(to)?) - i64::from(from)).ok()?;
        match ins.op.shape().chars().last() {
            Some('s') => {
                let by = i16::try_from(by).ok()?.cast_unsigned();
                code.push(Ins { c: by, ..*ins });
            }
            Some('j') => code.push(Ins::wide(ins.op, ins.a, by)),
            _ => {
                code.push(*ins);
                word = Some(Ins::wide(Op::Word, old.get(at + 1)?.a, by));
            }
        }
    }
    Some(Inserted { code: code.into(), units: units.into(), places: places.into() })
}
