//! Files and directories. Each function resolves its paths through [`Capabilities`], and opens what was resolved.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};

use remora_diagnostics::Code;
use remora_vm::builtins::{Builtin, Call, NativeFn, Row, rows};
use remora_vm::host::{Args, HostCx};
use remora_vm::value::Value;
use remora_vm::{Fault, Res};

use crate::arg;
use crate::capability::{Access, Capabilities, failed};

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
        raises: &[Code::R0004, Code::R0025, Code::R0030],
        cost: "one unit for each 64 bytes",
        example,
        call: Call::Native(call),
        ..Builtin::ROW
    }
}

pub(crate) const ROWS: &[Row] = &rows([
    row(
        "read_file(path: string) -> string",
        &[],
        "All of a text file. Needs `--allow-read`.",
        (
            "try { read_file(\"x\") } except e { print(e.code, e.message) }",
            "R0030 Permission denied: needs --allow-read=x",
        ),
        read_file,
    ),
    row(
        "read_lines(path: string) -> array",
        &[],
        "The lines of a text file, without their ends. Needs `--allow-read`.",
        ("try { read_lines(\"x\") } except e { print(e.code) }", "R0030"),
        read_lines,
    ),
    row(
        "write_file(path: string, text: string) -> bool",
        &[],
        "Makes a file of that text, instead of what was there. Needs `--allow-write`.",
        (
            "try { write_file(\"x\", \"\") } except e { print(e.message) }",
            "Permission denied: needs --allow-write=x",
        ),
        write_file,
    ),
    row(
        "append_file(path: string, text: string) -> bool",
        &[],
        "Puts a text at the end of a file, which is made if it is not there. Needs `--allow-write`.",
        ("try { append_file(\"x\", \"\") } except e { print(e.code) }", "R0030"),
        append_file,
    ),
    row(
        "file_exists(path: string) -> bool",
        &["path_exists"],
        "Whether there is such a file or directory. Needs `--allow-read`.",
        ("try { file_exists(\"x\") } except e { print(e.code) }", "R0030"),
        file_exists,
    ),
    row(
        "is_file(path: string) -> bool",
        &["path_is_file"],
        "Whether it is a file. Needs `--allow-read`.",
        ("try { is_file(\"x\") } except e { print(e.code) }", "R0030"),
        is_file,
    ),
    row(
        "is_dir(path: string) -> bool",
        &["path_is_dir"],
        "Whether it is a directory. Needs `--allow-read`.",
        ("try { is_dir(\"x\") } except e { print(e.code) }", "R0030"),
        is_dir,
    ),
    row(
        "file_size(path: string) -> int",
        &[],
        "How many bytes a file has. Needs `--allow-read`.",
        ("try { file_size(\"x\") } except e { print(e.code) }", "R0030"),
        file_size,
    ),
    row(
        "list_dir(path: string) -> array",
        &[],
        "The names of what is in a directory, sorted. Needs `--allow-read`.",
        ("try { list_dir(\"x\") } except e { print(e.code) }", "R0030"),
        list_dir,
    ),
    row(
        "create_dir(path: string) -> bool",
        &[],
        "Makes a directory, and those it is in. Needs `--allow-write`.",
        ("try { create_dir(\"x\") } except e { print(e.code) }", "R0030"),
        create_dir,
    ),
    row(
        "delete_file(path: string) -> bool",
        &[],
        "Deletes a file. Needs `--allow-write`.",
        ("try { delete_file(\"x\") } except e { print(e.code) }", "R0030"),
        delete_file,
    ),
    row(
        "copy_file(from: string, to: string) -> bool",
        &[],
        "Makes a file like another, instead of what was there. Needs `--allow-read` and `--allow-write`.",
        ("try { copy_file(\"x\", \"y\") } except e { print(e.code) }", "R0030"),
        copy_file,
    ),
    row(
        "rename_file(from: string, to: string) -> bool",
        &["move_file"],
        "Gives a file another path. Needs `--allow-write` for both.",
        ("try { rename_file(\"x\", \"y\") } except e { print(e.code) }", "R0030"),
        rename_file,
    ),
]);

/// A path as the script wrote it, and what it stands for.
struct Target {
    shown: String,
    path: std::path::PathBuf,
}

impl Target {
    /// The path that an argument names, if the program may do that with it.
    fn of(cx: &mut HostCx<'_>, args: &Args<'_>, at: usize, access: Access) -> Res<Self> {
        let shown = arg::text(cx, args, at)?;
        // A call of the system is worth more than a few instructions.
        cx.charge(100)?;
        let path = match cx.data::<Capabilities>() {
            Some(caps) => caps.path(access, &shown)?,
            None => Capabilities::default().path(access, &shown)?,
        };
        Ok(Self { shown, path })
    }

