//! `format`: texts with places for values, in the manner of C.
//!
//! `%[-0+][width][.digits]kind`, where the kind is `s` (anything), `d` or `i` (whole number), `f` (float), `x X o b` (whole
//! number to another base), `%` (itself).

use remora_diagnostics::Code;

use super::super::build::Text;
use super::super::{Builtin, Call, Kinds, Method, Row, arg, build, rows};
use crate::fault::{Fault, Res};
use crate::host::{Args, HostCx};
use crate::ops::{bulk_units, convert, print};
use crate::value::{Tag, Value};

pub(crate) const ROWS: &[Row] = &rows([Builtin {
    signature: "format(template: string, ...values: any) -> string",
    doc: "The template with the values in the places that `%s` (anything), `%d` (whole), `%f` or `%.2f` (float), `%x %o %b` (to \
          other bases) mark; `%5d`, `%-5s`, `%05d`, `%+d` give a width and a form, `%%` is `%`.",
    raises: &[Code::R0004, Code::R0012],
    cost: "one unit for each place and 64 bytes",
    example: (
        "print(format(\"%s is %d and %.2f|%4d|%-4s|%04x\", \"x\", 5, 3.14159, 7, \"ab\", 255))",
        "x is 5 and 3.14|   7|ab  |00ff",
    ),
    call: Call::Native(format),
    methods: &[(Kinds::STRING, Method::Function)],
    ..Builtin::ROW
}]);

/// What stands between `%` and the kind.
#[derive(Default)]
struct Spec {
    left: bool,
    zeros: bool,
    plus: bool,
    width: usize,
    digits: Option<usize>,
}

/// No more digits after the point than that: the longest exact float has 1074.
const MAX_DIGITS: usize = 1100;

impl Spec {
    /// Reads flags, width and digits; gives what follows.
    fn read(text: &str) -> (Self, &str) {
        let mut spec = Self::default();
        let mut rest = text;
        loop {
            match rest.as_bytes().first() {
                Some(b'-') => spec.left = true,
                Some(b'0') => spec.zeros = true,
                Some(b'+') => spec.plus = true,
                _ => break,
            }
            rest = &rest[1..];
        }
        (spec.width, rest) = number(rest);
        if let Some(after) = rest.strip_prefix('.') {
            let digits;
            (digits, rest) = number(after);
            spec.digits = Some(digits.min(MAX_DIGITS));
        }
        (spec, rest)
    }
}

/// The number that a text begins with, 0 if it does not; and what follows.
fn number(text: &str) -> (usize, &str) {
    let end = text.find(|it: char| !it.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    let number = digits
        .bytes()
        .fold(0usize, |sum, it| sum.saturating_mul(10).saturating_add(usize::from(it - b'0')));
    (number, rest)
}

fn format(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let template = arg::text(cx, &value, 0)?.as_str();
    cx.charge(bulk_units(template.len()))?;
    build::text(cx, template.len(), |cx, out| {
        let mut rest = template;
        let mut next = 1;
        while let Some(at) = rest.find('%') {
            out.push(cx, &rest[..at])?;
            let (spec, after) = Spec::read(&rest[at + 1..]);
            let Some(kind) = after.chars().next() else {
                return Err(arg::invalid(cx, "a letter after `%`"));
            };
            rest = &after[kind.len_utf8()..];
            if kind == '%' {
                out.push(cx, "%")?;
                continue;
            }
            if next >= args.len() {
                let places = args.len().saturating_sub(1);
                return Err(arg::invalid(cx, format_args!("a value for each place, got {places}")));
            }
            cx.charge(1)?;
            let shown = show(cx, &spec, kind, args.peek(next), next)?;
            pad(cx, out, &spec, &shown, kind == 's')?;
            next += 1;
        }
        out.push(cx, rest)
    })
}

/// A value in the form of its place, without padding.
fn show(cx: &mut HostCx<'_>, spec: &Spec, kind: char, value: Value, at: usize) -> Res<String> {
    let mut text = match kind {
        's' => {
            let mut text = print::display(cx.heap, value, cx.fuel)?;
            if let Some(n) = spec.digits
                && let Some((end, _)) = text.char_indices().nth(n)
            {
                text.truncate(end);
            }
            return Ok(text);
        }
        'd' | 'i' => whole(cx, value, at)?.to_string(),
        'f' => {
            let float = value.to_number().ok_or_else(|| arg::wrong(cx, at, "a number", value))?;
            match spec.digits {
                Some(digits) => format!("{float:.digits$}"),
                None if value.tag() == Tag::Int => value.as_int().to_string(),
                None => print::display(cx.heap, value, cx.fuel)?,
            }
        }
        'x' => format!("{:x}", whole(cx, value, at)?),
        'X' => format!("{:X}", whole(cx, value, at)?),
        'o' => format!("{:o}", whole(cx, value, at)?),
        'b' => format!("{:b}", whole(cx, value, at)?),
        other => {
            return Err(Fault::new(Code::R0012, format!("format does not know `%{other}`"))
                .with_help("`%s` shows any value; `%%` is a per cent sign"));
        }
    };
    if spec.plus && !text.starts_with('-') {
        text.insert(0, '+');
    }
    Ok(text)
}

/// The int of a number, without a fraction.
fn whole(cx: &HostCx<'_>, value: Value, at: usize) -> Res<i64> {
    let int = match value.tag() {
        Tag::Float => convert::float_to_int(value.as_float()),
        _ => value.to_int(),
    };
    int.ok_or_else(|| arg::wrong(cx, at, "a whole number", value))
}

/// Appends a text with what is missing of the width.
fn pad(cx: &mut HostCx<'_>, out: &mut Text, spec: &Spec, shown: &str, is_text: bool) -> Res<()> {
    let missing = spec.width.saturating_sub(shown.chars().count());
    cx.charge(bulk_units(missing.saturating_add(shown.len())))?;
    if spec.left {
        out.push(cx, shown)?;
        return out.push_times(cx, " ", missing);
    }
    if !spec.zeros || is_text {
        out.push_times(cx, " ", missing)?;
        return out.push(cx, shown);
    }
    let sign = shown.len() - shown.trim_start_matches(['-', '+']).len();
    let (sign, digits) = shown.split_at(sign);
    out.push(cx, sign)?;
    out.push_times(cx, "0", missing)?;
    out.push(cx, digits)
}
