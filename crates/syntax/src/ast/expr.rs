//! Expressions, and blocks, which are expressions where a value is wanted.

use remora_diagnostics::Span;

use super::{FuncKind, Ident, Param, Pattern, Stmt, TypeExpr};

/// An expression with its span.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last byte, without surrounding parentheses.
    pub span: Span,
}

/// The kinds of expression.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// Stands where an error was; never reaches a later pass, because parsing failed.
    Error,
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// An integer literal. A literal directly after a unary `-` is folded into this node, so that the least int can be
    /// written.
    Int(i64),
    /// A float literal.
    Float(f64),
    /// A string literal without interpolation, escapes resolved.
    Str(Box<str>),
    /// A string literal with `${…}` parts.
    Interpolated(Vec<Interpolated>),
    /// A name. `None` is the name `None`; `Ok`, `Err`, `Some` are names too, called like functions.
    Name(Box<str>),
    /// `self`
    SelfValue,
    /// `Enum::Variant`, without a payload. `Result::Ok` and `Option::None` are spelled so too.
    Path {
        /// The enum's name.
        base: Ident,
        /// The variant's name.
        name: Ident,
    },
    /// `[a, ...b]`
    Array(Vec<Element>),
    /// `{"k": v, ...d}`; a bare name as a key is an expression (its value is the key).
    Dict(Vec<DictEntry>),
    /// `P { x: 1, y }` or `Shape::Rect { w: 1, h: 2 }`
    Struct {
        /// The struct's name, or the enum's when `variant` is there.
        name: Ident,
        /// The variant's name.
        variant: Option<Ident>,
        /// Fields in source order.
        fields: Vec<StructField>,
    },
    /// `-a`, `!a`
    Unary {
        /// Which.
        op: UnaryOp,
        /// On what.
        operand: Box<Expr>,
    },
    /// `a + b`, `a && b`, `a ?? b`: everything with two sides but `|>` and ranges.
    Binary {
        /// Which.
        op: BinaryOp,
        /// Where the operator itself stands.
        op_span: Span,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `a..b`, `a..=b`
    Range {
        /// First.
        start: Box<Expr>,
        /// Last, or one past it.
        end: Box<Expr>,
        /// `..=`
        inclusive: bool,
    },
    /// `x |> f` or `x |> f(y)`: `callee` is the call's function and `args` its own arguments; `value` goes first.
    Pipe {
        /// The value on the left.
        value: Box<Expr>,
        /// The call to make with it as the first argument. For `x |> f` it has no arguments.
        call: Box<Call>,
    },
    /// `f(a)`; also `recv.name(a)`, whose callee is an [`ExprKind::Field`].
    Call(Box<Call>),
    /// `a.b`, `a?.b`
    Field {
        /// The object.
        object: Box<Expr>,
        /// The field's or method's name.
        name: Ident,
        /// `?.`
        optional: bool,
    },
    /// `a[i]`
    Index {
        /// The collection.
        object: Box<Expr>,
        /// The index or key.
        index: Box<Expr>,
    },
    /// `a?`
    Try(Box<Expr>),
    /// `await a`
    Await(Box<Expr>),
    /// `yield a`, `yield`
    Yield(Option<Box<Expr>>),
    /// `spawn { … }`
    Spawn(Block),
    /// `func(a) { … }`, `(a) => e`
    Func(Box<FuncExpr>),
    /// `if c { … } else if d { … } else { … }`
    If(Box<If>),
    /// `match v { … }`
    Match(Box<Match>),
}

/// A part of an interpolated string.
#[derive(Clone, PartialEq, Debug)]
pub enum Interpolated {
    /// Text, escapes resolved.
    Text(Box<str>),
    /// `${expr}`
    Expr(Expr),
}

/// An element of an array literal.
#[derive(Clone, PartialEq, Debug)]
pub enum Element {
    /// `e`
    Item(Expr),
    /// `...e`
    Spread(Expr),
}

/// An entry of a dict literal.
#[derive(Clone, PartialEq, Debug)]
pub enum DictEntry {
    /// `k: v`
    Pair(Expr, Expr),
    /// `...d`
    Spread(Expr),
}

/// `x: e` in a struct literal; the shorthand `x` has the name as its value.
#[derive(Clone, PartialEq, Debug)]
pub struct StructField {
    /// The field.
    pub name: Ident,
    /// Its value.
    pub value: Expr,
}

/// A call: of a function, a method (the callee is a field) or a constructor.
#[derive(Clone, PartialEq, Debug)]
pub struct Call {
    /// What is called.
    pub callee: Expr,
    /// Arguments in source order.
    pub args: Vec<Arg>,
    /// The parenthesised list with its parentheses.
    pub args_span: Span,
}

/// An argument of a call.
#[derive(Clone, PartialEq, Debug)]
pub enum Arg {
    /// `e`
    Positional(Expr),
    /// `...e`
    Spread(Expr),
    /// `name: e`
    Named(Ident, Expr),
}

/// Operators with one operand.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum UnaryOp {
    /// `-`
    Neg,
    /// `!`
    Not,
}

/// Operators with two operands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum BinaryOp {
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
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `??`
    Coalesce,
}

impl BinaryOp {
    /// The operator as written.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Mod => "%",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::And => "&&",
            Self::Or => "||",
            Self::Coalesce => "??",
        }
    }
}

/// `func(a) { … }` or `(a) => e`, the latter as a body of one `return`.
#[derive(Clone, PartialEq, Debug)]
pub struct FuncExpr {
    /// Plain, generator or async.
    pub kind: FuncKind,
    /// Parameters.
    pub params: Vec<Param>,
    /// Annotated result.
    pub result: Option<TypeExpr>,
    /// What it does.
    pub body: Block,
    /// Written with `=>`.
    pub arrow: bool,
}

/// Statements in braces. Where a value is wanted, it is that of the last statement if that is an expression, else null.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Block {
    /// The statements.
    pub stmts: Vec<Stmt>,
    /// With the braces.
    pub span: Span,
}

/// A whole chain of `if`, `else if`, `else`.
#[derive(Clone, PartialEq, Debug)]
pub struct If {
    /// At least one.
    pub branches: Vec<Branch>,
    /// The last `else`.
    pub otherwise: Option<Block>,
}

/// One condition and what it guards.
#[derive(Clone, PartialEq, Debug)]
pub struct Branch {
    /// The condition.
    pub condition: Expr,
    /// The block.
    pub body: Block,
}

/// `match v { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct Match {
    /// What is matched.
    pub subject: Expr,
    /// Cases in order.
    pub cases: Vec<MatchCase>,
    /// `default`
    pub default: Option<MatchBody>,
}

/// One `case`.
#[derive(Clone, PartialEq, Debug)]
pub struct MatchCase {
    /// `case p1 | p2`: at least one. In the older form (a colon after the pattern) a bare name is a
    /// [`super::PatternKind::Tag`].
    pub patterns: Vec<Pattern>,
    /// `if guard`
    pub guard: Option<Expr>,
    /// What to do.
    pub body: MatchBody,
    /// From `case` to the end of its body.
    pub span: Span,
}

/// What a case does.
#[derive(Clone, PartialEq, Debug)]
pub enum MatchBody {
    /// `{ … }`
    Block(Block),
    /// `=> e`
    Expr(Expr),
}
