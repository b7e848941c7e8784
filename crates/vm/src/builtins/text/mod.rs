//! Strings. Indices and lengths count code points; cases and spaces are Unicode's.

pub(super) mod case;
pub(super) mod find;
pub(super) mod format;
pub(super) mod pad;
pub(super) mod split;

use core::ops::Range;

pub(super) use self::split::joined;
use super::build;
use crate::fault::Res;
use crate::host::HostCx;
use crate::object::Str;
use crate::ops::bulk_units;
use crate::value::Value;

/// The characters of a string from an index to before another, both at most its length.
pub(super) fn part(cx: &mut HostCx<'_>, text: Str<'_>, chars: Range<usize>) -> Res<Value> {
    cx.charge(bulk_units(text.as_str().len()))?;
    let start = text.offset_of(chars.start).unwrap_or(0);
    let end = text.offset_of(chars.end).unwrap_or(start);
    cx.heap.new_string(text.as_str().get(start..end).unwrap_or_default())
}

/// A text backwards.
pub(super) fn reversed(cx: &mut HostCx<'_>, text: &str) -> Res<Value> {
    cx.charge(units_by_char(text))?;
    build::text(cx, text.len(), |cx, out| {
        text.chars().rev().try_for_each(|char| out.push_char(cx, char))
    })
}

/// What going through a text character by character costs.
fn units_by_char(text: &str) -> u64 {
    (text.len() / 8) as u64
}
