//! Checks of values against annotations, where they are asked for.
//!
//! A check is a call of the builtin `__check_type`: it gets the value, the type in prefix form (`|/2 array/1 int/0 null/0`,
//! a struct or enum as `.Name/0`), and the beginning of the message. What is plain to see from a literal is an error
//! before the program runs. Nothing of this is written unless the options ask for it.

use remora_bytecode::{CodeBuilder, Constant, ImportKind, LocalIdx};
use remora_diagnostics::Span;
use remora_syntax::ast::{
    Arg, Expr, ExprKind, Field, FuncKind, Param, ParamKind, Pattern, PatternKind, StructDecl,
    TypeExpr, TypeKind,
};

use super::Codegen;
use super::control::Exit;
use crate::evident::Evident;
use crate::scope::{FuncSource, Meaning, VarKind};
use crate::type_words;

/// The builtin that checks.
const CHECK: &str = "__check_type";

/// A value that shall be of a type.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeCheck<'a> {
    ty: &'a TypeExpr,
    /// What has the annotation.
    subject: Subject<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Subject<'a> {
    /// `x`
    Name(&'a str),
    /// `x of f`
    Part(&'a str, &'a str),
    /// The result of a function, or of one without a name.
    Result(Option<&'a str>),
    /// What is taken apart.
    Value,
}

impl std::fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Part(name, of) => write!(f, "{name} of {of}"),
            Self::Result(Some(function)) => write!(f, "the result of {function}"),
            Self::Result(None) => f.write_str("the result"),
            Self::Value => f.write_str("the value"),
        }
    }
}

/// The name in a pattern that is nothing else.
fn subject<'a>(pattern: &'a Pattern, of: Option<&'a str>) -> Subject<'a> {
    match (&pattern.kind, of) {
        (PatternKind::Bind(name), Some(of)) => Subject::Part(&name.name, of),
        (PatternKind::Bind(name), None) => Subject::Name(&name.name),
        _ => Subject::Value,
    }
}

/// The name of a function, unless it is a literal.
fn function_name(name: &str) -> Option<&str> {
    (!name.starts_with('<')).then_some(name)
}

