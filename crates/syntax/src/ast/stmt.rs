//! Statements and declarations.

use remora_diagnostics::Span;

use super::{Block, Expr, Ident, Pattern, TypeExpr};

/// A statement with its span.
#[derive(Clone, PartialEq, Debug)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Where it stands.
    pub span: Span,
}

/// The kinds of statement.
#[derive(Clone, PartialEq, Debug)]
pub enum StmtKind {
    /// Stands where an error was; never reaches a later pass.
    Error,
    /// An expression for its effect; also `if`, `match` and `spawn`, which are expressions.
    Expr(Expr),
    /// `let p := e`, `const p := e`, `mut p := e`
    Bind {
        /// Which word.
        mode: BindMode,
        /// The name or pattern.
        pattern: Pattern,
        /// `: type`
        ty: Option<TypeExpr>,
        /// The value.
        value: Expr,
    },
    /// `place := e`, `place += e`. The place is a name, field or index expression over a name or `self`, of any depth.
    Assign {
        /// What is assigned to.
        place: Expr,
        /// How.
        op: AssignOp,
        /// `: type` after a bare name.
        ty: Option<TypeExpr>,
        /// The value.
        value: Expr,
    },
    /// `[a, b] := e`, `{x, y} := e` without a word before it: each name is assigned as by `name := …`.
    AssignPattern {
        /// The pattern.
        pattern: Pattern,
        /// The value.
        value: Expr,
    },
    /// `func name(…) { … }` and its kinds.
    Func(Box<FuncDecl>),
    /// `struct P { … }`
    Struct(Box<StructDecl>),
    /// `enum E { … }`
    Enum(Box<EnumDecl>),
    /// `while c { … }`, `loop while c { … }`
    While {
        /// `label:` before it.
        label: Option<Ident>,
        /// The condition.
        condition: Expr,
        /// The body.
        body: Block,
    },
    /// `loop { … }`
    Loop {
        /// `label:` before it.
        label: Option<Ident>,
        /// The body.
        body: Block,
    },
    /// `for p in e { … }`
    For {
        /// `label:` before it.
        label: Option<Ident>,
        /// What each item is bound to, afresh in each turn.
        pattern: Pattern,
        /// What is gone through.
        iterable: Expr,
        /// The body.
        body: Block,
    },
    /// `break`, `break label`
    Break(Option<Ident>),
    /// `continue`, `continue label`
    Continue(Option<Ident>),
    /// `return`, `return e`. The value must begin on the same line.
    Return(Option<Expr>),
    /// `{ … }` as a statement.
    Block(Block),
    /// `try { … } except e { … } finally { … }`
    Try(Box<Try>),
    /// `export` before a declaration or a binding.
    Export(Box<Stmt>),
    /// `import a.b`, `from a.b import x, y as z`
    Import(Import),
    /// `test "name" { … }` and its kin.
    Test(TestDecl),
}

/// The word before a binding.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum BindMode {
    /// `let`
    Let,
    /// `const`
    Const,
    /// `mut`
    Mut,
}

/// How a place is assigned.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum AssignOp {
    /// `:=`, `=`
    Set,
    /// `+=`
    Add,
    /// `-=`
    Sub,
    /// `*=`
    Mul,
    /// `/=`
    Div,
    /// `%=`
    Mod,
}

/// What kind of function.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash, Default)]
pub enum FuncKind {
    /// `func`
    #[default]
    Plain,
    /// `func*`
    Generator,
    /// `async func`
    Async,
}

/// A named function, also as a method.
#[derive(Clone, PartialEq, Debug)]
pub struct FuncDecl {
    /// Its name.
    pub name: Ident,
    /// Plain, generator or async.
    pub kind: FuncKind,
    /// `self` as the first parameter of a method: `Some(false)`, `mut self`: `Some(true)`. Not among `params`.
    pub self_param: Option<bool>,
    /// Parameters.
    pub params: Vec<Param>,
    /// Annotated result.
    pub result: Option<TypeExpr>,
    /// The body.
    pub body: Block,
    /// Text of the `///` lines before it, without the slashes.
    pub doc: Option<Box<str>>,
}

