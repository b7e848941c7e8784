//! Strings. Indices and lengths count code points.

mod case;
mod format;
mod pad;

use super::input::bounds;
use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::{Interp, position};
use crate::print;
use crate::stop::Eval;
use crate::value::Value;

/// Rows of functions that are methods of strings as well, with their text as first argument.
macro_rules! both {
    ($($name:literal $min:literal $max:literal $call:path),* $(,)?) => {
        pub(super) const FUNCTIONS: &[Builtin] = &[
            $(function($name, $min, $max, $call),)*
            function("chr", 1, 1, chr),
            function("format", 1, super::ANY_NUMBER, format::format),
            function("join", 1, 2, join),
            function("repeat", 2, 2, pad::repeat),
        ];
        pub(super) const METHODS: &[Method] = &[
            $(method(Kinds::STRING, $name, $min - 1, $max - 1, $call),)*
            method(Kinds::STRING, "format", 0, super::ANY_NUMBER, format::format),
            method(Kinds::SEQUENCE.or(Kinds::SET), "join", 0, 1, join),
            method(Kinds::STRING.or(Kinds::ARRAY), "repeat", 1, 1, pad::repeat),
        ];
    };
}

both! {
    "to_upper" 1 1 case::upper,
    "upper" 1 1 case::upper,
    "to_lower" 1 1 case::lower,
    "lower" 1 1 case::lower,
    "capitalize" 1 1 case::capitalize,
    "slugify" 1 1 case::slugify,
    "to_camel_case" 1 1 case::camel,
    "to_snake_case" 1 1 case::snake,
    "to_kebab_case" 1 1 case::kebab,
    "starts_with" 2 2 starts_with,
    "ends_with" 2 2 ends_with,
    "replace" 3 3 replace,
    "replace_str" 3 3 replace,
    "substring" 2 3 substring,
    "substr" 2 3 substring,
    "char_at" 2 2 char_at,
    "count_chars" 1 1 count_chars,
    "ord" 1 1 ord,
    "trim" 1 1 pad::trim,
    "strip" 1 1 pad::trim,
    "trim_start" 1 1 pad::trim_start,
    "trim_end" 1 1 pad::trim_end,
    "pad_left" 2 3 pad::pad_left,
    "pad_start" 2 3 pad::pad_left,
    "pad_right" 2 3 pad::pad_right,
    "pad_end" 2 3 pad::pad_right,
    "truncate" 2 3 pad::truncate,
    "str_reverse" 1 1 pad::reverse,
    "split" 1 2 split,
    "lines" 1 1 lines,
    "words" 1 1 words,
    "chars" 1 1 chars,
}

fn starts_with<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (text, part) = (cx.arg(&input, input.text(0))?, cx.arg(&input, input.text(1))?);
    Ok(Value::Bool(text.starts_with(&*part)))
}

fn ends_with<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (text, part) = (cx.arg(&input, input.text(0))?, cx.arg(&input, input.text(1))?);
    Ok(Value::Bool(text.ends_with(&*part)))
}

fn replace<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    let (part, with) = (cx.arg(&input, input.text(1))?, cx.arg(&input, input.text(2))?);
    let n = text.matches(&*part).count();
    cx.make_room(&input, text.len().saturating_add(n.saturating_mul(with.len())))?;
    Ok(Value::str(text.replace(&*part, &with)))
}

fn substring<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    let start = cx.arg(&input, input.int(1))?;
    let end = cx.arg(&input, input.int_or(2, i64::MAX))?;
    let bounds = bounds(text.chars().count(), start, end);
    Ok(Value::str(text.chars().skip(bounds.start).take(bounds.len()).collect::<String>()))
}

fn char_at<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    let at = cx.arg(&input, input.int(1))?;
    let at = cx.arg(&input, position(at, text.chars().count()))?;
    Ok(Value::str(text.chars().skip(at).take(1).collect::<String>()))
}

fn count_chars<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.text(0)).map(|it| Value::len(it.chars().count()))
}

fn ord<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    let code = text.chars().next().map(|it| Value::Int(u32::from(it).into()));
    cx.arg(&input, code.ok_or_else(|| input.invalid("a string that is not empty")))
}

fn chr<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let code = cx.arg(&input, input.int(0))?;
    let char = u32::try_from(code).ok().and_then(char::from_u32);
    let char = char.ok_or_else(|| input.invalid(format_args!("a code point, got {code}")));
    cx.arg(&input, char).map(|it| Value::str(it.to_string()))
}

/// Without a separator at runs of spaces; with an empty one between all characters.
fn split<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    if !input.is_given(1) {
        return Ok(parts(text.split_whitespace()));
    }
    let separator = cx.arg(&input, input.text(1))?;
    cx.make_room(&input, text.len())?;
    if separator.is_empty() {
        return Ok(chars_of(&text));
    }
    Ok(parts(text.split(&*separator)))
}

fn lines<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    Ok(parts(text.lines()))
}

fn words<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    Ok(parts(text.split_whitespace()))
}

fn chars<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    cx.make_room(&input, text.len())?;
    Ok(chars_of(&text))
}

fn parts<'p, 't>(parts: impl Iterator<Item = &'t str>) -> Value<'p> {
    Value::array(parts.map(Value::str).collect())
}

fn chars_of<'p>(text: &str) -> Value<'p> {
    Value::array(text.chars().map(|it| Value::str(it.to_string())).collect())
}

/// The printed forms of elements with a text between them.
fn join<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let items = cx.elements(&input, 0)?;
    let between = cx.arg(&input, input.text_or(1, ""))?;
    let shown: Vec<_> = items.iter().map(print::display).collect();
    let len =
        shown.iter().map(String::len).sum::<usize>() + between.len().saturating_mul(shown.len());
    cx.make_room(&input, len)?;
    Ok(Value::str(shown.join(&between)))
}
