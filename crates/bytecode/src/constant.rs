//! Values that stand in code.

use std::sync::Arc;

/// A constant. Two are the same only if they have the same type and the same bits: `1`, `1.0`, `true`, `0.0`, `-0.0` and the
/// NaNs all stay apart.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Constant {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float, as its bits.
    Float(u64),
    /// Text.
    Str(Arc<str>),
    /// Bytes.
    Bytes(Arc<[u8]>),
}

impl Constant {
    /// A float constant.
    #[must_use]
    pub const fn float(value: f64) -> Self {
        Self::Float(value.to_bits())
    }

    /// A text constant.
    #[must_use]
    pub fn text(value: &str) -> Self {
        Self::Str(value.into())
    }
}
