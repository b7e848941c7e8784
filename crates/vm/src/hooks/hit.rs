//! What can be seen at a hit: the function at hand, its arguments and variables, and who called it. Nothing is counted or
//! copied; values are valid for as long as the hit.

use std::sync::Arc;

use crate::fault::Fault;
use crate::frame::Frame;
use crate::heap::Heap;
use crate::lower::LoweredFunction;
use crate::value::{FunctionId, Tag, Value};
use crate::vm::Vm;

/// How a call has ended.
#[derive(Clone, Copy, Debug)]
pub enum End<'a> {
    /// With that result.
    Value(Value),
    /// With that error.
    Fault(&'a Fault),
    /// It went on in a tail call, one of too many to follow.
    WentOn,
}

/// A moment of a function that is looked at.
pub struct Hit<'a> {
    vm: &'a Vm,
    id: FunctionId,
    /// Its registers; none if its frame is gone.
    registers: &'a [Value],
    /// How many frames there are below its own.
    below: usize,
}

impl std::fmt::Debug for Hit<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hit").field("function", self.name()).finish_non_exhaustive()
    }
}

impl<'a> Hit<'a> {
    /// In the topmost frame.
    pub(super) fn top(vm: &'a Vm) -> Option<Self> {
        let Frame { function: id, base, .. } = *vm.frames.iter().next_back()?;
        let base = base as usize;
        let n = usize::from(vm.loaded.function(id).first_temp);
        let registers = vm.slots.get(base..base + n).unwrap_or_default();
        Some(Self { vm, id, registers, below: vm.frames.len() - 1 })
    }

    /// In a function whose frame another one has taken over.
    pub(super) fn gone(vm: &'a Vm, id: FunctionId) -> Self {
        Self { vm, id, registers: &[], below: vm.frames.len().saturating_sub(1) }
    }

    /// In a function whose call has made a generator.
    pub(super) fn generator(vm: &'a Vm, generator: Value, id: FunctionId) -> Option<Self> {
        let kept = vm.heap.generator(generator)?.registers.as_slice();
        // The closure stands before the registers.
        Some(Self { vm, id, registers: kept.get(1..)?, below: vm.frames.len() })
    }

    fn lowered(&self) -> &'a LoweredFunction {
        self.vm.loaded.function(self.id)
    }

    /// Which function.
    #[must_use]
    pub const fn function(&self) -> FunctionId {
        self.id
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a Arc<str> {
        &self.lowered().name
    }

    /// The line that it is at, from 1; 0 if unknown.
    #[must_use]
    pub fn line(&self) -> u32 {
        let frames = self.vm.frames.iter();
        let at = frames.last().map_or(0, |it| it.pc.saturating_sub(1));
        self.lowered().place(at).map_or(0, |it| it.line)
    }

    /// Which task of the program it runs in; 0 is the program itself.
    #[must_use]
    pub const fn task(&self) -> u64 {
        self.vm.tasks.current()
    }

    /// Where values are.
    #[must_use]
    pub const fn heap(&self) -> &'a Heap {
        &self.vm.heap
    }

    /// The names of its parameters, in order.
    pub fn parameters(&self) -> impl ExactSizeIterator<Item = &'a Arc<str>> + use<'a> {
        self.lowered().params.iter().map(|it| &it.name)
    }

    /// What was given for a parameter, at entry; later what its variable holds, which is null once it was used for the last
    /// time.
    #[must_use]
    pub fn argument(&self, nth: usize) -> Option<Value> {
        if nth >= self.lowered().params.len() {
            return None;
        }
        self.registers.get(nth).map(|it| if it.is_defined() { *it } else { Value::NULL })
    }

    /// Its variables and what they hold, without those that hold nothing yet.
    pub fn locals(&self) -> impl Iterator<Item = (&'a Arc<str>, Value)> + use<'a> {
        let function = self.lowered();
        let at = self.id.0.checked_sub(self.vm.loaded.first_function);
        let own = at.and_then(|at| self.vm.loaded.module().functions.get(at as usize));
        let names = own.map_or(&[][..], |it| it.code.local_names());
        let n_locals = usize::from(function.n_locals);
        let locals = names.iter().zip(self.registers.iter().take(n_locals).copied());
        let heap = &self.vm.heap;
        let cells = self.registers.get(n_locals..).unwrap_or_default().iter();
        let cells = cells.filter(|it| it.tag() == Tag::Cell).map(|it| heap.cell(*it));
        let seen = |it: &(&Arc<str>, Value)| it.1.is_defined() && !it.0.is_empty();
        locals.chain(function.cells.iter().zip(cells)).filter(seen)
    }

    /// The program's globals and what they hold.
    pub fn globals(&self) -> impl Iterator<Item = (&'a Arc<str>, Value)> + use<'a> {
        let names = self.vm.loaded.module().globals.iter().map(|it| &it.name);
        names.zip(self.vm.globals.iter().copied()).filter(|it| it.1.is_defined())
    }

    /// The nth function that waits for this one, without those of the prelude; 0 is this one.
    #[must_use]
    pub fn caller(&self, nth: usize) -> Option<FunctionId> {
        if nth == 0 {
            return Some(self.id);
        }
        let n_above = self.vm.frames.len() - self.below.min(self.vm.frames.len());
        let callers = self.vm.frames.iter().rev().skip(n_above).map(|it| it.function);
        callers.filter(|it| !self.vm.loaded.function(*it).hidden).nth(nth - 1)
    }

    /// The name of another function.
    #[must_use]
    pub fn name_of(&self, function: FunctionId) -> &'a str {
        self.vm.loaded.types.function_name(function)
    }
}
