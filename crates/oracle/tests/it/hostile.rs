//! Programs that try to exhaust something.

use remora_diagnostics::Code;
use remora_oracle::{Host, HostError, NoHost, Options, no_modules};
use remora_syntax::{ParseLimits, parse};

use crate::{on_big_stack, run, run_with};

fn code(source: &str) -> Option<Code> {
    run(source).1.err().map(|it| it.code)
}

#[test]
fn endless_loops_use_up_the_fuel() {
    assert_eq!(code("loop { }"), Some(Code::L0001));
    assert_eq!(code("func f() { return f() }\nf()"), Some(Code::L0001));
    assert_eq!(code("spawn { loop { } }\nprint(1)"), Some(Code::L0001));
    assert_eq!(code("ch := channel()\nspawn { loop { } }\nch.receive()"), Some(Code::L0001));
    assert_eq!(code("func* g() { loop { } }\ng().next()"), Some(Code::L0001));
    assert_eq!(code("func* g() { loop { yield 1 } }\ng().count()"), Some(Code::L0001));
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
        foreign: remora_oracle::Foreign::default(),
        seed: 0,
        check_types: false,
        file: String::new(),
        loader: &mut no_modules,
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
fn generators_tasks_and_channels_inside_each_other_are_dropped() {
    for step in
        ["g(x)", "iter([x])", "iter([1]).chain([x])", "held(x)", "await spawn { return [x] }"]
    {
        let source = format!(
            "func* g(v) {{ yield v }}\nx := null\nfor i in 50000 {{ y := x\n x := wrap(y) }}\nx := null\nprint(\"done\")\nfunc wrap(x) {{ return {step} }}\nfunc held(x) {{ c := channel()\n c.send(x)\n return c }}"
        );
        let (out, end) = on_big_stack(|| run_with(&source, &mut NoHost, 1000, u64::MAX));
        assert_eq!((out.as_str(), end.map(|it| it.exit_code)), ("done\n", Ok(0)), "{step}");
    }
}

#[test]
fn long_chains_of_iterators_reach_a_limit() {
    let source = "it := iter([1])\nfor i in 200000 { it := it.map(x => x) }\nit.next()";
    let (_, end) = on_big_stack(|| run_with(source, &mut NoHost, 1000, u64::MAX));
    assert!(end.is_ok() || end.is_err_and(|it| it.code == Code::L0003));
}

#[test]
fn more_generators_than_there_are_stacks_for_are_a_limit() {
    let source =
        "func* g() { loop { yield 1 } }\nall := []\nloop { x := g()\n x.next()\n all.push(x) }";
    let (_, end) = on_big_stack(|| run_with(source, &mut NoHost, 1000, u64::MAX));
    assert_eq!(end.unwrap_err().code, Code::L0002);
    // Also on the small stack of this thread.
    let program = parse(source, &ParseLimits::default()).program;
    let options = Options {
        args: Vec::new(),
        max_frames: 100,
        max_steps: u64::MAX,
        native_stack: 1 << 20,
        output: &mut |_| (),
        host: &mut NoHost,
        foreign: remora_oracle::Foreign::default(),
        seed: 0,
        check_types: false,
        file: String::new(),
        loader: &mut no_modules,
    };
    assert_eq!(remora_oracle::run(&program, source, options).unwrap_err().code, Code::L0002);
}

#[test]
fn recursion_in_generators_and_tasks_is_a_limit() {
    let source = "func f(n) { return 1 + f(n + 1) }\nfunc* g() { yield f(0) }\ng().next()";
    let (_, end) = on_big_stack(|| run_with(source, &mut NoHost, usize::MAX, u64::MAX));
    assert_eq!(end.unwrap_err().code, Code::L0003);
    let source = "func f(n) { return 1 + f(n + 1) }\nawait spawn { f(0) }";
    let (_, end) = on_big_stack(|| run_with(source, &mut NoHost, usize::MAX, u64::MAX));
    assert_eq!(end.unwrap_err().code, Code::L0003);
    let source = "func* g() { for x in g() { yield x } }\ng().next()";
    let (_, end) = on_big_stack(|| run_with(source, &mut NoHost, 1000, u64::MAX));
    assert_eq!(end.unwrap_err().code, Code::L0003);
}

#[test]
fn a_task_can_cancel_itself_and_others() {
    let source = "mut t := null\nfunc* g() { t.cancel()\n yield 1 }\nt := spawn { g().next()\n print(\"never\") }\nsleep(1)\ntry { await t } except e { print(e.code) }";
    let (out, end) = on_big_stack(|| run_with(source, &mut Patient, 1000, u64::MAX));
    assert_eq!((out.as_str(), end.is_ok()), ("R0029\n", true));
}

/// A host that may sleep, and does it at once.
struct Patient;

impl Host for Patient {
    fn sleep(&mut self, _milliseconds: f64) -> Result<(), HostError> {
        Ok(())
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
        "yield 1",
        "func* g() { f()\nfunc f() { yield 1 } }\ng().next()",
        "import a\nprint(a)\na.x := 1",
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
            foreign: remora_oracle::Foreign::default(),
            seed: 0,
            check_types: false,
            file: String::new(),
            loader: &mut no_modules,
        };
        drop(remora_oracle::run(&parsed.program, source, options));
    }
}
