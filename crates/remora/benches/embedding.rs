//! What embedders feel, measured: `cargo xtask bench --embedding`.
//!
//! Each time is the median over batches of the time of one operation, in release mode, with fuel, a limit on memory and a
//! limit on calls; bytes are counted at the allocator. Promises on bytes are exact and fail the run when they are broken;
//! those on times fail it, too, so it wants a machine that does nothing else. With the name of a measurement and a number as
//! arguments only that one is done, so many times: for callgrind.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "a report for developers")]

use std::fmt::Write as _;
use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::process::ExitCode;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use allocation_counter::measure;
use remora::{Engine, Function, Module, Settings, Step, Vm};

const PROGRAM: &str = "
    func nothing() {}
    func double(n) { return n * 2 }
    func calls(n) { mut sum := 0; for i in n { sum += add(i, 1) } return sum }
    func turns(n) { mut sum := 0; for i in n { sum += i + 1 } return sum }
    func awaits(n) { mut sum := 0; for i in n { sum += ready(i) } return sum }
    func waits(n) { mut sum := 0; for i in n { sum += once(i) } return sum }
    func asks(n) { mut sum := 0; for i in n { sum += ask(i) } return sum }
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    if let [name, times] = args.as_slice() {
        let times = times.parse().expect("how often");
        let one = MEASUREMENTS.iter().find(|it| it.key == name).expect("a measurement");
        (one.prepare)()(times);
        return ExitCode::SUCCESS;
    }
    let mut kept = true;
    let mut say = |holds: bool| {
        kept &= holds;
        if holds { "kept" } else { "BROKEN" }
    };
    let first = Instant::now();
    black_box(Engine::new());
    println!(
        "{:<44} {:>10.1} us",
        "the first engine of a process",
        first.elapsed().as_secs_f64() * 1e6
    );
    let mut nanoseconds = std::collections::BTreeMap::new();
    for it in MEASUREMENTS {
        let mut work = (it.prepare)();
        let mut took = median_ns(&mut work, it.batch);
        if let Some(less) = it.without {
            took -= nanoseconds.get(less).copied().unwrap_or(0.0);
        }
        nanoseconds.insert(it.key, took);
        let promise = it.most.map_or(String::new(), |most| {
            format!("; at most {} promised: {}", shown(most), say(took <= most))
        });
        println!("{:<44} {:>13}{promise}", it.what, shown(took));
    }
    let new = bytes_of_a_vm(|_| ());
    println!(
        "{:<44} {new:>10} B ; at most 2048 B promised: {}",
        "a new VM on shared code",
        say(new <= 2048)
    );
    let called = bytes_of_a_vm(|vm| drop(vm.call("double", (1,)).expect("it answers")));
    println!("{:<44} {called:>10} B", "a VM that has answered a call");
    let suspended = bytes_of_a_vm(|vm| {
        assert!(matches!(vm.start("asks", (10,)), Ok(Step::Suspended(_))));
    });
    println!("{:<44} {suspended:>10} B", "a VM with a suspended call");
    let made = allocations_of_suspensions();
    println!(
        "{:<44} {made:>10}   ; none promised: {}",
        "allocations of 1,000 suspensions",
        say(made == 0)
    );
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Does something so many times.
type Work = Box<dyn FnMut(u32)>;

struct Measurement {
    key: &'static str,
    what: &'static str,
    /// How often it is done for one reading of the clock.
    batch: u32,
    /// Nanoseconds that are promised.
    most: Option<f64>,
    /// The measurement of what is done beside.
    without: Option<&'static str>,
    prepare: fn() -> Work,
}

const MEASUREMENTS: &[Measurement] = &[
    Measurement {
        key: "engine",
        what: "a further engine, with a host function",
        batch: 20,
        most: Some(100_000.0),
        without: None,
        prepare: || Box::new(|times| (0..times).for_each(|_| drop(black_box(engine())))),
    },
    Measurement {
        key: "vm",
        what: "a new VM on shared code, made and dropped",
        batch: 1_000,
        most: Some(1_000.0),
        without: None,
        prepare: || {
            let module = module();
            Box::new(move |times| (0..times).for_each(|_| drop(black_box(new_vm(&module)))))
        },
    },
    Measurement {
        key: "host-to-script",
        what: "host calls script, by handle",
        batch: 10_000,
        most: Some(60.0),
        without: None,
        prepare: || {
            let mut vm = new_vm(&module());
            let double: Function<(i64,), i64> = vm.function("double").expect("it is there");
            Box::new(move |times| {
                for n in 0..times {
                    black_box(double.call(&mut vm, (n.into(),)).expect("it answers"));
                }
            })
        },
    },
    Measurement {
        key: "host-to-script-by-name",
        what: "host calls script, by name",
        batch: 10_000,
        most: None,
        without: None,
        prepare: || {
            let mut vm = new_vm(&module());
            Box::new(move |times| {
                for n in 0..times {
                    black_box(vm.call_as::<i64>("double", (n,)).expect("it answers"));
                }
            })
        },
    },
    Measurement {
        key: "turn",
        what: "a turn of a loop",
        batch: 10_000,
        most: None,
        without: None,
        prepare: || call("turns"),
    },
    Measurement {
        key: "script-to-host",
        what: "script calls host, beside the loop",
        batch: 10_000,
        most: Some(40.0),
        without: Some("turn"),
        prepare: || call("calls"),
    },
    Measurement {
        key: "ready",
        what: "a ready async host call, beside the loop",
        batch: 10_000,
        most: Some(150.0),
        without: Some("turn"),
        prepare: || call_async("awaits"),
    },
    Measurement {
        key: "suspend",
        what: "a suspension and its end, by hand",
        batch: 10_000,
        most: Some(300.0),
        without: Some("turn"),
        prepare: || {
            let mut vm = new_vm(&module());
            Box::new(move |times| {
                let _ = vm.start("asks", (times,)).expect("it begins");
                resume(&mut vm, times);
            })
        },
    },
    Measurement {
        key: "pending",
        what: "an async host call that is pending once",
        batch: 10_000,
        most: None,
        without: Some("turn"),
        prepare: || call_async("waits"),
    },
    Measurement {
        key: "compile",
        what: "compile 1,000 lines, with verifying and linking",
        batch: 1,
        most: None,
        without: None,
        prepare: || {
            let (engine, text) = (Engine::new(), lines(1_000));
            Box::new(move |times| {
                for _ in 0..times {
                    black_box(engine.compile("lines.ruff", &text).expect("it compiles"));
                }
            })
        },
    },
    Measurement {
        key: "load",
        what: "load and verify 1,000 lines",
        batch: 1,
        most: None,
        without: None,
        prepare: || {
            let engine = Engine::new();
            let module = engine.compile("lines.ruff", &lines(1_000)).expect("it compiles");
            let bytes = module.to_bytes(true);
            Box::new(move |times| {
                for _ in 0..times {
                    black_box(engine.load("lines.rmod", &bytes).expect("it is sound"));
                }
            })
        },
    },
];

