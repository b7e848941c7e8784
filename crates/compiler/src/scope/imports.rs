//! Names from other modules: what import statements bind, and what `module.name` means.
//!
//! Top-level names of all files are declared before any code is looked at, so it does not matter in which order files
//! come. An imported name is bound when its file begins, and means nothing to top-level code before its statement.

use std::collections::{HashMap, HashSet};

use remora_diagnostics::{Span, order};
use remora_syntax::ast::{
    AssignOp, Expr, ExprKind, Ident, Import, ImportItem, Program, Stmt, StmtKind,
};

use super::bindings::{Bound, Symbol};
use super::declare::for_each_name;
use super::resolve::Resolver;
use super::{FuncId, FuncSource, Meaning, START, TypeId, VarId};
use crate::files::{NotFound, path_span};
use crate::session::{EarlierImport, EarlierModule, EarlierName};
use crate::{Options, Unit, check};

/// An imported name, numbered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct ImportId(u32);

/// What an import statement binds a name to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Target {
    Var(VarId),
    Type(TypeId),
    /// The file of that number.
    Module(usize),
    /// Nothing, which was reported.
    Missing,
}

/// An imported name.
#[derive(Debug)]
pub(super) struct Imported<'a> {
    pub(super) target: Target,
    /// Where it is bound.
    pub(super) span: Span,
    /// Where it is called by its name in its module.
    item_span: Span,
    /// Its statement has not come yet.
    pub(super) pending: bool,
    /// A session has imported it before: it may be declared anew.
    pub(super) earlier: bool,
    from: Origin<'a>,
}

/// Where an imported name comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Origin<'a> {
    /// The file, if there is one.
    file: Option<usize>,
    /// What it is called there, if it is no module.
    item: Option<&'a str>,
}

/// The top level of a file.
#[derive(Debug)]
pub(super) struct Top<'a> {
    pub(super) unit: Unit<'a>,
    /// The function that its top-level code is.
    pub(super) func: FuncId,
    /// What it declares and imports.
    pub(super) scope: Vec<(Symbol, Bound)>,
    /// What importers may name, and with `false` what they may not.
    names: HashMap<&'a str, (Bound, bool)>,
}

/// The top-level names of a program, and whether it exports each: what it marks with `export`, else all that do not
/// begin with `_`.
fn top_names<'a>(program: &'a Program) -> Vec<(&'a str, bool)> {
    let marked = program.stmts.iter().any(|it| matches!(it.kind, StmtKind::Export(_)));
    let mut names = Vec::new();
    for stmt in &program.stmts {
        let (inner, exported) = match &stmt.kind {
            StmtKind::Export(inner) => (&**inner, true),
            _ => (stmt, false),
        };
        let mut add = |name: &'a str| {
            names.push((name, if marked { exported } else { !name.starts_with('_') }));
        };
        match &inner.kind {
            StmtKind::Bind { pattern, .. } | StmtKind::AssignPattern { pattern, .. } => {
                for_each_name(pattern, &mut |it| add(&it.name));
            }
            StmtKind::Assign { place, op: AssignOp::Set, .. } => {
                if let ExprKind::Name(name) = &place.kind {
                    add(name);
                }
            }
            StmtKind::Func(decl) => add(&decl.name.name),
            StmtKind::Struct(decl) => add(&decl.name.name),
            StmtKind::Enum(decl) => add(&decl.name.name),
            _ => {}
        }
    }
    names
}

