//! A case of the conformance corpus: a program, and what a user sees of it.
//!
//! ```text
//! === name-unique-in-the-project
//! x := 1 + "a"
//! #    ^^^^^^^ R0002 part of what is said
//! --- out
//! what is printed
//! ```
//! A caret line stands under the line it speaks of. Its `#` makes it a comment; where the place begins in the first
//! column, the carets follow the `#` at once, which then counts as one of them. `…` after the carets: the place goes on
//! over the end of the line. Further sections: `--- args` (one a line), `--- stdin`, `--- frames` (a number: how many
//! calls may be nested), `--- exit` (the exit code of a program that ends well), `--- check-types` (nothing follows: types are checked), `--- file NAME` (another source file,
//! for imports; its caret lines count as well).
//!
//! The cases in `conformance/host` have the functions and types of the [`crate::fixture`].

use remora_diagnostics::{Code, Span};

/// What the program's own file is called.
pub const MAIN: &str = "main.ruff";

/// One case.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The file it stands in, below `conformance/`, and the line of its name.
    pub place: (String, usize),
    /// The program, with the caret lines, which are comments.
    pub source: String,
    /// Further source files, with their names; the program itself is [`MAIN`].
    pub files: Vec<(String, String)>,
    /// What is printed.
    pub out: String,
    /// What is reported, in the order of the caret lines.
    pub findings: Vec<Expected>,
    /// What `args()` gives.
    pub args: Vec<String>,
    /// What `input()` reads.
    pub stdin: String,
    /// How many calls may be nested, where that matters.
    pub frames: Option<usize>,
    /// It is compiled and run with types checked.
    pub check_types: bool,
    /// The exit code, if it is neither 0 nor that of an error.
    pub exit: Option<i32>,
}

/// An error or warning that is expected.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expected {
    /// Its code.
    pub code: Code,
    /// The file it is in; none for the program itself.
    pub file: Option<String>,
    /// Its place. With `open_end`, the part of it in its first line.
    pub span: Span,
    /// The place goes on in the next line.
    pub open_end: bool,
    /// What must be part of the message or a label.
    pub text: String,
}

impl Case {
    /// The text of one of its files; of the program itself for none.
    #[must_use]
    pub fn text(&self, file: Option<&str>) -> &str {
        let Some(file) = file else { return &self.source };
        self.files.iter().find(|it| it.0 == file).map_or("", |it| &it.1)
    }

    /// Whether it is for a host with functions and types of its own: the fixture.
    #[must_use]
    pub fn has_host(&self) -> bool {
        self.place.0.starts_with("host/")
    }

    /// Whether nothing runs: an error is found before.
    #[must_use]
    pub fn is_rejected(&self) -> bool {
        self.findings.iter().any(|it| it.code.as_str().starts_with('E') && !is_warning(it.code))
    }
}

/// Whether a code is that of a warning.
#[must_use]
pub fn is_warning(code: Code) -> bool {
    code.as_str().starts_with("E02")
}
