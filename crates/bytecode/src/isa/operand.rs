//! What an instruction's argument means.

/// The meaning of an argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum OperandKind {
    /// Index of a constant of the code.
    Const,
    /// Index of a name of the code.
    Name,
    /// A local variable.
    Local,
    /// A captured variable of this function.
    Cell,
    /// A variable captured from an enclosing function.
    Free,
    /// A global of the module.
    Global,
    /// Index of a label of the code.
    Label,
    /// How many.
    Count,
    /// How far below the top of the stack.
    Depth,
    /// A small signed number, zigzag-encoded.
    Imm,
    /// A [`CompareKind`].
    Compare,
    /// A function of the module.
    Function,
    /// An import of the module.
    Import,
    /// A struct or enum of the module.
    Type,
    /// Index of a variant of the code.
    Variant,
    /// Index of a path of the code.
    Path,
    /// Index of a call site of the code.
    Site,
    /// A [`ResultKind`].
    Result,
}

/// How `compare` compares.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum CompareKind {
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareKind {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 6] = [Self::Eq, Self::Ne, Self::Lt, Self::Le, Self::Gt, Self::Ge];

    /// The kind with that number.
    #[must_use]
    pub fn from_operand(arg: u32) -> Option<Self> {
        Self::ALL.get(arg as usize).copied()
    }

    /// As an operator.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    /// As it is spelled in the text form.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Eq => "eq",
            Self::Ne => "ne",
            Self::Lt => "lt",
            Self::Le => "le",
            Self::Gt => "gt",
            Self::Ge => "ge",
        }
    }
}

/// Which Result or Option.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u8)]
pub enum ResultKind {
    /// `Ok(v)`
    Ok,
    /// `Err(e)`
    Err,
    /// `Some(v)`
    Some,
    /// `None`
    None,
}

impl ResultKind {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Err, Self::Some, Self::None];

    /// The kind with that number.
    #[must_use]
    pub fn from_operand(arg: u32) -> Option<Self> {
        Self::ALL.get(arg as usize).copied()
    }

    /// As it is written in Ruff.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "Ok",
            Self::Err => "Err",
            Self::Some => "Some",
            Self::None => "None",
        }
    }

    /// The kind that is written so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}