impl<'a> Resolver<'a, '_> {
    /// Declares what a file declares and imports at its top level.
    pub(super) fn declare_file(&mut self, unit: Unit<'a>, nth: usize, options: &'a Options) {
        self.function = START;
        let name = if nth == 0 { "<main>" } else { "" };
        let func = self.add_func(name, FuncSource::Start(&unit.program.stmts), None);
        (self.function, self.top) = (func, func);
        self.bindings.open();
        if nth == 0 {
            self.declare_earlier(&options.earlier);
            for it in &options.earlier_imports {
                let from = Origin { file: Some(1 + it.module), item: it.item.as_deref() };
                let (span, earlier) = (Span::default(), true);
                self.add_imported(
                    &it.name,
                    Imported { pending: false, earlier, ..imported(from, span) },
                );
            }
        }
        for stmt in &unit.program.stmts {
            if let StmtKind::Import(import) = &stmt.kind {
                self.bind_import(unit, stmt, import);
            }
        }
        self.declare_top(&unit.program.stmts);
        let scope = self.bindings.scope();
        self.bindings.close();
        let bound: HashMap<Symbol, Bound> = scope.iter().copied().collect();
        let mut names: HashMap<&'a str, (Bound, bool)> = HashMap::new();
        for (name, exported) in top_names(unit.program) {
            let symbol = self.bindings.symbol(name);
            if let Some(bound) = bound.get(&symbol)
                && !matches!(bound, Bound::Import(_))
            {
                names.entry(name).or_insert((*bound, exported)).1 |= exported;
            }
        }
        let exports = names.iter().filter_map(|(name, (bound, exported))| match bound {
            Bound::Var(var) if *exported => Some((*name, EarlierName::Global(var.0))),
            Bound::Type(ty) if *exported => Some((*name, EarlierName::Type(ty.0))),
            _ => None,
        });
        self.out.exports.push(exports.collect());
        self.tops.push(Top { unit, func, scope, names });
    }

    /// The same for a file that a session has imported before.
    pub(super) fn declare_earlier_file(&mut self, unit: Unit<'a>, earlier: &'a EarlierModule) {
        self.function = START;
        let func = self.add_func("", FuncSource::Start(&unit.program.stmts), None);
        let names = earlier.exports.iter().map(|(name, what)| {
            // The globals of the session are the first variables.
            let bound = match what {
                EarlierName::Global(global) => Bound::Var(VarId(*global)),
                EarlierName::Type(ty) => Bound::Type(TypeId(*ty)),
            };
            (name.as_str(), (bound, true))
        });
        let names = names.collect();
        self.out.exports.push(earlier.exports.iter().map(|it| (it.0.as_str(), it.1)).collect());
        self.tops.push(Top { unit, func, scope: Vec::new(), names });
    }

    /// Remembers what the program has imported, for what comes after it in a session.
    pub(super) fn note_bound_imports(&mut self) {
        let scope = self.bindings.scope();
        let mut seen = HashSet::new();
        for (symbol, bound) in scope.into_iter().rev() {
            let Bound::Import(id) = bound else {
                seen.insert(symbol);
                continue;
            };
            let Origin { file, item } = self.imported(id).from;
            let module = file.and_then(|it| it.checked_sub(1));
            if let (true, Some(module)) = (seen.insert(symbol), module) {
                let name = self.bindings.text(symbol).to_owned();
                let item = item.map(str::to_owned);
                self.out.bound_imports.push(EarlierImport { name, module, item });
            }
        }
    }

    fn bind_import(&mut self, unit: Unit<'a>, stmt: &'a Stmt, import: &'a Import) {
        let file = unit.imports.and_then(|it| it.imports.get(&stmt.span.start)).copied();
        match file {
            Some(file) => self.out.imports.push((stmt.span, file)),
            None => {
                let names: Vec<&str> = import.path.iter().map(|it| &*it.name).collect();
                let span = path_span(stmt, import);
                self.error(check::module_not_found(&names.join("."), span, &NotFound::default()));
            }
        }
        let Some(items) = &import.items else {
            if let Some(name) = bound_module(import) {
                self.bind_imported(name, Origin { file, item: None }, name.span);
            }
            return;
        };
        for item in items {
            let from = Origin { file, item: Some(&item.name.name) };
            self.bind_imported(bound_item(item), from, item.name.span);
        }
    }

    fn bind_imported(&mut self, name: &'a Ident, from: Origin<'a>, item_span: Span) {
        let symbol = self.bindings.symbol(&name.name);
        if let Some(Bound::Import(known)) = self.bindings.find_in_scope(symbol)
            && !self.imported(known).earlier
        {
            let known = self.imported(known);
            if known.from != from {
                let earlier = known.span;
                self.error(check::already_declared(name, Some(earlier)));
            }
            return;
        }
        self.add_imported(&name.name, Imported { item_span, ..imported(from, name.span) });
    }

    fn add_imported(&mut self, name: &'a str, it: Imported<'a>) {
        let symbol = self.bindings.symbol(name);
        let id = ImportId(u32::try_from(self.imported.len()).unwrap_or(u32::MAX));
        self.imported.push(it);
        self.bindings.bind(symbol, Bound::Import(id));
    }

    pub(super) fn imported(&self, id: ImportId) -> &Imported<'a> {
        &self.imported[id.0 as usize]
    }

    /// Finds what the imported names of all files are.
    pub(super) fn find_targets(&mut self) {
        for nth in 0..self.imported.len() {
            let Imported { from: Origin { file, item }, item_span, .. } = self.imported[nth];
            let target = match (file, item) {
                (None, _) => Target::Missing,
                (Some(file), None) => Target::Module(file),
                (Some(file), Some(name)) => match self.export(file, name, item_span) {
                    Some(Bound::Var(var)) => Target::Var(var),
                    Some(Bound::Type(ty)) => Target::Type(ty),
                    _ => Target::Missing,
                },
            };
            self.imported[nth].target = target;
        }
    }

    /// What a file exports by that name; if it does not, that is reported.
    fn export(&mut self, file: usize, name: &str, span: Span) -> Option<Bound> {
        let names = &self.tops.get(file)?.names;
        let hidden = match names.get(name) {
            Some((bound, true)) => return Some(*bound),
            Some((Bound::Var(var), false)) => Some(self.out.var(*var).span),
            Some((Bound::Type(ty), false)) => Some(self.out.ty(*ty).name().span),
            _ => None,
        };
        let mut known: Vec<&str> = names.iter().filter(|it| it.1.1).map(|it| *it.0).collect();
        order::sort_texts(&mut known);
        let error = check::not_exported(name, span, hidden, known.into_iter());
        self.error(error);
        None
    }

    /// An import statement has been reached: from here on top-level code sees its names.
    pub(super) fn import(&mut self, import: &'a Import) {
        let names: Vec<&'a Ident> = match &import.items {
            Some(items) => items.iter().map(bound_item).collect(),
            None => bound_module(import).into_iter().collect(),
        };
        for name in names {
            let symbol = self.bindings.symbol(&name.name);
            if let Some(Bound::Import(id)) = self.bindings.find_in_scope(symbol) {
                self.imported[id.0 as usize].pending = false;
            }
        }
    }

    /// The module that an expression names, and the text that names it.
    fn module_of(&mut self, object: &'a Expr) -> Option<(&'a str, Option<usize>)> {
        let ExprKind::Name(name) = &object.kind else { return None };
        let symbol = self.bindings.symbol(name);
        let Some(Bound::Import(id)) = self.find(symbol) else { return None };
        match self.imported(id).target {
            Target::Module(file) => Some((name, Some(file))),
            Target::Missing => Some((name, None)),
            Target::Var(_) | Target::Type(_) => None,
        }
    }

    /// `object.name` where the object is a module: records what it means. `None` if it is something else.
    pub(super) fn member(&mut self, object: &'a Expr, name: &'a Ident) -> Option<Target> {
        let (module, file) = self.module_of(object)?;
        self.record(module, Meaning::Module);
        let target = match file.and_then(|it| self.export(it, &name.name, name.span)) {
            Some(Bound::Var(var)) => {
                self.record(&name.name, Meaning::Import(var));
                self.mention(var, name.span);
                Target::Var(var)
            }
            Some(Bound::Type(ty)) => {
                self.record(&name.name, Meaning::Type(ty));
                Target::Type(ty)
            }
            _ => Target::Missing,
        };
        Some(target)
    }

    /// An imported name is read.
    pub(super) fn read_imported(&mut self, name: &'a str, id: ImportId, span: Span) {
        match self.imported(id).target {
            Target::Var(var) => {
                self.record(name, Meaning::Import(var));
                self.mention(var, span);
            }
            Target::Type(ty) => self.record(name, Meaning::Type(ty)),
            Target::Module(_) => self.error(check::module_as_value(name, span)),
            Target::Missing => {}
        }
    }

    /// An imported name is assigned, which it cannot be.
    pub(super) fn imported_assigned(&mut self, name: &str, id: ImportId, span: Span) {
        let it = self.imported(id);
        let error = match it.target {
            Target::Var(var) => check::imported_assigned(span, name, self.out.var(var).span),
            Target::Type(ty) => check::type_assigned(span, self.out.ty(ty)),
            Target::Module(_) => check::module_assigned(span, name, it.span),
            Target::Missing => return,
        };
        self.error(error);
    }

    /// `module.name := …`; false if the place is something else.
    pub(super) fn member_assigned(&mut self, place: &'a Expr) -> bool {
        let ExprKind::Field { object, name, .. } = &place.kind else { return false };
        let error = match self.member(object, name) {
            None => return false,
            Some(Target::Var(var)) => {
                check::imported_assigned(place.span, &name.name, self.out.var(var).span)
            }
            Some(Target::Type(ty)) => check::type_assigned(place.span, self.out.ty(ty)),
            Some(Target::Module(_) | Target::Missing) => return true,
        };
        self.error(error);
        true
    }

    /// A place inside an imported name is assigned.
    pub(super) fn imported_contents(&mut self, name: &str, target: Target, span: Span) {
        let from = match target {
            Target::Var(var) => self.out.var(var).span,
            Target::Type(ty) => self.out.ty(ty).name().span,
            Target::Module(_) | Target::Missing => return,
        };
        self.error(check::imported_contents(span, name, from));
    }
}

/// A name whose statement has not come yet.
const fn imported(from: Origin<'_>, span: Span) -> Imported<'_> {
    let target = Target::Missing;
    Imported { target, span, item_span: span, pending: true, earlier: false, from }
}

/// The name that a statement without items binds.
fn bound_module(import: &Import) -> Option<&Ident> {
    import.alias.as_ref().or(import.path.last())
}

fn bound_item(item: &ImportItem) -> &Ident {
    item.alias.as_ref().unwrap_or(&item.name)
}
