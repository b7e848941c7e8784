//! Programs in the tier with closures: they stop where the loop stops, go on from there, and are looked at like others.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use remora::{Engine, Module, Session, Settings, Step, Tier, Value, Vm};
use remora_diagnostics::Code;

const TEXT: &str = "
func work(n) {
    mut total := 0
    mut xs := [1, 2, 3]
    mut i := 0
    while i < n {
        for x in xs { total += x * i % 7 }
        if i % 3 == 0 { xs[i % 3] := total } else { total -= 1 }
        if i == 40 { print(\"half\", total) }
        mut j := 0
        loop {
            j += 1
            if j > 3 { break }
            total := (total * 31 + j) % 1000003
        }
        i += 1
    }
    return [total, xs]
}
print(work(80))
";

fn module(tier: Tier, text: &str) -> Module {
    Engine::new().with_tier(tier).compile("a.ruff", text).expect("it is a program")
}

/// What a run printed, how it ended and where, and the fuel that it used.
fn run(tier: Tier, fuel: Option<u64>) -> (String, String, u64) {
    let printed = Arc::new(Mutex::new(String::new()));
    let to = Arc::clone(&printed);
    let write = move |_, text: &str| {
        to.lock().expect("nobody panics").push_str(text);
        Ok(())
    };
    let settings = Settings { fuel, output: Some(Box::new(write)), ..Settings::default() };
    let mut vm = Vm::new(&module(tier, TEXT), settings);
    let end = match vm.run() {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("{} {:?} {error}", error.code(), error.span()),
    };
    let fuel = vm.fuel_used();
    let printed = printed.lock().expect("nobody panics").clone();
    (printed, end, fuel)
}

#[test]
fn loops_have_closures() {
    let shown = module(Tier::Closures, TEXT).registers();
    assert_eq!(shown.matches(" enter ").count(), 3, "{shown}");
    assert!(!module(Tier::Loop, TEXT).registers().contains(" enter "));
}

#[test]
fn fuel_ends_at_the_same_place() {
    let (_, _, all) = run(Tier::Loop, None);
    assert!(all > 500, "{all}");
    for fuel in 0..all + 2 {
        assert_eq!(run(Tier::Closures, Some(fuel)), run(Tier::Loop, Some(fuel)), "{fuel}");
    }
}

#[test]
fn a_run_pauses_in_the_middle_of_a_loop_and_goes_on() {
    let module = module(Tier::Closures, TEXT);
    let mut whole = Vm::new(&module, Settings::default());
    let expected = whole.call("work", (80,)).unwrap();
    let mut vm = Vm::new(&module, Settings::default());
    let mut step = vm.start_with_fuel("work", (80,), 13).unwrap();
    let mut pauses = 0;
    let result = loop {
        match step {
            Step::Done(value) => break value,
            Step::Suspended(waits) => step = waits.resume_with_fuel(13).unwrap(),
        }
        pauses += 1;
    };
    assert_eq!(result, expected);
    assert!(pauses > 30, "{pauses}");
}

#[test]
fn endless_loops_end_with_their_time_or_by_an_interrupt() {
    let module = module(Tier::Closures, "func f() { mut i := 0\n loop { i := (i + 1) % 9 } }");
    let timeout = Some(Duration::from_millis(30));
    let mut vm = Vm::new(&module, Settings { timeout, ..Settings::default() });
    assert_eq!(vm.call("f", &[]).unwrap_err().code(), Code::L0004);
    let mut vm = Vm::new(&module, Settings::default());
    let interrupt = vm.interrupt();
    let waits = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        interrupt.interrupt();
    });
    assert_eq!(vm.call("f", &[]).unwrap_err().code(), Code::L0007);
    waits.join().unwrap();
}

#[test]
fn memory_is_counted_the_same() {
    let text = "func f() { mut xs := []\n mut i := 0\n loop { xs.push(i * 2)\n i += 1 } }";
    let end = |tier| {
        let module = module(tier, text);
        let mut vm = Vm::new(&module, Settings { memory: 1 << 20, ..Settings::default() });
        let error = vm.call("f", &[]).unwrap_err();
        (error.to_string(), error.span(), vm.fuel_used(), vm.peak_bytes())
    };
    assert_eq!(end(Tier::Closures), end(Tier::Loop));
}

#[test]
fn sessions_have_closures_in_each_input() {
    let engine = Engine::new().with_tier(Tier::Closures);
    let mut session = Session::new(&engine, Settings::default()).unwrap();
    session.run("func sum(n) { mut t := 0\n for i in n { t += i }\n return t }").unwrap();
    assert!(session.module().registers().contains(" enter "));
    assert_eq!(session.run("sum(100)").unwrap().as_deref(), Some("4950"));
    session.run("mut t := 0\nfor i in 0..10 { t += sum(i) }").unwrap();
    assert_eq!(session.run("t").unwrap().as_deref(), Some("120"));
}

#[test]
fn vms_of_several_threads_share_closures() {
    let module =
        module(Tier::Closures, "func f(n) { mut t := 0\n for i in n { t += i % 5 }\n return t }");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut vm = Vm::new(&module, Settings::default());
                assert_eq!(vm.call("f", (20_000,)).unwrap(), Value::Int(40_000));
            });
        }
    });
}
