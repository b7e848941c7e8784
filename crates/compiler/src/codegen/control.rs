//! Blocks, statements, `if`, loops, and leaving them.
//!
//! A loop has its condition at the top and one jump back at the end. Leaving a loop or a function from inside goes
//! outwards through the [`Context`]s, which say what has to be taken off the stack or done on the way.

use remora_bytecode::{CodeBuilder, Label, LocalIdx};
use remora_diagnostics::Span;
use remora_syntax::ast::{Block, Expr, ExprKind, Ident, If, Pattern, PatternKind, Stmt, StmtKind};

use super::{Codegen, Want};
use crate::check;
use crate::scope::Meaning;

/// Something that must be left in order.
#[derive(Debug)]
pub(super) enum Context<'a> {
    Loop {
        label: Option<&'a str>,
        /// Where `continue` goes.
        top: Label,
        /// Where `break` goes.
        exit: Label,
        /// Items on the stack in the body, and at `exit`.
        depth: u32,
        /// Two of them are an iteration.
        iterates: bool,
    },
    Try {
        /// Items on the stack that the handler keeps; what is covered must not touch them.
        depth: u32,
        /// Ways out that are finished behind the statement.
        exits: Vec<(Exit, Label)>,
        finally: Option<Finally>,
    },
}

/// Hidden variables of a `try` with a `finally`: what is to be done after it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finally {
    /// 0 goes on, 1 throws again, others leave: see `errors`.
    pub(super) state: LocalIdx,
    /// The error to throw or the value to return.
    pub(super) value: LocalIdx,
    /// Where the block begins.
    pub(super) label: Label,
}

/// A way to leave.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// Out of the loop that is that context.
    Break(usize),
    /// To the next turn of the loop that is that context.
    Continue(usize),
    /// Out of the function with the value on top of the stack.
    Return,
}

