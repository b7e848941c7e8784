//! What operators and places mean beyond the fast paths: the rare kinds, the deep structures, the errors.
//!
//! Nothing here recurses on the native stack, and whatever loops over script-sized data is charged before it is done.

pub mod arith;
pub mod compare;
pub mod convert;
pub mod equal;
pub mod field;
pub mod index;
pub mod object;
pub mod path;
pub mod print;

use crate::fault::Res;
use crate::heap::Heap;
use crate::limits::Charge;
use crate::value::{Tag, Value};

/// Fuel for work on that many bytes or packed elements: one unit for each 64.
#[inline(always)]
#[must_use]
pub const fn bulk_units(len: usize) -> u64 {
    (len / 64) as u64
}

/// Makes `place` the only owner of what it refers to, as [`Heap::make_unique`], and charges for the copy if one is made:
/// one unit for each 16 elements.
///
/// # Errors
/// L0001, L0002 and L0009; nothing has changed then.
#[inline(always)]
pub fn make_unique(
    heap: &mut Heap,
    place: &mut Value,
    charge: &mut (impl Charge + ?Sized),
) -> Res<()> {
    if !place.is_heap() || heap.is_unique(*place) {
        return Ok(());
    }
    copy_shared(heap, place, charge)
}

#[cold]
#[inline(never)]
fn copy_shared(heap: &mut Heap, place: &mut Value, charge: &mut (impl Charge + ?Sized)) -> Res<()> {
    let units = heap.len_of(*place).map_or(0, |len| (len / 16) as u64);
    if units > 0 {
        charge.charge(units)?;
    }
    heap.make_unique(place)
}

/// Whether a condition holds: everything but `null`, `false`, zero, and an empty string, array, dict or set.
#[inline(always)]
#[must_use]
pub fn truthy(heap: &Heap, value: Value) -> bool {
    match value.tag() {
        Tag::Bool => value.as_bool(),
        Tag::Int => value.as_int() != 0,
        Tag::Null => false,
        _ => truthy_rare(heap, value),
    }
}

#[cold]
#[inline(never)]
fn truthy_rare(heap: &Heap, value: Value) -> bool {
    match value.tag() {
        Tag::Float => value.as_float() != 0.0,
        Tag::String | Tag::Array | Tag::Dict | Tag::Set => heap.len_of(value) != Some(0),
        tag => !matches!(tag, Tag::Null | Tag::Undefined | Tag::Moved),
    }
}

impl Heap {
    /// What `type(x)` calls a value: for an object of the host the name of its type.
    #[must_use]
    pub fn type_name(&self, value: Value) -> &'static str {
        value.type_name()
    }

    /// How many elements (for strings: characters) a value has; `None` for kinds that have no length.
    #[must_use]
    pub fn len_of(&self, value: Value) -> Option<usize> {
        match value.tag() {
            Tag::String => self.string(value).map(|it| it.char_count()),
            Tag::Bytes => self.bytes(value).map(|it| it.len()),
            Tag::Array => self.array(value).map(|it| it.len()),
            Tag::Dict => self.dict(value).map(|it| it.len()),
            Tag::Set => self.set(value).map(|it| it.len()),
            Tag::Queue => self.queue(value).map(|it| it.len()),
            Tag::Stack => self.stack(value).map(|it| it.len()),
            Tag::Range => self.range(value).and_then(|it| usize::try_from(it.len()).ok()),
            Tag::Channel => self.channel(value).map(|it| it.items.len()),
            _ => None,
        }
    }
}
