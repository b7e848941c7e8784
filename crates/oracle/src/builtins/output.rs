//! What a program says.

use super::{ANY_NUMBER, Builtin, Input, function};
use crate::eval::Interp;
use crate::print;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("print", 0, ANY_NUMBER, print_line),
    function("println", 0, ANY_NUMBER, print_line),
    function("eprint", 0, ANY_NUMBER, error_line),
    function("debug", 0, ANY_NUMBER, debug_line),
];

fn print_line<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let shown: Vec<_> = input.values.iter().map(print::display).collect();
    line(cx, &input, &shown.join(" "))
}

fn error_line<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let shown: Vec<_> = input.values.iter().map(print::display).collect();
    let text = shown.join(" ");
    cx.charge(input.span, text.len() / 64)?;
    cx.session.host.borrow_mut().complaint(&text);
    Ok(Value::Null)
}

fn debug_line<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut text = String::from("[DEBUG]");
    for value in &input.values {
        text.push(' ');
        text.push_str(&print::debug(value));
    }
    line(cx, &input, &text)
}

fn line<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, text: &str) -> Eval<'p> {
    cx.charge(input.span, text.len() / 64)?;
    cx.session.print(&format!("{text}\n"));
    Ok(Value::Null)
}
