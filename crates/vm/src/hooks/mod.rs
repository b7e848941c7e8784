//! What a host may see of a running program: functions that are entered and left, lines that control comes to.
//!
//! A program that nobody looks at pays nothing. A function that is looked at says of itself that it has no room to be
//! called on the short way ([`WATCHED`]), so that its calls come by [`entered`]; its frames are marked, so that they end on the
//! long way, by [`left`]. Lines are looked at by instructions that stand in the place of others, in a copy of the code that
//! only this VM has: see [`lines`]. Whoever looks may only look: nothing here changes what a program computes.
//!
//! [`WATCHED`]: crate::units::WATCHED

mod hit;
mod lines;

pub use hit::{End, Hit};
pub(crate) use lines::trapped;

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

use crate::fault::Fault;
use crate::frame::flags;
use crate::object::TaskId;
use crate::task::Stack;
use crate::units::WATCHED;
use crate::value::{FunctionId, Value};
use crate::vm::Vm;
use lines::Lines;

/// Looks at calls while a program runs. Its functions are called between two instructions; what they take is time of the
/// program's.
pub trait Tracer: Send {
    /// A number that changes whenever something else is to be looked at. Asked a few ten thousand times a second.
    fn generation(&self) -> u64;

    /// What is to be looked at of a function. Asked for each one after a change.
    fn watches(&mut self, function: &FunctionInfo) -> Watches;

    /// A function has been entered. What this gives is kept with the call and given to [`Tracer::exit`]; if it gives
    /// nothing, the end of the call is not looked at.
    fn entry(&mut self, hit: &Hit<'_>) -> Option<Kept>;

    /// A call that [`Tracer::entry`] wanted to see again ends.
    fn exit(&mut self, hit: &Hit<'_>, kept: Kept, end: End<'_>);

    /// Control comes to a line that is looked at, so many lines below the function's first.
    fn line(&mut self, hit: &Hit<'_>, offset: u32);

    /// A task was started by another one.
    fn task_started(&mut self, _parent: u64, _task: u64) {}

    /// A task has ended.
    fn task_ended(&mut self, _task: u64) {}
}

/// What a tracer keeps with a call.
pub type Kept = Box<dyn Any + Send>;

/// What is to be looked at of a function.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Watches {
    /// Its calls.
    pub calls: bool,
    /// Lines, as offsets from its first one.
    pub lines: Vec<u32>,
}

/// A function of a program, as tools name it.
#[derive(Clone, Debug)]
pub struct FunctionInfo {
    /// Which one.
    pub id: FunctionId,
    /// Its name; empty for the top level of a file that is imported.
    pub name: Arc<str>,
    /// The struct that it is a method of.
    pub of: Option<Arc<str>>,
    /// Whether it is the top level of the program itself.
    pub is_start: bool,
    /// The name of the file that it is in, if that is not the program itself.
    pub file: Option<Arc<str>>,
    /// The first line that has code of it; 0 without debug information.
    pub line: u32,
}

/// A call that is looked at, until it ends.
struct Open {
    /// The function, and those that went on in it by tail calls, the last one at the end.
    calls: Vec<(FunctionId, Kept)>,
}

/// Functions that went on in another one by a tail call and whose ends are still looked at; for more the call has ended.
const MAX_CHAIN: usize = 64;

/// Generators that wait and whose ends are looked at.
const MAX_WAITING: usize = 10_000;

/// What a VM keeps for its tracer, in a box. Without the feature there is nothing of this type: no VM has any, and what
/// would be done with them is in no binary.
#[cfg(feature = "hooks")]
pub(crate) type Hooked = Box<Hooks>;

/// Nothing.
#[cfg(not(feature = "hooks"))]
pub(crate) enum Hooked {}

#[cfg(not(feature = "hooks"))]
impl core::ops::Deref for Hooked {
    type Target = Hooks;

