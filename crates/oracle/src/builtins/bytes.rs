//! Bytes.

use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[function("bytes", 1, 1, bytes)];

pub(super) const METHODS: &[Method] = &[method(Kinds::STRING, "bytes", 0, 0, bytes)];

/// The UTF-8 bytes of a string, or bytes from ints.
fn bytes<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    if let Value::Str(text) = input.value(0) {
        return Ok(Value::Bytes(text.as_bytes().into()));
    }
    let mut out = Vec::new();
    for item in cx.elements(&input, 0)? {
        let byte = match item {
            Value::Int(it) => u8::try_from(it).ok(),
            _ => None,
        };
        let byte = byte.ok_or_else(|| input.invalid("ints from 0 to 255"));
        out.push(cx.arg(&input, byte)?);
    }
    Ok(Value::Bytes(out.into()))
}
