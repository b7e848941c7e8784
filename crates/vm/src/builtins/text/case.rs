//! Upper and lower case, and the spellings of names that differ by it.

use remora_diagnostics::Code;

use super::super::{Builtin, Call, Kinds, Method, Row, arg, build, rows};
use super::units_by_char;
use crate::fault::Res;
use crate::host::{Args, HostCx};
use crate::value::Value;

/// A row for a function from one string to another.
const fn row(
    signature: &'static str,
    aliases: &'static [&'static str],
    doc: &'static str,
    example: (&'static str, &'static str),
    call: super::super::NativeFn,
) -> Builtin {
    Builtin {
        signature,
        aliases,
        doc,
        raises: &[Code::R0004],
        cost: "one unit for each 8 bytes",
        example,
        since: "0.1.0",
        call: Call::Native(call),
        methods: &[(Kinds::STRING, Method::Function)],
        look: None,
    }
}

pub(crate) const ROWS: &[Row] = &rows([
    row(
        "to_upper(text: string) -> string",
        &["upper"],
        "In upper case.",
        ("print(to_upper(\"straße\"))", "STRASSE"),
        upper,
    ),
    row(
        "to_lower(text: string) -> string",
        &["lower"],
        "In lower case.",
        ("print(to_lower(\"ÀB\"))", "àb"),
        lower,
    ),
    row(
        "capitalize(text: string) -> string",
        &[],
        "The first character in upper case, the rest as it is.",
        ("print(capitalize(\"hello world\"))", "Hello world"),
        capitalize,
    ),
    row(
        "slugify(text: string) -> string",
        &[],
        "Words in lower case with `-` between them, all else left out: for addresses and file names.",
        ("print(slugify(\"Hello, World!\"))", "hello-world"),
        slugify,
    ),
    row(
        "to_camel_case(text: string) -> string",
        &[],
        "Words joined, each but the first capitalized.",
        ("print(to_camel_case(\"hello_big world\"))", "helloBigWorld"),
        camel,
    ),
    row(
        "to_snake_case(text: string) -> string",
        &[],
        "Words in lower case with `_` between them.",
        (
            "print(to_snake_case(\"helloBigWorld\"), to_snake_case(\"HTTPServer\"))",
            "hello_big_world http_server",
        ),
        snake,
    ),
    row(
        "to_kebab_case(text: string) -> string",
        &[],
        "Words in lower case with `-` between them.",
        ("print(to_kebab_case(\"helloBigWorld\"))", "hello-big-world"),
        kebab,
    ),
]);

/// A new string of what a function makes of each character of the first argument.
fn each_char<I: Iterator<Item = char>>(
    cx: &mut HostCx<'_>,
    args: &Args<'_>,
    f: impl Fn(char) -> I,
) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(units_by_char(text))?;
    build::text(cx, text.len(), |cx, out| {
        text.chars().flat_map(f).try_for_each(|char| out.push_char(cx, char))
    })
}

fn upper(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    each_char(cx, &args, char::to_uppercase)
}

/// Character by character would be wrong for a sigma at the end of a word, which `str` knows.
fn lower(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    if !text.contains('Σ') {
        return each_char(cx, &args, char::to_lowercase);
    }
    cx.charge(units_by_char(text))?;
    cx.heap.new_string(&text.to_lowercase())
}

fn capitalize(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(units_by_char(text))?;
    let mut chars = text.chars();
    let first = chars.next();
    build::text(cx, text.len(), |cx, out| {
        for char in first.into_iter().flat_map(char::to_uppercase) {
            out.push_char(cx, char)?;
        }
        out.push(cx, chars.as_str())
    })
}

fn slugify(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(units_by_char(text))?;
    build::text(cx, text.len(), |cx, out| {
        let words = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        for (at, word) in words.enumerate() {
            if at > 0 {
                out.push_char(cx, '-')?;
            }
            word.chars().flat_map(char::to_lowercase).try_for_each(|it| out.push_char(cx, it))?;
        }
        Ok(())
    })
}

fn camel(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(units_by_char(text))?;
    build::text(cx, text.len(), |cx, out| {
        for (at, word) in Words(text).enumerate() {
            let mut chars = word.chars();
            if at > 0 {
                let first = chars.next();
                first
                    .into_iter()
                    .flat_map(char::to_uppercase)
                    .try_for_each(|it| out.push_char(cx, it))?;
            }
            chars.flat_map(char::to_lowercase).try_for_each(|it| out.push_char(cx, it))?;
        }
        Ok(())
    })
}

fn snake(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    joined_words(cx, &args, '_')
}

fn kebab(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    joined_words(cx, &args, '-')
}

fn joined_words(cx: &mut HostCx<'_>, args: &Args<'_>, between: char) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge(units_by_char(text))?;
    build::text(cx, text.len(), |cx, out| {
        for (at, word) in Words(text).enumerate() {
            if at > 0 {
                out.push_char(cx, between)?;
            }
            word.chars().flat_map(char::to_lowercase).try_for_each(|it| out.push_char(cx, it))?;
        }
        Ok(())
    })
}

/// The words of a name in any spelling: what is between other characters, and before capitals: `HTTPServer` is two.
struct Words<'t>(&'t str);

impl<'t> Iterator for Words<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let rest = self.0.trim_start_matches(|it: char| !it.is_alphanumeric());
        let mut chars = rest.char_indices().peekable();
        let (_, mut last) = chars.next()?;
        let mut end = rest.len();
        while let Some((at, char)) = chars.next() {
            let next_is_lower = chars.peek().is_some_and(|(_, next)| next.is_lowercase());
            let starts_word = char.is_uppercase() && (!last.is_uppercase() || next_is_lower);
            if !char.is_alphanumeric() || starts_word {
                end = at;
                break;
            }
            last = char;
        }
        let (word, rest) = rest.split_at(end);
        self.0 = rest;
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn finds_the_words_of_a_name() {
        let words = |text| Words(text).collect::<Vec<_>>();
        assert_eq!(words("helloBigWorld"), ["hello", "Big", "World"]);
        assert_eq!(words("  hello_big-world! "), ["hello", "big", "world"]);
        assert_eq!(words("HTTPServer2Go"), ["HTTP", "Server2", "Go"]);
        assert_eq!(words("ABC"), ["ABC"]);
        assert!(words(" _- ").is_empty());
    }
}
