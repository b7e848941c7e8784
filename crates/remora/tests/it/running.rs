//! Modules and VMs as an embedder meets them.

use std::time::Duration;

use remora::{Engine, Settings, Value, Vm};
use remora_bytecode::{ImportKind, ModuleBuilder, Profile};
use remora_diagnostics::{Code, SourceMap};

const fn sends<T: Send>() {}
const fn shares<T: Send + Sync>() {}
const _: () = sends::<Vm>();
const _: () = shares::<remora::Module>();
const _: () = shares::<Engine>();

fn vm(text: &str, settings: Settings) -> Vm {
    let module = Engine::new().compile("test.ruff", text).expect("the program compiles");
    Vm::new(&module, settings)
}

fn fails(text: &str, settings: Settings) -> Code {
    vm(text, settings).run().expect_err("it fails").code()
}

#[test]
fn functions_are_called_with_plain_values() {
    let mut vm = vm("func f(a, b) { return [a, b, {\"k\": a}] }", Settings::default());
    vm.run().unwrap();
    let args = [Value::Int(1), Value::Str("x".to_owned())];
    let dict = Value::Dict(vec![(Value::Str("k".to_owned()), Value::Int(1))]);
    assert_eq!(
        vm.call("f", &args).unwrap(),
        Value::Array(vec![Value::Int(1), Value::Str("x".to_owned()), dict])
    );
    assert_eq!(vm.call("g", &[]).unwrap_err().code(), Code::R0010);
    assert_eq!(vm.call("f", &[]).unwrap_err().code(), Code::R0006);
}

#[test]
fn limits_hold_cannot_be_caught_and_leave_the_vm_usable() {
    let text = "mut n := 0\nfunc spin() { try { loop { n += 1 } } except e { return \"caught\" } }\nfunc ok() { return 7 }";
    let mut vm = vm(text, Settings { fuel: Some(10_000), ..Settings::default() });
    vm.run().unwrap();
    assert_eq!(vm.call("spin", &[]).unwrap_err().code(), Code::L0001);
    assert_eq!(
        vm.call("ok", &[]).unwrap_err().code(),
        Code::L0001,
        "fuel that is used up stays so"
    );

    let memory = Settings { memory: 1 << 20, ..Settings::default() };
    assert_eq!(fails("xs := []\nloop { xs.push(\"text ${len(xs)}\") }", memory), Code::L0002);
    let frames = Settings { frames: 50, ..Settings::default() };
    assert_eq!(fails("func f(n) { return 1 + f(n) }\nf(1)", frames), Code::L0003);
    let time = Settings { timeout: Some(Duration::from_millis(20)), ..Settings::default() };
    assert_eq!(fails("loop { }", time), Code::L0004);
    let output =
        Settings { output_bytes: 10, output: Some(Box::new(|_, _| Ok(()))), ..Settings::default() };
    assert_eq!(fails("loop { print(\"1234\") }", output), Code::L0006);
}

#[test]
fn the_same_program_uses_the_same_fuel() {
    let text = "func f(n) { if n < 2 { return n } return f(n - 1) + f(n - 2) }\nxs := map(range(50), (x) => f(x % 7))\nsort(xs)";
    let used = |_| {
        let mut vm = vm(text, Settings { fuel: Some(1_000_000), ..Settings::default() });
        vm.run().unwrap();
        vm.fuel_used()
    };
    let all: Vec<u64> = (0..3).map(used).collect();
    assert!(all[0] > 500 && all.iter().all(|it| *it == all[0]), "{all:?}");
}

#[test]
fn a_run_is_stopped_from_another_thread() {
    let mut vm = vm("loop { }", Settings::default());
    let interrupt = vm.interrupt();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        interrupt.interrupt();
    });
    assert_eq!(vm.run().unwrap_err().code(), Code::L0007);
    stopper.join().unwrap();
}

#[test]
fn ten_million_tail_calls_take_no_room() {
    let text = "func down(n) { if n == 0 { return \"done\" } return down(n - 1) }\nfunc f() { return down(10000000) }";
    let mut vm = vm(text, Settings { frames: 10, memory: 1 << 20, ..Settings::default() });
    vm.run().unwrap();
    assert_eq!(vm.call("f", &[]).unwrap(), Value::Str("done".to_owned()));
}

#[test]
fn deep_recursion_is_an_error_on_a_small_native_stack() {
    let run = || {
        let settings = Settings { frames: 1_000_000, ..Settings::default() };
        assert_eq!(fails("func f(n) { return 1 + f(n + 1) }\nf(0)", settings), Code::L0003);
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap().join().unwrap();
}

#[test]
fn what_the_host_has_not_is_not_loaded() {
    let mut module = ModuleBuilder::new("stranger", Profile::Full);
    module.import("launch_rockets", ImportKind::Host);
    let module = module.finish().unwrap();
    let rejected =
        Engine::new().accept(module, SourceMap::default().into(), Vec::new()).unwrap_err();
    assert_eq!(rejected.diagnostics[0].code, Code::V0094);
    assert!(rejected.to_string().contains("launch_rockets"), "{rejected}");
}
