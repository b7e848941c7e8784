//! `match`: tests that jump to the next case, bindings, bodies.
//!
//! While cases are tried, the value that is matched lies on the stack; tests keep it. If all patterns are literals, ranges
//! or names it lives in a local instead, so that each test is one comparison. A part of a value is pushed above it while
//! it is looked at; where a test of a part fails, [`Fails`] takes the parts off again.

use remora_bytecode::{CodeBuilder, CompareKind, Label, LocalIdx, ResultKind, TypeIdx};
use remora_diagnostics::Span;
use remora_syntax::ast::{
    Expr, ExprKind, FieldPattern, Ident, Match, MatchBody, MatchCase, Pattern, PatternKind,
};

use super::pattern::index;
use super::variables::Home;
use super::{Codegen, Want, count};
use crate::scope::Meaning;
use crate::{check, fold};

/// Where failed tests go: by how many parts lie above the value that is matched.
struct Fails {
    labels: Vec<Option<Label>>,
}

/// Where the value is that is matched.
#[derive(Clone, Copy)]
enum Subject {
    Stack,
    Local(LocalIdx),
}

impl<'a> Codegen<'a, '_> {
    #[inline(never)]
    pub(super) fn match_expr(&mut self, it: &'a Match, want: Want, span: Span) {
        if !self.reachable() {
            return;
        }
        self.check_exhaustive(it);
        let n_used = self.n_used;
        let subject = self.subject(it);
        let end = self.label();
        for (nth, case) in it.cases.iter().enumerate() {
            if !self.reachable() {
                break;
            }
            // The end follows the last case at once, unless there is something to take off or another value.
            let last = nth + 1 == it.cases.len() && it.default.is_none();
            let falls = last && want == Want::Effect && matches!(subject, Subject::Local(_));
            self.case(case, subject, want, (!falls).then_some(end));
        }
        if let Subject::Stack = subject {
            self.discard(it.subject.span);
        }
        match (&it.default, want) {
            (Some(body), _) => self.match_body(body, want),
            (None, Want::Effect) => {}
            (None, Want::Value) => self.emit(span, CodeBuilder::load_null),
            (None, Want::Return) => self.return_null(span),
        }
        self.bind(end);
        self.n_used = n_used;
    }

    /// Evaluates what is matched.
    fn subject(&mut self, it: &'a Match) -> Subject {
        let mut patterns = it.cases.iter().flat_map(|it| &it.patterns);
        if !patterns.all(is_scalar) {
            self.expr(&it.subject);
            return Subject::Stack;
        }
        // A guard might change the variable, so only without one it can stand for its value.
        if let ExprKind::Name(name) = &it.subject.kind
            && let Some(Meaning::Var(var)) = self.scopes.meaning(name)
            && let Home::Local(local) = self.home(var)
            && it.cases.iter().all(|it| it.guard.is_none())
        {
            return Subject::Local(local);
        }
        self.expr(&it.subject);
        let local = self.new_local();
        self.emit(it.subject.span, |code| code.store_local(local));
        Subject::Local(local)
    }

    #[inline(never)]
    fn case(&mut self, case: &'a MatchCase, subject: Subject, want: Want, end: Option<Label>) {
        let n_used = self.n_used;
        if let (Subject::Stack, None, [Pattern { kind: PatternKind::Bind(name), .. }]) =
            (subject, &case.guard, case.patterns.as_slice())
        {
            // It always fits, so the value need not stay.
            self.store_name(name);
            self.match_body(&case.body, want);
            if let Some(end) = end {
                self.emit(case.span, |code| code.jump(end));
            }
            self.n_used = n_used;
            return;
        }
        let (next, body) = (self.label(), self.label());
        for (nth, pattern) in case.patterns.iter().enumerate() {
            let last = nth + 1 == case.patterns.len();
            let failed = if last { next } else { self.label() };
            let mut fails = Fails { labels: vec![Some(failed)] };
            match subject {
                Subject::Local(local) => self.test_local(pattern, local, failed),
                Subject::Stack => self.test_top(pattern, &mut fails),
            }
            if last {
                self.bind(body);
                self.case_body(case, subject, next, want, end);
            } else {
                self.emit(pattern.span, |code| code.jump(body));
            }
            self.take_off(&fails, pattern.span);
            if !last {
                self.bind(failed);
            }
        }
        self.bind(next);
        self.n_used = n_used;
    }

    /// An alternative has fitted: the guard, then what the case does.
    fn case_body(
        &mut self,
        case: &'a MatchCase,
        subject: Subject,
        next: Label,
        want: Want,
        end: Option<Label>,
    ) {
        if let Some(guard) = &case.guard {
            self.jump_unless(guard, next);
        }
        if let Subject::Stack = subject {
            self.discard(case.span);
        }
        self.match_body(&case.body, want);
        if let Some(end) = end {
            self.emit(case.span, |code| code.jump(end));
        }
    }

    fn match_body(&mut self, body: &'a MatchBody, want: Want) {
        match body {
            MatchBody::Block(block) => self.block(block, want),
            MatchBody::Expr(expr) => self.expr_for(expr, want),
        }
    }

    /// Where tests of parts failed: takes the parts off the stack. The label for no parts is to be bound next.
    fn take_off(&mut self, fails: &Fails, span: Span) {
        for n_parts in (1..fails.labels.len()).rev() {
            if let Some(label) = fails.labels[n_parts] {
                self.bind(label);
            }
            self.discard(span);
        }
    }

    /// The label for a failure with that many parts on the stack.
    fn fail_label(&mut self, fails: &mut Fails, n_parts: usize) -> Label {
        if fails.labels.len() <= n_parts {
            fails.labels.resize(n_parts + 1, None);
        }
        let known = fails.labels.get(n_parts).copied().flatten();
        let label = known.unwrap_or_else(|| self.label());
        if let Some(slot) = fails.labels.get_mut(n_parts) {
            *slot = Some(label);
        }
        label
    }

    fn fail_unless_true(&mut self, fails: &mut Fails, n_parts: usize, span: Span) {
        let label = self.fail_label(fails, n_parts);
        self.emit(span, |code| code.jump_if_false(label));
    }

    /// Tests a literal, range or name against a local.
    fn test_local(&mut self, pattern: &'a Pattern, local: LocalIdx, failed: Label) {
        let load = |it: &mut Self| it.emit(pattern.span, |code| code.load_local(local));
        match &pattern.kind {
            PatternKind::Bind(name) => {
                load(self);
                self.store_name(name);
            }
            PatternKind::Literal(_) | PatternKind::Range { .. } => {
                load(self);
                self.compare(pattern);
                self.emit(pattern.span, |code| code.jump_if_false(failed));
            }
            _ => {}
        }
    }

    /// Replaces the value on top by whether it equals the literal or lies in the range.
    fn compare(&mut self, pattern: &'a Pattern) {
        match &pattern.kind {
            PatternKind::Literal(literal) => {
                self.literal(literal);
                self.emit(pattern.span, |code| code.compare(CompareKind::Eq));
            }
            PatternKind::Range { start, end, inclusive } => {
                self.literal(start);
                self.literal(end);
                self.emit(pattern.span, |code| match inclusive {
                    true => code.in_range_inclusive(),
                    false => code.in_range(),
                });
            }
            _ => {}
        }
    }

    fn literal(&mut self, literal: &'a Expr) {
        match fold::constant(literal) {
            Some(value) => self.constant(value, literal.span),
            None => self.expr(literal),
        }
    }

    /// Tests the value that is matched, which stays on the stack.
    fn test_top(&mut self, pattern: &'a Pattern, fails: &mut Fails) {
        match &pattern.kind {
            PatternKind::Wildcard => {}
            PatternKind::Bind(_) | PatternKind::Literal(_) | PatternKind::Range { .. } => {
                self.emit(pattern.span, CodeBuilder::dup);
                self.test_part(pattern, fails, 1);
            }
            _ => self.test(pattern, fails, 0),
        }
    }

    /// Tests the part on top of the stack, the `n_parts`th, and pops it.
    fn test_part(&mut self, pattern: &'a Pattern, fails: &mut Fails, n_parts: usize) {
        match &pattern.kind {
            PatternKind::Wildcard => self.discard(pattern.span),
            PatternKind::Bind(name) => self.store_name(name),
            PatternKind::Literal(_) | PatternKind::Range { .. } => {
                self.compare(pattern);
                self.fail_unless_true(fails, n_parts - 1, pattern.span);
            }
            _ => {
                self.test(pattern, fails, n_parts);
                self.discard(pattern.span);
            }
        }
    }

    /// Pushes a part of the value on top and tests it.
    fn part_of(
        &mut self,
        pattern: &'a Pattern,
        fails: &mut Fails,
        n_parts: usize,
        push: impl FnOnce(&mut CodeBuilder),
    ) {
        if !matches!(pattern.kind, PatternKind::Wildcard) {
            self.emit(pattern.span, push);
            self.test_part(pattern, fails, n_parts + 1);
        }
    }

    /// Tests the structure of the value on top, which stays there.
    fn test(&mut self, pattern: &'a Pattern, fails: &mut Fails, n_parts: usize) {
        let span = pattern.span;
        match &pattern.kind {
            PatternKind::Tag(name) => {
                self.emit(span, |code| code.test_tag(&name.name));
                self.fail_unless_true(fails, n_parts, span);
            }
            PatternKind::Array { .. } => self.test_array(pattern, fails, n_parts),
            PatternKind::Dict { .. } => self.test_dict(pattern, fails, n_parts),
            PatternKind::Struct { name, fields } => {
                let Some(Meaning::Type(ty)) = self.scopes.meaning(&name.name) else { return };
                self.emit(span, |code| code.test_struct(TypeIdx(ty.0)));
                self.fail_unless_true(fails, n_parts, span);
                self.test_fields(fields, fails, n_parts);
            }
            PatternKind::VariantStruct { base, name, fields } => {
                let Some(variant) = self.variant_ref(base, name) else { return };
                self.emit(span, |code| code.test_variant(variant));
                self.fail_unless_true(fails, n_parts, span);
                self.test_fields(fields, fails, n_parts);
            }
            PatternKind::Variant { base, name, payload } => {
                self.test_variant(base.as_ref(), name, payload.as_deref(), fails, n_parts, span);
            }
            PatternKind::Wildcard
            | PatternKind::Bind(_)
            | PatternKind::Literal(_)
            | PatternKind::Range { .. } => {}
        }
    }

    #[inline(never)]
    fn test_array(&mut self, pattern: &'a Pattern, fails: &mut Fails, n_parts: usize) {
        let PatternKind::Array { before, rest, after } = &pattern.kind else { return };
        let n = count(before.len() + after.len());
        self.emit(pattern.span, |code| match rest {
            Some(_) => code.test_array_min(n),
            None => code.test_array(n),
        });
        self.fail_unless_true(fails, n_parts, pattern.span);
        for (nth, it) in before.iter().enumerate() {
            self.part_of(it, fails, n_parts, |code| code.element(index(nth)));
        }
        if let Some(rest) = rest {
            self.rest_of_array(rest, before.len(), after.len());
        }
        for (nth, it) in after.iter().enumerate() {
            let from_end = index(nth) - index(after.len());
            self.part_of(it, fails, n_parts, |code| code.element(from_end));
        }
    }

    #[inline(never)]
    fn test_dict(&mut self, pattern: &'a Pattern, fails: &mut Fails, n_parts: usize) {
        let PatternKind::Dict { entries, rest } = &pattern.kind else { return };
        if entries.is_empty() {
            self.emit(pattern.span, CodeBuilder::test_dict);
            self.fail_unless_true(fails, n_parts, pattern.span);
        }
        for entry in entries {
            let Some(key) = fold::constant(&entry.key) else { continue };
            let test = key.clone();
            self.emit(entry.key.span, |code| code.test_key(test));
            self.fail_unless_true(fails, n_parts, entry.key.span);
            self.part_of(&entry.pattern, fails, n_parts, |code| code.element_key(key));
        }
        self.rest_of_dict(rest.as_ref(), entries);
    }

    fn test_fields(&mut self, fields: &'a [FieldPattern], fails: &mut Fails, n_parts: usize) {
        for field in fields {
            let name = &field.name.name;
            self.part_of(&field.pattern, fails, n_parts, |code| code.element_field(name));
        }
    }

    #[inline(never)]
    fn test_variant(
        &mut self,
        base: Option<&'a Ident>,
        name: &'a Ident,
        payload: Option<&'a [Pattern]>,
        fails: &mut Fails,
        n_parts: usize,
        span: Span,
    ) {
        let declared = base.and_then(|it| self.variant_ref(it, name));
        // How many values an `Ok` carries is known; of an open variant, or one of any enum, it must be tested.
        let mut counted = true;
        if let Some(variant) = declared {
            self.emit(span, |code| code.test_variant(variant));
            counted = self.has_open_payload(base, name);
        } else if let Some(kind) = ResultKind::from_name(&name.name) {
            self.emit(span, |code| code.test_result(kind));
            counted = false;
        } else {
            self.emit(span, |code| code.test_tag(&name.name));
        }
        self.fail_unless_true(fails, n_parts, span);
        let Some(payload) = payload else { return };
        if counted {
            self.emit(span, |code| code.test_payload(count(payload.len())));
            self.fail_unless_true(fails, n_parts, span);
        }
        for (nth, it) in payload.iter().enumerate() {
            self.part_of(it, fails, n_parts, |code| code.payload(count(nth)));
        }
    }

    fn has_open_payload(&self, base: Option<&'a Ident>, name: &Ident) -> bool {
        let Some(Meaning::Type(ty)) = base.and_then(|it| self.scopes.meaning(&it.name)) else {
            return true;
        };
        let variants = self.scopes.enum_of(ty).map_or(&[][..], |it| &it.variants);
        variants
            .iter()
            .any(|it| it.name.name == name.name && it.kind == remora_syntax::ast::VariantKind::Open)
    }

    /// Warns about variants without a case, if the cases are about one enum and there is no `default`.
    fn check_exhaustive(&mut self, it: &'a Match) {
        if it.default.is_some() {
            return;
        }
        let mut of = None;
        let mut handled: Vec<&str> = Vec::new();
        for case in &it.cases {
            for pattern in &case.patterns {
                let (base, name, whole) = match &pattern.kind {
                    PatternKind::Variant { base: Some(base), name, payload } => {
                        (base, name, payload.iter().flatten().all(always_fits))
                    }
                    PatternKind::VariantStruct { base, name, fields } => {
                        (base, name, fields.iter().all(|it| always_fits(&it.pattern)))
                    }
                    _ => return,
                };
                let Some(Meaning::Type(ty)) = self.scopes.meaning(&base.name) else { return };
                if of.is_some_and(|it| it != ty) {
                    return;
                }
                of = Some(ty);
                if whole && case.guard.is_none() {
                    handled.push(&name.name);
                }
            }
        }
        let Some(decl) = of.and_then(|it| self.scopes.enum_of(it)) else { return };
        let names = decl.variants.iter().map(|it| &*it.name.name);
        let missing: Vec<&str> = names.filter(|it| !handled.contains(it)).collect();
        if !missing.is_empty() {
            self.warn(check::not_exhaustive(decl, &missing, it.subject.span));
        }
    }
}

/// A pattern that one comparison decides.
fn is_scalar(pattern: &Pattern) -> bool {
    matches!(
        pattern.kind,
        PatternKind::Wildcard
            | PatternKind::Bind(_)
            | PatternKind::Literal(_)
            | PatternKind::Range { .. }
    )
}

fn always_fits(pattern: &Pattern) -> bool {
    matches!(pattern.kind, PatternKind::Wildcard | PatternKind::Bind(_))
}
