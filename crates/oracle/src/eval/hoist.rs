//! What a block declares before its first statement runs: its functions and types.
//!
//! A function sees the names that stand before it in the text, also those of its own block, which have no value yet when
//! the block begins. For these the cell is made ahead: the function captures it empty, and the declaration fills it.

use std::rc::Rc;

use remora_syntax::ast::{
    AssignOp, BindMode, ExprKind, Pattern, PatternKind, Rest, Stmt, StmtKind,
};

use super::{Frame, Interp, Meaning};
use crate::env::{Cell, Env};
use crate::session::Global;
use crate::value::{Closure, EnumType, FuncRef, StructType, Value};

impl<'p> Interp<'_, 'p> {
    /// Makes every top-level name known, and gives functions and types their values.
    pub(super) fn hoist_globals(&mut self, stmts: &'p [Stmt]) {
        for stmt in stmts {
            let globals = &mut *self.session.modules[self.module].globals.borrow_mut();
            for (name, mutable) in declared(stmt) {
                let fresh = || Global { cell: Cell::empty(name, mutable), declared: false };
                globals.entry(name).or_insert_with(fresh);
            }
            if let Some((name, value)) = hoisted(stmt, &Env::default(), None, self.module)
                && let Some(global) = globals.get_mut(name)
            {
                global.declared = true;
                global.cell.put_back(value);
            }
        }
    }

    /// Declares the functions and types of a block.
    pub(super) fn hoist(&mut self, frame: &mut Frame<'p>, stmts: &'p [Stmt]) {
        let is_hoisted = |it: &&Stmt| {
            matches!(
                unexported(it).kind,
                StmtKind::Func(_) | StmtKind::Struct(_) | StmtKind::Enum(_)
            )
        };
        if !stmts.iter().any(|it| is_hoisted(&it)) {
            return;
        }
        let mut cells = Vec::new();
        for (name, _) in stmts.iter().filter(is_hoisted).flat_map(declared) {
            let cell = Cell::empty(name, false);
            frame.env.declare(Rc::clone(&cell));
            cells.push(cell);
        }
        let mut cells = cells.into_iter();
        let seen_at_start = frame.env.clone();
        for stmt in stmts {
            if is_hoisted(&stmt) {
                let value = hoisted(stmt, &frame.env, frame.this.as_ref(), self.module);
                if let (Some(cell), Some((_, value))) = (cells.next(), value) {
                    cell.put_back(value);
                }
                continue;
            }
            let is_bare = matches!(
                unexported(stmt).kind,
                StmtKind::Assign { .. } | StmtKind::AssignPattern { .. }
            );
            for (name, mutable) in declared(stmt) {
                if is_bare && !self.is_new(frame, name) {
                    continue;
                }
                let cell = Cell::empty(name, mutable);
                frame.env.declare(Rc::clone(&cell));
                frame.ahead.push(cell);
            }
        }
        frame.env = seen_at_start;
    }

    /// Whether `name := …` declares the name instead of giving an existing variable a new value.
    pub(super) fn is_new(&self, frame: &Frame<'p>, name: &str) -> bool {
        matches!(
            self.meaning(frame, name),
            Meaning::Module(_)
                | Meaning::Builtin(_)
                | Meaning::Foreign(_)
                | Meaning::Nothing
                | Meaning::Unknown
        )
    }
}

/// The statement inside `export`.
pub(super) fn unexported(stmt: &Stmt) -> &Stmt {
    let mut stmt = stmt;
    while let StmtKind::Export(inner) = &stmt.kind {
        stmt = inner;
    }
    stmt
}

/// The function or type that a statement declares, as it is where `env` is seen.
fn hoisted<'p>(
    stmt: &'p Stmt,
    env: &Env<'p>,
    this: Option<&Rc<Cell<'p>>>,
    module: usize,
) -> Option<(&'p str, Value<'p>)> {
    Some(match &unexported(stmt).kind {
        StmtKind::Func(decl) => {
            let closure = Closure {
                func: FuncRef::named(decl, module),
                env: env.clone(),
                this: this.and_then(copied),
            };
            (&decl.name.name, Value::Function(Rc::new(closure)))
        }
        StmtKind::Struct(decl) => (
            &decl.name.name,
            Value::StructType(Rc::new(StructType { decl, module, env: env.clone() })),
        ),
        StmtKind::Enum(decl) => (&decl.name.name, Value::EnumType(Rc::new(EnumType { decl }))),
        _ => return None,
    })
}

/// A variable of its own with what `self` holds now.
pub(super) fn copied<'p>(this: &Rc<Cell<'p>>) -> Option<Rc<Cell<'p>>> {
    this.read().ok().map(|value| Cell::new(this.name, true, value))
}

/// The names that a statement declares in its block, if they are not variables already, and whether they can change.
pub(super) fn declared(stmt: &Stmt) -> Vec<(&str, bool)> {
    let mut names = Vec::new();
    match &unexported(stmt).kind {
        StmtKind::Bind { mode, pattern, .. } => {
            pattern_names(pattern, &mut names);
            return names.into_iter().map(|it| (it, *mode == BindMode::Mut)).collect();
        }
        StmtKind::Assign { place, op: AssignOp::Set, .. } => {
            if let ExprKind::Name(name) = &place.kind {
                names.push(&**name);
            }
        }
        StmtKind::AssignPattern { pattern, .. } => pattern_names(pattern, &mut names),
        StmtKind::Func(decl) => return vec![(&decl.name.name, false)],
        StmtKind::Struct(decl) => return vec![(&decl.name.name, false)],
        StmtKind::Enum(decl) => return vec![(&decl.name.name, false)],
        _ => {}
    }
    names.into_iter().map(|it| (it, true)).collect()
}

/// The names that a pattern of a binding, parameter or loop binds, in order.
pub(super) fn pattern_names<'p>(pattern: &'p Pattern, names: &mut Vec<&'p str>) {
    let rest_name = |rest: &'p Option<Rest>| rest.as_ref().and_then(|it| it.name.as_ref());
    match &pattern.kind {
        PatternKind::Bind(ident) => names.push(&ident.name),
        PatternKind::Array { before, rest, after } => {
            before.iter().for_each(|it| pattern_names(it, names));
            names.extend(rest_name(rest).map(|it| &*it.name));
            after.iter().for_each(|it| pattern_names(it, names));
        }
        PatternKind::Dict { entries, rest } => {
            entries.iter().for_each(|it| pattern_names(&it.pattern, names));
            names.extend(rest_name(rest).map(|it| &*it.name));
        }
        _ => {}
    }
}
