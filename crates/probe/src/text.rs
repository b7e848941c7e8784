//! Functions on texts, whichever of the three places a text is in: the probe, the host, a request variable.
//!
//! None looks at a text longer than [`MAX_TEXT`]: that is an error, so that the work of a probe stays bounded.

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::sync::Arc;

use remora_diagnostics::Code;

use crate::capture::Captured;
use crate::dispatcher::{Dispatcher, Shape};
use crate::functions::Function;
use crate::spec::matches;
use crate::value::{Fault, Value};

/// Longest text that a function or operator of a probe looks at, in bytes.
pub const MAX_TEXT: usize = 4_096;

type Made<D> = Result<Value<<D as Dispatcher>::Object>, Fault>;

/// The text that a value is, if it is one.
pub(crate) fn of<'a, D: Dispatcher>(
    host: &'a D,
    value: &'a Value<D::Object>,
) -> Result<Option<&'a str>, Fault> {
    Ok(match value {
        Value::Text(text) => Some(text),
        Value::Object(object) => match host.shape(object)? {
            Shape::Text(text) => Some(text),
            Shape::List(_) | Shape::Map(_) | Shape::Opaque(_) => None,
        },
        Value::Kept(kept) => match &**kept {
            Captured::Text(text) | Captured::CutText(text, _) => Some(text),
            _ => None,
        },
        _ => None,
    })
}

fn needed<'a, D: Dispatcher>(host: &'a D, value: &'a Value<D::Object>) -> Result<&'a str, Fault> {
    match of(host, value)? {
        Some(text) if text.len() <= MAX_TEXT => Ok(text),
        Some(_) => Err(TOO_LONG),
        None => Err(Fault::new(Code::R0004, "a text is needed here")),
    }
}

const TOO_LONG: Fault = Fault::new(Code::R0012, "the text is too long for a probe");

/// The order of two texts; `None` if one is none.
pub(crate) fn order<D: Dispatcher>(
    host: &D,
    left: &Value<D::Object>,
    right: &Value<D::Object>,
) -> Result<Option<Ordering>, Fault> {
    let Some(left) = of(host, left)? else { return Ok(None) };
    Ok(of(host, right)?.map(|right| left.cmp(right)))
}

/// `left + right` of two texts; `None` if one is none.
pub(crate) fn join<D: Dispatcher>(
    host: &D,
    left: &Value<D::Object>,
    right: &Value<D::Object>,
) -> Result<Option<Value<D::Object>>, Fault> {
    let (Some(left), Some(right)) = (of(host, left)?, of(host, right)?) else { return Ok(None) };
    if left.len().saturating_add(right.len()) > MAX_TEXT {
        return Err(TOO_LONG);
    }
    let mut text = String::with_capacity(left.len() + right.len());
    text.push_str(left);
    text.push_str(right);
    Ok(Some(Value::Text(text.into())))
}

/// `starts_with`, `ends_with`, `contains`, `matches`
pub(crate) fn test<D: Dispatcher>(
    host: &D,
    function: Function,
    text: &Value<D::Object>,
    part: &Value<D::Object>,
) -> Made<D> {
    let (text, part) = (needed(host, text)?, needed(host, part)?);
    Ok(Value::Bool(match function {
        Function::StartsWith => text.starts_with(part),
        Function::EndsWith => text.ends_with(part),
        Function::Matches => matches(part, text),
        _ => text.contains(part),
    }))
}

/// `lower` and `upper`
pub(crate) fn cased<D: Dispatcher>(
    host: &D,
    function: Function,
    text: &Value<D::Object>,
) -> Made<D> {
    let text = needed(host, text)?;
    let cased = if function == Function::Lower { text.to_lowercase() } else { text.to_uppercase() };
    if cased.len() > MAX_TEXT { Err(TOO_LONG) } else { Ok(Value::Text(cased.into())) }
}

/// `str`
pub(crate) fn shown<D: Dispatcher>(host: &D, value: &Value<D::Object>) -> Made<D> {
    let mut out = String::new();
    let written = match value {
        Value::None => write!(out, "None"),
        Value::Bool(true) => write!(out, "True"),
        Value::Bool(false) => write!(out, "False"),
        Value::Int(value) => write!(out, "{value}"),
        Value::Float(value) => write!(out, "{value:?}"),
        Value::Redacted => return Ok(Value::Redacted),
        _ => return needed(host, value).map(|it| Value::Text(it.into())),
    };
    debug_assert!(written.is_ok(), "a string takes what is written");
    Ok(Value::Text(out.into()))
}

/// `int`
pub(crate) fn to_int<D: Dispatcher>(host: &D, value: &Value<D::Object>) -> Made<D> {
    let wrong = Fault::new(Code::R0020, "this is no int");
    Ok(Value::Int(match value {
        Value::Bool(value) => i64::from(*value),
        Value::Int(value) => *value,
        Value::Float(value) => {
            let whole = value.trunc();
            if !(-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole) {
                return Err(Fault::new(Code::R0007, "the float does not fit in 64 bits"));
            }
            #[expect(clippy::cast_possible_truncation, reason = "the range was just checked")]
            let whole = whole as i64;
            whole
        }
        other => needed(host, other)?.trim().parse().map_err(|_| wrong)?,
    }))
}

/// `float`
pub(crate) fn to_float<D: Dispatcher>(host: &D, value: &Value<D::Object>) -> Made<D> {
    let wrong = Fault::new(Code::R0020, "this is no float");
    #[expect(clippy::cast_precision_loss, reason = "rounding to the nearest is what is asked for")]
    Ok(Value::Float(match value {
        Value::Bool(value) => f64::from(u8::from(*value)),
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        other => needed(host, other)?.trim().parse().map_err(|_| wrong)?,
    }))
}

/// `text[low:high]` in characters, if it is a text.
pub(crate) fn slice<D: Dispatcher>(
    host: &D,
    value: &Value<D::Object>,
    low: Option<i64>,
    high: Option<i64>,
) -> Result<Option<Value<D::Object>>, Fault> {
    let Some(text) = of(host, value)? else { return Ok(None) };
    if text.len() > MAX_TEXT {
        return Err(TOO_LONG);
    }
    let len = text.chars().count();
    let (low, high) = bounds(len, low, high);
    let part: String = text.chars().skip(low).take(high - low).collect();
    Ok(Some(Value::Text(Arc::from(part))))
}

/// Bounds of a slice of that many elements: negative ones count from the end, others are cut.
pub(crate) fn bounds(len: usize, low: Option<i64>, high: Option<i64>) -> (usize, usize) {
    let place = |bound: i64| match usize::try_from(bound) {
        Ok(bound) => bound.min(len),
        Err(_) => len.saturating_sub(usize::try_from(bound.unsigned_abs()).unwrap_or(usize::MAX)),
    };
    let low = low.map_or(0, place);
    (low, high.map_or(len, place).max(low))
}
