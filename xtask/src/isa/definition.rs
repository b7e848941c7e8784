//! What `isa/instructions.isa` says, as data: one [`Instruction`] for each `op` block, with the lines it came from.
//!
//! Everything here is a value that [`super::parse`] made and [`super::check`] approved. The writers (`rust`, `docs`,
//! `json`) read it and decide nothing about the instruction set themselves.

/// The whole definition file, in file order.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Definitions {
    /// The sections that the rulers (`# ── title ──`) open.
    pub sections: Vec<Section>,
}

/// Instructions that belong together in the manual.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// What the ruler says, such as `loads and stores`.
    pub title: String,
    /// In file order.
    pub instructions: Vec<Instruction>,
}

/// One `op` block.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Instruction {
    /// The line of `op`, counted from 1.
    pub line: usize,
    /// The byte that stands in wordcode.
    pub number: u8,
    /// In `snake_case`.
    pub name: String,
    /// What the operand counts or points to.
    pub operand: Option<Operand>,
    /// What it does to the stack.
    pub effect: Effect,
    /// In file order.
    pub flags: Vec<Flag>,
    /// Where it may stand.
    pub profiles: Vec<Profile>,
    /// One line of prose.
    pub doc: String,
}

/// The effect of an instruction on the stack.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// What is written holds for every operand.
    Stack {
        /// When control goes to the next instruction (or nowhere).
        fall: Transition,
        /// When control goes to the label, where that differs.
        jump: Option<Transition>,
    },
    /// Written in Rust, because it depends on more than the operand; the text is for the manual.
    Custom(String),
}

/// Items taken and items left, each from bottom to top.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Transition {
    /// Popped.
    pub before: Vec<Item>,
    /// Pushed.
    pub after: Vec<Item>,
}

/// One stack item, or a run of them whose length the operand says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// For the manual.
    pub name: String,
    /// What the verifier tells apart.
    pub kind: ItemKind,
    /// How many there are.
    pub many: Many,
}

/// How many stack items an [`Item`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Many {
    /// Exactly one.
    One,
    /// `..n`: as many as the operand says.
    Operand,
    /// `..2n`: twice as many.
    TwiceOperand,
}

/// Makes an enum whose variants have a spelling in the definition file.
macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $spelling:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every one, in the order they are documented in.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// As the definition file spells it.
            pub(crate) fn spelling(self) -> &'static str {
                match self { $(Self::$variant => $spelling),* }
            }

            /// The one that is spelled `text`.
            pub(crate) fn from_spelling(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|it| it.spelling() == text)
            }

            /// The name of the variant in Rust.
            #[allow(dead_code, reason = "not every spelled enum is written out as Rust")]
            pub(crate) fn rust_name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant)),* }
            }
        }
    };
}

spelled! {
    /// What an operand counts or points to.
    Operand {
        /// Into the code's constants.
        Const = "const",
        /// Into the code's names.
        Name = "name",
        /// A local of the function.
        Local = "local",
        /// A captured variable that the function owns.
        Cell = "cell",
        /// A captured variable of an enclosing function.
        Free = "free",
        /// A global of the module.
        Global = "global",
        /// Into the code's label table.
        Label = "label",
        /// A number of stack items.
        Count = "count",
        /// A place in the stack, counted from the top.
        Depth = "depth",
        /// A small int, zigzag-encoded.
        Imm = "imm",
        /// Which comparison.
        Compare = "compare",
        /// A function of the module.
        Function = "function",
        /// An import of the module.
        Import = "import",
        /// A struct or enum of the module.
        Type = "type",
        /// Into the code's variant references.
        Variant = "variant",
        /// Into the code's paths.
        Path = "path",
        /// Into the code's call sites.
        Site = "site",
        /// Ok, Err, Some or None.
        Result = "result",
    }
}

spelled! {
    /// What the verifier tells apart on the stack.
    ItemKind {
        /// Any script value.
        Value = "value",
        /// What an iteration goes through.
        Source = "source",
        /// Where an iteration is.
        Place = "place",
        /// A function of the host.
        Host = "host",
    }
}

spelled! {
    /// What an instruction may do beside changing the stack.
    Flag {
        /// May fail with a catchable error.
        Raise = "raise",
        /// Has an edge to its label.
        Branch = "branch",
        /// That edge goes backwards.
        Back = "back",
        /// Nothing follows.
        End = "end",
        /// May suspend the task.
        Suspend = "suspend",
        /// Enters another function or the host.
        Call = "call",
    }
}

spelled! {
    /// Where an instruction may stand.
    Profile {
        /// Any code.
        Full = "full",
        /// Straight-line code.
        Linear = "linear",
    }
}

impl Definitions {
    /// Every instruction, in file order.
    pub(crate) fn instructions(&self) -> impl Iterator<Item = &Instruction> {
        self.sections.iter().flat_map(|section| &section.instructions)
    }

    /// Every instruction, by number.
    pub(crate) fn by_number(&self) -> Vec<&Instruction> {
        let mut all: Vec<_> = self.instructions().collect();
        all.sort_by_key(|it| it.number);
        all
    }
}

impl Instruction {
    /// Whether the flag is set.
    pub(crate) fn is(&self, flag: Flag) -> bool {
        self.flags.contains(&flag)
    }

    /// The name of the variant in Rust: `LoadConst` for `load_const`.
    pub(crate) fn rust_name(&self) -> String {
        let mut out = String::new();
        for word in self.name.split('_') {
            let mut letters = word.chars();
            out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            out.push_str(letters.as_str());
        }
        out
    }
}

impl Item {
    /// As the definition file spells it.
    pub(crate) fn spelling(&self) -> String {
        let many = match self.many {
            Many::One => "",
            Many::Operand => "..n",
            Many::TwiceOperand => "..2n",
        };
        match self.kind {
            ItemKind::Value => format!("{}{many}", self.name),
            kind => format!("{}{many}:{}", self.name, kind.spelling()),
        }
    }
}

impl Transition {
    /// `before -> after`, as the definition file spells it.
    pub(crate) fn spelling(&self) -> String {
        let side = |items: &[Item]| items.iter().map(Item::spelling).collect::<Vec<_>>().join(" ");
        format!("{} -> {}", side(&self.before), side(&self.after)).trim().to_owned()
    }
}
