//! Programs that try to exhaust something.

use remora_diagnostics::Code;
use remora_oracle::{NoHost, Options};
use remora_syntax::{ParseLimits, parse};

use crate::{on_big_stack, run, run_with};

fn code(source: &str) -> Option<Code> {
    run(source).1.err().map(|it| it.code)
}

#[test]
fn endless_loops_use_up_the_fuel() {
    assert_eq!(code("loop { }"), Some(Code::L0001));
    assert_eq!(code("func f() { return f() }\nf()"), Some(Code::L0001));
    assert_eq!(code("try { loop { } } except e { print(e) }"), Some(Code::L0001));
}

#[test]
fn deep_recursion_reaches_the_limit_before_the_native_stack() {
    let source = "func f(n) { return 1 + f(n + 1) }\nf(0)";
    let (_, end) = on_big_stack(|| run_with(source, &mut NoHost, 100_000, u64::MAX));
    assert_eq!(end.unwrap_err().code, Code::L0003);
}

#[test]
fn a_small_native_stack_is_a_limit_too() {
    let source = "func f(n) { return 1 + f(n + 1) }\nf(0)";
    let program = parse(source, &ParseLimits::default()).program;
    let options = Options {
        args: Vec::new(),
        max_frames: usize::MAX,
        max_steps: u64::MAX,
        native_stack: 200 << 10,
        output: &mut |_| (),
        host: &mut NoHost,
        seed: 0,
    };
    assert_eq!(remora_oracle::run(&program, source, options).unwrap_err().code, Code::L0003);
}

#[test]
fn sizes_that_a_script_decides_are_bounded() {
    assert_eq!(code("x := repeat(\"ab\", 9223372036854775807)"), Some(Code::L0002));
    assert_eq!(code("s := \"ab\"\nloop { s += s }"), Some(Code::L0002));
    assert_eq!(code("x := array(0..9223372036854775807)"), Some(Code::L0002));
    assert_eq!(code("x := pad_left(\"\", 9223372036854775807)"), Some(Code::L0002));
    assert_eq!(code("x := fill(9223372036854775807, 0)"), Some(Code::L0002));
}

#[test]
fn values_that_share_their_parts_are_not_walked_for_ever() {
    let source = "x := [1]\nfor i in 60 { x := [x, x] }\nprint(x == [x])\nprint(x == x)";
    assert_eq!(code(source), Some(Code::L0001));
}

#[test]
fn deep_values_of_every_kind_are_dropped() {
    for step in
        ["[x]", "{\"k\": x}", "Ok(x)", "Some(x)", "P { v: x }", "E::A(x)", "() => x", "Queue([x])"]
    {
        let source = format!(
            "struct P {{ v }}\nenum E {{ A(v) }}\nx := null\nfor i in 200000 {{ y := x\n x := wrap(y) }}\nx := null\nprint(\"done\")\nfunc wrap(x) {{ return {step} }}"
        );
        let (out, end) = on_big_stack(|| run_with(&source, &mut NoHost, 1000, u64::MAX));
        assert_eq!((out.as_str(), end.map(|it| it.exit_code)), ("done\n", Ok(0)), "{step}");
    }
}

#[test]
fn programs_that_the_compiler_would_refuse_do_not_panic() {
    for source in [
        "print(nope)",
        "let x := 1\nx := 2",
        "break",
        "func f() { continue }\nf()",
        "print(self)",
        "p := Q { x: 1 }",
        "x := A::B",
        "struct P { x }\nprint(P { y: 1 })",
        "enum E { A(x) }\nprint(E::A)",
        "P := 1\nP { x: 1 }",
        "func* g() { yield 1 }\ng()",
        "import a",
        "f(a: 1, 2)\nfunc f(a) { }",
    ] {
        let parsed = parse(source, &ParseLimits::default());
        let mut out = String::new();
        let options = Options {
            args: Vec::new(),
            max_frames: 10,
            max_steps: 1000,
            native_stack: 1 << 20,
            output: &mut |text| out.push_str(text),
            host: &mut NoHost,
            seed: 0,
        };
        drop(remora_oracle::run(&parsed.program, source, options));
    }
}
