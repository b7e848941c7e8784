//! Bindings and assignments, of names and of places inside them.
//!
//! A place is a path: its keys are evaluated first, from left to right and once, and stay on the stack below the value.

use remora_bytecode::{LocalIdx, Path, Root, Step};
use remora_diagnostics::Span;
use remora_syntax::ast::{
    AssignOp, BinaryOp, Element, Expr, ExprKind, Ident, Pattern, PatternKind,
};

use super::types::TypeCheck;
use super::variables::Home;
use super::{Codegen, count};
use crate::fold;
use crate::scope::{Meaning, VarId};

/// A place in a variable.
pub(super) struct Place<'a> {
    pub(super) root: Home,
    /// From the variable inwards.
    pub(super) steps: Vec<PlaceStep<'a>>,
    pub(super) span: Span,
}

/// A variable at the root of an expression.
#[derive(Clone, Copy)]
pub(super) enum RootVariable<'a> {
    Own(VarId),
    /// One of another module, and what it is called here.
    Imported(VarId, &'a str),
}

/// One step into a place.
#[derive(Clone, Copy)]
pub(super) enum PlaceStep<'a> {
    Field(&'a str),
    Index(&'a Expr),
}

/// How a key gets onto the stack another time.
#[derive(Clone, Copy)]
pub(super) enum SavedKey<'a> {
    /// It is a constant or a local that nothing can change meanwhile.
    Again(&'a Expr),
    Local(LocalIdx),
}

impl<'a> Codegen<'a, '_> {
    #[inline(never)]
    pub(super) fn bind_stmt(
        &mut self,
        pattern: &'a Pattern,
        value: &'a Expr,
        check: Option<TypeCheck<'a>>,
    ) {
        match &pattern.kind {
            PatternKind::Bind(name) => {
                self.begin_if_function(&name.name, value);
                self.checked_expr(value, check);
                self.store_name(name);
            }
            _ => {
                if check.is_some() || !self.bind_each(pattern, value) {
                    self.checked_expr(value, check);
                    self.destructure(pattern);
                }
            }
        }
    }

    /// `[a, b] := e` without a word before it. Nothing is assigned unless all of the value fits.
    #[inline(never)]
    pub(super) fn assign_pattern(&mut self, pattern: &'a Pattern, value: &'a Expr) {
        let at_once = match &pattern.kind {
            PatternKind::Array { before, rest: None, .. } => before.iter().all(is_simple),
            _ => false,
        };
        if at_once {
            return self.bind_stmt(pattern, value, None);
        }
        self.expr(value);
        let n_used = self.n_used;
        self.waiting = Some(Vec::new());
        self.destructure(pattern);
        let waiting = self.waiting.take().unwrap_or_default();
        // Names that begin here get locals of their own above those that wait.
        for (name, local) in &waiting {
            self.emit(name.span, |code| code.load_local(*local));
            self.store_name(name);
        }
        if waiting.iter().all(|(name, _)| !self.begins_local(name)) {
            self.n_used = n_used;
        }
    }

    /// True for a name that is declared here and lives in a local.
    fn begins_local(&self, name: &'a Ident) -> bool {
        match self.scopes.meaning(&name.name) {
            Some(Meaning::Declares(var)) => matches!(self.home(var), Home::Local(_)),
            _ => false,
        }
    }

    /// `[a, b] := [x, y]` needs no array: all values are on the stack before the first is stored.
    fn bind_each(&mut self, pattern: &'a Pattern, value: &'a Expr) -> bool {
        let PatternKind::Array { before, rest: None, .. } = &pattern.kind else { return false };
        let ExprKind::Array(elements) = &value.kind else { return false };
        let items = elements.iter().all(|it| matches!(it, Element::Item(_)));
        if before.len() != elements.len()
            || before.len() > 16
            || !items
            || !before.iter().all(is_simple)
        {
            return false;
        }
        for element in elements {
            let (Element::Item(it) | Element::Spread(it)) = element;
            self.expr(it);
        }
        for pattern in before.iter().rev() {
            self.destructure(pattern);
        }
        true
    }

    #[inline(never)]
    pub(super) fn assign(
        &mut self,
        place: &'a Expr,
        op: AssignOp,
        value: &'a Expr,
        check: Option<TypeCheck<'a>>,
        span: Span,
    ) {
        let op = binary_op(op);
        match (&place.kind, op) {
            (ExprKind::Name(name), None) => {
                self.begin_if_function(name, value);
                self.checked_expr(value, check);
                self.store_text(name, place.span);
            }
            (ExprKind::Name(name), Some(op)) => {
                self.name(name, span);
                self.expr(value);
                self.operator(op, span);
                self.store_text(name, place.span);
            }
            _ => {
                let Some(target) = self.place(place) else { return };
                self.push_keys(&target);
                match op {
                    None => self.expr(value),
                    Some(op) => {
                        self.load_place_above_keys(&target, span);
                        self.expr(value);
                        self.operator(op, span);
                    }
                }
                self.store_place(&target);
            }
        }
    }

    /// A function literal captures the cell of the name it is bound to, so that must be there before.
    fn begin_if_function(&mut self, name: &'a str, value: &'a Expr) {
        if let (ExprKind::Func(_), Some(Meaning::Declares(var))) =
            (&value.kind, self.scopes.meaning(name))
            && self.scopes.var(var).cell.is_some()
        {
            self.begin_var(var, value.span);
            self.made[var.index()] = true;
        }
    }

    /// The place that an expression names; `None` if it is a value of its own.
    pub(super) fn place(&self, expr: &'a Expr) -> Option<Place<'a>> {
        let mut steps = Vec::new();
        let mut at = expr;
        let root = loop {
            match &at.kind {
                ExprKind::Field { object, name, optional: false } if !self.is_module(object) => {
                    steps.push(PlaceStep::Field(&name.name));
                    at = object;
                }
                ExprKind::Index { object, index } => {
                    steps.push(PlaceStep::Index(index));
                    at = object;
                }
                ExprKind::Name(name) => match self.scopes.meaning(name)? {
                    Meaning::Var(var) | Meaning::Declares(var) => break self.home(var),
                    Meaning::Field => {
                        steps.push(PlaceStep::Field(name));
                        break self.self_home();
                    }
                    Meaning::Type(_)
                    | Meaning::Builtin(_)
                    | Meaning::Word
                    | Meaning::Import(_)
                    | Meaning::Module => return None,
                },
                ExprKind::SelfValue => break self.self_home(),
                _ => return None,
            }
        };
        root.root()?;
        steps.reverse();
        Some(Place { root, steps, span: expr.span })
    }

    /// The variable at the root of a place expression, if it is one.
    pub(super) fn root_variable(&self, expr: &'a Expr) -> Option<RootVariable<'a>> {
        let mut at = expr;
        let name = loop {
            match &at.kind {
                ExprKind::Field { object, name, .. } if self.is_module(object) => {
                    break &*name.name;
                }
                ExprKind::Field { object, optional: false, .. }
                | ExprKind::Index { object, .. } => {
                    at = object;
                }
                ExprKind::Name(name) => break &**name,
                _ => return None,
            }
        };
        match self.scopes.meaning(name)? {
            Meaning::Var(var) | Meaning::Declares(var) => Some(RootVariable::Own(var)),
            Meaning::Import(var) => Some(RootVariable::Imported(var, name)),
            _ => None,
        }
    }

    /// The path of a place whose keys are on the stack.
    pub(super) fn path(&mut self, place: &Place<'a>) -> Path {
        let root = place.root.root().unwrap_or(Root::Local(LocalIdx(0)));
        let steps = place.steps.iter().map(|step| match step {
            PlaceStep::Field(name) => Step::Field(self.code.tables().name(name)),
            PlaceStep::Index(_) => Step::Index,
        });
        Path { root, steps: steps.collect() }
    }

    /// Pushes the keys of a place.
    pub(super) fn push_keys(&mut self, place: &Place<'a>) {
        for step in &place.steps {
            if let PlaceStep::Index(key) = step {
                self.expr(key);
            }
        }
    }

    /// Pushes what is at a place whose keys lie on top of the stack, and keeps the keys.
    fn load_place_above_keys(&mut self, place: &Place<'a>, span: Span) {
        let n_keys = place.steps.iter().filter(|it| matches!(it, PlaceStep::Index(_))).count();
        self.load_home(place.root, span);
        let mut nth = 0;
        for step in &place.steps {
            match step {
                PlaceStep::Field(name) => self.emit(span, |code| code.get_attr(name)),
                PlaceStep::Index(key) => {
                    if self.is_steady(key) {
                        self.expr(key);
                    } else {
                        self.emit(span, |code| code.copy(count(n_keys - nth)));
                    }
                    nth += 1;
                    self.emit(span, remora_bytecode::CodeBuilder::get_index);
                }
            }
        }
    }

    /// Evaluates the keys of a place into locals, to be used more than once.
    pub(super) fn save_keys(&mut self, place: &Place<'a>) -> Vec<SavedKey<'a>> {
        let mut saved = Vec::new();
        for step in &place.steps {
            let PlaceStep::Index(key) = step else { continue };
            if self.is_steady(key) {
                saved.push(SavedKey::Again(key));
            } else {
                self.expr(key);
                let local = self.new_local();
                self.emit(key.span, |code| code.store_local(local));
                saved.push(SavedKey::Local(local));
            }
        }
        saved
    }

    pub(super) fn push_saved(&mut self, key: SavedKey<'a>, span: Span) {
        match key {
            SavedKey::Again(key) => self.expr(key),
            SavedKey::Local(local) => self.emit(span, |code| code.load_local(local)),
        }
    }

    /// Pops a value into a place whose keys lie below it.
    pub(super) fn store_place(&mut self, place: &Place<'a>) {
        if self.reachable() {
            let path = self.path(place);
            self.emit(place.span, |code| code.store_path(path));
        }
    }

    /// Pops into a field of `self`, in a method of the older style.
    pub(super) fn store_field(&mut self, name: &'a str, span: Span) {
        let root = self.self_home();
        self.store_place(&Place { root, steps: vec![PlaceStep::Field(name)], span });
    }

    /// True for a key that may be pushed twice: a constant, or a local that only this function sees.
    fn is_steady(&self, key: &'a Expr) -> bool {
        match &key.kind {
            ExprKind::Name(name) => match self.scopes.meaning(name) {
                Some(Meaning::Var(var)) => matches!(self.home(var), Home::Local(_)),
                _ => false,
            },
            _ => fold::constant(key).is_some(),
        }
    }
}

/// A name, or nothing.
fn is_simple(pattern: &Pattern) -> bool {
    matches!(pattern.kind, PatternKind::Bind(_) | PatternKind::Wildcard)
}

const fn binary_op(op: AssignOp) -> Option<BinaryOp> {
    Some(match op {
        AssignOp::Set => return None,
        AssignOp::Add => BinaryOp::Add,
        AssignOp::Sub => BinaryOp::Sub,
        AssignOp::Mul => BinaryOp::Mul,
        AssignOp::Div => BinaryOp::Div,
        AssignOp::Mod => BinaryOp::Mod,
    })
}
