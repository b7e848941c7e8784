//! The builtins: functions and methods, family by family.
//!
//! Written from the language's documents alone, in the plainest way. What takes a function of the script calls it right
//! here. Work that grows with the arguments is charged before it is done; sizes that a script decides are bounded.

mod array;
mod assert;
mod bits;
mod bytes;
mod collection;
mod convert;
mod csv;
mod date;
mod dict;
mod hash;
mod higher;
mod input;
mod json;
mod kind;
mod kinds;
mod math;
mod order;
mod output;
mod path;
mod queue;
mod random;
mod regex;
mod result;
mod set;
mod store;
mod text;
mod world;

use std::collections::HashMap;

use remora_diagnostics::Code;

pub(crate) use convert::shortened;
pub(crate) use input::Input;
pub(crate) use random::Random;

use self::kinds::Kinds;
use crate::eval::Interp;
use crate::ops::MAX_SIZE;
use crate::stop::Eval;
use crate::value::Value;

/// A builtin function.
#[derive(Debug)]
pub(crate) struct Builtin {
    pub(crate) name: &'static str,
    /// Fewest arguments.
    pub(crate) min: usize,
    /// Most arguments.
    pub(crate) max: usize,
    pub(crate) call: Native,
}

pub(crate) type Native = for<'h, 'p> fn(&mut Interp<'h, 'p>, Input<'p>) -> Eval<'p>;
pub(crate) type InPlace =
    for<'h, 'p> fn(&mut Interp<'h, 'p>, &mut Value<'p>, Input<'p>) -> Eval<'p>;

/// A method of built-in values.
#[derive(Debug)]
pub(crate) struct Method {
    kinds: Kinds,
    pub(crate) name: &'static str,
    /// Fewest arguments, without the receiver.
    pub(crate) min: usize,
    /// Most arguments.
    pub(crate) max: usize,
    pub(crate) call: MethodCall,
}

/// How a method is called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum MethodCall {
    /// As a function that has the receiver as its first argument.
    Read(Native),
    /// On the place that the receiver is in, which it changes.
    Change(InPlace),
}

/// As many arguments as one likes.
const ANY_NUMBER: usize = usize::MAX;

const fn function(name: &'static str, min: usize, max: usize, call: Native) -> Builtin {
    Builtin { name, min, max, call }
}

const fn method(kinds: Kinds, name: &'static str, min: usize, max: usize, call: Native) -> Method {
    Method { kinds, name, min, max, call: MethodCall::Read(call) }
}

const fn change(kinds: Kinds, name: &'static str, min: usize, max: usize, call: InPlace) -> Method {
    Method { kinds, name, min, max, call: MethodCall::Change(call) }
}

static FUNCTIONS: &[&[Builtin]] = &[
    output::FUNCTIONS,
    convert::FUNCTIONS,
    kind::FUNCTIONS,
    collection::FUNCTIONS,
    text::FUNCTIONS,
    array::FUNCTIONS,
    higher::FUNCTIONS,
    order::FUNCTIONS,
    dict::FUNCTIONS,
    set::FUNCTIONS,
    queue::FUNCTIONS,
    math::FUNCTIONS,
    bits::FUNCTIONS,
    random::FUNCTIONS,
    store::FUNCTIONS,
    result::FUNCTIONS,
    assert::FUNCTIONS,
    bytes::FUNCTIONS,
    hash::FUNCTIONS,
    path::FUNCTIONS,
    json::FUNCTIONS,
    regex::FUNCTIONS,
    csv::FUNCTIONS,
    date::FUNCTIONS,
    world::FUNCTIONS,
];

static METHODS: &[&[Method]] = &[
    collection::METHODS,
    text::METHODS,
    array::METHODS,
    higher::METHODS,
    order::METHODS,
    dict::METHODS,
    set::METHODS,
    queue::METHODS,
    math::METHODS,
    convert::METHODS,
    result::METHODS,
    bytes::METHODS,
];

/// All functions by name.
pub(crate) fn table() -> HashMap<&'static str, &'static Builtin> {
    FUNCTIONS.iter().copied().flatten().map(|it| (it.name, it)).collect()
}

/// The method of that name for a value.
pub(crate) fn method_of(receiver: &Value<'_>, name: &str) -> Option<&'static Method> {
    METHODS.iter().copied().flatten().find(|it| it.name == name && it.kinds.has(receiver))
}

/// The names of the methods that a value has.
pub(crate) fn methods_of(receiver: &Value<'_>) -> impl Iterator<Item = &'static str> {
    METHODS.iter().copied().flatten().filter(|it| it.kinds.has(receiver)).map(|it| it.name)
}

impl<'p> Interp<'_, 'p> {
    /// Makes room for `n` bytes or elements: L0002 when that is too much, L0001 when the work is.
    fn make_room(&mut self, input: &Input<'p>, n: usize) -> Eval<'p, ()> {
        if n > MAX_SIZE {
            return self.fail(input.span, Code::L0002, "Memory limit reached");
        }
        self.charge(input.span, n / 16)
    }
}
