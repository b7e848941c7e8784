//! Patterns: `match`, and taking values apart in bindings.

use std::cmp::Ordering;
use std::rc::Rc;

use remora_diagnostics::{Advice, Code};
use remora_syntax::ast::{
    DictPatternEntry, Expr, ExprKind, FieldPattern, Ident, Match, MatchBody, Pattern, PatternKind,
    Rest,
};

use super::{Frame, Interp, Meaning, Position};
use crate::ops;
use crate::stop::{Eval, Raise};
use crate::value::{Dict, Key, Payload, Value, Wrap};

/// Names and what they are bound to.
type Bound<'p> = Vec<(&'p str, Value<'p>)>;

impl<'p> Interp<'_, 'p> {
    pub(super) fn match_expr(
        &mut self,
        frame: &mut Frame<'p>,
        it: &'p Match,
        place: Position,
    ) -> Eval<'p> {
        let subject = self.expr(frame, &it.subject)?;
        for case in &it.cases {
            let Some(bound) = self.first_fit(frame, &case.patterns, &subject)? else { continue };
            let done = self.scoped(frame, |this, frame| {
                for (name, value) in bound {
                    this.declare(frame, name, true, value);
                }
                if let Some(guard) = &case.guard
                    && !this.expr(frame, guard)?.is_truthy()
                {
                    return Ok(None);
                }
                this.match_body(frame, &case.body, place).map(Some)
            })?;
            if let Some(value) = done {
                return Ok(value);
            }
        }
        it.default.as_ref().map_or(Ok(Value::Null), |body| self.match_body(frame, body, place))
    }

    /// What the first alternative that fits binds.
    fn first_fit(
        &mut self,
        frame: &Frame<'p>,
        patterns: &'p [Pattern],
        subject: &Value<'p>,
    ) -> Eval<'p, Option<Bound<'p>>> {
        for pattern in patterns {
            let mut bound = Vec::new();
            if self.fits(frame, pattern, subject, &mut bound)? {
                return Ok(Some(bound));
            }
        }
        Ok(None)
    }

    fn match_body(
        &mut self,
        frame: &mut Frame<'p>,
        body: &'p MatchBody,
        place: Position,
    ) -> Eval<'p> {
        match body {
            MatchBody::Block(block) => self.block_in(frame, block, place),
            MatchBody::Expr(expr) => self.expr_in(frame, expr, place),
        }
    }

    /// Whether a value fits a pattern of `match`; what the pattern binds is added to `bound`.
    fn fits(
        &mut self,
        frame: &Frame<'p>,
        pattern: &'p Pattern,
        value: &Value<'p>,
        bound: &mut Bound<'p>,
    ) -> Eval<'p, bool> {
        match &pattern.kind {
            PatternKind::Wildcard => Ok(true),
            PatternKind::Bind(name) => {
                bound.push((&name.name, value.clone()));
                Ok(true)
            }
            PatternKind::Tag(name) => Ok(has_tag(value, &name.name)
                || matches!(value, Value::Str(text) if **text == *name.name)),
            PatternKind::Literal(expr) => {
                let literal = literal(expr);
                self.equal(pattern.span, value, &literal)
            }
            PatternKind::Range { start, end, inclusive } => {
                Ok(is_between(value, &literal(start), &literal(end), *inclusive))
            }
            PatternKind::Array { before, rest, after } => {
                let Value::Array(items) = value else { return Ok(false) };
                let (n, n_fixed) = (items.0.len(), before.len() + after.len());
                if n < n_fixed || (rest.is_none() && n > n_fixed) {
                    return Ok(false);
                }
                let (head, tail) = items.0.split_at(n - after.len());
                if !self.all_fit(frame, before.iter().zip(head), bound)? {
                    return Ok(false);
                }
                bind_rest(rest.as_ref(), || Value::array(head[before.len()..].to_vec()), bound);
                self.all_fit(frame, after.iter().zip(tail), bound)
            }
            PatternKind::Dict { entries, rest } => {
                let Value::Dict(dict) = value else { return Ok(false) };
                for entry in entries {
                    let Some(value) = entry_key(entry).and_then(|it| dict.find(&it)) else {
                        return Ok(false);
                    };
                    if !self.fits(frame, &entry.pattern, value, bound)? {
                        return Ok(false);
                    }
                }
                bind_rest(rest.as_ref(), || without(dict, entries), bound);
                Ok(true)
            }
            PatternKind::Struct { name, fields } => {
                let Value::Struct(it) = value else { return Ok(false) };
                let Meaning::Variable(cell) = self.meaning(frame, &name.name) else {
                    return Ok(false);
                };
                match self.read(&cell, name.span)? {
                    Value::StructType(ty) if std::ptr::eq(ty.decl, it.ty.decl) => {
                        self.fields_fit(frame, fields, |name| it.field(name), bound)
                    }
                    _ => Ok(false),
                }
            }
            PatternKind::Variant { base, name, payload } => {
                if !self.is_variant(frame, base.as_ref(), name, value) {
                    return Ok(false);
                }
                let Some(patterns) = payload else { return Ok(true) };
                let carried = carried(value);
                Ok(carried.len() == patterns.len()
                    && self.all_fit(frame, patterns.iter().zip(carried), bound)?)
            }
            PatternKind::VariantStruct { base, name, fields } => {
                let Value::Enum(it) = value else { return Ok(false) };
                let Payload::Struct(payload) = &it.payload else { return Ok(false) };
                let find = |name: &str| payload.iter().find(|it| it.0 == name).map(|it| &it.1);
                Ok(self.is_variant(frame, Some(base), name, value)
                    && self.fields_fit(frame, fields, find, bound)?)
            }
        }
    }

    fn all_fit<'v>(
        &mut self,
        frame: &Frame<'p>,
        pairs: impl Iterator<Item = (&'p Pattern, &'v Value<'p>)>,
        bound: &mut Bound<'p>,
    ) -> Eval<'p, bool>
    where
        'p: 'v,
    {
        for (pattern, value) in pairs {
            if !self.fits(frame, pattern, value, bound)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn fields_fit<'v>(
        &mut self,
        frame: &Frame<'p>,
        fields: &'p [FieldPattern],
        find: impl Fn(&str) -> Option<&'v Value<'p>>,
        bound: &mut Bound<'p>,
    ) -> Eval<'p, bool>
    where
        'p: 'v,
    {
        for field in fields {
            let Some(value) = find(&field.name.name) else { return Ok(false) };
            if !self.fits(frame, &field.pattern, value, bound)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a value is of the variant: of that enum, or of any with such a variant where none is written.
    fn is_variant(
        &self,
        frame: &Frame<'p>,
        base: Option<&Ident>,
        name: &Ident,
        value: &Value<'p>,
    ) -> bool {
        let Some(base) = base else { return has_tag(value, &name.name) };
        match (self.enum_type(frame, &base.name), value) {
            (Some(ty), Value::Enum(it)) => {
                std::ptr::eq(ty.decl, it.ty.decl) && it.tag() == &*name.name
            }
            (Some(_), _) | (None, Value::Enum(_)) => false,
            (None, value) => {
                value.type_name() == base.name.to_lowercase() && has_tag(value, &name.name)
            }
        }
    }

    /// Binds the names of a pattern here, new; R0016 where the value does not fit.
    pub(super) fn declare_pattern(
        &mut self,
        frame: &mut Frame<'p>,
        pattern: &'p Pattern,
        mutable: bool,
        value: Value<'p>,
    ) -> Eval<'p, ()> {
        for (name, value) in self.take_apart(pattern, value)? {
            self.declare(frame, name, mutable, value);
        }
        Ok(())
    }

    /// What each name of a pattern is bound to; R0016 where the value does not fit.
    pub(super) fn take_apart(&self, pattern: &'p Pattern, value: Value<'p>) -> Eval<'p, Bound<'p>> {
        let mut bound = Vec::new();
        self.take_apart_into(pattern, value, &mut bound)?;
        Ok(bound)
    }

    fn take_apart_into(
        &self,
        pattern: &'p Pattern,
        value: Value<'p>,
        bound: &mut Bound<'p>,
    ) -> Eval<'p, ()> {
        let misfit = |wanted: String| {
            let message =
                format!("Cannot destructure: expected {wanted}, got {}", value.type_name());
            let advice = match &value {
                Value::Array(it) => Advice::other_length(&message, it.0.len()),
                _ => Advice::default(),
            };
            self.raise(pattern.span, Raise::new(Code::R0016, message).advised(advice))
        };
        match &pattern.kind {
            PatternKind::Bind(name) => bound.push((&name.name, value)),
            PatternKind::Array { before, rest, after } => {
                let n_fixed = before.len() + after.len();
                let wanted = if rest.is_some() { "array of at least" } else { "array of" };
                let items = match &value {
                    Value::Array(it)
                        if it.0.len() == n_fixed || (rest.is_some() && it.0.len() > n_fixed) =>
                    {
                        it
                    }
                    _ => return Err(misfit(format!("{wanted} {n_fixed}"))),
                };
                let (head, tail) = items.0.split_at(items.0.len() - after.len());
                for (pattern, value) in before.iter().zip(head) {
                    self.take_apart_into(pattern, value.clone(), bound)?;
                }
                bind_rest(rest.as_ref(), || Value::array(head[before.len()..].to_vec()), bound);
                for (pattern, value) in after.iter().zip(tail) {
                    self.take_apart_into(pattern, value.clone(), bound)?;
                }
            }
            PatternKind::Dict { entries, rest } => {
                let Value::Dict(dict) = &value else { return Err(misfit("dict".to_owned())) };
                for entry in entries {
                    let Some(key) = entry_key(entry) else { continue };
                    let Some(value) = dict.find(&key) else {
                        return Err(misfit(format!(
                            "key \"{}\"",
                            crate::print::display(&key.value())
                        )));
                    };
                    self.take_apart_into(&entry.pattern, value.clone(), bound)?;
                }
                bind_rest(rest.as_ref(), || without(dict, entries), bound);
            }
            // The parser lets nothing else stand in a binding.
            _ => {}
        }
        Ok(())
    }
}

