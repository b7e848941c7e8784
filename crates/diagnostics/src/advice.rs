//! What a run-time error says to people besides its message: the operands, what is there instead, what to do.
//!
//! The message (`e.message`) is a promise to scripts and stays with the engines. These words are for readers only, and
//! are written once so that every engine says the same. Bounded: shown values are cut, candidates are compared by
//! [`closest`].

use crate::closest;

/// Longest text of a value that is shown, in characters.
const MAX_SHOWN: usize = 32;

/// What stands at the place of an error, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Advice {
    /// Beside the place, instead of the message.
    pub label: Option<String>,
    /// What to do.
    pub help: Option<String>,
}

/// A value that an operator got.
#[derive(Clone, Debug)]
pub struct Operand<'a> {
    /// The name of its type.
    pub kind: &'a str,
    /// How it would be written, where that is short.
    pub shown: Option<String>,
}

impl<'a> Operand<'a> {
    /// A value of which only the type is said.
    #[must_use]
    pub const fn of(kind: &'a str) -> Self {
        Self { kind, shown: None }
    }

    /// A value that is written `shown`.
    #[must_use]
    pub fn written(kind: &'a str, shown: impl Into<String>) -> Self {
        Self { kind, shown: Some(shown.into()) }
    }

    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self { kind: "string", shown: Some(quoted(text)) }
    }

    fn phrase(&self) -> String {
        match &self.shown {
            Some(shown) => format!("{} `{shown}`", self.kind),
            None => self.kind.to_owned(),
        }
    }
}

/// A text in quotes, cut where it is long.
#[must_use]
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((cut, _)) => format!("\"{}...\"", &text[..cut]),
        None => format!("\"{text}\""),
    }
}

impl Advice {
    fn new(label: impl Into<String>) -> Self {
        Self { label: Some(label.into()), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    fn near(self, near: Option<&str>) -> Self {
        match near {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None => self,
        }
    }

    /// R0002 for two operands.
    #[must_use]
    pub fn binary(symbol: &str, left: &Operand<'_>, right: &Operand<'_>) -> Self {
        let advice =
            Self::new(format!("no `{symbol}` for {} and {}", left.phrase(), right.phrase()));
        let one_is = |kind: &str| left.kind == kind || right.kind == kind;
        match symbol {
            ".." | "..=" if left.kind == "string" => advice.help("write `+` to join strings"),
            ".." | "..=" => advice.help("ranges go from an int to an int"),
            _ if one_is("null") => advice.help(
                "a function that does not `return` gives null; `??` puts a value in its place",
            ),
            "+" if one_is("string") => {
                advice.help("use `to_string(x)`, or \"${x}\" inside the text")
            }
            "+" if left.kind == "array" && right.kind == "array" => {
                advice.help("use `concat(a, b)` to join arrays")
            }
            "*" if left.kind == "string" => advice.help("use `repeat(text, n)`"),
            "<" | "<=" | ">" | ">=" if left.kind == "bool" => {
                advice.help("write `a < b && b < c`: comparisons do not chain")
            }
            "<" | "<=" | ">" | ">=" if one_is("string") => {
                advice.help("use `to_int(text)` or `to_float(text)` to compare as numbers")
            }
            _ => advice,
        }
    }

    /// R0002 for one operand.
    #[must_use]
    pub fn unary(symbol: &str, operand: &Operand<'_>) -> Self {
        let advice = Self::new(format!("no `{symbol}` for {}", operand.phrase()));
        match (symbol, operand.kind) {
            ("!", "string") => advice.help("`!` takes a bool: write `x == \"\"`"),
            ("!", "null") => advice.help("`!` takes a bool: write `x == null`"),
            ("!", _) => advice.help("`!` takes a bool: compare, as in `x == 0`"),
            _ => advice,
        }
    }

    /// R0007.
    #[must_use]
    pub fn overflow(calculation: &str) -> Self {
        Self::new(format!("{calculation} does not fit in 64 bits"))
            .help("use `to_float(n)` if the exact digits do not matter")
    }

    /// R0003.
    #[must_use]
    pub fn by_zero(left: &str, symbol: &str) -> Self {
        Self::new(format!("{left} {symbol} 0 has no result"))
    }

    /// R0008: what has `len` elements has none at `at`.
    #[must_use]
    pub fn out_of_bounds(at: i64, len: usize) -> Self {
        let Some(last) = len.checked_sub(1) else {
            return Self::new(format!("no element {at}: it is empty"));
        };
        let advice = match len {
            1 => Self::new(format!("no element {at}: there is only element 0")),
            _ => Self::new(format!("no element {at}: there are {len}, from 0 to {last}")),
        };
        if usize::try_from(at) == Ok(len) {
            advice.help("`xs[-1]` is the last one")
        } else {
            advice
        }
    }

    /// R0009: `key` as it is written. The candidates are keys that are texts; `wanted` is the key, if it is one.
    #[must_use]
    pub fn missing_key<'k>(
        key: &str,
        wanted: Option<&str>,
        keys: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        let advice = Self::new(format!("the dict has no key {key}"));
        match wanted.and_then(|it| closest(it, keys)) {
            Some(near) => advice.help(format!("did you mean `{near}`?")),
            None => advice.help("use `get(d, key)` or `has_key(d, key)` where it may be missing"),
        }
    }

    /// R0011.
    #[must_use]
    pub fn not_indexable(object: &str, key: &str) -> Self {
        let advice = Self::new(format!("{object} has no element for an index of type {key}"));
        match (object, key) {
            ("array" | "string", "range") => advice.help("use `slice(xs, start, end)`"),
            ("array" | "string", "string") => advice.help("an index is an int: `to_int(text)`"),
            ("array" | "string", "float") => advice.help("an index is an int: `to_int(x)`"),
            _ => advice,
        }
    }

    /// R0010 and R0019: a value of that type has no such field.
    #[must_use]
    pub fn no_field<'k>(
        kind: &str,
        name: &str,
        fields: impl IntoIterator<Item = &'k str>,
        methods: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        let advice = Self::new(format!("{kind} has no field `{name}`"));
        if kind == "null" {
            return advice.help("`?.` gives null where there is nothing to look into");
        }
        if let Some(near) = closest(name, fields) {
            return advice.near(Some(near));
        }
        let known: Vec<&str> = methods.into_iter().collect();
        if known.contains(&name) {
            return advice.help(format!("it is a method: write `.{name}()`"));
        }
        let near = elsewhere(name, kind).or_else(|| closest(name, known));
        match near {
            Some(near) => advice.help(format!("did you mean `.{near}()`?")),
            None => advice,
        }
    }

