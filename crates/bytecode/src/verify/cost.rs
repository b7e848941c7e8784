//! How much a function can cost at most, for code whose cost does not depend on data.

use crate::ids::FnIdx;
use crate::isa::Profile;
use crate::module::{Module, Verified};

impl Module<Verified> {
    /// How many instructions a call of the function runs at most. Known for [`Profile::Linear`] only, where each
    /// instruction runs at most once; what host functions do is not in it.
    #[must_use]
    pub fn static_cost(&self, function: FnIdx) -> Option<usize> {
        let function = self.function(function)?;
        (self.profile == Profile::Linear).then(|| function.code.instructions().count())
    }
}
