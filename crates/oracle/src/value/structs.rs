//! Structs and enums: their types and their values.

use std::rc::Rc;

use remora_syntax::ast::{EnumDecl, FuncDecl, StructDecl, VariantKind};

use super::Value;
use super::teardown::{Garbage, teardown};
use crate::env::Env;

/// A struct declaration where it was declared.
#[derive(Debug)]
pub(crate) struct StructType<'p> {
    pub(crate) decl: &'p StructDecl,
    /// The module it stands in.
    pub(crate) module: usize,
    /// What its methods and defaults see.
    pub(crate) env: Env<'p>,
}

/// What a method does with the value it is called on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum MethodKind {
    /// Takes no `self`.
    Static,
    /// Has a copy of it.
    Value,
    /// Changes it.
    Mutating,
}

impl<'p> StructType<'p> {
    pub(crate) fn method(&self, name: &str) -> Option<&'p FuncDecl> {
        self.decl.methods.iter().find(|it| &*it.name.name == name)
    }

    pub(crate) fn field_idx(&self, name: &str) -> Option<usize> {
        self.decl.fields.iter().position(|it| &*it.name.name == name)
    }
}

/// A struct value: one value for each declared field, in declared order.
#[derive(Clone, Debug)]
pub(crate) struct StructValue<'p> {
    pub(crate) ty: Rc<StructType<'p>>,
    pub(crate) fields: Vec<Value<'p>>,
}

impl<'p> StructValue<'p> {
    pub(crate) fn field(&self, name: &str) -> Option<&Value<'p>> {
        self.ty.field_idx(name).and_then(|idx| self.fields.get(idx))
    }

    /// Fields with their names, sorted by name.
    pub(crate) fn sorted(&self) -> Vec<(&'p str, &Value<'p>)> {
        let names = self.ty.decl.fields.iter().map(|it| &*it.name.name);
        let mut fields: Vec<_> = names.zip(&self.fields).collect();
        fields.sort_by_key(|it| it.0);
        fields
    }

    /// Whether both are of the same declaration.
    pub(crate) fn is_same_struct(&self, other: &Self) -> bool {
        std::ptr::eq(self.ty.decl, other.ty.decl)
    }
}

impl Drop for StructValue<'_> {
    fn drop(&mut self) {
        teardown(std::mem::take(&mut self.fields).into_iter().map(Garbage::Value).collect());
    }
}

/// An enum declaration.
#[derive(Debug)]
pub(crate) struct EnumType<'p> {
    pub(crate) decl: &'p EnumDecl,
}

impl<'p> EnumType<'p> {
    pub(crate) fn variant(&self, name: &str) -> Option<(usize, &'p VariantKind)> {
        let at = self.decl.variants.iter().position(|it| &*it.name.name == name)?;
        Some((at, &self.decl.variants[at].kind))
    }
}

/// An enum value.
#[derive(Clone, Debug)]
pub(crate) struct EnumValue<'p> {
    pub(crate) ty: Rc<EnumType<'p>>,
    /// Which variant of the declaration.
    pub(crate) variant: usize,
    pub(crate) payload: Payload<'p>,
}

/// What an enum value carries.
#[derive(Clone, Debug)]
pub(crate) enum Payload<'p> {
    Tuple(Vec<Value<'p>>),
    Struct(Vec<(&'p str, Value<'p>)>),
}

impl<'p> EnumValue<'p> {
    pub(crate) fn tag(&self) -> &'p str {
        &self.ty.decl.variants[self.variant].name.name
    }

    /// The value of a field of a struct-like variant.
    pub(crate) fn field(&self, name: &str) -> Option<&Value<'p>> {
        match &self.payload {
            Payload::Struct(fields) => fields.iter().find(|it| it.0 == name).map(|it| &it.1),
            Payload::Tuple(_) => None,
        }
    }

    pub(crate) fn field_mut(&mut self, name: &str) -> Option<&mut Value<'p>> {
        match &mut self.payload {
            Payload::Struct(fields) => {
                fields.iter_mut().find(|it| it.0 == name).map(|it| &mut it.1)
            }
            Payload::Tuple(_) => None,
        }
    }

    pub(crate) fn is_same_variant(&self, other: &Self) -> bool {
        std::ptr::eq(self.ty.decl, other.ty.decl) && self.variant == other.variant
    }

    pub(crate) fn values(&self) -> Vec<&Value<'p>> {
        match &self.payload {
            Payload::Tuple(values) => values.iter().collect(),
            Payload::Struct(fields) => fields.iter().map(|it| &it.1).collect(),
        }
    }
}

impl Drop for EnumValue<'_> {
    fn drop(&mut self) {
        teardown(match &mut self.payload {
            Payload::Tuple(values) => {
                std::mem::take(values).into_iter().map(Garbage::Value).collect()
            }
            Payload::Struct(fields) => {
                std::mem::take(fields).into_iter().map(|it| Garbage::Value(it.1)).collect()
            }
        });
    }
}
