//! One row of the table of builtins: all there is to know about one, and what a program keeps of it.
//!
//! Builtins are written as [`Builtin`]s, and [`rows`] makes [`Row`]s of them while the compiler runs. What only readers want
//! is in a row with the feature `reference`, and in no binary without it: it is half of the table's bytes.

use remora_diagnostics::Code;

use super::Kinds;
use crate::fault::Res;
use crate::heap::Heap;
use crate::host::{Args, HostCx};
use crate::value::Value;

/// What runs when a builtin is called: looks at its arguments or takes them, gives a value of its own.
///
/// The number of arguments has been checked against the signature. Unless it is said otherwise in the row, the receiver of
/// a method call is the first argument.
pub type NativeFn = fn(&mut HostCx<'_>, Args<'_>) -> Res<Value>;

/// What runs when a method changes what it is called on.
///
/// The place is no part of the heap (a register, or moved out of its container for the call), holds a value of a kind that
/// the row lists, and may be shared: the method makes it unique. When it fails the place holds what it held. The arguments
/// are those after the receiver.
pub type InPlaceFn = fn(&mut HostCx<'_>, &mut Value, Args<'_>) -> Res<Value>;

/// A builtin function, method, or both, as it is written.
#[derive(Debug)]
pub struct Builtin {
    /// Its name, parameters and result: `chunk(items: array, size: int) -> array`. `name?` may be left out, `...name` takes
    /// all the rest.
    pub signature: &'static str,
    /// Other names for the same.
    pub aliases: &'static [&'static str],
    /// What it does, in a sentence or two.
    pub doc: &'static str,
    /// The errors that it raises itself, beside R0006 for a wrong number of arguments and the limits.
    pub raises: &'static [Code],
    /// What a call costs beside the call itself.
    pub cost: &'static str,
    /// A program, and what it prints.
    pub example: (&'static str, &'static str),
    /// The version in which it came.
    pub since: &'static str,
    /// How it is called by its name.
    pub call: Call,
    /// How it is called as a method, by kind of the receiver; the first that fits.
    pub methods: &'static [(Kinds, Method)],
    /// A short way for calls by its name where it only looks at its arguments.
    pub look: Option<Look>,
}

/// What a program keeps of a [`Builtin`].
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its name, parameters and result.
    pub signature: &'static str,
    /// Other names for the same.
    pub aliases: &'static [&'static str],
    /// How it is called by its name.
    pub call: Call,
    /// How it is called as a method, by kind of the receiver; the first that fits.
    pub methods: &'static [(Kinds, Method)],
    /// A short way for calls by its name where it only looks at its arguments.
    pub look: Option<Look>,
    /// What a manual says about it.
    #[cfg(feature = "reference")]
    pub reference: Reference,
}

/// What a manual says about a builtin beside its signature and other names.
#[cfg(feature = "reference")]
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// What it does, in a sentence or two.
    pub doc: &'static str,
    /// The errors that it raises itself, beside R0006 for a wrong number of arguments and the limits.
    pub raises: &'static [Code],
    /// What a call costs beside the call itself.
    pub cost: &'static str,
    /// A program, and what it prints.
    pub example: (&'static str, &'static str),
    /// The version in which it came.
    pub since: &'static str,
}

/// Makes a table of what is written.
#[must_use]
pub const fn rows<const N: usize>(written: [Builtin; N]) -> [Row; N] {
    let mut table = [Row::of(&Builtin::ROW); N];
    let mut at = 0;
    while at < N {
        table[at] = Row::of(&written[at]);
        at += 1;
    }
    table
}

/// A short way to do what a builtin does, without a copy of its arguments: they stay where they are. Gives what a call would
/// give, which is no object, or nothing for arguments that the call itself shall look at.
#[derive(Clone, Copy, Debug)]
pub enum Look {
    /// At one argument.
    One(fn(&Heap, Value) -> Option<Value>),
    /// `has_key`: the interpreter has an instruction for it, since programs ask before nearly every access.
    HasKey,
}

impl Look {
    /// At how many arguments.
    #[must_use]
    pub const fn n_args(self) -> usize {
        match self {
            Self::One(_) => 1,
            Self::HasKey => 2,
        }
    }
}

/// Rows that belong together.
#[derive(Debug)]
pub struct Family {
    /// What the manual calls them; families may share a title.
    pub title: &'static str,
    /// The rows.
    pub rows: &'static [Row],
}

impl Family {
    /// Rows under a title.
    #[must_use]
    pub const fn new(title: &'static str, rows: &'static [Row]) -> Self {
        Self { title, rows }
    }
}

/// How a builtin is called by its name.
#[derive(Clone, Copy, Debug)]
pub enum Call {
    /// It runs here.
    Native(NativeFn),
    /// It is the prelude's function of that name.
    Script(&'static str),
    /// The host does it: the program waits until the host gives the result.
    Async,
    /// The scheduler does it: for functions of the prelude only.
    Task(TaskOp),
    /// Not at all: it is a method only.
    Never,
}

/// What the prelude asks of the scheduler. Each looks at its arguments; those that may have to wait are done again then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TaskOp {
    /// The next value of a generator, as an Option.
    Next,
    /// A channel that holds so many, or any number.
    Channel,
    /// Puts a value into a channel; waits while it is full.
    Send,
    /// Takes a value out of a channel; waits while it is empty.
    Receive,
    /// The same as an Option, without waiting.
    TryReceive,
    /// Nothing more goes into a channel.
    Close,
    /// The time that is so many milliseconds away.
    Deadline,
    /// Waits for a time.
    SleepUntil,
    /// Waits for a task, but no longer than to a time: whether it has ended.
    WaitFor,
    /// Somebody waits for a task: its error is not the program's.
    Watch,
    /// Whether a task has ended.
    IsDone,
    /// Ends a task where it is.
    Cancel,
}

/// How a builtin is called as a method.
#[derive(Clone, Copy, Debug)]
pub enum Method {
    /// As the function, with the receiver as its first argument.
    Function,
    /// As this function, with the receiver as its first argument.
    Native(NativeFn),
    /// On the place that the receiver is in, which it may change.
    InPlace(InPlaceFn),
    /// As the prelude's function of that name, with the receiver as its first argument.
    Script(&'static str),
    /// As the prelude's function of that name, with the receiver moved into its first parameter; what that holds in the end
    /// goes back to the place.
    ScriptInPlace(&'static str),
}

impl Builtin {
    /// What rows have in common.
    pub const ROW: Self = Self {
        signature: "",
        aliases: &[],
        doc: "",
        raises: &[],
        cost: "constant",
        example: ("", ""),
        since: "0.1.0",
        call: Call::Never,
        methods: &[],
        look: None,
    };
}

impl Row {
    /// What a program keeps of it.
    #[must_use]
    pub const fn of(written: &Builtin) -> Self {
        Self {
            signature: written.signature,
            aliases: written.aliases,
            call: written.call,
            methods: written.methods,
            look: written.look,
            #[cfg(feature = "reference")]
            reference: Reference {
                doc: written.doc,
                raises: written.raises,
                cost: written.cost,
                example: written.example,
                since: written.since,
            },
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.signature.split('(').next().unwrap_or(self.signature)
    }

    /// Its name, and the others for the same.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        core::iter::once(self.name()).chain(self.aliases.iter().copied())
    }

    /// Whether scripts do not see it: the prelude's own helpers.
    #[must_use]
    pub fn is_hidden(&self) -> bool {
        self.signature.starts_with("__")
    }
}
