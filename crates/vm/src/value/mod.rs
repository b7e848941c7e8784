//! The 16 bytes that every register, element and field holds.
//!
//! A [`Value`] is plain data: copying one counts nothing and dropping one frees nothing. Whoever keeps a copy beyond the
//! life of the original says so with [`Heap::retain`], and gives it up with [`Heap::release`]. That is what makes an
//! interpreter's moves free; the price is that the owners in this crate (registers, cells, elements, host handles) must
//! each know what they own. The words used in the docs: a function *takes over* a value (one count goes in, also when it
//! fails), *gives* one (one count comes out), or *looks at* one (no count moves). Looking is the default.
//!
//! [`Heap::retain`]: crate::heap::Heap::retain
//! [`Heap::release`]: crate::heap::Heap::release

mod tag;
mod view;

use core::fmt;
use core::ptr::NonNull;

pub use self::tag::Tag;
pub use self::view::View;
use crate::heap::{Header, object_of};
use crate::object::HostObject;

/// Which function of the loaded program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FunctionId(pub u32);

/// Which builtin or host function of the loaded program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct BuiltinId(pub u32);

/// Which struct or enum of the loaded program; see [`TypeTable`](crate::shape::TypeTable).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct TypeId(pub u32);

/// A script value: a tag and eight bytes that the tag explains.
///
/// Two fields on purpose: the compiler then moves it as two scalars. One 16-byte vector move after two separate stores
/// would wait for the store buffer (about 12 cycles).
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Value {
    tag: Tag,
    payload: u64,
}

const _: () = assert!(size_of::<Value>() == 16 && align_of::<Value>() == 8);

impl Value {
    /// `null`.
    pub const NULL: Self = Self::immediate(Tag::Null, 0);
    /// Nothing yet; see [`Tag::Undefined`].
    pub const UNDEFINED: Self = Self::immediate(Tag::Undefined, 0);
    /// Away; see [`Tag::Moved`].
    pub const MOVED: Self = Self::immediate(Tag::Moved, 0);
    /// `true`.
    pub const TRUE: Self = Self::bool(true);
    /// `false`.
    pub const FALSE: Self = Self::bool(false);
    /// The Option that holds nothing.
    pub const NONE: Self = Self::immediate(Tag::None, 0);

    #[inline(always)]
    const fn immediate(tag: Tag, payload: u64) -> Self {
        Self { tag, payload }
    }

    /// An int.
    #[inline(always)]
    #[must_use]
    pub const fn int(value: i64) -> Self {
        Self::immediate(Tag::Int, value.cast_unsigned())
    }

    /// A float.
    #[inline(always)]
    #[must_use]
    pub const fn float(value: f64) -> Self {
        Self::immediate(Tag::Float, value.to_bits())
    }

    /// A bool.
    #[inline(always)]
    #[must_use]
    pub const fn bool(value: bool) -> Self {
        Self::immediate(Tag::Bool, value as u64)
    }

    /// A script function that captures nothing.
    #[inline(always)]
    #[must_use]
    pub const fn function(id: FunctionId) -> Self {
        Self::immediate(Tag::Function, id.0 as u64)
    }

    /// A builtin or host function.
    #[inline(always)]
    #[must_use]
    pub const fn builtin(id: BuiltinId) -> Self {
        Self::immediate(Tag::Builtin, id.0 as u64)
    }

    /// A struct or enum as a value.
    #[inline(always)]
    #[must_use]
    pub const fn type_ref(id: TypeId) -> Self {
        Self::immediate(Tag::Type, id.0 as u64)
    }

    /// A length or an index as an int.
    #[inline(always)]
    #[must_use]
    pub fn len(len: usize) -> Self {
        Self::int(i64::try_from(len).unwrap_or(i64::MAX))
    }

    /// The value that refers to a heap object. Does not count: the object's first count is the caller's.
    #[inline(always)]
    pub(crate) fn object(tag: Tag, at: NonNull<Header>) -> Self {
        debug_assert!(tag.is_heap());
        Self { tag, payload: at.as_ptr().expose_provenance() as u64 }
    }

