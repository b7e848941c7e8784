//! The table of all error codes. One line a code; each has a page in `docs/errors/`, compiled in.

macro_rules! codes {
    ($($name:ident $title:literal),* $(,)?) => {
        /// An error code: stable, documented, printed by `remora explain CODE`.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = $title] $name,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it is printed, such as `R0007`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }

            /// What the code stands for, in a few words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }

            /// The whole page, as Markdown.
            #[must_use]
            pub const fn page(self) -> &'static str {
                match self {
                    $(Self::$name => include_str!(concat!("../../../docs/errors/", stringify!($name), ".md"))),*
                }
            }

            /// The code that is spelled `text`, such as `R0007`.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $(stringify!($name) => Some(Self::$name),)* _ => None }
            }
        }
    };
}

codes! {
    E0001 "unexpected character",
    E0002 "unterminated string",
    E0003 "unterminated comment",
    E0004 "invalid escape sequence",
    E0005 "malformed number",
    E0006 "number out of range",
    E0007 "source too large",
    E0008 "nesting too deep",
    E0009 "unexpected token",
    E0010 "unclosed delimiter",
    E0011 "chained assignment",
    E0012 "invalid assignment target",
    E0013 "not an operator in Ruff",
    E0014 "invalid pattern",
    E0015 "declaration not allowed here",
    E0016 "missing initial value",
    E0017 "not supported yet",
    E0018 "too many errors",
    E0101 "unknown name",
    E0102 "already declared",
    E0103 "cannot assign to an immutable binding",
    E0104 "cannot change the contents of an immutable binding",
    E0105 "outside a loop",
    E0106 "unknown label",
    E0107 "duplicate name",
    E0108 "unknown struct",
    E0109 "unknown field",
    E0110 "missing field",
    E0111 "unknown enum or variant",
    E0112 "yield outside a generator",
    E0113 "method captures a local variable",
    E0114 "program too large",
    E0116 "pattern alternatives bind different names",
    E0117 "required parameter after an optional one",
    E0118 "wrong number of payload values",
    E0119 "self outside a method",
    E0120 "a module is not a value",
    E0121 "module not found",
    E0122 "modules import each other",
    E0123 "not exported by the module",
    E0124 "unknown type",
    E0125 "value of another type than declared",
    E0201 "unreachable code",
    E0202 "match is not exhaustive",
    E0203 "change to a copy is lost",
    V0001 "unknown instruction",
    V0002 "instruction not in canonical form",
    V0003 "control runs off the end",
    V0004 "operand out of range",
    V0005 "malformed label table",
    V0006 "jump in the wrong direction",
    V0007 "stack underflow",
    V0008 "wrong kind of stack item",
    V0009 "stacks disagree",
    V0010 "stack deeper than declared",
    V0011 "used before it is assigned",
    V0012 "unreachable instruction",
    V0013 "malformed handler",
    V0014 "not allowed in this profile",
    V0015 "malformed parameters",
    V0016 "malformed captures",
    V0017 "host function called in another way",
    V0018 "malformed call site",
    V0019 "malformed table",
    V0020 "too complex to verify",
    V0021 "malformed start function",
    V0022 "malformed path",
    V0023 "not allowed in this function",
    V0091 "malformed module",
    V0092 "module is cut short",
    V0093 "module of another version",
    V0094 "module does not fit this host",
    V0095 "module stream ended early",
    V0096 "debug file of another module",
    R0001 "uncaught error",
    R0002 "invalid operand types",
    R0003 "division by zero",
    R0004 "wrong argument type",
    R0005 "not callable",
    R0006 "wrong number of arguments",
    R0007 "integer overflow",
    R0008 "index out of bounds",
    R0009 "missing key",
    R0010 "no such field or method",
    R0011 "cannot be indexed",
    R0012 "invalid argument",
    R0013 "not iterable",
    R0014 "used before it is defined",
    R0015 "assertion failed",
    R0016 "value does not fit the pattern",
    R0017 "not a Result or Option",
    R0018 "unwrapped an Err or None",
    R0019 "cannot be changed",
    R0020 "cannot be converted",
    R0021 "not usable as a key",
    R0022 "variable is being changed",
    R0023 "invalid named argument",
    R0024 "generator is already running",
    R0025 "input or output failed",
    R0026 "host function failed",
    R0027 "channel is closed",
    R0028 "timed out",
    R0029 "task was cancelled",
    R0030 "permission denied",
    R0031 "all tasks wait",
    R0032 "host function panicked",
    R0033 "value of another VM",
    R0034 "value of another type than declared",
    R0035 "object of the host is in use",
    R0036 "object of the host is gone",
    L0001 "fuel used up",
    L0002 "memory limit reached",
    L0003 "call stack too deep",
    L0004 "deadline passed",
    L0005 "value nested too deeply",
    L0006 "output limit reached",
    L0007 "interrupted",
    L0008 "module too large",
    L0009 "allocation failed",
    P0001 "unexpected in a probe",
    P0002 "unknown provider",
    P0003 "unknown point of a function",
    P0004 "unknown function in a probe",
    P0005 "unknown variable in a probe",
    P0006 "wrong arguments in a probe",
    P0007 "not available in this probe",
    P0008 "invalid rate or time",
    P0009 "probe too expensive",
    P0010 "a probe cannot change this",
    P0011 "does not fit HogTrace",
    P0012 "malformed probe program",
    P0013 "probe switched off",
}
