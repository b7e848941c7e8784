//! What kind of value something is.

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::{Value, Wrap};

/// A question with a bool for an answer.
macro_rules! question {
    ($name:literal, $pattern:pat) => {
        function($name, 1, 1, |_, input| Ok(Value::Bool(matches!(input.value(0), $pattern))))
    };
}

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("type", 1, 1, type_of),
    function("type_of", 1, 1, type_of),
    question!("is_null", Value::Null),
    question!("is_bool", Value::Bool(_)),
    question!("is_int", Value::Int(_)),
    question!("is_float", Value::Float(_)),
    question!("is_number", Value::Int(_) | Value::Float(_)),
    question!("is_string", Value::Str(_)),
    question!("is_bytes", Value::Bytes(_)),
    question!("is_array", Value::Array(_)),
    question!("is_dict", Value::Dict(_)),
    question!("is_set", Value::Set(_)),
    question!("is_queue", Value::Queue(_)),
    question!("is_stack", Value::Stack(_)),
    question!("is_range", Value::Range(_)),
    question!("is_function", Value::Function(_) | Value::Builtin(_) | Value::Foreign(_)),
    question!("is_struct", Value::Struct(_)),
    question!("is_enum", Value::Enum(_)),
    question!("is_result", Value::Wrapped(Wrap::Ok | Wrap::Err, _)),
    question!("is_option", Value::Wrapped(Wrap::Some, _) | Value::Nothing),
    question!("is_error", Value::Error(_)),
    function("is_truthy", 1, 1, |_, input| Ok(Value::Bool(input.value(0).is_truthy()))),
];

fn type_of<'p>(_cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    Ok(Value::str(input.value(0).type_name()))
}
