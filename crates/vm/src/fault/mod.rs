//! A failure on its way up: what went wrong, as data. One word wide in a `Result`.

mod report;

use std::sync::Arc;

use remora_diagnostics::{Advice, Code, CodeFamily, SourceId, Span};

use crate::value::Value;

/// What the engine's fallible functions give.
pub type Res<T> = Result<T, Box<Fault>>;

/// What an allocator adds to the blocks of a fault: itself, its texts and its trace.
const BOOKED_FOR_BLOCKS: usize = 5 * 16;

/// Why a script stopped, or would stop if it does not catch it.
#[derive(Debug)]
pub struct Fault {
    /// What kind of failure.
    pub code: Code,
    /// What a script sees as `e.message`.
    pub message: String,
    /// What stands beside the place in the source, where it says more than the message.
    pub label: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
    /// The value that a script threw; the fault owns one count of it.
    pub thrown: Option<Value>,
    /// The error that was being handled when this one left its handler; the fault owns one count of it.
    pub cause: Option<Value>,
    /// Which error of its VM this is, from 1: one that is thrown again stays the same. 0 before anything has seen it.
    pub serial: u64,
    /// The script called `exit`: not an error at all, but it ends a run in the same way.
    pub exit: Option<i32>,
    /// Where it happened: the innermost call first. Filled in when the fault leaves the code that raised it.
    pub trace: Vec<TraceFrame>,
    /// How many calls more there were than the trace holds.
    pub n_untraced: usize,
    /// The error of a host function that this one is for the script.
    pub source: Option<Arc<dyn std::error::Error + Send + Sync>>,
    /// No failure at all: why the loop is left at a back-edge.
    pub(crate) leaves: Option<Leaves>,
}

/// Why the loop is left at a back-edge, of which nothing is done yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Leaves {
    /// The run pauses.
    Pause,
    /// Something else is to be looked at from now on: [`crate::hooks`].
    Look,
}

/// One call that was running.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TraceFrame {
    /// The function's name; empty for the top level of a file.
    pub function: Arc<str>,
    /// The source that it was in.
    pub source: SourceId,
    /// What that is called, if it is not the program itself.
    pub file: Option<Arc<str>>,
    /// Where it was.
    pub span: Span,
    /// The line of that, from 1; 0 if unknown.
    pub line: u32,
}

impl Fault {
    /// A fault of that code with that message.
    #[cold]
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            code,
            message: message.into(),
            label: None,
            help: None,
            thrown: None,
            cause: None,
            serial: 0,
            exit: None,
            trace: Vec::new(),
            n_untraced: 0,
            source: None,
            leaves: None,
        })
    }

    /// The end of a run that the script asked for.
    #[cold]
    #[must_use]
    pub fn exit(code: i32) -> Box<Self> {
        let mut fault = Self::new(Code::R0001, format!("exit({code})"));
        fault.exit = Some(code);
        fault
    }

    /// The same with advice.
    #[must_use]
    pub fn with_help(mut self: Box<Self>, help: impl Into<String>) -> Box<Self> {
        self.help = Some(help.into());
        self
    }

    /// The same with a text for the place in the source.
    #[must_use]
    pub fn with_label(mut self: Box<Self>, label: impl Into<String>) -> Box<Self> {
        self.label = Some(label.into());
        self
    }

    /// The same with both, where there is something to say.
    #[must_use]
    pub fn with_advice(mut self: Box<Self>, advice: Advice) -> Box<Self> {
        self.label = advice.label.or(self.label);
        self.help = advice.help.or(self.help);
        self
    }

    /// Not a failure: the loop is left at a back-edge.
    #[cold]
    pub(crate) fn leaving(leaves: Leaves) -> Box<Self> {
        let mut fault = Self::new(Code::L0001, "Paused");
        fault.leaves = Some(leaves);
        fault
    }

    /// The error of a function of the host: what a script sees is its text.
    #[cold]
    #[must_use]
    pub fn of_host(error: Box<dyn std::error::Error + Send + Sync>) -> Box<Self> {
        let mut fault = Self::new(Code::R0026, error.to_string());
        fault.source = Some(Arc::from(error));
        fault
    }

    /// Whether a script may catch it: not limits, and not the end that it asked for.
    #[must_use]
    pub fn is_catchable(&self) -> bool {
        self.exit.is_none() && self.code.family() != CodeFamily::Limit
    }

    /// How many bytes it takes, for the book of the heap that keeps it; what the host's error takes is the host's.
    pub(crate) fn n_bytes(&self) -> usize {
        let texts = [Some(&self.message), self.label.as_ref(), self.help.as_ref()];
        let texts: usize = texts.into_iter().flatten().map(String::len).sum();
        size_of::<Self>() + texts + self.trace.len() * size_of::<TraceFrame>() + BOOKED_FOR_BLOCKS
    }

    /// Gives back room that nothing is in.
    pub(crate) fn shrink(&mut self) {
        let texts = [Some(&mut self.message), self.label.as_mut(), self.help.as_mut()];
        texts.into_iter().flatten().for_each(String::shrink_to_fit);
        self.trace.shrink_to_fit();
    }

    /// Where it happened.
    #[must_use]
    pub fn span(&self) -> Option<Span> {
        self.trace.first().map(|it| it.span)
    }
}
