//! The syntax tree of probes. Small: a probe is a list of statements, a statement holds expressions.

use std::sync::Arc;

use remora_bytecode::{CompareKind, scalar::Arithmetic};
use remora_diagnostics::Span;

use crate::functions::{Fold, Function};
use crate::spec::Spec;

/// A whole text.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(crate) sampling: Option<f32>,
    pub(crate) probes: Vec<Probe>,
}

/// One probe.
#[derive(Debug)]
pub(crate) struct Probe {
    pub(crate) spec: Spec,
    pub(crate) span: Span,
    pub(crate) predicate: Option<Expr>,
    pub(crate) sampling: Option<f32>,
    pub(crate) body: Vec<Statement>,
}

#[derive(Debug)]
pub(crate) enum Statement {
    Expr(Expr),
    /// `$req.name = value`
    SetRequest {
        name: Arc<str>,
        value: Expr,
        span: Span,
    },
    /// `@table[keys] = fold(arguments)`
    Fold {
        table: Arc<str>,
        keys: Vec<Expr>,
        fold: Fold,
        arguments: Vec<Expr>,
        span: Span,
    },
    /// `print(@table)` and `clear(@table)`
    Table {
        function: Function,
        table: Arc<str>,
        span: Span,
    },
}

#[derive(Debug)]
pub(crate) struct Expr {
    pub(crate) kind: ExprKind,
    pub(crate) span: Span,
    /// How many expressions stand inside one another here.
    pub(crate) height: u32,
}

#[derive(Debug)]
pub(crate) enum ExprKind {
    /// What did not parse, and was reported.
    Wrong,
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Arc<str>),
    Name(Arc<str>),
    /// `$req`
    Request,
    Attribute(Box<Expr>, Arc<str>),
    Item(Box<Expr>, Box<Expr>),
    Slice(Box<Expr>, Option<Box<Expr>>, Option<Box<Expr>>),
    Call(Function, Vec<Argument>),
    Not(Box<Expr>),
    Negate(Box<Expr>),
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    Compare(CompareKind, Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
}

/// An argument, with its name if it has one.
#[derive(Debug)]
pub(crate) struct Argument {
    pub(crate) name: Option<Arc<str>>,
    pub(crate) value: Expr,
}
