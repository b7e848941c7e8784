//! What an instruction may do beside its effect on the stack.

/// A set of flags.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Flags(u8);

impl Flags {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// May fail with an error that a handler can catch.
    pub const RAISE: Self = Self(1);
    /// Has an edge to its label.
    pub const BRANCH: Self = Self(2);
    /// That edge goes backwards.
    pub const BACK: Self = Self(4);
    /// Control does not go on at the next instruction.
    pub const END: Self = Self(8);
    /// May suspend the task.
    pub const SUSPEND: Self = Self(16);
    /// Enters another function or the host.
    pub const CALL: Self = Self(32);

    /// As bits, one for each.
    pub(super) const fn bits(self) -> u8 {
        self.0
    }

    /// The union.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` are set.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}
