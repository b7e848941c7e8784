//! Programs that are deep, long, or both: they compile within a small native stack and in linear time, or are refused.

use remora_bytecode::Module;
use remora_bytecode::Unverified;
use remora_compiler::{Options, compile};
use remora_syntax::{ParseLimits, parse};

use crate::support::{builtins, main_options, module, verified};

/// The stack that every pass must do with.
const SMALL_STACK: usize = 256 * 1024;

/// Compiles on a small stack; the parser has its own test of that.
fn compile_on_small_stack(text: &str) -> Option<Module<Unverified>> {
    let program = parse(text, &ParseLimits::default()).program;
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(SMALL_STACK);
        let work = || compile(&program, &main_options(), &builtins()).module;
        let running = thread.spawn_scoped(scope, work).expect("the system gives a thread");
        running.join().expect("compiling does not panic")
    })
}

fn nested(open: &str, middle: &str, close: &str, depth: usize) -> String {
    format!("{}{middle}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn the_deepest_programs_compile_on_a_small_stack() {
    let deep = 80;
    let cases = [
        format!("x := 1\ny := {}", nested("-(x + ", "x", ")", deep)),
        format!("y := {}", nested("[", "1", "]", deep * 3)),
        format!("y := {}", nested("{\"k\": ", "1", "}", deep * 3)),
        format!("y := {}", nested("len(", "1", ")", deep * 2)),
        format!("y := {}", nested("\"${", "1", "}\"", deep)),
        format!("x := 1\ny := x{}", ".push(1)".repeat(deep)),
        format!("x := 1\ny := x{}", " + x".repeat(deep * 3)),
        format!("x := 1\nif {} {{ print(1) }}", nested("!(x && ", "x", ")", deep)),
        format!("y := {}", nested("() => ", "1", "", deep)),
        nested("func f() {\n", "return 1\n", "}\n", deep),
        format!("y := {}", nested("if true { ", "1", " } else { 2 }", deep)),
        format!("x := 1\ny := {}", nested("match x { case 1 => ", "2", " default => 3 }", deep)),
        nested("for i in 3 {\n", "print(i)\n", "}\n", 120),
        nested("while true {\n", "break\n", "}\n", 120),
        nested("try {\n", "print(1)\n", "} except e { print(e) } finally { print(2) }\n", 120),
        format!("match 1 {{ case {} {{ print(1) }} }}", nested("[", "x", "]", deep)),
        format!("let {} := 1", nested("[", "x", "]", deep)),
        nested("func f() { x := 1\nreturn func() { x += 1\n", "", "} }\n", 60),
    ];
    for text in cases {
        assert_eq!(parse(&text, &ParseLimits::default()).diagnostics, [], "{text}");
        let Some(module) = compile_on_small_stack(&text) else { panic!("not compiled: {text}") };
        verified(module, "deep");
    }
}

#[test]
fn long_programs_compile_and_verify() {
    let many = 5000;
    let cases = [
        format!("x := [{}]", "1, ".repeat(many)),
        format!("x := {{{}}}", "\"k\": [], ".repeat(many)),
        format!("x := 1\ny := \"{}\"", "${x} ".repeat(many)),
        format!("print({})", "1, ".repeat(many)),
        "if len(1) { print(1) }\n".repeat(many),
        "try { print(1) } except e { print(e) }\n".repeat(many),
        format!("match 1 {{ {} }}", "case [1, x] if x > 2 { print(x) }\n".repeat(many)),
        format!("x := 1\nif x == 0 {{ }} {}", "else if x == 1 { print(1) }\n".repeat(many)),
        (0..many).fold(String::new(), |text, n| format!("{text}v{n} := {n}\n")),
        (0..many).fold(String::new(), |text, n| format!("{text}func f{n}() {{ return f0 }}\n")),
    ];
    for text in cases {
        module(&text);
    }
}

#[test]
fn nested_finally_blocks_are_written_once() {
    let text = nested("try { print(1) } finally {\n", "print(2)\n", "}\n", 100);
    let n_units = |text: &str| module(text).functions[0].code.units().len();
    let half = n_units(&nested("try { print(1) } finally {\n", "print(2)\n", "}\n", 50));
    assert!(n_units(&text) < 3 * half, "code grows with the source");
}

#[test]
fn what_the_instruction_set_cannot_number_is_refused() {
    let mut text = String::from("func f() {\n");
    for n in 0..60_001 {
        text.push_str(&format!("v{n} := {n}\n"));
    }
    text.push_str("}\n");
    let program = parse(&text, &ParseLimits::default()).program;
    let compiled = compile(&program, &Options::default(), &builtins());
    assert!(compiled.module.is_none());
    let codes: Vec<_> = compiled.diagnostics.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes, ["E0114"]);
}
