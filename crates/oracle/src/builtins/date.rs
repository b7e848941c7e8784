//! Dates in UTC and the Gregorian calendar, counted year by year and month by month; and durations for people.

use remora_diagnostics::Code;

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::{Eval, Raise};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("format_date", 1, 2, format_date),
    function("parse_date", 1, 2, parse_date),
    function("format_duration", 1, 1, format_duration),
];

/// Year, month, day, hour, minute, second.
type Moment = [i64; 6];

/// What stands in a format for each part of a moment.
const PARTS: [(&str, usize); 12] = [
    ("YYYY", 0),
    ("MM", 1),
    ("DD", 2),
    ("HH", 3),
    ("mm", 4),
    ("ss", 5),
    ("%Y", 0),
    ("%m", 1),
    ("%d", 2),
    ("%H", 3),
    ("%M", 4),
    ("%S", 5),
];

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_of_year(year: i64) -> i64 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn moment_of(seconds: i64) -> Moment {
    let (mut day, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let mut year = 1970;
    while day < 0 {
        year -= 1;
        day += days_of_year(year);
    }
    while day >= days_of_year(year) {
        day -= days_of_year(year);
        year += 1;
    }
    let mut month = 1;
    while day >= days_of_month(year, month) {
        day -= days_of_month(year, month);
        month += 1;
    }
    [year, month, day + 1, rest / 3600, rest / 60 % 60, rest % 60]
}

/// Seconds since 1970; `None` if there is no such moment.
fn seconds_of([year, month, day, hour, minute, second]: Moment) -> Option<i64> {
    let exists = (1..=12).contains(&month)
        && (1..=days_of_month(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60;
    let years: i64 = (1970..year).map(days_of_year).sum();
    let years_before: i64 = (year..1970).map(days_of_year).sum();
    let months: i64 = (1..month).map(|it| days_of_month(year, it)).sum();
    let days = years - years_before + months + day - 1;
    exists.then_some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

/// Takes a part of a moment off a format, or a character that stands for itself.
fn next_piece(format: &mut &str) -> Option<Result<usize, char>> {
    for (text, part) in PARTS {
        if let Some(rest) = format.strip_prefix(text) {
            *format = rest;
            return Some(Ok(part));
        }
    }
    let char = format.chars().next()?;
    *format = &format[char.len_utf8()..];
    Some(Err(char))
}

fn format_date<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let seconds = cx.arg(&input, input.number(0))?.floor();
    let format = cx.arg(&input, input.text_or(1, "YYYY-MM-DD HH:mm:ss"))?;
    // NaN is not in any range.
    if !(-4e11..=4e11).contains(&seconds) {
        let raise = input.invalid("a time between the years -9999 and 9999");
        return cx.arg(&input, Err(raise));
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole, and in range")]
    let moment = moment_of(seconds as i64);
    let mut out = String::new();
    let mut rest = &*format;
    while let Some(piece) = next_piece(&mut rest) {
        match piece {
            Ok(part) => {
                let width = if part == 0 { 4 } else { 2 };
                out.push_str(&format!("{:0width$}", moment[part]));
            }
            Err(char) => out.push(char),
        }
    }
    Ok(Value::str(out))
}

fn parse_date<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    let format = cx.arg(&input, input.text_or(1, "YYYY-MM-DD HH:mm:ss"))?;
    match read(&text, &format).and_then(seconds_of) {
        #[expect(clippy::cast_precision_loss, reason = "years have four digits")]
        Some(seconds) => Ok(Value::Float(seconds as f64)),
        None => {
            let shown = &text[..text.floor_char_boundary(100)];
            let raise = Raise::new(Code::R0020, format!("Cannot parse '{shown}' as a date"));
            cx.arg(&input, Err(raise))
        }
    }
}

fn read(text: &str, format: &str) -> Option<Moment> {
    let mut moment = [1970, 1, 1, 0, 0, 0];
    let (mut text, mut format) = (text, format);
    while let Some(piece) = next_piece(&mut format) {
        match piece {
            Ok(part) => {
                let most = if part == 0 { 4 } else { 2 };
                let digits = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
                moment[part] = text[..digits].parse().ok()?;
                text = &text[digits..];
            }
            Err(char) => text = text.strip_prefix(char)?,
        }
    }
    text.is_empty().then_some(moment)
}

fn format_duration<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let milliseconds = cx.arg(&input, input.number(0))?;
    if !milliseconds.is_finite() {
        let raise = input.invalid("a finite number");
        return cx.arg(&input, Err(raise));
    }
    let sign = if milliseconds < 0.0 { "-" } else { "" };
    let length = milliseconds.abs();
    let (seconds, minutes) = ((length / 1e3).floor(), (length / 6e4).floor());
    let text = if length < 1e3 {
        format!("{}ms", (length * 100.0).round() / 100.0)
    } else if length < 6e4 {
        format!("{:.2}s", length / 1e3)
    } else if length < 3.6e6 {
        format!("{minutes}m {}s", seconds % 60.0)
    } else {
        format!("{}h {}m", (length / 3.6e6).floor(), minutes % 60.0)
    };
    Ok(Value::str(format!("{sign}{text}")))
}
