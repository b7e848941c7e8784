//! Dates as text and back, in UTC and the Gregorian calendar; and durations for people.
//!
//! The calendar arithmetic is Howard Hinnant's (`days_from_civil`), which is exact for all years here.

use remora_diagnostics::Code;
use remora_vm::builtins::{Builtin, Call, NativeFn, Row, rows};
use remora_vm::host::{Args, HostCx};
use remora_vm::value::Value;
use remora_vm::{Fault, Res};

use crate::arg;

const fn row(
    signature: &'static str,
    doc: &'static str,
    example: (&'static str, &'static str),
    call: NativeFn,
) -> Builtin {
    Builtin {
        signature,
        doc,
        raises: &[Code::R0004, Code::R0012, Code::R0020],
        cost: "one unit for each 64 bytes",
        example,
        call: Call::Native(call),
        ..Builtin::ROW
    }
}

pub(crate) const ROWS: &[Row] = &rows([
    row(
        "format_date(seconds: number, format?: string) -> string",
        "A time in seconds since 1970 as text. `YYYY MM DD HH mm ss` in the format (or `%Y %m %d %H %M %S`) are replaced; without \
         one it is `YYYY-MM-DD HH:mm:ss`.",
        (
            "print(format_date(86400, \"YYYY-MM-DD\"), format_date(1.5))",
            "1970-01-02 1970-01-01 00:00:01",
        ),
        format_date,
    ),
    row(
        "parse_date(text: string, format?: string) -> float",
        "The time that a text of that format stands for, in seconds since 1970.",
        ("print(parse_date(\"2024-02-29\", \"YYYY-MM-DD\"))", "1709164800"),
        parse_date,
    ),
    row(
        "format_duration(milliseconds: number) -> string",
        "A duration for people.",
        (
            "print(format_duration(250), format_duration(1500), format_duration(125000), format_duration(7260000))",
            "250ms 1.50s 2m 5s 2h 1m",
        ),
        format_duration,
    ),
]);

/// A moment of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

/// Seconds of the years -9999 to 9999 and a little more: what four digits can show.
const LIMIT: f64 = 400_000_000_000.0;

