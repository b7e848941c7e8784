//! What kind of thing a [`Value`](super::Value) is: one byte, ordered so that common questions are one comparison.

/// The kind of a value. Immediates come first, so that "lives on the heap" is one comparison; numbers are neighbours.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[repr(u8)]
pub enum Tag {
    /// `null`.
    Null = 0,
    /// Nothing yet: an unassigned variable, a parameter that was not given, a hole. Never seen by a script.
    Undefined = 1,
    /// A variable whose value is away, being changed by a `mut self` method. Never seen by a script.
    Moved = 2,
    /// `true` or `false`.
    Bool = 3,
    /// A 64-bit integer.
    Int = 4,
    /// A 64-bit float.
    Float = 5,
    /// The Option that holds nothing.
    None = 6,
    /// A script function without captured variables.
    Function = 7,
    /// A function of the host or the engine.
    Builtin = 8,
    /// A struct or enum as such.
    Type = 9,

    /// UTF-8 text.
    String = 16,
    /// Raw bytes.
    Bytes = 17,
    /// An array, packed or not.
    Array = 18,
    /// A dict, in insertion order.
    Dict = 19,
    /// A set, in insertion order.
    Set = 20,
    /// First in, first out.
    Queue = 21,
    /// Last in, first out.
    Stack = 22,
    /// A value of a struct.
    Struct = 23,
    /// A value of an enum.
    Variant = 24,
    /// A Result that holds a value.
    Ok = 25,
    /// A Result that holds an error.
    Err = 26,
    /// An Option that holds a value.
    Some = 27,
    /// A script function with captured variables.
    Closure = 28,
    /// A captured variable.
    Cell = 29,
    /// A range of ints.
    Range = 30,
    /// A caught error.
    Error = 31,
    /// A running function that gives one value after the other.
    Generator = 32,
    /// The same, made by a builtin: elements that are taken from something else when they are asked for.
    Iterator = 33,
    /// A block that runs beside others.
    Task = 34,
    /// What an async function will give.
    Promise = 35,
    /// Values on their way from task to task.
    Channel = 36,
    /// A value of a type of the host.
    Object = 37,
}

impl Tag {
    /// The first tag of a value that lives on the heap.
    pub const FIRST_HEAP: u8 = Self::String as u8;

    /// Whether values of this kind live on the heap and are counted.
    #[inline(always)]
    #[must_use]
    pub const fn is_heap(self) -> bool {
        self as u8 >= Self::FIRST_HEAP
    }

    /// What `type(x)` calls it.
    #[must_use]
    pub const fn type_name(self) -> &'static str {
        match self {
            Self::Null | Self::Undefined | Self::Moved => "null",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::None | Self::Some => "option",
            Self::Function | Self::Builtin | Self::Closure => "function",
            Self::Type => "type",
            Self::String => "string",
            Self::Bytes => "bytes",
            Self::Array => "array",
            Self::Dict => "dict",
            Self::Set => "set",
            Self::Queue => "queue",
            Self::Stack => "stack",
            Self::Struct => "struct",
            Self::Variant => "enum",
            Self::Ok | Self::Err => "result",
            Self::Cell => "cell",
            Self::Range => "range",
            Self::Error => "error",
            Self::Generator => "generator",
            Self::Iterator => "iterator",
            Self::Task => "task",
            Self::Promise => "promise",
            Self::Channel => "channel",
            Self::Object => "object",
        }
    }
}
