//! Where a run spends its fuel: the open calls, noted at each look up from work.
//!
//! Samples are taken when a slice of fuel is used up, at a back-edge or a call, so they are the same in every run and cost
//! nothing between. A sample counts as many slices as were used since the one before: work of a builtin counts for whoever
//! goes on after it. When no profile is wanted, a look up costs one branch more, some ten thousand times a second.

use std::collections::HashMap;
use std::sync::Arc;

use remora_diagnostics::order;

use crate::fault::{Fault, Leaves, Res};
use crate::hooks;
use crate::value::FunctionId;
use crate::vm::{Stop, Vm};

/// Calls noted of a deep stack: the outermost ones.
const MAX_DEPTH: usize = 200;

/// Different stacks that are told apart; further ones count as one.
const MAX_STACKS: usize = 50_000;

/// How often each stack of calls was seen.
#[derive(Debug, Default)]
pub(crate) struct Profile {
    stacks: HashMap<Box<[FunctionId]>, u64>,
    /// The stack that is being noted, kept for its room.
    stack: Vec<FunctionId>,
    others: u64,
}

/// Takes one unit when the slice is used up: asks whether to go on, and notes the open calls if a profile is wanted, with
/// the function that is about to be entered.
///
/// # Errors
/// L0001, L0004, L0007.
#[cold]
#[inline(never)]
pub(crate) fn look_up(vm: &mut Vm, entering: Option<FunctionId>) -> Res<()> {
    if hooks::is_stale(vm) {
        if entering.is_none() {
            return Err(Fault::leaving(Leaves::Look));
        }
        hooks::synchronise(vm);
    }
    if vm.fuel.is_round_over() {
        if entering.is_none() {
            return Err(Fault::leaving(Leaves::Pause));
        }
        vm.stop = Some(Stop::Pause);
    }
    let done = vm.fuel.one();
    if let Some(profile) = &mut vm.profile {
        let slices = vm.fuel.take_slices();
        profile.stack.clear();
        let shown = vm.frames.iter().map(|it| it.function).chain(entering);
        let shown = shown.filter(|it| !vm.loaded.function(*it).hidden);
        profile.stack.extend(shown.take(MAX_DEPTH));
        profile.note(slices);
    }
    done
}

impl Profile {
    fn note(&mut self, slices: u64) {
        if let Some(n) = self.stacks.get_mut(self.stack.as_slice()) {
            *n += slices;
        } else if self.stacks.len() < MAX_STACKS {
            self.stacks.insert(self.stack.as_slice().into(), slices);
        } else {
            self.others += slices;
        }
    }
}

impl Vm {
    /// Notes from now on where fuel is spent.
    pub fn start_profile(&mut self) {
        self.fuel.take_slices();
        self.profile = Some(Box::default());
    }

    /// What was noted: for each stack of calls, outermost first, how many slices of fuel. In the order of their names.
    pub fn take_profile(&mut self) -> Vec<(Vec<Arc<str>>, u64)> {
        let Some(profile) = self.profile.take() else { return Vec::new() };
        let start = self.loaded.module().start.map(|it| self.loaded.first_function + it.0);
        let name = |id: &FunctionId| match start {
            Some(start) if id.0 == start => Arc::from("main"),
            _ => match self.loaded.function(*id) {
                // The top level of a module is known by its file.
                it if it.name.is_empty() => {
                    it.place(0).map_or_else(Arc::default, |it| Arc::clone(it.name))
                }
                it => Arc::clone(&it.name),
            },
        };
        let stacks = profile.stacks.iter().map(|(stack, n)| (stack.iter().map(name).collect(), *n));
        let mut all: Vec<(Vec<Arc<str>>, u64)> = stacks.collect();
        if profile.others > 0 {
            all.push((vec![Arc::from("(others)")], profile.others));
        }
        order::sort_by(&mut all, Ord::cmp);
        all
    }
}
