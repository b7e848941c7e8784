//! Writes wordcode, one function after the other.
//!
//! Order of evaluation is the order of the text. A construct leaves what its [`Want`] says and nothing else; code that
//! control cannot come to is not written at all. Conditions become jumps; a value is made of them only where one is
//! wanted.

mod assign;
mod call;
mod closure;
mod collection;
mod condition;
mod constants;
mod control;
mod errors;
mod expr;
mod import;
mod live;
mod matching;
mod module;
mod pattern;
mod string;
mod structs;
mod tail;
mod types;
mod variables;

use remora_bytecode::{
    BuildError, CodeBuilder, FnIdx, GlobalIdx, ImportIdx, Label, LocalIdx, ModuleBuilder,
};
use remora_diagnostics::{Diagnostic, Sink, Span};
use remora_syntax::ast::Ident;

use self::control::Context;
use crate::Options;
use crate::builtin_names::BuiltinNames;
use crate::limits::Limits;
use crate::moves::Moves;
use crate::scope::{FuncId, FuncSource, Scopes};

pub(crate) use self::module::module;

/// What shall become of the value of an expression or block.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Want {
    /// Nothing: it is evaluated for its effect.
    Effect,
    /// It lies on the stack afterwards.
    Value,
    /// The function returns it.
    Return,
}

/// Writes the functions of one module.
struct Codegen<'a, 'b> {
    scopes: &'b Scopes<'a>,
    options: &'b Options,
    builtins: &'b BuiltinNames<'b>,
    sink: &'b mut Sink,
    limits: Limits,
    module: ModuleBuilder,
    /// By [`FuncId`]; `None` for what belongs to tests.
    functions: Vec<Option<FnIdx>>,
    /// By variable: its global, if it has one.
    globals: Vec<Option<GlobalIdx>>,
    /// By file: the global that holds the function of its top level until that has run, where it is not plain to see that
    /// it has not.
    top_globals: Vec<Option<GlobalIdx>>,
    /// By builtin: its import, once it is needed.
    imports: Vec<Option<ImportIdx>>,
    /// The import of what checks types, once it is needed.
    type_check_import: Option<ImportIdx>,
    /// By variable: where it lives in the function that is being written.
    homes: Vec<Option<variables::Home>>,
    /// By variable: its cell has been made when its block began.
    made: Vec<bool>,
    /// The function that is being written.
    function: FuncId,
    code: CodeBuilder,
    /// Locals in use; those above are free.
    n_used: u32,
    n_locals: u32,
    /// What locals are called, for debuggers.
    local_names: Vec<&'a str>,
    /// Loops and `try` statements around.
    contexts: Vec<Context<'a>>,
    moves: Moves,
    /// Functions whose code can still be changed, by number.
    written: Vec<live::Written>,
    /// By [`FuncId`]: others may call it by its name.
    callable: Vec<bool>,
    constants: constants::Constants,
    /// While a pattern is taken apart whose names exist already: where their new values wait.
    waiting: Option<Vec<(&'a Ident, LocalIdx)>>,
}

impl Codegen<'_, '_> {
    /// True if control can come here.
    fn reachable(&self) -> bool {
        self.code.depth().is_some()
    }

    /// Adds instructions for the source at `span`, if control can come here.
    fn emit(&mut self, span: Span, add: impl FnOnce(&mut CodeBuilder)) {
        if self.reachable() {
            self.code.set_span(span);
            add(&mut self.code);
        }
    }

    fn label(&mut self) -> Label {
        self.code.new_label()
    }

    fn bind(&mut self, label: Label) {
        self.code.bind(label);
    }

    /// Items on the stack; 0 where control cannot come.
    fn depth(&self) -> u32 {
        self.code.depth().unwrap_or_default()
    }

    /// The next free local.
    fn new_local(&mut self) -> LocalIdx {
        let local = LocalIdx(self.n_used);
        self.n_used += 1;
        if self.n_used > self.n_locals {
            self.n_locals = self.n_used;
            self.code.new_local();
        }
        local
    }

    fn warn(&mut self, warning: Diagnostic) {
        self.sink.push(warning);
    }

    fn report(&mut self, error: Option<Diagnostic>) {
        if let Some(error) = error {
            self.sink.push(error);
        }
    }

    /// The instruction set can number less than the program needs.
    fn build_failed(&mut self, error: &BuildError, span: Span) {
        debug_assert!(*error == BuildError::TooLarge, "{error}");
        let code = remora_diagnostics::Code::E0114;
        self.sink.push(Diagnostic::error(code).label(span, error.to_string()));
    }

    /// Whether the code is the top level of a file.
    fn in_start(&self) -> bool {
        matches!(self.scopes.func(self.function).source, FuncSource::Start(_))
    }
}

/// A number of things in the source as an operand. Source is limited to far less than 32 bits can count.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
