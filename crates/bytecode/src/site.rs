//! What a call or an assignment needs to know beyond one number: call sites and paths.

use crate::ids::{CellIdx, FreeIdx, GlobalIdx, LocalIdx, NameIdx, PathIdx, VariantIdx};

/// A place inside a variable, such as `m.rows[i].x`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Path {
    /// The variable.
    pub root: Root,
    /// The way in; empty for the variable itself.
    pub steps: Box<[Step]>,
}

impl Path {
    /// How many keys it takes from the stack.
    #[must_use]
    pub fn n_keys(&self) -> u32 {
        let n = self.steps.iter().filter(|it| **it == Step::Index).count();
        u32::try_from(n).unwrap_or(u32::MAX)
    }
}

/// Where a path begins.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Root {
    /// A local variable.
    Local(LocalIdx),
    /// A captured variable of this function.
    Cell(CellIdx),
    /// A variable captured from an enclosing function.
    Free(FreeIdx),
    /// A global of the module.
    Global(GlobalIdx),
}

/// One step of a path.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Step {
    /// `.name`
    Field(NameIdx),
    /// `[key]`, the key from the stack.
    Index,
}

/// A call site, or the making of an enum value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Site {
    /// The method's name, of a method call.
    pub method: Option<NameIdx>,
    /// How many positional arguments; 1, an array of them, if `spread`.
    pub args: u32,
    /// Names of the named arguments, or of the fields of a struct-like variant, in the order of their values on the
    /// stack.
    pub named: Box<[NameIdx]>,
    /// What a method is called on.
    pub receiver: Receiver,
    /// All positional arguments come as one array. Of a method call only.
    pub spread: bool,
    /// Which variant is made.
    pub variant: Option<VariantIdx>,
}

impl Site {
    /// A call of that many positional arguments.
    #[must_use]
    pub fn call(args: u32) -> Self {
        Self {
            method: None,
            args,
            named: Box::default(),
            receiver: Receiver::Value,
            spread: false,
            variant: None,
        }
    }

    /// How many arguments it takes from the stack, without receiver and keys.
    #[must_use]
    pub fn n_arguments(&self) -> Option<u32> {
        self.args.checked_add(u32::try_from(self.named.len()).ok()?)
    }
}

/// What a method is called on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Receiver {
    /// A value that nobody else sees: what the method does to it is lost.
    Value,
    /// The value of an immutable variable of that name: methods that change it are refused.
    Immutable(NameIdx),
    /// A place, which the method may change.
    Place(PathIdx),
}
