//! Patterns and types, as s-expressions.

use super::Dump;
use crate::ast::{FieldPattern, Pattern, PatternKind, Rest, TypeExpr, TypeKind};

impl Dump {
    pub(super) fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Wildcard => self.put("_"),
            PatternKind::Bind(name) => self.put(&name.name),
            PatternKind::Tag(name) => {
                self.put("#");
                self.put(&name.name);
            }
            PatternKind::Literal(expr) => self.expr(expr),
            PatternKind::Range { start, end, inclusive } => {
                self.list(if *inclusive { "..=" } else { ".." }, |it| it.exprs([&**start, &**end]));
            }
            PatternKind::Array { before, rest, after } => {
                self.array_pattern(before, rest.as_ref(), after);
            }
            PatternKind::Dict { entries, rest } => {
                self.put("{");
                for entry in entries {
                    self.exprs([&entry.key]);
                    self.put(":");
                    self.pattern(&entry.pattern);
                }
                if let Some(rest) = rest {
                    self.put(" ");
                    self.rest(rest);
                }
                self.put(" }");
            }
            PatternKind::Struct { name, fields } => {
                self.put(&name.name);
                self.field_patterns(fields);
            }
            PatternKind::VariantStruct { base, name, fields } => {
                self.put(&base.name);
                self.put("::");
                self.put(&name.name);
                self.field_patterns(fields);
            }
            PatternKind::Variant { base, name, payload } => {
                if let Some(base) = base {
                    self.put(&base.name);
                }
                self.put("::");
                self.put(&name.name);
                if let Some(payload) = payload {
                    self.put("(");
                    self.patterns(payload);
                    self.put(")");
                }
            }
        }
    }

    fn patterns(&mut self, patterns: &[Pattern]) {
        for (i, pattern) in patterns.iter().enumerate() {
            self.put(if i == 0 { "" } else { " " });
            self.pattern(pattern);
        }
    }

    fn array_pattern(&mut self, before: &[Pattern], rest: Option<&Rest>, after: &[Pattern]) {
        self.put("[");
        self.patterns(before);
        if let Some(rest) = rest {
            self.put(if before.is_empty() { "" } else { " " });
            self.rest(rest);
            self.put(if after.is_empty() { "" } else { " " });
        }
        self.patterns(after);
        self.put("]");
    }

    fn rest(&mut self, rest: &Rest) {
        self.put("...");
        if let Some(name) = &rest.name {
            self.put(&name.name);
        }
    }

    fn field_patterns(&mut self, fields: &[FieldPattern]) {
        self.put("{");
        for field in fields {
            self.idents([&field.name]);
            self.put(":");
            self.pattern(&field.pattern);
        }
        self.put(" }");
    }

    pub(super) fn ty(&mut self, ty: &TypeExpr) {
        match &ty.kind {
            TypeKind::Named { name, args } if args.is_empty() => self.put(name),
            TypeKind::Named { name, args } => self.list(name, |it| it.types(args)),
            TypeKind::Optional(inner) => self.list("?", |it| it.types([&**inner])),
            TypeKind::Array(inner) => self.list("array", |it| it.types([&**inner])),
            TypeKind::Func { params, result } => self.list("func", |it| {
                it.types(params);
                it.result(result.as_deref());
            }),
            TypeKind::Union(members) => self.list("|", |it| it.types(members)),
        }
    }

    fn types<'a>(&mut self, types: impl IntoIterator<Item = &'a TypeExpr>) {
        for ty in types {
            self.put(" ");
            self.ty(ty);
        }
    }
}