    /// R0010: the type of that name itself has no such field.
    #[must_use]
    pub fn no_member(ty: &str, name: &str) -> Self {
        Self::new(format!("the type `{ty}` has no field `{name}`"))
            .help(format!("a variant of an enum is written `{ty}::{name}`"))
    }

    /// R0010: a value of that type has no such method.
    #[must_use]
    pub fn no_method<'k>(
        kind: &str,
        name: &str,
        methods: impl IntoIterator<Item = &'k str>,
    ) -> Self {
        let advice = Self::new(format!("{kind} has no method `{name}`"));
        if kind == "null" {
            return advice.help("`?.` gives null where there is nothing to call");
        }
        advice.near(elsewhere(name, kind).or_else(|| closest(name, methods)))
    }

    /// R0005.
    #[must_use]
    pub fn not_callable(operand: &Operand<'_>) -> Self {
        let advice = Self::new(format!("{} is not a function", operand.phrase()));
        match operand.kind {
            "type" => advice.help("a struct value is written `Name { field: value }`"),
            _ => advice,
        }
    }

    /// L0003.
    #[must_use]
    pub fn endless() -> Self {
        let help = "a recursion may have no end; `return f(x)` does not nest";
        Self { label: None, help: Some(help.to_owned()) }
    }

    /// R0006: `given` arguments for these parameters, of which so many must be given.
    #[must_use]
    pub fn arity(name: &str, params: &[&str], required: usize, given: usize) -> Self {
        let all = params.join(", ");
        if given < required {
            let missing: Vec<String> =
                params.iter().take(required).skip(given).map(|it| format!("`{it}`")).collect();
            return Self::new(format!("missing {} of {name}({all})", missing.join(", ")));
        }
        let n_more = given.saturating_sub(params.len());
        let noun = if n_more == 1 { "argument" } else { "arguments" };
        Self::new(format!("{n_more} {noun} too many for {name}({all})"))
    }

    /// R0019: a value of that type has no places inside that could be assigned.
    #[must_use]
    pub fn no_place(kind: &str) -> Self {
        Self::new(format!("nothing inside {kind} can be assigned"))
    }

    /// R0023: no parameter has that name.
    #[must_use]
    pub fn unknown_argument<'k>(name: &str, params: impl IntoIterator<Item = &'k str>) -> Self {
        Self::default().near(closest(name, params))
    }

    /// R0030: `flag` would allow it.
    #[must_use]
    pub fn not_allowed(flag: &str) -> Self {
        Self::new(format!("not allowed without {flag}"))
            .help(format!("run with {flag} if you trust the program with it"))
    }

    /// R0016: an array has another length than the pattern wants.
    #[must_use]
    pub fn other_length(message: &str, len: usize) -> Self {
        Self::new(format!("{message}: it has {len} elements"))
    }

    /// R0019: a method that changes its receiver, called on a name that is bound for good.
    #[must_use]
    pub fn immutable(name: &str) -> Self {
        Self { label: None, help: Some(format!("declare it with `mut {name} := …`")) }
    }
}

/// What other languages call a method of ours.
fn elsewhere(name: &str, kind: &str) -> Option<&'static str> {
    Some(match name {
        "length" | "size" | "count" | "len" => "len",
        "append" | "push_back" | "add" if kind == "array" => "push",
        "toUpperCase" | "upcase" | "uppercase" | "to_uppercase" => "upper",
        "toLowerCase" | "downcase" | "lowercase" | "to_lowercase" => "lower",
        "indexOf" | "find_index" => "index_of",
        "includes" | "has" | "include" => "contains",
        "strip" => "trim",
        "startswith" | "startsWith" => "starts_with",
        "endswith" | "endsWith" => "ends_with",
        "toString" => "to_string",
        "hasOwnProperty" | "containsKey" | "contains_key" => "has_key",
        "foldl" | "inject" => "reduce",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_and_cut() {
        let advice = Advice::binary("+", &Operand::written("int", "1"), &Operand::text("a"));
        assert_eq!(advice.label.unwrap(), "no `+` for int `1` and string `\"a\"`");
        assert!(quoted(&"é".repeat(99)).ends_with("é...\""));
    }

    #[test]
    fn names_from_elsewhere_are_known() {
        let advice = Advice::no_method("string", "toUpperCase", ["upper"]);
        assert_eq!(advice.help.unwrap(), "did you mean `upper`?");
        let advice = Advice::no_field("array", "sort", [], ["sort"]);
        assert_eq!(advice.help.unwrap(), "it is a method: write `.sort()`");
    }
}
