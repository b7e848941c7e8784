//! Names in type annotations, when they are checked: a struct or enum that can be seen from there, or a word.
//!
//! Recursion is as deep as the annotation, which the parser bounds.

use remora_syntax::ast::{TypeExpr, TypeKind};

use super::Meaning;
use super::bindings::Bound;
use super::resolve::Resolver;
use crate::type_words;

impl<'a> Resolver<'a, '_> {
    /// An annotation, if there is one and anybody looks at it.
    pub(super) fn annotation(&mut self, ty: Option<&'a TypeExpr>) {
        let Some(ty) = ty.filter(|_| self.check_types) else { return };
        let n_parts = self.type_expr(ty);
        if n_parts > type_words::MAX_PARTS {
            self.error(type_words::too_large(ty.span));
        }
    }

    /// Gives the number of its parts.
    fn type_expr(&mut self, ty: &'a TypeExpr) -> usize {
        match &ty.kind {
            TypeKind::Named { name, args } => {
                self.type_name(name, args.len(), ty);
                1 + self.type_exprs(args)
            }
            // Null is a part of its own.
            TypeKind::Optional(inner) => 2 + self.type_expr(inner),
            TypeKind::Array(inner) => 1 + self.type_expr(inner),
            TypeKind::Func { params, result } => {
                let n_params = self.type_exprs(params);
                1 + n_params + result.as_ref().map_or(0, |it| self.type_expr(it))
            }
            TypeKind::Union(types) => 1 + self.type_exprs(types),
        }
    }

    fn type_exprs(&mut self, types: &'a [TypeExpr]) -> usize {
        types.iter().map(|it| self.type_expr(it)).sum()
    }

    fn type_name(&mut self, name: &'a str, n_args: usize, ty: &TypeExpr) {
        let symbol = self.bindings.symbol(name);
        if let Some(Bound::Type(id)) = self.find(symbol) {
            self.record(name, Meaning::Type(id));
            if n_args > 0 {
                let error = type_words::unknown(name, ty.span, std::iter::empty());
                self.error(error.help(format!("write `{name}`: structs and enums take no types")));
            }
            return;
        }
        let error = match type_words::find(name) {
            Some(word) => word.wrong_number(n_args, ty.span),
            None => {
                let declared = self.bindings.visible().filter_map(|(name, bound)| match bound {
                    Bound::Type(_) => Some(name),
                    Bound::Var(_) | Bound::Field(_) | Bound::Import(_) => None,
                });
                Some(type_words::unknown(name, ty.span, declared))
            }
        };
        if let Some(error) = error {
            self.error(error);
        }
    }
}
