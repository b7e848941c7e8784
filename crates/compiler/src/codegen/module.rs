//! The module around the functions: globals, types, the order of everything; and what every function begins with.

use std::sync::Arc;

use remora_bytecode::peephole::optimise;
use remora_bytecode::{
    Capture, CellIdx, CodeBuilder, FnIdx, FreeIdx, Function, FunctionKind, Global, LocalIdx,
    Method, Module, ModuleBuilder, ParamDef, Payload, Profile, TypeDef, Unverified, VariantDef,
};
use remora_diagnostics::{Sink, Span};
use remora_syntax::ast::{
    Block, FuncKind, Param, ParamKind, PatternKind, Stmt, StmtKind, VariantKind,
};

use super::constants::Constants;
use super::live::{self, Written};
use super::variables::Home;
use super::{Codegen, Want, count};
use crate::Options;
use crate::builtin_names::BuiltinNames;
use crate::limits::{Limits, Sizes};
use crate::moves::Moves;
use crate::scope::{Func, FuncId, FuncSource, START, Scopes, Type, VarId, VarKind};
use crate::session::{self, After};

/// Writes a whole module. `None`, with an error in `sink`, if it would be too large.
pub(crate) fn module<'a>(
    scopes: &Scopes<'a>,
    options: &Options,
    builtins: &BuiltinNames<'_>,
    sink: &mut Sink,
) -> (Option<Module<Unverified>>, After) {
    let mut codegen = Codegen {
        scopes,
        options,
        builtins,
        sink,
        limits: Limits::default(),
        module: ModuleBuilder::new(&options.module_name, Profile::Full),
        functions: Vec::new(),
        globals: vec![None; scopes.vars.len()],
        top_globals: vec![None; scopes.tops.len()],
        imports: vec![None; builtins.len()],
        type_check_import: None,
        homes: vec![None; scopes.vars.len()],
        made: vec![false; scopes.vars.len()],
        function: START,
        code: CodeBuilder::default(),
        n_used: 0,
        n_locals: 0,
        local_names: Vec::new(),
        contexts: Vec::new(),
        moves: Moves::default(),
        written: Vec::new(),
        callable: Vec::new(),
        constants: Constants::new(options.globals_as_locals),
        waiting: None,
    };
    codegen.number_functions();
    codegen.callable = codegen.callable();
    codegen.add_globals();
    codegen.add_top_globals();
    codegen.add_types();
    let counts = [codegen.functions.len(), codegen.globals.len(), scopes.types.len()];
    let too_large = codegen.limits.module(counts);
    codegen.report(too_large);
    for nth in 0..scopes.funcs.len() {
        let func = FuncId(count(nth));
        if let Some(at) = codegen.functions[nth] {
            codegen.function(func, at);
        }
    }
    codegen.add_functions();
    codegen.module.set_start(FnIdx(0));
    if let Some(debug) = &options.debug {
        codegen.module.set_debug(debug.clone());
    }
    let mut after = After::default();
    if !options.globals_as_locals {
        let hidden: Vec<bool> = options.earlier.iter().map(|it| it.hidden).collect();
        after = session::after(scopes, &hidden, &codegen.top_globals);
    }
    // A function that could not be built has been reported, and is missing here.
    (codegen.module.finish().ok(), after)
}

