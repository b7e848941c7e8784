//! What operators mean on numbers and text: pure functions, written once.
//!
//! Constant folding, the interpreter and the closures use these; the oracle has its own, on purpose.

use std::cmp::Ordering;

use crate::isa::CompareKind;

/// Why an operation on two numbers has no result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Trouble {
    /// The result does not fit in 64 bits.
    Overflow,
    /// Division by zero, of ints or floats.
    DivisionByZero,
}

/// A number.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Number {
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
}

impl Number {
    /// As a float, rounded to the nearest.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "rounding to the nearest float is what is asked for"
    )]
    pub const fn to_float(self) -> f64 {
        match self {
            Self::Int(value) => value as f64,
            Self::Float(value) => value,
        }
    }
}

/// An operator on two numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Arithmetic {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
}

impl Arithmetic {
    /// As it is written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
        }
    }
}

/// Two ints: checked, division truncates, the remainder has the sign of the dividend.
///
/// # Errors
/// [`Trouble::Overflow`] and [`Trouble::DivisionByZero`].
#[inline]
pub const fn ints(op: Arithmetic, left: i64, right: i64) -> Result<i64, Trouble> {
    let result = match op {
        Arithmetic::Add => left.checked_add(right),
        Arithmetic::Sub => left.checked_sub(right),
        Arithmetic::Mul => left.checked_mul(right),
        Arithmetic::Div | Arithmetic::Mod if right == 0 => return Err(Trouble::DivisionByZero),
        Arithmetic::Div => left.checked_div(right),
        // The least int modulo -1 is 0, though the quotient does not fit.
        Arithmetic::Mod => Some(left.wrapping_rem(right)),
    };
    match result {
        Some(result) => Ok(result),
        None => Err(Trouble::Overflow),
    }
}

/// Two floats; dividing by zero is an error here as well.
///
/// # Errors
/// [`Trouble::DivisionByZero`].
#[inline]
pub fn floats(op: Arithmetic, left: f64, right: f64) -> Result<f64, Trouble> {
    match op {
        Arithmetic::Add => Ok(left + right),
        Arithmetic::Sub => Ok(left - right),
        Arithmetic::Mul => Ok(left * right),
        Arithmetic::Div | Arithmetic::Mod if right == 0.0 => Err(Trouble::DivisionByZero),
        Arithmetic::Div => Ok(left / right),
        Arithmetic::Mod => Ok(left % right),
    }
}

/// Two numbers: ints stay ints, anything with a float is a float.
///
/// # Errors
/// [`Trouble::Overflow`] and [`Trouble::DivisionByZero`].
pub fn numbers(op: Arithmetic, left: Number, right: Number) -> Result<Number, Trouble> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => ints(op, left, right).map(Number::Int),
        _ => floats(op, left.to_float(), right.to_float()).map(Number::Float),
    }
}

/// The number with the other sign.
///
/// # Errors
/// [`Trouble::Overflow`] for the least int.
pub const fn negate(value: Number) -> Result<Number, Trouble> {
    match value {
        Number::Int(value) => match value.checked_neg() {
            Some(value) => Ok(Number::Int(value)),
            None => Err(Trouble::Overflow),
        },
        Number::Float(value) => Ok(Number::Float(-value)),
    }
}

/// Compares an int with a float by their exact values; `None` for NaN.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    reason = "the float is known to lie within the range of ints"
)]
pub fn order_int_float(left: i64, right: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if right.is_nan() {
        return None;
    }
    if right >= LIMIT {
        return Some(Ordering::Less);
    }
    if right < -LIMIT {
        return Some(Ordering::Greater);
    }
    let whole = right.trunc();
    Some(left.cmp(&(whole as i64)).then_with(|| {
        // Equal whole parts: what is after the point decides.
        0.0_f64.partial_cmp(&(right - whole)).unwrap_or(Ordering::Equal)
    }))
}

/// The order of two numbers; `None` if one is NaN.
#[must_use]
pub fn order(left: Number, right: Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
        (Number::Float(left), Number::Float(right)) => left.partial_cmp(&right),
        (Number::Int(left), Number::Float(right)) => order_int_float(left, right),
        (Number::Float(left), Number::Int(right)) => {
            order_int_float(right, left).map(Ordering::reverse)
        }
    }
}

/// Whether a comparison holds for an order; `None` is that of NaN, for which only `!=` holds.
#[inline]
#[must_use]
pub fn holds(kind: CompareKind, order: Option<Ordering>) -> bool {
    match kind {
        CompareKind::Eq => order == Some(Ordering::Equal),
        CompareKind::Ne => order != Some(Ordering::Equal),
        CompareKind::Lt => order == Some(Ordering::Less),
        CompareKind::Le => matches!(order, Some(Ordering::Less | Ordering::Equal)),
        CompareKind::Gt => order == Some(Ordering::Greater),
        CompareKind::Ge => matches!(order, Some(Ordering::Greater | Ordering::Equal)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn int_division_truncates_and_never_overflows_silently() {
        assert_eq!(ints(Arithmetic::Div, -7, 2), Ok(-3));
        assert_eq!(ints(Arithmetic::Mod, -7, 3), Ok(-1));
        assert_eq!(ints(Arithmetic::Mod, 7, -3), Ok(1));
        assert_eq!(ints(Arithmetic::Div, i64::MIN, -1), Err(Trouble::Overflow));
        assert_eq!(ints(Arithmetic::Mod, i64::MIN, -1), Ok(0));
        assert_eq!(ints(Arithmetic::Mod, 1, 0), Err(Trouble::DivisionByZero));
        assert_eq!(floats(Arithmetic::Div, 1.0, -0.0), Err(Trouble::DivisionByZero));
    }

    #[test]
    fn ints_and_floats_compare_by_exact_value() {
        let near = 9_007_199_254_740_993_i64;
        assert_eq!(order_int_float(near, 9_007_199_254_740_992.0), Some(Ordering::Greater));
        assert_eq!(order_int_float(i64::MAX, 9_223_372_036_854_775_808.0), Some(Ordering::Less));
        assert_eq!(order_int_float(i64::MIN, -9_223_372_036_854_775_808.0), Some(Ordering::Equal));
        assert_eq!(order_int_float(1, 1.5), Some(Ordering::Less));
        assert_eq!(order_int_float(-1, -1.5), Some(Ordering::Greater));
        assert_eq!(order_int_float(0, f64::NAN), None);
        assert!(holds(CompareKind::Ne, None) && !holds(CompareKind::Ge, None));
    }
}
