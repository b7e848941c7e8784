//! Constant folding: the value of an expression that is the same whenever it runs.
//!
//! Never of one that would fail: an overflow or a wrong type stays in the code and is raised when it runs, at its place.
//! What operators mean comes from [`remora_bytecode::scalar`]. Joined text is bounded, so that folding costs no more than
//! a small factor of the source.

use remora_bytecode::scalar::{self, Arithmetic, Number};
use remora_bytecode::{CompareKind, Constant};
use remora_syntax::ast::{BinaryOp, Expr, ExprKind, UnaryOp};

/// Text longer than this is joined when the program runs.
const MAX_TEXT: usize = 1024;

/// Says what value a name always has where it stands, if that is known.
pub(crate) type Names<'a> = &'a dyn Fn(&str) -> Option<Constant>;

/// The value of the expression, if it is constant whatever names mean.
pub(crate) fn constant(expr: &Expr) -> Option<Constant> {
    constant_with(expr, &|_| None)
}

/// The value of the expression, if it is constant.
pub(crate) fn constant_with(expr: &Expr, names: Names<'_>) -> Option<Constant> {
    let constant = |expr: &Expr| constant_with(expr, names);
    match &expr.kind {
        ExprKind::Name(name) => names(name),
        ExprKind::Null => Some(Constant::Null),
        ExprKind::Bool(value) => Some(Constant::Bool(*value)),
        ExprKind::Int(value) => Some(Constant::Int(*value)),
        ExprKind::Float(value) => Some(Constant::float(*value)),
        ExprKind::Str(text) => Some(Constant::text(text)),
        ExprKind::Unary { op, operand } => unary(*op, &constant(operand)?),
        ExprKind::Binary { op, left, right, .. } => {
            let left = constant(left)?;
            let value = match op {
                BinaryOp::And if !truthy(&left) => Constant::Bool(false),
                BinaryOp::Or if truthy(&left) => Constant::Bool(true),
                BinaryOp::And | BinaryOp::Or => Constant::Bool(truthy(&constant(right)?)),
                BinaryOp::Coalesce if left == Constant::Null => constant(right)?,
                BinaryOp::Coalesce => left,
                _ => binary(*op, &left, &constant(right)?)?,
            };
            Some(value)
        }
        _ => None,
    }
}

/// Whether a condition holds for the value.
pub(crate) fn truthy(value: &Constant) -> bool {
    match value {
        Constant::Null => false,
        Constant::Bool(value) => *value,
        Constant::Int(value) => *value != 0,
        Constant::Float(bits) => f64::from_bits(*bits) != 0.0,
        Constant::Str(text) => !text.is_empty(),
        Constant::Bytes(bytes) => !bytes.is_empty(),
    }
}

fn number(value: &Constant) -> Option<Number> {
    match value {
        Constant::Int(value) => Some(Number::Int(*value)),
        Constant::Float(bits) => Some(Number::Float(f64::from_bits(*bits))),
        _ => None,
    }
}

fn of_number(value: Number) -> Constant {
    match value {
        Number::Int(value) => Constant::Int(value),
        Number::Float(value) => Constant::float(value),
    }
}

fn unary(op: UnaryOp, operand: &Constant) -> Option<Constant> {
    match (op, operand) {
        (UnaryOp::Not, Constant::Bool(value)) => Some(Constant::Bool(!value)),
        (UnaryOp::Not, _) => None,
        (UnaryOp::Neg, _) => scalar::negate(number(operand)?).ok().map(of_number),
    }
}

fn binary(op: BinaryOp, left: &Constant, right: &Constant) -> Option<Constant> {
    if let Some(op) = arithmetic(op) {
        if let (Constant::Str(left), Constant::Str(right), Arithmetic::Add) = (left, right, op) {
            let short = left.len() + right.len() <= MAX_TEXT;
            return short.then(|| Constant::Str([&**left, &**right].concat().into()));
        }
        return scalar::numbers(op, number(left)?, number(right)?).ok().map(of_number);
    }
    let kind = comparison(op)?;
    let order = match (left, right) {
        (Constant::Str(left), Constant::Str(right)) => Some(left.cmp(right)),
        _ => match (number(left), number(right)) {
            (Some(left), Some(right)) => scalar::order(left, right),
            // Of different kinds: never equal, and without an order.
            _ => match kind {
                CompareKind::Eq => return Some(Constant::Bool(left == right)),
                CompareKind::Ne => return Some(Constant::Bool(left != right)),
                _ => return None,
            },
        },
    };
    Some(Constant::Bool(scalar::holds(kind, order)))
}

/// The operator as one of arithmetic.
pub(crate) const fn arithmetic(op: BinaryOp) -> Option<Arithmetic> {
    Some(match op {
        BinaryOp::Add => Arithmetic::Add,
        BinaryOp::Sub => Arithmetic::Sub,
        BinaryOp::Mul => Arithmetic::Mul,
        BinaryOp::Div => Arithmetic::Div,
        BinaryOp::Mod => Arithmetic::Mod,
        _ => return None,
    })
}

/// The operator as a comparison.
pub(crate) const fn comparison(op: BinaryOp) -> Option<CompareKind> {
    Some(match op {
        BinaryOp::Eq => CompareKind::Eq,
        BinaryOp::Ne => CompareKind::Ne,
        BinaryOp::Lt => CompareKind::Lt,
        BinaryOp::Le => CompareKind::Le,
        BinaryOp::Gt => CompareKind::Gt,
        BinaryOp::Ge => CompareKind::Ge,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(op: BinaryOp, left: Constant, right: Constant) -> Option<Constant> {
        binary(op, &left, &right)
    }

    #[test]
    fn what_would_fail_is_not_folded() {
        let int = Constant::Int;
        assert_eq!(of(BinaryOp::Add, int(i64::MAX), int(1)), None);
        assert_eq!(of(BinaryOp::Div, int(1), int(0)), None);
        assert_eq!(of(BinaryOp::Mod, Constant::float(1.0), int(0)), None);
        assert_eq!(of(BinaryOp::Lt, int(1), Constant::text("a")), None);
        assert_eq!(of(BinaryOp::Lt, Constant::Bool(false), Constant::Bool(true)), None);
        assert_eq!(unary(UnaryOp::Neg, &int(i64::MIN)), None);
        assert_eq!(unary(UnaryOp::Not, &int(0)), None);
    }

    #[test]
    fn kinds_compare_as_they_do_when_running() {
        let (nan, zero) = (Constant::float(f64::NAN), Constant::Int(0));
        assert_eq!(
            of(BinaryOp::Eq, Constant::Int(1), Constant::float(1.0)),
            Some(Constant::Bool(true))
        );
        assert_eq!(of(BinaryOp::Eq, nan.clone(), nan.clone()), Some(Constant::Bool(false)));
        assert_eq!(of(BinaryOp::Ge, nan, zero.clone()), Some(Constant::Bool(false)));
        assert_eq!(of(BinaryOp::Eq, zero, Constant::Bool(false)), Some(Constant::Bool(false)));
        assert_eq!(of(BinaryOp::Eq, Constant::Null, Constant::Null), Some(Constant::Bool(true)));
    }

    #[test]
    fn long_text_is_joined_when_running() {
        let long = Constant::text(&"x".repeat(MAX_TEXT));
        assert_eq!(of(BinaryOp::Add, long.clone(), Constant::text("y")), None);
        assert_eq!(of(BinaryOp::Add, long.clone(), Constant::text("")), Some(long));
    }
}
