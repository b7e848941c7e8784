//! Every builtin function does the same in interpreter and oracle, whatever it is called with.

use remora_testkit::case::Case;
use remora_testkit::engine::{Engine, Oracle};
use remora_testkit::looped::Loop;

const VALUES: &[&str] = &[
    "null",
    "true",
    "0",
    "-1",
    "3",
    "9223372036854775807",
    "(0 - 9223372036854775807 - 1)",
    "0.5",
    "-0.0",
    "sqrt(-1)",
    "pow(10, 400)",
    "\"\"",
    "\"é,b c\"",
    "\"42\"",
    "\"%5d|%s\"",
    "\"2024-02-29\"",
    "\"[1, {\\\"a\\\": 2.5}]\"",
    "\"a,b\\n1,2\\n\"",
    "\"(\\\\w)\"",
    "[]",
    "[3, 1, 2, 1]",
    "[1, \"a\", null, [2], 0.5]",
    "[\"b\", \"a\"]",
    "[[\"k\", 1]]",
    "{}",
    "{\"k\": [1], 2: 3.5}",
    "[{\"k\": 1, \"l\": \"x\"}]",
    "Set([1, \"x\"])",
    "Queue([1, 2])",
    "Stack([1, \"b\"])",
    "bytes([0, 104, 255])",
    "0..3",
    "range(5, 0, -2)",
    "Ok(1)",
    "Err(\"e\")",
    "Some([1])",
    "None",
    "((x) => x)",
    "((a, b) => a)",
    "P { x: 1, y: \"b\" }",
    "E::A(1)",
    "E::B",
];

/// What ends the program, waits, prints in another way, draws by chance, or asks the world.
const LEFT_OUT: &[&str] = &[
    "exit",
    "sleep",
    "input",
    "read_line",
    "read_input",
    "now",
    "time",
    "now_unix",
    "current_timestamp",
    "now_ms",
    "performance_now",
    "time_us",
    "time_ns",
    "elapsed",
];

/// The world, which the oracle knows another way or not at all.
const WORLD: &[&str] = &["file", "dir", "env", "path_exists", "path_is_", "lines", "args"];

#[test]
fn builtins_do_the_same_in_interpreter_and_oracle() {
    let engine = remora::Engine::new();
    let mut wrong = Vec::new();
    remora_oracle::on_big_stack(|| {
        for (name, entry) in engine.registry().functions() {
            if LEFT_OUT.contains(&name)
                || WORLD.iter().any(|it| name.contains(it) && name != "lines")
            {
                continue;
            }
            let most = entry.signature.max.unwrap_or(2).min(3);
            // Functions of the prelude count to an int, which takes each engine as long as it is allowed.
            let counts = format!("{:?}", entry.row.call).starts_with("Script");
            let mut calls = Vec::new();
            for n_args in entry.signature.min..=most {
                for (turn, value) in VALUES.iter().enumerate() {
                    for place in 0..n_args.max(1) {
                        let other = |at: usize| VALUES[(turn * 7 + at * 13 + 3) % VALUES.len()];
                        let args: Vec<&str> = (0..n_args)
                            .map(|at| if at == place { *value } else { other(at) })
                            .collect();
                        if counts && args.iter().any(|it| it.starts_with("9223")) {
                            continue;
                        }
                        calls.push(format!("{name}({})", args.join(", ")));
                    }
                }
            }
            compare(&calls, &mut wrong);
        }
    });
    assert!(wrong.is_empty(), "{} calls:\n{}", wrong.len(), wrong.join("\n"));
}

/// Runs the calls in one program; where that differs, each alone.
fn compare(calls: &[String], wrong: &mut Vec<String>) {
    if outputs(calls).is_none() {
        return;
    }
    for call in calls {
        if let Some((found, expected)) = outputs(std::slice::from_ref(call)) {
            wrong.push(format!("{call}\n    interpreter: {found}\n    oracle:      {expected}"));
        }
    }
}

/// What both print, if it is not the same.
fn outputs(calls: &[String]) -> Option<(String, String)> {
    let mut source = "struct P { x, y }\nenum E { A(v), B }\n".to_owned();
    for call in calls {
        source.push_str(&format!(
            "try {{ r := {call}\nprint(type(r), r) }} except e {{ print(e.code, e.message) }}\n"
        ));
    }
    let case = Case { name: "builtins".to_owned(), source, ..Case::default() };
    let (found, expected) = (Loop::default().run(&case), Oracle.run(&case));
    let findings = |it: &remora_testkit::outcome::Outcome| -> Vec<String> {
        let errors = it.findings.iter().filter(|it| !remora_testkit::case::is_warning(it.code));
        errors.map(|it| format!("{:?}", it.code)).collect()
    };
    let limit = |it: &[String]| it.iter().any(|it| it.starts_with('L'));
    let (a, b) = (findings(&found), findings(&expected));
    // Limits are reached in other places.
    if (limit(&a) || limit(&b)) && calls.len() == 1 {
        return None;
    }
    (found.out != expected.out || a != b)
        .then(|| (format!("{}{a:?}", found.out), format!("{}{b:?}", expected.out)))
}
