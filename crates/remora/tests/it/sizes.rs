//! Every builtin that takes a number, called with numbers that are too large, too small or none at all: a value or an error
//! with a code, soon, and without more memory than the limit allows.

use std::time::{Duration, Instant};

use remora::{Engine, Settings, Vm};
use remora_diagnostics::CodeFamily;
use remora_vm::builtins::{Call, Entry, Kinds};
use remora_vm::value::Tag;

const NUMBERS: &[&str] = &[
    "2147483648",
    "4294967296",
    "9007199254740992",
    "9223372036854775807",
    "-1",
    "(-9223372036854775807 - 1)",
    "sqrt(-1)",
    "pow(10.0, 400)",
    "(0.0 - pow(10.0, 400))",
];

/// Something that a parameter of that type takes; the first word decides.
fn argument(ty: &str) -> &'static str {
    let first = ty.trim_end_matches(['?', ']']).split([' ', '[', '(']).next().unwrap_or(ty);
    match first {
        "int" => "3",
        "number" | "float" => "2.5",
        "string" => "\"ab cd\"",
        "array" | "any" => "[3, 1, 2]",
        "dict" => "{\"k\": 1}",
        "set" => "Set([1, 2])",
        "queue" => "Queue([1, 2])",
        "stack" => "Stack([1, 2])",
        "bytes" => "bytes([1, 2])",
        "range" => "(0..9)",
        "bool" => "true",
        "func" | "function" => "((x) => x)",
        _ => "null",
    }
}

/// A value of a kind on which a method is.
fn receiver(kinds: Kinds) -> Option<&'static str> {
    let values = [
        (Tag::Array, "[3, 1, 2]"),
        (Tag::String, "\"ab cd\""),
        (Tag::Range, "(0..9)"),
        (Tag::Bytes, "bytes([1, 2])"),
        (Tag::Int, "(7)"),
        (Tag::Queue, "Queue([1, 2])"),
        (Tag::Stack, "Stack([1, 2])"),
        (Tag::Set, "Set([1, 2])"),
        (Tag::Dict, "{\"k\": 1}"),
        (Tag::Ok, "Ok(1)"),
        (Tag::Some, "Some(1)"),
    ];
    values.into_iter().find(|(tag, _)| kinds.has(*tag)).map(|it| it.1)
}

fn takes_number(ty: &str) -> bool {
    ["int", "number", "float", "any"].iter().any(|it| ty.contains(it))
}

/// All calls of a builtin in which one argument is one of the numbers.
fn calls(entry: &Entry) -> Vec<String> {
    let mut calls = Vec::new();
    let params = &entry.signature.params;
    for (place, _) in params.iter().enumerate().filter(|(_, it)| takes_number(it.ty)) {
        for number in NUMBERS {
            let args: Vec<&str> = params
                .iter()
                .enumerate()
                .take(entry.signature.min.max(place + 1))
                .map(|(at, param)| if at == place { number } else { argument(param.ty) })
                .collect();
            if !matches!(entry.row.call, Call::Never) {
                calls.push(format!("{}({})", entry.name, args.join(", ")));
            }
            for (kinds, _) in entry.row.methods.iter().filter(|_| place > 0) {
                let Some(receiver) = receiver(*kinds) else { continue };
                calls.push(format!(
                    "(func() {{ mut v := {receiver}; x := v.{}({}); return [v, x] }})()",
                    entry.name,
                    args[1..].join(", ")
                ));
            }
        }
    }
    calls
}

/// What ends or only waits for something.
const LEFT_OUT: &[&str] = &["exit", "input", "read_line"];

#[test]
fn no_number_is_too_large_for_a_builtin() {
    let engine = Engine::new();
    let before = peak_of_process();
    let (mut n, mut wrong) = (0, Vec::new());
    for entry in engine.registry().entries() {
        if entry.row.is_hidden() || LEFT_OUT.contains(&entry.name) {
            continue;
        }
        for call in calls(entry) {
            n += 1;
            let began = Instant::now();
            let outcome = run(&engine, &call);
            if let Err(why) = outcome {
                wrong.push(format!("{call}: {why}"));
            }
            let took = began.elapsed();
            if took > Duration::from_secs(3) {
                wrong.push(format!("{call}: took {took:?}"));
            }
        }
    }
    assert!(n > 1000, "{n}");
    assert!(wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
    let grown = peak_of_process().saturating_sub(before);
    assert!(grown < 1 << 20, "the address space grew by {grown} KiB");
}

/// Runs a call and shows what it gives, with little fuel and memory.
fn run(engine: &Engine, call: &str) -> Result<(), String> {
    let module = engine
        .compile("test.ruff", &format!("len(str({call}))"))
        .map_err(|it| format!("does not compile: {:?}", it.diagnostics))?;
    let settings = Settings {
        fuel: Some(300_000),
        memory: 4 << 20,
        output_bytes: 1 << 16,
        output: Some(Box::new(|_, _| Ok(()))),
        seed: Some(1),
        ..Settings::default()
    };
    match Vm::new(&module, settings).run() {
        Ok(_) => Ok(()),
        Err(error) => match error.code().family() {
            CodeFamily::Runtime | CodeFamily::Limit => Ok(()),
            family => Err(format!("{family:?}")),
        },
    }
}

/// The most address space that this process has had, in KiB; 0 where the system does not say.
fn peak_of_process() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|it| it.starts_with("VmPeak:"));
    line.and_then(|it| it.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}
