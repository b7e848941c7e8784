//! Patterns: of cases, bindings, parameters and `for`.
//!
//! Like expressions they wait on a stack of their own, `patterns`, so that nested ones cost little native stack.

use remora_diagnostics::{Code, Span};

use super::{Parse, Parser, cut};
use crate::ast::{
    DictPatternEntry, Expr, ExprKind, FieldPattern, Ident, Pattern, PatternKind, Rest,
};
use crate::token::TokenKind;

/// Where a pattern stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Directly after `case`, `let`, `for`: a brace after a name may open the block.
    Top,
    /// Inside another pattern's brackets.
    Inside,
}

impl Parser<'_> {
    /// Parses a pattern that always fits values of the right shape: names, `_`, arrays and dicts of them. Leaves it
    /// on the stack; `what` names what is expected here.
    pub(super) fn binding_pattern(&mut self, what: &str) -> Parse {
        self.pattern(Place::Top, what)?;
        let mut found = None;
        if let Some(pattern) = self.patterns.last() {
            find_refutable(pattern, &mut found);
        }
        if let Some(span) = found {
            self.complain(Code::E0014, span, "this may not fit, so it can stand only in a `case`");
        }
        Ok(())
    }

    /// Takes the pattern on top of the stack.
    pub(super) fn take_pattern(&mut self) -> Pattern {
        self.patterns.pop().unwrap_or_else(|| {
            debug_assert!(false, "every pattern is taken once");
            Pattern { kind: PatternKind::Wildcard, span: Span::at(self.last_end()) }
        })
    }

    /// Takes the patterns above `base` off the stack.
    #[inline(never)]
    pub(super) fn take_patterns(&mut self, base: usize) -> Vec<Pattern> {
        cut(&mut self.patterns, base)
    }

    #[inline(never)]
    fn push_pattern(&mut self, start: u32, kind: PatternKind) {
        let span = self.span_from(start);
        self.patterns.push(Pattern { kind, span });
    }

    /// Parses any pattern and leaves it on the stack; `what` names what is expected here.
    pub(super) fn pattern(&mut self, place: Place, what: &str) -> Parse {
        self.enter()?;
        let mark = self.mark();
        self.pattern_kind(place, what)?;
        let height = self.grown(mark)?;
        self.count_height(height);
        self.leave();
        Ok(())
    }

    fn pattern_kind(&mut self, place: Place, what: &str) -> Parse {
        use TokenKind as T;
        match self.kind() {
            T::Name => self.name_pattern(place),
            T::LBracket => self.array_pattern(),
            T::LBrace => self.dict_pattern(),
            T::Minus | T::Int | T::Float | T::BadNumber | T::Str | T::True | T::False | T::Null => {
                self.literal_pattern()
            }
            T::StrHead => {
                let span = self.token().span;
                Err(self.refuse(Code::E0014, span, "a pattern has no interpolation", ""))
            }
            _ => Err(self.expected(what)),
        }
    }

    #[inline(never)]
    fn literal_pattern(&mut self) -> Parse {
        let first = self.pattern_literal()?;
        let from = first.span.start;
        let inclusive = match self.kind() {
            TokenKind::DotDot => false,
            TokenKind::DotDotEq => true,
            _ => {
                self.push_pattern(from, PatternKind::Literal(first));
                return Ok(());
            }
        };
        self.bump();
        let (start, end) = (Box::new(first), Box::new(self.pattern_literal()?));
        self.push_pattern(from, PatternKind::Range { start, end, inclusive });
        Ok(())
    }

    #[inline(never)]
    fn pattern_literal(&mut self) -> Parse<Expr> {
        use TokenKind as T;
        let kind = match self.kind() {
            T::True => ExprKind::Bool(true),
            T::False => ExprKind::Bool(false),
            T::Null => ExprKind::Null,
            T::Int | T::Float | T::BadNumber | T::Str => return Ok(self.literal()),
            T::Minus if matches!(self.nth(1).kind, T::Int | T::Float) => return Ok(self.literal()),
            _ => return Err(self.expected("a literal")),
        };
        Ok(Expr { kind, span: self.bump().span })
    }

    /// A variable, a variant or a struct.
    #[inline(never)]
    fn name_pattern(&mut self, place: Place) -> Parse {
        let first = self.bump().span;
        let variant =
            if self.eat(TokenKind::ColonColon) { Some(self.variant_name()?) } else { None };
        match self.kind() {
            TokenKind::LParen => self.tuple_pattern(first, variant),
            TokenKind::LBrace if self.opens_struct_pattern(place) => {
                self.struct_pattern(first, variant)
            }
            _ => {
                self.plain_name(first, variant);
                Ok(())
            }
        }
    }

    #[inline(never)]
    fn variant_name(&mut self) -> Parse<Span> {
        Ok(self.word("the name of a variant")?.span)
    }

    /// The enum's name, where one was written, and the variant's.
    fn base_and_name(&self, first: Span, variant: Option<Span>) -> (Option<Ident>, Ident) {
        match variant {
            Some(variant) => (Some(self.ident(first)), self.ident(variant)),
            None => (None, self.ident(first)),
        }
    }

    /// A name without brackets after it. `None` and its like are the constructors, not variables.
    #[inline(never)]
    fn plain_name(&mut self, first: Span, variant: Option<Span>) {
        let constructor = matches!(self.slice(first), "None" | "Ok" | "Err" | "Some");
        let kind = if variant.is_some() || constructor {
            let (base, name) = self.base_and_name(first, variant);
            PatternKind::Variant { base, name, payload: None }
        } else {
            self.bind_kind(first)
        };
        self.push_pattern(first.start, kind);
    }

    /// At a brace after a name. Inside other patterns it always holds fields; after `case n` it does if what follows
    /// the closing brace shows that the case's own block is still to come.
    fn opens_struct_pattern(&self, place: Place) -> bool {
        use TokenKind as T;
        place == Place::Inside
            || self.after_pair(self.pos).is_some_and(|it| {
                matches!(it.kind, T::LBrace | T::Colon | T::Pipe | T::FatArrow | T::If)
                    || it.kind.is_assign()
            })
    }

    /// `Ok(v)`, `Shape::Circle(r)`
    #[inline(never)]
    fn tuple_pattern(&mut self, first: Span, variant: Option<Span>) -> Parse {
        let open = self.pos;
        let context = self.inside_brackets();
        self.bump();
        let base = self.patterns.len();
        while !self.at(TokenKind::RParen) {
            self.pattern(Place::Inside, "a pattern")?;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        self.close(open, TokenKind::RParen, "`,` or ")?;
        self.join_tuple(first, variant, base);
        Ok(())
    }

    #[inline(never)]
    fn join_tuple(&mut self, first: Span, variant: Option<Span>, base: usize) {
        let payload = Some(self.take_patterns(base));
        let (base, name) = self.base_and_name(first, variant);
        self.push_pattern(first.start, PatternKind::Variant { base, name, payload });
    }

    /// `P { x, y: p }`, `Shape::Rect { w }`
    #[inline(never)]
    fn struct_pattern(&mut self, first: Span, variant: Option<Span>) -> Parse {
        let open = self.pos;
        let context = self.inside_brackets();
        self.bump();
        let mut fields = Vec::new();
        while !self.at(TokenKind::RBrace) {
            self.field_pattern(&mut fields)?;
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        self.close(open, TokenKind::RBrace, "`,` or ")?;
        self.join_struct_pattern(first, variant, fields);
        Ok(())
    }

    fn field_pattern(&mut self, fields: &mut Vec<FieldPattern>) -> Parse {
        let name = self.token();
        if !name.kind.is_word() {
            return Err(self.expected("the name of a field"));
        }
        self.bump();
        if self.eat(TokenKind::Colon) {
            self.pattern(Place::Inside, "a pattern")?;
        } else {
            self.plain_name(name.span, None);
        }
        self.push_field_pattern(fields, name.span);
        Ok(())
    }

    #[inline(never)]
    fn push_field_pattern(&mut self, fields: &mut Vec<FieldPattern>, name: Span) {
        let pattern = self.take_pattern();
        fields.push(FieldPattern { name: self.ident(name), pattern });
    }

    #[inline(never)]
    fn join_struct_pattern(
        &mut self,
        first: Span,
        variant: Option<Span>,
        fields: Vec<FieldPattern>,
    ) {
        let (base, name) = self.base_and_name(first, variant);
        let kind = match base {
            Some(base) => PatternKind::VariantStruct { base, name, fields },
            None => PatternKind::Struct { name, fields },
        };
        self.push_pattern(first.start, kind);
    }

    /// `[a, ...rest, b]`
    #[inline(never)]
    fn array_pattern(&mut self) -> Parse {
        let open = self.pos;
        let context = self.inside_brackets();
        self.bump();
        let base = self.patterns.len();
        // The rest, and how many patterns stood before it.
        let mut rest = None;
        let mut n_before = 0;
        while !self.at(TokenKind::RBracket) {
            if self.at(TokenKind::Ellipsis) {
                self.rest(&mut rest)?;
                n_before = self.patterns.len() - base;
            } else {
                self.pattern(Place::Inside, "a pattern")?;
            }
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        self.close(open, TokenKind::RBracket, "`,` or ")?;
        self.join_array(open, base, rest, n_before);
        Ok(())
    }

    #[inline(never)]
    fn join_array(&mut self, open: usize, base: usize, rest: Option<Rest>, n_before: usize) {
        let after = if rest.is_some() { self.take_patterns(base + n_before) } else { Vec::new() };
        let before = self.take_patterns(base);
        let start = self.at_index(open).span.start;
        self.push_pattern(start, PatternKind::Array { before, rest, after });
    }

    /// At `...`: the one rest of an array or dict pattern.
    #[inline(never)]
    fn rest(&mut self, rest: &mut Option<Rest>) -> Parse {
        let start = self.bump().span;
        let name = match self.kind() {
            TokenKind::Name => Some(self.name("a name for the rest")?),
            TokenKind::Comma | TokenKind::RBracket | TokenKind::RBrace => None,
            _ => return Err(self.expected("a name for the rest")),
        };
        let name = name.filter(|it| &*it.name != "_");
        let span = self.span_from(start.start);
        if rest.is_some() {
            self.complain(Code::E0014, span, "a pattern has one rest");
        }
        *rest = Some(Rest { name, span });
        Ok(())
    }

    /// `{"k": p, name, ...rest}`
    #[inline(never)]
    fn dict_pattern(&mut self) -> Parse {
        let open = self.pos;
        let context = self.inside_brackets();
        self.bump();
        let (mut entries, mut rest) = (Vec::new(), None);
        while !self.at(TokenKind::RBrace) {
            if self.at(TokenKind::Ellipsis) {
                self.rest(&mut rest)?;
            } else {
                self.dict_entry_pattern(&mut entries)?;
            }
            if !self.eat(TokenKind::Comma) {
                break;
            }
        }
        self.context = context;
        self.close(open, TokenKind::RBrace, "`,` or ")?;
        self.join_dict(open, entries, rest);
        Ok(())
    }

    #[inline(never)]
    fn join_dict(&mut self, open: usize, entries: Vec<DictPatternEntry>, rest: Option<Rest>) {
        let start = self.at_index(open).span.start;
        self.push_pattern(start, PatternKind::Dict { entries, rest });
    }

    /// `"k": p`, `k: p` which is the same, or `k` which is `"k": k`.
    fn dict_entry_pattern(&mut self, entries: &mut Vec<DictPatternEntry>) -> Parse {
        let first = self.pos;
        let bare = self.token().kind == TokenKind::Name;
        self.dict_key(entries)?;
        if self.eat(TokenKind::Colon) {
            self.pattern(Place::Inside, "a pattern")?;
        } else if bare {
            self.plain_name(self.at_index(first).span, None);
        } else {
            return Err(self.expected("`:` and a pattern for the value"));
        }
        self.set_entry_pattern(entries);
        Ok(())
    }

    #[inline(never)]
    fn set_entry_pattern(&mut self, entries: &mut [DictPatternEntry]) {
        let pattern = self.take_pattern();
        if let Some(entry) = entries.last_mut() {
            entry.pattern = pattern;
        }
    }

    /// Takes a key into a new entry, whose pattern is still to come.
    #[inline(never)]
    fn dict_key(&mut self, entries: &mut Vec<DictPatternEntry>) -> Parse {
        let token = self.token();
        let named = token.kind.is_word() && self.nth(1).kind == TokenKind::Colon;
        let key = if named || token.kind == TokenKind::Name {
            let span = self.bump().span;
            Expr { kind: ExprKind::Str(self.slice(span).into()), span }
        } else {
            self.pattern_literal()?
        };
        let pattern = Pattern { kind: PatternKind::Wildcard, span: key.span };
        entries.push(DictPatternEntry { key, pattern });
        Ok(())
    }
}

/// Finds the first part of a pattern that need not fit.
fn find_refutable(pattern: &Pattern, found: &mut Option<Span>) {
    match &pattern.kind {
        _ if found.is_some() => {}
        PatternKind::Wildcard | PatternKind::Bind(_) => {}
        PatternKind::Array { before, after, .. } => {
            before.iter().chain(after).for_each(|it| find_refutable(it, found));
        }
        PatternKind::Dict { entries, .. } => {
            entries.iter().for_each(|it| find_refutable(&it.pattern, found));
        }
        _ => *found = Some(pattern.span),
    }
}
