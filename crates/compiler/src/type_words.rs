//! The words that a type annotation may use without declaring them: the kinds of value, as `type(x)` calls them, and a
//! few that stand for several.

use remora_diagnostics::{Code, Diagnostic, Span, closest};

/// Parts that one annotation may have, so that a check is bounded by what it looks at.
pub(crate) const MAX_PARTS: usize = 64;

/// A word, and how many types may stand in angles behind it, if any do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word {
    pub(crate) name: &'static str,
    min: usize,
    max: usize,
    /// What it is about is looked at; otherwise only the kind.
    pub(crate) looks_inside: bool,
}

const fn plain(name: &'static str) -> Word {
    Word { name, min: 0, max: 0, looks_inside: false }
}

/// A kind whose values are taken out of it later.
const fn source(name: &'static str) -> Word {
    Word { name, min: 1, max: 1, looks_inside: false }
}

const fn holder(name: &'static str, min: usize, max: usize) -> Word {
    Word { name, min, max, looks_inside: true }
}

const WORDS: &[Word] = &[
    plain("any"),
    plain("null"),
    plain("bool"),
    plain("int"),
    plain("float"),
    plain("number"),
    plain("string"),
    plain("bytes"),
    holder("array", 1, 1),
    holder("dict", 2, 2),
    holder("set", 1, 1),
    holder("queue", 1, 1),
    holder("stack", 1, 1),
    holder("result", 1, 2),
    holder("option", 1, 1),
    plain("range"),
    plain("function"),
    plain("struct"),
    plain("enum"),
    plain("type"),
    plain("error"),
    source("generator"),
    source("iterator"),
    source("task"),
    source("promise"),
    source("channel"),
];

/// The word of that name; `Result` and `Option` are written as in patterns, too.
pub(crate) fn find(name: &str) -> Option<Word> {
    let name = match name {
        "Result" => "result",
        "Option" => "option",
        name => name,
    };
    WORDS.iter().find(|it| it.name == name).copied()
}

impl Word {
    /// The error for that many types behind it, if they are too few or too many.
    pub(crate) fn wrong_number(self, n: usize, span: Span) -> Option<Diagnostic> {
        if n == 0 || (self.min..=self.max).contains(&n) {
            return None;
        }
        let wanted = match (self.min, self.max) {
            (_, 0) => "no types in angles".to_owned(),
            (1, 1) => "one type in angles".to_owned(),
            (min, max) if min == max => format!("{min} types in angles"),
            (min, max) => format!("{min} to {max} types in angles"),
        };
        let name = self.name;
        let error = Diagnostic::error(Code::E0124).message(format!("`{name}` takes {wanted}"));
        Some(error.label(span, format!("here are {n}")))
    }
}

/// A name in an annotation that is no type.
pub(crate) fn unknown<'a>(
    name: &str,
    span: Span,
    declared: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let error = Diagnostic::error(Code::E0124)
        .message(format!("unknown type `{name}`"))
        .label(span, "no type of this name can be seen from here");
    let known = WORDS.iter().map(|it| it.name).chain(declared);
    match elsewhere(name).or_else(|| closest(name, known)) {
        Some(near) => error.help(format!("did you mean `{near}`?")).edit(span, near),
        None => error.help("`any` takes every value"),
    }
}

/// An annotation with too many parts.
pub(crate) fn too_large(span: Span) -> Diagnostic {
    let label = format!("this type has more than {MAX_PARTS} parts");
    Diagnostic::error(Code::E0114).label(span, label).help("declare a struct, or write `any`")
}

/// What other languages call it.
fn elsewhere(name: &str) -> Option<&'static str> {
    Some(match name {
        "str" | "String" | "char" | "text" => "string",
        "integer" | "Int" | "i64" | "i32" | "long" => "int",
        "Float" | "f64" | "double" => "float",
        "boolean" | "Bool" => "bool",
        "list" | "List" | "Array" | "Vec" | "vec" => "array",
        "map" | "Map" | "Dict" | "HashMap" | "object" => "dict",
        "Set" => "set",
        "void" | "nil" | "None" | "undefined" | "unit" => "null",
        "func" | "fn" | "Function" | "callable" => "function",
        "Any" | "unknown" | "dynamic" => "any",
        _ => return None,
    })
}
