//! Upper and lower case, and the words that a name is made of.

use super::super::Input;
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

fn mapped<'p>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    map: impl FnOnce(&str) -> String,
) -> Eval<'p> {
    let text = cx.arg(input, input.text(0))?;
    cx.charge(input.span, text.len() / 8)?;
    Ok(Value::str(map(&text)))
}

pub(super) fn upper<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    mapped(cx, &input, str::to_uppercase)
}

pub(super) fn lower<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    mapped(cx, &input, str::to_lowercase)
}

pub(super) fn capitalize<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    mapped(cx, &input, |text| {
        let mut chars = text.chars();
        let first = chars.next().map(|it| it.to_uppercase().to_string()).unwrap_or_default();
        first + chars.as_str()
    })
}

pub(super) fn slugify<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    mapped(cx, &input, |text| {
        let words = text.split(|it: char| !it.is_alphanumeric()).filter(|it| !it.is_empty());
        words.map(lowered).collect::<Vec<_>>().join("-")
    })
}

pub(super) fn camel<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    mapped(cx, &input, |text| {
        let mut out = String::new();
        for (nth, word) in words(text).iter().enumerate() {
            let mut chars = word.chars();
            if nth > 0 {
                out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
            }
            out.extend(chars.flat_map(char::to_lowercase));
        }
        out
    })
}

pub(super) fn snake<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    mapped(cx, &input, |text| joined(text, "_"))
}

pub(super) fn kebab<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    mapped(cx, &input, |text| joined(text, "-"))
}

fn joined(text: &str, between: &str) -> String {
    words(text).iter().map(|it| lowered(it)).collect::<Vec<_>>().join(between)
}

fn lowered(word: &str) -> String {
    word.chars().flat_map(char::to_lowercase).collect()
}

/// The words of a name. One begins after anything that is neither letter nor digit, at an upper case letter after one that
/// is not, and at the last upper case letter of several before a lower case one: `HTTPServer2Go` is HTTP, Server2, Go.
fn words(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let mut words = vec![String::new()];
    for (at, &char) in chars.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|it| chars.get(it));
        let next_is_lower = chars.get(at + 1).is_some_and(|it| it.is_lowercase());
        let begins =
            char.is_uppercase() && before.is_some_and(|it| !it.is_uppercase() || next_is_lower);
        if begins || !char.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| char.is_alphanumeric()) {
            word.push(char);
        }
    }
    words.retain(|it| !it.is_empty());
    words
}
