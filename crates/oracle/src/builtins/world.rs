//! What needs the host: files, input, arguments, environment, time; and ending the program.

use remora_diagnostics::Code;

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::host::HostError;
use crate::stop::{Eval, Raise, Stop};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("args", 0, 0, args),
    function("read_file", 1, 1, read_file),
    function("read_lines", 1, 1, read_lines),
    function("write_file", 2, 2, write_file),
    function("file_exists", 1, 1, file_exists),
    function("input", 0, 1, read_input),
    function("env", 1, 1, env),
    function("env_or", 2, 2, env_or),
    function("now", 0, 0, |cx, input| now(cx, &input, 1.0)),
    function("now_unix", 0, 0, |cx, input| now(cx, &input, 1.0)),
    function("current_timestamp", 0, 0, |cx, input| now(cx, &input, 1000.0)),
    function("performance_now", 0, 0, |cx, input| now(cx, &input, 1000.0)),
    function("time", 0, 0, |cx, input| now(cx, &input, 1.0)),
    function("sleep", 1, 1, sleep),
    function("exit", 0, 1, exit),
];

/// Gives what the host answers the place of the call.
fn answered<'p, T>(
    cx: &Interp<'_, 'p>,
    input: &Input<'p>,
    answer: Result<T, HostError>,
) -> Eval<'p, T> {
    let name = input.name;
    let raised = answer.map_err(|error| match error {
        HostError::Denied => Raise::new(Code::R0030, format!("Permission denied: {name}")),
        HostError::Failed(why) => Raise::new(Code::R0025, format!("{name} failed: {why}")),
    });
    cx.arg(input, raised)
}

fn args<'p>(cx: &mut Interp<'_, 'p>, _input: Input<'p>) -> Eval<'p> {
    Ok(Value::array(cx.options.args.iter().map(|it| Value::str(&**it)).collect()))
}

fn text_of<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, String> {
    let path = cx.arg(input, input.text(0))?;
    let text = cx.options.host.read_file(&path);
    answered(cx, input, text)
}

fn read_file<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    text_of(cx, &input).map(Value::str)
}

fn read_lines<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = text_of(cx, &input)?;
    Ok(Value::array(text.lines().map(Value::str).collect()))
}

fn write_file<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let (path, text) = (cx.arg(&input, input.text(0))?, cx.arg(&input, input.text(1))?);
    let answer = cx.options.host.write_file(&path, &text);
    answered(cx, &input, answer).map(|()| Value::Null)
}

fn file_exists<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let path = cx.arg(&input, input.text(0))?;
    let answer = cx.options.host.file_exists(&path);
    answered(cx, &input, answer).map(Value::Bool)
}

/// A line of the input; null at its end. The prompt is printed first.
fn read_input<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let prompt = cx.arg(&input, input.text_or(0, ""))?;
    if !prompt.is_empty() {
        (cx.options.output)(&prompt);
    }
    let answer = cx.options.host.input();
    Ok(answered(cx, &input, answer)?.map_or(Value::Null, Value::str))
}

fn env<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let name = cx.arg(&input, input.text(0))?;
    let answer = cx.options.host.env(&name);
    Ok(answered(cx, &input, answer)?.map_or(Value::Null, Value::str))
}

fn env_or<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    let name = cx.arg(&input, input.text(0))?;
    let answer = cx.options.host.env(&name);
    Ok(match answered(cx, &input, answer)? {
        Some(value) => Value::str(value),
        None => input.take(1),
    })
}

fn now<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, units: f64) -> Eval<'p> {
    let answer = cx.options.host.now();
    answered(cx, input, answer).map(|it| Value::Float(it * units))
}

fn sleep<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let milliseconds = cx.arg(&input, input.number(0))?;
    let answer = cx.options.host.sleep(milliseconds);
    answered(cx, &input, answer).map(|()| Value::Null)
}

fn exit<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let code = cx.arg(&input, input.int_or(0, 0))?;
    Err(Stop::Exit(i32::try_from(code).unwrap_or(1)))
}
