//! The shared pool of constants and names, in the order of first use.
//!
//! First use is defined by one walk over the module, in the order in which the writer needs things. The reader checks
//! that what it reads has that order, so that each module has one spelling.

use std::collections::HashMap;
use std::sync::Arc;

use super::WireError;
use super::budget::Meter;
use super::protobuf::{Reader, Writer};
use crate::constant::Constant;

/// A pool that is being written.
#[derive(Default)]
pub(super) struct PoolWriter {
    items: Vec<Constant>,
    index: HashMap<Constant, u32>,
}

impl PoolWriter {
    pub(super) fn constant(&mut self, constant: &Constant) -> u32 {
        if let Some(known) = self.index.get(constant) {
            return *known;
        }
        let next = u32::try_from(self.items.len()).unwrap_or(u32::MAX);
        self.items.push(constant.clone());
        self.index.insert(constant.clone(), next);
        next
    }

    pub(super) fn name(&mut self, name: &Arc<str>) -> u32 {
        self.constant(&Constant::Str(Arc::clone(name)))
    }

    pub(super) fn write(&self, field: u32, out: &mut Writer) {
        for item in &self.items {
            out.message(field, |out| match item {
                Constant::Null => out.choice(1, 1),
                Constant::Bool(value) => out.choice(2, u64::from(*value)),
                Constant::Int(value) => {
                    out.choice(3, ((value << 1) ^ (value >> 63)).cast_unsigned());
                }
                Constant::Float(bits) => out.fixed64(4, *bits),
                Constant::Str(text) => out.message_bytes(5, text.as_bytes()),
                Constant::Bytes(bytes) => out.message_bytes(6, bytes),
            });
        }
    }
}

/// A pool that has been read.
#[derive(Default, Debug)]
pub(super) struct PoolReader {
    items: Vec<Constant>,
    /// How many have been used; the next to be used for the first time is this one.
    n_used: usize,
}

impl PoolReader {
    pub(super) fn read(
        field: u32,
        from: &mut Reader<'_>,
        meter: &mut Meter,
    ) -> Result<Self, WireError> {
        let mut items = meter.list(from.count(field)?)?;
        while let Some(mut item) = from.repeated(field)? {
            items.push(constant(&mut item, meter)?);
            item.end()?;
        }
        let mut seen = std::collections::HashSet::new();
        meter.charge(items.len().saturating_mul(2 * size_of::<&Constant>()))?;
        if !items.iter().all(|it| seen.insert(it)) {
            return Err(from.error("the pool holds something twice"));
        }
        Ok(Self { items, n_used: 0 })
    }

    #[inline(never)]
    pub(super) fn constant(&mut self, index: u32) -> Result<Constant, WireError> {
        let index = index as usize;
        match self.items.get(index) {
            Some(item) if index <= self.n_used => {
                self.n_used = self.n_used.max(index + 1);
                Ok(item.clone())
            }
            Some(_) => Err(WireError::malformed(0, "the pool is not in the order of first use")),
            None => Err(WireError::malformed(0, "an index is beyond the pool")),
        }
    }

    #[inline(never)]
    pub(super) fn name(&mut self, index: u32) -> Result<Arc<str>, WireError> {
        match self.constant(index)? {
            Constant::Str(name) => Ok(name),
            _ => Err(WireError::malformed(0, "a name is no text")),
        }
    }

    /// Everything in the pool has been used.
    pub(super) fn end(&self) -> Result<(), WireError> {
        if self.n_used == self.items.len() {
            return Ok(());
        }
        Err(WireError::malformed(0, "the pool holds what nothing uses"))
    }
}

fn constant(from: &mut Reader<'_>, meter: &mut Meter) -> Result<Constant, WireError> {
    if let Some(value) = from.choice(1)? {
        return if value == 1 {
            Ok(Constant::Null)
        } else {
            Err(from.error("null is written as 1"))
        };
    }
    if let Some(value) = from.choice(2)? {
        return match value {
            0 => Ok(Constant::Bool(false)),
            1 => Ok(Constant::Bool(true)),
            _ => Err(from.error("a bool is neither 0 nor 1")),
        };
    }
    if let Some(value) = from.choice(3)? {
        return Ok(Constant::Int((value >> 1).cast_signed() ^ -((value & 1).cast_signed())));
    }
    if let Some(bits) = from.fixed64(4)? {
        return Ok(Constant::Float(bits));
    }
    if let Some(text) = from.choice_bytes(5)? {
        let text = std::str::from_utf8(text).map_err(|_| from.error("a text is not UTF-8"))?;
        meter.charge(text.len())?;
        return Ok(Constant::text(text));
    }
    if let Some(bytes) = from.choice_bytes(6)? {
        meter.charge(bytes.len())?;
        return Ok(Constant::Bytes(bytes.into()));
    }
    Err(from.error("a constant is of no kind"))
}
