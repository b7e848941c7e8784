//! From an empty folder to a function of the host that a script calls.

use remora::{Engine, Settings, Vm};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::builder().function("area", |w: f64, h: f64| w * h).build();
    let module = engine.compile("hello.ruff", "func room(w) { return area(w, 2.5) }")?;
    let mut vm = Vm::new(&module, Settings::default());
    vm.run()?;
    let size: f64 = vm.call_as("room", (4,))?;
    assert!((size - 10.0).abs() < 1e-9);
    Ok(())
}
