//! Patterns: in `match`, in bindings, in parameters and in `for`.

use remora_diagnostics::Span;

use super::{Expr, Ident};

/// A pattern with its span.
#[derive(Clone, PartialEq, Debug)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of pattern. Bindings, parameters and `for` take only `Wildcard`, `Bind`, `Array` and `Dict` (with binds
/// below them); the parser refuses the rest there.
#[derive(Clone, PartialEq, Debug)]
pub enum PatternKind {
    /// `_`
    Wildcard,
    /// A bare name: binds the value (in the full form of `match`, and in all bindings).
    Bind(Ident),
    /// A bare name in the older form of `match`: fits an enum value or Result / Option with that tag, or a string equal
    /// to the name.
    Tag(Ident),
    /// A literal: null, bool, int, float or string. The expression is of a literal kind.
    Literal(Expr),
    /// `1..9`, `'a'..='z'`: both ends literals.
    Range {
        /// First.
        start: Box<Expr>,
        /// Last or one past it.
        end: Box<Expr>,
        /// `..=`
        inclusive: bool,
    },
    /// `[a, b, ...rest, c]`
    Array {
        /// Before the rest, or all.
        before: Vec<Pattern>,
        /// `...rest` or `...`
        rest: Option<Rest>,
        /// After the rest.
        after: Vec<Pattern>,
    },
    /// `{"k": p, name, ...rest}`
    Dict {
        /// Entries in order.
        entries: Vec<DictPatternEntry>,
        /// `...rest`
        rest: Option<Rest>,
    },
    /// `P { x, y: 0 }`; fields not named may be anything.
    Struct {
        /// The struct's name.
        name: Ident,
        /// Its fields.
        fields: Vec<FieldPattern>,
    },
    /// `Shape::Circle(r)`, `Shape::Unit`, `Ok(v)`, `None()`, `Circle(r)` (older form, any enum with that variant).
    /// Without parentheses the payload is not looked at.
    Variant {
        /// The enum's name, where written.
        base: Option<Ident>,
        /// The variant's name.
        name: Ident,
        /// `(p, q)`
        payload: Option<Vec<Pattern>>,
    },
    /// `Shape::Rect { w, h: 0 }`
    VariantStruct {
        /// The enum's name.
        base: Ident,
        /// The variant's name.
        name: Ident,
        /// Its fields.
        fields: Vec<FieldPattern>,
    },
}

/// `...name` or `...` in an array or dict pattern.
#[derive(Clone, PartialEq, Debug)]
pub struct Rest {
    /// What the rest is bound to.
    pub name: Option<Ident>,
    /// Where it stands.
    pub span: Span,
}

/// `"k": p` or `name` (which is `"name": name`) in a dict pattern.
#[derive(Clone, PartialEq, Debug)]
pub struct DictPatternEntry {
    /// The key: a literal.
    pub key: Expr,
    /// What its value must fit.
    pub pattern: Pattern,
}

/// `x: p` or `x` (which is `x: x`) in a struct pattern.
#[derive(Clone, PartialEq, Debug)]
pub struct FieldPattern {
    /// The field.
    pub name: Ident,
    /// What it must fit.
    pub pattern: Pattern,
}
