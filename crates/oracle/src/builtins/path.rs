//! Paths as text, with `/`.

use super::{Builtin, Input, function};
use crate::eval::Interp;
use crate::stop::Eval;
use crate::value::Value;

pub(super) const FUNCTIONS: &[Builtin] = &[
    function("basename", 1, 1, |cx, input| cut(cx, &input, basename)),
    function("path_basename", 1, 1, |cx, input| cut(cx, &input, basename)),
    function("dirname", 1, 1, |cx, input| cut(cx, &input, dirname)),
    function("path_dirname", 1, 1, |cx, input| cut(cx, &input, dirname)),
    function("path_extension", 1, 1, |cx, input| cut(cx, &input, |it| parts(it).1)),
    function("path_ext", 1, 1, |cx, input| cut(cx, &input, |it| parts(it).1)),
    function("path_stem", 1, 1, |cx, input| cut(cx, &input, |it| parts(it).0)),
    function("path_is_absolute", 1, 1, |cx, input| {
        cx.arg(&input, input.text(0)).map(|it| Value::Bool(it.starts_with('/')))
    }),
    function("join_path", 0, super::ANY_NUMBER, join_path),
    function("path_join", 0, super::ANY_NUMBER, join_path),
    function("path_normalize", 1, 1, normalize),
];

fn cut<'p>(cx: &mut Interp<'_, 'p>, input: &Input<'p>, f: fn(&str) -> &str) -> Eval<'p> {
    cx.arg(input, input.text(0)).map(|it| Value::str(f(&it)))
}

fn basename(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or("")
}

fn dirname(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit_once('/') {
        Some((parent, _)) if parent.trim_end_matches('/').is_empty() => "/",
        Some((parent, _)) => parent.trim_end_matches('/'),
        None if path.starts_with('/') => "/",
        None => ".",
    }
}

/// Stem and extension of the last part; a name that only begins with a point has no extension.
fn parts(path: &str) -> (&str, &str) {
    let name = basename(path);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    }
}

/// An absolute part begins anew.
fn join_path<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let mut path = String::new();
    for at in 0..input.values.len() {
        let part = cx.arg(&input, input.text(at))?;
        if part.starts_with('/') {
            path.clear();
        } else if !part.is_empty() && !path.is_empty() && !path.ends_with('/') {
            path.push('/');
        }
        path.push_str(&part);
    }
    Ok(Value::str(path))
}

fn normalize<'p>(cx: &mut Interp<'_, 'p>, input: Input<'p>) -> Eval<'p> {
    let path = cx.arg(&input, input.text(0))?;
    let root = if path.starts_with('/') { "/" } else { "" };
    let mut kept: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, kept.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => drop(kept.pop()),
            ("..", None) if !root.is_empty() => {}
            _ => kept.push(part),
        }
    }
    let joined = format!("{root}{}", kept.join("/"));
    Ok(Value::str(if joined.is_empty() { ".".to_owned() } else { joined }))
}
