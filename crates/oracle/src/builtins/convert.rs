//! From one kind to another.

use remora_diagnostics::Code;

use super::input::Read;
use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::Interp;
use crate::print;
use crate::stop::{Eval, Raise};
use crate::value::{Value, whole};

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("str", 1, 1, to_string),
    function("to_string", 1, 1, to_string),
    function("string", 1, 1, to_string),
    function("to_int", 1, 1, to_int),
    function("int", 1, 1, to_int),
    function("to_float", 1, 1, to_float),
    function("float", 1, 1, to_float),
    function("to_bool", 1, 1, to_bool),
    function("bool", 1, 1, to_bool),
    function("parse_int", 1, 1, parse_int),
    function("parse_float", 1, 1, parse_float),
];

pub(super) const METHODS: &[Method] = &[
    method(Kinds::ANY, "str", 0, 0, to_string),
    method(Kinds::ANY, "to_string", 0, 0, to_string),
    method(Kinds::ANY, "string", 0, 0, to_string),
    method(Kinds::STRING.or(Kinds::NUMBER), "to_int", 0, 0, to_int),
    method(Kinds::STRING.or(Kinds::NUMBER), "int", 0, 0, to_int),
    method(Kinds::STRING.or(Kinds::NUMBER), "to_float", 0, 0, to_float),
    method(Kinds::STRING.or(Kinds::NUMBER), "float", 0, 0, to_float),
    method(Kinds::STRING, "to_bool", 0, 0, to_bool),
    method(Kinds::STRING, "bool", 0, 0, to_bool),
    method(Kinds::STRING, "parse_int", 0, 0, parse_int),
    method(Kinds::STRING, "parse_float", 0, 0, parse_float),
];

fn to_string<'p>(_cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    Ok(Value::str(print::display(input.value(0))))
}

fn parse_int<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let int = input.text(0).and_then(|it| int_of(&it));
    cx.arg(&input, int).map(Value::Int)
}

fn parse_float<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let float = input.text(0).and_then(|it| float_of(&it));
    cx.arg(&input, float).map(Value::Float)
}

fn to_int<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let int = match input.value(0) {
        Value::Int(it) => Ok(*it),
        Value::Bool(it) => Ok(i64::from(*it)),
        Value::Float(it) => {
            whole(it.trunc()).ok_or_else(|| unconvertible(input.value(0), "an int"))
        }
        Value::Str(it) => int_of(it),
        other => Err(unconvertible(other, "an int")),
    };
    cx.arg(&input, int).map(Value::Int)
}

fn to_float<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let float = match input.value(0) {
        Value::Bool(it) => Ok(f64::from(u8::from(*it))),
        Value::Str(it) => float_of(it),
        other => crate::ops::number(other).ok_or_else(|| unconvertible(other, "a float")),
    };
    cx.arg(&input, float).map(Value::Float)
}

fn to_bool<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let bool = match input.value(0) {
        Value::Str(text) => bool_of(text),
        other => Ok(other.is_truthy()),
    };
    cx.arg(&input, bool).map(Value::Bool)
}

/// What a text says about truth, in any case.
pub(super) fn bool_of(text: &str) -> Read<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" | "" => Ok(false),
        _ => Err(unconvertible(&Value::str(text), "a bool")),
    }
}

/// The int that a text spells in decimal, spaces around it ignored.
pub(super) fn int_of(text: &str) -> Read<i64> {
    text.trim().parse().map_err(|_| unreadable(text, "integer"))
}

/// The float that a text spells in decimal, spaces around it ignored; neither infinity nor NaN.
pub(super) fn float_of(text: &str) -> Read<f64> {
    let digits = text.trim();
    let is_plain = digits.bytes().all(|it| it.is_ascii_digit() || b"+-.eE".contains(&it));
    match digits.parse::<f64>() {
        Ok(float) if is_plain && float.is_finite() => Ok(float),
        _ => Err(unreadable(text, "float")),
    }
}

fn unreadable(text: &str, wanted: &str) -> Raise {
    Raise::new(Code::R0020, format!("Cannot parse '{}' as {wanted}", shortened(text)))
}

fn unconvertible(value: &Value<'_>, wanted: &str) -> Raise {
    let shown = match value {
        Value::Float(it) => it.to_string(),
        Value::Str(it) => format!("'{}'", &it[..it.floor_char_boundary(200)]),
        other => other.type_name().to_owned(),
    };
    Raise::new(Code::R0020, format!("Cannot convert {shown} to {wanted}"))
}

/// At most 200 bytes of a text.
pub(crate) fn shortened(text: &str) -> String {
    let shown = &text[..text.floor_char_boundary(200)];
    let more = if shown.len() < text.len() { "..." } else { "" };
    format!("{shown}{more}")
}
