//! The walk: statements, in the order of the text.
//!
//! Names of functions, structs and enums are declared when their block begins, all others where they stand. Top-level
//! names are declared beforehand as *pending*: functions see them at once, top-level code only after their statement.

use remora_diagnostics::{Code, Diagnostic, Sink, Span, order};
use remora_syntax::ast::{
    AssignOp, BindMode, Block, Expr, ExprKind, Ident, Stmt, StmtKind, TestDecl,
};

use super::address::PairMap;
use super::bindings::{Bindings, Bound};
use super::imports::{Imported, Target, Top};
use super::{
    Func, FuncId, FuncSource, Meaning, START, Scopes, Type, Var, VarId, VarKind, captures,
};
use crate::builtin_names::BuiltinNames;
use crate::{Options, Unit, check};

/// Finds out what every name of a program means; what cannot be goes to `sink`.
pub(crate) fn resolve<'a>(
    units: &[Unit<'a>],
    options: &'a Options,
    builtins: &BuiltinNames<'_>,
    sink: &mut Sink,
) -> Scopes<'a> {
    let mut resolver = Resolver {
        out: Scopes::default(),
        bindings: Bindings::default(),
        builtins,
        sink,
        function: START,
        top: START,
        tops: Vec::new(),
        imported: Vec::new(),
        loops: Vec::new(),
        pending: Vec::new(),
        n_earlier: 0,
        reached: PairMap::default(),
        crossings: Vec::new(),
        in_test: false,
        check_types: options.check_types,
    };
    resolver.program(units, options);
    let Resolver { mut out, crossings, sink, .. } = resolver;
    captures::assign(&mut out, &crossings, sink);
    out
}

/// See the module.
pub(super) struct Resolver<'a, 'b> {
    pub(super) out: Scopes<'a>,
    pub(super) bindings: Bindings<'a>,
    pub(super) builtins: &'b BuiltinNames<'b>,
    pub(super) sink: &'b mut Sink,
    /// The function whose body this is.
    pub(super) function: FuncId,
    /// The function that the top-level code of this file is.
    pub(super) top: FuncId,
    /// The files of the program.
    pub(super) tops: Vec<Top<'a>>,
    /// What their import statements bind.
    pub(super) imported: Vec<Imported<'a>>,
    /// Labels of the loops around, within the function.
    pub(super) loops: Vec<Option<&'a str>>,
    /// By variable: a top-level one whose statement has not come yet.
    pub(super) pending: Vec<bool>,
    /// So many variables, the first ones, were there before the program.
    pub(super) n_earlier: usize,
    /// Which function already mentions which variable of another.
    reached: PairMap,
    /// Named functions of enclosing functions that methods mention: wrong if they turn out to be closures.
    crossings: Vec<(VarId, Span)>,
    /// In a test block, which is checked but not run: what it mentions counts for nothing.
    pub(super) in_test: bool,
    /// Names in type annotations mean something.
    pub(super) check_types: bool,
}

