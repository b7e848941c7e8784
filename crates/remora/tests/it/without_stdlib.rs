//! What is behind the feature `stdlib` is not there without it, and what the prelude promises does not need it.

use remora::{Engine, Settings, Vm};

#[test]
fn names_of_builtins_that_reach_outside_are_unknown() {
    let engine = Engine::new();
    for text in [
        "print(read_file(\"a\"))",
        "print(env(\"HOME\"))",
        "print(time())",
        "print(parse_json(\"1\"))",
    ] {
        let errors = engine.compile("a.ruff", text).unwrap_err();
        assert_eq!(errors.diagnostics[0].code.as_str(), "E0101", "{text}");
    }
}

#[test]
fn programs_run_without_them() {
    let module = Engine::new()
        .compile("a.ruff", "func f(xs) { return sort(map(xs, (x) => x * 2), (a, b) => b - a) }")
        .unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    vm.run().unwrap();
    let sorted: Vec<i64> = vm.call_as("f", (vec![1, 3, 2],)).unwrap();
    assert_eq!(sorted, [6, 4, 2]);
}
