//! Lines that are looked at: instructions that stand in the place of others, as debuggers do it.
//!
//! A function with such lines gets two copies of its code. In the first, the one that runs, a trap stands where control
//! comes to a line. A trap cannot be replaced and done again while another frame runs the same code, so that a single
//! instruction is done from the second copy, in which everything else is a trap: whatever it does next, it comes to one, and
//! that leads back to the first copy. Frames know instructions by their numbers, which are the same in all three.

use std::collections::HashMap;

use super::{FunctionInfo, ask, top};
use crate::lower::LoweredFunction;
use crate::lower::op::{Ins, Op};
use crate::object::TaskId;
use crate::units::Unit;
use crate::value::FunctionId;
use crate::vm::Vm;

const TRAP: Ins = Ins::new(Op::Trap, 0, 0, 0);

/// The copies of a function's code.
pub(super) struct Lines {
    /// With a trap at each line that is looked at.
    trapping: Box<[Ins]>,
    /// With a trap everywhere but at one instruction.
    stepping: Box<[Ins]>,
    /// The instruction that is done from the second copy.
    step: usize,
    /// By instruction how many lines below the first it is.
    offsets: HashMap<usize, u32>,
    /// Frames that wait at such an instruction and do it again, by task and depth: their hit has been seen.
    waiting: HashMap<(TaskId, usize), usize>,
}

/// Puts traps at the lines that are to be looked at, and takes others away. Code that may be running keeps its place.
pub(super) fn watch(
    unit: Option<&Unit>,
    function: &LoweredFunction,
    all: &mut HashMap<FunctionId, Lines>,
    info: &FunctionInfo,
    wanted: &[u32],
) {
    if wanted.is_empty() && !all.contains_key(&info.id) {
        return;
    }
    let offsets = places(function, info, wanted);
    let lines = all.entry(info.id).or_insert_with(|| Lines {
        trapping: function.code.clone(),
        stepping: vec![TRAP; function.code.len()].into(),
        step: 0,
        offsets: HashMap::new(),
        waiting: HashMap::new(),
    });
    if lines.trapping.len() != function.code.len() {
        // The code came after its outline; it has no lines yet.
        all.remove(&info.id);
        return;
    }
    for (at, (place, ins)) in lines.trapping.iter_mut().zip(&function.code).enumerate() {
        // What an instruction looks at behind it may be a trap.
        *place = if offsets.contains_key(&at) { TRAP } else { ins.alone() };
    }
    lines.offsets = offsets;
    if let Some(unit) = unit
        && unit.code.get() == function.code.as_ptr()
    {
        unit.code.set(lines.trapping.as_ptr());
    }
}

/// A function is about to run for the first time.
pub(super) fn made_ready(unit: &Unit, lines: Option<&Lines>) {
    if let Some(lines) = lines {
        unit.code.set(lines.trapping.as_ptr());
    }
}

/// The instructions at which control comes to a line.
fn places(function: &LoweredFunction, info: &FunctionInfo, wanted: &[u32]) -> HashMap<usize, u32> {
    let mut places = HashMap::new();
    let mut before = None;
    for (at, index) in (0..function.code.len()).zip(0_u32..) {
        let line = function.place(index).map(|it| it.line);
        if line != before
            && let Some(offset) = line.and_then(|it| it.checked_sub(info.line))
            && wanted.contains(&offset)
            && function.code[at].op != Op::Word
            && function.code[at].op != Op::AwaitCode
        {
            places.insert(at, offset);
        }
        before = line;
    }
    places
}

/// A call begins, or a generator goes on: what another frame of the function was about to do is its own business.
pub(super) fn begin(vm: &mut Vm, id: FunctionId) {
    let Some(hooks) = &vm.hooks else { return };
    if let Some(lines) = hooks.lines.get(&id)
        && let Some(unit) = vm.units.get(id)
        && unit.code.get() == lines.stepping.as_ptr()
    {
        unit.code.set(lines.trapping.as_ptr());
    }
}

/// The topmost frame has come to a trap, at which its place stands.
#[cold]
#[inline(never)]
pub(crate) fn trapped(vm: &mut Vm) {
    let frame = *vm.frames.top();
    let id = frame.function;
    let at = frame.pc as usize;
    let key = (vm.tasks.current(), vm.frames.len());
    let Some(lines) = vm.hooks.as_ref().and_then(|it| it.lines.get(&id)) else { return };
    let Some(unit) = vm.units.get(id) else { return };
    let is_step = unit.code.get() == lines.stepping.as_ptr();
    let offset = lines.offsets.get(&at).copied();
    let waited = vm.hooks.as_mut().and_then(|it| it.lines.get_mut(&id)?.waiting.remove(&key));
    if is_step && offset.is_none() {
        if let Some(lines) = vm.hooks.as_ref().and_then(|it| it.lines.get(&id)) {
            unit.code.set(lines.trapping.as_ptr());
        }
        return;
    }
    if let Some(offset) = offset.filter(|_| waited != Some(at)) {
        ask(vm, top, |tracer, hit| tracer.line(hit, offset));
    }
    let code = &vm.loaded.function(id).code;
    let Some(lines) = vm.hooks.as_mut().and_then(|it| it.lines.get_mut(&id)) else { return };
    if matches!(code[at].op, Op::Await | Op::CallHostAsync) {
        lines.waiting.insert(key, at);
    }
    for place in lines.step..(lines.step + 2).min(code.len()) {
        lines.stepping[place] = TRAP;
    }
    lines.step = at;
    lines.stepping[at] = code[at].alone();
    if code[at].op.is_wide() {
        lines.stepping[at + 1] = code[at + 1];
    }
    if let Some(unit) = vm.units.get(id) {
        unit.code.set(lines.stepping.as_ptr());
    }
}
