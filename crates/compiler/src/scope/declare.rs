//! Declarations: functions, structs and enums, and what a block declares before it begins.

use remora_bytecode::MethodKind;
use remora_syntax::ast::{
    AssignOp, BindMode, EnumDecl, ExprKind, FuncDecl, FuncExpr, Ident, Param, ParamKind, Pattern,
    PatternKind, Stmt, StmtKind, StructDecl, VariantKind,
};

use super::bindings::Bound;
use super::resolve::Resolver;
use super::{FuncSource, Meaning, START, Type, TypeId, VarKind};
use crate::check::{self, Repeated};
use crate::{fold, lost};

impl<'a> Resolver<'a, '_> {
    /// Declares all top-level names: functions, structs and enums for good, variables as pending.
    pub(super) fn declare_top(&mut self, stmts: &'a [Stmt]) {
        for stmt in stmts {
            let (inner, exported) = match &stmt.kind {
                StmtKind::Export(inner) => (&**inner, true),
                _ => (stmt, false),
            };
            let first = self.out.vars.len();
            match &inner.kind {
                StmtKind::Bind { mode, pattern, .. } => {
                    let kind = match mode {
                        BindMode::Let => VarKind::Let,
                        BindMode::Const => VarKind::Const,
                        BindMode::Mut => VarKind::Mutable,
                    };
                    for_each_name(pattern, &mut |name| self.declare_pending(name, kind));
                }
                StmtKind::AssignPattern { pattern, .. } => {
                    let kind = VarKind::Mutable;
                    for_each_name(pattern, &mut |name| self.declare_pending(name, kind));
                }
                StmtKind::Assign { place, op: AssignOp::Set, .. } => {
                    if let ExprKind::Name(name) = &place.kind {
                        self.declare_pending_text(name, place.span, VarKind::Mutable);
                    }
                }
                _ => self.hoist_one(inner),
            }
            if exported {
                self.out.vars[first..].iter_mut().for_each(|it| it.exported = true);
            }
        }
    }

    fn declare_pending(&mut self, name: &'a Ident, kind: VarKind) {
        self.declare_pending_text(&name.name, name.span, kind);
    }

    fn declare_pending_text(
        &mut self,
        name: &'a str,
        span: remora_diagnostics::Span,
        kind: VarKind,
    ) {
        let symbol = self.bindings.symbol(name);
        if self.bindings.find_in_scope(symbol).is_none() {
            let var = self.new_var(name, span, kind);
            self.pending[var.index()] = true;
        }
    }

    /// Declares the functions, structs and enums of a block that begins.
    pub(super) fn hoist(&mut self, stmts: &'a [Stmt]) {
        for stmt in stmts {
            self.hoist_one(stmt);
        }
    }

    fn hoist_one(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Func(decl) => self.hoist_func(decl),
            StmtKind::Struct(decl) => self.hoist_struct(decl),
            StmtKind::Enum(decl) => self.hoist_type(&decl.name, |_| Type::Enum(decl)),
            StmtKind::Export(inner) => self.hoist_one(inner),
            _ => {}
        }
    }

    #[inline(never)]
    fn hoist_func(&mut self, decl: &'a FuncDecl) {
        let func = self.add_func(&decl.name.name, FuncSource::Decl(decl), None);
        self.out.bodies.insert(std::ptr::from_ref(&decl.body), func);
        let first = self.out.vars.len();
        self.declare(&decl.name, VarKind::Function(func), first);
    }

    fn hoist_struct(&mut self, decl: &'a StructDecl) {
        self.hoist_type(&decl.name, |it| {
            let methods = decl.methods.iter().map(|method| {
                let kind = match method.self_param {
                    Some(true) => MethodKind::Mutating,
                    Some(false) => MethodKind::Value,
                    None => MethodKind::Static,
                };
                let source = FuncSource::Decl(method);
                let func = it.add_func(&method.name.name, source, Some(kind));
                it.out.bodies.insert(std::ptr::from_ref(&method.body), func);
                func
            });
            let methods = methods.collect();
            let defaults = decl.fields.iter().map(|field| {
                let default = field.default.as_ref()?;
                if fold::constant(default).is_some() {
                    return None;
                }
                let source = FuncSource::FieldDefault(default);
                let func = it.add_func(&field.name.name, source, None);
                it.out.bodies.insert(std::ptr::from_ref(default), func);
                Some(func)
            });
            let defaults = defaults.collect();
            Type::Struct { decl, methods, defaults }
        });
    }

    fn hoist_type(&mut self, name: &'a Ident, make: impl FnOnce(&mut Self) -> Type<'a>) {
        let id = TypeId(u32::try_from(self.out.types.len()).unwrap_or(u32::MAX));
        let symbol = self.bindings.symbol(&name.name);
        match self.bindings.find_in_scope(symbol) {
            Some(Bound::Var(var)) if self.is_earlier(var) => {}
            Some(Bound::Import(id)) if self.imported(id).earlier => {}
            Some(bound) => self.already_declared(name, bound),
            None => {}
        }
        let made = make(self);
        self.out.types.push(made);
        self.record(&name.name, Meaning::Type(id));
        self.bindings.bind(symbol, Bound::Type(id));
    }

    /// Declares a name in the innermost scope. Variables from `first` on belong to the same pattern.
    pub(super) fn declare(&mut self, name: &'a Ident, kind: VarKind, first: usize) {
        let symbol = self.bindings.symbol(&name.name);
        match self.bindings.find_in_scope(symbol) {
            Some(Bound::Var(var)) if self.pending[var.index()] || self.is_earlier(var) => {}
            Some(Bound::Var(var)) if var.index() >= first => {
                let error = check::repeated(name, Repeated::Name, self.out.var(var).span);
                return self.error(error);
            }
            Some(Bound::Import(id)) if self.imported(id).earlier => {}
            Some(bound) => return self.already_declared(name, bound),
            None => {}
        }
        let var = self.new_var(&name.name, name.span, kind);
        self.record(&name.name, Meaning::Declares(var));
    }

    fn already_declared(&mut self, name: &Ident, bound: Bound) {
        let earlier = match bound {
            Bound::Var(var) => Some(self.out.var(var).span),
            Bound::Type(ty) => Some(self.out.ty(ty).name().span),
            Bound::Import(id) => Some(self.imported(id).span),
            Bound::Field(_) => None,
        };
        self.error(check::already_declared(name, earlier));
    }

    #[inline(never)]
    pub(super) fn func_decl(&mut self, decl: &'a FuncDecl) {
        let Some(func) = self.out.func_of(&decl.body) else { return };
        self.annotation(decl.result.as_ref());
        self.inside(func, |it| it.function(&decl.params, &decl.body));
    }

    #[inline(never)]
    pub(super) fn func_expr(&mut self, expr: &'a FuncExpr) {
        let func = self.add_func("<lambda>", FuncSource::Expr(expr), None);
        self.out.bodies.insert(std::ptr::from_ref(&expr.body), func);
        self.annotation(expr.result.as_ref());
        self.inside(func, |it| it.function(&expr.params, &expr.body));
    }

    /// The block of a task is a function of its own.
    #[inline(never)]
    pub(super) fn spawn(&mut self, body: &'a remora_syntax::ast::Block) {
        let func = self.add_func("<spawn>", FuncSource::Spawn(body), None);
        self.out.bodies.insert(std::ptr::from_ref(body), func);
        self.inside(func, |it| it.block(body));
    }

    fn function(&mut self, params: &'a [Param], body: &'a remora_syntax::ast::Block) {
        self.bindings.open();
        let first = self.out.vars.len();
        let mut optional = None;
        for param in params {
            if let Some(wrong) = check::param_order(param, &mut optional) {
                self.error(wrong);
            }
            if let ParamKind::Default(default) = &param.kind {
                self.expr(default);
            }
            self.annotation(param.ty.as_ref());
            self.declare_names(&param.pattern, VarKind::Mutable, first);
        }
        self.block(body);
        self.bindings.close();
    }

    #[inline(never)]
    pub(super) fn struct_decl(&mut self, decl: &'a StructDecl) {
        let Some(Meaning::Type(ty)) = self.out.meaning(&decl.name.name) else { return };
        let Type::Struct { methods, defaults, .. } = self.out.ty(ty) else { return };
        let (methods, defaults) = (methods.clone(), defaults.clone());
        for error in check::struct_decl(decl) {
            self.error(error);
        }
        for field in &decl.fields {
            self.annotation(field.ty.as_ref());
        }
        for (field, func) in decl.fields.iter().zip(defaults) {
            if let (Some(default), Some(func)) = (&field.default, func) {
                self.inside(func, |it| it.expr(default));
            }
        }
        for (method, func) in decl.methods.iter().zip(methods) {
            if let Some(error) = check::runs_later(method) {
                self.error(error);
            }
            if let Some(warning) = lost::change(method) {
                self.error(warning);
            }
            self.annotation(method.result.as_ref());
            self.inside(func, |it| {
                // In the older style a method without `self` sees the fields by their names.
                it.bindings.open();
                if method.self_param.is_none() {
                    for field in &decl.fields {
                        let symbol = it.bindings.symbol(&field.name.name);
                        it.bindings.bind(symbol, Bound::Field(func));
                    }
                }
                it.function(&method.params, &method.body);
                it.bindings.close();
            });
        }
    }

    pub(super) fn enum_decl(&mut self, decl: &'a EnumDecl) {
        for error in check::distinct(decl.variants.iter().map(|it| &it.name), Repeated::Variant) {
            self.error(error);
        }
        for variant in &decl.variants {
            if let VariantKind::Tuple(names) | VariantKind::Struct(names) = &variant.kind {
                for error in check::distinct(names, Repeated::Field) {
                    self.error(error);
                }
            }
        }
    }

    /// Takes note that a method of the older style mentions a field of its struct.
    pub(super) fn mention_field(
        &mut self,
        name: &'a str,
        span: remora_diagnostics::Span,
        method: super::FuncId,
        assigned: bool,
    ) {
        self.record(name, Meaning::Field);
        let Some(found) = self.mention_self() else {
            return self.error(check::field_of_outer_method(span, name));
        };
        if found != method {
            return self.error(check::field_of_outer_method(span, name));
        }
        let directly = self.function == method;
        let kind = &mut self.out.funcs[method.index()].method;
        *kind = match *kind {
            Some(MethodKind::Mutating) => Some(MethodKind::Mutating),
            // A closure has a copy of `self`: what it assigns does not reach the method's.
            _ if assigned && directly => Some(MethodKind::Mutating),
            _ => Some(MethodKind::Value),
        };
    }

    /// The method around here, whose `self` every function on the way to it then captures.
    pub(super) fn mention_self(&mut self) -> Option<super::FuncId> {
        let mut at = self.function;
        while !self.out.func(at).is_boundary() {
            if at == START {
                return None;
            }
            at = self.out.func(at).parent;
        }
        self.out.func(at).method?;
        let method = at;
        at = self.function;
        while at != method {
            let func = &mut self.out.funcs[at.index()];
            func.captures_self = true;
            at = func.parent;
        }
        Some(method)
    }
}

