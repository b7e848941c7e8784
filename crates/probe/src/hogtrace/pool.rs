//! The constant pool of a program that is written: each constant once, in the order of first use.

use std::collections::HashMap;

use super::Constant;

#[derive(Debug, Default)]
pub(super) struct Pool {
    constants: Vec<Constant>,
    places: HashMap<Constant, u16>,
}

impl Pool {
    /// The index of a constant; `None` if there are more than can be numbered.
    pub(super) fn place(&mut self, constant: Constant) -> Option<u16> {
        if let Some(known) = self.places.get(&constant) {
            return Some(*known);
        }
        let at = u16::try_from(self.constants.len()).ok()?;
        self.constants.push(constant.clone());
        self.places.insert(constant, at);
        Some(at)
    }

    pub(super) fn constants(&self) -> &[Constant] {
        &self.constants
    }
}
