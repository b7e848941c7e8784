//! Where control goes when a closure has run: on, to another place, or back to the loop with an instruction to do.

/// What a closure gives. Zero is by far the most frequent, and the one that is compared with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Flow(u32);

/// Set if the instruction at the place is for the loop to do: nothing of it is done.
const STUCK: u32 = 1 << 31;

/// Set if the loop goes on at the place, whoever knows it.
const OUT: u32 = 1 << 30;

/// Code longer than this has no closures: places would not fit.
pub(super) const MAX_CODE: usize = 1 << 29;

impl Flow {
    /// To what comes next.
    pub(super) const ON: Self = Self(0);

    /// A jump to an instruction.
    pub(super) const fn to(place: u32) -> Self {
        Self(place + 1)
    }

    /// The loop shall do this instruction.
    pub(super) const fn stuck(place: u32) -> Self {
        Self((place + 1) | STUCK | OUT)
    }

    /// The end of what closures do: a return is the loop's.
    pub(super) const fn out(place: u32) -> Self {
        Self((place + 1) | OUT)
    }

    /// Whether nobody but the loop takes it up.
    pub(super) const fn is_out(self) -> bool {
        self.0 & OUT != 0
    }

    pub(super) const fn is_stuck(self) -> bool {
        self.0 & STUCK != 0
    }

    /// The instruction that is next; for anything but [`Flow::ON`].
    pub(super) const fn place(self) -> u32 {
        (self.0 & !(STUCK | OUT)).wrapping_sub(1)
    }
}

/// What a condition gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Truth {
    False,
    True,
    /// It is for the loop to find out.
    Stuck,
}

impl Truth {
    #[inline(always)]
    pub(super) const fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }
}