impl<'a> Codegen<'a, '_> {
    /// A block, and what shall become of the value of its last statement.
    pub(super) fn block(&mut self, block: &'a Block, want: Want) {
        let n_used = self.n_used;
        if !block.stmts.is_empty() {
            self.hoist(&block.stmts);
        }
        self.stmts_for(&block.stmts, want);
        if want == Want::Return && self.reachable() {
            self.return_null(block.span);
        }
        self.n_used = n_used;
    }

    /// Statements of which the last may have a wanted value. For [`Want::Return`] control may come to the end all the
    /// same, when there is no value.
    pub(super) fn stmts_for(&mut self, stmts: &'a [Stmt], want: Want) {
        let reached = self.reachable();
        let mut warned = !reached;
        for (nth, stmt) in stmts.iter().enumerate() {
            if !self.reachable() {
                if !warned && !is_declaration(stmt) {
                    self.warn(check::unreachable(stmt.span));
                    warned = true;
                }
                continue;
            }
            let last = nth + 1 == stmts.len();
            match &stmt.kind {
                StmtKind::Expr(expr) if last => return self.expr_for(expr, want),
                _ => self.stmt(stmt),
            }
        }
        if want == Want::Value {
            let end = stmts.last().map_or_else(Span::default, |it| Span::at(it.span.end));
            self.emit(end, CodeBuilder::load_null);
        }
    }

    fn stmt(&mut self, stmt: &'a Stmt) {
        self.note_calls(stmt);
        match &stmt.kind {
            StmtKind::Expr(expr) => self.expr_for(expr, Want::Effect),
            StmtKind::Bind { pattern, ty, value, .. } => {
                let check = self.binding_check(pattern, ty.as_ref());
                self.bind_stmt(pattern, value, check);
                self.know(pattern, value);
            }
            StmtKind::Assign { place, op, ty, value } => {
                let check = self.assignment_check(place, ty.as_ref());
                self.assign(place, *op, value, check, stmt.span);
            }
            StmtKind::AssignPattern { pattern, value } => self.assign_pattern(pattern, value),
            StmtKind::While { label, condition, body } => {
                self.while_loop(label.as_ref(), condition, body);
            }
            StmtKind::Loop { label, body } => self.endless_loop(label.as_ref(), body),
            StmtKind::For { label, pattern, iterable, body } => {
                self.for_loop(label.as_ref(), pattern, iterable, body);
            }
            StmtKind::Break(label) => self.break_or_continue(label.as_ref(), false, stmt.span),
            StmtKind::Continue(label) => self.break_or_continue(label.as_ref(), true, stmt.span),
            StmtKind::Return(value) => self.return_stmt(value.as_ref(), stmt.span),
            StmtKind::Block(block) => self.block(block, Want::Effect),
            StmtKind::Try(it) => self.try_stmt(it, stmt.span),
            StmtKind::Export(inner) => self.stmt(inner),
            // Functions were made when their block began; types are part of the module; tests are not run.
            StmtKind::Func(_)
            | StmtKind::Struct(_)
            | StmtKind::Enum(_)
            | StmtKind::Test(_)
            | StmtKind::Error => {}
            StmtKind::Import(_) => self.import_stmt(stmt.span),
        }
    }

    #[inline(never)]
    pub(super) fn if_expr(&mut self, it: &'a If, want: Want) {
        let end = self.label();
        let mut decided = false;
        for (nth, branch) in it.branches.iter().enumerate() {
            let holds = self.constant_truth(&branch.condition);
            if holds == Some(false) {
                continue;
            }
            let next = self.label();
            if holds.is_none() {
                self.jump_unless(&branch.condition, next);
            }
            self.block(&branch.body, want);
            let last =
                nth + 1 == it.branches.len() && it.otherwise.is_none() && want == Want::Effect;
            if !last && holds.is_none() {
                self.emit(branch.body.span, |code| code.jump(end));
            }
            if holds == Some(true) {
                decided = true;
                break;
            }
            self.bind(next);
        }
        if !decided {
            match (&it.otherwise, want) {
                (Some(block), _) => self.block(block, want),
                (None, Want::Effect) => {}
                (None, Want::Value) => self.emit(self.code.span(), CodeBuilder::load_null),
                (None, Want::Return) => self.return_null(self.code.span()),
            }
        }
        self.bind(end);
    }

    #[inline(never)]
    fn while_loop(&mut self, label: Option<&'a Ident>, condition: &'a Expr, body: &'a Block) {
        let holds = self.constant_truth(condition);
        if holds == Some(false) {
            return;
        }
        let (top, exit) = (self.label(), self.label());
        self.bind(top);
        if holds.is_none() {
            self.jump_unless(condition, exit);
        }
        self.loop_body(label, body, top, exit, false);
        self.bind(exit);
    }

    #[inline(never)]
    fn endless_loop(&mut self, label: Option<&'a Ident>, body: &'a Block) {
        let (top, exit) = (self.label(), self.label());
        self.bind(top);
        self.loop_body(label, body, top, exit, false);
        self.bind(exit);
    }

    fn loop_body(
        &mut self,
        label: Option<&'a Ident>,
        body: &'a Block,
        top: Label,
        exit: Label,
        iterates: bool,
    ) {
        let depth = self.depth();
        let label = label.map(|it| &*it.name);
        self.contexts.push(Context::Loop { label, top, exit, depth, iterates });
        self.block(body, Want::Effect);
        self.contexts.pop();
        let end = Span::new(body.span.end.saturating_sub(1), body.span.end);
        self.emit(end, |code| code.jump_back(top));
    }

    #[inline(never)]
    fn for_loop(
        &mut self,
        label: Option<&'a Ident>,
        pattern: &'a Pattern,
        iterable: &'a Expr,
        body: &'a Block,
    ) {
        let n_used = self.n_used;
        self.begin_iteration(iterable);
        let (top, broken, exit) = (self.label(), self.label(), self.label());
        self.bind(top);
        self.emit(iterable.span, |code| code.for_iter(exit));
        match &pattern.kind {
            PatternKind::Bind(name) => self.store_name(name),
            _ => self.destructure(pattern),
        }
        self.loop_body(label, body, top, broken, true);
        // `break` comes here with the iteration still on the stack.
        self.bind(broken);
        self.emit(body.span, CodeBuilder::pop_iter);
        self.bind(exit);
        self.n_used = n_used;
    }

    /// Begins to go through a value; counts without making a range where the source says so.
    fn begin_iteration(&mut self, iterable: &'a Expr) {
        let span = iterable.span;
        match &iterable.kind {
            ExprKind::Range { start, end, inclusive } => {
                self.expr(start);
                self.expr(end);
                self.emit(span, |code| match inclusive {
                    true => code.iter_range_inclusive(),
                    false => code.iter_range(),
                });
            }
            ExprKind::Call(call) => match self.range_call(call) {
                Some((start, end)) => {
                    match start {
                        Some(start) => self.expr(start),
                        None => self.emit(span, |code| code.load_int(0)),
                    }
                    self.expr(end);
                    self.emit(span, CodeBuilder::iter_range);
                }
                None => self.get_iter(iterable),
            },
            _ => self.get_iter(iterable),
        }
    }

    fn get_iter(&mut self, iterable: &'a Expr) {
        self.expr(iterable);
        self.emit(iterable.span, CodeBuilder::get_iter);
    }

    fn break_or_continue(&mut self, label: Option<&'a Ident>, next_turn: bool, span: Span) {
        let wanted = label.map(|it| &*it.name);
        let found = self.contexts.iter().rposition(|it| match it {
            Context::Loop { label, .. } => wanted.is_none() || *label == wanted,
            Context::Try { .. } => false,
        });
        if let Some(at) = found {
            let exit = if next_turn { Exit::Continue(at) } else { Exit::Break(at) };
            self.leave(exit, self.contexts.len(), span);
        }
    }

    /// Leaves through the contexts below `from`, innermost first.
    pub(super) fn leave(&mut self, exit: Exit, from: usize, span: Span) {
        if !self.reachable() {
            return;
        }
        let target = match exit {
            Exit::Break(at) | Exit::Continue(at) => Some(at),
            Exit::Return => None,
        };
        for at in (0..from).rev() {
            let Some(context) = self.contexts.get(at) else { continue };
            match *context {
                Context::Loop { top, exit: end, depth, .. } if target == Some(at) => {
                    self.pop_to(depth, span);
                    return self.emit(span, |code| match exit {
                        Exit::Continue(_) => code.jump_back(top),
                        Exit::Break(_) | Exit::Return => code.jump(end),
                    });
                }
                Context::Loop { depth, iterates: true, .. } if target.is_some() => {
                    self.pop_to(depth, span);
                    self.emit(span, CodeBuilder::pop_iter);
                }
                Context::Loop { .. } => {}
                Context::Try { depth, finally: Some(finally), .. } => {
                    return self.leave_through(exit, at, depth, finally, span);
                }
                Context::Try { depth, finally: None, .. } => {
                    // What the head of the loop raises is not for this handler.
                    let again = matches!(exit, Exit::Continue(_));
                    if again || target.is_some_and(|it| self.depth_in(it) < depth) {
                        self.pop_to(depth, span);
                        let label = self.exit_label(at, exit);
                        return self.emit(span, |code| code.jump(label));
                    }
                }
            }
        }
        self.emit(span, CodeBuilder::r#return);
    }

    /// Items on the stack in the body of the loop that is that context.
    fn depth_in(&self, at: usize) -> u32 {
        match self.contexts.get(at) {
            Some(Context::Loop { depth, .. } | Context::Try { depth, .. }) => *depth,
            None => 0,
        }
    }

    /// Drops plain values until that many items are left.
    pub(super) fn pop_to(&mut self, depth: u32, span: Span) {
        for _ in depth..self.depth() {
            self.emit(span, CodeBuilder::pop);
        }
    }

    /// Drops the iterations of the loops inside of a context, and what lies on them.
    pub(super) fn drop_iterations(&mut self, context: usize, span: Span) {
        for at in (context + 1..self.contexts.len()).rev() {
            if let Some(Context::Loop { depth, iterates: true, .. }) = self.contexts.get(at) {
                let depth = *depth;
                self.pop_to(depth, span);
                self.emit(span, CodeBuilder::pop_iter);
            }
        }
    }

    /// The label at which a way out of a `try` is finished.
    pub(super) fn exit_label(&mut self, at: usize, exit: Exit) -> Label {
        let label = self.label();
        let Some(Context::Try { exits, .. }) = self.contexts.get_mut(at) else { return label };
        if let Some((_, known)) = exits.iter().find(|(it, _)| *it == exit) {
            return *known;
        }
        exits.push((exit, label));
        label
    }

    /// True inside code that a handler covers, or that must run a `finally`.
    pub(super) fn in_try(&self) -> bool {
        self.contexts.iter().any(|it| matches!(it, Context::Try { .. }))
    }

    /// The bounds of `range(…)` with one or two arguments, if that is the builtin.
    fn range_call(
        &self,
        call: &'a remora_syntax::ast::Call,
    ) -> Option<(Option<&'a Expr>, &'a Expr)> {
        use remora_syntax::ast::Arg::Positional;
        let ExprKind::Name(name) = &call.callee.kind else { return None };
        if &**name != "range" || !matches!(self.scopes.meaning(name), Some(Meaning::Builtin(_))) {
            return None;
        }
        match call.args.as_slice() {
            [Positional(end)] => Some((None, end)),
            [Positional(start), Positional(end)] => Some((Some(start), end)),
            _ => None,
        }
    }
}

/// What may stand anywhere in its block.
fn is_declaration(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Func(_) | StmtKind::Struct(_) | StmtKind::Enum(_) | StmtKind::Test(_) => true,
        StmtKind::Export(inner) => is_declaration(inner),
        _ => false,
    }
}
