//! The syntax tree of Ruff: what the parser makes and everything later reads.
//!
//! Plain data, no behaviour. Every node carries its span. Chains that people write long (`else if`, arguments,
//! statements) are vectors, not nests, so that the depth of the tree stays within the nesting limit of the parser and
//! any pass may recurse over it. Passes borrow: cloning a tree of the full height is the one thing that does not fit
//! in 256 KiB of stack in unoptimised builds.

mod dump;
mod expr;
mod pattern;
mod stmt;
mod types;
mod visit;

pub use dump::dump;
pub use expr::{
    Arg, BinaryOp, Block, Branch, Call, DictEntry, Element, Expr, ExprKind, FuncExpr, If,
    Interpolated, Match, MatchBody, MatchCase, StructField, UnaryOp,
};
pub use pattern::{DictPatternEntry, FieldPattern, Pattern, PatternKind, Rest};
pub use stmt::{
    AssignOp, BindMode, EnumDecl, Field, FuncDecl, FuncKind, Import, ImportItem, Param, ParamKind,
    Stmt, StmtKind, StructDecl, TestDecl, TestKind, Try, Variant, VariantKind,
};
pub use types::{TypeExpr, TypeKind};
pub use visit::Node;

use remora_diagnostics::Span;

/// A name as written, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ident {
    /// The text of the name, normalised to nothing: exactly the source bytes.
    pub name: Box<str>,
    /// Where it stands.
    pub span: Span,
}

/// A whole source text.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Program {
    /// Top-level statements in order.
    pub stmts: Vec<Stmt>,
}
