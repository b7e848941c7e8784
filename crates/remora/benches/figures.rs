//! What is promised of compiling and verifying, measured: `cargo xtask bench --figures`.
//!
//! Each figure is the median of many runs in one process, in release mode, of what one step costs alone: the least of sixty
//! medians, because a shared machine has slow moments that last from a few milliseconds to seconds. A promise that is not kept makes the run fail.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a report for developers")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use remora_bytecode::{Budget, ImportKind, Module, Unverified};
use remora_compiler::{BuiltinNames, Options, compile};
use remora_syntax::{ParseLimits, parse};

/// Text to verified, lowered module, 1,000 lines: at most this long.
const COMPILE_MS: f64 = 1.5;
/// Wordcode that is verified in a second: at least this much.
const VERIFY_MB_PER_S: f64 = 50.0;
/// How often each median is taken.
const ROUNDS: usize = 60;
/// Of how many runs.
const RUNS: usize = 21;
/// How many times as long eight times the code may take to be verified. A quadratic verifier takes 64 times.
const EIGHT_TIMES: f64 = 12.0;

fn main() -> ExitCode {
    let mut kept = true;
    let mut promise = |holds: bool| {
        kept &= holds;
        if holds { "kept" } else { "BROKEN" }
    };

    let text = lines_of_functions(1_000);
    let n_lines = text.lines().count();
    let parsing = median_ms(|| parse(&text, &ParseLimits::default()));
    let program = parse(&text, &ParseLimits::default()).program;
    let generating = median_ms(|| module_of(&program));
    let engine = remora::Engine::new();
    let whole = median_ms(|| engine.compile("lines.ruff", &text).expect("it compiles"));
    println!(
        "compile {n_lines} lines ({} KB) to a verified, lowered module: {whole:.2} ms, of which parsing {parsing:.2} ms and generating {generating:.2} ms; at most {COMPILE_MS} ms promised: {}",
        text.len() / 1_000,
        promise(whole <= COMPILE_MS)
    );

    for (what, source) in [
        ("many functions", lines_of_functions as fn(usize) -> String),
        ("one function", one_function),
    ] {
        let (small, large) = (module(&source(1_000)), module(&source(8_000)));
        let (small_ms, large_ms) = (verifying_ms(&small), verifying_ms(&large));
        let rate = bytes_of_code(&large) / 1_000.0 / large_ms;
        println!(
            "verify {what}: {rate:.0} MB/s; at least {VERIFY_MB_PER_S} MB/s promised: {}",
            promise(rate >= VERIFY_MB_PER_S)
        );
        let growth = (large_ms / bytes_of_code(&large)) / (small_ms / bytes_of_code(&small)) * 8.0;
        println!(
            "verify {what}, eight times the code: {growth:.1} times as long; linear promised: {}",
            promise(growth <= EIGHT_TIMES)
        );
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A program of functions as people write them, twenty lines each.
fn lines_of_functions(n_lines: usize) -> String {
    let mut text = String::new();
    for n in 0..n_lines / 20 {
        let _ = write!(
            text,
            "# Sums up the orders of day {n}.
func order_total_{n}(orders, rate) {{
    mut total := 0
    mut names := []
    for order in orders {{
        let price := order[\"price\"] * order[\"count\"]
        if price > {n} && order[\"paid\"] {{
            total += price * rate / 100
            names.push(order[\"name\"])
        }} else if price < 0 {{
            throw(\"negative price: ${{price}}\")
        }}
    }}
    let label := match total {{
        case 0 => \"nothing\"
        case n if n > 1000 => \"much\"
        default => \"some\"
    }}
    return [label, total, len(names), (x) => x + total]
}}
"
        );
    }
    text
}

/// A program that is one long function, with a variable, a branch and a loop in every five lines.
fn one_function(n_lines: usize) -> String {
    let mut text = String::from("func all(n) {\n    mut total := 0\n");
    for n in 0..n_lines / 5 {
        // Not more variables than a function may have.
        let variable = n % 500;
        if n < 500 {
            let _ = writeln!(text, "    mut x{variable} := n * {n}");
        } else {
            let _ = writeln!(text, "    x{variable} := x{variable} + {n}");
        }
        let _ = write!(
            text,
            "    while x{variable} > {n} {{
        x{variable} -= 1
        if x{variable} == total {{ total += x{variable} }}
    }}
"
        );
    }
    text.push_str("    return total\n}\n");
    text
}

fn module(text: &str) -> Module<Unverified> {
    let parsed = parse(text, &ParseLimits::default());
    assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
    module_of(&parsed.program)
}

fn module_of(program: &remora_syntax::ast::Program) -> Module<Unverified> {
    let builtins = BuiltinNames::new([("len", ImportKind::Host)], ["push"]);
    let compiled = compile(program, &Options::default(), &builtins);
    compiled.module.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics))
}

fn verifying_ms(module: &Module<Unverified>) -> f64 {
    median_ms(|| {
        module.clone().verify(&Budget::default()).expect("the compiler's code is well formed")
    })
}

fn bytes_of_code(module: &Module<Unverified>) -> f64 {
    let units: usize = module.functions.iter().map(|it| it.code.units().len()).sum();
    f64::from(u32::try_from(units * 2).expect("a program of a few thousand lines"))
}

/// The median time of [`RUNS`] runs, after three that warm up; the least of [`ROUNDS`] such medians.
fn median_ms<T>(mut work: impl FnMut() -> T) -> f64 {
    let rounds = (0..ROUNDS).map(|_| median_of_round(&mut work));
    rounds.fold(f64::INFINITY, f64::min)
}

fn median_of_round<T>(work: &mut impl FnMut() -> T) -> f64 {
    for _ in 0..3 {
        black_box(work());
    }
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            let made = work();
            let time = start.elapsed().as_secs_f64() * 1_000.0;
            // Dropping is not part of the step.
            black_box(made);
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
