//! What instructions do to the stack.

use super::{Flags, OpInfo, Opcode, OperandKind, Profiles, ResultKind};
use crate::ids::{PathIdx, SiteIdx, TypeIdx};
use crate::site::{Path, Receiver, Site};

/// What an instruction takes from the stack and leaves there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Effect {
    /// The same at every place, but for runs whose length the operand gives.
    Fixed {
        /// Items taken, bottom to top.
        before: &'static [Item],
        /// Items left on the next instruction.
        after: &'static [Item],
        /// Items left where it jumps to, if they are others.
        jump: Option<&'static [Item]>,
    },
    /// Depends on a table: see [`custom_effect`]. All items are plain values.
    Custom,
}

/// An item on the stack, as far as the verifier tells kinds apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    /// Any script value.
    Value,
    /// What an iteration goes through.
    Source,
    /// How far an iteration has come.
    Place,
    /// A function of the host; it may stand wherever a value may.
    Host,
    /// That many times the operand, plain values.
    Run(u8),
}

/// What the table says of an instruction, in few bytes: effects as numbers, for those who need to know depths only.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Items taken, without runs.
    pub takes: u8,
    /// Items taken in addition, for each one that the operand counts.
    pub per_operand: u8,
    /// Items left on the next instruction.
    pub leaves: u8,
    /// Items left where it jumps to.
    pub jump_leaves: u8,
    /// All items are plain values.
    pub plain: bool,
    /// The effect is [`Effect::Custom`], and the numbers say nothing.
    pub custom: bool,
    /// As in [`OpInfo`](super::OpInfo).
    pub operand: Option<OperandKind>,
    /// As in [`OpInfo`](super::OpInfo).
    pub flags: Flags,
    /// As in [`OpInfo`](super::OpInfo).
    pub profiles: Profiles,
}

impl Facts {
    pub(super) const NONE: Self = Self {
        takes: 0,
        per_operand: 0,
        leaves: 0,
        jump_leaves: 0,
        plain: true,
        custom: true,
        operand: None,
        flags: Flags::NONE,
        profiles: Profiles::NONE,
    };

    pub(super) const fn of(info: &OpInfo) -> Self {
        let (operand, flags, profiles) = (info.operand, info.flags, info.profiles);
        let Effect::Fixed { before, after, jump } = info.effect else {
            return Self { operand, flags, profiles, ..Self::NONE };
        };
        let jump = match jump {
            Some(jump) => jump,
            None => after,
        };
        let (takes, per_operand, plain) = count(before);
        let (leaves, _, leaves_plain) = count(after);
        let (jump_leaves, _, jump_plain) = count(jump);
        let plain = plain && leaves_plain && jump_plain;
        Self {
            takes,
            per_operand,
            leaves,
            jump_leaves,
            plain,
            custom: false,
            operand,
            flags,
            profiles,
        }
    }

    /// How many items are taken by an instruction with that argument; a number that no stack reaches if they cannot
    /// be counted.
    #[inline]
    #[must_use]
    pub const fn takes(self, arg: u32) -> u32 {
        let (takes, per_operand) = (self.takes as u32, self.per_operand as u32);
        if per_operand == 0 { takes } else { arg.saturating_mul(per_operand).saturating_add(takes) }
    }
}

/// Single items, items for each one that the operand counts, and whether all of them are plain values.
const fn count(items: &[Item]) -> (u8, u8, bool) {
    let (mut single, mut per_operand, mut plain) = (0, 0, true);
    let mut at = 0;
    while at < items.len() {
        match items[at] {
            Item::Value => single += 1,
            Item::Run(times) => per_operand += times,
            Item::Source | Item::Place | Item::Host => {
                single += 1;
                plain = false;
            }
        }
        at += 1;
    }
    (single, per_operand, plain)
}

/// What effects that are not fixed depend on.
pub trait Tables {
    /// How many fields the struct has; `None` if it is no struct or there is no such type.
    fn n_fields(&self, ty: TypeIdx) -> Option<u32>;
    /// The path at an index.
    fn path(&self, path: PathIdx) -> Option<&Path>;
    /// The call site at an index.
    fn site(&self, site: SiteIdx) -> Option<&Site>;
}

/// How many plain values an instruction with [`Effect::Custom`] takes and leaves; `None` if its operand is out of range.
/// For `copy` the value that is copied counts neither as taken nor as left.
#[must_use]
pub fn custom_effect(op: Opcode, arg: u32, tables: &impl Tables) -> Option<(u32, u32)> {
    Some(match op {
        Opcode::Copy => (0, 1),
        Opcode::UnpackArray => (1, arg),
        Opcode::DictWithout => (arg.checked_add(1)?, 1),
        Opcode::MakeStruct => (tables.n_fields(TypeIdx(arg))?, 1),
        Opcode::MakeResult => (u32::from(ResultKind::from_operand(arg)? != ResultKind::None), 1),
        Opcode::StorePath => (tables.path(PathIdx(arg))?.n_keys().checked_add(1)?, 0),
        Opcode::MakeVariant => (tables.site(SiteIdx(arg))?.n_arguments()?, 1),
        Opcode::CallNamed | Opcode::CallMethod => {
            (tables.site(SiteIdx(arg))?.n_arguments()?.checked_add(1)?, 1)
        }
        Opcode::CallPlace => {
            let site = tables.site(SiteIdx(arg))?;
            let Receiver::Place(path) = site.receiver else { return None };
            (tables.path(path)?.n_keys().checked_add(site.n_arguments()?)?, 1)
        }
        _ => return None,
    })
}
