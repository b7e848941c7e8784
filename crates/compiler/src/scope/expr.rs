//! Names in expressions.

use std::borrow::Cow;

use remora_diagnostics::Span;
use remora_syntax::ast::{
    Arg, Call, DictEntry, Element, Expr, ExprKind, Ident, Interpolated, StructDecl, StructField,
    Variant,
};

use super::bindings::Bound;
use super::imports::Target;
use super::resolve::Resolver;
use super::{Meaning, VarKind};
use crate::check;

impl<'a> Resolver<'a, '_> {
    pub(super) fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Error
            | ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_) => {}
            ExprKind::Interpolated(parts) => {
                for part in parts {
                    if let Interpolated::Expr(expr) = part {
                        self.expr(expr);
                    }
                }
            }
            ExprKind::Name(name) => self.read(name, expr.span),
            ExprKind::SelfValue => self.self_value(expr.span),
            ExprKind::Path { base, name } => self.path(base, name, Some(0), expr.span),
            ExprKind::Array(elements) => {
                for element in elements {
                    let (Element::Item(it) | Element::Spread(it)) = element;
                    self.expr(it);
                }
            }
            ExprKind::Dict(entries) => {
                for entry in entries {
                    match entry {
                        DictEntry::Pair(key, value) => {
                            self.key(key);
                            self.expr(value);
                        }
                        DictEntry::Spread(dict) => self.expr(dict),
                    }
                }
            }
            ExprKind::Struct { name, variant, fields } => {
                self.struct_literal(name, variant.as_ref(), fields, expr.span);
            }
            ExprKind::Unary { operand, .. } => self.expr(operand),
            ExprKind::Binary { left, right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            ExprKind::Range { start, end, .. } => {
                self.expr(start);
                self.expr(end);
            }
            ExprKind::Pipe { value, call } => {
                self.expr(value);
                self.call(call, 1, expr.span);
            }
            ExprKind::Call(call) => self.call(call, 0, expr.span),
            ExprKind::Field { object, name, optional } => {
                if self.member(object, name).is_none() {
                    if *optional {
                        self.expr(object);
                    } else {
                        self.field(object, name, expr.span);
                    }
                }
            }
            ExprKind::Index { object, index } => {
                self.expr(object);
                self.expr(index);
            }
            ExprKind::Try(inner) => self.expr(inner),
            ExprKind::Await(inner) => self.expr(inner),
            ExprKind::Yield(inner) => self.yield_expr(inner.as_deref(), expr.span),
            ExprKind::Spawn(body) => self.spawn(body),
            ExprKind::Func(func) => self.func_expr(func),
            ExprKind::If(it) => {
                for branch in &it.branches {
                    self.expr(&branch.condition);
                    self.block(&branch.body);
                }
                if let Some(otherwise) = &it.otherwise {
                    self.block(otherwise);
                }
            }
            ExprKind::Match(it) => self.match_expr(it),
        }
    }

    fn read(&mut self, name: &'a str, span: Span) {
        let symbol = self.bindings.symbol(name);
        match self.find(symbol) {
            Some(Bound::Var(var)) => {
                self.record(name, Meaning::Var(var));
                self.mention(var, span);
            }
            Some(Bound::Type(ty)) => self.record(name, Meaning::Type(ty)),
            Some(Bound::Field(method)) => self.mention_field(name, span, method, false),
            Some(Bound::Import(id)) => self.read_imported(name, id, span),
            None if name == "None" => self.record(name, Meaning::Word),
            None => match self.builtins.find(name) {
                Some(builtin) => self.record(name, Meaning::Builtin(builtin)),
                None => self.unknown_name(name, span),
            },
        }
    }

    /// A field; or a function in a module of the host, if no variable has the module's name.
    fn field(&mut self, object: &'a Expr, name: &'a Ident, span: Span) {
        if let Some(module) = self.host_module(object) {
            match self.builtins.find_in(&module, &name.name) {
                Some(Some(builtin)) => return self.record(&name.name, Meaning::Builtin(builtin)),
                Some(None) => {
                    let full = format!("{module}.{}", name.name);
                    let known = self.builtins.names();
                    return self.error(check::unknown_name(&full, span, None, false, known));
                }
                None => {}
            }
        }
        self.expr(object);
    }

    /// The dotted names that may be a module of the host, or a type in one: the first is that of no variable.
    fn host_module(&mut self, object: &'a Expr) -> Option<Cow<'a, str>> {
        match &object.kind {
            ExprKind::Name(module) => {
                let symbol = self.bindings.symbol(module);
                self.bindings.find(symbol).is_none().then_some(Cow::Borrowed(&**module))
            }
            ExprKind::Field { object, name, optional: false } => {
                let ExprKind::Name(module) = &object.kind else { return None };
                let symbol = self.bindings.symbol(module);
                let is_free = self.bindings.find(symbol).is_none();
                is_free.then(|| Cow::Owned(format!("{module}.{}", name.name)))
            }
            _ => None,
        }
    }

    /// The key of a dict: a bare name is a variable, which people from elsewhere do not expect.
    fn key(&mut self, key: &'a Expr) {
        let ExprKind::Name(name) = &key.kind else { return self.expr(key) };
        let symbol = self.bindings.symbol(name);
        let is_known = self.bindings.find(symbol).is_some() || self.builtins.find(name).is_some();
        if is_known || &**name == "None" {
            return self.expr(key);
        }
        self.error(check::bare_key(name, key.span));
    }

    fn self_value(&mut self, span: Span) {
        let has_self = self.mention_self().is_some_and(|it| self.out.func(it).has_self());
        if !has_self {
            self.error(check::no_self(span));
        }
    }

    #[inline(never)]
    fn yield_expr(&mut self, inner: Option<&'a Expr>, span: Span) {
        let kind = self.out.func(self.function).source.kind();
        if kind != remora_syntax::ast::FuncKind::Generator {
            self.error(check::yield_outside(span));
        }
        if let Some(inner) = inner {
            self.expr(inner);
        }
    }

    /// `n_before` arguments come before those in the parentheses: the value of a pipe.
    fn call(&mut self, call: &'a Call, n_before: usize, span: Span) {
        match &call.callee.kind {
            ExprKind::Path { base, name } => match check::all_named(call) {
                Some(names) if n_before == 0 && !self.is_builtin_enum(base) => {
                    if let Some(variant) = self.variant_named(base, name) {
                        let errors = check::variant_literal_fields(variant, name, &names, span);
                        errors.into_iter().for_each(|it| self.error(it));
                    }
                }
                _ => self.path(base, name, check::n_positional(call, n_before), span),
            },
            ExprKind::Name(name) if self.is_word(name, call, n_before) => {
                self.record(name, Meaning::Word);
            }
            _ => self.expr(&call.callee),
        }
        for arg in &call.args {
            let (Arg::Positional(it) | Arg::Spread(it) | Arg::Named(_, it)) = arg;
            self.expr(it);
        }
        if let Some(error) = check::arguments(call) {
            self.error(error);
        }
    }

    /// A word of the language that looks like a function, called with the one value it takes.
    fn is_word(&mut self, name: &'a str, call: &Call, n_before: usize) -> bool {
        let symbol = self.bindings.symbol(name);
        matches!(name, "Ok" | "Err" | "Some" | "throw")
            && check::n_positional(call, n_before) == Some(1)
            && self.find(symbol).is_none()
    }

    /// `base::name` with that many values, if their number is known.
    #[inline(never)]
    fn path(&mut self, base: &'a Ident, name: &'a Ident, n_values: Option<usize>, span: Span) {
        let error = if self.is_builtin_enum(base) {
            let n_values = Some(n_values.unwrap_or(usize::MAX));
            check::builtin_variant(Some(base), name, n_values, span)
        } else {
            let Some(variant) = self.variant_named(base, name) else { return };
            match n_values {
                Some(n) => check::payload(variant, n, span),
                None => Some(check::unsupported(span, "spread or named values of a variant are")),
            }
        };
        if let Some(error) = error {
            self.error(error);
        }
    }

    /// `Result` or `Option`, not shadowed; it is recorded as such.
    pub(super) fn is_builtin_enum(&mut self, base: &'a Ident) -> bool {
        let symbol = self.bindings.symbol(&base.name);
        let builtin = matches!(&*base.name, "Result" | "Option") && self.find(symbol).is_none();
        if builtin {
            self.record(&base.name, Meaning::Word);
        }
        builtin
    }

    #[inline(never)]
    fn struct_literal(
        &mut self,
        name: &'a Ident,
        variant: Option<&'a Ident>,
        fields: &'a [StructField],
        span: Span,
    ) {
        let errors = match variant {
            None => match self.struct_named(name) {
                Some(decl) => check::literal_fields(decl, fields, span),
                None => Vec::new(),
            },
            Some(variant) => match self.variant_named(name, variant) {
                Some(it) => {
                    let names: Vec<&Ident> = fields.iter().map(|it| &it.name).collect();
                    check::variant_literal_fields(it, variant, &names, span)
                }
                None => Vec::new(),
            },
        };
        for error in errors {
            self.error(error);
        }
        for field in fields {
            self.expr(&field.value);
        }
    }

    /// The struct of that name, or an error.
    pub(super) fn struct_named(&mut self, name: &'a Ident) -> Option<&'a StructDecl> {
        let symbol = self.bindings.symbol(&name.name);
        let bound = self.find(symbol);
        if let Some(Bound::Type(ty)) = bound
            && let Some(decl) = self.out.struct_of(ty)
        {
            self.record(&name.name, Meaning::Type(ty));
            return Some(decl);
        }
        let known = self.bindings.visible().filter_map(|(name, bound)| match bound {
            Bound::Type(ty) => self.out.struct_of(ty).map(|_| name),
            Bound::Var(_) | Bound::Field(_) | Bound::Import(_) => None,
        });
        let error = check::unknown_struct(name, bound.is_some(), known);
        self.error(error);
        None
    }

    /// The variant of that name of the enum of that name, or an error.
    pub(super) fn variant_named(
        &mut self,
        base: &'a Ident,
        name: &'a Ident,
    ) -> Option<&'a Variant> {
        let symbol = self.bindings.symbol(&base.name);
        let bound = self.find(symbol);
        let error = if let Some(Bound::Type(ty)) = bound {
            self.record(&base.name, Meaning::Type(ty));
            match self.out.enum_of(ty) {
                Some(decl) => match decl.variants.iter().find(|it| it.name.name == name.name) {
                    Some(variant) => return Some(variant),
                    None => check::unknown_variant(decl, name),
                },
                None => check::not_an_enum(base, name),
            }
        } else {
            let known = self.bindings.visible().filter_map(|(name, bound)| match bound {
                Bound::Type(ty) => self.out.enum_of(ty).map(|_| name),
                Bound::Var(_) | Bound::Field(_) | Bound::Import(_) => None,
            });
            check::unknown_enum(base, bound.is_some(), known)
        };
        self.error(error);
        None
    }

    /// A place that is assigned to: its root must be changeable.
    #[inline(never)]
    pub(super) fn place(&mut self, place: &'a Expr) {
        match &place.kind {
            ExprKind::Field { object, name, optional: false } => match self.member(object, name) {
                Some(target) => self.imported_contents(&name.name, target, place.span),
                None => self.place(object),
            },
            ExprKind::Index { object, index } => {
                self.place(object);
                self.expr(index);
            }
            ExprKind::Name(name) => {
                let symbol = self.bindings.symbol(name);
                match self.find(symbol) {
                    Some(Bound::Var(var)) => {
                        let declared = self.out.var(var);
                        if declared.kind != VarKind::Mutable {
                            let error = check::immutable_contents(place.span, declared);
                            return self.error(error);
                        }
                        self.record(name, Meaning::Var(var));
                        self.mention(var, place.span);
                    }
                    Some(Bound::Field(method)) => {
                        self.mention_field(name, place.span, method, true);
                    }
                    Some(Bound::Type(ty)) => {
                        let error = check::type_assigned(place.span, self.out.ty(ty));
                        self.error(error);
                    }
                    Some(Bound::Import(id)) => match self.imported(id).target {
                        Target::Module(_) => self.imported_assigned(name, id, place.span),
                        target => self.imported_contents(name, target, place.span),
                    },
                    None => self.unknown_name(name, place.span),
                }
            }
            ExprKind::SelfValue => self.self_value(place.span),
            _ => {
                self.error(check::not_a_place(place.span));
                self.expr(place);
            }
        }
    }
}
