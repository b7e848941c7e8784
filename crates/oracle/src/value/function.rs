//! Functions as values.

use std::rc::Rc;

use remora_syntax::ast::{Block, FuncDecl, FuncExpr, FuncKind, Param, TypeExpr};

use crate::env::{Cell, Env};

/// The code of a function, whichever way it was written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FuncRef<'p> {
    pub(crate) name: &'p str,
    /// The module it stands in.
    pub(crate) module: usize,
    pub(crate) kind: FuncKind,
    pub(crate) params: &'p [Param],
    /// Annotated.
    pub(crate) result: Option<&'p TypeExpr>,
    pub(crate) body: &'p Block,
}

impl<'p> FuncRef<'p> {
    pub(crate) fn named(decl: &'p FuncDecl, module: usize) -> Self {
        Self {
            name: &decl.name.name,
            module,
            kind: decl.kind,
            params: &decl.params,
            result: decl.result.as_ref(),
            body: &decl.body,
        }
    }

    pub(crate) fn lambda(func: &'p FuncExpr, module: usize) -> Self {
        Self {
            name: "<lambda>",
            module,
            kind: func.kind,
            params: &func.params,
            result: func.result.as_ref(),
            body: &func.body,
        }
    }
}

/// A function together with the variables it sees.
#[derive(Debug)]
pub(crate) struct Closure<'p> {
    pub(crate) func: FuncRef<'p>,
    pub(crate) env: Env<'p>,
    /// The copy of `self` that was made with the closure, if it was made in a method.
    pub(crate) this: Option<Rc<Cell<'p>>>,
}
