//! Regular expressions, by the library's own iterators; compiled anew for each call.

use ::regex::{Captures, Error, Regex, RegexBuilder};
use remora_diagnostics::Code;

use super::input::Read;
use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::ops::MAX_SIZE;
use crate::stop::{Eval, Raise};
use crate::value::{Dict, Key, Value};

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("regex_match", 2, 2, |cx, input| {
        search(cx, &input, |regex, text| Ok(Value::Bool(regex.is_match(text))))
    }),
    function("regex_find", 2, 2, |cx, input| {
        search(cx, &input, |regex, text| {
            Ok(regex.find(text).map_or(Value::Null, |it| Value::str(it.as_str())))
        })
    }),
    function("regex_find_all", 2, 2, |cx, input| {
        search(cx, &input, |regex, text| {
            Ok(Value::array(regex.find_iter(text).map(|it| Value::str(it.as_str())).collect()))
        })
    }),
    function("regex_split", 2, 2, |cx, input| {
        search(cx, &input, |regex, text| {
            Ok(Value::array(regex.split(text).map(Value::str).collect()))
        })
    }),
    function("regex_captures", 2, 2, |cx, input| {
        search(cx, &input, |regex, text| {
            Ok(regex.captures(text).map_or(Value::Null, |it| groups(regex, &it)))
        })
    }),
    function("regex_replace", 3, 3, |cx, input| {
        search(cx, &input, |regex, text| {
            let to = input.text(2)?;
            replace(regex, text, &to)
        })
    }),
];

/// Most bytes of a pattern, and of what it is compiled to.
const MAX_PATTERN: usize = 4096;
const MAX_COMPILED: usize = 1 << 20;

fn search<'p>(
    cx: &mut Interp<'_, 'p>,
    input: &Input<'p>,
    search: impl FnOnce(&Regex, &str) -> Read<Value<'p>>,
) -> Eval<'p> {
    let text = cx.arg(input, input.text(0))?;
    let regex = cx.arg(input, compiled(input))?;
    cx.charge(input.span, text.len() / 16)?;
    cx.arg(input, search(&regex, &text))
}

fn compiled(input: &Input<'_>) -> Read<Regex> {
    let pattern = input.text(1)?;
    let len = pattern.len();
    if len > MAX_PATTERN {
        return Err(
            input.invalid(format_args!("a pattern of at most {MAX_PATTERN} bytes, got {len}"))
        );
    }
    RegexBuilder::new(&pattern).size_limit(MAX_COMPILED).build().map_err(|error| match error {
        Error::CompiledTooBig(_) => {
            input.invalid(format_args!("a pattern that compiles to at most {MAX_COMPILED} bytes"))
        }
        error => {
            let said = error.to_string();
            let why = said.lines().last().unwrap_or_default();
            let why = why.strip_prefix("error: ").unwrap_or(why);
            let shown = &pattern[..pattern.floor_char_boundary(100)];
            input.invalid(format_args!("a regular expression, got '{shown}': {why}"))
        }
    })
}

/// By number, and by name.
fn groups<'p>(regex: &Regex, found: &Captures<'_>) -> Value<'p> {
    let mut dict = Dict::default();
    for (group, name) in (0i64..).zip(regex.capture_names()) {
        let part = usize::try_from(group).ok().and_then(|it| found.get(it));
        let part = part.map_or(Value::Null, |it| Value::str(it.as_str()));
        if let Some(name) = name {
            dict.insert(Key::str(name), part.clone());
        }
        dict.insert(Key::Int(group), part);
    }
    Value::dict(dict)
}

fn replace<'p>(regex: &Regex, text: &str, to: &str) -> Read<Value<'p>> {
    let mut out = String::new();
    let mut from = 0;
    for found in regex.captures_iter(text) {
        let Some(all) = found.get(0) else { continue };
        out.push_str(&text[from..all.start()]);
        found.expand(to, &mut out);
        from = all.end();
        if out.len() > MAX_SIZE {
            return Err(Raise::new(Code::L0002, "Memory limit reached"));
        }
    }
    out.push_str(&text[from..]);
    Ok(Value::str(out))
}
