//! `try`, `?`, and what `finally` makes of every way out.
//!
//! A `finally` block is written once. Whoever leaves through it notes in a hidden local what is to be done afterwards,
//! keeps the error or the value in another, and goes to it; behind the block a few comparisons tell the ways apart. So
//! the code is linear in the source, however deep such statements nest.

use remora_bytecode::{CodeBuilder, CompareKind, LocalIdx, ResultKind};
use remora_diagnostics::Span;
use remora_syntax::ast::{Block, Expr, Ident, Try};

use super::control::{Context, Exit, Finally};
use super::{Codegen, Want};

/// What the hidden state of a `finally` says: go on.
const GOES_ON: i64 = 0;
/// Throw the error again.
const THROWS: i64 = 1;
/// The first of the ways out; the next ones follow.
const FIRST_EXIT: i64 = 2;

impl<'a> Codegen<'a, '_> {
    #[inline(never)]
    pub(super) fn try_stmt(&mut self, it: &'a Try, span: Span) {
        let n_used = self.n_used;
        match &it.finally {
            Some(finally) => self.with_finally(it, finally, span),
            None => self.with_except(it),
        }
        self.n_used = n_used;
    }

    /// The body, and the block that takes its errors.
    fn with_except(&mut self, it: &'a Try) {
        let Some((name, except)) = &it.except else { return self.block(&it.body, Want::Effect) };
        let (start, end, handler, after) = (self.label(), self.label(), self.label(), self.label());
        let depth = self.depth();
        self.bind(start);
        self.code.add_handler(start, end, handler, depth);
        self.contexts.push(Context::Try { depth, exits: Vec::new(), finally: None });
        self.block(&it.body, Want::Effect);
        self.bind(end);
        let exits = self.take_exits();
        self.emit(it.body.span, |code| code.jump(after));
        self.bind(handler);
        self.except(name.as_ref(), except);
        if !exits.is_empty() {
            self.emit(except.span, |code| code.jump(after));
        }
        self.finish_exits(&exits, except.span);
        self.bind(after);
    }

    /// The block that handles an error, which is on the stack. What is thrown in it has that error as its cause.
    fn except(&mut self, name: Option<&'a Ident>, body: &'a Block) {
        let n_used = self.n_used;
        let handled = (!body.stmts.is_empty()).then(|| self.new_local());
        if let Some(handled) = handled {
            self.emit(body.span, |code| code.store_local(handled));
            if name.is_some() {
                self.emit(body.span, |code| code.load_local(handled));
            }
        }
        match name {
            Some(name) => self.store_name(name),
            None if handled.is_none() => self.discard(body.span),
            None => {}
        }
        if let Some(handled) = handled {
            self.chained(handled, body);
        }
        self.n_used = n_used;
    }

    /// A block whose errors get the one in `handled` as their cause.
    fn chained(&mut self, handled: LocalIdx, body: &'a Block) {
        let (start, end, handler, after) = (self.label(), self.label(), self.label(), self.label());
        let depth = self.depth();
        self.bind(start);
        self.code.add_handler(start, end, handler, depth);
        self.contexts.push(Context::Try { depth, exits: Vec::new(), finally: None });
        self.block(body, Want::Effect);
        self.bind(end);
        let exits = self.take_exits();
        self.emit(body.span, |code| code.jump(after));
        self.bind(handler);
        self.emit(body.span, |code| {
            code.load_local(handled);
            code.reraise_from();
        });
        self.finish_exits(&exits, body.span);
        self.bind(after);
    }

    /// Ends the innermost `try`; gives the ways out of it that are still to be finished.
    fn take_exits(&mut self) -> Vec<(Exit, remora_bytecode::Label)> {
        match self.contexts.pop() {
            Some(Context::Try { exits, .. }) => exits,
            _ => Vec::new(),
        }
    }

    fn finish_exits(&mut self, exits: &[(Exit, remora_bytecode::Label)], span: Span) {
        for (exit, label) in exits {
            self.bind(*label);
            self.leave(*exit, self.contexts.len(), span);
        }
    }

    fn with_finally(&mut self, it: &'a Try, block: &'a Block, span: Span) {
        let (start, end, handler) = (self.label(), self.label(), self.label());
        let finally =
            Finally { state: self.new_local(), value: self.new_local(), label: self.label() };
        let depth = self.depth();
        self.emit(span, |code| {
            code.load_int(GOES_ON);
            code.store_local(finally.state);
            code.load_null();
            code.store_local(finally.value);
        });
        self.bind(start);
        self.code.add_handler(start, end, handler, depth);
        self.contexts.push(Context::Try { depth, exits: Vec::new(), finally: Some(finally) });
        self.with_except(it);
        self.bind(end);
        let exits = self.take_exits();
        self.emit(it.body.span, |code| code.jump(finally.label));
        self.bind(handler);
        self.emit(block.span, |code| {
            code.store_local(finally.value);
            code.load_int(THROWS);
            code.store_local(finally.state);
        });
        self.bind(finally.label);
        self.block(block, Want::Effect);
        self.after_finally(finally, &exits, block.span);
    }

    /// Does what the hidden state says.
    fn after_finally(
        &mut self,
        finally: Finally,
        exits: &[(Exit, remora_bytecode::Label)],
        span: Span,
    ) {
        let after = self.label();
        self.emit(span, |code| {
            code.load_local(finally.state);
            code.jump_if_false(after);
        });
        for (nth, (exit, _)) in exits.iter().enumerate() {
            let next = self.label();
            self.emit(span, |code| {
                code.load_local(finally.state);
                code.load_int(FIRST_EXIT + i64::from(super::count(nth)));
                code.compare(CompareKind::Eq);
                code.jump_if_false(next);
            });
            if *exit == Exit::Return {
                self.emit(span, |code| code.load_local(finally.value));
            }
            self.leave(*exit, self.contexts.len(), span);
            self.bind(next);
        }
        self.emit(span, |code| {
            code.load_local(finally.value);
            code.reraise();
        });
        self.bind(after);
    }

    /// Leaves a `try` with a `finally`: notes what is to be done and goes there.
    pub(super) fn leave_through(
        &mut self,
        exit: Exit,
        at: usize,
        depth: u32,
        finally: Finally,
        span: Span,
    ) {
        if exit == Exit::Return {
            self.emit(span, |code| code.store_local(finally.value));
            self.drop_iterations(at, span);
        }
        self.pop_to(depth, span);
        self.exit_label(at, exit);
        let nth = match self.contexts.get(at) {
            Some(Context::Try { exits, .. }) => exits.iter().position(|(it, _)| *it == exit),
            _ => None,
        };
        let state = FIRST_EXIT + i64::from(super::count(nth.unwrap_or_default()));
        self.emit(span, |code| {
            code.load_int(state);
            code.store_local(finally.state);
            code.jump(finally.label);
        });
    }

    /// `e?`: what is in Ok or Some; Err and None leave the function.
    #[inline(never)]
    pub(super) fn try_operator(&mut self, inner: &'a Expr, span: Span) {
        self.expr(inner);
        let has_finally =
            self.contexts.iter().any(|it| matches!(it, Context::Try { finally: Some(_), .. }));
        let check = self.result_check();
        if has_finally || check.is_some() {
            let (leaves, stays) = (self.label(), self.label());
            self.emit(span, |code| {
                code.test_result(ResultKind::Err);
                code.jump_if_true(leaves);
                code.test_result(ResultKind::None);
                code.jump_if_false(stays);
            });
            self.bind(leaves);
            self.check_top(check, span);
            self.leave(Exit::Return, self.contexts.len(), span);
            self.bind(stays);
        }
        self.emit(span, CodeBuilder::try_unwrap);
    }
}
