//! What a probe can cost at most, known before it is attached.
//!
//! The code is a straight line: each instruction runs once at most, each asks the host a bounded number of times, and
//! what it records is bounded by the limits of captures. So the cost is a sum over the code, whatever the data.

use remora_bytecode::view::Operand;
use remora_bytecode::{Constant, FnIdx, Module, Opcode, Verified};

use crate::capture::CaptureLimits;
use crate::functions::{Fold, Function, MAX_KEYS};
use crate::text::MAX_TEXT;

/// The most that one hit of a probe costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cost {
    /// Instructions of predicate and body.
    pub instructions: u64,
    /// How often the host is asked for a variable, an attribute, an item, a text or a length.
    pub host_calls: u64,
    /// Bytes of what is recorded, kept and joined.
    pub bytes: u64,
}

impl std::fmt::Display for Cost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { instructions, host_calls, bytes } = self;
        write!(f, "at most {instructions} instructions, {host_calls} host calls, {bytes} bytes")
    }
}

/// What a host grants one hit of a probe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// The most that its static cost may be.
    pub cost: Cost,
    /// The limits of what one value records; they bound the static cost.
    pub capture: CaptureLimits,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            cost: Cost { instructions: 2_000, host_calls: 20_000, bytes: 1 << 20 },
            capture: CaptureLimits::default(),
        }
    }
}

impl Cost {
    /// What any hit may cost: a body that fails records its error.
    pub(crate) const fn of_a_hit() -> Self {
        Self { instructions: 0, host_calls: 0, bytes: OVERHEAD }
    }

    /// Adds what the function of a linear module costs.
    pub(crate) fn add(&mut self, module: &Module<Verified>, at: FnIdx, limits: &CaptureLimits) {
        let Some(function) = module.function(at) else { return };
        // Imports that lie on the stack, so that a call knows what it calls: the last one loaded that is not yet called.
        let mut callees: Vec<Option<Function>> = Vec::new();
        let mut constants = 0_u64;
        for it in function.code.instructions() {
            self.instructions += u64::from(it.len);
            match (it.op, it.operand(&function.code)) {
                (Opcode::LoadHost, Operand::Import(import)) => {
                    let import = module.imports.get(import.index());
                    callees.push(import.and_then(|it| Function::from_import(&it.name)));
                }
                (Opcode::LoadConst, Operand::Const(_, Constant::Str(text))) => {
                    constants += text.len() as u64;
                }
                (Opcode::CallHost, Operand::Count(n)) => {
                    let function = callees.pop().flatten();
                    self.call(function, u64::from(n), limits);
                }
                (Opcode::LoadName | Opcode::GetAttr, _) => self.host_calls += 1,
                (Opcode::GetIndex, _) => self.host_calls += 2,
                (Opcode::Compare, _) => self.host_calls += 3,
                (Opcode::BinaryAdd, _) => {
                    self.host_calls += 2;
                    self.bytes += MAX_TEXT as u64;
                }
                (Opcode::SetAttr | Opcode::StoreName, _) => self.capture(1, limits),
                // A list is kept as captures of its elements.
                (Opcode::BuildArray, Operand::Count(n)) => self.capture(u64::from(n), limits),
                _ => {}
            }
        }
        self.bytes += constants;
    }

    fn call(&mut self, function: Option<Function>, n: u64, limits: &CaptureLimits) {
        match function {
            Some(Function::Capture | Function::CaptureNamed) | None => {
                self.capture(n, limits);
                self.bytes += OVERHEAD;
            }
            Some(Function::Fold(fold)) => {
                self.host_calls += n;
                self.bytes += (MAX_KEYS * MAX_KEY) as u64 + fold_bytes(fold);
            }
            Some(
                Function::Str
                | Function::Lower
                | Function::Upper
                | Function::StartsWith
                | Function::EndsWith
                | Function::Contains
                | Function::Matches,
            ) => {
                self.host_calls += n;
                self.bytes += MAX_TEXT as u64;
            }
            Some(Function::Slice) => {
                self.host_calls += 2 * (1 + limits.elements as u64);
                self.capture(1, limits);
                self.bytes += MAX_TEXT as u64;
            }
            Some(Function::Stack) => self.capture(1, limits),
            Some(
                Function::Timestamp
                | Function::Rand
                | Function::Len
                | Function::Int
                | Function::Float
                | Function::Elapsed
                | Function::Print
                | Function::Clear,
            ) => self.host_calls += n + 1,
        }
    }

    fn capture(&mut self, n: u64, limits: &CaptureLimits) {
        self.host_calls += n * limits.max_host_calls();
        self.bytes += n * limits.bytes as u64;
    }

    /// The first part that exceeds what is granted, in words.
    pub(crate) fn exceeds(&self, granted: &Self) -> Option<String> {
        let over = |what: &str, is: u64, may: u64| {
            (is > may).then(|| format!("it may cost {is} {what}, {may} are granted"))
        };
        over("instructions", self.instructions, granted.instructions)
            .or_else(|| over("host calls", self.host_calls, granted.host_calls))
            .or_else(|| over("bytes", self.bytes, granted.bytes))
    }
}

/// Bytes of an event beside its values.
pub(crate) const OVERHEAD: u64 = 64;
/// Longest text of a key of a table, in bytes; what is longer is cut.
pub(crate) const MAX_KEY: usize = 128;

const fn fold_bytes(fold: Fold) -> u64 {
    match fold {
        Fold::Quantize | Fold::Lquantize => 1_024,
        Fold::Count | Fold::Sum | Fold::Avg | Fold::Min | Fold::Max => 32,
    }
}
