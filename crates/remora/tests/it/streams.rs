//! Modules that are loaded while their bytes come.

use std::sync::{Arc, Mutex};

use remora::{
    Engine, Module, Progress, Rejected, Settings, StreamError, Streamed, Turn, Value, Vm,
};
use remora_bytecode::wire::{self, WriteOptions};
use remora_bytecode::{CodeParts, ModuleData};
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

/// Where a program prints to.
#[derive(Clone, Default)]
struct Printed(Arc<Mutex<String>>);

impl Printed {
    fn settings(&self) -> Settings {
        let to = Arc::clone(&self.0);
        let output = move |_, text: &str| {
            to.lock().map_err(|it| it.to_string())?.push_str(text);
            Ok(())
        };
        Settings { output: Some(Box::new(output)), ..Settings::default() }
    }

    fn text(&self) -> String {
        self.0.lock().expect("nobody else prints").clone()
    }
}

/// What the top level prints.
fn printed(module: &Module) -> String {
    let printed = Printed::default();
    Vm::new(module, printed.settings()).run().expect("it ends well");
    printed.text()
}

/// A program that has only its header, and the bytes that it has not.
fn begun<'a>(bytes: &'a [u8], printed: &Printed) -> (Streamed, &'a [u8]) {
    let mut loading = Engine::new().load_stream("streamed.rmod");
    let mut sent = 0;
    while loading.progress() < Progress::Header {
        loading.feed(&bytes[sent..=sent]).expect("the header is sound");
        sent += 1;
    }
    (loading.begin(printed.settings()).expect("the header is sound"), &bytes[sent..])
}

fn waits(function: &str) -> Turn {
    Turn::Waits { function: function.into() }
}

/// Runs a program on pieces of that size, each handed to it when it waits; gives what it printed and what it waited for.
fn run_in_pieces(text: &str, size: usize) -> (String, Vec<Arc<str>>) {
    let bytes = Engine::new().compile("streamed.ruff", text).expect("it is sound").to_bytes(false);
    let to = Printed::default();
    let (mut program, rest) = begun(&bytes, &to);
    let mut pieces = rest.chunks(size);
    let mut waited = Vec::new();
    while let Turn::Waits { function } = program.run().unwrap_or_else(|it| panic!("{it}: {text}")) {
        if waited.last() != Some(&function) {
            waited.push(function);
        }
        let piece = pieces.next().expect("what is wanted is on its way");
        program.feed(piece).expect("it is sound");
    }
    (to.text(), waited)
}

