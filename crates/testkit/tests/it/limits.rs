//! Programs that want to do harm, `bench/limits/`: each ends in an error with a code, and its VM answers the next call.
//!
//! How soon and at what memory is measured by `cargo xtask bench --limits`, in release mode. Here limits are small, since
//! test builds are slow.

use std::time::Duration;

use remora::{Engine, Settings, Value, Vm};

const BOMBS: &str = include_str!("../../../../bench/limits/bombs.ruff");
const LOOPS: &str = include_str!("../../../../bench/limits/loops.ruff");

/// Runs each program of a file and says which do not end with one of the codes, or leave a VM that does not answer.
fn all(text: &'static str, codes: &[&str], settings: impl Fn() -> Settings) -> Vec<String> {
    let programs = text.split("\n=== ").skip(1).filter_map(|it| it.split_once('\n'));
    let mut wrong = Vec::new();
    for (name, program) in programs {
        let text = format!("func still_alive() {{ return 42 }}\n{program}");
        let module = Engine::new().compile(name, &text).expect("a program without mistakes");
        let mut vm = Vm::new(&module, settings());
        let code = vm.run().err().map_or("no error", |it| it.code().as_str());
        // Fuel that is used up stays so; after any other limit the VM goes on.
        let alive =
            code == "L0001" || vm.call("still_alive", &[]).is_ok_and(|it| it == Value::Int(42));
        if !codes.contains(&code) || !alive {
            wrong.push(format!("{name}: {code}, alive: {alive}"));
        }
    }
    wrong
}

fn settings() -> Settings {
    Settings {
        memory: 1 << 20,
        output: Some(Box::new(|_, _| Ok(()))),
        seed: Some(0),
        timeout: Some(Duration::from_secs(120)),
        ..Settings::default()
    }
}

#[test]
fn programs_that_take_memory_are_stopped() {
    // More memory than there is, more frames than there may be, a size that no value has.
    let wrong = all(BOMBS, &["L0002", "L0003", "L0009", "R0012"], settings);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn programs_that_never_end_are_stopped_by_fuel() {
    let wrong = all(LOOPS, &["L0001"], || Settings {
        fuel: Some(300_000),
        memory: 256 << 20,
        ..settings()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn programs_that_never_end_are_stopped_at_the_deadline() {
    let wrong = all(LOOPS, &["L0004"], || Settings {
        timeout: Some(Duration::from_millis(30)),
        memory: 256 << 20,
        ..settings()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
