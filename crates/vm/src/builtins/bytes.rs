//! Bytes, and their spellings as text.

use remora_diagnostics::Code;

use super::{Builtin, Call, Kinds, Method, Row, arg, build, items, rows};
use crate::fault::{Fault, Res};
use crate::heap::{Buf, bytes_of, str_of};
use crate::host::{Args, HostCx};
use crate::ops::bulk_units;
use crate::value::Value;

pub(super) const ROWS: &[Row] = &rows([
    Builtin {
        signature: "bytes(from?: string | array | bytes | int) -> bytes",
        doc: "The bytes of a string in UTF-8, or those that an array of ints lists, or so many zeros.",
        raises: &[Code::R0004, Code::R0012],
        cost: "one unit for each 64 bytes or 16 elements",
        example: ("print(len(bytes(\"né\")), bytes([1, 255]))", "3 bytes [1, 255]"),
        call: Call::Native(bytes),
        methods: &[(Kinds::STRING, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "decode_utf8(data: bytes) -> string",
        doc: "The string that bytes are in UTF-8.",
        raises: &[Code::R0004, Code::R0020],
        cost: "one unit for each 64 bytes",
        example: ("print(decode_utf8(bytes([104, 105])))", "hi"),
        call: Call::Native(decode_utf8),
        methods: &[(Kinds::BYTES, Method::Function)],
        ..Builtin::ROW
    },
    Builtin {
        signature: "encode_base64(data: string | bytes) -> string",
        doc: "In base 64 (RFC 4648), with `=` at the end.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 bytes",
        example: ("print(encode_base64(\"hello\"))", "aGVsbG8="),
        call: Call::Native(encode_base64),
        ..Builtin::ROW
    },
    Builtin {
        signature: "decode_base64(text: string) -> string | bytes",
        doc: "What base 64 stands for: a string if it is UTF-8, else bytes.",
        raises: &[Code::R0004, Code::R0020],
        cost: "one unit for each 16 bytes",
        example: ("print(decode_base64(\"aGVsbG8=\"))", "hello"),
        call: Call::Native(decode_base64),
        ..Builtin::ROW
    },
    Builtin {
        signature: "encode_hex(data: string | bytes) -> string",
        doc: "Two digits for each byte.",
        raises: &[Code::R0004],
        cost: "one unit for each 16 bytes",
        example: ("print(encode_hex(\"hi\"))", "6869"),
        call: Call::Native(encode_hex),
        ..Builtin::ROW
    },
    Builtin {
        signature: "decode_hex(text: string) -> bytes",
        doc: "The bytes that pairs of digits stand for.",
        raises: &[Code::R0004, Code::R0020],
        cost: "one unit for each 16 bytes",
        example: ("print(decode_hex(\"00ff\"))", "bytes [0, 255]"),
        call: Call::Native(decode_hex),
        ..Builtin::ROW
    },
]);

/// A new value of these bytes.
pub(super) fn new(cx: &mut HostCx<'_>, bytes: &[u8]) -> Res<Value> {
    cx.charge(bulk_units(bytes.len()))?;
    let body = Buf::copy_of(cx.heap.memory_mut(), bytes)?;
    cx.heap.new_bytes(body)
}

/// The bytes of a string or of bytes.
pub(super) fn data<'v>(cx: &HostCx<'_>, value: &'v Value, at: usize) -> Res<&'v [u8]> {
    let text = str_of(value).map(|it| it.as_str().as_bytes());
    let data = text.or_else(|| bytes_of(value).map(|it| it.as_slice()));
    data.ok_or_else(|| arg::wrong(cx, at, "a string or bytes", *value))
}

fn bytes(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    let Some(value) = arg::given(&args, 0) else { return new(cx, &[]) };
    if bytes_of(&value).is_some() {
        return Ok(args.take(0));
    }
    if let Some(text) = str_of(&value) {
        return new(cx, text.as_str().as_bytes());
    }
    if value.to_int().is_some() {
        let n = arg::count(cx, &args, 0)?;
        let body = Buf::with_capacity(cx.heap.memory_mut(), n)?;
        let fresh = cx.heap.new_bytes(body)?;
        return build::filled(cx, fresh, |cx, out| {
            cx.charge(bulk_units(n))?;
            match cx.heap.bytes_mut(out) {
                Some((out, mem)) => out.extend_with(mem, 0, n),
                None => Ok(()),
            }
        });
    }
    items::with(cx, &args, 0, |cx, array| {
        cx.charge((array.len() / 16) as u64)?;
        let body = Buf::with_capacity(cx.heap.memory_mut(), array.len())?;
        let fresh = cx.heap.new_bytes(body)?;
        build::filled(cx, fresh, |cx, out| {
            for item in array.iter() {
                let Some(byte) = item.to_int().and_then(|it| u8::try_from(it).ok()) else {
                    return Err(arg::invalid(cx, "ints from 0 to 255"));
                };
                if let Some((out, mem)) = cx.heap.bytes_mut(out) {
                    out.push(mem, byte)?;
                }
            }
            Ok(())
        })
    })
}

fn decode_utf8(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let data = data(cx, &value, 0)?;
    cx.charge(bulk_units(data.len()))?;
    match core::str::from_utf8(data) {
        Ok(text) => cx.heap.new_string(text),
        Err(_) => Err(Fault::new(Code::R0020, "Cannot read bytes as UTF-8")),
    }
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn encode_base64(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let data = data(cx, &value, 0)?;
    cx.charge((data.len() / 16) as u64)?;
    build::text(cx, data.len().div_ceil(3).saturating_mul(4), |cx, out| {
        for group in data.chunks(3) {
            let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
            let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
            for at in 0..4 {
                let digit = (bits >> (18 - 6 * at)) & 63;
                let char = if at > group.len() { '=' } else { char::from(DIGITS[digit as usize]) };
                out.push_char(cx, char)?;
            }
        }
        Ok(())
    })
}

fn decode_base64(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str();
    cx.charge((text.len() / 16) as u64)?;
    let digits = text.trim_end_matches('=').bytes().filter(|it| !it.is_ascii_whitespace());
    let body = Buf::with_capacity(cx.heap.memory_mut(), text.len() / 4 * 3 + 3)?;
    let fresh = cx.heap.new_bytes(body)?;
    let bytes = build::filled(cx, fresh, |cx, out| {
        let (mut bits, mut n_bits) = (0u32, 0);
        for digit in digits {
            let Some(six) = six_bits(digit) else { return Err(unreadable("base 64")) };
            bits = bits << 6 | six;
            n_bits += 6;
            if n_bits >= 8 {
                n_bits -= 8;
                push_byte(cx, out, bits >> n_bits)?;
            }
        }
        if n_bits == 6 { Err(unreadable("base 64")) } else { Ok(()) }
    })?;
    let decoded = bytes_of(&bytes).and_then(|it| core::str::from_utf8(it.as_slice()).ok());
    let Some(text) = decoded else { return Ok(bytes) };
    let text = cx.heap.new_string(text);
    cx.heap.release(bytes);
    text
}

/// What a digit of base 64, also of its form for addresses, stands for.
fn six_bits(digit: u8) -> Option<u32> {
    Some(u32::from(match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    }))
}

fn push_byte(cx: &mut HostCx<'_>, out: Value, bits: u32) -> Res<()> {
    let [.., byte] = bits.to_be_bytes();
    match cx.heap.bytes_mut(out) {
        Some((out, mem)) => out.push(mem, byte),
        None => Ok(()),
    }
}

fn encode_hex(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let data = data(cx, &value, 0)?;
    cx.charge((data.len() / 16) as u64)?;
    build::text(cx, data.len().saturating_mul(2), |cx, out| {
        for byte in data {
            for nibble in [byte >> 4, byte & 15] {
                out.push_char(cx, char::from_digit(u32::from(nibble), 16).unwrap_or('0'))?;
            }
        }
        Ok(())
    })
}

fn decode_hex(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let text = arg::text(cx, &value, 0)?.as_str().as_bytes();
    cx.charge((text.len() / 16) as u64)?;
    let body = Buf::with_capacity(cx.heap.memory_mut(), text.len() / 2)?;
    let fresh = cx.heap.new_bytes(body)?;
    build::filled(cx, fresh, |cx, out| {
        for pair in text.chunks(2) {
            let digit = |at: usize| pair.get(at).and_then(|&it| char::from(it).to_digit(16));
            let Some((high, low)) = digit(0).zip(digit(1)) else {
                return Err(unreadable("hex digits"));
            };
            push_byte(cx, out, high << 4 | low)?;
        }
        Ok(())
    })
}

#[cold]
fn unreadable(what: &str) -> Box<Fault> {
    Fault::new(Code::R0020, format!("Cannot read text as {what}"))
}