    fn deref(&self) -> &Hooks {
        match *self {}
    }
}

#[cfg(not(feature = "hooks"))]
impl core::ops::DerefMut for Hooked {
    fn deref_mut(&mut self) -> &mut Hooks {
        match *self {}
    }
}

/// What a VM keeps for its tracer.
pub(crate) struct Hooks {
    /// Away while it is asked something.
    tracer: Option<Box<dyn Tracer>>,
    /// Of which generation it is what is looked at now.
    seen: Option<u64>,
    /// By function.
    watched: Vec<bool>,
    lines: HashMap<FunctionId, Lines>,
    /// Calls that are looked at, by task and depth.
    open: HashMap<(TaskId, usize), Open>,
    /// Generators that wait, by what stands for them.
    waiting: HashMap<u64, Open>,
}

impl Hooks {
    /// Whether something else is to be looked at than before.
    fn is_stale(&self) -> bool {
        self.tracer.as_ref().is_some_and(|it| self.seen != Some(it.generation()))
    }

    pub(crate) fn watches(&self, function: FunctionId) -> bool {
        self.watched.get(function.0 as usize).copied().unwrap_or_default()
    }
}

impl Vm {
    /// Lets a tracer look at this VM from its next run on; gives the one before.
    #[cfg(feature = "hooks")]
    pub fn set_tracer(&mut self, tracer: Option<Box<dyn Tracer>>) -> Option<Box<dyn Tracer>> {
        let before = self.hooks.take().and_then(|mut it| {
            unwatch_all(self, &mut it);
            it.tracer
        });
        self.hooks = tracer.map(|tracer| {
            Box::new(Hooks {
                tracer: Some(tracer),
                seen: None,
                watched: Vec::new(),
                lines: HashMap::new(),
                open: HashMap::new(),
                waiting: HashMap::new(),
            })
        });
        before
    }

