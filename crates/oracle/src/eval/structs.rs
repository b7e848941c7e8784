//! Making structs and enum values.

use std::rc::Rc;

use remora_diagnostics::{Code, Span};
use remora_syntax::ast::{Ident, StructField, VariantKind};

use super::{Frame, Interp, Meaning};
use crate::stop::{Args, Eval};
use crate::value::{EnumType, EnumValue, Payload, StructType, StructValue, Value, Wrap};

impl<'p> Interp<'_, 'p> {
    /// `P { x: 1 }` or `Shape::Rect { w: 1, h: 2 }`
    pub(super) fn struct_literal(
        &mut self,
        frame: &mut Frame<'p>,
        name: &'p Ident,
        variant: Option<&'p Ident>,
        fields: &'p [StructField],
        span: Span,
    ) -> Eval<'p> {
        let mut given = Vec::with_capacity(fields.len());
        let checked = self.checked_struct(frame, name).filter(|_| variant.is_none());
        for field in fields {
            let value = self.expr(frame, &field.value)?;
            if let Some(ty) = &checked {
                self.check_field(ty, &field.name.name, &value, field.value.span)?;
            }
            given.push((&*field.name.name, value));
        }
        if let Some(variant) = variant {
            let Some(ty) = self.enum_type(frame, &name.name) else {
                return self.unknown_variant(variant, span);
            };
            return self.struct_variant(&ty, variant, given, span);
        }
        let Meaning::Variable(cell) = self.meaning(frame, &name.name) else {
            return self.fail(span, Code::E0108, format!("Unknown struct: {}", name.name));
        };
        match self.read(&cell, name.span)? {
            Value::StructType(ty) => self.make_struct(&ty, given, span),
            _ => self.fail(span, Code::E0108, format!("Unknown struct: {}", name.name)),
        }
    }

    /// The struct of that name, if types are checked.
    fn checked_struct(&self, frame: &Frame<'p>, name: &'p Ident) -> Option<Rc<StructType<'p>>> {
        if !self.session.check_types {
            return None;
        }
        match self.meaning(frame, &name.name) {
            Meaning::Variable(cell) => match cell.read().ok()? {
                Value::StructType(ty) => Some(ty),
                _ => None,
            },
            _ => None,
        }
    }

    /// Fields that are not given have their defaults, evaluated where the struct was declared.
    fn make_struct(
        &mut self,
        ty: &Rc<StructType<'p>>,
        mut given: Vec<(&'p str, Value<'p>)>,
        span: Span,
    ) -> Eval<'p> {
        if let Some((name, _)) = given.iter().find(|it| ty.field_idx(it.0).is_none()) {
            return self.fail(span, Code::E0109, format!("Unknown field: {name}"));
        }
        let mut fields = Vec::with_capacity(ty.decl.fields.len());
        for field in &ty.decl.fields {
            let name = &*field.name.name;
            fields.push(match (given.iter().position(|it| it.0 == name), &field.default) {
                (Some(idx), _) => given.swap_remove(idx).1,
                (None, Some(default)) => {
                    let mut frame = Frame::of_call(ty.env.clone(), None);
                    let module = std::mem::replace(&mut self.module, ty.module);
                    let value = self.expr(&mut frame, default);
                    self.module = module;
                    let value = value?;
                    self.check_field(ty, name, &value, span)?;
                    value
                }
                (None, None) => {
                    return self.fail(span, Code::E0110, format!("Missing field: {name}"));
                }
            });
        }
        Ok(Value::Struct(Rc::new(StructValue { ty: Rc::clone(ty), fields })))
    }

    fn struct_variant(
        &mut self,
        ty: &Rc<EnumType<'p>>,
        variant: &'p Ident,
        mut given: Vec<(&'p str, Value<'p>)>,
        span: Span,
    ) -> Eval<'p> {
        let Some((idx, VariantKind::Struct(names))) = ty.variant(&variant.name) else {
            return self.unknown_variant(variant, span);
        };
        let mut payload = Vec::with_capacity(names.len());
        for name in names {
            let Some(at) = given.iter().position(|it| *it.0 == *name.name) else {
                return self.fail(span, Code::E0110, format!("Missing field: {}", name.name));
            };
            payload.push(given.swap_remove(at));
        }
        if let Some((name, _)) = given.first() {
            return self.fail(span, Code::E0109, format!("Unknown field: {name}"));
        }
        Ok(enum_value(ty, idx, Payload::Struct(payload)))
    }

    /// `Shape::Circle(1)`, `Result::Ok(1)`
    pub(super) fn variant_call(
        &mut self,
        frame: &mut Frame<'p>,
        base: &'p Ident,
        name: &'p Ident,
        args: Args<'p>,
        span: Span,
    ) -> Eval<'p> {
        if args.named.is_empty() {
            return self.variant(frame, base, name, args.positional, span);
        }
        match self.enum_type(frame, &base.name) {
            Some(ty) => self.struct_variant(&ty, name, args.named, span),
            None => self.unknown_variant(name, span),
        }
    }

    /// `Shape::Circle(1)`, `Shape::Unit`, `Result::Ok(1)`, `Option::None`
    pub(super) fn variant(
        &mut self,
        frame: &Frame<'p>,
        base: &'p Ident,
        name: &'p Ident,
        payload: Vec<Value<'p>>,
        span: Span,
    ) -> Eval<'p> {
        if let Some(ty) = self.enum_type(frame, &base.name) {
            let Some((idx, kind)) = ty.variant(&name.name) else {
                return self.unknown_variant(name, span);
            };
            let fits = match kind {
                VariantKind::Open => true,
                VariantKind::Tuple(names) => names.len() == payload.len(),
                VariantKind::Struct(names) => names.is_empty() && payload.is_empty(),
            };
            if !fits {
                return self.fail(span, Code::E0118, "Wrong number of payload values");
            }
            return Ok(enum_value(&ty, idx, Payload::Tuple(payload)));
        }
        let mut payload = payload.into_iter();
        match (&*base.name, Wrap::parse(&name.name), payload.next(), payload.next()) {
            ("Result", Some(wrap @ (Wrap::Ok | Wrap::Err)), Some(inner), None)
            | ("Option", Some(wrap @ Wrap::Some), Some(inner), None) => {
                Ok(Value::wrap(wrap, inner))
            }
            ("Option", None, None, None) if &*name.name == "None" => Ok(Value::Nothing),
            _ => self.unknown_variant(name, span),
        }
    }

    pub(super) fn enum_type(&self, frame: &Frame<'p>, name: &str) -> Option<Rc<EnumType<'p>>> {
        match self.meaning(frame, name) {
            Meaning::Variable(cell) => match cell.read() {
                Ok(Value::EnumType(ty)) => Some(ty),
                _ => None,
            },
            _ => None,
        }
    }

    fn unknown_variant(&self, name: &Ident, span: Span) -> Eval<'p> {
        self.fail(span, Code::E0111, format!("Unknown variant: {}", name.name))
    }
}

fn enum_value<'p>(ty: &Rc<EnumType<'p>>, variant: usize, payload: Payload<'p>) -> Value<'p> {
    Value::Enum(Rc::new(EnumValue { ty: Rc::clone(ty), variant, payload }))
}
