//! Steps one after the other, and jumps among them.

use super::Step;
use super::flow::Flow;
use crate::registers::Registers;
use crate::vm::Vm;

/// Steps in the order of their code.
pub(super) struct Sequence {
    steps: Box<[Step]>,
    /// At which instruction each begins.
    starts: Box<[u32]>,
    /// The instruction behind them.
    end: u32,
}

impl Sequence {
    pub(super) fn new(steps: Vec<(u32, Step)>, end: u32) -> Self {
        let (starts, steps): (Vec<u32>, Vec<Step>) = steps.into_iter().unzip();
        Self { steps: steps.into(), starts: starts.into(), end }
    }

    /// Does the steps, until one leads out of them.
    #[inline(always)]
    pub(super) fn run(&self, regs: Registers, vm: &mut Vm) -> Flow {
        for step in &self.steps {
            let flow = step(regs, vm);
            if flow != Flow::ON {
                return self.leave(flow, regs, vm);
            }
        }
        Flow::ON
    }

    /// Goes on where a jump leads, if that is among the steps.
    #[inline(never)]
    fn leave(&self, mut flow: Flow, regs: Registers, vm: &mut Vm) -> Flow {
        loop {
            if flow.is_out() {
                return flow;
            }
            if flow.place() == self.end {
                return Flow::ON;
            }
            let Ok(at) = self.starts.binary_search(&flow.place()) else { return flow };
            flow = Flow::ON;
            for step in self.steps.get(at..).unwrap_or_default() {
                flow = step(regs, vm);
                if flow != Flow::ON {
                    break;
                }
            }
            if flow == Flow::ON {
                return Flow::ON;
            }
        }
    }
}
