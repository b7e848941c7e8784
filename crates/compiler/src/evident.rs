//! Values whose type is plain to see, against annotations: what would fail whenever it runs is said before.
//!
//! Only literals are looked at; of everything else nothing is known. Recursion is as deep as the annotation.

use remora_diagnostics::{Code, Diagnostic, Span, quoted};
use remora_syntax::ast::{DictEntry, Element, Expr, ExprKind, TypeExpr, TypeKind};

use crate::scope::{Meaning, Scopes, Type, TypeId};
use crate::type_words;

/// Knows what names mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Evident<'a, 'b> {
    pub(crate) scopes: &'b Scopes<'a>,
}

/// What a literal is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Word(&'static str),
    Declared(TypeId),
}

impl<'a> Evident<'a, '_> {
    /// The expression, or the part of it, that is certainly of another type.
    pub(crate) fn misfit(self, ty: &'a TypeExpr, value: &'a Expr) -> Option<&'a Expr> {
        let kind = self.kind(value)?;
        match &ty.kind {
            TypeKind::Named { name, args } => match self.scopes.meaning(name) {
                Some(Meaning::Type(ty)) => (kind != Kind::Declared(ty)).then_some(value),
                _ => self.word_misfit(name, args, kind, value),
            },
            TypeKind::Optional(_) if kind == Kind::Word("null") => None,
            TypeKind::Optional(inner) => self.misfit(inner, value),
            TypeKind::Array(inner) => {
                self.word_misfit("array", std::slice::from_ref(&**inner), kind, value)
            }
            TypeKind::Func { .. } => (kind != Kind::Word("function")).then_some(value),
            TypeKind::Union(types) => self.union_misfit(types, value),
        }
    }

    /// The part that none of the types has, if only one of them is of the kind of the whole.
    fn union_misfit(self, types: &'a [TypeExpr], value: &'a Expr) -> Option<&'a Expr> {
        let mut inner = Vec::new();
        for ty in types {
            let culprit = self.misfit(ty, value)?;
            if !std::ptr::eq(culprit, value) {
                inner.push(culprit);
            }
        }
        match inner.as_slice() {
            [culprit] => Some(culprit),
            _ => Some(value),
        }
    }

    fn word_misfit(
        self,
        name: &str,
        args: &'a [TypeExpr],
        kind: Kind,
        value: &'a Expr,
    ) -> Option<&'a Expr> {
        let word = type_words::find(name)?;
        let fits = match (word.name, kind) {
            ("any", _) | ("float" | "number", Kind::Word("int" | "float")) => true,
            (word, Kind::Word(kind)) => word == kind,
            (word, Kind::Declared(ty)) => match self.scopes.ty(ty) {
                Type::Struct { .. } => word == "struct",
                Type::Enum(_) => word == "enum",
            },
        };
        if !fits {
            return Some(value);
        }
        match (&value.kind, args) {
            (ExprKind::Array(elements), [of]) => elements.iter().find_map(|it| match it {
                Element::Item(item) => self.misfit(of, item),
                Element::Spread(_) => None,
            }),
            (ExprKind::Dict(entries), [keys, values]) => entries.iter().find_map(|it| match it {
                DictEntry::Pair(key, value) => {
                    self.misfit(keys, key).or_else(|| self.misfit(values, value))
                }
                DictEntry::Spread(_) => None,
            }),
            _ => None,
        }
    }

    /// The error for a value, or the part of it that is the culprit. `declared` is how it begins.
    pub(crate) fn report(
        self,
        declared: &str,
        declared_at: Span,
        value: &Expr,
        culprit: &Expr,
    ) -> Diagnostic {
        let got = match std::ptr::eq(value, culprit) {
            true => self.phrase(value),
            false => format!("{} with {} in it", self.phrase(value), self.phrase(culprit)),
        };
        Diagnostic::error(Code::E0125)
            .message(format!("{declared}, got {got}"))
            .label(culprit.span, format!("this is {}", self.phrase(culprit)))
            .label(declared_at, "declared here")
    }

    fn kind(self, value: &Expr) -> Option<Kind> {
        Some(Kind::Word(match &value.kind {
            ExprKind::Null => "null",
            ExprKind::Bool(_) => "bool",
            ExprKind::Int(_) => "int",
            ExprKind::Float(_) => "float",
            ExprKind::Str(_) | ExprKind::Interpolated(_) => "string",
            ExprKind::Array(_) => "array",
            ExprKind::Dict(_) => "dict",
            ExprKind::Func(_) => "function",
            ExprKind::Range { .. } => "range",
            ExprKind::Struct { name, .. } | ExprKind::Path { base: name, .. } => {
                return match self.scopes.meaning(&name.name) {
                    Some(Meaning::Type(ty)) => Some(Kind::Declared(ty)),
                    _ => None,
                };
            }
            _ => return None,
        }))
    }

    /// A literal as a message tells of it.
    fn phrase(self, value: &Expr) -> String {
        let kind = match self.kind(value) {
            Some(Kind::Word(word)) => word,
            Some(Kind::Declared(ty)) => &self.scopes.ty(ty).name().name,
            None => "another value",
        };
        match &value.kind {
            ExprKind::Bool(it) => format!("{kind} {it}"),
            ExprKind::Int(it) => format!("{kind} {it}"),
            ExprKind::Float(it) => format!("{kind} {it}"),
            ExprKind::Str(text) => format!("{kind} {}", quoted(text)),
            _ => kind.to_owned(),
        }
    }
}
