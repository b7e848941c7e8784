//! Kinds of code, by what may stand in it.

/// What a module's code may hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub enum Profile {
    /// Everything that programs need.
    #[default]
    Full,
    /// A straight line without jumps, locals and script calls: probes, whose cost is known before they run.
    Linear,
}

/// A set of profiles.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Profiles(u8);

impl Profiles {
    /// No profile.
    pub const NONE: Self = Self(0);
    /// [`Profile::Full`].
    pub const FULL: Self = Self(1);
    /// [`Profile::Linear`].
    pub const LINEAR: Self = Self(2);

    /// As bits, one for each.
    pub(super) const fn bits(self) -> u8 {
        self.0
    }

    /// The union.
    #[must_use]
    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the profile is in the set.
    #[inline]
    #[must_use]
    pub const fn allow(self, profile: Profile) -> bool {
        let wanted = match profile {
            Profile::Full => Self::FULL,
            Profile::Linear => Self::LINEAR,
        };
        self.0 & wanted.0 != 0
    }
}
