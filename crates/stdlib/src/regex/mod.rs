//! Regular expressions, with the crate `regex`: time is linear in the text, whatever the pattern.
//!
//! The size of compiled patterns is bounded; a few are kept for each program and booked as its memory. Every search is
//! charged by the length of what it may have to read, before it is made.

mod cache;
mod search;

pub(crate) use cache::Cache;
use remora_diagnostics::Code;
use remora_vm::builtins::{Builtin, Call, NativeFn, Row, rows};

const fn row(
    signature: &'static str,
    doc: &'static str,
    example: (&'static str, &'static str),
    call: NativeFn,
) -> Builtin {
    Builtin {
        signature,
        doc,
        raises: &[Code::R0004, Code::R0012],
        cost: "one unit for each 16 bytes of the text, for each match one more and one for each 256 bytes after it, all that \
               eight times for large patterns; for a new pattern 2000 units, and 200 for each byte of it",
        example,
        call: Call::Native(call),
        ..Builtin::ROW
    }
}

pub(crate) const ROWS: &[Row] = &rows([
    row(
        "regex_match(text: string, pattern: string) -> bool",
        "Whether the pattern is found anywhere in the text; `^` and `$` are its ends.",
        (
            r#"print(regex_match("ann@example.org", "^[a-z]+@[a-z.]+$"), regex_match("abc", "[0-9]"))"#,
            "true false",
        ),
        search::regex_match,
    ),
    row(
        "regex_find(text: string, pattern: string) -> string?",
        "The first part of the text that the pattern fits, or null.",
        (r#"print(regex_find("a1 b22 c3", "[0-9]{2}"), regex_find("abc", "[0-9]"))"#, "22 null"),
        search::regex_find,
    ),
    row(
        "regex_find_all(text: string, pattern: string) -> array",
        "All parts of the text that the pattern fits, one after the other.",
        (r#"print(regex_find_all("a1 b22 c333", "[0-9]+"))"#, "[1, 22, 333]"),
        search::regex_find_all,
    ),
    row(
        "regex_captures(text: string, pattern: string) -> dict?",
        "The groups of the first match: 0 is all of it, 1 and so on the groups, named ones also under their names; null for a \
         group that had no part in it. Null if there is no match.",
        (
            r#"print(regex_captures("k=v", "(?P<key>[a-z])=(.)"))"#,
            r#"{0: k=v, 1: k, 2: v, "key": k}"#,
        ),
        search::regex_captures,
    ),
    row(
        "regex_replace(text: string, pattern: string, replacement: string) -> string",
        "The text with each match replaced. `$1` and `$name` in the replacement are groups, `$$` is a dollar.",
        (r#"print(regex_replace("ann lee", "([a-z]+) ([a-z]+)", "$2, $1"))"#, "lee, ann"),
        search::regex_replace,
    ),
    row(
        "regex_split(text: string, pattern: string) -> array",
        "What is between the matches.",
        (r#"print(regex_split("a, b;c", "[,;] *"))"#, "[a, b, c]"),
        search::regex_split,
    ),
]);
