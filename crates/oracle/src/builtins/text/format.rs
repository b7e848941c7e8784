//! `format`: places such as `%s`, `%5d` and `%.2f` in a template.

use remora_diagnostics::Code;

use super::super::Input;
use super::super::input::Read;
use crate::eval::Interp;
use crate::print;
use crate::stop::{Eval, Raise};
use crate::value::{Value, whole};

/// Digits after the point beyond which a float has none.
const MAX_DIGITS: usize = 1100;

/// What stands between `%` and the letter.
#[derive(Default)]
struct Spec {
    left: bool,
    zeros: bool,
    plus: bool,
    width: usize,
    digits: Option<usize>,
}

pub(super) fn format<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let template = cx.arg(&input, input.text(0))?;
    let mut chars = template.chars().peekable();
    let mut out = String::new();
    let mut next = 1;
    while let Some(char) = chars.next() {
        if char != '%' {
            out.push(char);
            continue;
        }
        let mut spec = Spec::default();
        while let Some(flag) = chars.next_if(|it| matches!(it, '-' | '0' | '+')) {
            match flag {
                '-' => spec.left = true,
                '0' => spec.zeros = true,
                _ => spec.plus = true,
            }
        }
        spec.width = number(&mut chars);
        if chars.next_if_eq(&'.').is_some() {
            spec.digits = Some(number(&mut chars).min(MAX_DIGITS));
        }
        let Some(kind) = chars.next() else {
            return cx.arg(&input, Err(input.invalid("a letter after `%`")));
        };
        if kind == '%' {
            out.push('%');
            continue;
        }
        if next >= input.values.len() {
            let n = input.values.len().saturating_sub(1);
            return cx
                .arg(&input, Err(input.invalid(format_args!("a value for each place, got {n}"))));
        }
        let shown = cx.arg(&input, shown(&input, next, kind, &spec))?;
        cx.make_room(&input, spec.width)?;
        out.push_str(&padded(&shown, &spec, kind == 's'));
        next += 1;
    }
    Ok(Value::str(out))
}

fn number(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> usize {
    let mut number: usize = 0;
    while let Some(digit) = chars.next_if(char::is_ascii_digit).and_then(|it| it.to_digit(10)) {
        number = number.saturating_mul(10).saturating_add(usize::try_from(digit).unwrap_or(0));
    }
    number
}

/// A value in the form that its place asks for, without padding.
fn shown(input: &Input<'_>, at: usize, kind: char, spec: &Spec) -> Read<String> {
    let value = input.value(at);
    let text = match (kind, spec.digits) {
        ('s', Some(digits)) => return Ok(print::display(value).chars().take(digits).collect()),
        ('s', None) => return Ok(print::display(value)),
        ('d' | 'i', _) => int(input, at)?.to_string(),
        ('f', Some(digits)) => format!("{:.digits$}", input.number(at)?),
        ('f', None) => input.number(at).map(|_| print::display(value))?,
        ('x', _) => format!("{:x}", int(input, at)?),
        ('X', _) => format!("{:X}", int(input, at)?),
        ('o', _) => format!("{:o}", int(input, at)?),
        ('b', _) => format!("{:b}", int(input, at)?),
        (other, _) => {
            return Err(Raise::new(Code::R0012, format!("format does not know `%{other}`")));
        }
    };
    Ok(if spec.plus && !text.starts_with('-') { format!("+{text}") } else { text })
}

fn int(input: &Input<'_>, at: usize) -> Read<i64> {
    let int = match input.value(at) {
        Value::Int(it) => Some(*it),
        Value::Float(it) => whole(it.trunc()),
        _ => None,
    };
    int.ok_or_else(|| input.wrong(at, "a whole number"))
}

fn padded(text: &str, spec: &Spec, is_text: bool) -> String {
    let missing = spec.width.saturating_sub(text.chars().count());
    if spec.left {
        return format!("{text}{}", " ".repeat(missing));
    }
    if !spec.zeros || is_text {
        return format!("{}{text}", " ".repeat(missing));
    }
    let digits = text.trim_start_matches(['-', '+']);
    let sign = &text[..text.len() - digits.len()];
    format!("{sign}{}{digits}", "0".repeat(missing))
}
