//! Loops, `if` and `try`.

use std::rc::Rc;

use remora_syntax::ast::{Block, Expr, Ident, If, Pattern, Try};

use super::{Frame, Interp, Position};
use crate::stop::{Eval, Stop};
use crate::value::Value;

/// How a turn of a loop ended.
enum Turn {
    Next,
    Leave,
}

impl<'p> Interp<'_, 'p> {
    pub(super) fn while_loop(
        &mut self,
        frame: &mut Frame<'p>,
        label: Option<&'p Ident>,
        condition: &'p Expr,
        body: &'p Block,
    ) -> Eval<'p, ()> {
        while self.expr(frame, condition)?.is_truthy() {
            self.charge(condition.span, 1)?;
            let end = self.block(frame, body);
            if let Turn::Leave = turn(label, end)? {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn endless_loop(
        &mut self,
        frame: &mut Frame<'p>,
        label: Option<&'p Ident>,
        body: &'p Block,
    ) -> Eval<'p, ()> {
        loop {
            self.charge(body.span, 1)?;
            let end = self.block(frame, body);
            if let Turn::Leave = turn(label, end)? {
                return Ok(());
            }
        }
    }

    /// The variables of the pattern are new ones in each turn.
    pub(super) fn for_loop(
        &mut self,
        frame: &mut Frame<'p>,
        label: Option<&'p Ident>,
        pattern: &'p Pattern,
        iterable: &'p Expr,
        body: &'p Block,
    ) -> Eval<'p, ()> {
        let mut items = self.iterated(frame, iterable)?;
        while let Some(item) = self.next_of(&mut items, iterable.span)? {
            self.charge(iterable.span, 1)?;
            let end = self.scoped(frame, |this, frame| {
                this.declare_pattern(frame, pattern, true, item)?;
                this.block(frame, body)
            });
            if let Turn::Leave = turn(label, end)? {
                break;
            }
        }
        Ok(())
    }

    pub(super) fn if_expr(
        &mut self,
        frame: &mut Frame<'p>,
        it: &'p If,
        place: Position,
    ) -> Eval<'p> {
        for branch in &it.branches {
            if self.expr(frame, &branch.condition)?.is_truthy() {
                return self.block_in(frame, &branch.body, place);
            }
        }
        it.otherwise.as_ref().map_or(Ok(Value::Null), |block| self.block_in(frame, block, place))
    }

    /// `try`: the handler for errors, and what is done in any case but the end of the program.
    pub(super) fn try_stmt(&mut self, frame: &mut Frame<'p>, it: &'p Try) -> Eval<'p, ()> {
        let outer = std::mem::replace(&mut frame.may_tail_call, false);
        let mut end = self.block(frame, &it.body);
        if let (Some((name, handler)), Err(stop)) = (&it.except, &end)
            && let Some(error) = stop.caught()
        {
            let error = Rc::clone(error);
            end = self.handle(frame, name.as_ref(), handler, error);
        }
        frame.may_tail_call = outer;
        if let Some(finally) = &it.finally
            && !end.as_ref().is_err_and(Stop::ends_program)
        {
            self.block(frame, finally)?;
        }
        end.map(|_| ())
    }
}

/// Which loop a `break` or `continue` means: this one, or one around it.
fn turn<'p>(label: Option<&Ident>, end: Eval<'p>) -> Eval<'p, Turn> {
    let is_mine = |wanted: Option<&str>| {
        wanted.is_none_or(|it| label.is_some_and(|label| &*label.name == it))
    };
    match end {
        Ok(_) => Ok(Turn::Next),
        Err(Stop::Break(wanted)) if is_mine(wanted) => Ok(Turn::Leave),
        Err(Stop::Continue(wanted)) if is_mine(wanted) => Ok(Turn::Next),
        Err(other) => Err(other),
    }
}
