//! Paths as text, with `/`.

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("basename", 1, 1, basename),
    function("dirname", 1, 1, dirname),
    function("join_path", 1, super::ANY_NUMBER, join_path),
];

fn basename<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let path = cx.arg(&input, input.text(0))?;
    Ok(Value::str(path.trim_end_matches('/').rsplit('/').next().unwrap_or("")))
}

fn dirname<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let path = cx.arg(&input, input.text(0))?;
    Ok(Value::str(match path.trim_end_matches('/').rsplit_once('/') {
        Some(("", _)) => "/",
        Some((parent, _)) => parent,
        None => ".",
    }))
}

fn join_path<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut path = String::new();
    for at in 0..input.values.len() {
        let part = cx.arg(&input, input.text(at))?;
        if part.starts_with('/') {
            path.clear();
        } else if !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(&part);
    }
    Ok(Value::str(path))
}