/// One parameter.
#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    /// A name, or a pattern that takes the argument apart.
    pub pattern: Pattern,
    /// `: type`
    pub ty: Option<TypeExpr>,
    /// Required, with a default, or variadic.
    pub kind: ParamKind,
}

/// How a parameter gets its value.
#[derive(Clone, PartialEq, Debug)]
pub enum ParamKind {
    /// From the caller.
    Required,
    /// From the caller, else this expression, evaluated in the function at each call.
    Default(Expr),
    /// `...rest`: all arguments that are left, as an array.
    Variadic,
}

/// `struct P { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct StructDecl {
    /// Its name.
    pub name: Ident,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// Methods and static functions in order.
    pub methods: Vec<FuncDecl>,
    /// Text of the `///` lines before it.
    pub doc: Option<Box<str>>,
}

/// A field of a struct.
#[derive(Clone, PartialEq, Debug)]
pub struct Field {
    /// Its name.
    pub name: Ident,
    /// `: type`
    pub ty: Option<TypeExpr>,
    /// `= e`, evaluated at each construction that does not name the field.
    pub default: Option<Expr>,
}

/// `enum E { … }`
#[derive(Clone, PartialEq, Debug)]
pub struct EnumDecl {
    /// Its name.
    pub name: Ident,
    /// Variants in order.
    pub variants: Vec<Variant>,
    /// Text of the `///` lines before it.
    pub doc: Option<Box<str>>,
}

/// A variant of an enum.
#[derive(Clone, PartialEq, Debug)]
pub struct Variant {
    /// Its name.
    pub name: Ident,
    /// What it carries.
    pub kind: VariantKind,
}

/// What a variant carries.
#[derive(Clone, PartialEq, Debug)]
pub enum VariantKind {
    /// Declared without a payload. Existing programs call such a variant with arguments all the same
    /// (`enum Shape { Circle }`, `Shape::Circle(5)`), so any number of values may be given.
    Open,
    /// `Circle(r, s)`: exactly these.
    Tuple(Vec<Ident>),
    /// `Rect { w, h }`
    Struct(Vec<Ident>),
}

/// `try { … } except e { … } finally { … }`; at least one of the latter two.
#[derive(Clone, PartialEq, Debug)]
pub struct Try {
    /// What is tried.
    pub body: Block,
    /// The name for the error (may be left out) and what to do with it.
    pub except: Option<(Option<Ident>, Block)>,
    /// Done in any case.
    pub finally: Option<Block>,
}

/// `import a.b` (no items) or `from a.b import x, y as z`.
#[derive(Clone, PartialEq, Debug)]
pub struct Import {
    /// The dotted name.
    pub path: Vec<Ident>,
    /// `import … as name`
    pub alias: Option<Ident>,
    /// What is taken from it; `None` for plain `import`.
    pub items: Option<Vec<ImportItem>>,
}

/// `x` or `x as y`
#[derive(Clone, PartialEq, Debug)]
pub struct ImportItem {
    /// The exported name.
    pub name: Ident,
    /// What it is called here.
    pub alias: Option<Ident>,
}

/// A test block or its kin.
#[derive(Clone, PartialEq, Debug)]
pub struct TestDecl {
    /// Which.
    pub kind: TestKind,
    /// `"name"`; empty for setup and teardown.
    pub name: Box<str>,
    /// The body.
    pub body: Block,
}

/// `test`, `test_group`, `test_setup`, `test_teardown`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum TestKind {
    /// `test "…" { }`
    Test,
    /// `test_group "…" { }`
    Group,
    /// `test_setup { }`
    Setup,
    /// `test_teardown { }`
    Teardown,
}