/// Waits once.
struct Once(bool);

impl Future for Once {
    type Output = i64;

    fn poll(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<i64> {
        if std::mem::replace(&mut self.0, true) {
            return Poll::Ready(1);
        }
        task.waker().wake_by_ref();
        Poll::Pending
    }
}

fn engine() -> Engine {
    Engine::builder()
        .function("add", |a: i64, b: i64| a + b)
        .async_function("ready", |n: i64| async move { n })
        .async_function("once", |_: i64| Once(false))
        .request("ask", 1)
        .build()
}

fn module() -> Module {
    engine().compile("embedding.ruff", PROGRAM).expect("it compiles")
}

/// A VM with all limits.
fn new_vm(module: &Module) -> Vm {
    Vm::new(module, Settings { fuel: Some(u64::MAX >> 1), memory: 64 << 20, ..Settings::default() })
}

fn call(name: &'static str) -> Work {
    let mut vm = new_vm(&module());
    Box::new(move |times| {
        black_box(vm.call_as::<i64>(name, (times,)).expect("it answers"));
    })
}

fn call_async(name: &'static str) -> Work {
    let mut vm = new_vm(&module());
    Box::new(move |times| {
        let mut call = pin!(vm.call_async_as::<i64>(name, (times,)));
        let mut context = Context::from_waker(Waker::noop());
        while call.as_mut().poll(&mut context).is_pending() {}
    })
}

fn resume(vm: &mut Vm, times: u32) {
    for n in 0..times {
        let waiting = vm.suspended().expect("it waits");
        black_box(waiting.resume(n).expect("it goes on"));
    }
}

/// How often a median is taken, of which the least counts: a shared machine has slow moments of milliseconds to seconds.
const ROUNDS: usize = 60;
/// Of how many batches.
const BATCHES: usize = 9;

/// The median over a few batches of the time of one operation; the least of many such medians.
fn median_ns(work: &mut Work, batch: u32) -> f64 {
    (0..ROUNDS).map(|_| median_of_round(work, batch)).fold(f64::INFINITY, f64::min)
}

fn median_of_round(work: &mut Work, batch: u32) -> f64 {
    work(batch);
    let mut times: Vec<f64> = (0..BATCHES)
        .map(|_| {
            let start = Instant::now();
            work(batch);
            start.elapsed().as_secs_f64() * 1e9 / f64::from(batch)
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn shown(nanoseconds: f64) -> String {
    match nanoseconds {
        it if it < 1e3 => format!("{it:.1} ns"),
        it if it < 1e6 => format!("{:.2} us", it / 1e3),
        it => format!("{:.2} ms", it / 1e6),
    }
}

/// What a VM holds after that, with its own size.
fn bytes_of_a_vm(then: impl FnOnce(&mut Vm)) -> u64 {
    let module = module();
    let mut kept = None;
    let held = measure(|| {
        let mut vm = Vm::new(&module, Settings::default());
        then(&mut vm);
        kept = Some(vm);
    });
    held.bytes_current.unsigned_abs() + size_of::<Vm>() as u64
}

fn allocations_of_suspensions() -> u64 {
    let mut vm = new_vm(&module());
    let _ = vm.start("asks", (2_000,)).expect("it begins");
    resume(&mut vm, 10);
    measure(|| resume(&mut vm, 1_000)).count_total
}

/// A program of functions as people write them.
fn lines(n_lines: usize) -> String {
    let mut text = String::new();
    for n in 0..n_lines / 10 {
        let _ = write!(
            text,
            "# What the customers of day {n} pay.
func pays_{n}(orders, rate) {{
    mut total := 0
    for order in orders {{
        if order[\"paid\"] && order[\"price\"] > {n} {{
            total += order[\"price\"] * rate / 100
        }}
    }}
    return [total, len(orders), (x) => x + total]
}}
"
        );
    }
    text
}
