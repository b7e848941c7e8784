//! Type annotations: kept, and checked only on request; they never change what a program means.

use remora_diagnostics::Span;

/// An annotation with its span.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeExpr {
    /// What it is.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of annotation.
#[derive(Clone, PartialEq, Debug)]
pub enum TypeKind {
    /// `int`, `P`, `array`, `any`, and generic heads such as `Result`
    Named {
        /// The name.
        name: Box<str>,
        /// `<int, string>`
        args: Vec<TypeExpr>,
    },
    /// `int?`
    Optional(Box<TypeExpr>),
    /// `int[]` or `[int]`
    Array(Box<TypeExpr>),
    /// `func(int, string) -> bool`
    Func {
        /// Parameters.
        params: Vec<TypeExpr>,
        /// Result.
        result: Option<Box<TypeExpr>>,
    },
    /// `int | string`
    Union(Vec<TypeExpr>),
}
