//! Every builtin, called by a program with everything it was not made for, gives a result or an error of the language.

use remora_stdlib::Capabilities;
use remora_vm::builtins::{Call, Kinds};
use remora_vm::value::Tag;

use crate::script::{registry, run_with};

const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "2147483648",
    "4294967296",
    "9007199254740992",
    "9223372036854775807",
    "(0 - 9223372036854775807 - 1)",
    "0.5",
    "-0.0",
    "sqrt(-1)",
    "pow(10, 400)",
    "(0.0 - pow(10, 400))",
    "\"\"",
    "\"é,b\"",
    "[]",
    "[3, 1, 2]",
    "[1, \"a\", null, [2]]",
    "[[\"k\", 1]]",
    "{}",
    "{\"k\": [1], 2: 3.5}",
    "Set([1, \"x\"])",
    "Queue([1, 2])",
    "Stack([1])",
    "bytes([0, 255])",
    "0..3",
    "range(9223372036854775807)",
    "Ok(1)",
    "Err(\"e\")",
    "Some([1])",
    "None",
    "print",
    "len",
    "((x) => x)",
    "((a, b) => a)",
    "(() => throw(\"no\"))",
    "P { x: 1 }",
    "P",
    "E::A(1)",
];

/// Names that would end or stall the program.
const LEFT_OUT: &[&str] = &["exit", "sleep", "print", "println", "eprint", "debug"];

#[test]
fn every_function_survives_every_value() {
    let mut n = 0;
    for (name, entry) in registry().functions() {
        if LEFT_OUT.contains(&name) {
            continue;
        }
        let most = entry.signature.max.unwrap_or(2).min(3);
        for n_args in entry.signature.min..=most {
            // Each value in each place, among neighbours that change with it.
            for (turn, value) in VALUES.iter().enumerate() {
                for place in 0..n_args.max(1) {
                    let other = |at: usize| VALUES[(turn * 7 + at * 13 + 3) % VALUES.len()];
                    let args: Vec<&str> = (0..n_args)
                        .map(|at| if at == place { *value } else { other(at) })
                        .collect();
                    calls(&mut n, &format!("{name}({})", args.join(", ")));
                }
            }
        }
    }
    assert!(n > 10_000, "{n}");
}

#[test]
fn every_method_survives_every_value() {
    let mut n = 0;
    for name in registry().method_names() {
        if LEFT_OUT.contains(&name) {
            continue;
        }
        for (turn, value) in VALUES.iter().enumerate() {
            for n_args in 0..3 {
                let args: Vec<&str> = (0..n_args)
                    .map(|at| VALUES[(turn * 5 + at * 17 + n_args) % VALUES.len()])
                    .collect();
                let args = args.join(", ");
                calls(&mut n, &format!("({value}).{name}({args})"));
                calls(
                    &mut n,
                    &format!("(func() {{ mut v := {value}; v.{name}({args}); return v }})()"),
                );
            }
        }
    }
    assert!(n > 10_000, "{n}");
}

/// Runs a call; [`run_with`] sees to it that nothing is left behind.
fn calls(n: &mut usize, call: &str) {
    *n += 1;
    let program = format!(
        "struct P {{ x }}\nenum E {{ A(v) }}\ntry {{ str({call}) }} except e {{ e.message }}"
    );
    run_with(&program, Capabilities::default(), 100_000);
}

#[test]
fn script_rows_can_be_called_on_all_that_they_say() {
    for entry in registry().entries() {
        if let Call::Script(_) = entry.row.call {
            assert!(
                entry.row.methods.iter().all(|(kinds, _)| !kinds.has(Tag::Struct)),
                "{}",
                entry.name
            );
        }
    }
    assert!(!Kinds::ANY.has(Tag::Struct));
}