impl<'a> Resolver<'a, '_> {
    fn program(&mut self, units: &[Unit<'a>], options: &'a Options) {
        // About every sixteenth byte begins a name.
        let ends =
            units.iter().filter_map(|it| it.program.stmts.last().zip(it.program.stmts.first()));
        let n_bytes: u32 =
            ends.map(|(last, first)| last.span.end.saturating_sub(first.span.start)).sum();
        self.out.names.reserve(n_bytes as usize / 16);
        for (nth, unit) in units.iter().enumerate() {
            match unit.earlier {
                Some(earlier) => self.declare_earlier_file(*unit, earlier),
                None => self.declare_file(*unit, nth, options),
            }
        }
        order::sort_by_key(&mut self.out.imports, |(span, _)| span.start);
        self.find_targets();
        for nth in 0..self.tops.len() {
            let Top { unit, func, scope, .. } = &mut self.tops[nth];
            let (stmts, scope) = (&unit.program.stmts, std::mem::take(scope));
            (self.function, self.top) = (*func, *func);
            self.out.tops.push(*func);
            self.bindings.open();
            scope.into_iter().for_each(|(symbol, bound)| self.bindings.bind(symbol, bound));
            self.stmts(stmts);
            self.keep_hoisting(stmts);
            if nth == 0 {
                self.note_bound_imports();
            }
            self.bindings.close();
        }
    }

    /// Adds a function that stands in the current one.
    pub(super) fn add_func(
        &mut self,
        name: &'a str,
        source: FuncSource<'a>,
        method: Option<remora_bytecode::MethodKind>,
    ) -> FuncId {
        let id = FuncId(u32::try_from(self.out.funcs.len()).unwrap_or(u32::MAX));
        self.out.funcs.push(Func {
            name,
            source,
            parent: self.function,
            method,
            outer: Vec::new(),
            captures_self: false,
            closure: false,
            free: Vec::new(),
            cells: Vec::new(),
            self_cell: None,
        });
        id
    }

    pub(super) fn error(&mut self, error: Diagnostic) {
        self.sink.push(error);
    }

    pub(super) fn record(&mut self, name: &'a str, meaning: Meaning) {
        self.out.names.insert(name.as_ptr(), meaning);
    }

    pub(super) fn block(&mut self, block: &'a Block) {
        self.bindings.open();
        self.hoist(&block.stmts);
        self.stmts(&block.stmts);
        self.keep_hoisting(&block.stmts);
        self.bindings.close();
    }

    /// Remembers the variables of the scope that ends here, if functions are made when it begins.
    fn keep_hoisting(&mut self, stmts: &'a [Stmt]) {
        if stmts.iter().any(|it| matches!(it.kind, StmtKind::Func(_))) {
            let vars = self.bindings.vars_of_scope();
            self.out.hoisting.insert(stmts.as_ptr(), vars);
        }
    }

    pub(super) fn stmts(&mut self, stmts: &'a [Stmt]) {
        for stmt in stmts {
            self.stmt(stmt);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Error => {}
            StmtKind::Expr(expr) => self.expr(expr),
            StmtKind::Bind { mode, pattern, ty, value } => {
                self.annotation(ty.as_ref());
                self.bind(*mode, pattern, value);
            }
            StmtKind::Assign { place, op, ty, value } => {
                self.annotation(ty.as_ref());
                self.assign(place, *op, value);
            }
            StmtKind::AssignPattern { pattern, value } => {
                self.expr(value);
                self.assign_pattern(pattern);
            }
            StmtKind::Func(decl) => self.func_decl(decl),
            StmtKind::Struct(decl) => self.struct_decl(decl),
            StmtKind::Enum(decl) => self.enum_decl(decl),
            StmtKind::While { label, condition, body } => {
                self.expr(condition);
                self.looped(label.as_ref(), |it| it.block(body));
            }
            StmtKind::Loop { label, body } => self.looped(label.as_ref(), |it| it.block(body)),
            StmtKind::For { label, pattern, iterable, body } => {
                self.expr(iterable);
                self.bindings.open();
                self.declare_pattern(pattern, VarKind::Mutable);
                self.looped(label.as_ref(), |it| it.block(body));
                self.bindings.close();
            }
            StmtKind::Break(label) => self.leave_loop("break", stmt.span, label.as_ref()),
            StmtKind::Continue(label) => self.leave_loop("continue", stmt.span, label.as_ref()),
            StmtKind::Return(value) => {
                if let Some(value) = value {
                    self.expr(value);
                }
            }
            StmtKind::Block(block) => self.block(block),
            StmtKind::Try(it) => self.try_stmt(it),
            StmtKind::Export(inner) => self.stmt(inner),
            StmtKind::Import(import) => self.import(import),
            StmtKind::Test(test) => self.test(test),
        }
    }

    #[inline(never)]
    fn try_stmt(&mut self, it: &'a remora_syntax::ast::Try) {
        self.block(&it.body);
        if let Some((name, body)) = &it.except {
            self.bindings.open();
            if let Some(name) = name {
                let first = self.out.vars.len();
                self.declare(name, VarKind::Mutable, first);
            }
            self.block(body);
            self.bindings.close();
        }
        if let Some(body) = &it.finally {
            self.block(body);
        }
    }

    #[inline(never)]
    fn bind(&mut self, mode: BindMode, pattern: &'a remora_syntax::ast::Pattern, value: &'a Expr) {
        let kind = match mode {
            BindMode::Let => VarKind::Let,
            BindMode::Const => VarKind::Const,
            BindMode::Mut => VarKind::Mutable,
        };
        // A function literal sees the name it is bound to.
        if matches!(value.kind, ExprKind::Func(_)) {
            self.declare_pattern(pattern, kind);
            self.expr(value);
        } else {
            self.expr(value);
            self.declare_pattern(pattern, kind);
        }
    }

    #[inline(never)]
    fn assign(&mut self, place: &'a Expr, op: AssignOp, value: &'a Expr) {
        match &place.kind {
            ExprKind::Name(name) if op == AssignOp::Set => {
                if matches!(value.kind, ExprKind::Func(_)) {
                    self.set_name(name, place.span);
                    self.expr(value);
                } else {
                    self.expr(value);
                    self.set_name(name, place.span);
                }
            }
            ExprKind::Name(name) => {
                self.change_name(name, place.span);
                self.expr(value);
            }
            _ => {
                if !self.member_assigned(place) {
                    self.place(place);
                }
                self.expr(value);
            }
        }
    }

    /// `name := …`: changes the nearest variable of that name, or declares one.
    pub(super) fn set_name(&mut self, name: &'a str, span: Span) {
        let symbol = self.bindings.symbol(name);
        let imported_here = match self.bindings.find_in_scope(symbol) {
            Some(Bound::Import(id)) => Some(id),
            _ => None,
        };
        match (imported_here, self.find(symbol)) {
            (Some(id), _) => return self.imported_assigned(name, id, span),
            // The name of a module is no variable: a block may declare one that hides it.
            (None, Some(Bound::Import(id)))
                if matches!(self.imported(id).target, Target::Module(_)) => {}
            (None, Some(_)) => return self.change_name(name, span),
            (None, None) => {}
        }
        let var = self.new_var(name, span, VarKind::Mutable);
        self.record(name, Meaning::Declares(var));
    }

    /// `name += …`: the name must be there, and be changeable.
    fn change_name(&mut self, name: &'a str, span: Span) {
        let symbol = self.bindings.symbol(name);
        match self.find(symbol) {
            Some(Bound::Var(var)) => {
                let declared = self.out.var(var);
                if declared.kind != VarKind::Mutable {
                    let error = check::immutable(span, declared);
                    return self.error(error);
                }
                self.record(name, Meaning::Var(var));
                self.mention(var, span);
            }
            Some(Bound::Field(method)) => self.mention_field(name, span, method, true),
            Some(Bound::Import(id)) => self.imported_assigned(name, id, span),
            Some(Bound::Type(ty)) => {
                let error = check::type_assigned(span, self.out.ty(ty));
                self.error(error);
            }
            None => self.unknown_name(name, span),
        }
    }

    /// What the name means here; pending names mean nothing to top-level code.
    pub(super) fn find(&self, symbol: super::bindings::Symbol) -> Option<Bound> {
        let bound = self.bindings.find(symbol)?;
        let at_top = self.function == self.top;
        match bound {
            Bound::Var(var) if at_top && self.pending[var.index()] => None,
            Bound::Import(id) if at_top && self.imported(id).pending => None,
            Bound::Import(id) => match self.imported(id).target {
                Target::Type(ty) => Some(Bound::Type(ty)),
                _ => Some(bound),
            },
            _ => Some(bound),
        }
    }

    /// Adds a variable to the innermost scope; a pending one of that name becomes visible instead.
    pub(super) fn new_var(&mut self, name: &'a str, span: Span, kind: VarKind) -> VarId {
        let symbol = self.bindings.symbol(name);
        if let Some(Bound::Var(var)) = self.bindings.find_in_scope(symbol) {
            if self.pending[var.index()] {
                self.pending[var.index()] = false;
                return var;
            }
            if self.is_earlier(var) {
                return self.renew(var, span, kind);
            }
        }
        let var = self.add_var(name, span, kind);
        self.bindings.bind(symbol, Bound::Var(var));
        var
    }

    pub(super) fn add_var(&mut self, name: &'a str, span: Span, kind: VarKind) -> VarId {
        let id = VarId(u32::try_from(self.out.vars.len()).unwrap_or(u32::MAX));
        self.out.vars.push(Var {
            name,
            span,
            owner: self.function,
            kind,
            global: self.function == self.top && self.bindings.at_top(),
            exported: false,
            shared: false,
            cell: None,
        });
        self.pending.push(false);
        id
    }

    /// Takes note that the current function refers to a variable.
    pub(super) fn mention(&mut self, var: VarId, span: Span) {
        let Var { owner, global, kind, .. } = *self.out.var(var);
        if self.in_test || owner == self.function {
            return;
        }
        if global {
            self.out.vars[var.index()].shared = true;
            return;
        }
        let mut at = self.function;
        while at != owner {
            if self.out.func(at).is_boundary() {
                // Whether a named function needs a closure is known at the end only.
                if matches!(kind, VarKind::Function(_)) {
                    self.crossings.push((var, span));
                } else {
                    let error = check::captured_by_method(span, self.out.var(var));
                    self.error(error);
                }
                break;
            }
            if self.reached.insert((at.0, var.0), 0).is_some() {
                break;
            }
            let func = &mut self.out.funcs[at.index()];
            func.outer.push(var);
            at = func.parent;
        }
        self.out.vars[var.index()].shared = true;
    }

    fn looped(&mut self, label: Option<&'a Ident>, body: impl FnOnce(&mut Self)) {
        self.loops.push(label.map(|it| &*it.name));
        body(self);
        self.loops.pop();
    }

    fn leave_loop(&mut self, word: &str, span: Span, label: Option<&'a Ident>) {
        if self.loops.is_empty() {
            self.error(check::outside_loop(span, word));
        } else if let Some(label) = label
            && !self.loops.contains(&Some(&*label.name))
        {
            let error = check::unknown_label(label, self.loops.iter().filter_map(|it| *it));
            self.error(error);
        }
    }

    #[inline(never)]
    fn test(&mut self, test: &'a TestDecl) {
        let func = self.add_func("<test>", FuncSource::Test, None);
        let was_in_test = std::mem::replace(&mut self.in_test, true);
        self.inside(func, |it| it.block(&test.body));
        self.in_test = was_in_test;
    }

    /// Walks what belongs to the function.
    pub(super) fn inside(&mut self, func: FuncId, walk: impl FnOnce(&mut Self)) {
        let around = std::mem::replace(&mut self.function, func);
        let loops = std::mem::take(&mut self.loops);
        walk(self);
        self.loops = loops;
        self.function = around;
    }

    /// Whether the method around has a field of that name, which its `self` keeps from being seen bare.
    fn field_of_self(&self, name: &str) -> bool {
        self.out.types.iter().any(|it| match it {
            Type::Struct { decl, methods, .. } => {
                methods.contains(&self.function)
                    && self.out.func(self.function).has_self()
                    && decl.fields.iter().any(|it| *it.name.name == *name)
            }
            Type::Enum(_) => false,
        })
    }

    #[cold]
    pub(super) fn unknown_name(&mut self, name: &'a str, span: Span) {
        if self.sink.is_full() {
            let error = Diagnostic::error(Code::E0101).label(span, "");
            return self.error(error);
        }
        let symbol = self.bindings.symbol(name);
        let later = match self.bindings.find(symbol) {
            Some(Bound::Var(var)) => Some(self.out.var(var).span),
            Some(Bound::Import(id)) => Some(self.imported(id).span),
            _ => None,
        };
        let visible = self.bindings.visible().map(|(name, _)| name);
        let known = visible.chain(self.builtins.names());
        let error = check::unknown_name(name, span, later, self.builtins.is_method(name), known);
        let error = match self.field_of_self(name) {
            true => error.help(format!("write `self.{name}`")),
            false => error,
        };
        self.error(error);
    }
}
