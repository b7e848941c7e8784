//! Names in patterns: what they declare, and the types they mention.

use remora_syntax::ast::{Match, MatchBody, MatchCase, Pattern, PatternKind};

use super::bindings::Bound;
use super::declare::for_each_name;
use super::resolve::Resolver;
use super::{Meaning, VarId, VarKind};
use crate::check;

impl<'a> Resolver<'a, '_> {
    /// Declares what a binding's pattern binds.
    pub(super) fn declare_pattern(&mut self, pattern: &'a Pattern, kind: VarKind) {
        if self.bindings.at_top() {
            // Top-level names are there already, so a repeated one would pass for a second declaration.
            self.check_distinct(pattern);
        }
        let first = self.out.vars.len();
        self.declare_names(pattern, kind, first);
    }

    fn check_distinct(&mut self, pattern: &'a Pattern) {
        let mut names = Vec::new();
        for_each_name(pattern, &mut |name| names.push(name));
        for error in check::distinct(names, check::Repeated::Name) {
            self.error(error);
        }
    }

    /// The same for a pattern that began with the variable `first`.
    pub(super) fn declare_names(&mut self, pattern: &'a Pattern, kind: VarKind, first: usize) {
        for_each_name(pattern, &mut |name| self.declare(name, kind, first));
    }

    /// `[a, b] := e`: each name as in `name := …`.
    pub(super) fn assign_pattern(&mut self, pattern: &'a Pattern) {
        self.check_distinct(pattern);
        for_each_name(pattern, &mut |name| self.set_name(&name.name, name.span));
    }

    #[inline(never)]
    pub(super) fn match_expr(&mut self, it: &'a Match) {
        self.expr(&it.subject);
        for case in &it.cases {
            self.case(case);
        }
        if let Some(default) = &it.default {
            self.match_body(default);
        }
    }

    fn case(&mut self, case: &'a MatchCase) {
        self.bindings.open();
        let first = self.out.vars.len();
        let mut patterns = case.patterns.iter();
        if let Some(pattern) = patterns.next() {
            self.types_in(pattern);
            self.declare_names(pattern, VarKind::Mutable, first);
        }
        let n_names = self.out.vars.len() - first;
        let mut seen = vec![0_usize; n_names];
        for (nth, pattern) in patterns.enumerate() {
            self.types_in(pattern);
            self.same_names(pattern, first, nth + 1, &mut seen);
        }
        if let Some(guard) = &case.guard {
            self.expr(guard);
        }
        self.match_body(&case.body);
        self.bindings.close();
    }

    fn match_body(&mut self, body: &'a MatchBody) {
        match body {
            MatchBody::Block(block) => self.block(block),
            MatchBody::Expr(expr) => self.expr(expr),
        }
    }

    /// A further alternative binds the names of the first, which are the variables from `first` on.
    fn same_names(&mut self, pattern: &'a Pattern, first: usize, nth: usize, seen: &mut [usize]) {
        let mut n_seen = 0_usize;
        for_each_name(pattern, &mut |name| {
            let symbol = self.bindings.symbol(&name.name);
            let bound = match self.bindings.find_in_scope(symbol) {
                Some(Bound::Var(var)) => Some((var, self.out.var(var).span)),
                _ => None,
            };
            match bound {
                Some((var, earlier)) if seen[var.index() - first] == nth => {
                    self.error(check::repeated(name, check::Repeated::Name, earlier));
                }
                Some((var, _)) => {
                    seen[var.index() - first] = nth;
                    n_seen = n_seen.saturating_add(1);
                    self.record(&name.name, Meaning::Declares(var));
                }
                None => {
                    n_seen = usize::MAX;
                    self.error(check::only_in_one_alternative(name.span, &name.name));
                }
            }
        });
        if n_seen < seen.len() {
            let missing = seen.iter().position(|it| *it != nth).unwrap_or_default();
            let var = VarId(u32::try_from(first + missing).unwrap_or(u32::MAX));
            let name = self.out.var(var).name;
            self.error(check::only_in_one_alternative(pattern.span, name));
        }
    }

    /// Gives the types that a pattern mentions their meaning, and checks fields and payloads.
    fn types_in(&mut self, pattern: &'a Pattern) {
        match &pattern.kind {
            PatternKind::Wildcard
            | PatternKind::Bind(_)
            | PatternKind::Tag(_)
            | PatternKind::Literal(_)
            | PatternKind::Range { .. } => {}
            PatternKind::Array { before, after, .. } => {
                before.iter().chain(after).for_each(|it| self.types_in(it));
            }
            PatternKind::Dict { entries, .. } => {
                entries.iter().for_each(|it| self.types_in(&it.pattern));
            }
            PatternKind::Struct { name, fields } => {
                if let Some(decl) = self.struct_named(name) {
                    let fields = fields.iter().map(|it| &it.name);
                    for error in check::pattern_fields(decl, fields) {
                        self.error(error);
                    }
                }
                fields.iter().for_each(|it| self.types_in(&it.pattern));
            }
            PatternKind::Variant { base, name, payload } => {
                let n_values = payload.as_ref().map(Vec::len);
                self.variant_pattern(base.as_ref(), name, n_values, pattern.span);
                payload.iter().flatten().for_each(|it| self.types_in(it));
            }
            PatternKind::VariantStruct { base, name, fields } => {
                if let Some(variant) = self.variant_named(base, name) {
                    for error in check::variant_pattern_fields(variant, name, fields) {
                        self.error(error);
                    }
                }
                fields.iter().for_each(|it| self.types_in(&it.pattern));
            }
        }
    }

    fn variant_pattern(
        &mut self,
        base: Option<&'a remora_syntax::ast::Ident>,
        name: &'a remora_syntax::ast::Ident,
        n_values: Option<usize>,
        span: remora_diagnostics::Span,
    ) {
        let builtin = base.is_none_or(|it| self.is_builtin_enum(it));
        let error = if builtin {
            check::builtin_variant(base, name, n_values, span)
        } else {
            let Some(variant) = base.and_then(|it| self.variant_named(it, name)) else { return };
            n_values.and_then(|n| check::payload(variant, n, span))
        };
        if let Some(error) = error {
            self.error(error);
        }
    }
}