impl Moment {
    fn of(seconds: i64) -> Self {
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let day_of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
        }
    }

    fn seconds(self) -> i64 {
        let year = self.year - i64::from(self.month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let shifted_month = (self.month + 9) % 12;
        let day_of_year = (153 * shifted_month + 2) / 5 + self.day - 1;
        let of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let days = era * 146_097 + of_era - 719_468;
        days * 86_400 + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// Whether there is such a moment: no 30th of February, no 25 o'clock.
    fn exists(self) -> bool {
        Self::of(self.seconds()) == self
    }

    fn part(&mut self, part: Part) -> &mut i64 {
        match part {
            Part::Year => &mut self.year,
            Part::Month => &mut self.month,
            Part::Day => &mut self.day,
            Part::Hour => &mut self.hour,
            Part::Minute => &mut self.minute,
            Part::Second => &mut self.second,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

const PARTS: [(&str, Part); 12] = [
    ("YYYY", Part::Year),
    ("MM", Part::Month),
    ("DD", Part::Day),
    ("HH", Part::Hour),
    ("mm", Part::Minute),
    ("ss", Part::Second),
    ("%Y", Part::Year),
    ("%m", Part::Month),
    ("%d", Part::Day),
    ("%H", Part::Hour),
    ("%M", Part::Minute),
    ("%S", Part::Second),
];

/// A format taken apart: parts of a moment, and characters that stand for themselves.
fn pieces(format: &str) -> impl Iterator<Item = Result<Part, char>> + '_ {
    let mut rest = format;
    std::iter::from_fn(move || {
        let known = PARTS.iter().find_map(|(text, part)| Some((rest.strip_prefix(text)?, *part)));
        if let Some((after, part)) = known {
            rest = after;
            return Some(Ok(part));
        }
        let char = rest.chars().next()?;
        rest = &rest[char.len_utf8()..];
        Some(Err(char))
    })
}

fn format_argument(cx: &mut HostCx<'_>, args: &Args<'_>) -> Res<String> {
    if arg::given(args, 1).is_none() {
        return Ok("YYYY-MM-DD HH:mm:ss".to_owned());
    }
    let format = arg::text(cx, args, 1)?;
    cx.charge(format.len() as u64 / 8)?;
    Ok(format)
}

fn format_date(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let seconds = arg::number(cx, &args, 0)?.floor();
    let format = format_argument(cx, &args)?;
    if !(-LIMIT..=LIMIT).contains(&seconds) {
        return Err(Fault::new(
            Code::R0012,
            "format_date expects a time between the years -9999 and 9999",
        ));
    }
    #[expect(clippy::cast_possible_truncation, reason = "in range, as was just checked")]
    let mut moment = Moment::of(seconds as i64);
    let mut text = String::new();
    for piece in pieces(&format) {
        match piece {
            Ok(Part::Year) => text.push_str(&format!("{:04}", moment.year)),
            Ok(part) => text.push_str(&format!("{:02}", moment.part(part))),
            Err(char) => text.push(char),
        }
    }
    cx.heap.new_string(&text)
}

fn parse_date(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let text = arg::text(cx, &args, 0)?;
    let format = format_argument(cx, &args)?;
    cx.charge(text.len() as u64 / 64)?;
    match read_date(&text, &format) {
        #[expect(
            clippy::cast_precision_loss,
            reason = "years of four digits are far below 2^53 seconds"
        )]
        Some(moment) => Ok(Value::float(moment.seconds() as f64)),
        None => {
            let shown = &text[..text.floor_char_boundary(100)];
            Err(Fault::new(Code::R0020, format!("Cannot parse '{shown}' as a date")))
        }
    }
}

fn read_date(text: &str, format: &str) -> Option<Moment> {
    let mut moment = Moment { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0 };
    let mut rest = text;
    for piece in pieces(format) {
        match piece {
            Ok(part) => {
                let most = if part == Part::Year { 4 } else { 2 };
                let n = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
                let (digits, after) = rest.split_at(n);
                *moment.part(part) = digits.parse().ok()?;
                rest = after;
            }
            Err(char) => rest = rest.strip_prefix(char)?,
        }
    }
    (rest.is_empty() && moment.exists()).then_some(moment)
}

fn format_duration(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let milliseconds = arg::number(cx, &args, 0)?;
    let sign = if milliseconds < 0.0 { "-" } else { "" };
    let length = milliseconds.abs();
    let whole = (length / 1000.0).floor();
    let text = if length.is_nan() || length.is_infinite() {
        return Err(Fault::new(Code::R0012, "format_duration expects a finite number"));
    } else if length < 1000.0 {
        let rounded = (length * 100.0).round() / 100.0;
        format!("{sign}{rounded}ms")
    } else if length < 60_000.0 {
        format!("{sign}{:.2}s", length / 1000.0)
    } else if length < 3_600_000.0 {
        format!("{sign}{}m {}s", (whole / 60.0).floor(), whole % 60.0)
    } else {
        format!("{sign}{}h {}m", (whole / 3600.0).floor(), (whole / 60.0).floor() % 60.0)
    };
    cx.heap.new_string(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_seconds_are_each_others_inverse() {
        for day in (-4_000_000..3_000_000).step_by(97) {
            let seconds = day * 86_400 + 12_345;
            assert_eq!(Moment::of(seconds).seconds(), seconds);
        }
        let leap = Moment::of(1_709_164_800);
        assert_eq!((leap.year, leap.month, leap.day), (2024, 2, 29));
    }

    #[test]
    fn reads_only_dates_that_exist() {
        let ymd = "YYYY-MM-DD";
        assert!(read_date("2024-02-29", ymd).is_some());
        for text in ["2023-02-29", "2024-13-01", "2024-00-10", "2024-1", "2024-01-01x", "", "x"] {
            assert!(read_date(text, ymd).is_none(), "{text}");
        }
        assert_eq!(read_date("10:20", "HH:mm").map(Moment::seconds), Some(37_200));
    }
}