    /// The functions of the program, as tools name them.
    #[must_use]
    pub fn functions(&self) -> Vec<FunctionInfo> {
        self.loaded.function_infos()
    }
}

/// Whether [`synchronise`] has something to do. No frame's place may be in the loop then.
#[inline]
pub(crate) fn is_stale(vm: &Vm) -> bool {
    vm.hooks.as_ref().is_some_and(|it| it.is_stale())
}

/// Asks what is to be looked at, if that has changed. Nobody runs.
#[inline]
pub(crate) fn look(vm: &mut Vm) {
    if is_stale(vm) {
        synchronise(vm);
    }
}

/// Asks what is to be looked at from now on. The places of all frames are saved.
#[cold]
#[inline(never)]
pub(crate) fn synchronise(vm: &mut Vm) {
    let Some(mut hooks) = vm.hooks.take() else { return };
    if let Some(mut tracer) = hooks.tracer.take() {
        let generation = tracer.generation();
        let infos = vm.loaded.function_infos();
        hooks.watched = vec![false; vm.loaded.functions.len()];
        for info in infos {
            let watches = tracer.watches(&info);
            watch(vm, &mut hooks, &info, &watches);
        }
        hooks.seen = Some(generation);
        hooks.tracer = Some(tracer);
    }
    vm.hooks = Some(hooks);
}

fn watch(vm: &mut Vm, hooks: &mut Hooks, info: &FunctionInfo, watches: &Watches) {
    let is_watched = watches.calls || !watches.lines.is_empty();
    if let Some(watched) = hooks.watched.get_mut(info.id.0 as usize) {
        *watched = is_watched;
    }
    let function = vm.loaded.function(info.id);
    let unit = vm.units.get(info.id);
    if let Some(unit) = unit {
        unit.window.set(if is_watched { WATCHED } else { function.window });
    }
    lines::watch(unit, function, &mut hooks.lines, info, &watches.lines);
}

/// A function is about to run for the first time. Gives whether it is looked at.
pub(crate) fn made_ready(vm: &Vm, function: FunctionId) -> bool {
    let (Some(hooks), Some(unit)) = (&vm.hooks, vm.units.get(function)) else { return false };
    let is_watched = hooks.watches(function);
    if is_watched {
        unit.window.set(WATCHED);
    }
    lines::made_ready(unit, hooks.lines.get(&function));
    is_watched
}

#[cfg(feature = "hooks")]
fn unwatch_all(vm: &mut Vm, hooks: &mut Hooks) {
    for info in vm.loaded.function_infos() {
        watch(vm, hooks, &info, &Watches::default());
        // Nobody runs, and whoever waits knows only the number of its next instruction.
        if let Some(unit) = vm.units.get(info.id) {
            unit.code.set(vm.loaded.function(info.id).code.as_ptr());
        }
    }
}

/// Asks the tracer something about a hit.
fn ask<T>(
    vm: &mut Vm,
    which: impl FnOnce(&Vm) -> Option<Hit<'_>>,
    ask: impl FnOnce(&mut dyn Tracer, &Hit<'_>) -> T,
) -> Option<T> {
    let mut tracer = vm.hooks.as_mut()?.tracer.take()?;
    let answer = which(vm).map(|hit| ask(&mut *tracer, &hit));
    if let Some(hooks) = &mut vm.hooks {
        hooks.tracer = Some(tracer);
    }
    answer
}

/// In the topmost frame.
fn top(vm: &Vm) -> Option<Hit<'_>> {
    Hit::top(vm)
}

fn depth(vm: &Vm) -> usize {
    vm.frames.len().saturating_sub(1)
}

/// A function that is looked at has been entered: its frame is the topmost, its arguments stand in it.
#[cold]
#[inline(never)]
pub(crate) fn entered(vm: &mut Vm) {
    let id = vm.frames.top().function;
    lines::begin(vm, id);
    let Some(Some(kept)) = ask(vm, top, |tracer, hit| tracer.entry(hit)) else { return };
    let key = (vm.tasks.current(), depth(vm));
    if let Some(hooks) = &mut vm.hooks {
        hooks.open.insert(key, Open { calls: vec![(id, kept)] });
        vm.frames.top_mut().flags |= flags::WATCHED;
    }
}

/// A frame went on with another function by a tail call; `was_marked` says whether the one before is looked at, and
/// `is_watched` whether the new one is.
#[cold]
#[inline(never)]
pub(crate) fn went_on(vm: &mut Vm, was_marked: bool, is_watched: bool) {
    let key = (vm.tasks.current(), depth(vm));
    let Some(mut open) = vm.hooks.as_mut().and_then(|it| it.open.remove(&key)) else {
        if is_watched {
            entered(vm);
        }
        return;
    };
    debug_assert!(was_marked, "what is open is marked");
    if open.calls.len() >= MAX_CHAIN
        && let Some((id, kept)) = open.calls.pop()
    {
        ask(vm, |vm| Some(Hit::gone(vm, id)), |tracer, hit| tracer.exit(hit, kept, End::WentOn));
    }
    if is_watched {
        let id = vm.frames.top().function;
        lines::begin(vm, id);
        if let Some(Some(kept)) = ask(vm, top, |tracer, hit| tracer.entry(hit)) {
            open.calls.push((id, kept));
        }
    }
    vm.frames.top_mut().flags |= flags::WATCHED;
    if let Some(hooks) = &mut vm.hooks {
        hooks.open.insert(key, open);
    }
}

/// The topmost frame, which is marked, ends with a value or with a fault.
#[cold]
#[inline(never)]
pub(crate) fn left(vm: &mut Vm, end: Result<Value, &Fault>) {
    let key = (vm.tasks.current(), depth(vm));
    let Some(open) = vm.hooks.as_mut().and_then(|it| it.open.remove(&key)) else { return };
    let running = vm.frames.top().function;
    for (id, kept) in open.calls.into_iter().rev() {
        let end = match end {
            Ok(value) => End::Value(value),
            Err(fault) => End::Fault(fault),
        };
        ask(
            vm,
            |vm| if id == running { top(vm) } else { Some(Hit::gone(vm, id)) },
            |tracer, hit| tracer.exit(hit, kept, end),
        );
    }
}

/// A marked frame was taken down without an end.
#[cold]
#[inline(never)]
pub(crate) fn forget(vm: &mut Vm) {
    let key = (vm.tasks.current(), vm.frames.len());
    if let Some(hooks) = &mut vm.hooks {
        hooks.open.remove(&key);
    }
}

/// A generator was made. The call that made it is what is looked at: its arguments stand from slot `base` on.
#[cold]
#[inline(never)]
pub(crate) fn made(vm: &mut Vm, generator: Value, id: FunctionId) {
    let key = generator.bits();
    let watched = vm.hooks.as_mut().is_some_and(|it| {
        // One that ended without being asked to its end stood in the same place.
        it.waiting.remove(&key);
        it.watches(id)
    });
    if !watched {
        return;
    }
    let kept = ask(vm, |vm| Hit::generator(vm, generator, id), |tracer, hit| tracer.entry(hit));
    if let (Some(Some(kept)), Some(hooks)) = (kept, &mut vm.hooks)
        && hooks.waiting.len() < MAX_WAITING
    {
        hooks.waiting.insert(key, Open { calls: vec![(id, kept)] });
    }
}

/// A generator goes on: its frame is the topmost.
#[cold]
#[inline(never)]
pub(crate) fn resumed(vm: &mut Vm, generator: Value) {
    let id = vm.frames.top().function;
    lines::begin(vm, id);
    let key = (vm.tasks.current(), depth(vm));
    let Some(hooks) = &mut vm.hooks else { return };
    if let Some(open) = hooks.waiting.remove(&generator.bits()) {
        hooks.open.insert(key, open);
        vm.frames.top_mut().flags |= flags::WATCHED;
    }
}

/// A generator whose frame is marked, and the topmost, waits again.
#[cold]
#[inline(never)]
pub(crate) fn gave(vm: &mut Vm, generator: Value) {
    let key = (vm.tasks.current(), depth(vm));
    if let Some(hooks) = &mut vm.hooks
        && let Some(open) = hooks.open.remove(&key)
        && hooks.waiting.len() < MAX_WAITING
    {
        hooks.waiting.insert(generator.bits(), open);
    }
}

/// A task was made whose first frame, with its arguments, is the topmost of this stack.
#[cold]
#[inline(never)]
pub(crate) fn started(vm: &mut Vm, task: TaskId, id: FunctionId, stack: Stack) -> Stack {
    let own = vm.swap_stack(stack);
    if is_entered(vm, task, id) {
        vm.frames.top_mut().flags |= flags::WATCHED;
    }
    vm.swap_stack(own)
}

/// Whether the end of the function that a new task begins with is to be looked at.
fn is_entered(vm: &mut Vm, task: TaskId, id: FunctionId) -> bool {
    let parent = vm.tasks.current();
    let Some(hooks) = &mut vm.hooks else { return false };
    if let Some(tracer) = &mut hooks.tracer {
        tracer.task_started(parent, task);
    }
    if !hooks.watches(id) {
        return false;
    }
    let Some(Some(kept)) = ask(vm, top, |tracer, hit| tracer.entry(hit)) else { return false };
    if let Some(hooks) = &mut vm.hooks {
        hooks.open.insert((task, 0), Open { calls: vec![(id, kept)] });
    }
    true
}

/// What stands for a task that has ended.
#[inline]
pub(crate) fn ended(vm: &mut Vm, task: Value) {
    if let Some(hooks) = &mut vm.hooks
        && let Some(tracer) = &mut hooks.tracer
        && let Some(id) = vm.heap.task(task).map(|it| it.id)
    {
        tracer.task_ended(id);
    }
}
