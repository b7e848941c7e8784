//! What the verifier says of a module that it does not pass.

use remora_diagnostics::Code as ErrorCode;

use crate::ids::FnIdx;

/// Which rule a module breaks, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VerifyError {
    /// The rule.
    pub code: ErrorCode,
    /// In which function, if in one.
    pub function: Option<FnIdx>,
    /// At which unit of its code, if at one.
    pub at: Option<u32>,
    /// What is wrong, in words.
    pub message: String,
}

impl std::fmt::Display for VerifyError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        if let Some(function) = self.function {
            write!(f, ", in function {}", function.0)?;
        }
        if let Some(at) = self.at {
            write!(f, " at unit {at}")?;
        }
        Ok(())
    }
}

impl std::error::Error for VerifyError {}

/// A broken rule, while it is not yet known in which function. One word, so that passing costs nothing.
#[derive(Debug)]
pub(super) struct Fault(Box<VerifyError>);

pub(super) type Checked<T = ()> = Result<T, Fault>;

impl Fault {
    #[cold]
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(VerifyError { code, function: None, at: None, message: message.into() }))
    }

    /// The same at a unit, unless it has a place.
    #[cold]
    pub(super) fn or_at(mut self, at: u32) -> Self {
        self.0.at.get_or_insert(at);
        self
    }

    pub(super) fn in_function(mut self, function: FnIdx) -> VerifyError {
        self.0.function = Some(function);
        *self.0
    }

    pub(super) fn in_module(self) -> VerifyError {
        *self.0
    }
}

/// Sizes that a module may have. They bound what verifying and lowering cost beyond the bytes themselves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Functions.
    pub max_functions: usize,
    /// Units of one function.
    pub max_units: usize,
    /// Locals and cells of one function together.
    pub max_locals: usize,
    /// Depth of one function's stack.
    pub max_stack: u32,
    /// Locals and stack of one function together: what an engine numbers with 16 bits.
    pub max_registers: usize,
    /// Parameters of one function; also arguments of one call.
    pub max_params: usize,
    /// Fields of one struct, variants of one enum, steps of one path.
    pub max_members: usize,
    /// Handlers around one instruction.
    pub max_handlers: usize,
    /// Memory for what is known at labels, in words of 8 bytes, for one function at a time.
    pub max_state_words: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            max_functions: 65_000,
            max_units: 4 << 20,
            max_locals: 60_000,
            max_stack: 60_000,
            max_registers: 64_000,
            max_params: 255,
            max_members: 1_000,
            max_handlers: 256,
            max_state_words: 4 << 20,
        }
    }
}
