//! What every name of a program means.
//!
//! One walk over the tree, in the order of the text, gives each occurrence of a name its [`Meaning`] and makes a list of
//! all variables, functions and types. When it is done, [`captures`] decides which variables live in cells because
//! closures share them, and which functions need no closure at all.
//!
//! Meanings are kept beside the tree, by the address of the name's text: every occurrence has a text of its own.

mod address;
mod bindings;
mod captures;
mod declare;
mod earlier;
mod expr;
mod imports;
mod pattern;
mod resolve;
mod types;

use remora_bytecode::MethodKind;
use remora_diagnostics::Span;
use remora_syntax::ast::{
    Block, EnumDecl, Expr, ExprKind, FuncDecl, FuncExpr, FuncKind, Ident, Param, Stmt, StructDecl,
    TypeExpr,
};

use self::address::{AddressMap, PairMap};
use crate::builtin_names::BuiltinId;
use crate::session::{EarlierImport, EarlierName};

pub(crate) use self::resolve::resolve;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub(crate) struct $name(pub(crate) u32);

        impl $name {
            pub(crate) const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A variable of the program.
    VarId
    /// A function of the program.
    FuncId
    /// A struct or enum of the program, numbered as in the module.
    TypeId
}

/// The function that runs first.
pub(crate) const START: FuncId = FuncId(0);

/// What an occurrence of a name means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Meaning {
    /// This variable: it is read or given a new value.
    Var(VarId),
    /// This variable begins here.
    Declares(VarId),
    /// This variable of another module, which can only be read.
    Import(VarId),
    /// A module: what stands behind the dot has a meaning.
    Module,
    /// A struct or enum.
    Type(TypeId),
    /// A builtin function.
    Builtin(BuiltinId),
    /// A field of `self`, in a method of the older style.
    Field,
    /// One of the words `Ok`, `Err`, `Some`, `None`, `Result`, `Option`, `throw`, not shadowed.
    Word,
}

/// A variable.
#[derive(Debug)]
pub(crate) struct Var<'a> {
    pub(crate) name: &'a str,
    /// Where it is declared.
    pub(crate) span: Span,
    /// The function it belongs to.
    pub(crate) owner: FuncId,
    pub(crate) kind: VarKind,
    /// A top-level name.
    pub(crate) global: bool,
    /// Marked with `export`.
    pub(crate) exported: bool,
    /// Some other function than its owner refers to it.
    pub(crate) shared: bool,
    /// Its cell in the owner, if it needs one.
    pub(crate) cell: Option<u32>,
}

/// How a variable was declared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum VarKind {
    /// May be assigned again.
    Mutable,
    /// `let`
    Let,
    /// `const`
    Const,
    /// `func name`
    Function(FuncId),
}

/// A function.
#[derive(Debug)]
pub(crate) struct Func<'a> {
    pub(crate) name: &'a str,
    pub(crate) source: FuncSource<'a>,
    /// The function around it; [`START`] for itself.
    pub(crate) parent: FuncId,
    /// What it does with `self`, if it belongs to a struct.
    pub(crate) method: Option<MethodKind>,
    /// Variables of enclosing functions that it or a function inside it mentions, each once.
    pub(crate) outer: Vec<VarId>,
    /// It mentions the `self` of the method around it.
    pub(crate) captures_self: bool,
    /// It needs a closure.
    pub(crate) closure: bool,
    /// Of `outer`, what it captures.
    pub(crate) free: Vec<VarId>,
    /// Its own variables that live in cells.
    pub(crate) cells: Vec<VarId>,
    /// The cell from which functions made in it copy `self`.
    pub(crate) self_cell: Option<u32>,
}

impl Func<'_> {
    /// Code that has no access to the locals around it.
    pub(crate) const fn is_boundary(&self) -> bool {
        self.method.is_some() || matches!(self.source, FuncSource::FieldDefault(_))
    }

    /// Has `self` as its first parameter.
    pub(crate) const fn has_self(&self) -> bool {
        matches!(self.method, Some(MethodKind::Value | MethodKind::Mutating))
    }
}

