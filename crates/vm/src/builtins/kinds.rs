//! Sets of kinds of values: on what a method can be called.

use crate::value::Tag;

/// Some of the kinds that there are, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kinds(u64);

/// How many tags there can be.
pub(super) const TAGS: usize = 40;

/// The kinds that methods can be on, in the order in which they are listed.
const NAMED: [Tag; 22] = [
    Tag::Null,
    Tag::Bool,
    Tag::Int,
    Tag::Float,
    Tag::String,
    Tag::Bytes,
    Tag::Array,
    Tag::Dict,
    Tag::Set,
    Tag::Queue,
    Tag::Stack,
    Tag::Range,
    Tag::Variant,
    Tag::Ok,
    Tag::Err,
    Tag::Some,
    Tag::None,
    Tag::Function,
    Tag::Closure,
    Tag::Builtin,
    Tag::Struct,
    Tag::Error,
];

impl Kinds {
    /// A string.
    pub const STRING: Self = Self::of(Tag::String);
    /// Bytes.
    pub const BYTES: Self = Self::of(Tag::Bytes);
    /// An array.
    pub const ARRAY: Self = Self::of(Tag::Array);
    /// A dict.
    pub const DICT: Self = Self::of(Tag::Dict);
    /// A set.
    pub const SET: Self = Self::of(Tag::Set);
    /// A queue.
    pub const QUEUE: Self = Self::of(Tag::Queue);
    /// A stack.
    pub const STACK: Self = Self::of(Tag::Stack);
    /// A range.
    pub const RANGE: Self = Self::of(Tag::Range);
    /// A generator or an iterator.
    pub const LAZY: Self = Self::of(Tag::Generator).or(Self::of(Tag::Iterator));
    /// A task or a promise.
    pub const TASK: Self = Self::of(Tag::Task).or(Self::of(Tag::Promise));
    /// A channel.
    pub const CHANNEL: Self = Self::of(Tag::Channel);
    /// An int.
    pub const INT: Self = Self::of(Tag::Int);
    /// An int or a float.
    pub const NUMBER: Self = Self::of(Tag::Int).or(Self::of(Tag::Float));
    /// A Result.
    pub const RESULT: Self = Self::of(Tag::Ok).or(Self::of(Tag::Err));
    /// An Option.
    pub const OPTION: Self = Self::of(Tag::Some).or(Self::of(Tag::None));
    /// A Result or an Option.
    pub const WRAPPER: Self = Self::RESULT.or(Self::OPTION);
    /// Elements in an order, and nothing but elements.
    pub const SEQUENCE: Self = Self::ARRAY.or(Self::RANGE).or(Self::QUEUE).or(Self::STACK);
    /// Whatever a loop can go through and has elements.
    pub const ITERABLE: Self =
        Self::SEQUENCE.or(Self::STRING).or(Self::SET).or(Self::DICT).or(Self::BYTES);
    /// Everything that has a length.
    pub const SIZED: Self = Self::ITERABLE;
    /// Everything but structs, whose methods are their own, and what scripts never see.
    pub const ANY: Self = Self(
        !(Self::of(Tag::Undefined).0
            | Self::of(Tag::Moved).0
            | Self::of(Tag::Cell).0
            | Self::of(Tag::Type).0
            | Self::of(Tag::Struct).0),
    );

    /// That kind alone.
    #[must_use]
    pub const fn of(tag: Tag) -> Self {
        Self(1 << tag as u8)
    }

    /// Those of both.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether that kind is one of them.
    #[must_use]
    pub const fn has(self, tag: Tag) -> bool {
        self.0 >> (tag as u8) & 1 == 1
    }

    /// What they are called, each name once; `any` for all that have methods at all.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        if self == Self::ANY {
            return vec!["any"];
        }
        let mut names = Vec::new();
        for tag in NAMED {
            let name = tag.type_name();
            if self.has(tag) && !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether the kind of that number is one of them.
    pub(super) const fn has_number(self, tag: usize) -> bool {
        tag < TAGS && self.0 >> tag & 1 == 1
    }
}