impl<'a> Codegen<'a, '_> {
    /// Numbers the functions in the order of the text. What stands in a test is not part of the module.
    fn number_functions(&mut self) {
        for func in &self.scopes.funcs {
            let around = self.functions.get(func.parent.index());
            let in_test = matches!(func.source, FuncSource::Test) || around == Some(&None);
            self.functions.push((!in_test).then(|| self.module.reserve_function()));
        }
    }

    /// Whether `export` says which names others may use; else all may but those that begin with `_`. What others see of the
    /// module is what the program itself exports; the files that it imports are inside.
    fn has_marks(&self) -> bool {
        self.scopes.vars.iter().any(|it| it.exported && it.owner == START)
    }

    /// By function: whether others may call it by its name.
    fn callable(&self) -> Vec<bool> {
        let marked = self.has_marks();
        let mut callable = vec![false; self.scopes.funcs.len()];
        for var in self.scopes.vars.iter().filter(|it| it.global && it.owner == START) {
            if let VarKind::Function(func) = var.kind {
                let visible = if marked { var.exported } else { !var.name.starts_with('_') };
                callable[func.index()] |= visible || !self.options.leave_out_unused;
            }
        }
        callable
    }

    /// Gives the module the functions that were written, but for those that nothing can come to call.
    fn add_functions(&mut self) {
        let mut written = std::mem::take(&mut self.written);
        if self.options.optimise {
            live::leave_out(&mut written, &mut self.module);
        }
        for it in written {
            self.add_function(it);
        }
    }

    fn add_globals(&mut self) {
        let marked = self.has_marks();
        for (nth, var) in self.scopes.vars.iter().enumerate() {
            if !var.global {
                continue;
            }
            let function = self.scopes.plain_function(VarId(count(nth))).is_some();
            let local = self.options.globals_as_locals && (function || !var.shared);
            let visible = var.owner == START;
            if local && !(visible && var.exported) {
                continue;
            }
            let exported = if marked {
                var.exported
            } else {
                !self.options.globals_as_locals && !var.name.starts_with('_')
            };
            let exported = visible && exported;
            let mutable = var.kind == VarKind::Mutable;
            let global = Global { name: var.name.into(), mutable, exported };
            self.globals[nth] = Some(self.module.add_global(global));
        }
    }

    fn add_types(&mut self) {
        for ty in &self.scopes.types {
            let name: Arc<str> = (*ty.name().name).into();
            let def = match ty {
                Type::Struct { decl, methods, .. } => {
                    let many = decl.fields.len().max(decl.methods.len());
                    let too_large = self.limits.members(many, decl.name.span);
                    self.report(too_large);
                    let methods = methods.iter().filter_map(|func| {
                        let it = self.scopes.func(*func);
                        let function = self.functions[func.index()]?;
                        Some(Method { name: it.name.into(), function, kind: it.method? })
                    });
                    let fields = decl.fields.iter().map(|it| (*it.name.name).into()).collect();
                    TypeDef::Struct { name, fields, methods: methods.collect() }
                }
                Type::Enum(decl) => {
                    let most = decl.variants.iter().map(|it| match &it.kind {
                        VariantKind::Open => 0,
                        VariantKind::Tuple(names) | VariantKind::Struct(names) => names.len(),
                    });
                    let most = most.max().unwrap_or_default().max(decl.variants.len());
                    let too_large = self.limits.members(most, decl.name.span);
                    self.report(too_large);
                    let variants = decl.variants.iter().map(|it| VariantDef {
                        name: (*it.name.name).into(),
                        payload: match &it.kind {
                            VariantKind::Open => Payload::Open,
                            VariantKind::Tuple(names) => Payload::Tuple(count(names.len())),
                            VariantKind::Struct(names) => {
                                Payload::Struct(names.iter().map(|it| (*it.name).into()).collect())
                            }
                        },
                    });
                    TypeDef::Enum { name, variants: variants.collect() }
                }
            };
            self.module.add_type(def);
        }
    }

    /// Writes one function.
    fn function(&mut self, id: FuncId, at: FnIdx) {
        let func = self.scopes.func(id);
        self.function = id;
        let params = self.params(func);
        self.n_used = count(params.len());
        self.n_locals = self.n_used;
        self.code = CodeBuilder::new(self.n_locals);
        self.local_names.clear();
        for (nth, var) in func.free.iter().enumerate() {
            self.homes[var.index()] = Some(Home::Free(FreeIdx(count(nth))));
            let name = self.scopes.var(*var).name;
            self.code.tables().new_free(name);
        }
        if func.captures_self {
            self.code.tables().new_free("self");
        }
        for var in &func.cells {
            let name = self.scopes.var(*var).name;
            self.code.tables().new_cell(name);
        }
        if func.self_cell.is_some() {
            self.code.tables().new_cell("self");
        }
        let span = self.body(func);
        debug_assert!(self.contexts.is_empty(), "every loop has ended");
        self.finish(func, at, params, span);
    }

    fn params(&self, func: &Func<'a>) -> Box<[ParamDef]> {
        use remora_bytecode::ParamKind as Kind;
        let own = func.has_self().then(|| ParamDef { name: "self".into(), kind: Kind::Required });
        let others = func.source.params().iter().map(|it| ParamDef {
            name: match &it.pattern.kind {
                PatternKind::Bind(name) => (*name.name).into(),
                _ => "_".into(),
            },
            kind: match it.kind {
                ParamKind::Required => Kind::Required,
                ParamKind::Default(_) => Kind::Optional,
                ParamKind::Variadic => Kind::Variadic,
            },
        });
        own.into_iter().chain(others).collect()
    }

    /// Writes what the function does; gives a span for messages about all of it.
    fn body(&mut self, func: &Func<'a>) -> Span {
        match func.source {
            FuncSource::Start(stmts) => self.start(stmts),
            FuncSource::Decl(decl) => {
                self.params_and_body(func, &decl.params, &decl.body);
                decl.name.span
            }
            FuncSource::Expr(expr) => {
                self.params_and_body(func, &expr.params, &expr.body);
                expr.body.span
            }
            FuncSource::FieldDefault(default) => {
                self.expr_for(default, Want::Return);
                default.span
            }
            FuncSource::Spawn(body) => {
                self.params_and_body(func, &[], body);
                body.span
            }
            FuncSource::Test => Span::default(),
        }
    }

    /// Top-level code.
    fn start(&mut self, stmts: &'a [Stmt]) -> Span {
        let end = Span::at(stmts.last().map_or(0, |it| it.span.end));
        if self.function == START {
            self.store_tops(end);
        }
        self.hoist(stmts);
        let stored = stmts.iter().filter_map(|stmt| match &stmt.kind {
            StmtKind::Func(decl) => Some(decl),
            StmtKind::Export(inner) => match &inner.kind {
                StmtKind::Func(decl) => Some(decl),
                _ => None,
            },
            _ => None,
        });
        // Others ask for functions by the names of globals; the module's own code loads them directly.
        for decl in stored {
            if let Some(crate::scope::Meaning::Declares(var)) = self.scopes.meaning(&decl.name.name)
                && let Some(global) = self.globals[var.index()]
            {
                self.load_var(var, decl.name.span);
                self.emit(decl.name.span, |code| code.store_global(global));
            }
        }
        self.stmts_for(stmts, Want::Effect);
        self.emit(end, CodeBuilder::return_null);
        end
    }

    fn params_and_body(&mut self, func: &Func<'a>, params: &'a [Param], body: &'a Block) {
        let first = usize::from(func.has_self());
        if func.has_self() {
            self.name_local(LocalIdx(0), "self");
        }
        for (nth, param) in params.iter().enumerate() {
            self.param(LocalIdx(count(first + nth)), param);
        }
        self.block(body, Want::Effect);
        self.fall_off(Span::new(body.span.end.saturating_sub(1), body.span.end));
    }

    /// A parameter has arrived in its local: gives it its default, its cell, or takes it apart.
    fn param(&mut self, local: LocalIdx, param: &'a Param) {
        let span = param.pattern.span;
        if let ParamKind::Default(default) = &param.kind {
            let given = self.label();
            self.emit(default.span, |code| {
                code.param_given(local);
                code.jump_if_true(given);
            });
            self.expr(default);
            self.emit(default.span, |code| code.store_local(local));
            self.bind(given);
        }
        self.check_param(local, param);
        match &param.pattern.kind {
            PatternKind::Bind(name) => {
                let Some(crate::scope::Meaning::Declares(var)) = self.scopes.meaning(&name.name)
                else {
                    return;
                };
                if self.scopes.var(var).cell.is_some() {
                    self.begin_var(var, span);
                    self.emit(span, |code| code.load_local(local));
                    self.store_var(var, span);
                } else {
                    self.homes[var.index()] = Some(Home::Local(local));
                }
                self.name_local(local, &name.name);
            }
            PatternKind::Wildcard => {}
            _ => {
                self.emit(span, |code| code.load_local(local));
                self.destructure(&param.pattern);
            }
        }
    }

    fn finish(&mut self, func: &Func<'a>, at: FnIdx, params: Box<[ParamDef]>, span: Span) {
        let mut code = std::mem::take(&mut self.code);
        let no_name: Arc<str> = Arc::default();
        let names = self.local_names.iter().map(|it| match *it {
            "" => Arc::clone(&no_name),
            name => name.into(),
        });
        let names = names.collect();
        code.tables().set_local_names(names);
        let draft = code.into_draft().map(|mut draft| {
            if self.options.optimise {
                draft = optimise(draft);
                self.moves.mark(&mut draft, params.len(), func.method);
            }
            draft
        });
        let captures = self.captures(func);
        let kind = match func.source.kind() {
            FuncKind::Plain => FunctionKind::Plain,
            FuncKind::Generator => FunctionKind::Generator,
            FuncKind::Async => FunctionKind::Async,
        };
        let code = Arc::default();
        let function = Function { name: func.name.into(), params, kind, captures, code };
        let root = live::is_root(func, at, self.callable[self.function.index()]);
        self.written.push(Written { at, function, draft, span, root });
    }

    /// Encodes a function and gives it to the module.
    fn add_function(&mut self, written: Written) {
        let Written { at, mut function, draft, span, .. } = written;
        let code = match draft.and_then(remora_bytecode::Draft::finish) {
            Ok(code) => code,
            Err(error) => return self.build_failed(&error, span),
        };
        let sizes = Sizes {
            units: code.units().len(),
            locals: code.n_locals() as usize + code.cells().len(),
            stack: code.max_stack(),
            params: function.params.len(),
            labels: code.labels().len(),
        };
        let too_large = self.limits.function(sizes, span);
        self.report(too_large);
        function.code = code;
        self.module.set_function(at, function);
    }

    /// Where the maker of a function takes its cells from.
    fn captures(&self, func: &Func<'a>) -> Box<[Capture]> {
        let parent = self.scopes.func(func.parent);
        let variables = func.free.iter().map(|var| match self.scopes.var(*var) {
            it if it.owner == func.parent => Capture::Cell(CellIdx(it.cell.unwrap_or_default())),
            _ => {
                let at = self.scopes.free_at(func.parent, *var).unwrap_or_default();
                Capture::Free(FreeIdx(at))
            }
        });
        let own = func
            .captures_self
            .then(|| Capture::Cell(CellIdx(parent.self_cell.unwrap_or_default())));
        variables.chain(own).collect()
    }
}
