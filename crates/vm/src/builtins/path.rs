//! Paths of files, as text: nothing here looks at the disk.

use remora_diagnostics::Code;

use super::{Builtin, Call, NativeFn, Row, arg, build, rows};
use crate::fault::Res;
use crate::host::{Args, HostCx};
use crate::ops::bulk_units;
use crate::value::Value;

const fn row(
    signature: &'static str,
    aliases: &'static [&'static str],
    doc: &'static str,
    example: (&'static str, &'static str),
    call: NativeFn,
) -> Builtin {
    Builtin {
        signature,
        aliases,
        doc,
        raises: &[Code::R0004],
        cost: "one unit for each 64 bytes",
        example,
        call: Call::Native(call),
        ..Builtin::ROW
    }
}

pub(super) const ROWS: &[Row] = &rows([
    row(
        "basename(path: string) -> string",
        &["path_basename"],
        "The last part.",
        ("print(basename(\"/a/b.txt\"))", "b.txt"),
        |cx, args| cut(cx, &args, basename),
    ),
    row(
        "dirname(path: string) -> string",
        &["path_dirname"],
        "All but the last part; `.` if there is no more.",
        ("print(dirname(\"/a/b.txt\"), dirname(\"b\"))", "/a ."),
        |cx, args| cut(cx, &args, dirname),
    ),
    row(
        "path_extension(path: string) -> string",
        &["path_ext"],
        "What is behind the last point of the last part; nothing if there is none.",
        ("print(path_extension(\"/a/b.tar.gz\"))", "gz"),
        |cx, args| cut(cx, &args, extension),
    ),
    row(
        "path_stem(path: string) -> string",
        &[],
        "The last part without its extension.",
        ("print(path_stem(\"/a/b.tar.gz\"))", "b.tar"),
        |cx, args| cut(cx, &args, stem),
    ),
    row(
        "path_is_absolute(path: string) -> bool",
        &[],
        "Whether it begins at the root.",
        ("print(path_is_absolute(\"/a\"), path_is_absolute(\"a\"))", "true false"),
        |cx, args| {
            let value = args.peek(0);
            arg::text(cx, &value, 0).map(|it| Value::bool(it.as_str().starts_with('/')))
        },
    ),
    row(
        "join_path(...parts: string) -> string",
        &["path_join"],
        "The parts with one `/` between them; an absolute part begins anew.",
        ("print(join_path(\"a\", \"b/\", \"c.txt\"), join_path(\"a\", \"/b\"))", "a/b/c.txt /b"),
        join,
    ),
    row(
        "path_normalize(path: string) -> string",
        &[],
        "The same without `.`, `..` and doubled `/`, as far as the text tells.",
        ("print(path_normalize(\"/a/./b/../c//d\"), path_normalize(\"../x\"))", "/a/c/d ../x"),
        normalize,
    ),
]);

fn cut(cx: &mut HostCx<'_>, args: &Args<'_>, f: fn(&str) -> &str) -> Res<Value> {
    let value = args.peek(0);
    let path = arg::text(cx, &value, 0)?.as_str();
    cx.charge(bulk_units(path.len()))?;
    cx.heap.new_string(f(path))
}

fn basename(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}

fn dirname(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit_once('/') {
        Some((first, _)) if !first.trim_end_matches('/').is_empty() => first.trim_end_matches('/'),
        Some(_) => "/",
        None if trimmed.is_empty() && !path.is_empty() => "/",
        None => ".",
    }
}

fn split_extension(name: &str) -> (&str, &str) {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, extension),
        _ => (name, ""),
    }
}

fn extension(path: &str) -> &str {
    split_extension(basename(path)).1
}

fn stem(path: &str) -> &str {
    split_extension(basename(path)).0
}

fn join(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    // An absolute part makes what is before it not matter.
    let mut first = 0;
    for at in 0..args.len() {
        let value = args.peek(at);
        let part = arg::text(cx, &value, at)?.as_str();
        cx.charge(1 + bulk_units(part.len()))?;
        if part.starts_with('/') {
            first = at;
        }
    }
    build::text(cx, 0, |cx, out| {
        let mut needs_slash = false;
        for at in first..args.len() {
            let value = args.peek(at);
            let part = arg::text(cx, &value, at)?.as_str();
            if part.is_empty() {
                continue;
            }
            if needs_slash {
                out.push_char(cx, '/')?;
            }
            out.push(cx, part)?;
            needs_slash = !part.ends_with('/');
        }
        Ok(())
    })
}

fn normalize(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let value = args.peek(0);
    let path = arg::text(cx, &value, 0)?.as_str();
    cx.charge((path.len() / 8) as u64)?;
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|it| *it != "..") => {
                parts.pop();
            }
            ".." if is_absolute => {}
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return cx.heap.new_string(if is_absolute { "/" } else { "." });
    }
    build::text(cx, path.len(), |cx, out| {
        for (at, part) in parts.iter().enumerate() {
            if at > 0 || is_absolute {
                out.push_char(cx, '/')?;
            }
            out.push(cx, part)?;
        }
        Ok(())
    })
}
