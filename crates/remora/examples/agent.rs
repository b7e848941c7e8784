//! A sandbox for an agent that writes code: it may call the tools that it is given and nothing else, for so long and with so
//! much memory, and is told what it did wrong in words that it can act on.

use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use remora::{Engine, Settings, Vm};

/// What came of a piece of code: what it printed, or what was wrong with it.
fn attempt(engine: &Engine, code: &str) -> Result<String, String> {
    let module = engine.compile_expression("agent.ruff", code).map_err(|it| it.to_string())?;
    let printed: Arc<Mutex<String>> = Arc::default();
    let paper = Arc::clone(&printed);
    let settings = Settings {
        fuel: Some(1_000_000),
        memory: 8 << 20,
        timeout: Some(Duration::from_secs(5)),
        output_bytes: 10_000,
        output: Some(Box::new(move |_, text| {
            paper.lock().map_err(|it| it.to_string())?.push_str(text);
            Ok(())
        })),
        ..Settings::default()
    };
    let mut vm = Vm::new(&module, settings);
    block_on(vm.run_async()).map_err(|it| it.render())?;
    let printed = printed.lock().map_err(|it| it.to_string())?;
    Ok(printed.clone())
}

/// Any executor will do.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return output;
        }
        std::thread::yield_now();
    }
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let engine = Engine::builder()
        .module("tools", |tools| {
            tools
                .async_function("search", |words: String| async move {
                    vec![format!("{words}: 3 results"), "another".to_owned()]
                })
                .async_function("weather", |city: String| async move {
                    match city.as_str() {
                        "Oslo" => Ok(-3),
                        other => Err(format!("no city is called {other}")),
                    }
                })
        })
        .build();
    let good = "tasks := map([\"cats\", \"dogs\"], (it) => spawn { tools.search(it)[0] |> print() })\nawait_all(tasks)";
    assert_eq!(attempt(&engine, good)?, "cats: 3 results\ndogs: 3 results\n");
    let caught = "try { tools.weather(\"Atlantis\") } except e { print(\"sorry:\", e.message) }";
    assert_eq!(attempt(&engine, caught)?, "sorry: no city is called Atlantis\n");

    let wrong = |code: &str| attempt(&engine, code).err().unwrap_or_default();
    assert!(wrong("tools.wether(\"Oslo\")").contains("unknown name `tools.wether`"));
    assert!(wrong("tools.weather(\"Rome\")").contains("no city is called Rome"));
    assert!(wrong("tools.weather(5)").contains("expects a string as argument 1, got int"));
    assert!(wrong("print(read_file(\"/etc/passwd\"))").contains("R0030"));
    assert!(wrong("loop { }").contains("L0001"));
    assert!(wrong("mut s := \"x\"; loop { s += s }").contains("L0002"));
    Ok(())
}