/// The same output as of the module that is loaded whole, after waiting for these, among others.
fn agrees(text: &str, waits_for: &[&str]) {
    let whole = printed(&Engine::new().compile("streamed.ruff", text).expect("it is sound"));
    assert!(!whole.is_empty());
    for size in [1, 7, 64, 4096] {
        let (out, waited) = run_in_pieces(text, size);
        assert_eq!(out, whole, "by {size}: {text}");
        if size == 1 {
            for name in waits_for {
                assert!(waited.iter().any(|it| **it == **name), "{name} in {waited:?}");
            }
        }
    }
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

#[test]
fn the_first_call_runs_before_the_last_function_has_been_sent() {
    const TEXT: &str = "\
func first() { print(\"first\") }
func last(n) { return n * 100 + 1 }
first()
print(last(7))
";
    let bytes = Engine::new().compile("streamed.ruff", TEXT).expect("it is sound").to_bytes(false);
    let to = Printed::default();
    let (mut program, rest) = begun(&bytes, &to);
    // Its top level has not come; then only `last` has not.
    assert_eq!(program.run().unwrap(), waits("<main>"));
    let mut rest = rest.iter();
    while program.run().unwrap() != waits("last") {
        program.feed(&[*rest.next().expect("`last` is awaited before the end")]).unwrap();
    }
    assert_eq!(to.text(), "first\n");
    assert!(program.progress() == Progress::Beginning && rest.len() > 20);
    // It goes on waiting for as long as nothing comes.
    assert_eq!(program.run().unwrap(), waits("last"));
    assert_eq!(program.feed(rest.as_slice()).unwrap(), Progress::Functions);
    assert_eq!(to.text(), "first\n", "feeding runs nothing");
    assert_eq!(program.run().unwrap(), Turn::Done(Value::Null));
    assert_eq!(to.text(), "first\n701\n");
    program.end().unwrap();
    // Nothing is left to go on with.
    let error = failed(program.run());
    assert_eq!(error.code(), Code::R0026);
}

fn failed(turn: Result<Turn, StreamError>) -> remora::Error {
    match turn {
        Err(StreamError::Failed(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn rejected(turn: Result<Turn, StreamError>) -> Rejected {
    match turn {
        Err(StreamError::Rejected(rejected)) => rejected,
        other => panic!("{other:?}"),
    }
}

#[test]
fn calls_of_every_form_wait() {
    let point = "struct P { x\nfunc get(self, more := 1) { return self.x + more } }\n";
    for call in ["P { x: 1 }.get()", "P { x: 1 }.get(more: 5)", "[P { x: 2 }][0].get(...[7])"] {
        agrees(&format!("{point}print({call})"), &["get"]);
    }
    let point = "struct P { x\nfunc add(mut self, n) { self.x := self.x + n  return self.x } }\n";
    let changes = [
        "mut p := P { x: 1 }\nprint(p.add(4), p)",
        "mut all := [P { x: 1 }, P { x: 2 }]\nprint(all[1].add(4), all)",
        "mut p := P { x: 1 }\np.add(0)\nf := func() { return p.add(4) }\nprint(f(), f(), p)",
    ];
    for change in changes {
        agrees(&format!("{point}{change}"), &["add"]);
    }
    agrees("struct P { x\nfunc make(n) { return P { x: n } } }\nprint(P.make(3))", &["make"]);
    let function = "func all(a, b := 2, ...rest) { return [a, b, rest] }\n";
    for call in ["all(1)", "all(1, 5, 6, 7)", "all(...[1, 2, 3])", "all(b: 3, a: 4)"] {
        agrees(&format!("{function}print({call})"), &["all"]);
        agrees(
            &format!("{function}func through(all) {{ return {call} }}\nprint(through(all))"),
            &[],
        );
    }
    agrees(
        "func outer() { mut n := 0\nf := func(by) { n := n + by  return n }\nf(1)\nprint(f(2), n) }\nouter()",
        &["outer", "<lambda>"],
    );
    agrees("k := 10\nprint([1, 2, 3].map(func(it) { return it * k }))", &["<lambda>"]);
    agrees(
        "func even(n) { if n == 0 { return true }  return odd(n - 1) }
func odd(n) { if n == 0 { return false }  return even(n - 1) }
print(even(10001))",
        &["even", "odd"],
    );
    agrees(
        "func caught() { try { fails() } except e { print(e.message)  return 1 } }
func fails() { throw(\"no\") }
print(caught())",
        &["fails", "caught"],
    );
}

#[test]
fn generators_and_tasks_wait_at_their_first_step() {
    agrees(
        "func* count(to) { for i in range(0, to) { yield twice(i) } }
func twice(n) { a := n  b := n  return a + b }
for it in count(4) { print(it) }
print(collect(count(3)))",
        &["count", "twice"],
    );
    agrees(
        "async func slow(n) { print(\"slow\", n)  await sleep(n)  return inner(n) }
func inner(n) { x := n  y := x * 2  return y + x }
a := slow(2)
b := slow(1)
t := spawn { print(\"spawned\")  inner(5) }
print(await a, await b)
await t
print(\"end\")",
        &["slow", "<spawn>"],
    );
}

#[test]
fn the_host_calls_functions_that_have_not_come() {
    let bytes = bytes();
    let to = Printed::default();
    let (mut program, rest) = begun(&bytes, &to);
    assert_eq!(program.call("later", &[Value::Int(2)]).unwrap(), waits("later"));
    // One thing at a time.
    assert_eq!(failed(program.call("used", &[Value::Int(2)])).code(), Code::R0026);
    let mut rest = rest.iter();
    let result = loop {
        match program.run().unwrap() {
            Turn::Done(value) => break value,
            Turn::Waits { .. } => drop(program.feed(&[*rest.next().unwrap()]).unwrap()),
        }
    };
    assert_eq!(result, Value::Int(201));
    assert_eq!(failed(program.call("nobody", &[])).code(), Code::R0010);
}

#[test]
fn a_stream_that_breaks_while_a_call_waits_ends_the_run() {
    let bytes = bytes();
    let to = Printed::default();
    let (mut program, rest) = begun(&bytes, &to);
    program.feed(&rest[..rest.len() / 8]).unwrap();
    let Turn::Waits { function } = program.run().unwrap() else { panic!("it is not all there") };
    let broken = program.end().unwrap_err();
    assert_eq!(broken.diagnostics[0].code, Code::V0095);
    assert!(broken.to_string().contains("has not come"), "{broken}");
    assert!(broken.to_string().contains(&format!("calls `{function}`")), "{broken}");
    // There is nothing more to be had.
    assert_eq!(rejected(program.run()).to_string(), broken.to_string());
    assert_eq!(rejected(program.call("used", &[])).to_string(), broken.to_string());
    assert_eq!(program.feed(&rest[rest.len() / 8..]).unwrap_err().to_string(), broken.to_string());
    // The run has been given up: what lives is the room for registers and calls, as after any run.
    let empty = Engine::new().compile("empty.ruff", "").expect("it is sound");
    let mut other = Vm::new(&empty, Settings::default());
    other.run().unwrap();
    assert_eq!(program.vm().live_bytes(), other.live_bytes());
}

#[test]
fn a_function_that_breaks_a_rule_when_it_comes_ends_the_run() {
    let module = Engine::new().compile("streamed.ruff", TEXT).expect("it is sound");
    let mut data = ModuleData::clone(module.bytecode());
    let at = data.functions.iter().position(|it| *it.name == *"used").expect("it is there");
    let parts = CodeParts::from((*data.functions[at].code).clone());
    data.functions[at].code = Arc::new(CodeParts { max_stack: 0, ..parts }.into());
    let bytes = wire::write(&data, WriteOptions::default());
    let whole = Engine::new().load("streamed.rmod", &bytes).unwrap_err();
    let to = Printed::default();
    let (mut program, rest) = begun(&bytes, &to);
    let mut waited = Vec::new();
    let refused = rest.iter().find_map(|byte| {
        waited.push(program.run().unwrap());
        program.feed(&[*byte]).err()
    });
    let refused = refused.expect("it is not sound");
    assert_eq!(refused.to_string(), whole.to_string());
    assert!(refused.to_string().contains(&format!("in function {at}")), "{refused}");
    assert_eq!(waited.last(), Some(&waits("used")));
    assert_eq!(rejected(program.run()).to_string(), whole.to_string());
}

#[test]
fn errors_have_places_once_the_debug_information_has_come() {
    let text = "func fails(n) {\n  return n / 0\n}\n";
    let bytes = Engine::new().compile("streamed.ruff", text).expect("it is sound").to_bytes(false);
    let to = Printed::default();
    let (mut program, rest) = begun(&bytes, &to);
    program.feed(rest).unwrap();
    program.end().unwrap();
    let error = failed(program.call("fails", &[Value::Int(1)]));
    assert_eq!(error.calls().collect::<Vec<_>>(), [("fails", 2)]);
}

#[test]
fn a_program_that_waits_keeps_its_limits() {
    // Its frame has no room for what it turns out to need.
    let locals: String = (0..300).map(|it| format!("v{it} := n + {it}\n")).collect();
    let sum: String = (0..300).map(|it| format!("sum := sum + v{it}\n")).collect();
    let text =
        format!("func wide(n) {{\nmut sum := 0\n{locals}{sum}return sum\n}}\nprint(wide(1))");
    agrees(&text, &["wide"]);
    let bytes = Engine::new().compile("streamed.ruff", &text).expect("it is sound").to_bytes(true);
    let to = Printed::default();
    let mut loading = Engine::new().load_stream("streamed.rmod");
    let header = (0..bytes.len())
        .find(|at| loading.feed(&bytes[*at..=*at]).expect("it is sound") == Progress::Header);
    let rest = &bytes[header.expect("there is a header") + 1..];
    let mut program = loading.begin(Settings { memory: 4 << 10, ..to.settings() }).unwrap();
    let mut rest = rest.iter();
    let error = loop {
        match program.run() {
            Ok(Turn::Waits { .. }) => drop(program.feed(&[*rest.next().unwrap()]).unwrap()),
            Ok(Turn::Done(_)) => panic!("it has no room"),
            Err(error) => break error,
        }
    };
    let StreamError::Failed(error) = error else { panic!("{error}") };
    assert_eq!(error.code(), Code::L0002);
}

#[test]
fn damaged_streams_are_refused_or_run() {
    let bytes = bytes();
    let (mut n_refused, mut n_ran) = (0, 0);
    for bit in (0..bytes.len() * 8).step_by(3) {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        match run_damaged(&damaged) {
            Err(StreamError::Rejected(_)) => n_refused += 1,
            Err(StreamError::Failed(_)) | Ok(()) => n_ran += 1,
        }
    }
    assert!(n_refused > 100 && n_ran > 10, "{n_refused} and {n_ran}");
}

fn run_damaged(bytes: &[u8]) -> Result<(), StreamError> {
    let mut pieces = bytes.chunks(9);
    let mut loading = Engine::new().load_stream("damaged.rmod");
    while loading.progress() < Progress::Header
        && let Some(piece) = pieces.next()
    {
        loading.feed(piece)?;
    }
    let settings = Printed::default().settings();
    let mut program =
        loading.begin(Settings { fuel: Some(10_000), memory: 1 << 20, ..settings })?;
    while let Turn::Waits { .. } = program.run()? {
        match pieces.next() {
            Some(piece) => drop(program.feed(piece)?),
            None => program.end()?,
        }
    }
    program.call("later", &[Value::Int(1)])?;
    Ok(())
}