impl<'a> Codegen<'a, '_> {
    fn type_check(&self, ty: Option<&'a TypeExpr>, subject: Subject<'a>) -> Option<TypeCheck<'a>> {
        let ty = ty.filter(|_| self.options.check_types)?;
        Some(TypeCheck { ty, subject })
    }

    /// Of `let p: type := …` and its like.
    pub(super) fn binding_check(
        &self,
        pattern: &'a Pattern,
        ty: Option<&'a TypeExpr>,
    ) -> Option<TypeCheck<'a>> {
        self.type_check(ty, subject(pattern, None))
    }

    /// Of `x: type := …`.
    pub(super) fn assignment_check(
        &self,
        place: &'a Expr,
        ty: Option<&'a TypeExpr>,
    ) -> Option<TypeCheck<'a>> {
        let ExprKind::Name(name) = &place.kind else { return None };
        self.type_check(ty, Subject::Name(name))
    }

    /// Of a field of a struct that is made.
    pub(super) fn field_check(
        &self,
        decl: &'a StructDecl,
        field: &'a Field,
    ) -> Option<TypeCheck<'a>> {
        self.type_check(field.ty.as_ref(), Subject::Part(&field.name.name, &decl.name.name))
    }

    /// Of what the function that is being written returns. A generator's annotation speaks of something else.
    pub(super) fn result_check(&self) -> Option<TypeCheck<'a>> {
        let func = self.scopes.func(self.function);
        let ty = func.source.result().filter(|_| func.source.kind() != FuncKind::Generator);
        self.type_check(ty, Subject::Result(function_name(func.name)))
    }

    /// Pushes the value of an expression that shall be of a type.
    pub(super) fn checked_expr(&mut self, value: &'a Expr, check: Option<TypeCheck<'a>>) {
        self.expr(value);
        if let Some(check) = check {
            self.report_evident(check, value);
        }
        self.check_top(check, value.span);
    }

    /// The value on top of the stack shall be of a type.
    pub(super) fn check_top(&mut self, check: Option<TypeCheck<'a>>, span: Span) {
        let Some(check) = check.filter(|_| self.reachable()) else { return };
        let n_used = self.n_used;
        let value = self.new_local();
        self.emit(span, |code| code.store_local(value));
        self.call_check(check, value, span);
        self.n_used = n_used;
    }

    /// Pushes the value of a local that shall be of a type.
    fn call_check(&mut self, check: TypeCheck<'a>, value: LocalIdx, span: Span) {
        let import = match self.type_check_import {
            Some(import) => import,
            None => self.module.import(CHECK, ImportKind::Host),
        };
        self.type_check_import = Some(import);
        let mut prefix = String::new();
        self.encode(check.ty, &mut prefix);
        let declared = self.declared(check);
        self.emit(span, |code| {
            code.load_host(import);
            code.load_local(value);
            code.load_const(Constant::text(&prefix));
            code.load_const(Constant::text(&declared));
            code.call_host(3);
        });
    }

    /// A parameter that has arrived in its local.
    pub(super) fn check_param(&mut self, local: LocalIdx, param: &'a Param) {
        let func = function_name(self.scopes.func(self.function).name);
        let Some(check) = self.type_check(param.ty.as_ref(), subject(&param.pattern, func)) else {
            return;
        };
        if let ParamKind::Default(default) = &param.kind {
            self.report_evident(check, default);
        }
        self.call_check(check, local, check.ty.span);
        self.discard(check.ty.span);
    }

    /// A default that is on top of the stack.
    pub(super) fn check_default(
        &mut self,
        field: &'a Field,
        check: Option<TypeCheck<'a>>,
        span: Span,
    ) {
        if let (Some(check), Some(default)) = (check, &field.default) {
            self.report_evident(check, default);
        }
        self.check_top(check, span);
    }

    /// `return` in a function whose result is checked.
    pub(super) fn checked_return(&mut self, value: Option<&'a Expr>, span: Span) {
        let check = self.result_check();
        match value {
            Some(value) => {
                self.checked_expr(value, check);
                self.leave(Exit::Return, self.contexts.len(), value.span);
            }
            None => {
                self.emit(span, CodeBuilder::load_null);
                self.check_top(check, span);
                self.leave(Exit::Return, self.contexts.len(), span);
            }
        }
    }

    /// The end of a function's body: it gives null.
    pub(super) fn fall_off(&mut self, span: Span) {
        match self.result_check() {
            Some(_) => self.checked_return(None, span),
            None => self.emit(span, CodeBuilder::return_null),
        }
    }

    /// Literals among the arguments of a function that is known by its name.
    pub(super) fn check_arguments(&mut self, name: &str, args: &'a [Arg], piped: Option<&'a Expr>) {
        if !self.options.check_types {
            return;
        }
        let Some(Meaning::Var(var) | Meaning::Import(var)) = self.scopes.meaning(name) else {
            return;
        };
        let VarKind::Function(func) = self.scopes.var(var).kind else { return };
        let FuncSource::Decl(decl) = self.scopes.func(func).source else { return };
        let positional = args.iter().map_while(|it| match it {
            Arg::Positional(it) => Some(it),
            Arg::Spread(_) | Arg::Named(..) => None,
        });
        let by_place = decl.params.iter().zip(piped.into_iter().chain(positional));
        let named = args.iter().filter_map(|it| match it {
            Arg::Named(name, value) => {
                let is = |it: &&Param| matches!(&it.pattern.kind, PatternKind::Bind(it) if it.name == name.name);
                Some((decl.params.iter().find(is)?, value))
            }
            Arg::Positional(_) | Arg::Spread(_) => None,
        });
        for (param, value) in by_place.chain(named) {
            let subject = subject(&param.pattern, Some(&decl.name.name));
            let check = self.type_check(param.ty.as_ref(), subject);
            if let Some(check) = check.filter(|_| param.kind != ParamKind::Variadic) {
                self.report_evident(check, value);
            }
        }
    }

    /// Reports a value that is plainly of another type.
    fn report_evident(&mut self, check: TypeCheck<'a>, value: &'a Expr) {
        let found = Evident { scopes: self.scopes }.misfit(check.ty, value);
        if let Some(culprit) = found {
            let declared = self.declared(check);
            let error = Evident { scopes: self.scopes };
            let error = error.report(&declared, check.ty.span, value, culprit);
            self.report(Some(error));
        }
    }

    /// `n of f is declared int`
    fn declared(&self, check: TypeCheck<'a>) -> String {
        let mut text = format!("{} is declared ", check.subject);
        describe(check.ty, &mut text);
        text
    }

    /// The type in prefix form.
    fn encode(&self, ty: &'a TypeExpr, out: &mut String) {
        if !out.is_empty() {
            out.push(' ');
        }
        match &ty.kind {
            TypeKind::Named { name, args } => {
                if let Some(Meaning::Type(ty)) = self.scopes.meaning(name) {
                    let declared = &self.scopes.ty(ty).name().name;
                    out.push_str(&format!(".{declared}/0"));
                } else if let Some(word) = type_words::find(name) {
                    let args = if word.looks_inside { args.as_slice() } else { &[] };
                    self.encode_head(word.name, args, out);
                }
            }
            TypeKind::Optional(inner) => {
                out.push_str("|/2 null/0");
                self.encode(inner, out);
            }
            TypeKind::Array(inner) => {
                self.encode_head("array", std::slice::from_ref(&**inner), out);
            }
            TypeKind::Func { .. } => out.push_str("function/0"),
            TypeKind::Union(types) => self.encode_head("|", types, out),
        }
    }

    fn encode_head(&self, name: &str, args: &'a [TypeExpr], out: &mut String) {
        out.push_str(&format!("{name}/{}", args.len()));
        args.iter().for_each(|it| self.encode(it, out));
    }
}

/// The type as it is written.
fn describe(ty: &TypeExpr, out: &mut String) {
    match &ty.kind {
        TypeKind::Named { name, args } => {
            out.push_str(name);
            if !args.is_empty() {
                out.push('<');
                describe_all(args, ", ", out);
                out.push('>');
            }
        }
        TypeKind::Optional(inner) => {
            describe_below_suffix(inner, out);
            out.push('?');
        }
        TypeKind::Array(inner) => {
            describe_below_suffix(inner, out);
            out.push_str("[]");
        }
        TypeKind::Func { params, result } => {
            out.push_str("func(");
            describe_all(params, ", ", out);
            out.push(')');
            if let Some(result) = result {
                out.push_str(" -> ");
                describe(result, out);
            }
        }
        TypeKind::Union(types) => describe_all(types, " | ", out),
    }
}

fn describe_all(types: &[TypeExpr], between: &str, out: &mut String) {
    for (nth, ty) in types.iter().enumerate() {
        if nth > 0 {
            out.push_str(between);
        }
        describe(ty, out);
    }
}

fn describe_below_suffix(ty: &TypeExpr, out: &mut String) {
    if matches!(ty.kind, TypeKind::Func { .. } | TypeKind::Union(_)) {
        out.push('(');
        describe(ty, out);
        out.push(')');
    } else {
        describe(ty, out);
    }
}
