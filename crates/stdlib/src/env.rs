//! Environment variables, those that the embedder allows.

use remora_diagnostics::Code;
use remora_vm::builtins::{Builtin, Call, NativeFn, Row, rows};
use remora_vm::host::{Args, HostCx};
use remora_vm::object::Dict;
use remora_vm::ops::convert;
use remora_vm::value::Value;
use remora_vm::{Fault, Res};

use crate::arg;
use crate::capability::{Capabilities, Names, denied};

const fn row(
    signature: &'static str,
    doc: &'static str,
    example: (&'static str, &'static str),
    call: NativeFn,
) -> Builtin {
    Builtin {
        signature,
        doc,
        raises: &[Code::R0004, Code::R0012, Code::R0020, Code::R0030],
        cost: "one unit for each 64 bytes",
        example,
        call: Call::Native(call),
        ..Builtin::ROW
    }
}

pub(crate) const ROWS: &[Row] = &rows([
    row(
        "env(name: string) -> string",
        "The value of an environment variable; null if it is not set. Needs `--allow-env`.",
        (
            "try { env(\"HOME\") } except e { print(e.code, e.message) }",
            "R0030 Permission denied: needs --allow-env=HOME",
        ),
        env,
    ),
    row(
        "env_or(name: string, default: any) -> any",
        "The value of an environment variable, or the default if it is not set. Needs `--allow-env`.",
        ("try { env_or(\"X\", 1) } except e { print(e.code) }", "R0030"),
        env_or,
    ),
    row(
        "env_required(name: string) -> string",
        "The value of an environment variable; an error if it is not set. Needs `--allow-env`.",
        ("try { env_required(\"X\") } except e { print(e.code) }", "R0030"),
        env_required,
    ),
    row(
        "env_int(name: string, default?: int) -> int",
        "An environment variable as an int; the default, or an error, if it is not set. Needs `--allow-env`.",
        ("try { env_int(\"X\") } except e { print(e.code) }", "R0030"),
        env_int,
    ),
    row(
        "env_float(name: string, default?: float) -> float",
        "An environment variable as a float; the default, or an error, if it is not set. Needs `--allow-env`.",
        ("try { env_float(\"X\") } except e { print(e.code) }", "R0030"),
        env_float,
    ),
    row(
        "env_bool(name: string, default?: bool) -> bool",
        "An environment variable as a bool: true yes on 1, false no off 0. Needs `--allow-env`.",
        ("try { env_bool(\"X\") } except e { print(e.code) }", "R0030"),
        env_bool,
    ),
    row(
        "env_list() -> dict",
        "All environment variables that are allowed.",
        ("print(env_list())", "{}"),
        env_list,
    ),
]);

/// What an argument names, if the program may see it, and it is set.
fn lookup(cx: &mut HostCx<'_>, args: &Args<'_>) -> Res<(String, Option<String>)> {
    let name = arg::text(cx, args, 0)?;
    cx.charge(10)?;
    if !cx.data::<Capabilities>().is_some_and(|caps| caps.env.allow(&name)) {
        return Err(denied("--allow-env", &name));
    }
    // The system refuses to look up such names.
    let can_be_set = !name.is_empty() && !name.contains(['=', '\0']);
    let value = if can_be_set { std::env::var(&name).ok() } else { None };
    cx.charge(value.as_ref().map_or(0, |it| it.len() as u64 / 64))?;
    Ok((name, value))
}

fn env(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    match lookup(cx, &args)?.1 {
        Some(value) => cx.heap.new_string(&value),
        None => Ok(Value::NULL),
    }
}

fn env_or(cx: &mut HostCx<'_>, mut args: Args<'_>) -> Res<Value> {
    match lookup(cx, &args)?.1 {
        Some(value) => cx.heap.new_string(&value),
        None => Ok(args.take(1)),
    }
}

fn env_required(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    let (name, value) = lookup(cx, &args)?;
    match value {
        Some(value) => cx.heap.new_string(&value),
        None => Err(not_set(&name)),
    }
}

fn env_int(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    read_as(cx, args, |text| convert::parse_int(text).map(Value::int))
}

fn env_float(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    read_as(cx, args, |text| convert::parse_float(text).map(Value::float))
}

fn env_bool(cx: &mut HostCx<'_>, args: Args<'_>) -> Res<Value> {
    read_as(cx, args, |text| match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(Value::TRUE),
        "false" | "no" | "off" | "0" | "" => Ok(Value::FALSE),
        _ => Err(Fault::new(Code::R0020, format!("Cannot convert '{text}' to a bool"))),
    })
}

/// A variable as something else; the second argument, or an error, if it is not set.
fn read_as(cx: &mut HostCx<'_>, mut args: Args<'_>, read: fn(&str) -> Res<Value>) -> Res<Value> {
    let (name, value) = lookup(cx, &args)?;
    match value {
        Some(value) => read(&value),
        None if arg::given(&args, 1).is_some() => Ok(args.take(1)),
        None => Err(not_set(&name)),
    }
}

#[cold]
fn not_set(name: &str) -> Box<Fault> {
    Fault::new(Code::R0012, format!("Environment variable is not set: {name}"))
}

fn env_list(cx: &mut HostCx<'_>, _args: Args<'_>) -> Res<Value> {
    let allowed = cx.data::<Capabilities>().map(|caps| caps.env.clone()).unwrap_or_default();
    let list = cx.heap.new_dict(Dict::new())?;
    if allowed == Names::Nothing {
        return Ok(list);
    }
    for (name, value) in std::env::vars_os() {
        // What is no text cannot be asked for by a script either.
        let (Ok(name), Ok(value)) = (name.into_string(), value.into_string()) else { continue };
        if !allowed.allow(&name) {
            continue;
        }
        let put =
            cx.charge(1 + value.len() as u64 / 64).and_then(|()| put(cx, list, &name, &value));
        if let Err(fault) = put {
            cx.heap.release(list);
            return Err(fault);
        }
    }
    Ok(list)
}

/// Sets a key of a dict that is being made, to a text.
fn put(cx: &mut HostCx<'_>, dict: Value, name: &str, value: &str) -> Res<()> {
    let name = cx.heap.new_string(name)?;
    let value = cx.heap.new_string(value);
    let set = value.and_then(|value| {
        let key = cx.heap.key(name);
        let set = match (key, cx.heap.dict_mut(dict)) {
            (Some(key), Some((dict, mem))) => dict.insert(mem, key, value),
            _ => Ok(None),
        };
        if set.is_err() {
            cx.heap.release(value);
        }
        set
    });
    match set {
        // A new key: the dict owns both now.
        Ok(None) => Ok(()),
        Ok(Some(old)) => {
            cx.heap.release_all([name, old.value]);
            Ok(())
        }
        Err(fault) => {
            cx.heap.release(name);
            Err(fault)
        }
    }
}
