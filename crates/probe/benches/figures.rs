//! What probes promise in time, measured: `cargo xtask bench --probes`. Fails if a promise is broken. Each figure is the
//! least of many short rounds, because a shared machine has bad moments.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints, reads the clock and may panic"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use remora_probe::{
    Answer, Budget, Compiled, Dispatcher, Fault, Host, Point, Program, Provider, Quota, Registry,
    Request, Run, Settings, Value, Variable, probe,
};

/// A host whose function has one argument.
struct One;

impl Host for One {
    type Object = ();
    type Dispatcher<'h> = Hit;
}

#[derive(Clone, Copy)]
struct Hit(i64);

const NOTHING: Fault = Fault::host("there is nothing");

impl Dispatcher for Hit {
    type Object = ();

    #[inline]
    fn variable(&mut self, variable: &Variable) -> Answer<()> {
        if let Variable::Arg(0) = variable { Ok(Value::Int(self.0)) } else { Err(NOTHING) }
    }
}

/// Least nanoseconds for one turn of `work`, of many short rounds: on a shared machine, some of them are not interrupted.
fn nanoseconds(mut work: impl FnMut()) -> f64 {
    let mut turns = 1_u32;
    loop {
        let start = Instant::now();
        (0..turns).for_each(|_| work());
        if start.elapsed().as_micros() >= 50 || turns >= 1 << 20 {
            break;
        }
        turns *= 2;
    }
    let rounds = (0..3_000).map(|_| {
        let start = Instant::now();
        (0..turns).for_each(|_| work());
        start.elapsed().as_secs_f64() * 1e9 / f64::from(turns)
    });
    rounds.fold(f64::INFINITY, f64::min)
}

const TEXT: &str = "fn:app.f:entry / arg0 > 10 / { capture(arg0) }";

/// A function with a point at which nobody looks.
#[inline(never)]
fn disabled_point(amount: u64) {
    probe!("bench.disabled", amount);
}

/// The instructions of [`disabled_point`], if this machine can say them.
fn disassembly() -> Option<String> {
    let output = std::process::Command::new("objdump")
        .args(["-d", "-C", "--no-show-raw-insn"])
        .arg(std::env::current_exe().ok()?)
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let from = text.find("disabled_point")?;
    let lines = text[from..].lines().skip(1).take_while(|it| !it.is_empty());
    let own: Vec<&str> = lines.filter_map(|it| it.split('\t').nth(1)).collect();
    let end = own.iter().position(|it| it.starts_with("ret"))?;
    Some(own[..=end].iter().map(|it| format!("    {it}\n")).collect())
}

fn main() {
    let budget = Budget::default();
    let program = Program::compile(TEXT, &budget).unwrap();
    let compiled = Compiled::<One>::new(&program).unwrap();
    let bytes = program.to_bytes();
    let mut rows: Vec<(&str, f64, f64)> = Vec::new();

    rows.push((
        "predicate `arg0 > 10`, false",
        nanoseconds(|| {
            let mut run = Run::<One>::new(Hit(black_box(5)), Request::none());
            black_box(compiled.holds(0, &mut run));
        }),
        15.0,
    ));
    rows.push((
        "predicate, true, and `capture(arg0)`",
        nanoseconds(|| {
            let mut run = Run::<One>::new(Hit(black_box(50)), Request::none());
            black_box(compiled.hit(0, &mut run));
            black_box(run.take_records());
        }),
        150.0,
    ));
    let unbound = Quota { hits: u64::MAX, bytes: u64::MAX, time: std::time::Duration::MAX };
    let settings =
        Settings { quota: unbound, quota_of_all: unbound, room: 1_000, ..Settings::default() };
    let registry = Registry::<One>::new(settings);
    let site = registry.add_site(Provider::Fn, "app.f", Point::Entry(0));
    registry.attach(Arc::new(program)).unwrap();
    rows.push((
        "the same through a registry, false",
        nanoseconds(|| registry.hit(&site, Hit(black_box(5)))),
        f64::INFINITY,
    ));
    rows.push((
        "the same through a registry, captured",
        nanoseconds(|| registry.hit(&site, Hit(black_box(50)))),
        f64::INFINITY,
    ));
    drop(registry.drain());
    rows.push((
        "compile a probe from source",
        nanoseconds(|| {
            black_box(Program::compile(black_box(TEXT), &budget).unwrap());
        }),
        30_000.0,
    ));
    rows.push((
        "decode, verify, compile to closures",
        nanoseconds(|| {
            let program = Program::from_bytes(black_box(&bytes), &budget).unwrap();
            black_box(Compiled::<One>::new(&program).unwrap());
        }),
        15_000.0,
    ));
    disabled_point(1);
    rows.push((
        "a point that nobody looks at, called",
        nanoseconds(|| disabled_point(black_box(1))),
        f64::INFINITY,
    ));

    let mut is_kept = true;
    println!("{:<40} {:>12} {:>12}", "", "ns", "promised");
    for (name, time, promised) in rows {
        let is_row_kept = time <= promised;
        let promise = match (promised.is_finite(), is_row_kept) {
            (false, _) => String::new(),
            (true, true) => format!("{promised} kept"),
            (true, false) => format!("{promised} BROKEN"),
        };
        println!("{name:<40} {time:>12.1} {promise:>12}");
        is_kept &= is_row_kept;
    }
    if let Some(code) = disassembly() {
        println!("\na point that nobody looks at:\n{code}");
    }
    assert!(is_kept, "a promise is broken");
}
