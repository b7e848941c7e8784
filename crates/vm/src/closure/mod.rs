//! Closures for pieces of code that call nobody and wait for nobody: loops, and small functions.
//!
//! A piece of a function's register form is made once, when it is linked, into closures that hold each other: an expression,
//! with its operands' places in it; a step that stores one; an `if`; a loop. They work on the same registers as the
//! interpreter's loop and do only the usual case of each instruction. Whatever else is to be done (another type, an error, a
//! call, a copy, fuel that is used up, somebody who interrupts) is **stuck**: nothing of the instruction has been done, its
//! place is given back, and the loop goes on from there, to come back at the next turn. So there is one meaning of errors, limits
//! and suspensions, and it is the loop's; and a program uses the same fuel either way.
//!
//! Code that has closures has an instruction more at the beginning of each such piece ([`Op::Enter`]). Code of the other
//! tier has none, and pays nothing.
//!
//! [`Op::Enter`]: crate::lower::op::Op::Enter

mod access;
mod build;
mod flow;
mod insert;
mod kinds;
mod operand;
mod operator;
mod sequence;
mod step;
mod turns;

use core::cell::Cell;
use core::fmt;
use std::sync::Arc;

use crate::lower::LoweredFunction;
use crate::lower::op::Op;
use crate::registers::{Registers, Running, program};
use crate::value::{FunctionId, Value};
use crate::vm::Vm;
use flow::Flow;
use sequence::Sequence;
use turns::Loop;

/// How the functions of a program are run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tier {
    /// In the interpreter's loop.
    #[default]
    Loop,
    /// The same, with closures for loops and small functions that call nobody. Takes longer to load.
    Closures,
}

/// Something that is computed: looks only.
type Expr = Box<dyn Fn(Registers, &Vm) -> Value + Send + Sync>;

/// Something that is done.
type Step = Box<dyn Fn(Registers, &mut Vm) -> Flow + Send + Sync>;

/// A function that has no loop is worth entering if it has as many operations on numbers: what is gained with each pays for
/// getting in.
const MIN_WHOLE: usize = 6;

/// The pieces of a function that have closures.
pub(crate) struct Pieces {
    pieces: Box<[Piece]>,
    /// Where each instruction that they were made of is in the code.
    places: Box<[u32]>,
}

enum Piece {
    Loop(Arc<Loop>),
    Whole(Sequence),
}

impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} pieces", self.pieces.len())
    }
}

impl Pieces {
    pub(crate) const fn len(&self) -> usize {
        self.pieces.len()
    }
}

/// A lowered function as it is run.
pub(crate) fn ready(function: LoweredFunction, id: FunctionId, tier: Tier) -> LoweredFunction {
    match tier {
        Tier::Loop => function,
        Tier::Closures => add(function, id),
    }
}

/// Gives a function closures where that is worth it.
///
/// # Cost
/// Linear in its code, about fifteen times its memory.
fn add(mut function: LoweredFunction, id: FunctionId) -> LoweredFunction {
    if function.code.len() > flow::MAX_CODE || function.is_on_its_way() {
        return function;
    }
    let n_arithmetic =
        function.code.iter().filter(|it| kinds::arithmetic(it.alone().op).is_some()).count();
    let has_loops = function.code.iter().any(|it| kinds::is_back(it.op));
    if n_arithmetic < MIN_WHOLE && !has_loops {
        return function;
    }
    let built = build::build(id.0, &function);
    let mut starts: Vec<u32> = built.loops.keys().copied().collect();
    let mut pieces: Vec<Piece> = built.loops.into_values().map(Piece::Loop).collect();
    if !built.is_stuck && pieces.is_empty() && n_arithmetic >= MIN_WHOLE {
        starts.push(0);
        pieces.push(Piece::Whole(built.whole));
    }
    if pieces.is_empty() || pieces.len() > usize::from(u16::MAX) {
        return function;
    }
    let Some(inserted) = insert::insert(&function, &starts) else { return function };
    for handler in &mut function.handlers {
        let moved = |at: u32| inserted.places.get(at as usize).copied().unwrap_or(at);
        handler.start = moved(handler.start);
        handler.end = moved(handler.end);
        handler.target = moved(handler.target);
    }
    function.code = inserted.code;
    function.units = inserted.units;
    function.pieces = Some(Box::new(Pieces { pieces: pieces.into(), places: inserted.places }));
    function
}

/// How often in a row a piece may come to nothing before it is left alone.
const MAX_MISSES: u32 = 16;

/// Work, in fuel, from which on a piece was worth entering.
const WORTH: u64 = 2;

/// Runs a piece of the topmost frame's function; gives the next instruction. `None`: the loop does it all.
#[inline(never)]
pub(crate) fn enter(vm: &mut Vm, regs: Registers, running: Running, piece: u16) -> Option<u32> {
    let misses: &Cell<u32> = running.misses(piece)?;
    // Who looks at lines wants to see each.
    if misses.get() >= MAX_MISSES || vm.hooks.is_some() {
        return None;
    }
    let function = program(vm).function(vm.frames.top().function);
    let pieces = function.pieces.as_deref()?;
    let (flow, next) = match pieces.pieces.get(usize::from(piece))? {
        Piece::Loop(it) => {
            let before = vm.fuel.used();
            let flow = it.run(regs, vm);
            let is_worth = vm.fuel.used().saturating_sub(before) >= WORTH;
            misses.set(if is_worth { 0 } else { misses.get() + 1 });
            (flow, if flow == Flow::ON { it.exit } else { flow.place() })
        }
        Piece::Whole(it) => {
            // A return, something stuck, or a jump into a part of an `if` that no sequence around it knows the place of.
            let flow = it.run(regs, vm);
            debug_assert!(flow != Flow::ON, "code ends by returning");
            if flow.is_stuck() {
                misses.set(misses.get() + 1);
            }
            return pieces.places.get(flow.place() as usize).copied();
        }
    };
    let place = *pieces.places.get(next as usize)?;
    let is_entered = !flow.is_stuck()
        && place
            .checked_sub(1)
            .and_then(|it| function.code.get(it as usize))
            .is_some_and(|it| it.op == Op::Enter);
    Some(if is_entered { place - 1 } else { place })
}
