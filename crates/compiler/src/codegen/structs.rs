//! Struct and enum values.

use remora_bytecode::{
    CodeBuilder, LocalIdx, NameIdx, ResultKind, Site, TypeIdx, VariantIdx, VariantRef,
};
use remora_diagnostics::Span;
use remora_syntax::ast::{Expr, Field, Ident, StructField};

use super::{Codegen, count};
use crate::fold;
use crate::scope::{Meaning, TypeId};

/// Where the value of a field comes from when the struct is made.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// It lies on the stack already, in its place.
    Ready,
    /// It was evaluated into a local.
    Local(LocalIdx),
    /// A constant of the literal.
    Constant(&'a Expr),
    /// The default of the declaration.
    Default,
}

impl<'a> Codegen<'a, '_> {
    /// Fields are evaluated in the order of the literal, then defaults in that of the declaration; the instruction wants
    /// all in that of the declaration. What cannot be evaluated in its place waits in a local.
    #[inline(never)]
    pub(super) fn struct_literal(
        &mut self,
        name: &'a Ident,
        fields: &'a [StructField],
        span: Span,
    ) {
        let Some(Meaning::Type(ty)) = self.scopes.meaning(&name.name) else { return };
        let Some(decl) = self.scopes.struct_of(ty) else { return };
        let n_used = self.n_used;
        let mut sources = vec![Source::Default; decl.fields.len()];
        // As long as the literal follows the declaration, values lie in their place at once.
        let in_order = fields.iter().zip(&decl.fields);
        let n_ready = in_order.take_while(|(given, it)| given.name.name == it.name.name).count();
        let (ready, others) = fields.split_at(n_ready);
        for (field, declared) in ready.iter().zip(&decl.fields) {
            let check = self.field_check(decl, declared);
            self.checked_expr(&field.value, check);
        }
        sources[..n_ready].fill(Source::Ready);
        for field in others {
            let at = decl.fields.iter().position(|it| it.name.name == field.name.name);
            let check = at.and_then(|at| self.field_check(decl, &decl.fields[at]));
            let source = if check.is_none() && fold::constant(&field.value).is_some() {
                Source::Constant(&field.value)
            } else {
                self.checked_expr(&field.value, check);
                let local = self.new_local();
                self.emit(field.value.span, |code| code.store_local(local));
                Source::Local(local)
            };
            if let Some(slot) = at.and_then(|at| sources.get_mut(at)) {
                *slot = source;
            }
        }
        for (at, (source, field)) in sources.iter().zip(&decl.fields).enumerate() {
            match source {
                Source::Ready => {}
                Source::Local(local) => self.emit(span, |code| code.load_local(*local)),
                Source::Constant(value) => self.expr(value),
                Source::Default => {
                    self.default(ty, at, field, span);
                    let check = self.field_check(decl, field);
                    self.check_default(field, check, span);
                }
            }
        }
        let n_fields = count(decl.fields.len());
        self.emit(span, |code| code.make_struct(TypeIdx(ty.0), n_fields));
        self.n_used = n_used;
    }

    /// Pushes the default of a field.
    fn default(&mut self, ty: TypeId, at: usize, field: &'a Field, span: Span) {
        let crate::scope::Type::Struct { defaults, .. } = self.scopes.ty(ty) else { return };
        let Some(default) = &field.default else { return };
        match defaults.get(at).copied().flatten() {
            Some(func) => {
                self.load_function(func, span);
                self.emit(span, |code| code.call(0));
            }
            None => match fold::constant(default) {
                Some(value) => self.constant(value, span),
                None => self.expr(default),
            },
        }
    }

    #[inline(never)]
    pub(super) fn variant_literal(
        &mut self,
        base: &'a Ident,
        name: &'a Ident,
        fields: &'a [StructField],
        span: Span,
    ) {
        for field in fields {
            self.expr(&field.value);
        }
        let named = fields.iter().map(|it| self.code.tables().name(&it.name.name)).collect();
        self.make_named_variant(base, name, named, span);
    }

    /// Makes a struct-like variant of the values on the stack, which have these names.
    pub(super) fn make_named_variant(
        &mut self,
        base: &'a Ident,
        name: &'a Ident,
        named: Box<[NameIdx]>,
        span: Span,
    ) {
        let Some(variant) = self.variant(base, name) else { return };
        self.emit(span, |code| {
            code.make_variant(Site { variant: Some(variant), named, ..Site::call(0) });
        });
    }

    /// `Shape::Unit`, `Option::None`.
    pub(super) fn bare_variant(&mut self, base: &'a Ident, name: &'a Ident, span: Span) {
        self.make_variant(base, name, 0, span);
    }

    /// Makes a variant of the values on the stack.
    pub(super) fn make_variant(&mut self, base: &'a Ident, name: &'a Ident, n: u32, span: Span) {
        if !self.reachable() {
            return;
        }
        if self.scopes.meaning(&base.name) == Some(Meaning::Word) {
            if let Some(kind) = ResultKind::from_name(&name.name) {
                self.emit(span, |code| code.make_result(kind));
            }
        } else if let Some(variant) = self.variant(base, name) {
            self.emit(span, |code| {
                code.make_variant(Site { variant: Some(variant), ..Site::call(n) });
            });
        }
    }

    /// The variant in the tables of the code.
    fn variant(&mut self, base: &'a Ident, name: &'a Ident) -> Option<VariantIdx> {
        let variant = self.variant_ref(base, name)?;
        Some(self.code.tables().variant(variant))
    }

    pub(super) fn variant_ref(&self, base: &'a Ident, name: &'a Ident) -> Option<VariantRef> {
        let Some(Meaning::Type(ty)) = self.scopes.meaning(&base.name) else { return None };
        let decl = self.scopes.enum_of(ty)?;
        let variant = decl.variants.iter().position(|it| it.name.name == name.name)?;
        Some(VariantRef { ty: TypeIdx(ty.0), variant: count(variant) })
    }

    /// Pops a value that nobody wants.
    pub(super) fn discard(&mut self, span: Span) {
        self.emit(span, CodeBuilder::pop);
    }
}
