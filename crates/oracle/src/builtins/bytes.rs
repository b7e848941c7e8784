//! Bytes, and text that stands for bytes.

use std::fmt::Write as _;
use std::rc::Rc;

use remora_diagnostics::Code;

use super::input::Read;
use super::kinds::Kinds;
use super::{Builtin, Input, Method, function, method};
use crate::eval::Interp;
use crate::stop::{Eval, Raise};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("bytes", 0, 1, bytes),
    function("decode_utf8", 1, 1, decode_utf8),
    function("encode_base64", 1, 1, encode_base64),
    function("decode_base64", 1, 1, decode_base64),
    function("encode_hex", 1, 1, encode_hex),
    function("decode_hex", 1, 1, decode_hex),
];

pub(super) const METHODS: &[Method] = &[
    method(Kinds::STRING, "bytes", 0, 0, bytes),
    method(Kinds::BYTES, "decode_utf8", 0, 0, decode_utf8),
];

/// The UTF-8 bytes of a string, or bytes from ints, or so many zeros.
fn bytes<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    match input.value(0) {
        Value::Null => return Ok(Value::Bytes(Rc::new([]))),
        Value::Bytes(_) => return Ok(input.take(0)),
        Value::Str(text) => return Ok(Value::Bytes(text.as_bytes().into())),
        Value::Int(_) => {
            let n = cx.arg(&input, input.count(0))?;
            cx.make_room(&input, n)?;
            return Ok(Value::Bytes(vec![0; n].into()));
        }
        _ => {}
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

/// The bytes of a string or of bytes.
pub(super) fn data<'p>(input: &Input<'p>) -> Read<Vec<u8>> {
    match input.value(0) {
        Value::Str(text) => Ok(text.as_bytes().to_vec()),
        Value::Bytes(bytes) => Ok(bytes.to_vec()),
        _ => Err(input.wrong(0, "a string or bytes")),
    }
}

fn decode_utf8<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let data = cx.arg(&input, data(&input))?;
    let text =
        String::from_utf8(data).map_err(|_| Raise::new(Code::R0020, "Cannot read bytes as UTF-8"));
    cx.arg(&input, text).map(Value::str)
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode_base64<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let data = cx.arg(&input, data(&input))?;
    let mut out = String::new();
    for group in data.chunks(3) {
        let mut three = [0; 3];
        three[..group.len()].copy_from_slice(group);
        let bits = three.iter().fold(0_usize, |bits, it| bits << 8 | usize::from(*it));
        for nth in 0..4 {
            let digit = char::from(DIGITS[bits >> (18 - 6 * nth) & 63]);
            out.push(if nth <= group.len() { digit } else { '=' });
        }
    }
    Ok(Value::str(out))
}

/// A string if it is UTF-8, else bytes. The digits of addresses (`-` and `_`) are understood as well.
fn decode_base64<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    let decoded =
        base64(&text).ok_or_else(|| Raise::new(Code::R0020, "Cannot read text as base 64"));
    Ok(match String::from_utf8(cx.arg(&input, decoded)?) {
        Ok(text) => Value::str(text),
        Err(error) => Value::Bytes(error.into_bytes().into()),
    })
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut bits, mut n_bits) = (0_u32, 0);
    for digit in text.trim_end_matches('=').bytes().filter(|it| !it.is_ascii_whitespace()) {
        let digit = match digit {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
        let six = DIGITS.iter().position(|it| *it == digit)?;
        bits = (bits << 6 | u32::try_from(six).ok()?) & 0xffff;
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            out.push(u8::try_from(bits >> n_bits & 0xff).ok()?);
        }
    }
    (n_bits != 6).then_some(out)
}

fn encode_hex<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let data = cx.arg(&input, data(&input))?;
    let mut out = String::new();
    for byte in data {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    Ok(Value::str(out))
}

fn decode_hex<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(0))?;
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => {
            let digit = |it: &u8| char::from(*it).to_digit(16);
            u8::try_from(digit(high)? << 4 | digit(low)?).ok()
        }
        _ => None,
    });
    let bytes = pairs.collect::<Option<Vec<u8>>>();
    let bytes = bytes.ok_or_else(|| Raise::new(Code::R0020, "Cannot read text as hex digits"));
    cx.arg(&input, bytes).map(|it| Value::Bytes(it.into()))
}
