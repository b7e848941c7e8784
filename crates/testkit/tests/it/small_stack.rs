//! What aborts other engines in one line of script, on a thread with 256 KiB of stack: an answer or an error with a code.
//!
//! Test builds use more of the native stack than any other, so what fits here fits everywhere.

use std::sync::{Arc, Mutex};

use remora::{Engine, Settings, Vm};
use remora_diagnostics::Code;

const STACK: usize = 256 << 10;

/// What it printed, and the code of the error that ended it.
type End = (String, Option<Code>);

/// From text to the end of the run, all on a small thread. Dropping everything is part of it.
fn run(text: String) -> End {
    let work = move || {
        let module = match Engine::new().compile("small", &text) {
            Ok(module) => module,
            Err(rejected) => return (String::new(), Some(rejected.diagnostics[0].code)),
        };
        let bytes = module.to_bytes(false);
        let module = Engine::new().load("small", &bytes).expect("what was compiled can be loaded");
        let printed = Arc::new(Mutex::new(String::new()));
        let to = Arc::clone(&printed);
        let settings = Settings {
            fuel: Some(20_000_000),
            memory: 256 << 20,
            output: Some(Box::new(move |_, text| {
                to.lock().map_err(|it| it.to_string())?.push_str(text);
                Ok(())
            })),
            seed: Some(0),
            ..Settings::default()
        };
        let code = Vm::new(&module, settings).run().err().map(|error| error.code());
        let printed = printed.lock().expect("nobody else prints").clone();
        (printed, code)
    };
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread");
    thread.join().expect("no panic")
}

#[test]
fn nesting_without_end_is_refused() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{\"a\": ", "}"),
        ("-", ""),
        ("!", ""),
        ("f(", ")"),
        ("Some(", ")"),
        ("if x {", "}"),
        ("x => ", ""),
        ("func() {", "}"),
        ("match x { ", " }"),
        ("\"${", "}\""),
        ("x[", "]"),
        ("1 + ", ""),
        ("x.", ""),
        ("x ?? ", ""),
        ("...", ""),
        ("await ", ""),
    ] {
        for n in [300, 100_000] {
            let text = format!("x := {}1{}", open.repeat(n), close.repeat(n));
            let (out, code) = run(text);
            let refused = code.is_some_and(|it| it.as_str().starts_with('E'));
            assert!(refused && out.is_empty(), "{n} times {open}: {code:?} {out}");
        }
    }
    for text in [
        format!("[{}x{}] := 1", "[".repeat(100_000), "]".repeat(100_000)),
        format!("x := 1{}", ".a".repeat(100_000)),
        format!("x := f{}", "()".repeat(100_000)),
        format!("if a {{ }} {}", "else if a { } ".repeat(100_000)),
    ] {
        let (_, code) = run(text);
        assert!(code.is_some_and(|it| it.as_str().starts_with('E')), "{code:?}");
    }
}

#[test]
fn nesting_up_to_the_limit_runs() {
    for (open, close) in [("(", ")"), ("[", "]"), ("-", ""), ("Some(", ")"), ("1 + ", "")] {
        let text = format!("x := {}1{}\nprint(len(str(x)) > 0)", open.repeat(60), close.repeat(60));
        assert_eq!(run(text), ("true\n".to_owned(), None), "{open}");
    }
}

#[test]
fn deep_values_are_made_copied_compared_printed_and_dropped() {
    for wrap in [
        "[x]",
        "{\"k\": x}",
        "Ok(x)",
        "Err(x)",
        "Some(x)",
        "P { v: x }",
        "E::A(x)",
        "() => x",
        "Queue([x])",
        "Stack([x])",
    ] {
        let text = format!(
            "struct P {{ v }}\nenum E {{ A(v) }}\nfunc wrap(x) {{ return {wrap} }}\n\
             func deep(n) {{\n    mut x := null\n    for i in n {{ x := wrap(x) }}\n    return x\n}}\n\
             mut a := deep(300000)\nmut b := a\nprint(len(str(a)) > 0)\nb := null\n\
             try {{ print(a == deep(300000)) }} except e {{ print(e.code) }}\n\
             try {{ s := Set([a]) }} except e {{ print(\"no key\") }}\n\
             a := null\nprint(\"alive\")\n"
        );
        let (out, code) = run(text);
        let limit = matches!(code, None | Some(Code::L0005 | Code::L0001 | Code::L0002));
        assert!(limit && out.starts_with("true\n"), "{wrap}: {out} {code:?}");
        assert!(code.is_some() || out.ends_with("alive\n"), "{wrap}: {out} {code:?}");
    }
}

#[test]
fn recursion_without_end_is_a_limit() {
    for (text, wanted) in [
        ("func f(n) { return 1 + f(n + 1) }\nf(0)", Code::L0003),
        ("func f(n) { return 1 + g(n) }\nfunc g(n) { return 1 + f(n) }\nf(0)", Code::L0003),
        ("func f(n) { return 1 + [n].map(f)[0] }\nf(0)", Code::L0003),
        (
            "struct P { v\n func m(self) { return 1 + self.m() } }\np := P { v: 1 }\np.m()",
            Code::L0003,
        ),
        ("f := () => 1 + f()\nf()", Code::L0003),
        ("func f() { try { f() } except e { f() } }\nf()", Code::L0003),
        ("func f() { return f() }\nf()", Code::L0001),
        ("func f(n) { return sort_by([2, 1], (a) => 1 + f(n)) }\nf(0)", Code::L0003),
    ] {
        let (_, code) = run(text.to_owned());
        assert_eq!(code, Some(wanted), "{text}");
    }
}

#[test]
fn memory_that_grows_without_end_is_a_limit() {
    for text in [
        "mut s := \"ab\"\nloop { s := s + s }",
        "mut x := [1]\nloop { x := [...x, ...x] }",
        "mut x := [1]\nloop { x := [x, x, x] }",
        "mut d := {}\nfor i in 9000000000 { d[i] := i }",
        "x := array(0..9223372036854775807)",
        "print(repeat(\"x\", 9223372036854775807))",
    ] {
        let (_, code) = run(text.to_owned());
        let limit = matches!(code, Some(Code::L0001 | Code::L0002 | Code::L0009 | Code::R0012));
        assert!(limit, "{text}: {code:?}");
    }
}
