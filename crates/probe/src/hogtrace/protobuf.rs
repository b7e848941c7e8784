//! As much of protobuf as these programs need. Other than the module format, which has one spelling, this reads what any
//! encoder may write: fields in any order, unknown ones, the last of several.
//!
//! Facts: <https://protobuf.dev/programming-guides/encoding/>.

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field<'a> {
    Varint(u64),
    Fixed64(u64),
    Fixed32(u32),
    Bytes(&'a [u8]),
}

/// The fields of a message, in the order of the bytes. Allocates nothing.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next field with its number; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Field<'a>)>, &'static str> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key = self.varint()?;
        let field = match key & 7 {
            0 => Field::Varint(self.varint()?),
            1 => Field::Fixed64(u64::from_le_bytes(self.chunk()?)),
            2 => {
                let len = usize::try_from(self.varint()?).map_err(|_| "a length does not fit")?;
                let (bytes, rest) = self.0.split_at_checked(len).ok_or(SHORT)?;
                self.0 = rest;
                Field::Bytes(bytes)
            }
            5 => Field::Fixed32(u32::from_le_bytes(self.chunk()?)),
            _ => return Err("a field is of no known type"),
        };
        match key >> 3 {
            0 => Err("a field has the number 0"),
            number => Ok(Some((number, field))),
        }
    }

    fn chunk<const N: usize>(&mut self) -> Result<[u8; N], &'static str> {
        let (bytes, rest) = self.0.split_first_chunk::<N>().ok_or(SHORT)?;
        self.0 = rest;
        Ok(*bytes)
    }

    fn varint(&mut self) -> Result<u64, &'static str> {
        let mut value = 0_u64;
        for nth in 0..10 {
            let [byte] = self.chunk::<1>()?;
            if nth == 9 && byte > 1 {
                break;
            }
            value |= u64::from(byte & 0x7f) << (7 * nth);
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err("a number does not fit in 64 bits")
    }
}

const SHORT: &str = "the bytes end too early";

pub(super) fn write_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
}

pub(super) fn write_number(out: &mut Vec<u8>, field: u64, value: u64) {
    write_varint(out, field << 3);
    write_varint(out, value);
}

pub(super) fn write_fixed64(out: &mut Vec<u8>, field: u64, value: u64) {
    write_varint(out, field << 3 | 1);
    out.extend(value.to_le_bytes());
}

pub(super) fn write_fixed32(out: &mut Vec<u8>, field: u64, value: u32) {
    write_varint(out, field << 3 | 5);
    out.extend(value.to_le_bytes());
}

pub(super) fn write_bytes(out: &mut Vec<u8>, field: u64, value: &[u8]) {
    write_varint(out, field << 3 | 2);
    write_varint(out, value.len() as u64);
    out.extend_from_slice(value);
}