/// What a function is made of.
#[derive(Clone, Copy, Debug)]
pub(crate) enum FuncSource<'a> {
    Start(&'a [Stmt]),
    Decl(&'a FuncDecl),
    Expr(&'a FuncExpr),
    /// The default of a field: a function without parameters.
    FieldDefault(&'a Expr),
    /// What a task runs.
    Spawn(&'a Block),
    /// Checked, never run here.
    Test,
}

impl<'a> FuncSource<'a> {
    pub(crate) const fn params(self) -> &'a [Param] {
        match self {
            Self::Decl(decl) => decl.params.as_slice(),
            Self::Expr(func) => func.params.as_slice(),
            _ => &[],
        }
    }

    /// Its annotated result.
    pub(crate) const fn result(self) -> Option<&'a TypeExpr> {
        match self {
            Self::Decl(decl) => decl.result.as_ref(),
            Self::Expr(func) => func.result.as_ref(),
            _ => None,
        }
    }

    pub(crate) const fn kind(self) -> FuncKind {
        match self {
            Self::Decl(decl) => decl.kind,
            Self::Expr(func) => func.kind,
            _ => FuncKind::Plain,
        }
    }
}

/// A struct or an enum.
#[derive(Debug)]
pub(crate) enum Type<'a> {
    Struct {
        decl: &'a StructDecl,
        /// In the order of the methods.
        methods: Vec<FuncId>,
        /// In the order of the fields; `None` without a default, and for one that is a literal.
        defaults: Vec<Option<FuncId>>,
    },
    Enum(&'a EnumDecl),
}

impl<'a> Type<'a> {
    pub(crate) const fn name(&self) -> &'a Ident {
        match self {
            Self::Struct { decl, .. } => &decl.name,
            Self::Enum(decl) => &decl.name,
        }
    }
}

/// What the walk found out.
#[derive(Debug, Default)]
pub(crate) struct Scopes<'a> {
    pub(crate) vars: Vec<Var<'a>>,
    pub(crate) funcs: Vec<Func<'a>>,
    pub(crate) types: Vec<Type<'a>>,
    /// The top-level code of each file; the first is [`START`].
    pub(crate) tops: Vec<FuncId>,
    /// Import statements in order of place, with the file that each means.
    pub(crate) imports: Vec<(Span, usize)>,
    /// What each file exports, variables by their [`VarId`].
    pub(crate) exports: Vec<Vec<(&'a str, EarlierName)>>,
    /// What the program has imported at its end.
    pub(crate) bound_imports: Vec<EarlierImport>,
    pub(super) names: AddressMap<Meaning>,
    bodies: AddressMap<FuncId>,
    /// For blocks that declare functions: the variables declared directly in it.
    hoisting: AddressMap<Vec<VarId>>,
    /// Of a function and a variable that it captures: which of its captured variables that is.
    free_at: PairMap,
}

impl<'a> Scopes<'a> {
    pub(crate) fn var(&self, id: VarId) -> &Var<'a> {
        &self.vars[id.index()]
    }

    pub(crate) fn func(&self, id: FuncId) -> &Func<'a> {
        &self.funcs[id.index()]
    }

    pub(crate) fn ty(&self, id: TypeId) -> &Type<'a> {
        &self.types[id.index()]
    }

    /// What the occurrence of a name that has this very text means.
    pub(crate) fn meaning(&self, name: &str) -> Option<Meaning> {
        self.names.find(name.as_ptr())
    }

    /// The function of a module of the host that `object.name` is, if it is one.
    pub(crate) fn in_module(&self, object: &Expr, name: &str) -> Option<BuiltinId> {
        let module = match &object.kind {
            ExprKind::Name(module) => module,
            // A type in a module.
            ExprKind::Field { object, name, optional: false } => match &object.kind {
                ExprKind::Name(module) if self.meaning(&name.name).is_none() => module,
                _ => return None,
            },
            _ => return None,
        };
        match (self.meaning(module), self.meaning(name)) {
            (None, Some(Meaning::Builtin(builtin))) => Some(builtin),
            _ => None,
        }
    }

    /// The function with this very body.
    pub(crate) fn func_of(&self, body: &Block) -> Option<FuncId> {
        self.bodies.find(std::ptr::from_ref(body))
    }

    /// The variables declared directly in a block, if it declares functions.
    pub(crate) fn hoisting(&self, stmts: &[Stmt]) -> Option<&[VarId]> {
        self.hoisting.find_ref(stmts.as_ptr()).map(Vec::as_slice)
    }

    /// Which of the variables that a function captures this one is.
    pub(crate) fn free_at(&self, func: FuncId, var: VarId) -> Option<u32> {
        self.free_at.get(&(func.0, var.0)).copied()
    }

    /// The function, for a named one that captures nothing: naming it loads it, and it needs no variable.
    pub(crate) fn plain_function(&self, var: VarId) -> Option<FuncId> {
        match self.var(var).kind {
            VarKind::Function(func) if !self.func(func).closure => Some(func),
            _ => None,
        }
    }

    /// The struct of that type, if it is one.
    pub(crate) fn struct_of(&self, id: TypeId) -> Option<&'a StructDecl> {
        match self.ty(id) {
            Type::Struct { decl, .. } => Some(decl),
            Type::Enum(_) => None,
        }
    }

    /// The enum of that type, if it is one.
    pub(crate) fn enum_of(&self, id: TypeId) -> Option<&'a EnumDecl> {
        match self.ty(id) {
            Type::Enum(decl) => Some(decl),
            Type::Struct { .. } => None,
        }
    }
}