    /// Where the heap object of this value begins.
    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a pointer of this machine, stored by `object`"
    )]
    pub(crate) fn header(self) -> *mut Header {
        debug_assert!(self.tag.is_heap());
        core::ptr::with_exposed_provenance_mut(self.payload as usize)
    }

    /// The kind.
    #[inline(always)]
    #[must_use]
    pub const fn tag(self) -> Tag {
        self.tag
    }

    /// The eight bytes that the tag explains.
    #[inline(always)]
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.payload
    }

    /// What `type(x)` calls it: for an object of the host the name of its type.
    #[must_use]
    pub fn type_name(self) -> &'static str {
        object_of(&self).map_or(self.tag.type_name(), HostObject::type_name)
    }

    /// Whether it lives on the heap and is counted.
    #[inline(always)]
    #[must_use]
    pub const fn is_heap(self) -> bool {
        self.tag.is_heap()
    }

    /// Whether it is `null`.
    #[inline(always)]
    #[must_use]
    pub const fn is_null(self) -> bool {
        matches!(self.tag, Tag::Null)
    }

    /// Whether it is an int or a float.
    #[inline(always)]
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self.tag, Tag::Int | Tag::Float)
    }

    /// Whether a script variable holds it: neither unassigned nor away.
    #[inline(always)]
    #[must_use]
    pub const fn is_defined(self) -> bool {
        !matches!(self.tag, Tag::Undefined | Tag::Moved)
    }

    /// Whether it can be called: a function, a closure, a builtin or a type.
    #[inline(always)]
    #[must_use]
    pub const fn is_function(self) -> bool {
        matches!(self.tag, Tag::Function | Tag::Builtin | Tag::Closure)
    }

    /// The int. The caller has looked at the tag.
    #[inline(always)]
    #[must_use]
    pub const fn as_int(self) -> i64 {
        debug_assert!(matches!(self.tag, Tag::Int));
        self.payload.cast_signed()
    }

    /// The float. The caller has looked at the tag.
    #[inline(always)]
    #[must_use]
    pub const fn as_float(self) -> f64 {
        debug_assert!(matches!(self.tag, Tag::Float));
        f64::from_bits(self.payload)
    }

    /// The bool. The caller has looked at the tag.
    #[inline(always)]
    #[must_use]
    pub const fn as_bool(self) -> bool {
        debug_assert!(matches!(self.tag, Tag::Bool));
        self.payload != 0
    }

    /// The int, if it is one.
    #[inline(always)]
    #[must_use]
    pub const fn to_int(self) -> Option<i64> {
        match self.tag {
            Tag::Int => Some(self.payload.cast_signed()),
            _ => None,
        }
    }

    /// The float, if it is one.
    #[inline(always)]
    #[must_use]
    pub const fn to_float(self) -> Option<f64> {
        match self.tag {
            Tag::Float => Some(f64::from_bits(self.payload)),
            _ => None,
        }
    }

    /// The int or float as a float, rounded to the nearest.
    #[inline(always)]
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "rounding to the nearest float is what is asked for"
    )]
    pub const fn to_number(self) -> Option<f64> {
        match self.tag {
            Tag::Int => Some(self.payload.cast_signed() as f64),
            Tag::Float => Some(f64::from_bits(self.payload)),
            _ => None,
        }
    }

    /// The bool, if it is one.
    #[inline(always)]
    #[must_use]
    pub const fn to_bool(self) -> Option<bool> {
        match self.tag {
            Tag::Bool => Some(self.payload != 0),
            _ => None,
        }
    }

    /// The function, if it is one that captures nothing.
    #[inline(always)]
    #[must_use]
    pub const fn to_function(self) -> Option<FunctionId> {
        match self.tag {
            Tag::Function => Some(FunctionId(self.id())),
            _ => None,
        }
    }

    /// The builtin, if it is one.
    #[inline(always)]
    #[must_use]
    pub const fn to_builtin(self) -> Option<BuiltinId> {
        match self.tag {
            Tag::Builtin => Some(BuiltinId(self.id())),
            _ => None,
        }
    }

    /// The struct or enum, if it is one as such.
    #[inline(always)]
    #[must_use]
    pub const fn to_type(self) -> Option<TypeId> {
        match self.tag {
            Tag::Type => Some(TypeId(self.id())),
            _ => None,
        }
    }

    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "was a u32 when it was stored")]
    const fn id(self) -> u32 {
        self.payload as u32
    }

    /// Whether both are the same immediate or the same object. Not equality: `1` and `1.0` differ, equal strings may.
    #[inline(always)]
    #[must_use]
    pub const fn is_same(self, other: Self) -> bool {
        self.tag as u8 == other.tag as u8 && self.payload == other.payload
    }
}

impl Default for Value {
    fn default() -> Self {
        Self::NULL
    }
}

/// For tests and debuggers: immediates in full, heap values by kind and address.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tag {
            Tag::Int => write!(f, "Int({})", self.as_int()),
            Tag::Float => write!(f, "Float({:?})", self.as_float()),
            Tag::Bool => write!(f, "Bool({})", self.as_bool()),
            Tag::Null | Tag::Undefined | Tag::Moved | Tag::None => write!(f, "{:?}", self.tag),
            tag => write!(f, "{tag:?}({:#x})", self.payload),
        }
    }
}

impl From<i64> for Value {
    #[inline(always)]
    fn from(value: i64) -> Self {
        Self::int(value)
    }
}

impl From<f64> for Value {
    #[inline(always)]
    fn from(value: f64) -> Self {
        Self::float(value)
    }
}

impl From<bool> for Value {
    #[inline(always)]
    fn from(value: bool) -> Self {
        Self::bool(value)
    }
}
