//! Modules that are loaded while their bytes come.

use std::sync::{Arc, Mutex};

use remora::{Engine, Module, Progress, Settings, Value, Vm};
use remora_diagnostics::Code;

const TEXT: &str = "\
struct Point { x, func twice(self) { return 2 * self.x } }
func used(n) { return Point { x: n }.twice() + 1 }
print(used(20))
func later(n) { return much_later(n) + 1 }
func much_later(n) { return n * 100 }
";

fn bytes() -> Vec<u8> {
    Engine::new().compile("streamed.ruff", TEXT).expect("it is sound").to_bytes(false)
}

/// What the top level prints.
fn printed(module: &Module) -> String {
    let out = Arc::new(Mutex::new(String::new()));
    let to = Arc::clone(&out);
    let output = move |_, text: &str| {
        to.lock().map_err(|it| it.to_string())?.push_str(text);
        Ok(())
    };
    let settings = Settings { output: Some(Box::new(output)), ..Settings::default() };
    Vm::new(module, settings).run().expect("it ends well");
    out.lock().expect("nobody else prints").clone()
}

#[test]
fn a_module_is_loaded_one_byte_at_a_time() {
    let bytes = bytes();
    let mut loading = Engine::new().load_stream("streamed.rmod");
    let mut seen = vec![Progress::Nothing];
    for (nth, byte) in bytes.iter().enumerate() {
        let progress = loading.feed(&[*byte]).unwrap();
        if seen.last() != Some(&progress) {
            seen.push(progress);
        }
        if progress >= Progress::Header {
            let start = loading.bytes_before_start().expect("there is a start function");
            assert!(progress < Progress::Beginning || start <= nth as u64 + 1);
        }
    }
    let all = [Progress::Nothing, Progress::Header, Progress::Beginning, Progress::Functions];
    assert_eq!(seen, all);
    let module = loading.finish().unwrap();
    assert_eq!(module.to_bytes(false), bytes);
    assert_eq!(printed(&module), "41\n");
    let mut vm = Vm::new(&module, Settings::default());
    assert_eq!(vm.call("later", &[Value::Int(2)]).unwrap(), Value::Int(201));
}

#[test]
fn the_first_call_runs_before_the_last_function_has_been_sent() {
    let bytes = bytes();
    let mut loading = Engine::new().load_stream("streamed.rmod");
    let mut sent = 0;
    while loading.progress() < Progress::Beginning {
        assert_eq!(loading.beginning().unwrap_err().diagnostics[0].code, Code::V0095);
        loading.feed(&bytes[sent..=sent]).unwrap();
        sent += 1;
    }
    assert_eq!(loading.progress(), Progress::Beginning, "functions are on their way");
    let beginning = loading.beginning().unwrap();
    assert_eq!(printed(&beginning), "41\n");
    // What has not come is not there under its name.
    let mut vm = Vm::new(&beginning, Settings { fuel: Some(1000), ..Settings::default() });
    assert_eq!(vm.call("much_later", &[Value::Int(1)]).unwrap_err().code(), Code::R0010);
    assert_eq!(loading.feed(&bytes[sent..]).unwrap(), Progress::Functions);
    assert_eq!(printed(&loading.finish().unwrap()), "41\n");
}

#[test]
fn a_broken_stream_names_what_is_missing() {
    let bytes = bytes();
    for end in [0, 10, bytes.len() / 2, bytes.len() - 1] {
        let mut loading = Engine::new().load_stream("streamed.rmod");
        loading.feed(&bytes[..end]).unwrap();
        let rejected = loading.finish().unwrap_err();
        let note = &rejected.diagnostics[0].notes[0];
        assert_eq!(rejected.diagnostics[0].code, Code::V0095);
        assert!(note.contains("has not come"), "{note}");
    }
    let mut loading = Engine::new().load_stream("streamed.rmod");
    assert_eq!(loading.feed(b"print(1)").unwrap_err().diagnostics[0].code, Code::V0091);
    assert_eq!(loading.finish().unwrap_err().diagnostics[0].code, Code::V0091);
}
