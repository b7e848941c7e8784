//! Longer and shorter: padding, trimming, repeating.

use super::super::Input;
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

pub(super) fn trim<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.text(0)).map(|it| Value::str(it.trim()))
}

pub(super) fn trim_start<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.text(0)).map(|it| Value::str(it.trim_start()))
}

pub(super) fn trim_end<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.text(0)).map(|it| Value::str(it.trim_end()))
}

pub(super) fn pad_left<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (text, fill) = padding(cx, &input)?;
    Ok(Value::str(fill + &text))
}

pub(super) fn pad_right<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (text, fill) = padding(cx, &input)?;
    Ok(Value::str(text + &fill))
}

/// A text, and what is missing to its width.
fn padding<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, (String, String)> {
    let text = cx.arg(input, input.text(0))?;
    let width = cx.arg(input, input.count(1))?;
    let fill = cx.arg(input, input.text_or(2, " "))?;
    let missing = width.saturating_sub(text.chars().count());
    if fill.is_empty() {
        return Ok((text.to_string(), String::new()));
    }
    cx.make_room(input, missing)?;
    Ok((text.to_string(), fill.chars().cycle().take(missing).collect()))
}

pub(super) fn truncate<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    let width = cx.arg(&input, input.count(1))?;
    let ending = cx.arg(&input, input.text_or(2, "..."))?;
    if text.chars().count() <= width {
        return Ok(Value::Str(text));
    }
    let ending: String = ending.chars().take(width).collect();
    let kept: String = text.chars().take(width - ending.chars().count()).collect();
    Ok(Value::str(kept + &ending))
}

pub(super) fn repeat<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let given = cx.arg(&input, input.int(1))?;
    let Ok(times) = usize::try_from(given) else {
        return cx
            .arg(&input, Err(input.invalid(format_args!("a count of at least 0, got {given}"))));
    };
    if let Value::Array(items) = input.value(0) {
        cx.make_room(&input, items.0.len().saturating_mul(times))?;
        let n = items.0.len().saturating_mul(times);
        return Ok(Value::array(items.0.iter().cycle().take(n).cloned().collect()));
    }
    let text = cx.arg(&input, input.text(0))?;
    cx.make_room(&input, text.len().saturating_mul(times))?;
    Ok(Value::str(text.repeat(times)))
}

pub(super) fn reverse<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    cx.arg(&input, input.text(0)).map(|it| Value::str(it.chars().rev().collect::<String>()))
}
