//! What needs the host: files, input, arguments, environment, time; and ending the program.
//!
//! Beyond reading and writing whole files, what scripts can do with files exists in other engines only.

use remora_diagnostics::Code;

use super::convert::{bool_of, float_of, int_of};
use super::input::Read;
use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::host::HostError;
use crate::print;
use crate::stop::{Eval, Raise, Stop};
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("args", 0, 0, args),
    function("read_file", 1, 1, read_file),
    function("read_lines", 1, 1, read_lines),
    function("write_file", 2, 2, write_file),
    function("file_exists", 1, 1, file_exists),
    function("input", 0, 1, read_line),
    function("read_line", 0, 1, read_line),
    function("read_input", 0, 0, read_input),
    function("env", 1, 1, env),
    function("env_or", 2, 2, env_or),
    function("env_required", 1, 1, |cx, input| env_as(cx, input, |it| Ok(Value::str(it)))),
    function("env_int", 1, 2, |cx, input| env_as(cx, input, |it| int_of(it).map(Value::Int))),
    function("env_float", 1, 2, |cx, input| env_as(cx, input, |it| float_of(it).map(Value::Float))),
    function("env_bool", 1, 2, |cx, input| env_as(cx, input, |it| bool_of(it).map(Value::Bool))),
    function("now", 0, 0, |cx, input| now(cx, &input).map(Value::Float)),
    function("time", 0, 0, |cx, input| now(cx, &input).map(Value::Float)),
    function("now_unix", 0, 0, |cx, input| count_since(cx, &input, 1.0)),
    function("current_timestamp", 0, 0, |cx, input| count_since(cx, &input, 1e3)),
    function("now_ms", 0, 0, |cx, input| count_since(cx, &input, 1e3)),
    function("time_us", 0, 0, |cx, input| count_since(cx, &input, 1e6)),
    function("time_ns", 0, 0, |cx, input| count_since(cx, &input, 1e9)),
    function("performance_now", 0, 0, |cx, input| now(cx, &input).map(|it| Value::Float(it * 1e3))),
    function("elapsed", 1, 2, elapsed),
    function("exit", 0, 1, exit),
];

/// Gives what the host answers the place of the call; `needed` is the flag that would allow it.
pub(super) fn answered<'p, T>(
    cx: &Interp<'_, 'p>,
    input: &Input<'p>,
    needed: &str,
    answer: Result<T, HostError>,
) -> Eval<'p, T> {
    let raised = answer.map_err(|error| match error {
        HostError::Denied => Raise::new(Code::R0030, format!("Permission denied: needs {needed}"))
            .advised(remora_diagnostics::Advice::not_allowed(needed)),
        HostError::Failed(why) => Raise::new(Code::R0025, format!("{} failed: {why}", input.name)),
    });
    cx.arg(input, raised)
}

fn args<'p>(cx: &mut Interp<'_, 'p>, _input: Input<'p>) -> Eval<'p> {
    Ok(Value::array(cx.session.args.iter().map(|it| Value::str(&**it)).collect()))
}

fn text_of<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, String> {
    let path = cx.arg(input, input.text(0))?;
    let text = cx.session.host.borrow_mut().read_file(&path);
    answered(cx, input, &format!("--allow-read={path}"), text)
}

fn read_file<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    text_of(cx, &input).map(Value::str)
}

fn read_lines<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = text_of(cx, &input)?;
    Ok(Value::array(text.lines().map(Value::str).collect()))
}

fn write_file<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let text = cx.arg(&input, input.text(1))?;
    let path = cx.arg(&input, input.text(0))?;
    let answer = cx.session.host.borrow_mut().write_file(&path, &text);
    answered(cx, &input, &format!("--allow-write={path}"), answer).map(|()| Value::Bool(true))
}

fn file_exists<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let path = cx.arg(&input, input.text(0))?;
    let answer = cx.session.host.borrow_mut().file_exists(&path);
    answered(cx, &input, &format!("--allow-read={path}"), answer).map(Value::Bool)
}

fn next_line<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, Option<String>> {
    let answer = cx.session.host.borrow_mut().input();
    answered(cx, input, "input", answer)
}

/// A line of the input; null at its end. The prompt is printed first.
fn read_line<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    if input.is_given(0) {
        cx.session.print(&print::display(input.value(0)));
    }
    Ok(next_line(cx, &input)?.map_or(Value::Null, Value::str))
}

/// All that is left of the input.
fn read_input<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut text = String::new();
    while let Some(line) = next_line(cx, &input)? {
        text.push_str(&line);
        text.push('\n');
    }
    Ok(Value::str(text))
}

/// The name of an environment variable, and its value if it is set.
fn look_up<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, Option<String>> {
    let name = cx.arg(input, input.text(0))?;
    let answer = cx.session.host.borrow_mut().env(&name);
    answered(cx, input, &format!("--allow-env={name}"), answer)
}

fn env<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    Ok(look_up(cx, &input)?.map_or(Value::Null, Value::str))
}

fn env_or<'p>(cx: &mut Interp<'_, 'p>, mut input: Input<'p>) -> Eval<'p> {
    Ok(match look_up(cx, &input)? {
        Some(value) => Value::str(value),
        None => input.take(1),
    })
}

/// A variable as something else; the default, or R0012, if it is not set.
fn env_as<'p>(
    cx: &mut Interp<'_, 'p>,
    mut input: Input<'p>,
    read: fn(&str) -> Read<Value<'p>>,
) -> Eval<'p> {
    match look_up(cx, &input)? {
        Some(value) => cx.arg(&input, read(&value)),
        None if input.is_given(1) => Ok(input.take(1)),
        None => {
            let name = cx.arg(&input, input.text(0))?;
            let message = format!("Environment variable is not set: {name}");
            cx.fail(input.span, Code::R0012, message)
        }
    }
}

/// Seconds since 1970.
fn now<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>) -> Eval<'p, f64> {
    let answer = cx.session.host.borrow_mut().now();
    answered(cx, input, "a clock", answer)
}

/// Whole units of which a second has so many.
fn count_since<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, units: f64) -> Eval<'p> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a time too large for an int is the largest"
    )]
    now(cx, input).map(|it| Value::Int((it * units) as i64))
}

/// What is between two times in milliseconds, or between one and now.
fn elapsed<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let start = cx.arg(&input, input.number(0))?;
    let end = match input.is_given(1) {
        true => cx.arg(&input, input.number(1))?,
        false => now(cx, &input)? * 1e3,
    };
    Ok(Value::Float(end - start))
}

fn exit<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let code = cx.arg(&input, input.int_or(0, 0))?;
    let nearest = if code < 0 { i32::MIN } else { i32::MAX };
    Err(Stop::Exit(i32::try_from(code).unwrap_or(nearest)))
}