fn bind_rest<'p>(rest: Option<&'p Rest>, value: impl FnOnce() -> Value<'p>, bound: &mut Bound<'p>) {
    if let Some(name) = rest.and_then(|it| it.name.as_ref()) {
        bound.push((&name.name, value()));
    }
}

/// The dict without the keys that the pattern names.
fn without<'p>(dict: &Rc<Dict<'p>>, entries: &[DictPatternEntry]) -> Value<'p> {
    let mut rest = (**dict).clone();
    for key in entries.iter().filter_map(entry_key) {
        rest.remove(&key);
    }
    Value::dict(rest)
}

fn entry_key(entry: &DictPatternEntry) -> Option<Key> {
    Key::of(&literal(&entry.key))
}

fn literal<'p>(expr: &Expr) -> Value<'p> {
    match &expr.kind {
        ExprKind::Bool(it) => Value::Bool(*it),
        ExprKind::Int(it) => Value::Int(*it),
        ExprKind::Float(it) => Value::Float(*it),
        ExprKind::Str(it) => Value::str(&**it),
        _ => Value::Null,
    }
}

/// Whether `low <= value < high`, or `<=`; false for what has no order with them.
fn is_between(value: &Value<'_>, low: &Value<'_>, high: &Value<'_>, inclusive: bool) -> bool {
    let above = ops::compare(low, value).is_some_and(Ordering::is_le);
    let below = ops::compare(value, high).is_some_and(|it| it.is_lt() || (inclusive && it.is_eq()));
    above && below
}

fn has_tag(value: &Value<'_>, tag: &str) -> bool {
    match value {
        Value::Enum(it) => it.tag() == tag,
        Value::Wrapped(wrap, _) => wrap.name() == tag,
        Value::Nothing => tag == "None",
        _ => false,
    }
}

/// What a variant carries.
fn carried<'v, 'p>(value: &'v Value<'p>) -> Vec<&'v Value<'p>> {
    match value {
        Value::Enum(it) => it.values(),
        Value::Wrapped(Wrap::Ok | Wrap::Err | Wrap::Some, inner) => vec![&inner.0],
        _ => Vec::new(),
    }
}