/// Calls `each` with every name that a pattern of a binding binds, in order.
pub(super) fn for_each_name<'a>(pattern: &'a Pattern, each: &mut dyn FnMut(&'a Ident)) {
    match &pattern.kind {
        PatternKind::Bind(name) => each(name),
        PatternKind::Array { before, rest, after } => {
            before.iter().for_each(|it| for_each_name(it, each));
            if let Some(name) = rest.as_ref().and_then(|it| it.name.as_ref()) {
                each(name);
            }
            after.iter().for_each(|it| for_each_name(it, each));
        }
        PatternKind::Dict { entries, rest } => {
            entries.iter().for_each(|it| for_each_name(&it.pattern, each));
            if let Some(name) = rest.as_ref().and_then(|it| it.name.as_ref()) {
                each(name);
            }
        }
        PatternKind::Struct { fields, .. } | PatternKind::VariantStruct { fields, .. } => {
            fields.iter().for_each(|it| for_each_name(&it.pattern, each));
        }
        PatternKind::Variant { payload: Some(payload), .. } => {
            payload.iter().for_each(|it| for_each_name(it, each));
        }
        PatternKind::Wildcard
        | PatternKind::Tag(_)
        | PatternKind::Literal(_)
        | PatternKind::Range { .. }
        | PatternKind::Variant { payload: None, .. } => {}
    }
}
