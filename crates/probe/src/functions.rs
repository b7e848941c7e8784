//! The functions that probes can call. The list is closed: what is not here is an error when a probe is compiled.

/// A function of the probe language.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Function {
    /// Seconds since the epoch.
    Timestamp,
    /// A random float from 0 up to 1.
    Rand,
    /// How many items or characters.
    Len,
    /// As text.
    Str,
    /// As an int.
    Int,
    /// As a float.
    Float,
    /// Records values.
    Capture,
    /// Records values under names; written as `capture(name=value)`.
    CaptureNamed,
    /// A part of a list or text; written as `xs[a:b]`.
    Slice,
    /// In lower case.
    Lower,
    /// In upper case.
    Upper,
    /// Whether a text starts with another.
    StartsWith,
    /// Whether a text ends with another.
    EndsWith,
    /// Whether a text holds another.
    Contains,
    /// Whether a text fits a pattern in which `*` stands for any run of characters.
    Matches,
    /// The callers of the function, at most that many.
    Stack,
    /// Seconds since the function was entered; at its exit.
    Elapsed,
    /// Prints a table of aggregates.
    Print,
    /// Empties a table of aggregates.
    Clear,
    /// `@t[…] = …()`
    Fold(Fold),
}

/// How values are brought together in a table.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Fold {
    /// How often.
    Count,
    /// The sum.
    Sum,
    /// The mean.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// How many in each power of two.
    Quantize,
    /// How many in each step between two bounds.
    Lquantize,
}

impl Fold {
    /// All.
    pub(crate) const ALL: [Self; 7] =
        [Self::Count, Self::Sum, Self::Avg, Self::Min, Self::Max, Self::Quantize, Self::Lquantize];

    /// As it is written.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
            Self::Quantize => "quantize",
            Self::Lquantize => "lquantize",
        }
    }

    /// How many arguments it takes.
    #[must_use]
    pub(crate) const fn n_arguments(self) -> usize {
        match self {
            Self::Count => 0,
            Self::Sum | Self::Avg | Self::Min | Self::Max | Self::Quantize => 1,
            Self::Lquantize => 4,
        }
    }

    /// The fold that is written so.
    #[must_use]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }
}

/// What is to be known of a function that is called by its name.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) function: Function,
    pub(crate) least: usize,
    pub(crate) most: usize,
}

const fn row(name: &'static str, function: Function, least: usize, most: usize) -> Row {
    Row { name, function, least, most }
}

/// Most arguments of a call: `capture` of HogTrace counts them in a byte.
pub(crate) const MOST: usize = 255;

/// Functions by name. `send` is another name of `capture`.
pub(crate) const ROWS: &[Row] = &[
    row("capture", Function::Capture, 0, MOST),
    row("send", Function::Capture, 0, MOST),
    row("timestamp", Function::Timestamp, 0, 0),
    row("rand", Function::Rand, 0, 0),
    row("len", Function::Len, 1, 1),
    row("str", Function::Str, 1, 1),
    row("int", Function::Int, 1, 1),
    row("float", Function::Float, 1, 1),
    row("lower", Function::Lower, 1, 1),
    row("upper", Function::Upper, 1, 1),
    row("starts_with", Function::StartsWith, 2, 2),
    row("ends_with", Function::EndsWith, 2, 2),
    row("contains", Function::Contains, 2, 2),
    row("matches", Function::Matches, 2, 2),
    row("stack", Function::Stack, 0, 1),
    row("elapsed", Function::Elapsed, 0, 0),
    row("duration", Function::Elapsed, 0, 0),
    row("print", Function::Print, 1, 1),
    row("clear", Function::Clear, 1, 1),
];

impl Function {
    /// By which name a module imports it.
    #[must_use]
    pub(crate) fn import(self) -> &'static str {
        match self {
            Self::CaptureNamed => "capture_named",
            Self::Slice => "slice",
            Self::Fold(Fold::Count) => "@count",
            Self::Fold(Fold::Sum) => "@sum",
            Self::Fold(Fold::Avg) => "@avg",
            Self::Fold(Fold::Min) => "@min",
            Self::Fold(Fold::Max) => "@max",
            Self::Fold(Fold::Quantize) => "@quantize",
            Self::Fold(Fold::Lquantize) => "@lquantize",
            other => ROWS.iter().find(|it| it.function == other).map_or("", |it| it.name),
        }
    }

    /// The function that modules import under that name.
    #[must_use]
    pub(crate) fn from_import(name: &str) -> Option<Self> {
        match name {
            "capture_named" => Some(Self::CaptureNamed),
            "slice" => Some(Self::Slice),
            _ => match name.strip_prefix('@') {
                Some(fold) => Fold::from_name(fold).map(Self::Fold),
                None => ROWS.iter().find(|it| it.name == name).map(|it| it.function),
            },
        }
    }

    /// Least and most arguments in a module's code.
    #[must_use]
    pub(crate) fn arity(self) -> (usize, usize) {
        match self {
            Self::CaptureNamed => (0, MOST),
            Self::Slice => (3, 3),
            Self::Fold(fold) => (1 + fold.n_arguments(), 1 + MAX_KEYS + fold.n_arguments()),
            other => {
                let row = ROWS.iter().find(|it| it.function == other);
                row.map_or((0, 0), |it| (it.least, it.most))
            }
        }
    }

    /// Whether it leaves something behind: only bodies may call it.
    #[must_use]
    pub(crate) const fn is_action(self) -> bool {
        matches!(
            self,
            Self::Capture | Self::CaptureNamed | Self::Print | Self::Clear | Self::Fold(_)
        )
    }

    /// Whether a probe of HogTrace can call it.
    #[must_use]
    pub(crate) const fn is_in_hogtrace(self) -> bool {
        matches!(
            self,
            Self::Timestamp
                | Self::Rand
                | Self::Len
                | Self::Str
                | Self::Int
                | Self::Float
                | Self::Capture
                | Self::CaptureNamed
        )
    }
}

/// Most keys of an entry of a table.
pub(crate) const MAX_KEYS: usize = 8;
