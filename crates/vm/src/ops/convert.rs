//! From one kind to another: texts to numbers, anything to a text.

use remora_diagnostics::Code;

use super::print;
use crate::fault::{Fault, Res};
use crate::heap::{Heap, retain};
use crate::limits::Charge;
use crate::object::key::whole;
use crate::value::{Tag, Value};

/// The printed form of a value as a string, counted for the caller; a string is its own.
///
/// # Errors
/// L0001, L0002 and L0009.
pub fn to_string(heap: &mut Heap, value: Value, charge: &mut (impl Charge + ?Sized)) -> Res<Value> {
    if value.tag() == Tag::String {
        retain(value);
        return Ok(value);
    }
    let text = print::display(heap, value, charge)?;
    heap.new_string(&text)
}

/// The int that a text spells: decimal, with a sign or not, spaces around it ignored.
///
/// # Errors
/// R0020.
pub fn parse_int(text: &str) -> Res<i64> {
    text.trim().parse().map_err(|_| unreadable(text, "integer"))
}

/// The float that a text spells: decimal, with an exponent or not, spaces around it ignored. No `inf`, no `nan`.
///
/// # Errors
/// R0020.
pub fn parse_float(text: &str) -> Res<f64> {
    let digits = text.trim();
    let plain =
        digits.bytes().all(|it| matches!(it, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    match digits.parse::<f64>() {
        Ok(float) if plain && float.is_finite() => Ok(float),
        _ => Err(unreadable(text, "float")),
    }
}

/// The int that a float becomes without its fraction; `None` if it does not fit.
#[must_use]
pub fn float_to_int(float: f64) -> Option<i64> {
    whole(float.trunc())
}

#[cold]
fn unreadable(text: &str, wanted: &str) -> Box<Fault> {
    let shown = &text[..text.floor_char_boundary(200)];
    let more = if shown.len() < text.len() { "..." } else { "" };
    Fault::new(Code::R0020, format!("Cannot parse '{shown}{more}' as {wanted}"))
}
