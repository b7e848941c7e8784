//! Values under names that all tasks of a program see.

use remora_diagnostics::Code;

use super::{Builtin, Input, function, shortened};
use crate::eval::Interp;
use crate::stop::{Eval, Raise};
use crate::value::{Key, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("shared_set", 2, 2, |cx, mut input| {
        let name = Key::Str(cx.arg(&input, input.text(0))?);
        cx.shared.insert(name, input.take(1));
        Ok(Value::Null)
    }),
    function("shared_get", 1, 2, |cx, mut input| {
        let name = cx.arg(&input, input.text(0))?;
        match cx.shared.find(&Key::Str(name.clone())) {
            Some(value) => Ok(value.clone()),
            None if input.values.len() > 1 => Ok(input.take(1)),
            None => {
                let message = format!("No shared value is named \"{}\"", shortened(&name));
                cx.fail(input.span, Code::R0009, message)
            }
        }
    }),
    function("shared_has", 1, 1, |cx, input| {
        let name = Key::Str(cx.arg(&input, input.text(0))?);
        Ok(Value::Bool(cx.shared.contains(&name)))
    }),
    function("shared_delete", 1, 1, |cx, input| {
        let name = Key::Str(cx.arg(&input, input.text(0))?);
        Ok(Value::Bool(cx.shared.remove(&name).is_some()))
    }),
    function("shared_add_int", 2, 2, add_int),
];

/// Adds to the int under a name, which begins at 0.
fn add_int<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let name = Key::Str(cx.arg(&input, input.text(0))?);
    let amount = cx.arg(&input, input.int(1))?;
    let old = match cx.shared.find(&name) {
        None => 0,
        Some(Value::Int(it)) => *it,
        Some(other) => {
            let got = other.type_name();
            let message = format!("shared_add_int expects a name of an int, got {got}");
            return cx.arg(&input, Err(Raise::new(Code::R0004, message)));
        }
    };
    let Some(sum) = old.checked_add(amount) else {
        return cx.fail(input.span, Code::R0007, format!("Integer overflow: {old} + {amount}"));
    };
    cx.shared.insert(name, Value::Int(sum));
    Ok(Value::Int(sum))
}
