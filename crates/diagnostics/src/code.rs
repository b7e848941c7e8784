//! What an error code is; the table of them is in [`crate::codes`].

pub use crate::codes::Code;

/// Which part of Remora a code speaks for: the letter it starts with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum CodeFamily {
    /// `E`: the source text is wrong.
    Source,
    /// `V`: a module is not well formed.
    Verifier,
    /// `R`: a running script failed.
    Runtime,
    /// `L`: a limit was reached. Scripts cannot catch these.
    Limit,
    /// `P`: a probe is wrong.
    Probe,
}

impl Code {
    /// The family that the first letter names.
    #[must_use]
    pub fn family(self) -> CodeFamily {
        match self.as_str().as_bytes()[0] {
            b'E' => CodeFamily::Source,
            b'V' => CodeFamily::Verifier,
            b'L' => CodeFamily::Limit,
            b'P' => CodeFamily::Probe,
            _ => CodeFamily::Runtime,
        }
    }
}

impl core::fmt::Display for Code {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}
