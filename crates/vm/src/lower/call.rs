//! Calls. Callee and arguments stand in a row of registers, which becomes the window of the function called.

use remora_bytecode::{Receiver, Root};

use super::op::{Ins, Op};
use super::stack::Slot;
use super::{Lowering, narrow};
use crate::builtins::Call;
use crate::value::{BuiltinId, FunctionId};

impl Lowering<'_> {
    /// Puts the `n` topmost items into their canonical registers, takes them off, and gives the first register.
    pub(super) fn pop_run(&mut self, n: usize) -> u16 {
        let first = self.stack.len().saturating_sub(n);
        self.settle_from(first);
        self.stack.truncate(first);
        self.temp(first)
    }

    /// Takes the callee below the arguments off: a known function needs no register.
    fn known_callee(&self, n_args: usize) -> Option<FunctionId> {
        let at = self.stack.len().checked_sub(n_args + 1)?;
        match self.stack.get(at) {
            Some(Slot::Function(id)) => Some(*id),
            _ => None,
        }
    }

    pub(super) fn call(&mut self, n_args: u32) {
        let n = n_args as usize;
        if let Some(known) = self.known_callee(n) {
            let args = self.pop_run(n);
            self.pop();
            let to = self.push_temp();
            let op = if self.context.takes_exactly(known, n) {
                Op::CallFunction
            } else {
                Op::CallArranged
            };
            self.op_word(op, args - 1, to, narrow(n_args), known.0);
            return;
        }
        let callee = self.stack.len().checked_sub(n + 1);
        if let Some(Slot::Host(id)) = callee.and_then(|at| self.stack.get(at)).copied() {
            return self.call_native(Op::CallHost, n, id);
        }
        self.call_window(Op::Call, n, None);
    }

    /// A call whose callee stands in the register before the arguments.
    pub(super) fn call_window(&mut self, op: Op, n_args: usize, word: Option<u32>) {
        let first = self.pop_run(n_args + 1);
        let to = self.push_temp();
        let count = super::narrow_len(n_args);
        match word {
            Some(word) => self.op_word(op, first, to, count, word),
            None => self.op(op, first, to, count),
        }
    }

    pub(super) fn tail_call(&mut self, n_args: u32) {
        let first = self.pop_run(n_args as usize + 1);
        self.drop_temps();
        self.op(Op::TailCall, first, first, narrow(n_args));
        // Where the frame cannot be used again, the call is an ordinary one, and this follows.
        self.op(Op::Return, first, 0, 0);
        self.end();
    }

    pub(super) fn call_host(&mut self, op: Op, n_args: u32) {
        let n = n_args as usize;
        let callee = self.stack.len().checked_sub(n + 1).and_then(|at| self.stack.get(at)).copied();
        let Some(Slot::Host(id)) = callee else {
            // The host function was stored and loaded, or joined from two ways: then it is called as any value.
            return self.call_window(Op::Call, n, None);
        };
        self.call_native(op, n, id);
    }

    /// A call of a builtin that is known.
    fn call_native(&mut self, op: Op, n: usize, id: BuiltinId) {
        let entry = self.context.registry.get(id);
        if op == Op::CallHost && entry.and_then(|it| it.row.look).is_some_and(|it| it.n_args() == n)
        {
            return self.call_look(n, id);
        }
        let args = self.pop_run(n);
        self.pop();
        let to = self.push_temp();
        let fits = entry
            .is_some_and(|it| it.signature.accepts(n) && matches!(it.row.call, Call::Native(_)));
        let op = if fits || op == Op::CallHostAsync { op } else { Op::CallHostAny };
        self.op_word(op, args, to, super::narrow_len(n), id.0);
    }

    /// A call of a builtin that only looks at its arguments, where they are. Their places in a row stay free for a call.
    fn call_look(&mut self, n: usize, id: BuiltinId) {
        let first = self.stack.len().saturating_sub(n);
        let mut operands = [0; 2];
        for (nth, operand) in operands.iter_mut().enumerate().take(n) {
            let depth = first + nth;
            if matches!(self.stack.get(depth), Some(Slot::Moved(_))) {
                self.settle(depth);
            }
            *operand = self.readable(self.stack[depth], depth);
        }
        self.stack.truncate(first);
        self.pop();
        let to = self.push_temp();
        let op = if n == 1 { Op::CallLook1 } else { Op::HasKey };
        self.op(op, to, operands[0], operands[1]);
        self.emit(Ins::wide(Op::Word, self.temp(first), id.0.cast_signed()));
    }

    pub(super) fn call_site(&mut self, op: Op, site: u32) {
        let n = self.site_arguments(site);
        self.call_window(op, n, Some(site));
    }

    fn site_arguments(&self, site: u32) -> usize {
        let site = self.code.sites().get(site as usize);
        site.and_then(remora_bytecode::Site::n_arguments).unwrap_or(0) as usize
    }

    /// The keys of the place and the arguments stand in a row; the window of a script method is made above them.
    pub(super) fn call_place(&mut self, site: u32) {
        let args = self.site_arguments(site);
        let keys = self.place_keys(site);
        let first = self.pop_run(args + keys);
        if let Some(local) = self.place_local(site) {
            self.release_local(local);
        }
        let depth = self.stack.len();
        self.max_temps = self.max_temps.max(depth + keys + 2 * args + 2);
        let to = self.push_temp();
        let count = super::narrow_len(args);
        let Some(local) = self.whole_local(site) else {
            return self.op_word(Op::CallPlace, first, to, count, site);
        };
        let is_push = args == 1 && self.method_is(site, "push");
        self.op(if is_push { Op::PushOn } else { Op::CallOn }, first, to, count);
        self.emit(Ins::wide(Op::Word, local, site.cast_signed()));
    }

    fn place_of(&self, site: u32) -> Option<&remora_bytecode::Path> {
        let Receiver::Place(path) = self.code.sites().get(site as usize)?.receiver else {
            return None;
        };
        self.code.path(path)
    }

    fn place_keys(&self, site: u32) -> usize {
        self.place_of(site).map_or(0, |it| it.n_keys() as usize)
    }

    /// The local that is the place, if it is one as a whole.
    fn whole_local(&self, site: u32) -> Option<u16> {
        self.place_local(site).filter(|_| self.place_of(site).is_some_and(|it| it.steps.is_empty()))
    }

    fn method_is(&self, site: u32, name: &str) -> bool {
        let Some(site) = self.code.sites().get(site as usize) else { return false };
        let method = site.method.and_then(|it| self.code.name(it));
        method.is_some_and(|it| **it == *name) && site.named.is_empty() && !site.spread
    }

    /// The local in which the place is, if it is in one: the method may change it.
    fn place_local(&self, site: u32) -> Option<u16> {
        match self.place_of(site)?.root {
            Root::Local(local) => Some(narrow(local.0)),
            _ => None,
        }
    }
}