    /// The same, with what the system says about it.
    fn ok<T>(&self, result: std::io::Result<T>) -> Res<T> {
        result.map_err(|error| failed(&self.shown, &error))
    }
}

/// The text of a file, of no more than what the memory limit leaves.
fn read(cx: &mut HostCx<'_>, args: &Args<'_>) -> Res<String> {
    let target = Target::of(cx, args, 0, Access::Read)?;
    let file = target.ok(File::open(&target.path))?;
    let size = target.ok(file.metadata())?.len();
    let room = cx.heap.memory().account().remaining() as u64;
    if size > room {
        return Err(Fault::new(
            Code::L0002,
            format!(
                "'{}' has {size} bytes, which is more than the memory limit leaves",
                target.shown
            ),
        ));
    }
    cx.charge(size / 64)?;
    let mut text = String::new();
    // The size may be none (of a device) or change: what is read is bounded all the same.
    let n = target.ok(file.take(room.saturating_add(1)).read_to_string(&mut text))? as u64;
    if n > room {
        return Err(Fault::new(
            Code::L0002,
            format!("'{}' has more bytes than the memory limit leaves", target.shown),
        ));
    }
    cx.charge(n.saturating_sub(size) / 64)?;
    Ok(text)
}

fn read_file(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let text = read(cx, &args)?;
    cx.heap.new_string(&text)
}

fn read_lines(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let text = read(cx, &args)?;
    arg::strings(cx, text.lines())
}

fn write_file(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    write(cx, &args, OpenOptions::new().write(true).create(true).truncate(true))
}

fn append_file(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    write(cx, &args, OpenOptions::new().append(true).create(true))
}

fn write(cx: &mut HostCx<'_>, args: &Args<'_>, options: &OpenOptions) -> Res<Value> {
    let value = args.peek(1);
    let len = match cx.heap.str(value) {
        Some(text) => text.len(),
        None => return Err(arg::wrong(cx, 1, "a string", value)),
    };
    cx.charge(len as u64 / 64)?;
    let target = Target::of(cx, args, 0, Access::Write)?;
    let mut file = target.ok(options.open(&target.path))?;
    let text = cx.heap.str(value).unwrap_or_default();
    target.ok(file.write_all(text.as_bytes()))?;
    Ok(Value::TRUE)
}

fn file_exists(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let target = Target::of(cx, &args, 0, Access::Read)?;
    Ok(Value::bool(target.path.exists()))
}

fn is_file(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let target = Target::of(cx, &args, 0, Access::Read)?;
    Ok(Value::bool(target.path.is_file()))
}

fn is_dir(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let target = Target::of(cx, &args, 0, Access::Read)?;
    Ok(Value::bool(target.path.is_dir()))
}

fn file_size(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let target = Target::of(cx, &args, 0, Access::Read)?;
    let size = target.ok(fs::metadata(&target.path))?.len();
    Ok(Value::int(i64::try_from(size).unwrap_or(i64::MAX)))
}

fn list_dir(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let target = Target::of(cx, &args, 0, Access::Read)?;
    let mut names = Vec::new();
    for entry in target.ok(fs::read_dir(&target.path))? {
        cx.charge(1)?;
        names.push(target.ok(entry)?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    arg::strings(cx, names.iter().map(String::as_str))
}

fn create_dir(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let target = Target::of(cx, &args, 0, Access::Write)?;
    target.ok(fs::create_dir_all(&target.path))?;
    Ok(Value::TRUE)
}

fn delete_file(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let target = Target::of(cx, &args, 0, Access::Write)?;
    target.ok(fs::remove_file(&target.path))?;
    Ok(Value::TRUE)
}

fn copy_file(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let from = Target::of(cx, &args, 0, Access::Read)?;
    let to = Target::of(cx, &args, 1, Access::Write)?;
    let size = from.ok(fs::metadata(&from.path))?.len();
    cx.charge(size / 64)?;
    from.ok(fs::copy(&from.path, &to.path))?;
    Ok(Value::TRUE)
}

fn rename_file(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let from = Target::of(cx, &args, 0, Access::Write)?;
    let to = Target::of(cx, &args, 1, Access::Write)?;
    from.ok(fs::rename(&from.path, &to.path))?;
    Ok(Value::TRUE)
}
